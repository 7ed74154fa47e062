/** `tensor[…]` and `tensor[…] = value`. */
import type { Attribute, Attributes } from '../../ops/operator';
import { type Arguments, type Host, type IndexValue, plainArguments, step, type TensorValue, type Value } from '../common/values';
import { asTensor } from './operands';
import { type Entry, readSubscript } from './subscript';

const ITEM = '[…]';

/** An index or mask, and the axis of the tensor without dropped axes that it points into: from the end behind `...`. */
interface Chosen {
  readonly kind: 'scalar' | 'indices' | 'mask';
  readonly tensor: TensorValue;
  readonly axis: number;
}

/** A subscript as a step that takes ranges and places, and what then chooses among them. */
interface Plan {
  readonly attributes: Attributes;
  /** Axes that are used. */
  readonly used: number;
  /** Whether the ranges and places leave every axis as it is. */
  readonly whole: boolean;
  readonly chosen: readonly Chosen[];
}

type Written = Extract<Entry, { kind: 'range' | 'place' | 'new' }>;
const WHOLE: Written = { kind: 'range', begin: null, end: null, stride: 1 };
const isWhole = (entry: Written): boolean => entry.kind === 'range' && entry.begin === null && entry.end === null && entry.stride === 1;

/** How many axes an index or mask takes; none where that is not known. */
const taken = (entry: Entry): number | undefined => (entry.kind === 'mask' ? entry.tensor.shape?.length : 1);

/** The ranges and places that stand for an entry: whole axes for an index. */
const writtenFor = (entry: Entry): readonly Written[] =>
  entry.kind === 'ellipsis'
    ? []
    : entry.kind === 'range' || entry.kind === 'place' || entry.kind === 'new'
      ? [entry]
      : Array.from({ length: taken(entry) ?? 1 }, () => WHOLE);

const keepsAxis = (entry: Written): boolean => entry.kind !== 'place';

function planOf(entries: readonly Entry[]): Plan {
  const written = entries.flatMap(writtenFor);
  const split = entries.findIndex(({ kind }) => kind === 'ellipsis');
  const before = entries.slice(0, split < 0 ? entries.length : split).flatMap(writtenFor).length;
  const kept = (from: number, to: number) => written.slice(from, to).filter(keepsAxis).length;
  const chosen: Chosen[] = [];
  let at = 0;
  for (const entry of entries) {
    if (entry.kind === 'scalar' || entry.kind === 'indices' || entry.kind === 'mask')
      chosen.push({ kind: entry.kind, tensor: entry.tensor, axis: at < before ? kept(0, at) : -kept(at, written.length) });
    at += writtenFor(entry).length;
  }
  const places = (kind: Written['kind']) => written.flatMap((entry, index) => (entry.kind === kind ? [index] : []));
  const attributes = {
    begin: written.map((entry) => (entry.kind === 'range' ? entry.begin : entry.kind === 'place' ? entry.place : null)),
    end: written.map((entry): Attribute => (entry.kind === 'range' ? entry.end : null)),
    strides: written.map((entry): Attribute => (entry.kind === 'range' ? entry.stride : 1)),
    newAxes: places('new'),
    shrinkAxes: places('place'),
    ...(split < 0 ? {} : { ellipsis: before }),
  };
  return { attributes, used: written.length - attributes.newAxes.length, whole: written.every(isWhole), chosen };
}

/** The axis where another is gone. */
function withoutAxis(axis: number, gone: number): number {
  if (axis >= 0) return gone >= 0 && axis > gone ? axis - 1 : axis;
  return gone < 0 && axis < gone ? axis + 1 : axis;
}

/** An index without axes is taken before the others. */
function firstScalar(chosen: readonly Chosen[]): readonly [Chosen | undefined, readonly Chosen[]] {
  const scalar = chosen.findLast(({ kind }) => kind === 'scalar');
  if (scalar === undefined) return [undefined, chosen];
  return [scalar, chosen.filter((one) => one !== scalar).map((one) => ({ ...one, axis: withoutAxis(one.axis, scalar.axis) }))];
}

const BY_VALUES = "the mask's values decide how many elements are taken";

/** The tensor's axis from the front, where it can be told. */
const fromFront = (tensor: TensorValue, axis: number): number | undefined => (axis >= 0 ? axis : tensor.shape ? axis + tensor.shape.length : undefined);

/** What indices and masks choose. */
function choose(tensor: TensorValue, all: readonly Chosen[], at: Arguments, host: Host): TensorValue {
  const [scalar, chosen] = firstScalar(all);
  if (scalar) return choose(step(host, 'gather', [tensor, scalar.tensor], { axis: scalar.axis, batchDims: 0 }, at), chosen, at, host);
  const [first, second] = chosen;
  if (first === undefined) return tensor;
  const tensors = chosen.map((one) => one.tensor);
  if (second === undefined && first.kind === 'indices') return step(host, 'gather', [tensor, first.tensor], { axis: first.axis, batchDims: 0 }, at);
  const axis = fromFront(tensor, first.axis);
  if (second === undefined && first.tensor.shape !== null && axis !== undefined) return step(host, 'booleanMask', [tensor, first.tensor], { axis }, at);
  if (chosen.some(({ kind }) => kind === 'mask')) return host.unknownTensor(BY_VALUES, [tensor, ...tensors], tensor.dtype);
  return step(host, 'index', [tensor, ...tensors], { axes: chosen.map((one) => one.axis) }, at);
}

/** The plan of a subscript, or why there is none; what surely fails is reported. */
function planned(tensor: TensorValue, index: readonly IndexValue[], host: Host): Plan | { readonly unknown: string } {
  const read = readSubscript(index, host);
  if ('wants' in read) {
    if (tensor.unsure) return { unknown: 'whether it is a tensor is not known' };
    host.report({ code: 'argument-type', severity: 'error', span: host.span, args: { api: ITEM, name: 'index', wants: read.wants } });
    return { unknown: `the index must be ${read.wants}` };
  }
  if ('unknown' in read) return read;
  const plan = planOf(read.entries);
  if (plan.used > 0) host.tellRank(tensor, plan.used, 'at least');
  return plan;
}

const hasRank = (tensor: TensorValue, rank: number): boolean => tensor.shape !== null && tensor.shape.length >= rank;

/** `tensor[…]`. */
export function tensorItem(tensor: TensorValue, index: readonly IndexValue[], host: Host): Value {
  const plan = planned(tensor, index, host);
  if ('unknown' in plan) return host.unknownTensor(plan.unknown, [tensor], tensor.dtype);
  const at = plainArguments(host.span, ITEM);
  const plain = plan.whole && plan.chosen.length > 0 && hasRank(tensor, plan.used);
  return choose(plain ? tensor : step(host, 'stridedSlice', [tensor], plan.attributes, at), plan.chosen, at, host);
}

/** The tensor with a value written where indices and masks choose. */
function put(tensor: TensorValue, all: readonly Chosen[], value: TensorValue, at: Arguments, host: Host): TensorValue {
  const [scalar, chosen] = firstScalar(all);
  if (scalar) {
    const part = chosen.length === 0 ? value : put(choose(tensor, [scalar], at, host), chosen, value, at, host);
    return step(host, 'indexPut', [tensor, part, scalar.tensor], { axes: [scalar.axis] }, at);
  }
  const [first, second] = chosen;
  const tensors = chosen.map((one) => one.tensor);
  const axis = first?.kind === 'mask' && second === undefined ? fromFront(tensor, first.axis) : undefined;
  if (first && axis !== undefined && first.tensor.shape !== null) return step(host, 'maskUpdate', [tensor, first.tensor, value], { axis }, at);
  const open = chosen.some(({ kind, tensor: index }) => kind === 'mask' || index.shape === null);
  return step(host, 'indexPut', [tensor, value, ...tensors], { axes: open ? null : chosen.map((one) => one.axis) }, at);
}

/** `tensor[…] = value`: the tensor as it is then. */
export function setTensorItem(tensor: TensorValue, index: readonly IndexValue[], value: Value, host: Host): TensorValue {
  const plan = planned(tensor, index, host);
  const at = plainArguments(host.span, `${ITEM} =`);
  const given = asTensor(host.expect(value, 'term'), host, [tensor]);
  if ('unknown' in plan) return step(host, 'indexPut', [tensor, given, host.unknownTensor(plan.unknown, [], 'int64')], { axes: null }, at);
  if (plan.chosen.length === 0) return step(host, 'sliceUpdate', [tensor, given], plan.attributes, at);
  if (plan.whole && hasRank(tensor, plan.used)) return put(tensor, plan.chosen, given, at, host);
  const part = put(step(host, 'stridedSlice', [tensor], plan.attributes, at), plan.chosen, given, at, host);
  return step(host, 'sliceUpdate', [tensor, part], plan.attributes, at);
}
