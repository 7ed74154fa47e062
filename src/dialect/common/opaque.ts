/** Library things that shapes do not flow through: any use of them is unknown, and says why. */
import { type NativeValue, native, unknown } from './values';

/** A thing whose members and calls are not modelled. */
export function opaqueThing(name: string, reason = `no rule for \`${name}\``): NativeValue {
  return {
    kind: 'native',
    name,
    call: () => unknown(reason),
    construct: () => opaqueThing(name, reason),
    member: (member) => opaqueThing(`${name}.${member}`, reason),
  };
}

/** A class that user code may extend, and about whose instances nothing is known. */
export function opaqueClass(name: string): NativeValue {
  return {
    ...opaqueThing(name),
    base: {
      name,
      initialise: () => undefined,
      member: (_, member) => (member === 'getConfig' ? native(`${name}.getConfig`, () => unknown(`no rule for \`${name}\``)) : undefined),
    },
  };
}
