/** `dict` and what is like it as bases of the user's classes: their objects hold what a dict holds. */
import { type DictValue, type Host, type InstanceValue, keyOf, type NativeBase, NULL, native, object, unknown, type Value } from '../../value/index';
import { addAll, DICT_MEMBERS, valueAt } from './dicts';
import { argument, type Call } from './reading';

/** No name that code can write. */
const CONTENTS = '<contents>';

/** What an object holds; nothing where its constructor has not said. */
function contentsOf(self: InstanceValue, host: Host): DictValue {
  const held = self.members.get(CONTENTS);
  if (held?.kind === 'dict') return held;
  const empty = object([], 'map');
  host.setMember(self, CONTENTS, empty);
  return empty;
}

function setItem(self: InstanceValue, key: Value, value: Value, host: Host): void {
  const text = keyOf(key);
  addAll(contentsOf(self, host), text === undefined ? 'an entry with an unknown key was set' : [[text, value]], host);
}

function itemOf(self: InstanceValue, key: Value, host: Host): Value {
  const found = valueAt(contentsOf(self, host), key, host);
  const missing = found ?? host.member(self, '__missing__');
  if (found || missing.kind !== 'function') return found ?? unknown('there is no such key');
  return host.invoke(missing, key);
}

/** The methods of a dict, on what the object holds. */
function memberOf(self: InstanceValue, name: string, host: Host): Value | undefined {
  if (name === '__getitem__') return native(name, (args, inner) => itemOf(self, argument(args, 0), inner));
  if (name !== '__setitem__') return DICT_MEMBERS.get(name)?.(contentsOf(self, host), host);
  return native(name, (args, inner) => {
    setItem(self, argument(args, 0), argument(args, 1), inner);
    return NULL;
  });
}

/** A class whose objects are dicts; `make` gives what its constructor's arguments are as one. */
export const dictBase = (name: string, make: Call): NativeBase => ({
  name,
  initialise(self, args, host) {
    const made = make(args, host);
    if (made.kind === 'dict') host.setMember(self, CONTENTS, made);
    else host.setMember(self, CONTENTS, { ...object([], 'map'), open: 'what it holds is not known' });
    // Code often makes entries readable as attributes: where it says how, that is followed.
    if (host.member(self, '__getattr__').kind !== 'function')
      host.setOpen(self, `what an object that is a \`${name}\` has besides what it holds is not followed`);
  },
  member: memberOf,
  contents: contentsOf,
  item: (self, index, host) => (index.kind === 'item' ? itemOf(self, index.value, host) : unknown('a dict has no slices')),
  setItem(self, index, value, host) {
    if (index.kind === 'item') setItem(self, index.value, value, host);
  },
});
