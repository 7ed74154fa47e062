/** Lists: reading and changing their items. */
import { asConstant, constant } from '../../dim/index';
import {
  type Arguments,
  asNumber,
  FALSE,
  type Host,
  type ListValue,
  list,
  number,
  size,
  string,
  TRUE,
  UNDEFINED,
  unknown,
  type Value,
} from '../../value/index';
import { argument, type Member, MOST_ITEMS, method, openList, reasonOf, same, textOf } from './reading';

/** The items one by one, or why they are not known. */
export function itemsOf(object: ListValue, host: Host): readonly Value[] | string {
  const items = host.iterate(object);
  return 'unknown' in items ? items.unknown : items;
}

function length(object: ListValue): Value {
  if (object.open !== undefined) return unknown(object.open, 'number');
  return object.times ? size(object.times) : number(object.items.length);
}

/** A method on the items where they are known; `otherwise` is its result where they are not. */
function onItems(
  name: string,
  otherwise: 'number' | 'string' | 'boolean' | 'list' | 'item',
  apply: (items: readonly Value[], args: Arguments, host: Host) => Value | string,
) {
  return method<ListValue>(name, (object, args, host) => {
    const items = itemsOf(object, host);
    const result = typeof items === 'string' ? items : (args.open ?? apply(items, args, host));
    if (typeof result !== 'string') return result;
    if (otherwise === 'list') return openList(result);
    return otherwise === 'item' ? unknown(result) : unknown(result, otherwise);
  });
}

/** Changes the items of a list in place: `change` gives what is left and what the call returns, or why that is not known. */
function changing(name: string, change: (items: readonly Value[], args: Arguments, host: Host) => { items: readonly Value[]; result: Value } | string) {
  return method<ListValue>(name, (object, args, host) => {
    const items = itemsOf(object, host);
    const changed = typeof items === 'string' ? items : (args.open ?? change(items, args, host));
    if (typeof changed === 'string') {
      host.setOpen(object, changed);
      return unknown(changed);
    }
    if (object.times) host.setOpen(object, 'items of a list of repeated items were changed');
    else host.setItems(object, changed.items);
    return changed.result;
  });
}

/** An index argument, from the end where it is negative; `otherwise` where it is left out; undefined where it is not known. */
function place(value: Value, count: number, otherwise: number): number | undefined {
  if (value.kind === 'undefined') return otherwise;
  const at = asNumber(value);
  if (at === undefined) return undefined;
  const whole = Math.trunc(at) || 0;
  return whole < 0 ? Math.max(0, count + whole) : Math.min(count, whole);
}

const NOT_KNOWN = 'an index is not known';

function push(object: ListValue, args: Arguments, host: Host): Value {
  if (args.positional.length > 0) host.setItems(object, [...object.items, ...args.positional]);
  if (args.open !== undefined) host.setOpen(object, args.open);
  return length(object);
}

function slice(items: readonly Value[], args: Arguments): Value | string {
  const from = place(argument(args, 0), items.length, 0);
  const to = place(argument(args, 1), items.length, items.length);
  return from === undefined || to === undefined ? NOT_KNOWN : list(items.slice(from, to));
}

function splice(items: readonly Value[], args: Arguments) {
  const from = place(argument(args, 0), items.length, 0);
  const rest = items.length - (from ?? 0);
  const count = args.positional.length === 1 ? rest : asNumber(argument(args, 1));
  if (from === undefined || count === undefined) return NOT_KNOWN;
  const taken = Math.max(0, Math.min(rest, Math.trunc(count)));
  const left = [...items.slice(0, from), ...args.positional.slice(2), ...items.slice(from + taken)];
  return { items: left, result: list(items.slice(from, from + taken)) };
}

/** `a.concat(b, c)`: lists are taken apart, other values added. */
function concat(object: ListValue, args: Arguments, host: Host): Value {
  const items: Value[] = [];
  let open = args.open;
  for (const part of [object, ...args.positional]) {
    if (part.kind === 'list') {
      const inner = itemsOf(part, host);
      if (typeof inner === 'string') open ??= inner;
      else items.push(...inner);
    } else if (part.kind === 'unknown' || part.kind === 'shape') open ??= reasonOf(part, 'the rank is not known');
    else items.push(part);
  }
  if (open === undefined) return list(items);
  const [only] = [object, ...args.positional].filter((part) => part.kind !== 'list' || part.items.length > 0 || part.open !== undefined);
  return only?.kind === 'list' && only.times && items.length === 0 ? { ...list(only.items), times: only.times } : openList(open);
}

function fill(object: ListValue, args: Arguments, host: Host): Value {
  const value = argument(args, 0);
  if (object.open !== undefined) return object;
  if (args.positional.length < 2) {
    host.setItems(
      object,
      object.items.map(() => value),
    );
    return object;
  }
  const count = object.items.length;
  const from = place(argument(args, 1), count, 0);
  const to = place(argument(args, 2), count, count);
  if (object.times || from === undefined || to === undefined) host.setOpen(object, NOT_KNOWN);
  else
    host.setItems(
      object,
      object.items.map((item, at) => (at >= from && at < to ? value : item)),
    );
  return object;
}

/** The first place from which the items equal the value, or why that is not known. */
function placeOf(items: readonly Value[], wanted: Value, host: Host): number | string {
  for (const [at, item] of items.entries()) {
    const equal = same(item, wanted, host);
    if (equal === undefined) return 'whether the items are equal is not known';
    if (equal) return at;
  }
  return -1;
}

function includes(items: readonly Value[], args: Arguments, host: Host): Value | string {
  const equals = items.map((item) => same(item, argument(args, 0), host));
  if (equals.includes(true)) return TRUE;
  return equals.includes(undefined) ? 'whether the items are equal is not known' : FALSE;
}

function join(items: readonly Value[], by: Value | undefined): Value | string {
  const separator = by === undefined ? ',' : textOf(by);
  const text = items.map((item) => (item.kind === 'null' || item.kind === 'undefined' ? '' : textOf(item)));
  return separator === undefined || !text.every((part) => part !== undefined) ? 'the text is not known' : string(text.join(separator));
}

/** The items with lists in them taken apart, so many levels deep. */
export function flattened(items: readonly Value[], depth: number, host: Host): Value[] | string {
  const flat: Value[] = [];
  for (const item of items) {
    if (item.kind === 'unknown' && item.type !== 'number' && item.type !== 'tensor') return item.reason;
    const inner = item.kind === 'list' && depth > 0 ? itemsOf(item, host) : [item];
    const deeper = typeof inner === 'string' ? inner : item.kind === 'list' && depth > 1 ? flattened(inner, depth - 1, host) : inner;
    if (typeof deeper === 'string') return deeper;
    flat.push(...deeper);
    if (flat.length > MOST_ITEMS * 16) return 'the list is too long';
  }
  return flat;
}

function flat(items: readonly Value[], args: Arguments, host: Host): Value | string {
  const depth = args.positional.length === 0 ? 1 : asNumber(argument(args, 0));
  const found = depth === undefined ? NOT_KNOWN : flattened(items, Math.min(depth, 32), host);
  return typeof found === 'string' ? found : list(found);
}

function at(items: readonly Value[], args: Arguments): Value | string {
  const index = asNumber(argument(args, 0));
  return index === undefined ? NOT_KNOWN : (items.at(index) ?? UNDEFINED);
}

/** `a.keys()`: also of a list of repeated items. */
function keys(object: ListValue, host: Host): Value {
  const items = itemsOf(object, host);
  if (typeof items !== 'string') return list(items.map((_, index) => number(index)));
  return object.times ? { ...list([unknown('it stands for every index', 'number')]), times: object.times } : openList(items);
}

/** Typed arrays: `a.set(values, offset)`. */
function set(object: ListValue, args: Arguments, host: Host): Value {
  const value = argument(args, 0);
  const values = value.kind === 'list' ? itemsOf(value, host) : reasonOf(value, 'the values are not known');
  const offset = args.positional.length < 2 ? 0 : asNumber(argument(args, 1));
  const fits = typeof values !== 'string' && offset !== undefined && !object.times && object.open === undefined;
  const written = (item: Value, index: number): Value => (fits && values[index - offset]) || item;
  host.setItems(
    object,
    object.items.map((item, index) => (fits ? written(item, index) : unknown('the values are not followed', 'number'))),
  );
  return UNDEFINED;
}

const indexed = (items: readonly Value[]): Value => list(items.map((item, index) => list([number(index), item])));

export const LIST_ITEMS: readonly (readonly [string, Member<ListValue>])[] = [
  ['length', length],
  ['byteLength', () => unknown('bytes are not followed', 'number')],
  ['buffer', () => unknown('bytes are not followed')],
  method<ListValue>('push', push),
  changing('pop', (items) => ({ items: items.slice(0, -1), result: items.at(-1) ?? UNDEFINED })),
  changing('shift', (items) => ({ items: items.slice(1), result: items[0] ?? UNDEFINED })),
  changing('unshift', (items, { positional }) => ({ items: [...positional, ...items], result: number(items.length + positional.length) })),
  changing('splice', splice),
  method<ListValue>('reverse', (object, _args, host) => {
    if (!object.times) host.setItems(object, [...object.items].reverse());
    return object;
  }),
  method<ListValue>('fill', fill),
  method<ListValue>('concat', concat),
  method<ListValue>('slice', (object, args, host) => {
    if (args.positional.length === 0 && object.open === undefined) return object.times ? { ...list(object.items), times: object.times } : list(object.items);
    const items = itemsOf(object, host);
    const found = typeof items === 'string' ? items : slice(items, args);
    return typeof found === 'string' ? openList(found) : found;
  }),
  onItems('subarray', 'list', slice),
  onItems('toReversed', 'list', (items) => list([...items].reverse())),
  onItems('toSpliced', 'list', (items, args) => {
    const spliced = splice(items, args);
    return typeof spliced === 'string' ? spliced : list(spliced.items);
  }),
  onItems('with', 'list', (items, args) => {
    const index = asNumber(argument(args, 0));
    const from = index !== undefined && index < 0 ? index + items.length : index;
    return from === undefined ? NOT_KNOWN : list(items.map((item, at) => (at === from ? argument(args, 1) : item)));
  }),
  onItems('indexOf', 'number', (items, args, host) => {
    const found = placeOf(items, argument(args, 0), host);
    return typeof found === 'string' ? found : number(found);
  }),
  onItems('lastIndexOf', 'number', (items, args, host) => {
    const found = placeOf([...items].reverse(), argument(args, 0), host);
    return typeof found === 'string' ? found : number(found < 0 ? -1 : items.length - 1 - found);
  }),
  onItems('includes', 'boolean', includes),
  onItems('join', 'string', (items, args) => join(items, args.positional[0])),
  onItems('toString', 'string', (items) => join(items, undefined)),
  onItems('flat', 'list', flat),
  onItems('at', 'item', at),
  method<ListValue>('keys', (object, _args, host) => keys(object, host)),
  method<ListValue>('values', (object) => object),
  onItems('entries', 'list', indexed),
  method<ListValue>('set', set),
];

/** A list of `count` times the value: item by item where that is a small number that is known. */
export function repeatedList(count: Value, value: Value): Value {
  const times = count.kind === 'number' && count.real.kind === 'size' ? count.real.size : undefined;
  const known = asNumber(count);
  if (known !== undefined && Number.isInteger(known) && known >= 0) {
    return known <= MOST_ITEMS ? list(Array.from({ length: known }, () => value)) : { ...list([value]), times: constant(known) };
  }
  if (times && asConstant(times) === undefined) return { ...list([value]), times };
  return openList(reasonOf(count, 'the length is not known'));
}
