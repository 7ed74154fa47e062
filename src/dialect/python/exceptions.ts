/** Exceptions as classes: they can be made, raised and extended. */
import { list, type NativeValue, object, string, type Value } from '../../value/index';
import { classOf } from './classes';

/** An exception's class. */
export function exceptionClass(name: string): NativeValue {
  return classOf(name, (args) => object([['args', list(args.positional, true)]]), [], {
    base: {
      name,
      initialise: (self, args, host) => host.setMember(self, 'args', list(args.positional, true)),
      member: (_self, member): Value | undefined => (member === '__name__' ? string(name) : undefined),
    },
  });
}
