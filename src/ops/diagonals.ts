/** Diagonals of two axes, windows along one, and the cross product over one of three. */
import { add, asConstant, constant, type Dim, floorDivide, isUnknown, minimum, ONE, subtract, UNKNOWN } from '../dim/index';
import { isGiven, readNumber } from './attributes';
import { noAxis, readAxis, UNKNOWN_AXIS, withProblem } from './axes';
import { promote } from './dtypes';
import { axesLast, choose, count, elementwise, fromFront, inverse, operand, tidied, transpose } from './kernels';
import { windowed } from './layouts';
import type { Attributes, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { broadcastTypes, failure, mustBeAtMost, mustEqual, result, sizeAt, tensorType, unknownShape, withoutAxes, withSize } from './rules';
import { wholeSize } from './sizes';

/** The two axes, from the front. */
const pairOf = (attributes: Attributes, rank: number, fallback: readonly [number, number]): [number, number] => [
  fromFront(readNumber(attributes, 'first', fallback[0]), rank),
  fromFront(readNumber(attributes, 'second', fallback[1]), rank),
];

/** Why the two axes are none of a tensor's. */
function pairProblem([first, second]: readonly [number, number], rank: number): ReturnType<typeof noAxis> | undefined {
  const wrong = [first, second].find((axis) => axis < 0 || axis >= rank);
  if (wrong !== undefined) return noAxis(wrong, rank);
  return first === second ? { code: 'argument', args: { reason: 'the two axes are one' } } : undefined;
}

/** The diagonal's length, moved by so many places to the right. */
const lengthOf = (rows: Dim, columns: Dim, offset: number): Dim =>
  minimum(add(rows, constant(Math.min(0, offset))), subtract(columns, constant(Math.max(0, offset))));

const diagonal: Operator = {
  name: 'diagonal',
  doc: 'The diagonal of axes `first` and `second`, moved by `offset`, as the last axis: pytorch.org/docs/stable/generated/torch.diagonal.html.',
  shape([x], attributes) {
    if (!x) return failure([], 'argument', { operator: 'diagonal', reason: 'an operand is missing' });
    const pair = pairOf(attributes, x.shape.length, [0, 1]);
    const problem = pairProblem(pair, x.shape.length);
    if (problem) return { outputs: [tensorType(unknownShape(x.shape.length - 1), x.dtype)], problem };
    const length = lengthOf(sizeAt(x.shape, pair[0]), sizeAt(x.shape, pair[1]), readNumber(attributes, 'offset', 0));
    return result([...withoutAxes(x.shape, pair), length], x.dtype);
  },
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const pair = pairOf(attributes, x.rank, [0, 1]);
    const offset = readNumber(attributes, 'offset', 0);
    const moved = transpose(tf, x, axesLast(x.rank, pair));
    const [rows = 0, columns = 0] = moved.shape.slice(-2);
    const length = Math.max(0, Math.min(rows + Math.min(0, offset), columns - Math.max(0, offset)));
    const places = Array.from({ length }, (_, at) => (at + Math.max(0, -offset)) * columns + at + Math.max(0, offset));
    const before = moved.shape.slice(0, -2);
    return tf.reshape(tf.gather(tf.reshape(moved, [count(before), rows * columns]), tf.tensor1d(places, 'int32'), 1), [...before, length]);
  }),
};

const diagEmbed: Operator = {
  name: 'diagEmbed',
  doc: 'Matrices over axes `first` and `second` whose diagonal, moved by `offset`, is the last axis: pytorch.org/docs/stable/generated/torch.diag_embed.html.',
  shape([x], attributes) {
    if (!x) return failure([], 'argument', { operator: 'diagEmbed', reason: 'an operand is missing' });
    const rank = x.shape.length + 1;
    const pair = pairOf(attributes, rank, [-2, -1]);
    const problem = x.shape.length === 0 ? noAxis(-1, 0) : pairProblem(pair, rank);
    if (problem) return { outputs: [tensorType(unknownShape(rank), x.dtype)], problem };
    const size = add(x.shape.at(-1) ?? ONE, constant(Math.abs(readNumber(attributes, 'offset', 0))));
    const before = [...x.shape.slice(0, -1)];
    return result(
      Array.from({ length: rank }, (_, axis) => (pair.includes(axis) ? size : (before.shift() ?? UNKNOWN))),
      x.dtype,
    );
  },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const offset = readNumber(attributes, 'offset', 0);
    const [before, size] = [x.shape.slice(0, -1), x.shape.at(-1) as number];
    const line = tf.range(0, size, 1, 'int32');
    const hit = tf.equal(tf.reshape(line, [1, size, 1]), line);
    const rows = tf.reshape(x, [count(before), size, 1]);
    const square = choose(tf, hit, rows, tf.zerosLike(rows));
    const padded = tf.pad(square, [
      [0, 0],
      [Math.max(0, -offset), Math.max(0, offset)],
      [Math.max(0, offset), Math.max(0, -offset)],
    ]);
    const whole = tf.reshape(padded, [...before, size + Math.abs(offset), size + Math.abs(offset)]);
    return transpose(tf, whole, inverse(axesLast(x.rank + 1, pairOf(attributes, x.rank + 1, [-2, -1]))));
  }),
};

function windowsShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, 0);
  if (axis === undefined) return withProblem([tensorType(unknownShape(x.shape.length + 1), x.dtype)], problem, UNKNOWN_AXIS);
  const [size, step] = [wholeSize(attributes.size, 'window', context), wholeSize(attributes.step, 'window', context)];
  const windows = add(floorDivide(subtract(sizeAt(x.shape, axis), size.size), step.size, context.facts), ONE);
  const output = tensorType([...withSize(x.shape, axis, isUnknown(step.size) ? UNKNOWN : windows), size.size], x.dtype);
  if ((asConstant(step.size) ?? 1) < 1) return failure([output], 'argument', { operator: 'unfoldAxis', reason: `a step of ${step.size.text}` });
  return result(output.shape, x.dtype, [...size.demands, ...step.demands, ...mustBeAtMost(size.size, sizeAt(x.shape, axis), 'window', [{ input: 0, axis }])]);
}

const unfoldAxis: Operator = {
  name: 'unfoldAxis',
  strides: windowed,
  doc: 'Windows of `size` in steps along `axis`; what stands in them is the last axis: pytorch.org/docs/stable/generated/torch.Tensor.unfold.html.',
  reads: 'along',
  shape: ([x], attributes, context) =>
    x ? windowsShape(x, attributes, context) : failure([], 'argument', { operator: 'unfoldAxis', reason: 'an operand is missing' }),
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const axis = fromFront(readNumber(attributes, 'axis', 0), x.rank);
    const [size, step] = [readNumber(attributes, 'size', 1), readNumber(attributes, 'step', 1)];
    const windows = Math.floor(((x.shape[axis] as number) - size) / step) + 1;
    const places = Array.from({ length: windows * size }, (_, at) => Math.floor(at / size) * step + (at % size));
    const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
    const picked = tf.gather(tf.reshape(x, [count(before), x.shape[axis] as number, count(after)]), tf.tensor1d(places, 'int32'), 1);
    const apart = tf.transpose(tf.reshape(picked, [count(before), windows, size, count(after)]), [0, 1, 3, 2]);
    return tf.reshape(apart, [...before, windows, ...after, size]);
  }),
};

/** The axis of size 3: as given, or the first that has it. */
function tripleAxis(attributes: Attributes, x: TensorType): { readonly axis?: number; readonly problem?: ReturnType<typeof noAxis> } {
  if (isGiven(attributes, 'axis')) return readAxis(attributes, 'axis', x.shape.length, -1);
  const axis = x.shape.findIndex((size) => asConstant(size) === 3);
  return axis < 0 ? {} : { axis };
}

/** Turned by so many places along the axis. */
const turned = (tf: Tfjs, x: Tensor, axis: number, by: number): Tensor => tf.gather(x, tf.tensor1d([by % 3, (by + 1) % 3, (by + 2) % 3], 'int32'), axis);

const cross: Operator = {
  name: 'cross',
  autocast: 'widest',
  doc: 'The cross product over `axis`, of size 3: pytorch.org/docs/stable/generated/torch.cross.html.',
  reads: 'product',
  shape(inputs, attributes, context) {
    const [a, b] = inputs;
    if (!a || !b) return failure(a ? [a] : [], 'argument', { operator: 'cross', reason: 'an operand is missing' });
    const merged = broadcastTypes(inputs, context);
    const output = tensorType(merged.shape, promote(inputs, context.runtime));
    if (a.shape.length !== b.shape.length)
      return failure([output], 'rank', { operator: 'cross', reason: `${a.shape.length} axes are wanted, ${b.shape.length} given` }, [{ input: 1 }]);
    const { axis, problem } = tripleAxis(attributes, output);
    if (problem) return { outputs: [output], problem };
    const three = axis === undefined ? [] : [a, b].flatMap((x, input) => mustEqual(sizeAt(x.shape, axis), constant(3), 'target', [{ input, axis }], context));
    return result(output.shape, output.dtype, [...merged.demands, ...three]);
  },
  saved: () => ({ inputs: [0, 1] }),
  kernel: tidied((tf, inputs, attributes) => {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    const shape = a.shape.map((size, axis) => constant(Math.max(size, b.shape[axis] ?? 1)));
    const axis = tripleAxis(attributes, tensorType(shape, 'float32')).axis ?? 0;
    const part = (by: number): Tensor =>
      elementwise(tf, [turned(tf, a, axis, by), turned(tf, b, axis, 3 - by)], (...each) => tf.mul(operand(each, 0), operand(each, 1)));
    return tf.sub(part(1), part(2));
  }),
};

/** Diagonals, windows, and the cross product. */
export const diagonals = { diagonal, diagEmbed, unfoldAxis, cross } satisfies Record<string, Operator>;
