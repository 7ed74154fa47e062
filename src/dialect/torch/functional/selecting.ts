/** Functions on parts of tensors, and on elements at indices. */
import { asConstant, constant, type Dim, UNKNOWN } from '../../../dim/index';
import { numberOf } from '../../../ops/attributes';
import type { Attribute } from '../../../ops/operator';
import type { TensorValue, Value } from '../../common/values';
import { type Bound, rankWith, refuse } from '../binder';
import { composed, either, type Line, type Lines, opaque, taking } from '../line';
import { asTensor } from '../operands';

const asAttribute = (size: Dim): Attribute => ({ kind: 'size', size });
const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const unranked = ({ host }: Bound, x: TensorValue): TensorValue => host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x], x.dtype);

/** `length` places of an axis from `start` on; a start below zero counts from the end. */
function narrow(bound: Bound, start: Attribute, length: Attribute, drop = false): Value {
  const x = bound.tensor('input');
  const dim = numberOf(bound.attribute('dim'));
  if (x.shape === null || dim === undefined) return unranked(bound, x);
  const axis = fromFront(dim, x.shape.length);
  const take = taking(bound);
  if (axis < 0 || axis >= x.shape.length) return take('squeeze', [x], { axes: [dim] });
  const part = take('slice', [x], {
    begin: x.shape.map((_, at): Attribute => (at === axis ? start : 0)),
    size: x.shape.map((_, at): Attribute => (at === axis ? length : -1)),
  });
  return drop ? take('squeeze', [part], { axes: [axis] }) : part;
}

/** Slices at the indices along an axis: a tensor of one axis, or one index. */
function indexSelect(bound: Bound): Value {
  const index = bound.tensor('index');
  const take = taking(bound);
  if ((index.shape?.length ?? 1) > 1) {
    refuse(bound.host, bound.args, 'rank-mismatch', `1 axis is wanted of the index, ${index.shape?.length} given`, [index]);
    return bound.host.unknownTensor('the call fails', bound.operands);
  }
  return take('gather', [bound.tensor('input'), index.shape?.length === 0 ? take('reshape', [index], { shape: [1] }) : index], bound.attributes);
}

/** Elements of the flattened tensor. */
const takeFlat = (bound: Bound): Value => {
  const take = taking(bound);
  return take('gather', [take('reshape', [bound.tensor('input')], { shape: [-1] }), bound.tensor('index')], { axis: 0 });
};

/** Elements along an axis at indices that broadcast against the tensor; without an axis of the flattened one. */
function takeAlong(bound: Bound): Value {
  const [x, indices] = [bound.tensor('input'), bound.tensor('indices')];
  const dim = numberOf(bound.attribute('dim'));
  const take = taking(bound);
  const flat = (tensor: TensorValue): TensorValue => take('reshape', [tensor], { shape: [-1] });
  if (dim === undefined) return take('gatherElements', [flat(x), flat(indices)], { axis: 0 });
  if (x.shape === null || indices.shape === null) return unranked(bound, x.shape === null ? x : indices);
  const axis = fromFront(dim, x.shape.length);
  const spread = (tensor: TensorValue, other: TensorValue): TensorValue =>
    take('broadcastTo', [tensor], {
      shape: (tensor.shape ?? []).map((size, at) => asAttribute(at === axis || asConstant(size) !== 1 ? size : (other.shape?.[at] ?? size))),
    });
  return take('gatherElements', [spread(x, indices), spread(indices, x)], { axis });
}

/** The value as a tensor beside the operand. */
const written = (bound: Bound, name: string): TensorValue => bound.maybe(name) ?? asTensor(bound.value(name), bound.host, [bound.tensor('input')]);

/** Elements written at indices along an axis: replaced, added, multiplied. */
const scattered =
  (mode: (bound: Bound) => string) =>
  (bound: Bound): Value =>
    taking(bound)('scatterElements', [bound.tensor('input'), bound.tensor('index'), written(bound, 'src')], { ...bound.attributes, mode: mode(bound) });

/** The tensor and its indices have as many axes: one that is known tells the other's. */
function tellAlike({ host, operands, attributes }: Bound): void {
  const known = operands.find(({ shape }) => shape !== null)?.shape?.length;
  const axis = attributes['axis'];
  for (const operand of operands) {
    if (operand.shape !== null) continue;
    if (known !== undefined && known > 0) host.tellRank(operand, known, 'exactly');
    else if (typeof axis === 'number') host.tellRank(operand, rankWith(axis), 'at least');
  }
}

const reduceOf = (bound: Bound): string => {
  const given = bound.value('reduce');
  const words: Readonly<Record<string, string>> = { add: 'add', sum: 'add', multiply: 'multiply', prod: 'multiply', mean: 'mean', amax: 'max', amin: 'min' };
  return given.kind === 'string' ? (words[given.value] ?? 'replace') : 'replace';
};

/** Whole slices written at indices along an axis: as elements, with the indices spread over the other axes. */
const slicesWritten =
  (mode: string) =>
  (bound: Bound): Value => {
    const [x, index, source] = [bound.tensor('input'), bound.tensor('index'), written(bound, 'source')];
    if (x.shape === null) return unranked(bound, x);
    const axis = fromFront(numberOf(bound.attribute('dim')) ?? 0, x.shape.length);
    const count = index.shape?.[0] ?? constant(1);
    const shape = x.shape.map((size, at) => asAttribute(at === axis ? count : size));
    const take = taking(bound);
    const column = take('reshape', [index], { shape: x.shape.map((_, at) => (at === axis ? asAttribute(count) : 1)) });
    const spread = (tensor: TensorValue): TensorValue => take('broadcastTo', [tensor], { shape });
    return take('scatterElements', [x, spread(column), source.shape?.length === 0 ? spread(source) : source], { axis, mode });
  };

/** What stands where the mask is true: how many, its values decide. */
function maskedSelect(bound: Bound): Value {
  const take = taking(bound);
  const [x, mask] = [bound.tensor('input'), bound.tensor('mask')];
  if (x.shape === null || mask.shape === null) return bound.host.constant([UNKNOWN], x.dtype, null);
  const longer = x.shape.length >= mask.shape.length ? x.shape : mask.shape;
  const alike = (tensor: TensorValue): TensorValue =>
    tensor.shape?.length === longer.length && tensor.shape.every((size, at) => size.text === longer[at]?.text)
      ? tensor
      : take('broadcastTo', [tensor], { shape: longer.map(asAttribute) });
  const flat = (tensor: TensorValue): TensorValue => take('reshape', [alike(tensor)], { shape: [-1] });
  return take('booleanMask', [flat(x), flat(mask)], { axis: 0 });
}

/** One where the class stands, in a new last axis; how many classes there are may be left to the values. */
const ONE_HOT: Line = composed('input, num_classes: size = -1', (bound) => {
  const depth = bound.attribute('num_classes');
  return taking(bound)('oneHot', [bound.tensor('input')], { depth: numberOf(depth) === -1 ? asAttribute(UNKNOWN) : depth, dtype: 'int64' });
});

const NARROW = composed('input, dim: axis as -, start: size, length: size', (bound) => narrow(bound, bound.attribute('start'), bound.attribute('length')));
const SELECT = composed('input, dim: axis as -, index: size', (bound) => narrow(bound, bound.attribute('index'), 1, true));
const SCATTER_ADD = composed(
  'input, dim: axis, index, src',
  scattered(() => 'add'),
);

/** Functions of `torch` that tensors have as methods too. */
export const selecting: Lines = {
  narrow: NARROW,
  select: SELECT,
  index_select: composed('input, dim: axis, index', indexSelect),
  gather: composed('input, dim: axis, index, *, sparse_grad: any = None', (bound) => {
    tellAlike(bound);
    return taking(bound)('gatherElements', bound.operands, bound.attributes);
  }),
  take: composed('input, index', takeFlat),
  take_along_dim: composed('input, indices, dim: int as - = None', takeAlong),
  scatter: either(
    composed('input, dim: axis, index, src: term, *, reduce: any = None', scattered(reduceOf)),
    composed('input, dim: axis, index, value: any, *, reduce: any = None', (bound) =>
      taking(bound)('scatterElements', [bound.tensor('input'), bound.tensor('index'), written(bound, 'value')], { ...bound.attributes, mode: reduceOf(bound) }),
    ),
  ),
  scatter_add: SCATTER_ADD,
  scatter_reduce: composed('input, dim: axis, index, src, reduce: any, *, include_self: any = None', scattered(reduceOf)),
  index_add: composed('input, dim: axis as -, index: rank 1, source, *, alpha: any = None', slicesWritten('add')),
  index_copy: composed('input, dim: axis as -, index: rank 1, source', slicesWritten('replace')),
  index_fill: composed('input, dim: axis as -, index: rank 1, value: any', (bound) =>
    slicesWritten('replace')({
      ...bound,
      maybe: (name) => bound.maybe(name === 'source' ? 'value' : name),
      value: (name) => bound.value(name === 'source' ? 'value' : name),
    }),
  ),
  masked_select: composed('input, mask', maskedSelect),
  masked_scatter: composed('input, mask, source', (bound) => taking(bound)('identity', [bound.tensor('input')], { copy: true })),
};

/** Functions of `torch.nn.functional`. */
export const selectingFunctional: Lines = { one_hot: ONE_HOT };

/** The rows and columns of a triangle, in order. */
const triangle =
  (lower: boolean): Line['run'] =>
  (bound) => {
    const [rows, columns, offset] = ['row', 'col', 'offset'].map((name) => numberOf(bound.attribute(name)));
    const dtype = bound.attributes['dtype'] === undefined ? 'int64' : (bound.attributes['dtype'] as 'int64');
    if (rows === undefined || columns === undefined || offset === undefined || rows * columns > 65_536) {
      return bound.host.constant([constant(2), UNKNOWN], dtype, null);
    }
    const places = Array.from({ length: rows * columns }, (_, at) => [Math.floor(at / columns), at % columns] as const);
    const held = places.filter(([row, column]) => (lower ? column - row <= offset : column - row >= offset));
    return bound.host.constant([constant(2), constant(held.length)], dtype, [...held.map(([row]) => row), ...held.map(([, column]) => column)]);
  };

/** Functions of `torch` alone. */
export const selectingFunctions: Lines = {
  tril_indices: composed('row: size, col: size, offset: int = 0, *, dtype: dtype = None', triangle(true)),
  triu_indices: composed('row: size, col: size, offset: int = 0, *, dtype: dtype = None', triangle(false)),
  combinations: opaque('input, r: any = None, with_replacement: any = None'),
};
