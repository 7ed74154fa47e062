/** Python's subscripts: which places they take of each axis, and what is written there. */
import {
  add,
  asConstant,
  atMost,
  ceilDivide,
  compare,
  constant,
  type Dim,
  type Facts,
  isUnknown,
  maximum,
  minimum,
  negate,
  ONE,
  subtract,
  UNKNOWN,
  ZERO,
} from '../dim/index';
import { listOf, numberOf, readNumber, readNumbers } from './attributes';
import { alongAxis, broadcastTo, casted, choose, fromFront, operand, tidied } from './kernels';
import { subscriptLayout } from './layouts';
import type { Attribute, Attributes, Demand, Operator, RuleContext, RuleProblem, ShapeResult, Tensor, TensorType, Tfjs, TorchStep } from './operator';
import { Steps } from './productSteps';
import { failure, mustBeAtMost, mustEqual, result, sizeAt, tensorType } from './rules';
import { wholeSize } from './sizes';
import { sliceAt } from './slicing';
import type { Laid } from './strides';

/** Where a bound lies, counted from the front and kept between `low` and `high`; unknown where its sign is. */
function bound(value: Dim, whole: Dim, low: Dim, high: Dim, { facts }: RuleContext): Dim {
  const fromEnd = atMost(value, constant(-1), facts);
  if (fromEnd === 'unknown') return UNKNOWN;
  const place = fromEnd === 'yes' ? add(whole, value) : value;
  if (fromEnd === 'yes') return atMost(low, place, facts) === 'yes' ? place : maximum(low, place);
  // An axis has one element or more.
  return place.text === ONE.text || atMost(place, high, facts) === 'yes' ? place : minimum(place, high);
}

/** How many elements `begin:end:stride` takes of an axis. */
function stridedLength(whole: Dim, { begin, end, stride }: Entry, context: RuleContext): Dim {
  const { facts } = context;
  const step = wholeSize(stride, 'slice', context).size;
  const backwards = (asConstant(step) ?? 1) < 0;
  if (!backwards && atMost(ONE, step, facts) !== 'yes') return UNKNOWN;
  const [low, high] = backwards ? [constant(-1), subtract(whole, ONE)] : [ZERO, whole];
  const [first, last] = [begin, end].map((value) => (value === null ? undefined : wholeSize(value, 'slice', context).size));
  const place = (value: Dim | undefined, open: Dim) => (value === undefined ? open : bound(value, whole, low, high, context));
  const from = place(first, backwards ? high : low);
  const to = place(last, backwards ? low : high);
  const tail = !backwards && first && last === undefined ? tailLength(first, whole, context) : undefined;
  const span = tail ?? (backwards ? subtract(from, to) : subtract(to, from));
  if (isUnknown(span)) return UNKNOWN;
  const ordered =
    first && last && sameSign(first, last, facts) && atMost(...(backwards ? ([last, first] as const) : ([first, last] as const)), facts) === 'yes';
  const afterFirst = !backwards && from.text === ONE.text && to === high;
  const length = ordered || afterFirst || atMost(ZERO, span, facts) === 'yes' ? span : maximum(ZERO, span);
  return ceilDivide(length, backwards ? negate(step) : step, facts);
}

/** `-n:` takes the last n, or all where there are fewer. */
function tailLength(begin: Dim, whole: Dim, { facts }: RuleContext): Dim | undefined {
  if (atMost(begin, constant(-1), facts) !== 'yes') return undefined;
  const wanted = negate(begin);
  return atMost(wanted, whole, facts) === 'yes' ? wanted : minimum(wanted, whole);
}

/** Whether both bounds count from the same end. */
const sameSign = (a: Dim, b: Dim, facts: Facts): boolean => {
  const [first, second] = [a, b].map((one) => atMost(one, constant(-1), facts));
  return first !== 'unknown' && first === second;
};

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
  readonly stride: Attribute;
}

/** The entries in order; whole axes stand where the ellipsis stood, and behind the last. */
function entriesOf(attributes: Attributes, rank: number): Entry[] {
  const [begins, ends, strides] = [listOf(attributes.begin), listOf(attributes.end), listOf(attributes.strides)];
  const [made, dropped] = [readNumbers(attributes, 'newAxes') ?? [], readNumbers(attributes, 'shrinkAxes') ?? []];
  const given = Math.max(begins.length, ends.length);
  const spare = Math.max(0, rank - given + made.length);
  const ellipsis = readNumber(attributes, 'ellipsis', given);
  const entries: Entry[] = [];
  let axis = 0;
  const fill = () => {
    for (let at = 0; at < spare; at++) entries.push({ kind: 'range', axis: axis++, begin: null, end: null, stride: 1 });
  };
  for (let at = 0; at < given; at++) {
    if (at === ellipsis) fill();
    const kind = made.includes(at) ? 'new' : dropped.includes(at) ? 'index' : 'range';
    entries.push({ kind, axis, begin: begins[at] ?? null, end: ends[at] ?? null, stride: strides[at] ?? 1 });
    if (kind !== 'new') axis++;
  }
  if (ellipsis >= given) fill();
  return entries;
}

/** Strides that no runtime takes: torch goes forward alone. */
function strideProblem(entries: readonly Entry[], { runtime }: RuleContext): RuleProblem | undefined {
  const wrong = entries
    .map(({ stride }) => numberOf(stride))
    .find((stride) => stride !== undefined && (stride === 0 || !Number.isInteger(stride) || (runtime === 'torch' && stride < 0)));
  return wrong === undefined ? undefined : { code: 'argument', args: { operator: 'stridedSlice', reason: `a stride of ${wrong}` } };
}

/** What a subscript takes of a tensor. */
export function stridedShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const entries = entriesOf(attributes, x.shape.length);
  const size = (entry: Entry): Dim => (entry.kind === 'new' ? ONE : stridedLength(sizeAt(x.shape, entry.axis), entry, context));
  const outputs = [tensorType(entries.filter(({ kind }) => kind !== 'index').map(size), x.dtype)];
  const used = entries.filter(({ kind }) => kind !== 'new').length;
  if (used > x.shape.length)
    return failure(outputs, 'rank', { operator: 'stridedSlice', reason: `${used} axes are wanted, ${x.shape.length} given` }, [{ input: 0 }]);
  const problem = strideProblem(entries, context);
  if (problem) return { outputs, problem };
  const dropped = entries.filter(({ kind }) => kind === 'index');
  const demands = dropped.flatMap(({ axis, begin }) => mustContain(wholeSize(begin ?? 0, 'index', context).size, sizeAt(x.shape, axis), axis, context));
  return result(outputs[0]?.shape ?? [], x.dtype, demands);
}

/** The places that a subscript takes of each axis of a tensor of these sizes, and the shape of what it takes. */
export function subscriptPlaces(
  attributes: Attributes,
  shape: readonly number[],
): { readonly places: readonly (readonly number[])[]; readonly shape: number[] } {
  const entries = entriesOf(attributes, shape.length);
  const places = entries.filter(({ kind }) => kind !== 'new').map((entry) => placesOf(entry, shape[entry.axis] as number));
  return { places, shape: entries.flatMap(({ kind, axis }) => (kind === 'index' ? [] : [kind === 'new' ? 1 : (places[axis]?.length ?? 0)])) };
}

/** The places that an entry takes of an axis. */
function placesOf({ kind, begin, end, stride: given }: Entry, whole: number): number[] {
  const stride = numberOf(given) ?? 1;
  const [low, high] = stride < 0 ? [-1, whole - 1] : [0, whole];
  const place = (value: Attribute, open: number) => (value === null ? open : Math.min(high, Math.max(low, fromFront(numberOf(value) ?? 0, whole))));
  const from = place(begin, stride < 0 ? high : low);
  if (kind === 'index') return [from];
  const length = Math.max(0, Math.ceil((place(end, stride < 0 ? low : high) - from) / stride));
  return Array.from({ length }, (_, at) => from + at * stride);
}

/** What a subscript takes of a tensor. */
export function subscripted(tf: Tfjs, x: Tensor, attributes: Attributes): Tensor {
  const { places, shape } = subscriptPlaces(attributes, x.shape);
  const straight = places.map((each) => each.every((place, at) => place === (each[0] ?? 0) + at));
  const begin = places.map((each, axis) => (straight[axis] ? (each[0] ?? 0) : 0));
  const size = places.map((each, axis) => (straight[axis] ? each.length : (x.shape[axis] as number)));
  const sliced = sliceAt(tf, x, begin, size);
  const taken = places.reduce((part, each, axis) => (straight[axis] ? part : tf.gather(part, tf.tensor1d([...each], 'int32'), axis)), sliced);
  return tf.reshape(taken, shape);
}

const isWhole = ({ begin, end, stride }: Entry, size: Dim | undefined): boolean =>
  (numberOf(begin) ?? 0) === 0 && (end === null || numberOf(end) === asConstant(size ?? UNKNOWN)) && numberOf(stride) === 1;

/** Torch takes a subscript range by range: each that leaves something out is a view of its own, and backward makes a gradient of each. */
function rangesApart([x]: readonly TensorType[], [laid]: readonly Laid[], attributes: Attributes): readonly TorchStep[] | undefined {
  const entries = x && laid ? entriesOf(attributes, x.shape.length) : [];
  const cuts = entries.filter((entry) => !isWhole(entry, laid?.shape[entry.axis]));
  if (cuts.length < 2 || entries.some(({ kind }) => kind !== 'range')) return undefined;
  const steps = new Steps(1);
  cuts.reduce((place, { axis, begin, end, stride }) => {
    const before = (value: Attribute) => Array.from({ length: axis }, () => value);
    return steps.add('stridedSlice', [place], { begin: [...before(null), begin], end: [...before(null), end], strides: [...before(1), stride] });
  }, 0);
  return steps.made;
}

const stridedSlice: Operator = {
  name: 'stridedSlice',
  strides: subscriptLayout,
  doc: "Python's subscripts: begin, end and stride of each entry; entries in `newAxes` make an axis, those in `shrinkAxes` drop one, whole axes stand before entry `ellipsis`: js.tensorflow.org/api/latest/#stridedSlice.",
  shape: ([x], attributes, context) =>
    x ? stridedShape(x, attributes, context) : failure([], 'argument', { operator: 'stridedSlice', reason: 'an operand is missing' }),
  storage: { torch: 'view', tfjs: 'copy' },
  putBack: (_, attributes) => ({ operator: 'sliceUpdate', attributes, overBase: true }),
  torchSteps: (inputs, at, attributes) => rangesApart(inputs, at, attributes),
  kernel: tidied((tf, inputs, attributes) => subscripted(tf, operand(inputs, 0), attributes)),
};

// ---- what is written ----

const isOne = (size: Dim, { facts }: RuleContext): boolean => !isUnknown(size) && compare(size, ONE, facts) === 'equal';

/** What must hold for a value to be written to places of that shape; axes that it has more must be of size 1. */
export interface Fit {
  readonly demands: readonly Demand[];
  readonly problem?: RuleProblem;
}

/** Whether a value (operand `input`) can be written to places of that shape. */
export function placing(value: TensorType, target: readonly Dim[], input: number, context: RuleContext): Fit {
  const more = value.shape.length - target.length;
  const spare = value.shape.slice(0, Math.max(0, more));
  if (spare.some((size) => !isUnknown(size) && compare(size, ONE, context.facts) === 'different')) {
    const reason = `${target.length} axes are wanted, ${value.shape.length} given`;
    return { demands: [], problem: { code: 'rank', args: { operator: 'sliceUpdate', reason }, at: [{ input }] } };
  }
  const wanted = (axis: number) => (axis < more ? ONE : sizeAt(target, axis - more));
  const demands = value.shape.flatMap((size, axis) => (isOne(size, context) ? [] : mustEqual(size, wanted(axis), 'broadcast', [{ input, axis }], context)));
  return { demands };
}

/** The value as large as the places that it is written to. */
export const fitted = (tf: Tfjs, value: Tensor, shape: readonly number[]): Tensor =>
  broadcastTo(tf, tf.reshape(value, value.shape.slice(Math.max(0, value.rank - shape.length))), shape);

/** The value along an axis at the places that it is written to; the tensor itself everywhere else. */
function written(tf: Tfjs, x: Tensor, value: Tensor, places: readonly number[], axis: number): Tensor {
  const whole = x.shape[axis] as number;
  const sources = Array<number>(whole).fill(-1);
  for (const [at, place] of places.entries()) sources[place] = at;
  if (sources.every((source, at) => source === at)) return value;
  const clipped = sources.map((source) => Math.max(0, source));
  return alongAxis(tf, value, axis, (folded) => tf.gather(folded, tf.tensor1d(clipped, 'int32'), 1));
}

/** Which places of an axis are written to, beside the other axes; none where all are. */
function writes(tf: Tfjs, rank: number, whole: number, places: readonly number[], axis: number): Tensor | undefined {
  if (places.length === whole) return undefined;
  const flags = Array.from({ length: whole }, (_, place) => places.includes(place));
  return tf.reshape(
    tf.tensor1d(flags, 'bool'),
    Array.from({ length: rank }, (_, at) => (at === axis ? whole : 1)),
  );
}

function updated(tf: Tfjs, x: Tensor, value: Tensor, attributes: Attributes): Tensor {
  const { places, shape } = subscriptPlaces(attributes, x.shape);
  if (places.some((each) => each.length === 0)) return tf.clone(x);
  const sizes = places.map((each) => each.length);
  const given = tf.reshape(fitted(tf, casted(tf, value, x.dtype), shape), sizes);
  const spread = places.reduce((part, each, axis) => written(tf, x, part, each, axis), given);
  const masks = places.flatMap((each, axis) => writes(tf, x.rank, x.shape[axis] as number, each, axis) ?? []);
  return masks.reduce((part, mask) => choose(tf, mask, part, x), tf.clone(spread));
}

const sliceUpdate: Operator = {
  name: 'sliceUpdate',
  strides: 'first',
  gradient: 'placed',
  doc: 'The tensor with a value written where a subscript points: torch `x[…] = value`, with the settings of stridedSlice.',
  shape([x, value], attributes, context) {
    if (!x || !value) return failure(x ? [x] : [], 'argument', { operator: 'sliceUpdate', reason: 'an operand is missing' });
    const taken = stridedShape(x, attributes, context);
    if (taken.problem) return { outputs: [x], problem: taken.problem };
    const { demands, problem } = placing(value, taken.outputs[0]?.shape ?? [], 1, context);
    return problem ? { outputs: [x], problem } : result(x.shape, x.dtype, [...(taken.demands ?? []), ...demands]);
  },
  kernel: tidied((tf, inputs, attributes) => updated(tf, operand(inputs, 0), operand(inputs, 1), attributes)),
};

/** Subscripts without tensors in them. */
export const subscripts = { stridedSlice, sliceUpdate } satisfies Record<string, Operator>;
