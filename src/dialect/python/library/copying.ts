/** `copy`: copies of lists and dicts; a module that is copied has weights of its own where the library can make them. */
import type { Host, InstanceValue, Value } from '../../../value/index';
import { copyOfList } from '../operations';
import { argument, functions, moduleOf } from '../reading';
import { copyOfDict } from '../sets';

/** A new value with the same parts. */
function shallow(value: Value): Value {
  if (value.kind === 'list') return copyOfList(value);
  if (value.kind === 'dict') return copyOfDict(value);
  return value.kind === 'instance' ? { ...value, members: new Map(value.members), state: new Map(value.state) } : value;
}

/** A new value with copies of all its parts; one part that stands in several places stays one. */
export function deepCopy(value: Value, host: Host, copies = new Map<Value, Value>()): Value {
  const known = copies.get(value);
  if (known) return known;
  const deep = (part: Value): Value => deepCopy(part, host, copies);
  switch (value.kind) {
    case 'list': {
      const made = copyOfList(value);
      copies.set(value, made);
      made.items = value.items.map(deep);
      return made;
    }
    case 'dict': {
      const made = copyOfDict(value);
      copies.set(value, made);
      made.entries = new Map([...value.entries].map(([key, item]) => [key, deep(item)]));
      return made;
    }
    case 'instance':
      return copyOfInstance(value, deep, host, copies);
    default:
      return value;
  }
}

function copyOfInstance(value: InstanceValue, deep: (part: Value) => Value, host: Host, copies: Map<Value, Value>): Value {
  const own = host.member(value, '__deepcopy__');
  if (own.kind === 'function' || own.kind === 'native') return host.invoke(own);
  const made: InstanceValue = { ...value, members: new Map(), state: new Map() };
  copies.set(value, made);
  made.members = new Map([...value.members].map(([name, part]) => [name, deep(part)]));
  made.state = new Map([...value.state].map(([key, part]) => [key, isContents(part) ? deep(part) : part]));
  return made;
}

/** State may hold the list or dict of what an object contains. */
const isContents = (part: unknown): part is Value =>
  typeof part === 'object' && part !== null && 'kind' in part && (part.kind === 'list' || part.kind === 'dict');

export const COPY = moduleOf(
  'copy',
  functions('copy', {
    copy: (args) => shallow(argument(args, 0, 'x')),
    deepcopy: (args, host) => deepCopy(argument(args, 0, 'x'), host),
    replace: (args) => shallow(argument(args, 0)),
  }),
);
