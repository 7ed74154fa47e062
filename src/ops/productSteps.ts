/** The steps that torch makes of products with more axes: operands are folded to matrices, or to one axis of them (aten/src/ATen/native/LinearAlgebra.cpp and Linear.cpp of pytorch/pytorch). */
import { asConstant, constant, type Dim, NO_FACTS, product } from '../dim/index';
import type { Attributes, Mode, TensorType, TorchStep } from './operator';
import { type Laid, rowByRow, viewed } from './strides';

/** Sizes as an attribute of a step. */
export const sizesAttribute = (shape: readonly Dim[]): Attributes => ({ shape: shape.map((size) => ({ kind: 'size' as const, size })) });

const swapLast = (rank: number): Attributes => ({ perm: [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2] });

/** Steps one after the other, each known by its place. */
export class Steps {
  readonly made: TorchStep[] = [];
  constructor(private readonly operands: number) {}

  add(operator: string, inputs: readonly number[], attributes: Attributes = {}): number {
    this.made.push({ operator, inputs, attributes });
    return this.operands + this.made.length - 1;
  }

  /** The product in the shape of the whole result: to autograd no view of it. */
  finish(product: number, shape: readonly Dim[]): readonly TorchStep[] {
    this.made.push({ operator: 'reshape', inputs: [product], attributes: sizesAttribute(shape), isDetached: true });
    return this.made;
  }
}

const sameSizes = (a: readonly Dim[], b: readonly Dim[]): boolean =>
  a.length === b.length && a.every((size, axis) => asConstant(size) === asConstant(b[axis] ?? constant(-1)));

/** torch.matmul: a matrix product where one operand has no batch, else one of batches that are folded to one axis. */
export function matmulSteps(inputs: readonly TensorType[], at: readonly Laid[], outputs: readonly TensorType[], mode: Mode): readonly TorchStep[] | undefined {
  const [a, b] = inputs;
  const [left, right] = at;
  const [output] = outputs;
  if (!a || !b || !left || !right || !output) return undefined;
  const [ranks0, ranks1] = [a.shape.length, b.shape.length];
  if (ranks0 <= 2 && ranks1 <= 2) return undefined;
  if (ranks0 >= 3 && ranks1 <= 2 && folds(left, mode.wants[1])) return foldedLeft(a, output);
  if (ranks1 >= 3 && ranks0 <= 2 && folds(turned(right), mode.wants[0])) return foldedRight(a, b, output);
  return besideOne([a, b], [left, right], output, mode) ?? batched([a, b], [left, right], output);
}

const withoutBatch = ({ shape, dtype }: TensorType): TensorType => ({ shape: shape.slice(1), dtype });

/** A batch of one beside one of several is a matrix: the other is folded. */
function besideOne(
  [a, b]: readonly [TensorType, TensorType],
  [left, right]: readonly [Laid, Laid],
  output: TensorType,
  mode: Mode,
): readonly TorchStep[] | undefined {
  if (a.shape.length !== 3 || b.shape.length !== 3) return undefined;
  const [one, other] = [left, right].map(({ shape }) => asConstant(shape[0] ?? constant(0)) === 1);
  const steps = new Steps(2);
  if (other && !one && folds(left, mode.wants[1])) return foldedLeft(a, output, steps, [0, steps.add('reshape', [1], sizesAttribute(b.shape.slice(1)))]);
  if (one && !other && folds(turned(right), mode.wants[0]))
    return foldedRight(withoutBatch(a), b, output, steps, [steps.add('reshape', [0], sizesAttribute(a.shape.slice(1))), 1]);
  return undefined;
}

/** Whether the axes before the last are folded: where the other operand wants a gradient, or where it costs nothing. */
const folds = (x: Laid, otherWants: boolean | undefined): boolean =>
  otherWants === true || viewed(x, [product(x.shape.slice(0, -1)), x.shape.at(-1) ?? constant(1)], NO_FACTS).kind === 'view';

/** With its last two axes swapped. */
function turned(x: Laid): Laid {
  const swap = <T>(items: readonly T[]): T[] => [...items.slice(0, -2), ...items.slice(-2).reverse()];
  const strides = x.strides === 'unknown' ? ('unknown' as const) : swap(x.strides === 'contiguous' ? rowByRow(x.shape) : x.strides);
  return { ...x, shape: swap(x.shape), strides };
}

function foldedLeft(a: TensorType, output: TensorType, steps = new Steps(2), [left, right]: readonly [number, number] = [0, 1]): readonly TorchStep[] {
  const folded = steps.add('reshape', [left], sizesAttribute([product(a.shape.slice(0, -1)), a.shape.at(-1) ?? constant(1)]));
  return steps.finish(steps.add('matmul', [folded, right]), output.shape);
}

/** A matrix on the left is turned to the right, and the product is turned back by a copy. */
function foldedRight(
  a: TensorType,
  b: TensorType,
  output: TensorType,
  steps = new Steps(2),
  [left, right]: readonly [number, number] = [0, 1],
): readonly TorchStep[] {
  const lead = b.shape.slice(0, -2);
  const [inner, columns] = [b.shape.at(-2) ?? constant(1), b.shape.at(-1) ?? constant(1)];
  const folded = steps.add('reshape', [steps.add('transpose', [right], swapLast(b.shape.length))], sizesAttribute([product([...lead, columns]), inner]));
  if (a.shape.length === 1) return steps.finish(steps.add('matmul', [folded, left]), output.shape);
  const made = steps.add('matmul', [folded, steps.add('transpose', [left], { perm: [1, 0] })]);
  const wide = steps.add('reshape', [made], sizesAttribute([...lead, columns, a.shape[0] ?? constant(1)]));
  steps.add('identity', [steps.add('transpose', [wide], swapLast(lead.length + 2))], { copy: true, contiguous: true });
  return steps.made;
}

function batched(types: readonly [TensorType, TensorType], at: readonly [Laid, Laid], output: TensorType): readonly TorchStep[] | undefined {
  const isVector = types.map(({ shape }) => shape.length === 1);
  const axes = output.shape.length - (isVector.includes(true) ? 1 : 2);
  const batch = output.shape.slice(0, axes);
  const isPlain = batch.length === 1 && types.every(({ shape }) => shape.length === 3) && sameSizes(at[0].shape.slice(0, 1), at[1].shape.slice(0, 1));
  if (isPlain) return undefined;
  const steps = new Steps(2);
  const [left, right] = types.map(({ shape }, operand) => {
    const matrix = shape.length === 1 ? (operand === 0 ? [constant(1), ...shape] : [...shape, constant(1)]) : shape.slice(-2);
    const shaped = shape.length === 1 ? steps.add('reshape', [operand], sizesAttribute(matrix)) : operand;
    const spread = steps.add('broadcastTo', [shaped], sizesAttribute([...batch, ...matrix]));
    return steps.add('reshape', [spread], sizesAttribute([product(batch), ...matrix]));
  }) as [number, number];
  return steps.finish(steps.add('matmul', [left, right]), output.shape);
}

/** torch.nn.functional.linear on an operand with more axes: it is folded, by a copy where it does not lie row by row. With a bias the result is a view of the product then. */
export function linearSteps(
  [x]: readonly TensorType[],
  [laid]: readonly Laid[],
  attributes: Attributes,
  operands: number,
  [output]: readonly TensorType[],
): readonly TorchStep[] | undefined {
  if (!x || !laid || !output || x.shape.length < 3) return undefined;
  const steps = new Steps(operands);
  const folded = steps.add('reshape', [0], sizesAttribute([product(x.shape.slice(0, -1)), x.shape.at(-1) ?? constant(1)]));
  const others = Array.from({ length: operands - 1 }, (_, index) => index + 1);
  const made = steps.add('linear', [folded, ...others], attributes);
  if (operands < 3 || laid.strides !== 'contiguous') return steps.finish(made, output.shape);
  steps.add('reshape', [made], sizesAttribute(output.shape));
  return steps.made;
}
