/** Numbers: `int`, `float`, `round` and arithmetic by Python's rules, over sizes as far as they stay exact. */
import {
  add,
  applyReal,
  asConstant,
  floorDivide,
  formatReal,
  isUnknown,
  modulo,
  multiply,
  numberOfReal,
  type Real,
  realOf,
  sizeOfReal,
  subtract,
  symbol,
} from '../../dim/index';
import type { BinaryOperator } from '../../program/types';
import { boolean, type Host, list, type NumberValue, number, real, size, unknown, type Value } from '../../value/index';
import { argument, type Call, type Members, method, unknownOf } from './reading';

/** The number that a value stands for: True is 1. */
export function realOfValue(value: Value, host: Host): Real | undefined {
  const read = host.expect(value, 'number');
  if (read.kind === 'number') return read.real;
  return read.kind === 'boolean' ? realOf(read.value ? 1 : 0) : undefined;
}

const FUNCTION: { readonly [operator: string]: string } = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '//': 'floorDiv', '%': 'mod', '**': 'pow' };

/** `left operator right` of two numbers. */
export function arithmetic(operator: BinaryOperator, left: Real, right: Real, host: Host): Value {
  const [x, y] = [numberOfReal(left), numberOfReal(right)];
  if (x !== undefined && y !== undefined) return onNumbers(operator, x, y);
  const [a, b] = [sizeOfReal(left), sizeOfReal(right)];
  if ((a && isUnknown(a)) || (b && isUnknown(b))) return unknown('the size is not known', 'number');
  if (a && b) {
    if (operator === '+') return size(add(a, b));
    if (operator === '-') return size(subtract(a, b));
    if (operator === '*') return size(multiply(a, b));
    if (operator === '//' && asConstant(b) !== 0) return size(floorDivide(a, b, host.facts));
    if (operator === '%' && asConstant(b) !== 0) return size(modulo(a, b, host.facts));
  }
  const fn = FUNCTION[operator];
  if (fn === undefined) return shifted(operator, left, y) ?? unknown(`no rule for \`${operator}\` on sizes`, 'number');
  return y === 0 && (operator === '/' || operator === '//' || operator === '%') ? unknown('it is divided by zero', 'number') : real(applyReal(fn, left, right));
}

/** `x >> k`, `x << k` of sizes. */
function shifted(operator: BinaryOperator, left: Real, by: number | undefined): Value | undefined {
  const dim = sizeOfReal(left);
  if (!dim || by === undefined || !Number.isInteger(by) || by < 0 || by > 30) return undefined;
  if (operator === '<<') return real(applyReal('mul', left, realOf(2 ** by)));
  return operator === '>>' ? real(applyReal('floorDiv', left, realOf(2 ** by))) : undefined;
}

function onNumbers(operator: BinaryOperator, x: number, y: number): Value {
  if (y === 0 && (operator === '/' || operator === '//' || operator === '%')) return unknown('it is divided by zero', 'number');
  switch (operator) {
    case '//':
      return number(floorQuotient(x, y));
    case '%':
      return number(signedRemainder(x, y));
    case '&':
      return number(Number(BigInt(x) & BigInt(y)));
    case '|':
      return number(Number(BigInt(x) | BigInt(y)));
    case '^':
      return number(Number(BigInt(x) ^ BigInt(y)));
    case '<<':
      return number(x * 2 ** y);
    case '>>':
      return number(Math.floor(x / 2 ** y));
    case '**':
      return x < 0 && !Number.isInteger(y) ? unknown('complex numbers are not followed', 'number') : number(x ** y);
    case '@':
      return unknown('numbers have no `@`', 'number');
    default:
      return real(applyReal(FUNCTION[operator] ?? 'add', realOf(x), realOf(y)));
  }
}

/** x // y: the quotient rounded down; exact where a plain division is not. */
export const floorQuotient = (x: number, y: number): number =>
  Number.isInteger(x) && Number.isInteger(y) ? (x - signedRemainder(x, y)) / y : Math.floor(x / y);

/** x % y, with the sign of y. */
export function signedRemainder(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest + 0;
}

/** Rounds half to even. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** `int(x)`: what stands behind the point is dropped. */
export const toInt: Call = (args, host) => {
  if (args.positional.length === 0) return number(0);
  const value = argument(args, 0, 'x');
  if (value.kind === 'string') return intOfText(value.value, argument(args, 1, 'base'));
  const known = realOfValue(value, host);
  if (!known) return unknownOf('number', value, 'the number is not known');
  const plain = numberOfReal(known);
  if (plain === undefined) return roundedOff('int', applyReal('trunc', known), known);
  return Number.isFinite(plain) ? number(Math.trunc(plain) + 0) : unknown('no whole number is infinite', 'number');
};

function intOfText(text: string, base: Value): Value {
  const radix = base.kind === 'number' ? numberOfReal(base.real) : 10;
  const digits = text.trim().replaceAll('_', '');
  if (radix === 10) return /^[+-]?\d+$/.test(digits) ? number(Number(digits)) : unknown('the text is no whole number', 'number');
  const found = radix === undefined ? Number.NaN : Number.parseInt(digits.replace(/^0[xob]/i, ''), radix);
  return Number.isNaN(found) ? unknown('the text is no whole number', 'number') : number(found);
}

/** `float(x)`. */
export const toFloat: Call = (args, host) => {
  if (args.positional.length === 0) return number(0);
  const value = argument(args, 0, 'x');
  if (value.kind === 'string') return floatOfText(value.value.trim().toLowerCase().replaceAll('_', ''));
  const known = realOfValue(value, host);
  return known ? real(known) : unknownOf('number', value, 'the number is not known');
};

function floatOfText(text: string): Value {
  if (/^[+-]?inf(inity)?$/.test(text)) return number(text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  if (/^[+-]?nan$/.test(text)) return number(Number.NaN);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text) ? number(Number(text)) : unknown('the text is no number', 'number');
}

/** `bool(x)`: as a test takes it. */
export const toBool: Call = (args, host) => {
  if (args.positional.length === 0) return boolean(false);
  const value = argument(args, 0);
  const truth = truthOf(value, host);
  return truth === undefined ? unknownTruth(value) : boolean(truth);
};

/** Whether a value counts as true: an empty list, dict or text does not. */
export function truthOf(value: Value, host: Host): boolean | undefined {
  if (value.kind === 'list') return value.open !== undefined ? (value.items.length > 0 ? true : undefined) : value.times ? true : value.items.length > 0;
  if (value.kind === 'dict' && value.flavour !== 'object')
    return value.entries.size > 0 ? true : value.open === undefined && value.parameter === undefined ? false : undefined;
  if (value.kind === 'tensor') return undefined;
  return host.truth(value);
}

/** A truth that is not decided, with what it says of sizes. */
export const unknownTruth = (value: Value): Value =>
  value.kind === 'unknown' && value.type === 'boolean' ? value : unknownOf('boolean', value, 'it is not decided');

/** `round(x)`, `round(x, digits)`. */
export const rounded: Call = (args, host) => {
  const value = argument(args, 0, 'number');
  const known = realOfValue(value, host);
  if (!known) return unknownOf('number', value, 'the number is not known');
  const plain = numberOfReal(known);
  const digits = argument(args, 1, 'ndigits');
  if (plain === undefined)
    return sizeOfReal(known)
      ? real(known)
      : (roundedSize('round', known, args.positional.length) ?? unknown('how a quotient of sizes is rounded is not followed', 'number'));
  if (digits.kind === 'undefined' || digits.kind === 'null') return number(roundHalfEven(plain));
  const places = digits.kind === 'number' ? numberOfReal(digits.real) : undefined;
  return places === undefined ? unknownOf('number', digits, 'the number of digits is not known') : number(roundedTo(plain, places));
};

/** To so many digits; exactly between two it depends on how the number is stored. */
function roundedTo(value: number, places: number): number {
  if (!Number.isFinite(value) || places > 20) return value;
  if (places >= 0) return Number(value.toFixed(places));
  return roundHalfEven(value / 10 ** -places) * 10 ** -places;
}

/** A function of numbers that dim knows by this name. */
export function applied(fn: string, values: readonly Value[], host: Host): Value {
  const reals: Real[] = [];
  for (const value of values) {
    const known = realOfValue(value, host);
    if (!known) return unknownOf('number', value, 'the number is not known');
    reals.push(known);
  }
  const [only] = reals;
  const result = applyReal(fn, ...reals);
  return only && ROUNDS.has(fn) ? roundedOff(fn, result, only) : real(result);
}

const ROUNDS: ReadonlySet<string> = new Set(['floor', 'ceil', 'trunc']);

/** What is rounded, as far as sizes tell it. */
const roundedOff = (fn: string, result: Real, of: Real): Value => (result.kind === 'apply' ? roundedSize(fn, of, 1) : undefined) ?? real(result);

/** A part of sizes that is rounded: how large it is they do not tell, but it is the same wherever it goes. */
const roundedSize = (fn: string, of: Real, given: number): Value | undefined =>
  given === 1 && of.kind === 'apply' && isPart(of) ? size(symbol(`${fn}(${formatReal(of)})`)) : undefined;

/** A product or quotient of sizes and positive numbers. */
const isPart = (of: Real): boolean =>
  of.kind === 'apply'
    ? (of.fn === 'mul' || of.fn === 'div') && of.args.every(isPart)
    : of.kind === 'number'
      ? of.value > 0
      : !isUnknown(of.size) && (of.size.terms ?? []).every(({ coefficient }) => coefficient > 0);

/** `abs(x)` of a number. */
export const absolute: Call = (args, host) => {
  const value = argument(args, 0, 'x');
  if (value.kind === 'tensor') return host.invoke(host.member(value, 'abs'));
  return applied('abs', [value], host);
};

/** `divmod(a, b)`. */
export const divmod: Call = (args, host) => {
  const [a, b] = [argument(args, 0), argument(args, 1)];
  const [left, right] = [realOfValue(a, host), realOfValue(b, host)];
  if (!left || !right)
    return list([unknownOf('number', left ? b : a, 'the number is not known'), unknownOf('number', left ? b : a, 'the number is not known')], true);
  return list([arithmetic('//', left, right, host), arithmetic('%', left, right, host)], true);
};

/** `pow(a, b, modulus)`. */
export const power: Call = (args, host) => {
  const [base, exponent, modulus] = [argument(args, 0, 'base'), argument(args, 1, 'exp'), argument(args, 2, 'mod')];
  if (base.kind === 'tensor') return host.invoke(host.member(base, 'pow'), exponent);
  const [a, b] = [realOfValue(base, host), realOfValue(exponent, host)];
  if (!a || !b) return unknownOf('number', a ? exponent : base, 'the number is not known');
  const raised = arithmetic('**', a, b, host);
  if (modulus.kind === 'undefined' || modulus.kind === 'null' || raised.kind !== 'number') return raised;
  const by = realOfValue(modulus, host);
  return by ? arithmetic('%', raised.real, by, host) : unknownOf('number', modulus, 'the number is not known');
};

export const NUMBER_MEMBERS: Members<NumberValue> = new Map([
  method<NumberValue>('item', (object) => object),
  method<NumberValue>('tolist', (object) => object),
  method<NumberValue>('__int__', (object, args, host) => toInt({ ...args, positional: [object] }, host)),
  method<NumberValue>('__float__', (object) => object),
  method<NumberValue>('is_integer', (object) => {
    const known = numberOfReal(object.real);
    return known === undefined
      ? sizeOfReal(object.real)
        ? boolean(true)
        : unknown('whether it is whole is not known', 'boolean')
      : boolean(Number.isInteger(known));
  }),
  method<NumberValue>('bit_length', (object) => {
    const known = numberOfReal(object.real);
    return known === undefined || !Number.isInteger(known)
      ? unknown('bits of a size are not followed', 'number')
      : number(known === 0 ? 0 : Math.abs(known).toString(2).length);
  }),
  ['real', (object: NumberValue) => object],
  ['value', (object: NumberValue) => object],
]);
