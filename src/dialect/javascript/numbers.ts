/** Numbers: `Number`, `parseInt`, and members of numbers. */
import { applyReal, divides, isUnknown, numberOfReal, type Real, sizeOfReal } from '../../dim/index';
import { boolean, FALSE, type Host, type NativeValue, type NumberValue, native, number, real, string, TRUE, unknown, type Value } from '../../value/index';
import { realOfValue } from './math';
import { argument, type Call, functions, type Members, method, namespaceOf, textOf, unknownOf } from './reading';

const MOST_DIGITS = 100;

const toNumber: Call = (args, host) => {
  if (args.positional.length === 0) return number(0);
  const value = argument(args, 0);
  const known = realOfValue(value, host);
  return known ? real(known) : unknownOf('number', value, '`Number` of what is no number');
};

/** A test of a number: by its value, or by what is sure of every size. */
function tested(test: (value: number) => boolean, ofSize: boolean, strict: boolean): Call {
  return (args, host) => {
    const given = argument(args, 0);
    if (strict && ['string', 'boolean', 'null', 'undefined'].includes(given.kind)) return FALSE;
    const known = realOfValue(given, host);
    if (!known) return unknownOf('boolean', given, 'it is no number');
    const value = numberOfReal(known);
    if (value !== undefined) return boolean(test(value));
    const size = sizeOfReal(known);
    return size && !isUnknown(size) ? boolean(ofSize) : unknown('the number is not known', 'boolean');
  };
}

/** `Number.isInteger(c / heads)` says that heads divides c. */
const isInteger: Call = (args, host) => {
  const given = argument(args, 0);
  const known = given.kind === 'number' ? quotientOf(given.real) : undefined;
  if (!known) return tested(Number.isInteger, true, true)(args, host);
  const { divisor, size, words } = known;
  const verdict = divides(divisor, size, host.facts);
  if (verdict !== 'unknown') return boolean(verdict === 'yes');
  return {
    ...unknown(`whether ${words} is whole is not known`, 'boolean'),
    condition: { kind: 'divides', divisor, size, negated: false, words: `${size.text} % ${divisor.text} == 0` },
  };
};

function quotientOf(value: Real) {
  if (value.kind !== 'apply' || value.fn !== 'div') return undefined;
  const [size, divisor] = value.args.map(sizeOfReal);
  return size && divisor && !isUnknown(size) && !isUnknown(divisor) ? { size, divisor, words: `${size.text} / ${divisor.text}` } : undefined;
}

/** `parseInt`, `parseFloat`: of a text that is known, and of numbers. */
function parsed(parse: (text: string, radix?: number) => number, whole: boolean): Call {
  return (args, host) => {
    const value = host.expect(argument(args, 0), 'number');
    if (value.kind === 'number' && numberOfReal(value.real) === undefined) return real(whole ? applyReal('trunc', value.real) : value.real);
    const text = textOf(value);
    if (text === undefined) return unknownOf('number', value, 'the text is not known');
    const radix = args.positional[1];
    const base = radix?.kind === 'number' ? numberOfReal(radix.real) : undefined;
    return number(parse(text, base));
  };
}

export const PARSE_INT = native('parseInt', parsed(Number.parseInt, true));
export const PARSE_FLOAT = native(
  'parseFloat',
  parsed((text) => Number.parseFloat(text), false),
);
export const IS_NAN = native('isNaN', tested(Number.isNaN, false, false));
export const IS_FINITE = native('isFinite', tested(Number.isFinite, true, false));

const CONSTANTS = (['MAX_SAFE_INTEGER', 'MIN_SAFE_INTEGER', 'MAX_VALUE', 'MIN_VALUE', 'EPSILON', 'POSITIVE_INFINITY', 'NEGATIVE_INFINITY', 'NaN'] as const).map(
  (name) => [name, number(Number[name])] as const,
);

export const NUMBER: NativeValue = namespaceOf(
  'Number',
  [
    ...functions('Number', { isInteger, isSafeInteger: isInteger, isNaN: tested(Number.isNaN, false, true), isFinite: tested(Number.isFinite, true, true) }),
    ['parseInt', PARSE_INT],
    ['parseFloat', PARSE_FLOAT],
    ...CONSTANTS,
  ],
  { call: toNumber },
);

/** A text made of a number that is known, with the first argument as a plain number. */
function shown(show: (value: number, digits: number | undefined) => string) {
  return (object: NumberValue, first: Value | undefined): Value => {
    const value = numberOfReal(object.real);
    const digits = first?.kind === 'number' ? numberOfReal(first.real) : undefined;
    const fits = digits === undefined ? first === undefined || first.kind === 'undefined' : digits >= 0 && digits <= MOST_DIGITS;
    if (value === undefined || !fits) return unknown('the text is not known', 'string');
    try {
      return string(show(value, digits));
    } catch {
      return unknown('the call throws a RangeError', 'string');
    }
  };
}

const text = (name: string, show: (value: number, digits: number | undefined) => string) => {
  const of = shown(show);
  return method<NumberValue>(name, (object, args) => of(object, args.positional[0]));
};

export const NUMBER_MEMBERS: Members<NumberValue> = new Map([
  text('toFixed', (value, digits) => value.toFixed(digits)),
  text('toString', (value, radix) => value.toString(radix)),
  text('toPrecision', (value, digits) => value.toPrecision(digits)),
  text('toExponential', (value, digits) => value.toExponential(digits)),
  method<NumberValue>('toLocaleString', () => unknown('it depends on the place', 'string')),
  method<NumberValue>('valueOf', (object) => object),
]);

/** `Boolean(x)`: as a test takes it. */
export const BOOLEAN = namespaceOf('Boolean', [], {
  call: (args, host: Host) => {
    const value = argument(args, 0);
    const truth = host.truth(value);
    return truth === undefined ? unknownOf('boolean', value, 'it is not decided') : truth ? TRUE : FALSE;
  },
});
