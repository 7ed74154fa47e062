/** Parts of a tensor, and axes read in another order. */
import { add, asConstant, atMost, ceilDivide, constant, type Dim, isUnknown, maximum, minimum, negate, ONE, subtract, UNKNOWN, ZERO } from '../dim/index';
import { isGiven, listOf, numberOf, readNumbers } from './attributes';
import { readAxes } from './axes';
import { alongAxis, count, fromFront, operand, tidied } from './kernels';
import type { Attribute, Attributes, Demand, Operator, RuleContext, RuleProblem, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustBeAtMost, result, sizeAt, tensorType } from './rules';
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

const slice: Operator = {
  name: 'slice',
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

// ---- stridedSlice: begin, end and stride, as Python's subscripts ----

/** Where a bound lies, counted from the front and kept between `low` and `high`; unknown where its sign is. */
function bound(value: Dim, whole: Dim, low: Dim, high: Dim, { facts }: RuleContext): Dim {
  const fromEnd = atMost(value, constant(-1), facts);
  if (fromEnd === 'unknown') return UNKNOWN;
  const place = fromEnd === 'yes' ? add(whole, value) : value;
  if (fromEnd === 'yes') return atMost(low, place, facts) === 'yes' ? place : maximum(low, place);
  return atMost(place, high, facts) === 'yes' ? place : minimum(place, high);
}

/** How many elements `begin:end:stride` takes of an axis. */
function stridedLength(whole: Dim, begin: Attribute, end: Attribute, stride: number, context: RuleContext): Dim {
  const backwards = stride < 0;
  const [low, high] = backwards ? [constant(-1), subtract(whole, ONE)] : [ZERO, whole];
  const place = (value: Attribute, open: Dim) => (value === null ? open : bound(wholeSize(value, 'slice', context).size, whole, low, high, context));
  const from = place(begin, backwards ? high : low);
  const to = place(end, backwards ? low : high);
  const span = backwards ? subtract(from, to) : subtract(to, from);
  if (isUnknown(span)) return UNKNOWN;
  return ceilDivide(atMost(ZERO, span, context.facts) === 'yes' ? span : maximum(ZERO, span), constant(Math.abs(stride)), context.facts);
}

/** What `index` alone demands of the axis that it drops. */
function mustContain(index: Dim, whole: Dim, axis: number, { facts }: RuleContext): Demand[] {
  const fromEnd = atMost(index, constant(-1), facts);
  if (fromEnd === 'unknown') return [];
  return mustBeAtMost(fromEnd === 'yes' ? negate(index) : add(index, ONE), whole, 'index', [{ input: 0, axis }]);
}

/** One entry of a subscript: a new axis, one index, or a range. */
interface Entry {
  readonly kind: 'new' | 'index' | 'range';
  readonly axis: number;
  readonly begin: Attribute;
  readonly end: Attribute;
  readonly stride: number;
}

function entriesOf(attributes: Attributes, rank: number): Entry[] {
  const [begins, ends, strides] = [listOf(attributes.begin), listOf(attributes.end), readNumbers(attributes, 'strides') ?? []];
  const [made, dropped] = [readNumbers(attributes, 'newAxes') ?? [], readNumbers(attributes, 'shrinkAxes') ?? []];
  const entries: Entry[] = [];
  let axis = 0;
  const entry = (at: number): Entry['kind'] => (made.includes(at) ? 'new' : dropped.includes(at) ? 'index' : 'range');
  for (let at = 0; at < Math.max(begins.length, ends.length) || axis < rank; at++) {
    const kind = entry(at);
    entries.push({ kind, axis, begin: begins[at] ?? null, end: ends[at] ?? null, stride: strides[at] ?? 1 });
    if (kind !== 'new') axis++;
  }
  return entries;
}

function stridedShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const entries = entriesOf(attributes, x.shape.length);
  const size = (entry: Entry): Dim => (entry.kind === 'new' ? ONE : stridedLength(sizeAt(x.shape, entry.axis), entry.begin, entry.end, entry.stride, context));
  const outputs = [tensorType(entries.filter(({ kind }) => kind !== 'index').map(size), x.dtype)];
  const used = entries.filter(({ kind }) => kind !== 'new').length;
  if (used > x.shape.length)
    return failure(outputs, 'rank', { operator: 'stridedSlice', reason: `${used} axes are wanted, ${x.shape.length} given` }, [{ input: 0 }]);
  const still = entries.find(({ stride }) => stride === 0 || !Number.isInteger(stride));
  if (still) return failure(outputs, 'argument', { operator: 'stridedSlice', reason: `a stride of ${still.stride}` });
  const dropped = entries.filter(({ kind }) => kind === 'index');
  const demands = dropped.flatMap(({ axis, begin }) => mustContain(wholeSize(begin ?? 0, 'index', context).size, sizeAt(x.shape, axis), axis, context));
  return result(outputs[0]?.shape ?? [], x.dtype, demands);
}

/** The places that an entry takes of an axis. */
function placesOf({ kind, begin, end, stride }: Entry, whole: number): number[] {
  const [low, high] = stride < 0 ? [-1, whole - 1] : [0, whole];
  const place = (value: Attribute, open: number) => (value === null ? open : Math.min(high, Math.max(low, fromFront(numberOf(value) ?? 0, whole))));
  const from = place(begin, stride < 0 ? high : low);
  if (kind === 'index') return [from];
  const length = Math.max(0, Math.ceil((place(end, stride < 0 ? low : high) - from) / stride));
  return Array.from({ length }, (_, at) => from + at * stride);
}

const stridedSlice: Operator = {
  name: 'stridedSlice',
  doc: "Python's subscripts: begin, end and stride of each entry; entries in `newAxes` make an axis, those in `shrinkAxes` drop one: js.tensorflow.org/api/latest/#stridedSlice.",
  shape: ([x], attributes, context) =>
    x ? stridedShape(x, attributes, context) : failure([], 'argument', { operator: 'stridedSlice', reason: 'an operand is missing' }),
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const entries = entriesOf(attributes, x.rank);
    const ranges = entries.filter(({ kind }) => kind !== 'new').map((entry) => ({ ...entry, places: placesOf(entry, x.shape[entry.axis] as number) }));
    const straight = ranges.map(({ stride, places }) => stride === 1 || places.length === 1);
    const begin = ranges.map(({ places }, axis) => (straight[axis] ? (places[0] ?? 0) : 0));
    const sliced = sliceAt(
      tf,
      x,
      begin,
      ranges.map(({ places }, axis) => (straight[axis] ? places.length : (x.shape[axis] as number))),
    );
    const taken = ranges.reduce((part, { places }, axis) => (straight[axis] ? part : tf.gather(part, tf.tensor1d(places, 'int32'), axis)), sliced);
    return tf.reshape(
      taken,
      entries.flatMap(({ kind, axis }) => (kind === 'index' ? [] : [kind === 'new' ? 1 : (taken.shape[axis] as number)])),
    );
  }),
};

// ---- order ----

const reverse: Operator = {
  name: 'reverse',
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
export const slicing = { slice, stridedSlice, reverse, roll } satisfies Record<string, Operator>;
