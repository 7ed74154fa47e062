/** Namespaces of the library. */
import { opaqueThing } from '../common/opaque';
import { entry, type ModuleValue, type Value } from '../common/values';

/** A namespace: names that it has, and for all others a value that says there is no rule. */
export function namespace(name: string, members: Readonly<Record<string, Value>>): ModuleValue {
  return { kind: 'module', name, get: (member) => entry(members, member) ?? (member === '__name__' ? undefined : opaqueThing(`${name}.${member}`)) };
}

/** A namespace of which no name has a rule. */
export const opaqueNamespace = (name: string): ModuleValue => namespace(name, {});
