/** The names that are there without an import. */
import { numberOfReal } from '../../dim/index';
import { type Arguments, FALSE, type Host, type NativeValue, NULL, native, number, object, string, TRUE, unknown, type Value } from '../../value/index';
import { holdingBase, plainBase } from './bases';
import { classOf, isInstanceCall, isSubclassCall } from './classes';
import { length, range } from './counting';
import { dictBase } from './dictBase';
import { DICT_MEMBERS, fromKeys, makeDict } from './dicts';
import { exceptionClass } from './exceptions';
import { LIST_MEMBERS } from './lists';
import { absolute, divmod, NUMBER_MEMBERS, power, rounded, toBool, toFloat, toInt } from './numbers';
import { deleteAttribute, getAttribute, hasAttribute, namesOf, setAttribute, variables } from './objects';
import { argument, type Call, itemsOf, type Members, reasonOf, rest, unknownOf } from './reading';
import { all, any, enumerate, filter, iterator, made, map, maximum, minimum, next, reversed, sorted, sum, zip } from './sequences';
import { SET_MEMBERS, setOf } from './sets';
import { STRING_MEMBERS, toText } from './strings';
import { formatted, joinedText, reprOf } from './text';

/** Methods of a class that are called with their object given: `str.lower`, `list.append`. */
function apart<T extends Value>(members: Members<T>, is: (value: Value) => value is T): readonly (readonly [string, Value])[] {
  return [...members.keys()].map((name) => [
    name,
    native(name, (args: Arguments, host: Host) => {
      const owner = argument(args, 0);
      const bound = is(owner) ? members.get(name)?.(owner, host) : undefined;
      return bound ? host.call(bound, rest(args, 1)) : unknown(reasonOf(owner, `no rule for \`${name}\` here`));
    }),
  ]);
}

const ofKind =
  <K extends Value['kind']>(kind: K) =>
  (value: Value): value is Extract<Value, { kind: K }> =>
    value.kind === kind;

const makeSet: Call = (args, host) => (args.positional.length === 0 ? setOf(args.open ?? []) : setOf(itemsOf(argument(args, 0), host)));

export const INT = classOf('int', toInt, apart(NUMBER_MEMBERS, ofKind('number')), { base: plainBase('int') });
export const FLOAT = classOf('float', toFloat, apart(NUMBER_MEMBERS, ofKind('number')), { base: plainBase('float') });
export const BOOL = classOf('bool', toBool);
export const STR = classOf('str', toText, apart(STRING_MEMBERS, ofKind('string')), { base: plainBase('str') });
export const LIST = classOf('list', made(false), apart(LIST_MEMBERS, ofKind('list')), { base: holdingBase('list') });
export const TUPLE = classOf('tuple', made(true), apart(LIST_MEMBERS, ofKind('list')), { base: holdingBase('tuple') });
export const DICT = classOf('dict', makeDict, [...apart(DICT_MEMBERS, ofKind('dict')), ['fromkeys', native('dict.fromkeys', fromKeys)]], {
  base: dictBase('dict', makeDict),
});
export const SET = classOf('set', makeSet, apart(SET_MEMBERS, ofKind('dict')), { base: holdingBase('set') });
export const FROZENSET = classOf('frozenset', makeSet, apart(SET_MEMBERS, ofKind('dict')), { base: holdingBase('frozenset') });
export const OBJECT = classOf('object', () => object(), [['__setattr__', native('object.__setattr__', setAttribute)]], { base: plainBase('object') });
export const NONE_TYPE = classOf('NoneType', () => NULL);
const FUNCTION_TYPE = classOf('function', () => unknown('functions are not made so'));

/** The class of a value, where it is known. */
function typeOf(value: Value, host: Host): Value {
  switch (value.kind) {
    case 'instance': {
      const own = value.cls ?? host.member(value, '__class__');
      return own.kind === 'undefined' ? unknown("the class of a library's object is not followed") : own;
    }
    case 'number':
      return typeOfNumber(value);
    case 'string':
      return STR;
    case 'boolean':
      return BOOL;
    case 'null':
      return NONE_TYPE;
    case 'list':
      return value.shapeOf ? unknown('it is a `torch.Size`') : value.tuple ? TUPLE : LIST;
    case 'dict':
      return value.parameter !== undefined || value.flavour === 'object' ? unknown('its class is not known') : value.flavour === 'map' ? DICT : SET;
    case 'function':
      return FUNCTION_TYPE;
    case 'class':
      return TYPE;
    case 'tensor': {
      const own = host.member(value, '__class__');
      return own.kind === 'undefined' ? unknown('the class of a tensor is not followed') : own;
    }
    default:
      return unknown(reasonOf(value, 'its class is not known'));
  }
}

function typeOfNumber(value: Value & { kind: 'number' }): Value {
  const known = numberOfReal(value.real);
  if (known !== undefined) return Number.isInteger(known) ? INT : FLOAT;
  return value.real.kind === 'size' ? INT : unknown('whether it is an int is not known');
}

/** `type(value)`; with three arguments it makes a class. */
export const TYPE: NativeValue = classOf(
  'type',
  (args, host) => (args.positional.length > 1 ? unknown('classes that are made by a call are not followed') : typeOf(argument(args, 0), host)),
  [],
  {
    base: plainBase('type'),
  },
);

const callable: Call = (args, host) => {
  const value = argument(args, 0);
  if (['function', 'native', 'class'].includes(value.kind)) return TRUE;
  if (value.kind === 'instance') {
    const own = ['__call__', 'forward'].some((name) => ['function', 'native'].includes(host.member(value, name).kind));
    if (own || value.native?.call) return TRUE;
    return value.open === undefined ? FALSE : unknown(value.open, 'boolean');
  }
  return value.kind === 'unknown' ? unknown(value.reason, 'boolean') : FALSE;
};

const represented: Call = (args) => {
  const text = reprOf(argument(args, 0));
  return text === undefined ? unknown('the text is not known', 'string') : string(text);
};

const format: Call = (args) => {
  const [value, spec] = [argument(args, 0), args.positional[1] ?? string('')];
  const text = spec.kind === 'string' ? formatted(value, spec.value) : undefined;
  return text === undefined ? joinedText([value]) : string(text);
};

const ordinal: Call = (args) => {
  const value = argument(args, 0);
  return value.kind === 'string' ? number(value.value.codePointAt(0) ?? 0) : unknownOf('number', value, 'the character is not known');
};

const character: Call = (args) => {
  const value = argument(args, 0);
  const known = value.kind === 'number' ? numberOfReal(value.real) : undefined;
  return known !== undefined && known >= 0 && known <= 0x10ffff
    ? string(String.fromCodePoint(known))
    : unknownOf('string', value, 'the character is not known');
};

/** `slice(start, stop, step)`: an object with the three. */
const slice: Call = (args) => {
  const given = args.positional;
  const [start, stop, step] = given.length < 2 ? [NULL, given[0] ?? NULL, NULL] : [given[0] ?? NULL, given[1] ?? NULL, given[2] ?? NULL];
  const parts: { readonly [name: string]: Value } = { start, stop, step };
  return { kind: 'native', name: 'slice', member: (name) => (Object.hasOwn(parts, name) ? parts[name] : undefined) };
};

const nothing: Call = () => NULL;
const because =
  (reason: string, type?: 'number' | 'string'): Call =>
  () =>
    unknown(reason, type);

const CALLS: { readonly [name: string]: Call } = {
  len: length,
  enumerate,
  zip,
  map,
  filter,
  reversed,
  sorted,
  sum,
  min: minimum,
  max: maximum,
  any,
  all,
  iter: iterator,
  next,
  abs: absolute,
  round: rounded,
  pow: power,
  divmod,
  repr: represented,
  ascii: represented,
  format,
  isinstance: isInstanceCall,
  issubclass: isSubclassCall,
  callable,
  getattr: getAttribute,
  setattr: setAttribute,
  hasattr: hasAttribute,
  delattr: deleteAttribute,
  vars: variables,
  locals: variables,
  globals: () => ({ ...object([], 'map'), open: 'global names are not listed' }),
  dir: namesOf,
  print: nothing,
  breakpoint: nothing,
  exit: nothing,
  quit: nothing,
  help: nothing,
  ord: ordinal,
  chr: character,
  id: because('identities are not followed', 'number'),
  hash: because('hashes are not followed', 'number'),
  input: because('what is typed in is not known', 'string'),
  open: because('files are not read'),
  eval: because('text is not run as code'),
  exec: because('text is not run as code'),
  compile: because('text is not run as code'),
  __import__: because('modules that are imported by a call are not followed'),
  hex: because('the text is not followed', 'string'),
  bin: because('the text is not followed', 'string'),
  oct: because('the text is not followed', 'string'),
  bytes: because('bytes are not followed'),
  bytearray: because('bytes are not followed'),
  memoryview: because('bytes are not followed'),
  complex: because('complex numbers are not followed', 'number'),
};

const EXCEPTIONS =
  'BaseException Exception ArithmeticError AssertionError AttributeError EOFError FileExistsError FileNotFoundError FloatingPointError ImportError IndexError IOError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotImplementedError OSError OverflowError PermissionError RecursionError ReferenceError RuntimeError StopIteration SyntaxError SystemError SystemExit TimeoutError TypeError UnicodeDecodeError UnicodeError ValueError ZeroDivisionError Warning DeprecationWarning FutureWarning PendingDeprecationWarning RuntimeWarning UserWarning ImportWarning ResourceWarning GeneratorExit ConnectionError';

/** A constant that is only told apart. */
const token = (name: string): NativeValue => ({ kind: 'native', name });

/** `property(get)`, `staticmethod(f)`, `classmethod(f)` called, not written as decorators. */
const wrapping = (name: string): NativeValue => native(name, (args) => argument(args, 0, 'fget'));

export const BUILTINS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...Object.entries(CALLS).map(([name, call]) => [name, native(name, call)] as const),
  ...[INT, FLOAT, BOOL, STR, LIST, TUPLE, DICT, SET, FROZENSET, OBJECT, TYPE].map((cls) => [cls.name, cls] as const),
  ...EXCEPTIONS.split(' ').map((name) => [name, exceptionClass(name)] as const),
  ...['property', 'staticmethod', 'classmethod'].map((name) => [name, wrapping(name)] as const),
  ['range', classOf('range', range)],
  ['slice', classOf('slice', slice)],
  ['NotImplemented', token('NotImplemented')],
  ['Ellipsis', token('Ellipsis')],
  ['__debug__', TRUE],
]);
