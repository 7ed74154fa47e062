/** Objects and their attributes: `getattr`, `setattr`, `hasattr`, `vars`, `type`. */
import {
  type Arguments,
  boolean,
  type ClassValue,
  type DictValue,
  type FunctionValue,
  type Host,
  type InstanceValue,
  type NativeValue,
  NULL,
  native,
  object,
  string,
  unknown,
  type Value,
} from '../../value/index';
import { ancestry } from './classes';
import { DICT_MEMBERS, entriesOf } from './dicts';
import { argument, type Call, isNone, openList, reasonOf } from './reading';

/** The name of an attribute, where it is known, or as far as it is: `block*`. */
export function attributeName(value: Value): string | undefined {
  if (value.kind === 'string') return value.value;
  return value.kind === 'unknown' && value.pattern !== '*' ? value.pattern : undefined;
}

/** `getattr(object, name, default)`. */
export const getAttribute: Call = (args, host) => {
  const [owner, key] = [argument(args, 0), argument(args, 1)];
  const name = attributeName(key);
  if (name === undefined) return unknown(reasonOf(key, 'the name is not known'));
  const found = key.kind === 'string' ? host.member(owner, name) : fieldOf(owner, name);
  const [, , otherwise] = args.positional;
  if (otherwise && found?.kind === 'unknown' && isUntold(owner, name)) return otherwise;
  if (found && found.kind !== 'undefined') return found;
  if (!otherwise && found && owner.kind === 'instance') host.lacks();
  return otherwise ?? unknown(key.kind === 'string' ? `it has no \`${name}\` that is known` : 'the name is not known');
};

/** Whether only a base that is not known could have the attribute: who gives a default reckons with its not being there. */
function isUntold(owner: Value, name: string): boolean {
  if (owner.kind !== 'instance' || !owner.cls || owner.open !== undefined || owner.members.has(name)) return false;
  return !ancestry(owner.cls).classes.some(
    (one) => one.kind === 'class' && (one.members.has(name) || one.definition.methods.some((method) => method.name === name)),
  );
}

const fieldOf = (owner: Value, name: string): Value | undefined =>
  owner.kind === 'instance' ? owner.members.get(name) : owner.kind === 'dict' ? owner.entries.get(name) : undefined;

/** `setattr(object, name, value)`. */
export const setAttribute: Call = (args, host) => {
  const [owner, key, value] = [argument(args, 0), argument(args, 1), argument(args, 2)];
  const name = attributeName(key);
  if (owner.kind === 'instance' && name !== undefined) setField(owner, name, value, host);
  else if (owner.kind === 'dict' && name !== undefined) host.setMember(owner, name, value);
  else if (owner.kind === 'instance' || owner.kind === 'dict') host.setOpen(owner, reasonOf(key, 'a name that was set is not known'));
  return NULL;
};

/** Sets a field as an assignment does: a library class that the object's descends from is told. */
export function setField(owner: InstanceValue, name: string, value: Value, host: Host): void {
  const base = owner.cls && ancestry(owner.cls).classes.find((one) => one.kind === 'native' && one.base !== undefined);
  if (base?.kind === 'native') base.base?.set?.(owner, name, value, host);
  host.setMember(owner, name, value);
}

/** `hasattr(object, name)`. */
export const hasAttribute: Call = (args, host) => {
  const [owner, key] = [argument(args, 0), argument(args, 1)];
  if (key.kind !== 'string' || owner.kind === 'unknown') return unknown(reasonOf(key, reasonOf(owner, 'the name is not known')), 'boolean');
  const found = host.member(owner, key.value);
  if (found.kind === 'undefined') return owner.kind === 'tensor' ? unknown(`whether tensors have \`${key.value}\` is not known`, 'boolean') : boolean(false);
  const isOpen = found.kind === 'unknown' && found.parameter === undefined && !(owner.kind === 'instance' && owner.members.has(key.value));
  return isOpen && found.kind === 'unknown' ? unknown(found.reason, 'boolean') : boolean(true);
};

/** `dir(object)`: its names are not listed, but asked for one by one. */
export const namesOf: Call = (args) => {
  const asked: Call = (inner, host) => hasAttribute({ ...inner, positional: [argument(args, 0), argument(inner, 0)] }, host);
  return {
    kind: 'native',
    name: 'dir',
    member: (name) => (name === '__contains__' ? native('dir.__contains__', asked) : undefined),
    items: () => openList('names are not listed'),
  };
};

/** `delattr(object, name)`: the attribute is not known from then on. */
export const deleteAttribute: Call = (args, host) => {
  const [owner, key] = [argument(args, 0), argument(args, 1)];
  if (owner.kind === 'instance' && key.kind === 'string') host.setMember(owner, key.value, unknown('it was deleted'));
  return NULL;
};

const NOT_THERE = 'it has no such attribute that is known';

/** The attributes of an object as a dict; what is set in it is set on the object. */
export function attributesOf(owner: InstanceValue): Value {
  const snapshot = (): DictValue => ({ ...object(owner.members, 'map'), ...(owner.open === undefined ? {} : { open: owner.open }) });
  const update: Call = (args: Arguments, host) => {
    const added = entriesOf(args, host);
    if (typeof added === 'string') host.setOpen(owner, added);
    else for (const [name, value] of added) setField(owner, name, value, host);
    return NULL;
  };
  return {
    kind: 'native',
    name: '__dict__',
    member: (name, host) => (name === 'update' ? native('update', update) : DICT_MEMBERS.get(name)?.(snapshot(), host)),
    item: (index) => (index.kind === 'item' && index.value.kind === 'string' ? owner.members.get(index.value.value) : undefined) ?? unknown(NOT_THERE),
    setItem: (index, value, host) => {
      const name = index.kind === 'item' ? attributeName(index.value) : undefined;
      if (name === undefined) host.setOpen(owner, 'a name that was set is not known');
      else setField(owner, name, value, host);
    },
    items: snapshot,
  };
}

/** `vars(object)`. */
export const variables: Call = (args) => {
  const owner = argument(args, 0);
  if (isNone(owner)) return { ...object([], 'map'), open: 'local names are not listed' };
  if (owner.kind === 'instance') return { ...object(owner.members, 'map'), ...(owner.open === undefined ? {} : { open: owner.open }) };
  return owner.kind === 'dict' ? { ...owner, flavour: 'map' } : unknown(reasonOf(owner, 'its attributes are not known'));
};

/** A method apart from its object. */
function unbound({ self: _self, ...apart }: FunctionValue): Value {
  return apart;
}

/** A function's or class's own name. */
function nameOf(owner: FunctionValue | NativeValue | ClassValue): string {
  if (owner.kind === 'native') return owner.name.replace(/^.*\./, '');
  return owner.kind === 'function' && owner.definition.role === 'arrow' ? '<lambda>' : owner.definition.name;
}

/** Members that functions and classes of any kind have. */
export function memberOfCallable(owner: FunctionValue | NativeValue | ClassValue, name: string): Value | undefined {
  switch (name) {
    case '__name__':
    case '__qualname__':
      return string(nameOf(owner));
    case '__module__':
      return unknown('the name of the module is not known', 'string');
    case '__doc__':
      return owner.kind === 'native' ? NULL : owner.definition.doc === undefined ? NULL : string(owner.definition.doc);
    case '__call__':
      return owner;
    case '__func__':
    case '__wrapped__':
      return owner.kind === 'function' ? unbound(owner) : owner;
    case '__self__':
      return owner.kind === 'function' ? owner.self : undefined;
    case '__get__':
      return native('__get__', (args) => (owner.kind === 'function' ? { ...owner, self: argument(args, 0) } : owner));
    default:
      return undefined;
  }
}

/** Members that every object has. */
export function memberOfObject(owner: InstanceValue, name: string): Value | undefined {
  if (name === '__class__') return owner.cls;
  if (name === '__dict__') return attributesOf(owner);
  return name === '__doc__' || name === '__module__' ? unknown('it is not followed', 'string') : undefined;
}
