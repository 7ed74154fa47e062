/** Tensors joined, and taken apart. */
import {
  add,
  applyReal,
  asConstant,
  ceilDivide,
  constant,
  type Dim,
  divides,
  format,
  isName,
  isUnknown,
  modulo,
  multiply,
  realOf,
  same,
  subtract,
  sum,
  UNKNOWN,
} from '../../../dim/index';
import { numberOf, sizeOf } from '../../../ops/attributes';
import type { Attribute } from '../../../ops/operator';
import { list, steps, type TensorValue, unknown, type Value } from '../../common/values';
import { type Bound, rankWith, repeats } from '../binder';
import { composed, type Line, type Lines, taking } from '../line';

const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
const asAttribute = (size: Dim): Attribute => ({ kind: 'size', size });
const NOTHING = 'there is no tensor in the list';

/** All tensors of a concatenation have the same rank: one that is known tells the others'. A stack's own axis is none of theirs. */
function tellTogether({ host, operands }: Bound, name: 'concat' | 'stack', axis: number): void {
  const ranks = operands.flatMap((operand) => (operand.shape === null ? [] : [operand.shape.length]));
  for (const operand of operands) {
    if (operand.shape !== null) continue;
    if (ranks[0] !== undefined) host.tellRank(operand, ranks[0], 'exactly');
    else host.tellRank(operand, Math.max(0, rankWith(axis) - (name === 'stack' ? 1 : 0)), 'at least');
  }
}

/** So many alike, one after the other or on a new axis: the sizes of a tiled tensor. */
function joinRepeated(bound: Bound, name: 'concat' | 'stack', axis: number, times: Dim): Value {
  const [item] = bound.operands;
  if (item?.shape === null && name === 'concat') return asManyAxes(bound, item);
  if (item === undefined || item.shape === null) return bound.host.unknownTensor(item?.reason ?? NOTHING, bound.operands);
  const one = name === 'stack' ? taking(bound)('expandDims', [item], { axis }) : item;
  const rank = one.shape?.length ?? 0;
  return taking(bound)('tile', [one], { reps: Array.from({ length: rank }, (_, index) => (index === fromFront(axis, rank) ? asAttribute(times) : 1)) });
}

/** torch leaves out empty tensors of one axis. */
const isNothing = (x: TensorValue): boolean => x.shape?.length === 1 && x.shape[0] !== undefined && asConstant(x.shape[0]) === 0;

function together(bound: Bound, name: 'concat' | 'stack', axis: number): Value {
  const times = repeats(bound.value('tensors'));
  const operands = name === 'concat' && bound.operands.some((x) => (x.shape?.length ?? 1) !== 1) ? bound.operands.filter((x) => !isNothing(x)) : bound.operands;
  tellTogether({ ...bound, operands }, name, axis);
  if (times !== undefined) return joinRepeated(bound, name, axis, times);
  if (operands.length === 0) return bound.host.unknownTensor(NOTHING);
  return taking(bound)(name, operands, { axis });
}

const joining = (name: 'concat' | 'stack'): Line =>
  composed('tensors: tensors, dim: int = 0', (bound) => together(bound, name, numberOf(bound.attribute('dim')) ?? 0));

/** Tensors of few axes get more before they are joined: vstack, hstack, dstack. */
const stacked = (least: 'atleast_1d' | 'atleast_2d' | 'atleast_3d', axisOf: (rank: number) => number): Line =>
  composed('tensors: tensors', (bound) => {
    const rank = { atleast_1d: 1, atleast_2d: 2, atleast_3d: 3 }[least];
    if (bound.operands.some(({ shape }) => shape === null)) return bound.host.unknownTensor('the rank of an operand is not known', bound.operands);
    const operands = bound.operands.map((x) => widened(bound, x, rank));
    return operands.length === 0 ? bound.host.unknownTensor(NOTHING) : taking(bound)('concat', operands, { axis: axisOf(operands[0]?.shape?.length ?? 1) });
  });

function widened(bound: Bound, x: TensorValue, rank: number): TensorValue {
  const shape = x.shape ?? [];
  if (shape.length >= rank) return x;
  const one = constant(1);
  const sizes =
    rank === 1
      ? [one]
      : rank === 2
        ? [one, ...(shape.length === 0 ? [one] : shape)]
        : shape.length < 2
          ? [one, ...(shape.length === 0 ? [one] : shape), one]
          : [...shape, one];
  return taking(bound)('reshape', [x], { shape: sizes.map(asAttribute) });
}

/** The size of the operand's axis. */
function axisSize(x: TensorValue, axis: number): Dim | undefined {
  return x.shape?.[fromFront(axis, x.shape.length)];
}

/** A part along an axis. */
const partOf = (bound: Bound, x: TensorValue, axis: number, begin: Attribute, size: Attribute): TensorValue =>
  taking(bound)('slice', [x], {
    begin: (x.shape ?? []).map((_, at) => (at === fromFront(axis, x.shape?.length ?? 0) ? begin : 0)),
    size: (x.shape ?? []).map((_, at) => (at === fromFront(axis, x.shape?.length ?? 0) ? size : -1)),
  });

/** Parts of these sizes, one after the other. */
function cut(bound: Bound, sizes: Attribute, axis: number): Value {
  const count = Array.isArray(sizes) ? sizes.length : (numberOf(sizes) ?? 0);
  return list(steps(bound.host, 'split', [bound.tensor('input')], { sizes, axis }, bound.args, count), true);
}

/** A symbolic number of parts alike: one that stands for all. */
const alike = (bound: Bound, axis: number, size: Attribute, count: Dim): Value => ({
  ...list([partOf(bound, bound.tensor('input'), axis, 0, size)], true),
  times: count,
});

const LEFT_OPEN = 'how many parts there are is not known';

/** Parts of one size, the last one with what is left. */
function splitBy(bound: Bound, axis: number, each: Attribute): Value {
  const x = bound.tensor('input');
  const [whole, size] = [axisSize(x, axis), sizeOf(each)];
  if (whole === undefined) return x.shape === null ? unrankedShares(bound, x, size) : cut(bound, 1, axis);
  if (isUnknown(whole) || isUnknown(size)) return unknown(LEFT_OPEN, 'list');
  const { facts } = bound.host;
  const count = ceilDivide(whole, size, facts);
  const known = asConstant(count);
  if (known === undefined) {
    const parts = sharedBy(whole, size);
    if (parts && bound.host.require('divides', parts, whole, 'split-mismatch', { api: bound.args.api, size: format(whole), parts: format(parts) }))
      return alike(bound, axis, each, parts);
    const shares = isName(whole) ? asConstant(divisorOf(size) ?? UNKNOWN) : undefined;
    if (shares !== undefined && shares > 1 && shares <= MOST_SHARES)
      return list(
        Array.from({ length: shares }, (_, at) => partOf(bound, x, axis, asAttribute(multiply(size, constant(at))), each)),
        true,
      );
    const rest = modulo(whole, size, facts);
    return asConstant(rest) === 0 ? alike(bound, axis, each, count) : unknown(LEFT_OPEN, 'list');
  }
  if (known <= 1) return cut(bound, [asAttribute(whole)], axis);
  const last = subtract(whole, multiply(size, constant(known - 1)));
  return cut(bound, [...Array.from({ length: known - 1 }, () => each), asAttribute(last)], axis);
}

/** So many parts are made where a size of another name is written as what each of so many has of it. */
const MOST_SHARES = 16;

/** How many share the whole where each has the whole divided by that: evenly, as everyone means who writes so. */
const sharedBy = (whole: Dim, each: Dim): Dim | undefined => {
  const atom = shareIn(each);
  return atom && same(atom.left, whole) ? atom.right : undefined;
};

const divisorOf = (each: Dim): Dim | undefined => shareIn(each)?.right;

/** The quotient that a size is. */
function shareIn(each: Dim) {
  const [term, ...more] = each.terms ?? [];
  const atom = more.length === 0 && term?.coefficient === 1 && term.factors.length === 1 ? term.factors[0]?.atom : undefined;
  return atom?.kind === 'floor' ? atom : undefined;
}

/** The sizes of the parts, or of each. */
function split(bound: Bound): Value {
  const axis = numberOf(bound.attribute('dim')) ?? 0;
  const given = bound.value('split_size');
  const times = repeats(given);
  const [item] = given.kind === 'list' ? given.items : [];
  if (times !== undefined && item?.kind === 'number') return alike(bound, axis, item.real, times);
  const sizes = bound.attribute('split_size');
  return Array.isArray(sizes) ? cut(bound, sizes, axis) : splitBy(bound, axis, sizes);
}

/** At most so many parts, of the size that is the whole's share rounded up; unbroken sizes are shared evenly by need. */
function chunk(bound: Bound): Value {
  const axis = numberOf(bound.attribute('dim')) ?? 0;
  const x = bound.tensor('input');
  const count = sizeOf(bound.attribute('chunks'));
  const [whole, known] = [axisSize(x, axis), asConstant(count)];
  if (whole === undefined) return x.shape === null && known !== undefined ? unrankedParts(bound, x, known) : unknown(x.reason ?? LEFT_OPEN, 'list');
  if (isUnknown(whole) || isUnknown(count)) return known === undefined ? unknown(LEFT_OPEN, 'list') : cut(bound, known, axis);
  const size = asConstant(whole);
  if (known === undefined) return alike(bound, axis, applyReal('div', realOf(whole), realOf(count)), count);
  const even = size === undefined ? divides(count, whole, bound.host.facts) !== 'no' : size % known === 0;
  return even ? cut(bound, known, axis) : splitBy(bound, axis, asAttribute(ceilDivide(whole, count, bound.host.facts)));
}

/** As many tensors as were asked for, of unknown shape, and of as many axes as the whole. */
const unrankedParts = (bound: Bound, x: TensorValue, count: number): Value =>
  list(
    Array.from({ length: count }, () => asManyAxes(bound, x)),
    true,
  );

/** Where each has the share of so many, one that stands for all. */
function unrankedShares(bound: Bound, x: TensorValue, each: Dim): Value {
  const [only] = each.terms?.length === 1 ? (each.terms[0]?.factors ?? []) : [];
  const times = only?.atom.kind === 'floor' ? only.atom.right : undefined;
  return times ? { ...list([asManyAxes(bound, x)], true), times } : unknown(x.reason ?? LEFT_OPEN, 'list');
}

/** A tensor of unknown shape that has as many axes. */
const asManyAxes = (bound: Bound, x: TensorValue): TensorValue => taking(bound)('identity', [x]);

/** At these places, or into so many parts of which the first have one more. */
function tensorSplit(bound: Bound): Value {
  const axis = numberOf(bound.attribute('dim')) ?? 0;
  const x = bound.tensor('input');
  const whole = axisSize(x, axis);
  const given = bound.attribute('indices_or_sections');
  if (whole === undefined) return unknown(x.reason ?? LEFT_OPEN, 'list');
  if (Array.isArray(given)) {
    const ends = [...given.map(sizeOf), whole];
    return cut(
      bound,
      ends.map((end, at) => asAttribute(at === 0 ? end : subtract(end, ends[at - 1] ?? end))),
      axis,
    );
  }
  const [count, size] = [numberOf(given), asConstant(whole)];
  if (count === undefined) return unknown(LEFT_OPEN, 'list');
  if (size === undefined) return cut(bound, count, axis);
  return cut(
    bound,
    Array.from({ length: count }, (_, at) => Math.floor(size / count) + (at < size % count ? 1 : 0)),
    axis,
  );
}

/** One for each place of the axis; of a symbolic number, one that stands for all. */
function unbind(bound: Bound): Value {
  const x = bound.tensor('input');
  const axis = numberOf(bound.attribute('dim')) ?? 0;
  if (x.shape === null) return unknown(x.reason ?? 'the rank of the tensor is not known', 'list');
  const count = axisSize(x, axis);
  if (count && !isUnknown(count) && asConstant(count) === undefined) {
    const one = taking(bound)('squeeze', [partOf(bound, x, axis, 0, 1)], { axes: [axis] });
    return { ...list([one], true), times: count };
  }
  const outputs = steps(bound.host, 'unstack', [x], { axis }, bound.args, 0);
  return outputs.length > 0 ? list(outputs, true) : unknown('how many tensors there are is not known', 'list');
}

/** Grids of the vectors: torch's own order is `ij`. */
function meshgrid(bound: Bound): Value {
  const indexing = bound.attribute('indexing') ?? 'ij';
  for (const operand of bound.operands) if (operand.shape === null) bound.host.tellRank(operand, 1, 'exactly');
  return list(steps(bound.host, 'meshgrid', bound.operands, { indexing }, bound.args, bound.operands.length), true);
}

/** Every pairing of the vectors' elements, a row each. */
function cartesian(bound: Bound): Value {
  if (bound.operands.length === 1) return bound.operands[0] ?? bound.tensor('tensors');
  const grids = steps(bound.host, 'meshgrid', bound.operands, { indexing: 'ij' }, bound.args, bound.operands.length);
  const take = taking(bound);
  return take('reshape', [take('stack', grids, { axis: -1 })], { shape: [-1, bound.operands.length] });
}

/** Matrices along the diagonal of one. */
function blockDiagonal(bound: Bound): Value {
  const matrices = bound.operands.map((x) => widened(bound, x, 2));
  if (matrices.some(({ shape }) => shape?.length !== 2)) return bound.host.unknownTensor('no rule for `torch.block_diag` here', bound.operands);
  const take = taking(bound);
  const total = sum(matrices.map(({ shape }) => shape?.[1] ?? constant(0)));
  let before = constant(0);
  const rows = matrices.map((x) => {
    const columns = x.shape?.[1] ?? constant(0);
    const after = subtract(subtract(total, before), columns);
    const row = take('pad', [x], {
      paddings: [
        [0, 0],
        [asAttribute(before), asAttribute(after)],
      ],
      mode: 'constant',
      value: 0,
    });
    before = add(before, columns);
    return row;
  });
  return rows.length === 0 ? bound.host.unknownTensor(NOTHING) : take('concat', rows, { axis: 0 });
}

const SPLIT = composed('input, split_size: parts as -, dim: axis as - = 0', split, 'list');
const CHUNK = composed('input, chunks: size as -, dim: axis as - = 0', chunk, 'list');
const UNBIND = composed('input, dim: axis as - = 0', unbind, 'list');
const TENSOR_SPLIT = composed('input, indices_or_sections: parts as -, dim: axis as - = 0', tensorSplit, 'list');
const CAT = joining('concat');

/** Functions of `torch` that tensors have as methods too. */
export const splitting: Lines = {
  chunk: CHUNK,
  unbind: UNBIND,
  tensor_split: TENSOR_SPLIT,
  hsplit: composed(
    'input, indices_or_sections: parts',
    (bound) => tensorSplit(withDim(bound, (bound.tensor('input').shape?.length ?? 2) === 1 ? 0 : 1)),
    'list',
  ),
  vsplit: composed('input, indices_or_sections: parts', (bound) => tensorSplit(withDim(bound, 0)), 'list'),
};

const withDim = (bound: Bound, axis: number): Bound => ({ ...bound, attribute: (name) => (name === 'dim' ? axis : bound.attribute(name)) });

/** Methods alone: `split` names its sizes otherwise than the function. */
export const splittingMethods: Lines = { split: SPLIT };

/** Functions of `torch` alone. */
export const joiningFunctions: Lines = {
  cat: CAT,
  concat: CAT,
  concatenate: CAT,
  stack: joining('stack'),
  hstack: stacked('atleast_1d', (rank) => (rank === 1 ? 0 : 1)),
  vstack: stacked('atleast_2d', () => 0),
  row_stack: stacked('atleast_2d', () => 0),
  dstack: stacked('atleast_3d', () => 2),
  column_stack: composed('tensors: tensors', (bound) => {
    if (bound.operands.some(({ shape }) => shape === null)) return bound.host.unknownTensor('the rank of an operand is not known', bound.operands);
    const columns = bound.operands.map((x) => ((x.shape?.length ?? 2) < 2 ? taking(bound)('reshape', [x], { shape: [-1, 1] }) : x));
    return columns.length === 0 ? bound.host.unknownTensor(NOTHING) : taking(bound)('concat', columns, { axis: 1 });
  }),
  split: composed(
    'input, split_size_or_sections: parts as -, dim: axis as - = 0',
    (bound) =>
      split({
        ...bound,
        value: (name) => bound.value(name === 'split_size' ? 'split_size_or_sections' : name),
        attribute: (name) => bound.attribute(name === 'split_size' ? 'split_size_or_sections' : name),
      }),
    'list',
  ),
  meshgrid: composed('*tensors: tensors, indexing: word = None', meshgrid, 'list'),
  cartesian_prod: composed('*tensors: tensors', cartesian),
  block_diag: composed('*tensors: tensors', blockDiagonal),
  broadcast_tensors: composed('*tensors: tensors', broadcastTensors, 'list'),
};

/** Each at the shape that all broadcast to: the sum's. */
function broadcastTensors(bound: Bound): Value {
  const take = taking(bound);
  const [first, ...others] = bound.operands;
  if (first === undefined) return list([], true);
  const { shape } = others.reduce<TensorValue>((sum, next) => take('add', [sum, next]), first);
  if (shape === null) return unknown('the rank of an operand is not known', 'list');
  return list(
    bound.operands.map((x) => take('broadcastTo', [x], { shape: shape.map(asAttribute) })),
    true,
  );
}
