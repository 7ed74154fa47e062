/** Members of tensors: the chained functions, and what a tensor tells of itself. */
import { type Dim, product } from '../../dim/index';
import { reasonOf } from '../common/reading';
import {
  type Arguments,
  argument,
  asConstant,
  entry,
  FALSE,
  fn,
  type Host,
  list,
  noEffect,
  number,
  shapeValue,
  size,
  step,
  string,
  type TensorValue,
  TRUE,
  UNDEFINED,
  unknown,
  type Value,
  withPositional,
} from '../common/values';
import { bufferOf } from './buffer';
import { CHAINED } from './chained';
import { FUNCTIONS, NAMESPACES } from './functional/index';
import { callLine, type Line } from './line';

const VALUES = 'the values of a tensor are not computed';
const MOST_ITEMS = 64;

/** The call with the tensor put in among its arguments at `index`. */
function withSelf(tensor: TensorValue, args: Arguments, index = 0): Arguments {
  const insert = <T>(items: readonly T[], item: T): T[] => [...items.slice(0, index), item, ...items.slice(index)];
  return withPositional(args, insert(args.positional, tensor), insert(args.spans, args.span));
}

function chained(tensor: TensorValue, name: string, line: Line): Value {
  return fn(name, (args, host) => callOn(tensor, line, withSelf(tensor, args, name === 'where' ? 1 : 0), host));
}

/** Calls the line with the tensor in it. What may be no tensor may have another method of that name: it breaks none of the line's rules. */
function callOn(tensor: TensorValue, line: Line, args: Arguments, host: Host): Value {
  if (!tensor.unsure) return callLine(line, args, host);
  const result = callLine(line, args, { ...host, report: () => undefined });
  return result.kind === 'tensor' ? { ...result, unsure: true } : result;
}

/** `x.concat(y, axis)` and `x.stack(y, axis)` take one tensor or a list of them. */
function joined(tensor: TensorValue, name: 'concat' | 'stack', line: Line): Value {
  return fn(name, (args, host) => {
    const others = argument(args, 0);
    const items = others.kind === 'list' ? others.items : [others];
    const open = others.kind === 'list' ? others.open : others.kind === 'unknown' ? reasonOf(others, 'the list') : undefined;
    const together = withPositional(args, [list([tensor, ...items]), ...args.positional.slice(1)]);
    return callOn(tensor, line, open === undefined ? together : { ...together, open }, host);
  });
}

type Member = (tensor: TensorValue, host: Host) => Value;

/** A reshape to sizes that are not all written. */
const reshaped =
  (shape: (tensor: TensorValue, args: Arguments) => readonly (Dim | number)[] | undefined): Member =>
  (tensor) =>
    fn('reshape', (args, host) => {
      const sizes = shape(tensor, args);
      if (sizes === undefined) return host.unknownTensor(tensor.reason ?? 'the shape is not known', [tensor]);
      return step(host, 'reshape', [tensor], { shape: sizes.map((item) => (typeof item === 'number' ? item : { kind: 'size', size: item })) }, args);
    });

const asRank =
  (rank: number): Member =>
  (tensor) =>
    fn(`as${rank}D`, (args, host) => callLine(FUNCTIONS['reshape'] as Line, withPositional(args, [tensor, list(args.positional.slice(0, rank))]), host));

const cast =
  (dtype: string): Member =>
  (tensor) =>
    fn('cast', (args, host) => step(host, 'cast', [tensor], { dtype }, args));

/** Numbers that are not known, nested by the shape where it is small. */
function nested(shape: readonly Dim[] | null): Value {
  if (shape === null) return unknown(VALUES);
  const [first, ...rest] = shape;
  if (first === undefined) return unknown(VALUES, 'number');
  const length = asConstant(first);
  if (length === undefined || length > MOST_ITEMS) return { kind: 'list', items: [], tuple: false, open: VALUES };
  return list(Array.from({ length }, () => nested(rest)));
}

const flatValues = (tensor: TensorValue): Value => nested(tensor.shape === null ? null : [product(tensor.shape)]);

const given =
  (value: (tensor: TensorValue) => Value): Member =>
  (tensor) =>
    fn('values', () => value(tensor));

/** A copy of its numbers, to be written. */
const buffered = given(({ shape, dtype }) => (shape === null ? unknown(VALUES) : bufferOf(shape, dtype)));

/** tfjs keeps one stride for each axis but the last. */
function strides(tensor: TensorValue): Value {
  if (tensor.shape === null) return unknown('the rank of the tensor is not known', 'list');
  const shape = tensor.shape;
  return list(shape.slice(1).map((_, axis) => size(product(shape.slice(axis + 1)))));
}

const MEMBERS: Readonly<Record<string, Member>> = {
  shape: shapeValue,
  rank: ({ shape, reason }) => (shape === null ? unknown(reason ?? 'the rank of the tensor is not known', 'number') : number(shape.length)),
  rankType: ({ shape }) => (shape === null ? unknown('the rank of the tensor is not known', 'string') : string(String(shape.length))),
  size: ({ shape, reason }) => (shape === null ? unknown(reason ?? 'the rank of the tensor is not known', 'number') : size(product(shape))),
  strides,
  dtype: ({ dtype }) => string(dtype),
  id: ({ ref }) => number(ref.node),
  kept: () => FALSE,
  isDisposed: () => FALSE,
  dispose: (tensor) =>
    fn('dispose', (_, host) => {
      host.dispose(tensor);
      return UNDEFINED;
    }),
  throwIfDisposed: () => noEffect('throwIfDisposed'),
  print: () => noEffect('print'),
  toString: () => fn('toString', () => unknown(VALUES, 'string')),
  bytes: () => fn('bytes', () => unknown(VALUES)),
  buffer: buffered,
  bufferSync: buffered,
  dataToGPU: () => fn('dataToGPU', () => unknown(VALUES)),
  array: given(({ shape }) => nested(shape)),
  arraySync: given(({ shape }) => nested(shape)),
  data: given(flatValues),
  dataSync: given(flatValues),
  flatten: reshaped(({ shape }) => (shape === null ? [-1] : [product(shape)])),
  as1D: reshaped(({ shape }) => (shape === null ? [-1] : [product(shape)])),
  as2D: asRank(2),
  as3D: asRank(3),
  as4D: asRank(4),
  as5D: asRank(5),
  asScalar: reshaped(() => []),
  reshapeAs: reshaped((_, args) => {
    const other = argument(args, 0);
    return other.kind === 'tensor' && other.shape !== null ? other.shape : undefined;
  }),
  toFloat: cast('float32'),
  toInt: cast('int32'),
  toBool: cast('bool'),
  asType: (tensor) => chained(tensor, 'cast', FUNCTIONS['cast'] as Line),
  variable: (tensor) => fn('variable', (_, host) => ({ ...host.variable(tensor, { trainable: true }), role: 'variable' })),
  resizeBilinear: (tensor) => chained(tensor, 'resizeBilinear', NAMESPACES['image']?.['resizeBilinear'] as Line),
  resizeNearestNeighbor: (tensor) => chained(tensor, 'resizeNearestNeighbor', NAMESPACES['image']?.['resizeNearestNeighbor'] as Line),
};

/** What `tf.variable` has beside. A variable's value changes; its shape does not. */
const VARIABLE: Readonly<Record<string, Member>> = {
  assign: () => noEffect('assign'),
  trainable: () => TRUE,
  name: () => unknown('the name of a variable', 'string'),
  read: (tensor) => fn('read', () => tensor),
  write: (tensor) => noEffect('write', tensor),
  val: (tensor) => tensor,
};

const SYMBOLIC: Readonly<Record<string, Member>> = {
  name: () => unknown('the name of a symbolic tensor', 'string'),
  originalName: () => unknown('the name of a symbolic tensor', 'string'),
};

/** A member of a tensor; undefined where tensors have none of that name. */
export function tensorMember(tensor: TensorValue, name: string, host: Host): Value | undefined {
  const special = tensor.role === 'variable' ? entry(VARIABLE, name) : tensor.role === 'symbolic' ? entry(SYMBOLIC, name) : undefined;
  const member = special ?? entry(MEMBERS, name);
  if (member !== undefined) return member(tensor, host);
  const line = CHAINED.has(name) ? FUNCTIONS[name] : undefined;
  if (line === undefined) return undefined;
  return name === 'concat' || name === 'stack' ? joined(tensor, name, line) : chained(tensor, name, line);
}
