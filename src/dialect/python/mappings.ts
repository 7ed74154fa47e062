/** What `Mapping` and `MutableMapping` give the classes that extend them: all through the class's own items and keys. */
import { type DictValue, type Host, type InstanceValue, keyOf, type NativeBase, NULL, native, object, type Value } from '../../value/index';
import { DICT_MEMBERS, entriesOf } from './dicts';
import { argument, type Call, definesMethod } from './reading';

const MOST_KEYS = 256;

/** The entries as the object's own `__iter__` and `__getitem__` say; open where they do not tell. */
function entriesIn(self: InstanceValue, host: Host): DictValue {
  const made = object([], 'map');
  if (!definesMethod(self, '__iter__') || !definesMethod(self, '__getitem__')) return { ...made, open: 'its keys are not followed' };
  const keys = host.iterate(self);
  if ('unknown' in keys) return { ...made, open: keys.unknown };
  if (keys.length > MOST_KEYS) return { ...made, open: 'it has more keys than are followed' };
  const get = host.member(self, '__getitem__');
  const named = keys.map((key) => [keyOf(key), key] as const);
  const entries = named.flatMap(([name, key]) => (name === undefined ? [] : [[name, host.invoke(get, key)] as const]));
  return { ...made, entries: new Map(entries), ...(entries.length < keys.length ? { open: 'a key is not known' } : {}) };
}

/** Sets entries through the object's own `__setitem__`. */
const update =
  (self: InstanceValue): Call =>
  (args, host) => {
    const added = entriesOf(args, host);
    const set = host.member(self, '__setitem__');
    if (typeof added === 'string') host.setOpen(self, added);
    else for (const [key, value] of added) host.invoke(set, { kind: 'string', value: key }, value);
    return NULL;
  };

/** The value, which is taken out through the object's own `__delitem__`. */
const pop =
  (self: InstanceValue): Call =>
  (args, host) => {
    const held = entriesIn(self, host);
    const value = DICT_MEMBERS.get('get')?.(held, host);
    const found = value ? host.call(value, args) : NULL;
    const key = keyOf(argument(args, 0));
    if (key !== undefined && held.entries.has(key)) host.invoke(host.member(self, '__delitem__'), argument(args, 0));
    return found;
  };

const READ: ReadonlySet<string> = new Set(['get', 'keys', 'values', 'items']);

function memberOf(self: InstanceValue, name: string, host: Host, mutable: boolean): Value | undefined {
  if (READ.has(name)) return DICT_MEMBERS.get(name)?.(entriesIn(self, host), host);
  if (mutable && name === 'update') return native('update', update(self));
  return mutable && name === 'pop' ? native('pop', pop(self)) : undefined;
}

/** The abstract class of that name, as a base. */
export const mappingBase = (name: string): NativeBase => ({
  name,
  initialise: () => undefined,
  member: (self, member, host) => memberOf(self, member, host, name === 'MutableMapping'),
  contents: entriesIn,
});
