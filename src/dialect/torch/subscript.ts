/** What a tensor's subscript says: ranges, places, new axes, index tensors and masks, in order. */
import { asConstant, type Dim, UNKNOWN } from '../../dim/index';
import type { Attribute } from '../../ops/operator';
import { reasonOf } from '../common/reading';
import { asNumber, constantDim, type Host, type IndexValue, isMissing, type ListValue, type NumberValue, type TensorValue, type Value } from '../common/values';

/** One entry of a subscript. */
export type Entry =
  | { readonly kind: 'new' }
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'range'; readonly begin: Attribute; readonly end: Attribute; readonly stride: Attribute }
  | { readonly kind: 'place'; readonly place: Attribute }
  /** An index without axes drops its axis, as a number does. */
  | { readonly kind: 'scalar' | 'indices' | 'mask'; readonly tensor: TensorValue };

/** The entries; or why they are not known; or what is wanted in place of one that surely fails. */
export type Subscript = { readonly entries: readonly Entry[] } | { readonly unknown: string } | { readonly wants: string };

type Read = Entry | { readonly unknown: string } | { readonly wants: string };

const OPEN: Attribute = { kind: 'size', size: UNKNOWN };
const WANTS = 'whole numbers, slices, tensors of them, masks, `...` or None';

/** Reads a subscript. */
export function readSubscript(index: readonly IndexValue[], host: Host): Subscript {
  const entries: Entry[] = [];
  for (const one of unpacked(index, host)) {
    const read = readOne(one, host);
    if (!('kind' in read)) return read;
    entries.push(read);
  }
  return entries.filter(({ kind }) => kind === 'ellipsis').length > 1 ? { unknown: 'it has more than one `...`' } : { entries };
}

/** A tuple alone is the whole subscript; so is a list that holds more than numbers and flags. */
function unpacked(index: readonly IndexValue[], host: Host): readonly IndexValue[] {
  const [only, second] = index;
  if (second !== undefined || only?.kind !== 'item' || only.value.kind !== 'list' || only.value.open !== undefined || only.value.times) return index;
  const { items, tuple } = only.value;
  const whole = tuple || items.some((item) => ['list', 'tensor', 'null'].includes(item.kind) || sliceBounds(item, host) !== undefined || isEllipsis(item));
  return whole ? items.map((value) => (isEllipsis(value) ? { kind: 'ellipsis' } : { kind: 'item', value })) : index;
}

/** The bounds of a `slice(a, b)`; undefined for anything else. */
function sliceBounds(value: Value, host: Host): readonly [Value, Value, Value] | undefined {
  if (value.kind !== 'native' || value.name !== 'slice') return undefined;
  const [start, stop, step] = ['start', 'stop', 'step'].map((name) => value.member?.(name, host));
  return start && stop && step ? [start, stop, step] : undefined;
}

const isEllipsis = (value: Value): boolean => value.kind === 'native' && value.name === 'Ellipsis';

function readOne(index: IndexValue, host: Host): Read {
  if (index.kind === 'ellipsis') return { kind: 'ellipsis' };
  return index.kind === 'slice' ? range(index.start, index.stop, index.step, host) : item(index.value, host);
}

function range(start: Value, stop: Value, step: Value, host: Host): Read {
  const [begin, end, stride] = [start, stop, step].map((value) => bound(value, host));
  const wrong = [begin, end, stride].find((each) => each && 'wants' in each);
  if (wrong && 'wants' in wrong) return wrong;
  const [from, to, by] = [begin, end, stride].map((each) => (each && 'value' in each ? each.value : null));
  return { kind: 'range', begin: from ?? null, end: to ?? null, stride: by ?? 1 };
}

/** One of Python's floating numbers, as far as that is known. */
const isFraction = (value: NumberValue): boolean => value.floating === true || !Number.isInteger(asNumber(value) ?? 0);

/** A bound of a slice: one that is not known leaves the size open. */
function bound(given: Value, host: Host): { readonly value: Attribute } | { readonly wants: string } {
  if (isMissing(given)) return { value: null };
  const value = host.expect(given, 'size');
  if (value.kind === 'number') return isFraction(value) ? { wants: 'whole numbers' } : { value: value.real };
  if (value.kind === 'boolean') return { value: Number(value.value) };
  return value.kind === 'string' || value.kind === 'list' ? { wants: 'whole numbers' } : { value: OPEN };
}

function item(value: Value, host: Host): Read {
  switch (value.kind) {
    case 'null':
      return { kind: 'new' };
    case 'number':
      return isFraction(value) ? { wants: WANTS } : { kind: 'place', place: value.real };
    case 'boolean':
      return value.value ? { kind: 'new' } : { unknown: 'nothing is taken where a flag is false' };
    case 'tensor':
      return tensorEntry(value);
    case 'list':
      return listed(value, host);
    case 'native': {
      const bounds = sliceBounds(value, host);
      return bounds ? range(...bounds, host) : isEllipsis(value) ? { kind: 'ellipsis' } : { unknown: reasonOf(value, 'the index') };
    }
    case 'dict':
    case 'string':
      return { wants: WANTS };
    case 'unknown':
      return value.type === 'number' ? { kind: 'place', place: OPEN } : { unknown: value.reason };
    default:
      return { unknown: reasonOf(value, 'the index') };
  }
}

/** A byte counts as a flag. An input that nothing is known of goes by its name. */
function tensorEntry(tensor: TensorValue): Read {
  const isMask = tensor.dtype === 'bool' || tensor.dtype === 'uint8' || (tensor.shape === null && /mask/i.test(tensor.ranked?.input ?? ''));
  if (isMask && tensor.shape?.length === 0) return { unknown: 'whether the flag is true is not known' };
  return { kind: isMask ? 'mask' : tensor.shape?.length === 0 ? 'scalar' : 'indices', tensor };
}

/** Numbers, or flags, nested alike, are a tensor. */
function listed(value: ListValue, host: Host): Read {
  const nested = flattened(value);
  if (nested === undefined) return { unknown: 'the items of the list are not all known' };
  const flags = nested.items.length > 0 && nested.items.every((one) => one.kind === 'boolean');
  const known = nested.items.map((one) => (one.kind === 'number' ? (asNumber(one) ?? one.real) : one.kind === 'boolean' ? Number(one.value) : undefined));
  if (nested.items.some((one) => one.kind === 'string' || (one.kind === 'number' && isFraction(one)))) return { wants: WANTS };
  if (known.includes(undefined)) return { unknown: 'the items of the list are not all known' };
  const isWritten = nested.sizes.every((size) => asConstant(size) !== undefined) && value.times === undefined;
  const tensor = host.constant(nested.sizes, flags ? 'bool' : 'int64', isWritten ? (known as number[]) : null);
  return { kind: flags ? 'mask' : 'indices', tensor };
}

function flattened(value: ListValue): { readonly sizes: readonly Dim[]; readonly items: readonly Value[] } | undefined {
  if (value.open !== undefined) return undefined;
  const length = value.times ?? constantDim(value.items.length);
  const [first] = value.items;
  if (first?.kind !== 'list') return value.items.some(({ kind }) => kind === 'list') ? undefined : { sizes: [length], items: value.items };
  const rows = value.items.map((row) => (row.kind === 'list' ? flattened(row) : undefined));
  const sizes = rows[0]?.sizes;
  const alike = rows.every((row) => row !== undefined && row.sizes.map(({ text }) => text).join() === sizes?.map(({ text }) => text).join());
  return sizes && alike ? { sizes: [length, ...sizes], items: rows.flatMap((row) => row?.items ?? []) } : undefined;
}
