/** Dicts. */
import { type Arguments, type DictValue, FALSE, type Host, keyOf, list, NULL, object, TRUE, unknown, type Value, valueOfKey } from '../../value/index';
import { argument, itemsOf, keysOf, listOf, type Members, method, openList, sequenceOf } from './reading';
import { copyOfDict } from './sets';

const NOT_KNOWN = 'the key is not known';

/** What stands under a key: undefined where there surely is nothing. */
export function valueAt(owner: DictValue, key: Value, host: Host): Value | undefined {
  const known = keyOf(key);
  if (known === undefined) return unknown(key.kind === 'unknown' ? key.reason : NOT_KNOWN);
  const own = owner.entries.get(known);
  if (owner.parameter !== undefined && key.kind === 'string') return host.member({ ...owner, flavour: 'object' }, key.value);
  return own ?? (owner.open === undefined ? undefined : unknown(owner.open));
}

/** Sets entries, or says why they are not known. */
export function addAll(owner: DictValue, added: Iterable<readonly [string, Value]> | string, host: Host): void {
  if (typeof added === 'string') host.setOpen(owner, added);
  else host.setEntries(owner, new Map([...owner.entries, ...added]));
}

/** The entries of what `dict(…)` or `update(…)` is given, or why they are not known. */
export function entriesOf(args: Arguments, host: Host): [string, Value][] | string {
  if (args.open !== undefined) return args.open;
  const given = args.positional[0];
  const first = given ? entriesIn(given, host) : [];
  return typeof first === 'string' ? first : [...first, ...args.named];
}

function entriesIn(given: Value, host: Host): [string, Value][] | string {
  if (given.kind === 'dict' && given.flavour !== 'set') return given.open ?? (given.parameter === undefined ? [...given.entries] : 'its keys are not known');
  if (given.kind === 'instance') return given.open ?? [...given.members];
  const pairs = itemsOf(given, host);
  if (typeof pairs === 'string') return pairs;
  const entries: [string, Value][] = [];
  for (const pair of pairs) {
    const parts = itemsOf(pair, host);
    const key = typeof parts !== 'string' && parts.length === 2 && parts[0] ? keyOf(parts[0]) : undefined;
    const value = typeof parts !== 'string' ? parts[1] : undefined;
    if (key === undefined || !value) return NOT_KNOWN;
    entries.push([key, value]);
  }
  return entries;
}

/** `dict(…)`. */
export function makeDict(args: Arguments, host: Host): DictValue {
  const [only] = args.positional;
  if (only?.kind === 'dict' && only.parameter !== undefined && args.named.size === 0) return copyOfDict(only);
  const entries = entriesOf(args, host);
  return typeof entries === 'string' ? { ...object(args.named, 'map'), open: entries } : object(entries, 'map');
}

/** `dict.fromkeys(keys, value)`. */
export function fromKeys(args: Arguments, host: Host): Value {
  const keys = itemsOf(argument(args, 0), host);
  const value = args.positional[1] ?? NULL;
  const known = typeof keys === 'string' ? [] : keys.map(keyOf);
  if (typeof keys === 'string' || !known.every((key) => key !== undefined)) return { ...object([], 'map'), open: typeof keys === 'string' ? keys : NOT_KNOWN };
  return object(
    known.map((key) => [key, value] as const),
    'map',
  );
}

const openOf = (owner: DictValue): string | undefined => owner.open ?? (owner.parameter === undefined ? undefined : 'its keys are not known');

function pop(owner: DictValue, args: Arguments, host: Host): Value {
  const key = argument(args, 0);
  const found = valueAt(owner, key, host);
  const known = keyOf(key);
  if (known !== undefined && owner.entries.has(known)) host.setEntries(owner, new Map([...owner.entries].filter(([name]) => name !== known)));
  return found ?? args.positional[1] ?? unknown('there is no such key');
}

function setDefault(owner: DictValue, args: Arguments, host: Host): Value {
  const [key, value] = [argument(args, 0), args.positional[1] ?? NULL];
  const found = valueAt(owner, key, host);
  if (found) return found;
  const known = keyOf(key);
  addAll(owner, known === undefined ? NOT_KNOWN : [[known, value]], host);
  return value;
}

export const DICT_MEMBERS: Members<DictValue> = new Map([
  method<DictValue>('get', (owner, args, host) => valueAt(owner, argument(args, 0, 'key'), host) ?? args.positional[1] ?? args.named.get('default') ?? NULL),
  method<DictValue>('keys', (owner) => listOf(keysOf(owner))),
  method<DictValue>('values', (owner) => {
    const open = openOf(owner);
    return open === undefined ? list([...owner.entries.values()]) : openList(open);
  }),
  method<DictValue>('items', (owner) => {
    const open = openOf(owner);
    return open === undefined ? list([...owner.entries].map(([key, value]) => list([valueOfKey(key), value], true))) : openList(open);
  }),
  method<DictValue>('pop', pop),
  method<DictValue>('popitem', (owner, _args, host) => {
    const last = [...owner.entries].at(-1);
    if (!last || openOf(owner) !== undefined) return unknown(openOf(owner) ?? 'it is empty');
    host.setEntries(owner, new Map([...owner.entries].slice(0, -1)));
    return list([valueOfKey(last[0]), last[1]], true);
  }),
  method<DictValue>('setdefault', setDefault),
  method<DictValue>('update', (owner, args, host) => {
    addAll(owner, entriesOf(args, host), host);
    return NULL;
  }),
  method<DictValue>('copy', (owner) => copyOfDict(owner)),
  method<DictValue>('clear', (owner, _args, host) => {
    host.setEntries(owner, new Map());
    return NULL;
  }),
  method<DictValue>('fromkeys', (_owner, args, host) => fromKeys(args, host)),
  method<DictValue>('move_to_end', (owner, args, host) => {
    const key = keyOf(argument(args, 0));
    const value = key === undefined ? undefined : owner.entries.get(key);
    if (key !== undefined && value) host.setEntries(owner, new Map([...[...owner.entries].filter(([name]) => name !== key), [key, value]]));
    return NULL;
  }),
  method<DictValue>('__contains__', (owner, args) => {
    const key = keyOf(argument(args, 0));
    if (key !== undefined && owner.entries.has(key)) return TRUE;
    const open = openOf(owner);
    return key === undefined || open !== undefined ? unknown(open ?? NOT_KNOWN, 'boolean') : FALSE;
  }),
  method<DictValue>('__getitem__', (owner, args, host) => valueAt(owner, argument(args, 0), host) ?? unknown('there is no such key')),
  method<DictValue>('__len__', (owner, _args, host) => {
    const keys = sequenceOf(owner, host);
    return 'items' in keys ? { kind: 'number', real: { kind: 'number', value: keys.items.length } } : unknown('how many keys it has is not known', 'number');
  }),
]);
