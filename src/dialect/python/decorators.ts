/** What decorators make of functions and classes. */
import type { Host, Value } from '../../value/index';

/** What a decorator that is known makes of a function or class; undefined leaves it as it is. */
export function pythonDecorated(_decorator: Value, _decorated: Value, _host: Host): Value | undefined {
  return undefined;
}
