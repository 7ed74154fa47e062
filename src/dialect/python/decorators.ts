/** What decorators make of functions and classes. */
import type { Host, Value } from '../../value/index';

/** Decorators of Python's own library that make something of what they decorate. */
const KNOWN = /^(?:identity|functools\.|dataclasses\.|enum\.unique|overload$|final$|override$|runtime_checkable$|no_type_check$|staticmethod$|classmethod$)/;

/** What a decorator that is known makes of a function or class; undefined leaves it as it is. */
export function pythonDecorated(decorator: Value, decorated: Value, host: Host): Value | undefined {
  if (decorator.kind !== 'native' || !decorator.call || !KNOWN.test(decorator.name)) return undefined;
  const made = host.invoke(decorator, decorated);
  return made.kind === decorated.kind ? made : undefined;
}
