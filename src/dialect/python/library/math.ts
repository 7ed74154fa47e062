/** `math`, over sizes as far as they stay exact. */
import { applyReal, isUnknown, multiply, numberOfReal, type Real, realOf, sizeOfReal } from '../../../dim/index';
import { boolean, type Host, list, number, real, size, unknown, type Value } from '../../../value/index';
import { applied, arithmetic, realOfValue, roundHalfEven } from '../numbers';
import { argument, type Call, functions, itemsOf, moduleOf, unknownOf } from '../reading';

/** Functions of one number that dim knows under the same name. */
const UNARY = 'floor ceil trunc sqrt cbrt log1p exp expm1 log2 log10 sin cos tan asin acos atan sinh cosh tanh'.split(' ');
/** Those that only numbers that are known have. */
const PLAIN: { readonly [name: string]: (...values: number[]) => number } = {
  fmod: (x = 0, y = 0) => x % y,
  remainder: (x = 0, y = 1) => x - roundHalfEven(x / y) * y,
  copysign: (x = 0, y = 0) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x)),
  degrees: (x = 0) => (x * 180) / Math.PI,
  radians: (x = 0) => (x * Math.PI) / 180,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  exp2: (x = 0) => 2 ** x,
  erf,
  erfc: (x = 0) => 1 - erf(x),
  gamma: (x = 0) => (Number.isInteger(x) ? factorial(x - 1) : Number.NaN),
  factorial: (x = 0) => factorial(x),
  comb: (n = 0, k = 0) => (k > n ? 0 : Math.round(Array.from({ length: k }, (_, at) => (n - at) / (at + 1)).reduce((all, one) => all * one, 1))),
  perm: (n = 0, k = n) => (k > n ? 0 : Array.from({ length: k }, (_, at) => n - at).reduce((all, one) => all * one, 1)),
  lcm: (...values) => values.reduce((a, b) => (a && b ? Math.abs(a * b) / gcd(a, b) : 0), 1),
};

/** The error function, to about 1e-12, by its series and its continued fraction. */
function erf(x = 0): number {
  const at = Math.abs(x);
  if (at > 6) return Math.sign(x);
  let [sum, term] = [at, at];
  for (let n = 1; n < 200 && Math.abs(term) > 1e-17; n++) {
    term *= (-at * at) / n;
    sum += term / (2 * n + 1);
  }
  return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
}

const factorial = (n: number): number => Array.from({ length: Math.max(0, Math.min(n, 170)) }, (_, at) => at + 1).reduce((all, one) => all * one, 1);

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

function plain(name: string, fn: (...values: number[]) => number): Call {
  return (args, host) => {
    const values = args.positional.map((value) => realOfValue(value, host)).map((value) => value && numberOfReal(value));
    if (!values.every((value) => value !== undefined)) return unknown(`\`math.${name}\` of a size is not followed`, 'number');
    const found = fn(...values);
    return Number.isNaN(found) ? unknown(`\`math.${name}\` of these is not followed`, 'number') : number(found);
  };
}

/** `log(x)`, `log(x, base)`. */
const log: Call = (args, host) => {
  if (args.positional.length < 2) return applied('log', [argument(args, 0)], host);
  const [value, base] = [argument(args, 0), argument(args, 1)].map((one) => realOfValue(one, host));
  if (!value || !base) return unknown('the number is not known', 'number');
  return numberOfReal(base) === 2 ? real(applyReal('log2', value)) : real(applyReal('div', applyReal('log', value), applyReal('log', base)));
};

/** `prod(items, start=1)`. */
export const product: Call = (args, host) => {
  const given = argument(args, 0);
  const items = given.kind === 'list' && given.times && given.open === undefined ? powerOf(given.items[0], given.times) : itemsOf(given, host);
  if (typeof items === 'string') return unknownOf('number', unknown(items), items);
  const start = args.named.get('start');
  let found: Real = realOf(1);
  for (const item of start ? [start, ...items] : items) {
    const factor = realOfValue(item, host);
    if (!factor) return unknownOf('number', item, 'a factor is not known');
    found = productOf(found, factor, host);
  }
  return real(found);
};

function powerOf(each: Value | undefined, times: Parameters<typeof size>[0]): readonly Value[] | string {
  const base = each?.kind === 'number' ? each.real : undefined;
  return base ? [real(applyReal('pow', base, realOf(times)))] : 'a factor is not known';
}

function productOf(left: Real, right: Real, host: Host): Real {
  const [a, b] = [sizeOfReal(left), sizeOfReal(right)];
  if (a && b) return realOf(multiply(a, b));
  const made = arithmetic('*', left, right, host);
  return made.kind === 'number' ? made.real : applyReal('mul', left, right);
}

/** Whether all numbers are known, applied; of sizes some are plain. */
const greatestDivisor: Call = (args, host) => {
  const reals = args.positional.map((value) => realOfValue(value, host));
  const values = reals.map((value) => value && numberOfReal(value));
  if (values.every((value) => value !== undefined)) return number(values.reduce(gcd, 0));
  const sizes = reals.map((value) => value && sizeOfReal(value));
  const [first, ...others] = sizes;
  if (first && !isUnknown(first) && others.every((other) => other?.text === first.text)) return size(first);
  return values.includes(1) ? number(1) : unknown('`math.gcd` of a size is not followed', 'number');
};

/** A test of a number: by its value, or by what is sure of every size. */
function tested(test: (value: number) => boolean, ofSize: boolean): Call {
  return (args, host) => {
    const known = realOfValue(argument(args, 0), host);
    const value = known && numberOfReal(known);
    if (value !== undefined) return boolean(test(value));
    return known && sizeOfReal(known) ? boolean(ofSize) : unknownOf('boolean', argument(args, 0), 'the number is not known');
  };
}

const isClose: Call = (args, host) => {
  const [a, b] = [argument(args, 0), argument(args, 1)].map((value) => realOfValue(value, host)).map((value) => value && numberOfReal(value));
  const [relative, absolute] = [args.named.get('rel_tol'), args.named.get('abs_tol')].map((value) =>
    value?.kind === 'number' ? numberOfReal(value.real) : undefined,
  );
  if (a === undefined || b === undefined) return unknown('whether they are close is not known', 'boolean');
  return boolean(a === b || Math.abs(a - b) <= Math.max((relative ?? 1e-9) * Math.max(Math.abs(a), Math.abs(b)), absolute ?? 0));
};

/** `isqrt(n)`: the whole root, rounded down. */
const wholeRoot: Call = (args, host) => {
  const root = applied('sqrt', [argument(args, 0)], host);
  return root.kind === 'number' ? real(applyReal('floor', root.real)) : root;
};

const modf: Call = (args, host) => {
  const known = realOfValue(argument(args, 0), host);
  const value = known && numberOfReal(known);
  return value === undefined ? unknown('the number is not known') : list([number(value % 1), number(Math.trunc(value))], true);
};

const sumOf: Call = (args, host) => {
  const items = itemsOf(argument(args, 0), host);
  if (typeof items === 'string') return unknown(items, 'number');
  return items.reduce<Value>((all, item) => {
    const [left, right] = [realOfValue(all, host), realOfValue(item, host)];
    return left && right ? arithmetic('+', left, right, host) : unknownOf('number', item, 'a number is not known');
  }, number(0));
};

const calls: { [name: string]: Call } = {
  log,
  prod: product,
  gcd: greatestDivisor,
  isqrt: wholeRoot,
  modf,
  fsum: sumOf,
  isclose: isClose,
  fabs: (args, host) => applied('abs', [argument(args, 0)], host),
  pow: (args, host) => applied('pow', [argument(args, 0), argument(args, 1)], host),
  atan2: (args, host) => applied('atan2', [argument(args, 0), argument(args, 1)], host),
  hypot: (args, host) => applied('hypot', args.positional, host),
  isnan: tested(Number.isNaN, false),
  isinf: tested((value) => Math.abs(value) === Number.POSITIVE_INFINITY, false),
  isfinite: tested(Number.isFinite, true),
};
for (const name of UNARY) calls[name] = (args, host) => applied(name, [argument(args, 0)], host);
for (const [name, fn] of Object.entries(PLAIN)) calls[name] = plain(name, fn);

/** Functions of `math` by their names. */
export const MATH_CALLS: { readonly [name: string]: Call } = calls;

export const MATH = moduleOf('math', [
  ...functions('math', calls),
  ['pi', number(Math.PI)],
  ['e', number(Math.E)],
  ['tau', number(2 * Math.PI)],
  ['inf', number(Number.POSITIVE_INFINITY)],
  ['nan', number(Number.NaN)],
]);
