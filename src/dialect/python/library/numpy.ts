/** `numpy`, as far as sizes flow through it: plain numbers, and arrays of them as lists. */
import { applyReal, numberOfReal, type Real, realOf } from '../../../dim/index';
import {
  type Arguments,
  asNumber,
  asSize,
  FALSE,
  type Host,
  type ListValue,
  list,
  NULL,
  number,
  real,
  type TensorValue,
  TRUE,
  unknown,
  type Value,
} from '../../../value/index';
import { opaqueThing } from '../../common/opaque';
import { asArray, isArray, overArrays } from '../arrays';
import { classOf } from '../classes';
import { range } from '../counting';
import { applied, realOfValue, roundHalfEven, toFloat, toInt } from '../numbers';
import { operate } from '../operations';
import { argument, type Call, functions, itemsOf, mapped, moduleOf, openList, reasonOf, repeated, sequenceOf, unknownOf } from '../reading';
import { maximum, minimum } from '../sequences';
import { MATH_CALLS, product } from './math';

const NOT_FOLLOWED = 'such arrays of numpy are not followed';

/** A function of each number of an array, or of one number. */
const each =
  (call: (value: Value, host: Host) => Value): Call =>
  (args, host) => {
    const given = argument(args, 0);
    if (given.kind === 'tensor') return alike(given, host);
    return given.kind === 'list' ? overAll(given, (item) => call(item, host), host) : call(given, host);
  };

/** Of an array with several axes its shape is followed: it is held as a tensor. */
const alike = ({ shape, dtype }: TensorValue, host: Host): Value => (shape ? host.constant(shape, dtype, null) : host.unknownTensor(NOT_FOLLOWED, [], dtype));

/** A function that gives an array of its operand's shape. */
const sameShape: Call = (args, host) => {
  const given = argument(args, 0);
  return given.kind === 'tensor' ? alike(given, host) : unknown(reasonOf(given, NOT_FOLLOWED));
};

function overAll(given: ListValue, call: (item: Value) => Value, host: Host): ListValue {
  return asArray(mapped(sequenceOf(given, host), (item) => (item.kind === 'list' ? overAll(item, call, host) : call(item)), host));
}

/** Items of lists, and of lists in them. */
function flat(value: Value, host: Host): readonly Value[] | string {
  if (value.kind !== 'list') return value.kind === 'unknown' ? value.reason : [value];
  const items = itemsOf(value, host);
  if (typeof items === 'string') return items;
  const parts = items.map((item) => flat(item, host));
  const open = parts.find((part) => typeof part === 'string');
  return typeof open === 'string' ? open : (parts as readonly (readonly Value[])[]).flat();
}

/** A fold of all items: along an axis it is not followed. */
function folded(fold: (items: readonly Value[], args: Arguments, host: Host) => Value): Call {
  return (args, host) => {
    const given = argument(args, 0);
    if (given.kind === 'tensor') return unknown('numpy makes an array of the tensor');
    const axis = args.positional[1] ?? args.named.get('axis');
    const isDeep = given.kind === 'list' && given.items.some((item) => item.kind === 'list');
    const items = axis && axis.kind !== 'null' && isDeep ? NOT_FOLLOWED : flat(given, host);
    return typeof items === 'string' ? unknown(items, 'number') : fold(items, args, host);
  };
}

const prod: Call = (args, host) => {
  const given = argument(args, 0);
  return given.kind === 'list' && given.times
    ? product(args, host)
    : folded((items) => product({ ...args, positional: [list(items)], named: new Map() }, host))(args, host);
};

const sum = (items: readonly Value[], host: Host): Value => items.reduce<Value>((all, item) => operate('+', all, item, host), number(0));

/** `array(…)`, `asarray(…)`: of lists of numbers. */
const array: Call = (args, host) => {
  const given = argument(args, 0);
  if (given.kind === 'list') return overAll(given, (item) => item, host);
  if (given.kind === 'number' || given.kind === 'boolean') return given;
  return unknown(reasonOf(given, NOT_FOLLOWED));
};

const arange: Call = (args, host) => {
  const plain = args.positional.map((value) => asNumber(value));
  if (plain.every((value) => value !== undefined) && !plain.every((value) => Number.isInteger(value))) return steps(plain as readonly number[]);
  const made = range(args, host);
  return made.kind === 'list' ? asArray(made) : made;
};

function steps(bounds: readonly number[]): Value {
  const [from = 0, to = 0, by = 1] = bounds.length < 2 ? [0, ...bounds] : bounds;
  const count = Math.max(0, Math.ceil((to - from) / by));
  return count > 4096 ? asArray(openList('it is too long')) : asArray(list(Array.from({ length: count }, (_, at) => number(from + at * by))));
}

/** `linspace(start, stop, num)`. */
const linspace: Call = (args, host) => {
  const [start, stop, count] = [argument(args, 0, 'start'), argument(args, 1, 'stop'), args.positional[2] ?? args.named.get('num') ?? number(50)];
  const [from, to] = [realOfValue(start, host), realOfValue(stop, host)];
  const read = host.expect(count, 'size');
  const [known, times] = [asNumber(read), asSize(read)];
  const excludes = args.named.get('endpoint');
  const last = excludes?.kind === 'boolean' && !excludes.value ? 0 : 1;
  if (known === undefined)
    return times
      ? asArray(repeated(unknown('it stands for every step', 'number'), times))
      : asArray(openList(reasonOf(read, 'how many steps there are is not known')));
  if (!from || !to || known > 4096) return asArray(openList('its bounds are not known'));
  const at = (index: number): Real => applyReal('add', from, applyReal('mul', applyReal('sub', to, from), realOf(known > last ? index / (known - last) : 0)));
  return asArray(list(Array.from({ length: Math.max(0, known) }, (_, index) => real(at(index)))));
};

/** `zeros(n)`, `ones(n)`, `full(n, value)`: of one axis as a list, of several as a tensor. */
const filled =
  (held: (args: Arguments) => Value): Call =>
  (args, host) => {
    const shape = argument(args, 0, 'shape');
    const [only, second] = shape.kind === 'list' ? shape.items : [shape];
    const sizes = second && shape.kind === 'list' && !shape.times && shape.open === undefined ? shape.items.map((item) => asSize(item)) : [];
    if (second && sizes.length > 0 && sizes.every((size) => size !== undefined)) return host.constant(sizes, 'float32', null);
    if (!only || second || only.kind === 'unknown') return unknown(only ? reasonOf(only, NOT_FOLLOWED) : NOT_FOLLOWED);
    const made = operate('*', list([held(args)]), only, host);
    return made.kind === 'list' ? asArray(made) : unknown(NOT_FOLLOWED);
  };

const cumulative =
  (by: '+' | '*'): Call =>
  (args, host) => {
    const items = flat(argument(args, 0), host);
    if (typeof items === 'string') return asArray(openList(items));
    const made: Value[] = [];
    for (const item of items) {
      const before = made.at(-1);
      made.push(before ? operate(by, before, item, host) : item);
    }
    return asArray(list(made));
  };

const round = each((value, host) => {
  const known = realOfValue(value, host);
  const plain = known && numberOfReal(known);
  return plain === undefined ? unknownOf('number', value, 'how it is rounded is not followed') : number(roundHalfEven(plain));
});

/** Two operands, item by item where one is an array. */
const between =
  (apply: (left: Value, right: Value, args: Arguments, host: Host) => Value): Call =>
  (args, host) => {
    const [left, right] = [argument(args, 0), argument(args, 1)];
    return isArray(left) || isArray(right) ? overArrays(left, right, (a, b) => apply(a, b, args, host)) : apply(left, right, args, host);
  };

const pair = (args: Arguments, left: Value, right: Value): Arguments => ({
  ...args,
  positional: [left, right],
  spans: [args.span, args.span],
  named: new Map(),
});

const calls: { [name: string]: Call } = {
  prod,
  product: prod,
  sum: folded((items, _args, host) => sum(items, host)),
  mean: folded((items, _args, host) => operate('/', sum(items, host), number(items.length), host)),
  max: folded((items, args, host) => maximum({ ...args, positional: [list(items)], named: new Map() }, host)),
  min: folded((items, args, host) => minimum({ ...args, positional: [list(items)], named: new Map() }, host)),
  array,
  asarray: array,
  arange,
  linspace,
  zeros: filled(() => number(0)),
  ones: filled(() => number(1)),
  full: filled((args) => argument(args, 1, 'fill_value')),
  triu: sameShape,
  tril: sameShape,
  cumsum: cumulative('+'),
  cumprod: cumulative('*'),
  round,
  around: round,
  rint: round,
  maximum: between((left, right, args, host) => maximum(pair(args, left, right), host)),
  minimum: between((left, right, args, host) => minimum(pair(args, left, right), host)),
  power: between((left, right, _args, host) => operate('**', left, right, host)),
  add: between((left, right, _args, host) => operate('+', left, right, host)),
  subtract: between((left, right, _args, host) => operate('-', left, right, host)),
  multiply: between((left, right, _args, host) => operate('*', left, right, host)),
  divide: between((left, right, _args, host) => operate('/', left, right, host)),
  mod: between((left, right, _args, host) => operate('%', left, right, host)),
  square: each((value, host) => operate('*', value, value, host)),
  isscalar: (args) => (argument(args, 0).kind === 'number' ? TRUE : argument(args, 0).kind === 'list' ? FALSE : unknown('it is not known', 'boolean')),
};
for (const name of ['sqrt', 'log', 'log2', 'log10', 'log1p', 'exp', 'expm1', 'floor', 'ceil', 'trunc', 'abs', 'sign', 'sin', 'cos', 'tan', 'tanh'])
  calls[name] = each((value, host) => applied(name, [value], host));
for (const name of ['gcd', 'lcm', 'isnan', 'isinf', 'isfinite']) {
  const call = MATH_CALLS[name];
  if (call) calls[name] = call;
}

/** Numbers of a type: as numbers they are what they are made of. */
const INTEGERS = 'int8 int16 int32 int64 uint8 uint16 uint32 uint64 int_ intp integer'.split(' ');
const FLOATS = 'float16 float32 float64 float_ double floating number'.split(' ');

export const NUMPY = moduleOf(
  'numpy',
  [
    ...functions('numpy', calls),
    ...INTEGERS.map((name) => [name, classOf(`numpy.${name}`, toInt)] as const),
    ...FLOATS.map((name) => [name, classOf(`numpy.${name}`, toFloat)] as const),
    ['ndarray', classOf('numpy.ndarray', () => unknown(NOT_FOLLOWED))],
    ['pi', number(Math.PI)],
    ['e', number(Math.E)],
    ['inf', number(Number.POSITIVE_INFINITY)],
    ['nan', number(Number.NaN)],
    ['newaxis', NULL],
    ['random', opaqueThing('numpy.random', 'it is random')],
    ['__version__', { kind: 'string', value: '2.0.0' }],
  ],
  (wanted) => opaqueThing(`numpy.${wanted}`, NOT_FOLLOWED),
);
