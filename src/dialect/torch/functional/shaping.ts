/** Functions that change a tensor's axes. */
import { applyReal, type Dim, ONE, product } from '../../../dim/index';
import { isReal, numberOf } from '../../../ops/attributes';
import { BYTES } from '../../../ops/dtypes';
import type { Attribute, DType } from '../../../ops/operator';
import { asSizes, isMissing, type TensorValue, UNKNOWN_SIZE, type Value } from '../../common/values';
import { type Bound, refuse } from '../binder';
import { composed, either, type Line, type Lines, op, taking } from '../line';

const asAttribute = (size: Dim): Attribute => ({ kind: 'size', size });
const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** What is said of a tensor whose rank nothing tells. */
const unranked = ({ host }: Bound, x: TensorValue): TensorValue => host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x], x.dtype);

/** A number of the signature, which is an axis or a count. */
const whole = (bound: Bound, name: string): number | undefined => numberOf(bound.attribute(name));

/** The number with the other sign. */
function opposite(value: Attribute | undefined): Attribute {
  const known = numberOf(value);
  if (known !== undefined) return 0 - known;
  return isReal(value) ? applyReal('neg', value) : null;
}

/** Neighbouring axes as one. */
function flatten(bound: Bound): Value {
  const x = bound.tensor('input');
  const [first, last] = [whole(bound, 'start_dim'), whole(bound, 'end_dim')];
  if (first === 0 && last === -1) return taking(bound)('reshape', [x], { shape: [-1] });
  if (x.shape === null || first === undefined || last === undefined) return unranked(bound, x);
  const rank = x.shape.length;
  if (rank === 0) return taking(bound)('reshape', [x], { shape: [1] });
  const [from, to] = [fromFront(first, rank), fromFront(last, rank)];
  if (from > to && to >= 0 && from < rank) return refused(bound, x, `start_dim ${first} comes after end_dim ${last}`);
  if (from < 0 || to >= rank || from > to) return wrongAxis(bound, x, from < 0 || from >= rank ? first : last);
  const merged = product(x.shape.slice(from, to + 1));
  return taking(bound)('reshape', [x], { shape: [...x.shape.slice(0, from), merged, ...x.shape.slice(to + 1)].map(asAttribute) });
}

/** The call surely fails. */
function refused(bound: Bound, x: TensorValue, reason: string): Value {
  refuse(bound.host, bound.args, 'bad-argument', reason, [x]);
  return bound.host.unknownTensor('the call fails', [x], x.dtype);
}

/** There is no such axis: the operator that says so is asked. */
const wrongAxis = (bound: Bound, x: TensorValue, axis: number): Value => taking(bound)('squeeze', [x], { axes: [axis] });

/** One axis as several. */
function unflatten(bound: Bound): Value {
  const x = bound.tensor('input');
  const axis = whole(bound, 'dim');
  const sizes = bound.attribute('sizes');
  if (x.shape === null || axis === undefined || !Array.isArray(sizes)) return unranked(bound, x);
  const at = fromFront(axis, x.shape.length);
  if (at < 0 || at >= x.shape.length) return wrongAxis(bound, x, axis);
  return taking(bound)('reshape', [x], { shape: [...x.shape.slice(0, at).map(asAttribute), ...sizes, ...x.shape.slice(at + 1).map(asAttribute)] });
}

/** The axes in another order, where the rank is known; `order` swaps and moves them. */
function permuted(bound: Bound, order: (axes: number[], rank: number) => number[] | undefined): Value {
  const x = bound.tensor('input');
  if (x.shape === null) return unranked(bound, x);
  const perm = order([...x.shape.keys()], x.shape.length);
  return perm === undefined ? unranked(bound, x) : taking(bound)('transpose', [x], { perm });
}

function swap(bound: Bound, names: readonly [string, string]): Value {
  const x = bound.tensor('input');
  const [first, second] = names.map((name) => whole(bound, name));
  if (first === undefined || second === undefined) return unranked(bound, x);
  const rank = x.shape?.length ?? 0;
  const wrong = [first, second].find((axis) => x.shape !== null && (axis >= Math.max(1, rank) || axis < -Math.max(1, rank)));
  if (wrong !== undefined) return wrongAxis(bound, x, wrong);
  return permuted(bound, (axes) => {
    const [a, b] = [fromFront(first, rank), fromFront(second, rank)];
    return rank === 0 ? axes : axes.map((axis) => (axis === a ? b : axis === b ? a : axis));
  });
}

const swapping = (first: string, second: string): Line => composed(`input, ${first}: axis as -, ${second}: axis as -`, (bound) => swap(bound, [first, second]));

/** Axes taken out and put in at other places. */
function moved(bound: Bound): Value {
  const [source, destination] = [bound.attribute('source'), bound.attribute('destination')];
  if (!Array.isArray(source) || !Array.isArray(destination) || source.length !== destination.length) return unranked(bound, bound.tensor('input'));
  return permuted(bound, (axes, rank) => {
    const from = source.map((axis) => fromFront(Number(axis), rank));
    const to = destination.map((axis) => fromFront(Number(axis), rank));
    const rest = axes.filter((axis) => !from.includes(axis));
    return axes.map((place) => (to.includes(place) ? (from[to.indexOf(place)] ?? 0) : (rest.shift() ?? 0)));
  });
}

/** The last two axes exchanged, or the first two: `x.mT`, `x.t()`. */
export const lastTwo = (bound: Bound): Value => permuted(bound, (axes) => (axes.length < 2 ? undefined : [...axes.slice(0, -2), ...axes.slice(-2).reverse()]));

const reversed = (bound: Bound): Value => taking(bound)('transpose', bound.operands);

function transposed2(bound: Bound): Value {
  const x = bound.tensor('input');
  if (x.shape === null) bound.host.tellRank(x, 2, 'exactly');
  const rank = x.shape?.length ?? 2;
  if (rank > 2) return refused(bound, x, `2 axes at most are wanted, ${rank} given`);
  return rank < 2 ? x : lastTwo(bound);
}

/** To the shape of another tensor. */
const like =
  (name: 'reshape' | 'broadcastTo', attributes: { readonly view?: boolean } = {}) =>
  (bound: Bound): Value => {
    const [x, other] = [bound.tensor('input'), bound.tensor('other')];
    return other.shape === null ? unranked(bound, other) : taking(bound)(name, [x], { shape: other.shape.map(asAttribute), ...attributes });
  };

/** An axis of size 1 repeated: sizes of -1 stay. */
const EXPAND = op('broadcastTo', 'input, *size: sizes as shape');

/** At least so many axes: new ones stand where torch puts them. */
const atLeast =
  (rank: 1 | 2 | 3) =>
  (bound: Bound): Value => {
    const x = bound.tensor('input');
    if (x.shape === null) return unranked(bound, x);
    if (x.shape.length >= rank) return x;
    const sizes =
      { 0: Array<Dim>(rank).fill(ONE), 1: rank === 2 ? [ONE, ...x.shape] : [ONE, ...x.shape, ONE], 2: [...x.shape, ONE] }[x.shape.length] ?? x.shape;
    return taking(bound)('reshape', [x], { shape: sizes.map(asAttribute) });
  };

/** Elements repeated so often, each beside itself. */
function repeatInterleave(bound: Bound): Value {
  const x = bound.tensor('input');
  const repeats = bound.value('repeats');
  if (repeats.kind !== 'number' && repeats.kind !== 'unknown') return repeatedByTensor(bound, x);
  const axis = bound.attribute('dim');
  return taking(bound)('repeat', [x], { repeats: bound.attribute('repeats'), ...(axis === null ? {} : { axis }) });
}

/** How often each element is repeated, a tensor tells: its axis has a size that the values decide. */
function repeatedByTensor(bound: Bound, x: TensorValue): Value {
  const total = asSizes({ kind: 'list', items: [bound.value('output_size')], tuple: false })?.[0] ?? UNKNOWN_SIZE;
  const axis = whole(bound, 'dim');
  if (x.shape === null || axis === undefined) return bound.host.unknownTensor('how often each element is repeated, a tensor tells', [x], x.dtype);
  const at = fromFront(axis, x.shape.length);
  return bound.host.constant(
    x.shape.map((size, index) => (index === at ? total : size)),
    x.dtype,
    null,
  );
}

const REPEAT_INTERLEAVE: Line = either(
  composed('input, repeats: size, dim: axis as - = None, *, output_size: any = None', repeatInterleave),
  composed('input, repeats: tensor, dim: axis as - = None, *, output_size: any = None', (bound) => repeatedByTensor(bound, bound.tensor('input'))),
);

const FLATTEN = composed('input, start_dim: int as - = 0, end_dim: int as - = -1', flatten);

/** Functions of `torch` that tensors have as methods too. */
export const shaping: Lines = {
  reshape: op('reshape', 'input, *shape: sizes'),
  flatten: FLATTEN,
  ravel: op('reshape', 'input', { shape: [-1] }),
  unflatten: composed('input, dim: int as -, *sizes: sizes as -', unflatten),
  permute: composed('input, *dims: axes as perm', (bound) => {
    const [x, { perm }] = [bound.tensor('input'), bound.attributes];
    if (x.shape === null && Array.isArray(perm)) bound.host.tellRank(x, perm.length, 'exactly');
    return taking(bound)('transpose', [x], bound.attributes);
  }),
  transpose: swapping('dim0', 'dim1'),
  swapaxes: swapping('axis0', 'axis1'),
  swapdims: swapping('dim0', 'dim1'),
  movedim: composed('input, source: axes as -, destination: axes as -', moved),
  moveaxis: composed('input, source: axes as -, destination: axes as -', moved),
  t: composed('input', transposed2),
  adjoint: composed('input: rank 2+', lastTwo),
  squeeze: op('squeeze', 'input, *dim: axes = None'),
  unsqueeze: op('expandDims', 'input, dim: newAxis'),
  broadcast_to: op('broadcastTo', 'input, *size: sizes as shape'),
  tile: op('tile', 'input, *dims: sizes as reps'),
  repeat_interleave: REPEAT_INTERLEAVE,
  roll: composed('input, shifts: extents as -, dims: axes as - = None', rolled),
  flip: op('reverse', 'input, *dims: axes'),
  fliplr: op('reverse', 'input: rank 2+', { axes: [1] }),
  flipud: op('reverse', 'input: rank 1+', { axes: [0] }),
  rot90: composed('input, k: int as - = 1, dims: axes as - = [0, 1]', rot90),
  view_as: composed('input, other', like('reshape', { view: true })),
  reshape_as: composed('input, other', like('reshape')),
  expand_as: composed('input, other', like('broadcastTo')),
  tril: op('bandPart', 'input, diagonal: distance as upper = 0'),
  triu: composed('input, diagonal: distance as - = 0', (bound) =>
    taking(bound)('bandPart', [bound.tensor('input')], { lower: opposite(bound.attribute('diagonal')) }),
  ),
  diag: op('diag', 'input, diagonal: int as offset = 0'),
  diagonal: op('diagonal', 'input, offset: int = 0, dim1: int as first = 0, dim2: int as second = 1'),
  diag_embed: op('diagEmbed', 'input, offset: int = 0, dim1: int as first = -2, dim2: int as second = -1'),
};

/** The same bytes as another type: where an element has more or fewer of them, the last axis has fewer or more elements. */
function asBytes(bound: Bound): Value {
  const x = bound.tensor('input');
  const dtype = bound.attribute('dtype') as DType;
  return BYTES[dtype] === BYTES[x.dtype] ? taking(bound)('cast', [x], { dtype }) : bound.host.unknownTensor('its bytes are read as another type', [x], dtype);
}

/** Methods alone. */
export const shapingMethods: Lines = {
  view: either(op('reshape', 'input, *shape: sizes', { view: true }), composed('input, dtype: dtype', asBytes)),
  expand: EXPAND,
  repeat: composed('input, *repeats: sizes as reps', (bound) => {
    const [x, { reps }] = [bound.tensor('input'), bound.attributes];
    const times = Array.isArray(reps) ? reps.length : 0;
    if (!x.shape && times > 0) bound.host.tellRank(x, times, 'at most');
    if (x.shape && times < x.shape.length) return refused(bound, x, `${times} sizes for ${x.shape.length} axes`);
    return taking(bound)('tile', [x], bound.attributes);
  }),
  // In another memory format it lies some other way.
  contiguous: composed('input, memory_format: any = None', (bound) =>
    taking(bound)('identity', [bound.tensor('input')], { contiguous: isMissing(bound.value('memory_format')) ? true : null }),
  ),
  unfold: op('unfoldAxis', 'input, dimension: axis, size: size, step: size'),
};

/** Functions of `torch` alone. */
export const shapingFunctions: Lines = {
  atleast_1d: composed('input', atLeast(1)),
  atleast_2d: composed('input', atLeast(2)),
  atleast_3d: composed('input', atLeast(3)),
};

/** Attributes of tensors that are other orders of their axes. */
export const TURNED: Lines = {
  T: composed('input', reversed),
  mT: composed('input: rank 2+', lastTwo),
  H: composed('input: rank 2', lastTwo),
  mH: composed('input: rank 2+', lastTwo),
};

function rolled(bound: Bound): Value {
  const axes = bound.attribute('dims');
  return taking(bound)('roll', [bound.tensor('input')], { shifts: bound.attribute('shifts'), ...(axes === null ? {} : { axes }) });
}

/** A quarter turn of two axes is a flip and an exchange. */
function rot90(bound: Bound): Value {
  const x = bound.tensor('input');
  const [k, dims] = [whole(bound, 'k'), bound.attribute('dims')];
  if (x.shape === null || k === undefined || !Array.isArray(dims) || dims.length !== 2) return unranked(bound, x);
  const take = taking(bound);
  const [a, b] = dims.map((axis) => fromFront(Number(axis), x.shape?.length ?? 0)) as [number, number];
  const turns = ((k % 4) + 4) % 4;
  const perm = x.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis));
  if (turns === 0) return take('identity', [x], { copy: true });
  if (turns === 2) return take('reverse', [x], { axes: [a, b] });
  return turns === 1 ? take('transpose', [take('reverse', [x], { axes: [b] })], { perm }) : take('reverse', [take('transpose', [x], { perm })], { axes: [b] });
}
