/** Members of tensors: methods, and what a tensor tells of itself. */
import { type Dim, product } from '../../dim/index';
import { BYTES, isFloating } from '../../ops/dtypes';
import {
  type Arguments,
  argument,
  asConstant,
  asNumber,
  boolean,
  entry,
  FALSE,
  fn,
  type Host,
  list,
  NULL,
  native,
  noEffect,
  number,
  shapeValue,
  size,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../common/values';
import { rankWith } from './binder';
import { CONVERSIONS } from './conversions';
import { dtypeValue } from './dtypes';
import { METHODS } from './functional/index';
import { TURNED } from './functional/shaping';
import { complexNumbers } from './functional/spectral';
import { inPlaceMember } from './inPlace';
import { callLine, lineMethod } from './line';
import { trainsBy } from './nn/parameter';

type Member = (tensor: TensorValue, host: Host) => Value;

const VALUES = 'the values of a tensor are not computed';
const DEVICE: Value = { ...unknown('the device that it is on', 'string'), constant: true };
const MOST_ITEMS = 64;

const rankReason = ({ reason }: TensorValue): string => reason ?? 'the rank of the tensor is not known';

/** Something that may be called, and gives a value. */
const method =
  (name: string, value: (tensor: TensorValue) => Value): Member =>
  (tensor) =>
    native(name, () => value(tensor));

/** A method that gives the tensor itself. */
const itself =
  (name: string): Member =>
  (tensor) =>
    noEffect(name, tensor);

/** `x.shape`: a tuple. */
const shapeTuple = (tensor: TensorValue): Value => {
  const shape = shapeValue(tensor);
  return shape.kind === 'list' ? { ...list(shape.items, true), shapeOf: tensor } : shape;
};

const rankOf = (tensor: TensorValue): Value => (tensor.shape === null ? unknown(rankReason(tensor), 'number') : number(tensor.shape.length));
const countOf = (tensor: TensorValue): Value => (tensor.shape === null ? unknown(rankReason(tensor), 'number') : size(product(tensor.shape)));

/** `x.size()` is the shape, `x.size(1)` what stands there in it. */
const sizeMember: Member = (tensor) =>
  fn('size', (args, host) => {
    const axis = args.positional[0] ?? args.named.get('dim') ?? UNDEFINED;
    if (axis.kind === 'undefined' || axis.kind === 'null') return shapeTuple(tensor);
    const at = asNumber(host.expect(axis, 'constant'));
    return at === undefined || !Number.isInteger(at) ? unknown('the axis is not known', 'number') : sizeOf(tensor, at, args, host);
  });

/** An axis that there must be tells the least rank. */
function sizeOf(tensor: TensorValue, axis: number, { api, span }: Arguments, host: Host): Value {
  if (tensor.shape === null) {
    host.tellRank(tensor, rankWith(axis), 'at least');
    return unknown(rankReason(tensor), 'number');
  }
  const found = tensor.shape.at(axis);
  if (found !== undefined && axis < tensor.shape.length) return size(found);
  const shapes = `[${tensor.shape.map(({ text }) => text).join(', ')}]`;
  host.report({ code: 'axis-out-of-range', words: 'axis-out-of-range.rule', severity: 'error', span, args: { api, shapes, axis, rank: tensor.shape.length } });
  return unknown('there is no such axis', 'number');
}

/** Steps from one place to the next along each axis, of a tensor as it is laid out at first. */
function strides(tensor: TensorValue): Value {
  if (tensor.shape === null) return unknown(rankReason(tensor), 'list');
  const { shape } = tensor;
  return list(
    shape.map((_, axis) => size(product(shape.slice(axis + 1)))),
    true,
  );
}

/** Numbers that are not known, nested by the shape where it is small. */
function nested(shape: readonly Dim[] | null): Value {
  if (shape === null) return unknown(VALUES);
  const [first, ...rest] = shape;
  if (first === undefined) return unknown(VALUES, 'number');
  const length = asConstant(first);
  if (length === undefined || length > MOST_ITEMS) return { kind: 'list', items: [], tuple: false, open: VALUES };
  return list(Array.from({ length }, () => nested(rest)));
}

const MEMBERS: Readonly<Record<string, Member>> = {
  shape: shapeTuple,
  size: sizeMember,
  ndim: rankOf,
  dim: method('dim', rankOf),
  ndimension: method('ndimension', rankOf),
  numel: method('numel', countOf),
  nelement: method('nelement', countOf),
  dtype: ({ dtype }) => dtypeValue(dtype),
  device: () => DEVICE,
  is_cuda: () => unknown('the device that it is on', 'boolean'),
  is_mps: () => unknown('the device that it is on', 'boolean'),
  is_cpu: () => unknown('the device that it is on', 'boolean'),
  is_sparse: () => FALSE,
  is_quantized: () => FALSE,
  is_nested: () => FALSE,
  is_leaf: () => unknown('whether it is a leaf', 'boolean'),
  is_meta: () => FALSE,
  layout: () => unknown('the layout', 'string'),
  requires_grad: () => unknown('whether it is trained', 'boolean'),
  grad: (tensor) => unknown('the gradient', tensor.shape === null ? undefined : 'tensor'),
  grad_fn: () => NULL,
  data: (tensor) => tensor,
  itemsize: ({ dtype }) => number(BYTES[dtype]),
  nbytes: (tensor) => unknown('the bytes', tensor.shape === null ? undefined : 'number'),
  name: () => NULL,
  names: () => NULL,
  element_size: method('element_size', ({ dtype }) => number(BYTES[dtype])),
  get_device: method('get_device', () => unknown('the device that it is on', 'number')),
  is_floating_point: method('is_floating_point', ({ dtype }) => boolean(isFloating(dtype))),
  is_complex: method('is_complex', ({ dtype }) => boolean(dtype === 'complex64')),
  is_contiguous: method('is_contiguous', () => unknown('how it is laid out', 'boolean')),
  is_pinned: method('is_pinned', () => FALSE),
  is_inference: method('is_inference', () => FALSE),
  stride: (tensor) => fn('stride', (args) => (args.positional.length === 0 ? strides(tensor) : unknown('how it is laid out', 'number'))),
  storage_offset: method('storage_offset', () => unknown('how it is laid out', 'number')),
  data_ptr: method('data_ptr', () => unknown('where it lies', 'number')),
  item: method('item', () => unknown(VALUES, 'number')),
  tolist: method('tolist', ({ shape }) => nested(shape)),
  numpy: itself('numpy'),
  __array__: itself('__array__'),
  backward: () => noEffect('backward', NULL),
  retain_grad: () => noEffect('retain_grad', NULL),
  register_hook: () => noEffect('register_hook', NULL),
  requires_grad_: (tensor) =>
    fn('requires_grad_', (args, host) => {
      host.trains(tensor, trainsBy(args.named.get('requires_grad') ?? argument(args, 0), host));
      return tensor;
    }),
  detach_: itself('detach_'),
  share_memory_: itself('share_memory_'),
  pin_memory: itself('pin_memory'),
  coalesce: itself('coalesce'),
  to_dense: itself('to_dense'),
  is_shared: method('is_shared', () => FALSE),
  __len__: method('__len__', ({ shape, reason }) => (shape?.[0] ? size(shape[0]) : unknown(reason ?? 'the first size', 'number'))),
  __bool__: method('__bool__', () => unknown(VALUES, 'boolean')),
  __class__: () => unknown('the class of a tensor'),
};

/** Properties that are other orders of the axes, or parts of complex numbers. */
const turned = (tensor: TensorValue, name: string, host: Host): Value | undefined => {
  const line = entry(TURNED, name) ?? (name === 'real' || name === 'imag' ? complexNumbers[name] : undefined);
  return line && callLine(line, { positional: [tensor], named: new Map(), span: host.span, spans: [host.span], api: name }, host);
};

/** `tensor.requires_grad = flag` says whether a weight is trained; nothing else that is set changes shapes. */
export function setTensorMember(tensor: TensorValue, name: string, value: Value, host: Host): void {
  if (name === 'requires_grad') host.trains(tensor, trainsBy(value, host));
}

/** A member of a tensor; undefined where tensors have none of that name. */
export function tensorMember(tensor: TensorValue, name: string, host: Host): Value | undefined {
  const member = entry(MEMBERS, name);
  if (member !== undefined) return member(tensor, host);
  const property = turned(tensor, name, host);
  if (property !== undefined) return property;
  const line = entry(CONVERSIONS, name) ?? entry(METHODS, name);
  return line ? lineMethod(tensor, name, line) : inPlaceMember(tensor, name);
}
