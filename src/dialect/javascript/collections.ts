/** `Map` and `Set`. */
import { format, isUnknown, sizeOfReal } from '../../dim/index';
import {
  boolean,
  type DictValue,
  type Host,
  keyOf,
  list,
  type NativeValue,
  native,
  number,
  object,
  UNDEFINED,
  unknown,
  type Value,
  valueOfKey,
} from '../../value/index';
import { argument, type Member, method, openList, reasonOf } from './reading';

const KEY_UNKNOWN = 'a key is not known';

/** Before the name of an entry whose key is a size: of those only the last that was written is kept, for it may be any other. */
const BY_SIZE = '\0size:';

function sizeKey(key: Value): string | undefined {
  const size = key.kind === 'number' && keyOf(key) === undefined ? sizeOfReal(key.real) : undefined;
  return size === undefined || isUnknown(size) ? undefined : `${BY_SIZE}${format(size)}`;
}

/** Forgets what was written under a size: it may be written over. */
function forgetSizes(target: DictValue, host: Host): void {
  const others = [...target.entries].filter(([key]) => !key.startsWith(BY_SIZE));
  if (others.length < target.entries.size) host.setEntries(target, new Map(others));
}

function write(target: DictValue, key: Value, value: Value, host: Host): Value {
  const known = keyOf(key);
  forgetSizes(target, host);
  if (known === undefined) host.setOpen(target, KEY_UNKNOWN);
  const name = known ?? sizeKey(key);
  if (name !== undefined) host.setMember(target, name, value);
  return target;
}

/** Whether it surely holds nothing. */
const isEmpty = (target: DictValue): boolean => target.open === undefined && target.entries.size === 0;

function get(target: DictValue, key: Value): Value {
  if (isEmpty(target)) return UNDEFINED;
  const known = keyOf(key);
  const bySize = sizeKey(key);
  const written = bySize === undefined ? undefined : target.entries.get(bySize);
  if (written) return written;
  const found = known === undefined ? undefined : target.entries.get(known);
  if (found && target.open === undefined) return found;
  if (known === undefined) return unknown(reasonOf(key, KEY_UNKNOWN));
  return target.open === undefined ? UNDEFINED : unknown(target.open);
}

function has(target: DictValue, key: Value): Value {
  const bySize = sizeKey(key);
  if (isEmpty(target) || (bySize !== undefined && target.entries.has(bySize))) return boolean(!isEmpty(target));
  const known = keyOf(key);
  if (known === undefined) return unknown(reasonOf(key, KEY_UNKNOWN), 'boolean');
  return target.open === undefined || target.entries.has(known) ? boolean(target.entries.has(known)) : unknown(target.open, 'boolean');
}

function remove(target: DictValue, key: Value, host: Host): Value {
  const found = has(target, key);
  const known = keyOf(key);
  forgetSizes(target, host);
  if (known === undefined) host.setOpen(target, KEY_UNKNOWN);
  else host.setEntries(target, new Map([...target.entries].filter(([other]) => other !== known)));
  return found;
}

/** A list made of the entries, unless more may be there. */
const listed = (target: DictValue, item: (key: string, value: Value) => Value): Value =>
  target.open === undefined ? list([...target.entries].map(([key, value]) => item(key, value))) : openList(target.open);

const pair = (key: string, value: Value): Value => list([valueOfKey(key), value]);

function forEach(target: DictValue, callback: Value, host: Host): Value {
  const call = (key: Value, value: Value): void => void host.invoke(callback, value, key, target);
  const { open } = target;
  if (open === undefined) for (const [key, value] of target.entries) call(target.flavour === 'set' ? value : valueOfKey(key), value);
  else host.repeat(open, () => call(unknown(open), unknown(open)));
  return UNDEFINED;
}

const SHARED: readonly (readonly [string, Member<DictValue>])[] = [
  ['size', (target) => (target.open === undefined ? number(target.entries.size) : unknown(target.open, 'number'))],
  method<DictValue>('has', (target, args) => has(target, argument(args, 0))),
  method<DictValue>('delete', (target, args, host) => remove(target, argument(args, 0), host)),
  method<DictValue>('clear', (target, _args, host) => {
    if (target.open === undefined) host.setEntries(target, new Map());
    return UNDEFINED;
  }),
  method<DictValue>('forEach', (target, args, host) => forEach(target, argument(args, 0), host)),
  method<DictValue>('values', (target) => listed(target, (_key, value) => value)),
];

/** Members of a Map. */
export const MAP_MEMBERS: ReadonlyMap<string, Member<DictValue>> = new Map([
  ...SHARED,
  method<DictValue>('get', (target, args) => get(target, argument(args, 0))),
  method<DictValue>('set', (target, args, host) => write(target, argument(args, 0), argument(args, 1), host)),
  method<DictValue>('keys', (target) => listed(target, valueOfKey)),
  method<DictValue>('entries', (target) => listed(target, pair)),
]);

/** Members of a Set. */
export const SET_MEMBERS: ReadonlyMap<string, Member<DictValue>> = new Map([
  ...SHARED,
  method<DictValue>('add', (target, args, host) => write(target, argument(args, 0), argument(args, 0), host)),
  method<DictValue>('keys', (target) => listed(target, (_key, value) => value)),
  method<DictValue>('entries', (target) => listed(target, (_key, value) => list([value, value]))),
]);

/** The collection that the items of an iterable make. */
function collection(flavour: 'map' | 'set', source: Value, host: Host): Value {
  const made = object([], flavour);
  const items = source.kind === 'undefined' || source.kind === 'null' ? [] : host.iterate(source);
  const entries = new Map<string, Value>();
  const opened = 'unknown' in items ? items.unknown : items.map((item) => addItem(entries, flavour, item, host)).find((reason) => reason !== undefined);
  return { ...made, entries, ...(opened === undefined ? {} : { open: opened }) };
}

/** Adds an item; says why where that is not decided. */
function addItem(entries: Map<string, Value>, flavour: 'map' | 'set', item: Value, host: Host): string | undefined {
  const parts = flavour === 'set' ? [item, item] : host.iterate(item);
  if ('unknown' in parts) return parts.unknown;
  const [key = UNDEFINED, value = UNDEFINED] = parts;
  const known = keyOf(key);
  if (known === undefined) return reasonOf(key, KEY_UNKNOWN);
  entries.set(known, value);
  return undefined;
}

const constructorOf = (name: string, flavour: 'map' | 'set'): NativeValue => ({
  ...native(name, () => unknown(`\`${name}\` is called without \`new\``)),
  construct: (args, host) => collection(flavour, argument(args, 0), host),
});

export const COLLECTIONS: readonly (readonly [string, NativeValue])[] = [
  ['Map', constructorOf('Map', 'map')],
  ['WeakMap', constructorOf('WeakMap', 'map')],
  ['Set', constructorOf('Set', 'set')],
  ['WeakSet', constructorOf('WeakSet', 'set')],
];
