/** `functools`: partial application, folding, and wrappers that change nothing that sizes see. */
import { type Arguments, type Host, list, NULL, native, object, string, unknown, type Value } from '../../../value/index';
import { partialObject } from '../classes';
import { argument, type Call, functions, itemsOf, moduleOf, rest } from '../reading';

/** `partial(function, …)`: the call's arguments come after those given here; its names go before. */
const partial: Call = (args) => {
  const callee = argument(args, 0);
  const first = rest(args, 1);
  const call = (more: Arguments, host: Host): Value => host.call(callee, joinedArguments(first, more));
  return partialObject({
    kind: 'native',
    name: callee.kind === 'native' ? callee.name : 'partial',
    call,
    member: (name, host) => partialMember(name, callee, first, host),
  });
};

function joinedArguments(first: Arguments, more: Arguments): Arguments {
  const open = first.open ?? more.open;
  const openNames = first.openNames ?? more.openNames;
  return {
    ...more,
    positional: first.open === undefined ? [...first.positional, ...more.positional] : first.positional,
    spans: first.open === undefined ? [...first.spans, ...more.spans] : first.spans,
    named: new Map([...first.named, ...more.named]),
    ...(open === undefined ? {} : { open }),
    ...(openNames === undefined ? {} : { openNames }),
  };
}

function partialMember(name: string, callee: Value, first: Arguments, host: Host): Value | undefined {
  if (name === 'func') return callee;
  if (name === 'args') return list(first.positional, true);
  if (name === 'keywords') return object(first.named, 'map');
  return name === '__name__' || name === '__qualname__' ? undefined : host.member(callee, name);
}

/** `reduce(function, items, initial)`. */
const reduce: Call = (args, host) => {
  const call = argument(args, 0);
  const items = itemsOf(argument(args, 1), host);
  if (typeof items === 'string') return unknown(items);
  const initial = args.positional[2];
  const [first, ...others] = initial ? [initial, ...items] : items;
  return first ? others.reduce<Value>((made, item) => host.invoke(call, made, item), first) : unknown('it is given nothing');
};

/** A decorator that gives the function itself: with it, or called to make it. */
const transparent: Call = (args) => {
  const only = argument(args, 0);
  return args.positional.length === 1 && isFunction(only) ? only : IDENTITY;
};

const isFunction = (value: Value): boolean => value.kind === 'function' || value.kind === 'native' || value.kind === 'class';

/** Gives what it is given. */
export const IDENTITY = native('identity', (args) => argument(args, 0));

export const FUNCTOOLS = moduleOf('functools', [
  ...functions('functools', {
    partial,
    partialmethod: partial,
    reduce,
    lru_cache: transparent,
    cache: transparent,
    cached_property: transparent,
    total_ordering: transparent,
    singledispatch: transparent,
    wraps: () => IDENTITY,
    update_wrapper: (args) => argument(args, 0),
    cmp_to_key: () => unknown('orders by a function are not followed'),
  }),
  ['WRAPPER_ASSIGNMENTS', list([string('__name__')], true)],
  ['__doc__', NULL],
]);
