/** Functions that take parts of tensors, or put tensors together. */
import { applyReal, type Dim, realOf } from '../../../dim/index';
import { numberOf } from '../../../ops/attributes';
import type { Attribute } from '../../../ops/operator';
import { oneOf, oneOrList, type Read, realNumber, shaped, sized, whole } from '../../common/reading';
import { asConstant, asSize, field, isUnknown, list, step, steps, type TensorValue, unknown, type Value } from '../../common/values';
import { type Bound, given, maybeTensor, option, plain, repeats, tensor, tensors } from '../binder';
import { composed, type Line, type Lines, listOp, op, opaque, rankWith, tellRank, unmodelled } from '../line';
import { dtypeOf } from '../reading';

/** A list filled up to the rank, as tfjs does with a shorter one. */
const filled = (given: readonly Attribute[], rank: number, by: number): readonly Attribute[] => [
  ...given,
  ...Array.from({ length: Math.max(0, rank - given.length) }, () => by),
];

function slice(bound: Bound): Value {
  const [begin, size] = [bound.attribute('begin'), bound.attribute('size')].map((value) => (Array.isArray(value) ? (value as readonly Attribute[]) : []));
  const [x] = bound.operands;
  tellRank(bound.host, x, begin?.length, 'at least');
  const rank = x?.shape?.length ?? begin?.length ?? 0;
  const attributes = { begin: filled(begin ?? [], rank, 0), size: filled(size ?? [], rank, -1) };
  return step(bound.host, 'slice', bound.operands, attributes, bound.args);
}

const SLICE_SIZES: Read = oneOrList(sized, 'the size');
const sliceOf = (rank?: number): Line =>
  composed(
    [rank === undefined ? tensor('x', { least: 1 }) : tensor('x', { exactly: rank }), given('begin', SLICE_SIZES), option('size', SLICE_SIZES, [])],
    slice,
  );

const bit = (mask: Attribute, axis: number): boolean => typeof mask === 'number' && (mask & (1 << axis)) !== 0;

/** tfjs says by bits which of the numbers are meant. An ellipsis is not modelled. */
function stridedSlice(bound: Bound): Value {
  const { host, args, operands } = bound;
  const [begin, end] = [bound.attribute('begin'), bound.attribute('end')].map((value) => (Array.isArray(value) ? (value as readonly Attribute[]) : []));
  const strides = bound.attribute('strides');
  const known = Array.isArray(strides) ? strides.map((value) => numberOf(value as Attribute)) : (begin ?? []).map(() => 1);
  if (bound.attribute('ellipsisMask') !== 0 || known.includes(undefined)) return host.unknownTensor(`no rule for \`${args.api}\` with an ellipsis`, operands);
  const axesOf = (name: string): number[] => (begin ?? []).flatMap((_, axis) => (bit(bound.attribute(name), axis) ? [axis] : []));
  const masked = (values: readonly Attribute[], name: string): Attribute[] => values.map((value, axis) => (bit(bound.attribute(name), axis) ? null : value));
  const attributes = {
    begin: masked(begin ?? [], 'beginMask'),
    end: masked(end ?? [], 'endMask'),
    strides: known as number[],
    newAxes: axesOf('newAxisMask'),
    shrinkAxes: axesOf('shrinkAxisMask'),
  };
  tellRank(host, operands[0], (begin?.length ?? 0) - attributes.newAxes.length, 'at least');
  return step(host, 'stridedSlice', operands, attributes, args);
}

/** All tensors of a concatenation have the same rank: one that is known tells the others'. */
function tellTogether(bound: Bound): void {
  const ranks = bound.operands.flatMap((operand) => (operand.shape === null ? [] : [operand.shape.length]));
  const axis = bound.attribute('axis');
  for (const operand of bound.operands) {
    if (ranks[0] !== undefined) tellRank(bound.host, operand, ranks[0], 'exactly');
    else if (typeof axis === 'number') tellRank(bound.host, operand, rankWith(axis), 'at least');
  }
}

/** So many alike, one after the other or on a new axis: the sizes of a tiled tensor. */
function joinRepeated({ host, args, operands, attributes }: Bound, name: string, times: Dim): Value {
  const axis = typeof attributes['axis'] === 'number' ? attributes['axis'] : 0;
  const [item] = operands;
  if (item?.shape === null || item === undefined) return host.unknownTensor(item?.reason ?? 'there is no tensor in the list', operands);
  const one = name === 'stack' ? step(host, 'expandDims', [item], { axis }, args) : item;
  const rank = one.shape?.length ?? 0;
  const at = axis < 0 ? axis + rank : axis;
  return step(host, 'tile', [one], { reps: Array.from({ length: rank }, (_, index) => (index === at ? { kind: 'size' as const, size: times } : 1)) }, args);
}

const together = (name: string, axis = true): Line =>
  composed(axis ? [tensors('tensors'), option('axis', whole, 0)] : [tensors('tensors')], (bound) => {
    tellTogether(bound);
    const repeated = repeats(bound.value('tensors'));
    if (repeated !== undefined) return joinRepeated(bound, name, repeated);
    if (bound.operands.length === 0) return bound.host.unknownTensor('there is no tensor in the list');
    return step(bound.host, name, bound.operands, { axis: 0, ...bound.attributes }, bound.args);
  });

/** Sizes of the parts, or how many there are: a number, or a size that stays symbolic. */
const splits: Read = (value, host) => {
  if (value.kind === 'list') return repeats(value) === undefined ? shaped(value, host) : { value: [] };
  const known = whole(value, host);
  return 'unknown' in known && value.kind === 'number' && asSize(value) ? { value: value.real } : known;
};

/** A symbolic number of parts alike: one that stands for all. */
function partsAlike(bound: Bound): Value | undefined {
  const [x] = bound.operands;
  const given = bound.attribute('axis');
  if (typeof given !== 'number' || !x?.shape) return undefined;
  const axis = given < 0 ? given + x.shape.length : given;
  const parts = bound.value('numOrSizeSplits');
  const [item] = parts.kind === 'list' ? parts.items : [];
  const count = parts.kind === 'list' ? repeats(parts) : asSize(parts);
  const whole = x.shape[axis];
  if (count === undefined || whole === undefined || asConstant(count) !== undefined) return undefined;
  const size = parts.kind === 'list' ? (item?.kind === 'number' ? item.real : undefined) : applyReal('div', realOf(whole), realOf(count));
  return size && { ...list([partOf(bound, x, axis, size)]), times: count };
}

/** The first part along an axis. */
const partOf = ({ host, args }: Bound, x: TensorValue, axis: number, size: Attribute): TensorValue =>
  step(host, 'slice', [x], { begin: (x.shape ?? []).map(() => 0), size: (x.shape ?? []).map((_, at) => (at === axis ? size : -1)) }, args);

/** A number of parts, or the sizes of all. */
function partsOf(bound: Bound): number | undefined {
  const parts = bound.attribute('numOrSizeSplits');
  return Array.isArray(parts) ? parts.length : (parts as number);
}

const SPLIT: Line = listOp('split', [tensor('x', { least: 1 }), given('numOrSizeSplits', splits, 'sizes'), option('axis', whole, 0)], partsOf);

function tellStacked(bound: Bound): void {
  const axis = bound.attribute('axis');
  const [x] = bound.operands;
  if (typeof axis === 'number') tellRank(bound.host, x, rankWith(axis), 'at least');
}

/** One for each place of the axis; of a symbolic number, one that stands for all. */
function unstack(bound: Bound): Value {
  tellStacked(bound);
  const [x] = bound.operands;
  if (x === undefined || x.shape === null) return unknown(x?.reason ?? 'the rank of the tensor is not known', 'list');
  const given = bound.attribute('axis');
  const axis = typeof given === 'number' ? (given < 0 ? given + x.shape.length : given) : -1;
  const count = x.shape[axis];
  if (count && !isUnknown(count) && asConstant(count) === undefined) {
    return { ...list([step(bound.host, 'squeeze', [partOf(bound, x, axis, 1)], { axes: [axis] }, bound.args)]), times: count };
  }
  const outputs = steps(bound.host, 'unstack', bound.operands, bound.attributes, bound.args, 0);
  return outputs.length > 0 ? list(outputs) : unknown('how many tensors there are is not known', 'list');
}

function meshgrid(bound: Bound): Value {
  const indexing = field(bound.value('__2'), 'indexing');
  const word = indexing?.kind === 'string' ? indexing.value : 'xy';
  return list(steps(bound.host, 'meshgrid', bound.operands, { indexing: word }, bound.args, 2));
}

/** Functions on parts of tensors, by name. */
export const indexing: Lines = {
  slice: sliceOf(),
  slice1d: sliceOf(1),
  slice2d: sliceOf(2),
  slice3d: sliceOf(3),
  slice4d: sliceOf(4),
  stridedSlice: composed(
    [
      tensor('x'),
      given('begin', shaped),
      given('end', shaped),
      option('strides', shaped),
      option('beginMask', whole, 0),
      option('endMask', whole, 0),
      option('ellipsisMask', whole, 0),
      option('newAxisMask', whole, 0),
      option('shrinkAxisMask', whole, 0),
    ],
    stridedSlice,
  ),
  gather: op('gather', [tensor('x', { least: 1 }), tensor('indices', { dtype: 'int32' }), option('axis', whole, 0), option('batchDims', whole, 0)]),
  gatherND: op('gatherND', [tensor('x'), tensor('indices', { dtype: 'int32' })]),
  concat: together('concat'),
  concat1d: together('concat', false),
  concat2d: together('concat'),
  concat3d: together('concat'),
  concat4d: together('concat'),
  stack: together('stack'),
  split: { ...SPLIT, run: (bound) => partsAlike(bound) ?? SPLIT.run(bound) },
  unstack: composed([tensor('x', { least: 1 }), option('axis', whole, 0)], unstack, 'list'),
  oneHot: op('oneHot', [
    tensor('indices', { dtype: 'int32' }),
    given('depth', sized),
    option('onValue', realNumber, 1),
    option('offValue', realNumber, 0),
    option('dtype', dtypeOf, 'int32'),
  ]),
  meshgrid: composed([tensor('x', { dtype: 'float32' }), tensor('y', { dtype: 'float32' }), plain('__2')], meshgrid, 'list'),
  scatterND: op('scatterND', [tensor('indices', { dtype: 'int32' }), tensor('updates'), given('shape', shaped)]),
  tensorScatterUpdate: unmodelled([tensor('tensor'), tensor('indices'), tensor('updates')]),
  sparseToDense: unmodelled([tensor('sparseIndices'), tensor('sparseValues'), plain('outputShape', false), maybeTensor('defaultValue')]),
  booleanMaskAsync: op('booleanMask', [tensor('tensor'), tensor('mask', { dtype: 'bool' }), option('axis', whole, 0)]),
  whereAsync: unmodelled([tensor('condition')], 'int32'),
  unique: opaque([tensor('x'), plain('axis')]),
  setdiff1dAsync: opaque([tensor('x'), tensor('y')]),
  unsortedSegmentSum: unmodelled([tensor('x'), tensor('segmentIds'), plain('numSegments', false)]),
  searchSorted: unmodelled([tensor('sortedSequence'), tensor('values'), option('side', oneOf('left', 'right'), 'left', null)], 'int32'),
  lowerBound: unmodelled([tensor('sortedSequence'), tensor('values')], 'int32'),
  upperBound: unmodelled([tensor('sortedSequence'), tensor('values')], 'int32'),
  bincount: unmodelled([tensor('x'), tensor('weights'), plain('size', false)]),
  denseBincount: unmodelled([tensor('x'), tensor('weights'), plain('size', false), plain('binaryOutput')]),
  raggedGather: opaque([tensors('paramsNestedSplits'), tensor('paramsDenseValues'), tensor('indices'), plain('outputRaggedRank', false)]),
  raggedRange: opaque([tensor('starts'), tensor('limits'), tensor('deltas')]),
  raggedTensorToTensor: unmodelled([
    tensor('shape'),
    tensor('values'),
    tensor('defaultValue'),
    tensors('rowPartitionTensors'),
    plain('rowPartitionTypes', false),
  ]),
};
