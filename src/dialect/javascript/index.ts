/** JavaScript's own built-ins, as far as sizes and tensors flow through them. This file is the dialect's door. */
import { type Host, type NativeValue, number, UNDEFINED, unknown, type Value } from '../../value/index';
import { ARRAY, LIST_MEMBERS, TYPED_ARRAYS } from './arrays';
import { FUNCTION_MEMBERS } from './calling';
import { COLLECTIONS, MAP_MEMBERS, SET_MEMBERS } from './collections';
import { ENVIRONMENT, promiseMember } from './environment';
import { MATH } from './math';
import { BOOLEAN, IS_FINITE, IS_NAN, NUMBER, NUMBER_MEMBERS, PARSE_FLOAT, PARSE_INT } from './numbers';
import { OBJECT, OBJECT_MEMBERS } from './objects';
import { STRING, STRING_MEMBERS } from './strings';

const named: readonly (readonly [string, Value])[] = [
  ['undefined', UNDEFINED],
  ['NaN', number(Number.NaN)],
  ['Infinity', number(Number.POSITIVE_INFINITY)],
  ['Math', MATH],
  ['Number', NUMBER],
  ['String', STRING],
  ['Boolean', BOOLEAN],
  ['Array', ARRAY],
  ['Object', OBJECT],
  ['parseInt', PARSE_INT],
  ['parseFloat', PARSE_FLOAT],
  ['isNaN', IS_NAN],
  ['isFinite', IS_FINITE],
  ...COLLECTIONS,
  ...TYPED_ARRAYS,
  ...ENVIRONMENT,
];

const globals = new Map(named);

/** The object of all globals, under each of its names. */
const GLOBAL_THIS: NativeValue = {
  kind: 'native',
  name: 'globalThis',
  member: (name) => globals.get(name) ?? unknown(`what \`globalThis.${name}\` holds is not known`),
};
for (const name of ['globalThis', 'window', 'self', 'global']) globals.set(name, GLOBAL_THIS);

/** Names that are there without an import. */
export const javascriptGlobals: ReadonlyMap<string, Value> = globals;

/** A member of a list, string, number, object, Map, Set or function; undefined where JavaScript has none either. */
export function javascriptMember(object: Value, name: string, host: Host): Value | undefined {
  return ownMember(object, name, host) ?? promiseMember(object, name) ?? withoutRule(object, name);
}

function ownMember(object: Value, name: string, host: Host): Value | undefined {
  switch (object.kind) {
    case 'list':
      return LIST_MEMBERS.get(name)?.(object, host);
    case 'string':
      return STRING_MEMBERS.get(name)?.(object, host);
    case 'number':
      return NUMBER_MEMBERS.get(name)?.(object, host);
    case 'function':
    case 'native':
    case 'class':
      return FUNCTION_MEMBERS.get(name)?.(object, host);
    case 'dict': {
      const members = object.flavour === 'map' ? MAP_MEMBERS : object.flavour === 'set' ? SET_MEMBERS : undefined;
      return members?.get(name)?.(object, host) ?? OBJECT_MEMBERS.get(name)?.(object, host);
    }
    case 'boolean':
    case 'instance':
      return OBJECT_MEMBERS.get(name)?.(object, host);
    case 'shape':
      return unknown(object.of.reason ?? 'the rank is not known', name === 'length' ? 'number' : undefined);
    default:
      return undefined;
  }
}

/** What JavaScript has and this dialect does not is unknown, not undefined. */
function withoutRule(object: Value, name: string): Value | undefined {
  const prototypes: { readonly [kind: string]: object } = {
    list: Array.prototype,
    string: String.prototype,
    number: Number.prototype,
    function: Function.prototype,
    dict: Object.prototype,
  };
  const prototype =
    object.kind === 'dict' && object.flavour !== 'object' ? (object.flavour === 'map' ? Map.prototype : Set.prototype) : prototypes[object.kind];
  return prototype && name in prototype ? unknown(`no rule for \`${name}\``) : undefined;
}
