/** The steps that torch makes of an einsum: from the left, two operands at a time, by products of batches or elementwise (aten/src/ATen/native/Linear.cpp of pytorch/pytorch). */
import { asConstant, type Dim, ONE, product } from '../dim/index';
import { readEquation } from './equation';
import type { TensorType, TorchStep } from './operator';
import { Steps, sizesAttribute } from './productSteps';
import type { Laid } from './strides';

/** An operand brought to all labels' axes, the output's first: its place among the steps, and its sizes. */
interface Aligned {
  readonly place: number;
  readonly sizes: readonly Dim[];
}

const isOne = (size: Dim | undefined): boolean => asConstant(size ?? ONE) === 1;

const inOrder = (perm: readonly number[]): boolean => perm.every((axis, at) => axis === at);

class Contraction {
  private readonly steps: Steps;
  private readonly waiting: number[];

  constructor(
    operands: number,
    private readonly labels: readonly string[],
    private readonly kept: number,
  ) {
    this.steps = new Steps(operands);
    this.waiting = labels.map(() => 0);
  }

  /** Its axes in the order of all labels, with size 1 for those that it has not. Sizes of 1 are told by `at`, which has numbers. */
  align(place: number, own: readonly string[], shape: readonly Dim[], at: readonly Dim[]): Aligned {
    const present = this.labels.filter((label) => own.includes(label));
    const perm = present.map((label) => own.indexOf(label));
    const sizes = this.labels.map((label) => {
      const axis = own.indexOf(label);
      return axis < 0 || isOne(at[axis]) ? ONE : (shape[axis] ?? ONE);
    });
    for (const [axis, size] of sizes.entries()) if (!isOne(size)) this.waiting[axis] = (this.waiting[axis] ?? 0) + 1;
    return { place: this.reshape(this.transpose(place, perm), present.length === this.labels.length ? undefined : sizes), sizes };
  }

  private transpose(place: number, perm: readonly number[]): number {
    return inOrder(perm) ? place : this.steps.add('transpose', [place], { perm: [...perm] });
  }

  private reshape(place: number, sizes: readonly Dim[] | undefined): number {
    return sizes ? this.steps.add('reshape', [place], sizesAttribute(sizes)) : place;
  }

  private sum({ place, sizes }: Aligned, axes: readonly number[]): Aligned {
    if (axes.length === 0) return { place, sizes };
    return { place: this.steps.add('sum', [place], { axes: [...axes], keepDims: true }), sizes: sizes.map((size, axis) => (axes.includes(axis) ? ONE : size)) };
  }

  /** Two operands made one: what nothing else waits for is summed over. */
  pair(left: Aligned, right: Aligned): Aligned {
    const [together, inLeft, inRight]: [number[], number[], number[]] = [[], [], []];
    for (let axis = this.kept; axis < this.labels.length; axis++) {
      const [a, b] = [!isOne(left.sizes[axis]), !isOne(right.sizes[axis])];
      if (a && b) this.waiting[axis] = (this.waiting[axis] ?? 0) - 1;
      if ((this.waiting[axis] ?? 0) !== 1) continue;
      if (a && b) together.push(axis);
      else if (a) inLeft.push(axis);
      else if (b) inRight.push(axis);
      else continue;
      this.waiting[axis] = 0;
    }
    return this.multiply(this.sum(left, inLeft), this.sum(right, inRight), together);
  }

  private multiply(left: Aligned, right: Aligned, summed: readonly number[]): Aligned {
    const sizes = left.sizes.map((size, axis) => (summed.includes(axis) ? ONE : isOne(size) ? (right.sizes[axis] ?? ONE) : size));
    if (summed.length === 0) return { place: this.steps.add('mul', [left.place, right.place]), sizes };
    const axes = [...this.labels.keys()].filter((axis) => !summed.includes(axis));
    const [inLeft, inRight] = [left, right].map((each) => (axis: number) => !isOne(each.sizes[axis])) as [(axis: number) => boolean, (axis: number) => boolean];
    const batch = axes.filter((axis) => inLeft(axis) && inRight(axis));
    const own = axes.filter((axis) => inLeft(axis) && !inRight(axis));
    const other = axes.filter((axis) => !inLeft(axis));
    const isSwapped = own.length > 0 && other.length > 0 && (other.at(-1) ?? 0) < (own[0] ?? 0);
    const [first, second, rows, columns] = isSwapped ? [right, left, other, own] : [left, right, own, other];
    const a = this.brought(first, batch, rows, summed, columns);
    const b = this.brought(second, batch, summed, columns, rows);
    const order = [...batch, ...rows, ...summed, ...columns];
    const wide = this.reshape(
      this.steps.add('matmul', [a, b]),
      order.map((axis) => sizes[axis] ?? ONE),
    );
    const back = [...this.labels.keys()].map((axis) => order.indexOf(axis));
    return { place: this.transpose(wide, back), sizes };
  }

  /** As batches of matrices; the axes `away` have size 1. */
  private brought({ place, sizes }: Aligned, batch: readonly number[], rows: readonly number[], columns: readonly number[], away: readonly number[]): number {
    const sizeOf = (axes: readonly number[]): Dim => product(axes.map((axis) => sizes[axis] ?? ONE));
    const moved = this.transpose(place, [...batch, ...rows, ...columns, ...away]);
    return this.reshape(moved, [sizeOf(batch), sizeOf(rows), sizeOf(columns)]);
  }

  finish({ place, sizes }: Aligned): readonly TorchStep[] {
    this.reshape(place, sizes.slice(0, this.kept));
    return this.steps.made;
  }
}

/** torch.einsum of several operands; undefined where one has a label twice, or where there is one operand alone. */
export function einsumSteps(inputs: readonly TensorType[], at: readonly Laid[], text: string): readonly TorchStep[] | undefined {
  const equation = readEquation(
    text,
    inputs.map(({ shape }) => shape.length),
  );
  if (inputs.length < 2 || 'reason' in equation || equation.operands.some((labels) => new Set(labels).size < labels.length)) return undefined;
  const { operands, output } = equation;
  const summed = [...new Set(operands.flat())].filter((label) => !output.includes(label)).sort();
  const contraction = new Contraction(inputs.length, [...output, ...summed], output.length);
  const aligned = inputs.map(({ shape }, operand) => contraction.align(operand, operands[operand] ?? [], shape, at[operand]?.shape ?? shape));
  const [first, ...others] = aligned;
  return first && contraction.finish(others.reduce((made, next) => contraction.pair(made, next), first));
}
