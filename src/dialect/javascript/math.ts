/** `Math`, over sizes as far as they stay exact. */
import { applyReal, numberOfReal, type Real } from '../../dim/index';
import { type Host, number, real, unknown, type Value } from '../../value/index';
import { argument, type Call, functions, namespaceOf, unknownOf } from './reading';

/** The functions of one number that dim knows under the same name. */
const UNARY = ['floor', 'ceil', 'round', 'trunc', 'sqrt', 'cbrt', 'abs', 'sign', 'log', 'log2', 'log10', 'log1p', 'exp', 'expm1'];
const TRIGONOMETRIC = ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'];
/** Those that only numbers have. */
const PLAIN: { readonly [name: string]: (...values: number[]) => number } = {
  fround: Math.fround,
  clz32: Math.clz32,
  imul: Math.imul,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
};

/** The number that a value is read as, or undefined where that is not known. */
export function realOfValue(value: Value, host: Host): Real | undefined {
  const read = host.expect(value, 'number');
  switch (read.kind) {
    case 'number':
      return read.real;
    case 'boolean':
      return { kind: 'number', value: Number(read.value) };
    case 'string':
      return { kind: 'number', value: Number(read.value) };
    case 'null':
      return { kind: 'number', value: 0 };
    case 'undefined':
      return { kind: 'number', value: Number.NaN };
    default:
      return undefined;
  }
}

function applied(fn: string, values: readonly Value[], host: Host): Value {
  const reals: Real[] = [];
  for (const value of values) {
    const known = realOfValue(value, host);
    if (!known) return unknownOf('number', value, `\`Math.${fn}\` of what is no number`);
    reals.push(known);
  }
  return real(applyReal(fn, ...reals));
}

function plain(name: string, fn: (...values: number[]) => number): Call {
  return (args, host) => {
    const values = args.positional.map((value) => realOfValue(value, host)).map((value) => value && numberOfReal(value));
    return values.every((value) => value !== undefined) ? number(fn(...values)) : unknown(`\`Math.${name}\` of a size is not followed`, 'number');
  };
}

/** The greatest or least of any number of values. */
function extreme(fn: 'max' | 'min'): Call {
  return (args, host) => {
    if (args.open !== undefined) return unknown(args.open, 'number');
    if (args.positional.length === 0) return number(fn === 'max' ? -Infinity : Infinity);
    return args.positional.length === 1 ? asIs(argument(args, 0), host) : applied(fn, args.positional, host);
  };
}

function asIs(value: Value, host: Host): Value {
  const known = realOfValue(value, host);
  return known ? real(known) : unknownOf('number', value, 'it is no number');
}

const calls: { [name: string]: Call } = {
  max: extreme('max'),
  min: extreme('min'),
  pow: (args, host) => applied('pow', [argument(args, 0), argument(args, 1)], host),
  atan2: (args, host) => applied('atan2', [argument(args, 0), argument(args, 1)], host),
  hypot: (args, host) => applied('hypot', args.positional, host),
  random: () => unknown('it is random', 'number'),
};
for (const name of [...UNARY, ...TRIGONOMETRIC]) calls[name] = (args, host) => applied(name, [argument(args, 0)], host);
for (const [name, fn] of Object.entries(PLAIN)) calls[name] = plain(name, fn);

const CONSTANTS = (['PI', 'E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'SQRT2', 'SQRT1_2'] as const).map((name) => [name, number(Math[name])] as const);

export const MATH = namespaceOf('Math', [...functions('Math', calls), ...CONSTANTS]);
