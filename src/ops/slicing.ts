/** Parts of a tensor, and axes read in another order. */
import { add, asConstant, type Dim, realOf, subtract } from '../dim/index';
import { isGiven, listOf, numberOf, readNumbers, sizeOf } from './attributes';
import { readAxes } from './axes';
import { alongAxis, count, fromFront, operand, tidied } from './kernels';
import { imageLayout, parted } from './layouts';
import type { Attribute, Attributes, Demand, Operator, RuleContext, RuleProblem, Tensor, Tfjs } from './operator';
import { failure, mustBeAtMost, result, tensorType } from './rules';
import { wholeSize } from './sizes';

/** The highest ranks that WebGL's kernels take. */
const LIMIT = { slice: 6, reverse: 4 };

/** `tf.slice` at any rank. */
export function sliceAt(tf: Tfjs, x: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
  if (x.rank <= LIMIT.slice) return tf.slice(x, [...begin], [...size]);
  return size.reduce<Tensor>((part, length, axis) => {
    if (length === part.shape[axis]) return part;
    return alongAxis(tf, part, axis, (folded) => tf.slice(folded, [0, begin[axis] ?? 0, 0], [folded.shape[0] as number, length, folded.shape[2] as number]));
  }, tf.clone(x));
}

// ---- slice: begin and size ----

interface AxisSlice {
  readonly size: Dim;
  readonly demands: readonly Demand[];
}

/** Torch counts a negative begin from the end. */
function sliceAxis(whole: Dim, axis: number, begin: Attribute | undefined, size: Attribute | undefined, context: RuleContext): AxisSlice {
  const start = wholeSize(begin ?? 0, 'slice', context);
  const from = (asConstant(start.size) ?? 0) < 0 ? add(whole, start.size) : start.size;
  const at = [{ input: 0, axis }];
  const toEnd = size === undefined || numberOf(size) === -1;
  if (toEnd) return { size: subtract(whole, from), demands: [...start.demands, ...(from.text === '0' ? [] : mustBeAtMost(from, whole, 'slice', at))] };
  const length = wholeSize(size, 'slice', context);
  return { size: length.size, demands: [...start.demands, ...length.demands, ...mustBeAtMost(add(from, length.size), whole, 'slice', at)] };
}

function sliceProblem(rank: number, begin: readonly Attribute[], size: readonly Attribute[], { runtime }: RuleContext): RuleProblem | undefined {
  if (begin.length > rank || size.length > Math.max(rank, begin.length))
    return { code: 'rank', args: { operator: 'slice', reason: `${Math.max(begin.length, size.length)} axes are wanted, ${rank} given` }, at: [{ input: 0 }] };
  const negative = runtime === 'tfjs' ? begin.map(numberOf).find((item) => item !== undefined && item < 0) : undefined;
  if (negative !== undefined) return { code: 'argument', args: { operator: 'slice', reason: `begin is ${negative}: slice does not count from the end` } };
  const short = size.map(numberOf).find((item) => item !== undefined && item < -1);
  return short === undefined
    ? undefined
    : { code: 'argument', args: { operator: 'slice', reason: `a size of ${short}; only -1 stands for all that are left` } };
}

/** Where a part is written, as a subscript has it. */
function writtenAt(begin: readonly Attribute[], size: readonly Attribute[]): Attributes {
  const end = begin.map((from, axis) => {
    const length = size[axis] ?? -1;
    if (numberOf(length) === -1) return null;
    const past = add(sizeOf(from), sizeOf(length));
    // From the end: up to it there is nothing to count.
    return (numberOf(from) ?? 0) < 0 && asConstant(past) === 0 ? null : realOf(past);
  });
  return { begin, end, strides: begin.map(() => 1), newAxes: [], shrinkAxes: [] };
}

const slice: Operator = {
  name: 'slice',
  strides: parted,
  doc: 'From `begin`, `size` elements of each axis (-1: all that are left): js.tensorflow.org/api/latest/#slice.',
  shape([x], attributes, context) {
    if (!x) return failure([], 'argument', { operator: 'slice', reason: 'an operand is missing' });
    const [begin, size] = [listOf(attributes.begin), listOf(attributes.size)];
    const parts = x.shape.map((whole, axis) => sliceAxis(whole, axis, begin[axis], size[axis], context));
    const problem = sliceProblem(x.shape.length, begin, size, context);
    const output = tensorType(
      parts.map((part) => part.size),
      x.dtype,
    );
    return problem
      ? { outputs: [output], problem }
      : result(
          output.shape,
          x.dtype,
          parts.flatMap(({ demands }) => demands),
        );
  },
  storage: { torch: 'view', tfjs: 'copy' },
  putBack: (_, { begin, size }) => ({ operator: 'sliceUpdate', attributes: writtenAt(listOf(begin), listOf(size)), overBase: true }),
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const [begins, sizes] = [readNumbers(attributes, 'begin') ?? [], readNumbers(attributes, 'size') ?? []];
    const begin = x.shape.map((whole, axis) => fromFront(begins[axis] ?? 0, whole));
    return sliceAt(
      tf,
      x,
      begin,
      x.shape.map((whole, axis) => ((sizes[axis] ?? -1) < 0 ? whole - (begin[axis] ?? 0) : (sizes[axis] as number))),
    );
  }),
};

// ---- order ----

const reverse: Operator = {
  name: 'reverse',
  strides: 'kept',
  doc: 'Backwards along `axes`, or along all: js.tensorflow.org/api/latest/#reverse.',
  reads: 'along',
  shape([x], attributes) {
    if (!x) return failure([], 'argument', { operator: 'reverse', reason: 'an operand is missing' });
    const { problem } = readAxes(attributes, 'axes', x.shape.length);
    return problem ? { outputs: [x], problem } : result(x.shape, x.dtype);
  },
  storage: { torch: 'copy', tfjs: ([x]) => (x?.shape.length === 0 ? 'view' : 'copy') },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const axes = [...(readAxes(attributes, 'axes', x.rank).axes ?? [])];
    if (x.rank <= LIMIT.reverse) return tf.reverse(x, axes);
    return axes.reduce((turned, axis) => alongAxis(tf, turned, axis, (folded) => tf.reverse(folded, 1)), tf.clone(x));
  }),
};

/** The last `shift` places come first. */
function rollAxis(tf: Tfjs, x: Tensor, axis: number, shift: number): Tensor {
  return alongAxis(tf, x, axis, (folded) => {
    const [before = 1, size = 1, after = 1] = folded.shape;
    const cut = size - (((shift % size) + size) % size);
    if (cut === size) return tf.slice(folded, [0, 0, 0], [before, size, after]);
    return tf.concat([tf.slice(folded, [0, cut, 0], [before, size - cut, after]), tf.slice(folded, [0, 0, 0], [before, cut, after])], 1);
  });
}

const roll: Operator = {
  name: 'roll',
  strides: imageLayout,
  doc: 'Moved along `axes` by `shifts`, what leaves one end entering the other: pytorch.org/docs/stable/generated/torch.roll.html.',
  shape([x], attributes) {
    if (!x) return failure([], 'argument', { operator: 'roll', reason: 'an operand is missing' });
    if (!isGiven(attributes, 'axes')) return result(x.shape, x.dtype);
    const [shifts, axes] = [listOf(attributes.shifts), listOf(attributes.axes)];
    const { problem } = readAxes(attributes, 'axes', x.shape.length);
    if (problem) return { outputs: [x], problem };
    return shifts.length === axes.length
      ? result(x.shape, x.dtype)
      : failure([x], 'argument', { operator: 'roll', reason: `${shifts.length} shifts for ${axes.length} axes` });
  },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const [shifts, axes] = [readNumbers(attributes, 'shifts') ?? [], readNumbers(attributes, 'axes')];
    if (!axes) return tf.reshape(rollAxis(tf, tf.reshape(x, [count(x.shape)]), 0, shifts[0] ?? 0), x.shape);
    return axes.reduce((moved, axis, at) => rollAxis(tf, moved, axis, shifts[at] ?? 0), tf.clone(x));
  }),
};

/** Parts and order. */
export const slicing = { slice, reverse, roll } satisfies Record<string, Operator>;
