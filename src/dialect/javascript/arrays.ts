/** `Array` and the typed arrays. */
import { type Arguments, boolean, type Host, type ListValue, list, type NativeValue, native, number, UNDEFINED, unknown, type Value } from '../../value/index';
import { LIST_CALLS } from './listCalls';
import { itemsOf, LIST_ITEMS, repeatedList } from './listItems';
import { argument, type Call, functions, type Members, namespaceOf, openList, reasonOf, unknownOf } from './reading';

export const LIST_MEMBERS: Members<ListValue> = new Map([...LIST_ITEMS, ...LIST_CALLS]);

/** `Array(n)`, `Array(a, b)`. */
const makeArray: Call = (args, host) => {
  if (args.open !== undefined) return openList(args.open);
  if (args.positional.length !== 1) return list(args.positional);
  const only = host.expect(argument(args, 0), 'number');
  return only.kind === 'number' || only.kind === 'unknown' ? repeatedList(only, UNDEFINED) : list([only]);
};

/** The items that `from` reads: those of an iterable, or as many as `length` says. */
function source(value: Value, host: Host): Value {
  if (value.kind === 'list') return value;
  const length = value.kind === 'dict' && value.flavour === 'object' ? host.member(value, 'length') : undefined;
  if (length && length.kind !== 'undefined') return repeatedList(host.expect(length, 'number'), UNDEFINED);
  const items = host.iterate(value);
  return 'unknown' in items ? openList(items.unknown) : list(items);
}

const from: Call = (args, host) => {
  const items = source(argument(args, 0), host);
  const call = args.positional[1];
  if (items.kind !== 'list') return unknownOf('list', items, 'it cannot be iterated');
  if (!call || call.kind === 'undefined')
    return { ...list(items.items), ...(items.times ? { times: items.times } : {}), ...(items.open === undefined ? {} : { open: items.open }) };
  return host.invoke(host.member(items, 'map'), call);
};

const isArray: Call = (args, host) => {
  const value = argument(args, 0);
  const known = host.isList(value);
  return known === undefined ? unknownOf('boolean', value, 'whether it is an array is not known') : boolean(known);
};

/** `Array.prototype.slice.call(list)`: a method apart from its list. */
function methodApart(name: string): NativeValue {
  const on = (object: Value, rest: readonly Value[], host: Host) => host.invoke(host.member(object, name), ...rest);
  return namespaceOf(`Array.prototype.${name}`, [
    ['call', native('call', (args, host) => on(argument(args, 0), args.positional.slice(1), host))],
    ['apply', native('apply', (args, host) => applyTo(argument(args, 0), argument(args, 1), (object, rest) => on(object, rest, host), host))],
  ]);
}

function applyTo(object: Value, given: Value, call: (object: Value, rest: readonly Value[]) => Value, host: Host): Value {
  const rest = given.kind === 'undefined' || given.kind === 'null' ? [] : host.iterate(given);
  return 'unknown' in rest ? unknown(rest.unknown) : call(object, rest);
}

const PROTOTYPE = namespaceOf(
  'Array.prototype',
  [...LIST_MEMBERS.keys()].map((name) => [name, methodApart(name)] as const),
);

export const ARRAY = namespaceOf('Array', [...functions('Array', { from, of: (args) => list(args.positional), isArray }), ['prototype', PROTOTYPE]], {
  call: makeArray,
  construct: makeArray,
});

const BYTES: { readonly [name: string]: number } = {
  Float32Array: 4,
  Float64Array: 8,
  Int8Array: 1,
  Int16Array: 2,
  Int32Array: 4,
  Uint8Array: 1,
  Uint8ClampedArray: 1,
  Uint16Array: 2,
  Uint32Array: 4,
};

/** A typed array: a list of numbers, of zeros where its length is given. */
const makeTyped: Call = (args: Arguments, host) => {
  const value = argument(args, 0);
  if (args.positional.length === 0) return list([]);
  if (value.kind === 'number') return repeatedList(value, number(0));
  if (value.kind === 'list') {
    const items = itemsOf(value, host);
    if (typeof items !== 'string') return list(items);
    return value.times ? { ...list(value.items), times: value.times } : openList(items);
  }
  return openList(reasonOf(value, 'the values are not known'));
};

/** Each typed array by its name. */
export const TYPED_ARRAYS: readonly (readonly [string, NativeValue])[] = Object.entries(BYTES).map(([name, bytes]) => [
  name,
  namespaceOf(name, [...functions(name, { from, of: (args) => list(args.positional) }), ['BYTES_PER_ELEMENT', number(bytes)]], {
    construct: makeTyped,
    call: makeTyped,
  }),
]);
