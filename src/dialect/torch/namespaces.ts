/** Namespaces of the library. */
import { opaqueThing } from '../common/opaque';
import { entry, type ModuleValue, type Value } from '../common/values';

const MEMBERS = new WeakMap<ModuleValue, Readonly<Record<string, Value>>>();

/** A namespace: names that it has, and for all others a value that says there is no rule. */
export function namespace(name: string, members: Readonly<Record<string, Value>>): ModuleValue {
  const value: ModuleValue = { kind: 'module', name, get: (member) => entry(members, member) ?? opaqueThing(`${name}.${member}`) };
  MEMBERS.set(value, members);
  return value;
}

/** The names that a namespace has. */
export const membersOf = (value: ModuleValue): Readonly<Record<string, Value>> => MEMBERS.get(value) ?? {};

/** A namespace of which no name has a rule. */
export const opaqueNamespace = (name: string): ModuleValue => namespace(name, {});
