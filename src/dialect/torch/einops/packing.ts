/** `pack` and `unpack`: axes that differ from tensor to tensor, made one and told apart again. */
import { type Dim, product } from '../../../dim/index';
import type { Attribute } from '../../../ops/operator';
import { reasonOf } from '../../common/reading';
import {
  type Arguments,
  asConstant,
  asSizes,
  fn,
  type Host,
  isUnknown,
  list,
  sizesValue,
  step,
  steps,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../common/values';
import { operandOf, refuse } from './applying';
import { given } from './functions';

/** How many axes stand before and after the star; or why the pattern cannot be read. */
function around(pattern: string): { readonly before: number; readonly after: number } | { readonly problem: string } {
  const words = pattern.trim().split(/\s+/).filter(Boolean);
  const at = words.indexOf('*');
  if (words.filter((word) => word === '*').length !== 1) return { problem: 'it wants one `*`' };
  const odd = words.find((word) => word !== '*' && !/^[\p{L}][\p{L}\p{N}_]*$/u.test(word));
  if (odd !== undefined) return { problem: `"${odd}" is no name of an axis` };
  const twice = words.find((word, index) => words.indexOf(word) !== index);
  return twice === undefined ? { before: at, after: words.length - at - 1 } : { problem: `"${twice}" stands twice` };
}

const attributes = (sizes: readonly Dim[]): readonly Attribute[] => sizes.map((size) => asConstant(size) ?? { kind: 'size', size });

const nothing = (reason: string, host: Host): Value => list([host.unknownTensor(reason), unknown(reason, 'list')]);

function pack(args: Arguments, host: Host): Value {
  const [tensors = UNDEFINED, pattern = UNDEFINED] = given(['tensors', 'pattern'], args).values;
  if (pattern.kind !== 'string') return nothing(reasonOf(pattern, 'the pattern'), host);
  const read = around(pattern.value);
  const items = host.iterate(host.expect(tensors, 'list'));
  if ('problem' in read) {
    refuse(read.problem, pattern.value, args, host);
    return nothing(read.problem, host);
  }
  if ('unknown' in items) return nothing(items.unknown, host);
  const operands = items.map((item) => operandOf(item, args, host));
  const least = read.before + read.after;
  for (const operand of operands) host.tellRank(operand, least, 'at least');
  const open = operands.find(({ shape }) => shape === null);
  if (open) return nothing(open.reason ?? 'the rank of a tensor is not known', host);
  const short = operands.find(({ shape }) => (shape?.length ?? 0) < least);
  if (short) {
    refuse(`at least ${least} axes are wanted, ${short.shape?.length} given`, pattern.value, args, host);
    return nothing('a tensor has too few axes', host);
  }
  const cut = (shape: readonly Dim[]) => shape.slice(read.before, shape.length - read.after);
  const flat = operands.map((x) => flattened(x, read.before, read.after, args, host));
  const packed = step(host, 'concat', flat, { axis: read.before }, args);
  return list([packed, list(operands.map(({ shape }) => ({ ...(sizesValue(cut(shape ?? [])) as Value & { kind: 'list' }), tuple: true })))]);
}

/** The axes between made one. */
function flattened(x: TensorValue, before: number, after: number, args: Arguments, host: Host): TensorValue {
  const shape = x.shape ?? [];
  const middle = product(shape.slice(before, shape.length - after));
  return step(host, 'reshape', [x], { shape: attributes([...shape.slice(0, before), middle, ...shape.slice(shape.length - after)]) }, args);
}

function unpack(args: Arguments, host: Host): Value {
  const [tensor = UNDEFINED, shapes = UNDEFINED, pattern = UNDEFINED] = given(['tensor', 'packed_shapes', 'pattern'], args).values;
  if (pattern.kind !== 'string') return unknown(reasonOf(pattern, 'the pattern'), 'list');
  const read = around(pattern.value);
  if ('problem' in read) {
    refuse(read.problem, pattern.value, args, host);
    return unknown(read.problem, 'list');
  }
  const rank = read.before + 1 + read.after;
  const x = operandOf(tensor, args, host);
  host.tellRank(x, rank, 'exactly');
  const items = host.iterate(shapes);
  if ('unknown' in items) return unknown(items.unknown, 'list');
  if (x.shape === null) return list(items.map(() => host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x], x.dtype)));
  if (x.shape.length !== rank) {
    refuse(`${rank} axes are wanted, ${x.shape.length} given`, pattern.value, args, host);
    return unknown('the pattern is for another rank', 'list');
  }
  return list(parted(x, items.map(asSizes), read.before, args, host));
}

const isOpen = (size: Dim): boolean => isUnknown(size) || asConstant(size) === -1;

/** Cut along the axis, each part with the axes that were packed. */
function parted(x: TensorValue, shapes: readonly (readonly Dim[] | undefined)[], axis: number, args: Arguments, host: Host): readonly TensorValue[] {
  const whole = x.shape ?? [];
  const lengths = shapes.map((shape): Attribute => (shape === undefined || shape.some(isOpen) ? -1 : (attributes([product(shape)])[0] ?? -1)));
  const sole = lengths.length === 1 ? [x] : undefined;
  const sure = lengths.filter((length) => length === -1).length <= 1;
  if (!sure) return shapes.map(() => host.unknownTensor('which part goes to which tensor is not known', [x], x.dtype));
  const parts = sole ?? steps(host, 'split', [x], { sizes: lengths, axis }, args, lengths.length);
  return parts.map((part, at) => {
    const shape = shapes[at];
    if (shape === undefined) return host.unknownTensor('the packed shape is not known', [part], part.dtype);
    return step(host, 'reshape', [part], { shape: attributes([...whole.slice(0, axis), ...shape, ...whole.slice(axis + 1)]) }, args);
  });
}

/** The functions by name. */
export const PACKING: Readonly<Record<string, Value>> = { pack: fn('einops.pack', pack), unpack: fn('einops.unpack', unpack) };
