/** Members of functions: `call`, `apply`, `bind`. */
import { type Arguments, type ClassValue, type FunctionValue, type Host, type NativeValue, native, string, unknown, type Value } from '../../value/index';
import { argument, type Member, method } from './reading';

type Callable = FunctionValue | NativeValue | ClassValue;

/** The function with its `this`; an arrow function keeps its own, a library's function has none. */
function withSelf(callee: Callable, self: Value): Callable {
  return callee.kind === 'function' && callee.definition.role !== 'arrow' && callee.self === undefined ? { ...callee, self } : callee;
}

/** The call's arguments from the place on. */
const rest = (args: Arguments, from: number): Arguments => ({ ...args, positional: args.positional.slice(from), spans: args.spans.slice(from) });

function apply(callee: Callable, args: Arguments, host: Host): Value {
  const given = argument(args, 1);
  const items = given.kind === 'undefined' || given.kind === 'null' ? [] : host.iterate(given);
  const made: Arguments = { ...args, positional: 'unknown' in items ? [] : items, spans: 'unknown' in items ? [] : items.map(() => args.span) };
  return host.call(withSelf(callee, argument(args, 0)), 'unknown' in items ? { ...made, open: items.unknown } : made);
}

function bind(callee: Callable, args: Arguments): Value {
  const bound = withSelf(callee, argument(args, 0));
  const first = rest(args, 1);
  if (first.positional.length === 0) return bound;
  return native('bound', (more, host) =>
    host.call(bound, { ...more, positional: [...first.positional, ...more.positional], spans: [...first.spans, ...more.spans] }),
  );
}

const nameOf = (callee: Callable): Value => (callee.kind === 'native' ? string(callee.name.replace(/^.*\./, '')) : string(callee.definition.name));

export const FUNCTION_MEMBERS: ReadonlyMap<string, Member<Callable>> = new Map([
  method<Callable>('call', (callee, args, host) => host.call(withSelf(callee, argument(args, 0)), rest(args, 1))),
  method<Callable>('apply', apply),
  method<Callable>('bind', bind),
  method<Callable>('toString', () => unknown('the text is not known', 'string')),
  ['name', nameOf],
]);
