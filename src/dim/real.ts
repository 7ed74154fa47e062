/** Real-valued expressions over sizes: scales such as 1/sqrt(c//h). What is exact and whole stays a size. */
import { add, asConstant, multiply, negate, power, subtract } from './arithmetic';
import { exactDivide } from './compare';
import { cancel, floorQuotient, remainder, split } from './division';
import { maximum, minimum } from './extrema';
import { type Facts, isPositive, NO_FACTS } from './facts';
import { NUMBERS } from './numbers';
import { evaluate } from './substitution';
import { constant, type Dim, ONE, ofAtom } from './terms';

/** A number that is known, a whole one over sizes, or a function of such. Plain data. */
export type Real =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'size'; readonly size: Dim }
  | { readonly kind: 'apply'; readonly fn: string; readonly args: readonly Real[] };

/** Wraps a number or a size. A whole number that is known is always a `number`. */
export function realOf(value: number | Dim): Real {
  if (typeof value === 'number') return { kind: 'number', value };
  const known = asConstant(value);
  return known === undefined ? { kind: 'size', size: value } : { kind: 'number', value: known };
}

/** The size that it is; undefined where it is not surely whole. */
export function sizeOfReal(real: Real): Dim | undefined {
  if (real.kind === 'size') return real.size;
  return real.kind === 'number' && Number.isSafeInteger(real.value) ? constant(real.value + 0) : undefined;
}

/** The value, where it does not depend on sizes. */
export function numberOfReal(real: Real): number | undefined {
  if (real.kind === 'number') return real.value;
  return real.kind === 'size' ? asConstant(real.size) : undefined;
}

/** Applies a function, exactly where the result is a size or a quotient of sizes. */
export function applyReal(fn: string, ...args: readonly Real[]): Real {
  const values = args.map(numberOfReal);
  const known = values.filter((value) => value !== undefined);
  const onNumbers = Object.hasOwn(NUMBERS, fn) ? NUMBERS[fn] : undefined;
  if (onNumbers && known.length === args.length) return realOf(onNumbers(...known));
  return applyWhole(fn, args) ?? applyQuotient(fn, args) ?? unchanged(fn, args) ?? { kind: 'apply', fn, args };
}

const ROUNDS: ReadonlySet<string> = new Set(['floor', 'ceil', 'round', 'trunc', 'floorDiv']);
const STAYS_WHOLE: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'mod', 'min', 'max', 'neg', 'abs']);

/** Whether a number is surely whole. */
export function isWholeNumber(real: Real): boolean {
  if (real.kind !== 'apply') return real.kind === 'size' || Number.isInteger(real.value);
  return ROUNDS.has(real.fn) || (STAYS_WHOLE.has(real.fn) && real.args.every(isWholeNumber));
}

// ---- whole sizes ----

function applyWhole(fn: string, args: readonly Real[]): Real | undefined {
  const sizes = args.map(sizeOfReal);
  if (sizes.length === 0 || !sizes.every((size) => size !== undefined)) return undefined;
  const [a = ONE, b] = sizes;
  const result = b === undefined ? wholeUnary(fn, a) : sizes.length === 2 ? wholeBinary(fn, a, b) : wholeExtreme(fn, sizes);
  return result && realOf(result);
}

function wholeUnary(fn: string, a: Dim): Dim | undefined {
  if (['floor', 'ceil', 'round', 'trunc', 'min', 'max'].includes(fn)) return a;
  if (fn === 'neg') return negate(a);
  if (fn === 'square') return multiply(a, a);
  if (fn === 'sqrt') return squareRoot(a);
  return fn === 'abs' && isPositive(a, NO_FACTS) ? a : undefined;
}

function wholeBinary(fn: string, a: Dim, b: Dim): Dim | undefined {
  if (fn === 'add') return add(a, b);
  if (fn === 'sub') return subtract(a, b);
  if (fn === 'mul') return multiply(a, b);
  if (fn === 'floorDiv') return floorQuotient(a, b);
  if (fn === 'mod') return remainder(a, b);
  if (fn === 'rem') return isPositive(a, NO_FACTS) && isPositive(b, NO_FACTS) ? remainder(a, b) : undefined;
  const exponent = fn === 'pow' ? asConstant(b) : undefined;
  return exponent !== undefined && exponent >= 0 ? power(a, exponent) : wholeExtreme(fn, [a, b]);
}

function wholeExtreme(fn: string, sizes: readonly Dim[]): Dim | undefined {
  if (fn !== 'max' && fn !== 'min') return undefined;
  return sizes.reduce(fn === 'max' ? maximum : minimum);
}

/** The root of a product of squares of sizes. */
function squareRoot(a: Dim): Dim | undefined {
  const only = a.terms?.length === 1 ? a.terms[0] : undefined;
  const coefficient = only && Math.round(Math.sqrt(only.coefficient));
  if (!only || !coefficient || coefficient * coefficient !== only.coefficient || !only.factors.every((factor) => factor.power % 2 === 0)) return undefined;
  const factors = only.factors.map(({ atom, power: times }) => ({ atom, power: times / 2 }));
  const root = factors.reduce((found, { atom, power: times }) => multiply(found, power(ofAtom(atom), times)), constant(coefficient));
  return isPositive(root, NO_FACTS) ? root : undefined;
}

// ---- quotients of sizes ----

interface Quotient {
  readonly over: Dim;
  readonly under: Dim;
}

function quotientOf(real: Real): Quotient | undefined {
  const size = sizeOfReal(real);
  if (size) return { over: size, under: ONE };
  if (real.kind === 'number') return dyadic(real.value);
  const [a, b] = real.kind === 'apply' && real.fn === 'div' ? real.args.map(sizeOfReal) : [];
  return a && b ? { over: a, under: b } : undefined;
}

/** Halves, quarters and so on are exact: `c * 0.25` is c/4. */
function dyadic(value: number): Quotient | undefined {
  for (let under = 2; under <= 1024; under *= 2) if (Number.isSafeInteger(value * under)) return { over: constant(value * under), under: constant(under) };
  return undefined;
}

function applyQuotient(fn: string, args: readonly Real[]): Real | undefined {
  const [a, b] = args.map(quotientOf);
  if (!a || (args.length === 2 && !b)) return undefined;
  if (args.length === 1) return quotientUnary(fn, a);
  return args.length === 2 && b ? quotientBinary(fn, a, b) : undefined;
}

function quotientUnary(fn: string, { over, under }: Quotient): Real | undefined {
  if (fn === 'neg') return quotient(negate(over), under);
  if (fn === 'floor' || (fn === 'trunc' && isPositive(over, NO_FACTS) && isPositive(under, NO_FACTS))) return realOf(floorQuotient(over, under));
  if (fn === 'ceil') return realOf(negate(floorQuotient(negate(over), under)));
  return fn === 'reciprocal' ? quotient(under, over) : undefined;
}

function quotientBinary(fn: string, a: Quotient, b: Quotient): Real | undefined {
  if (fn === 'mul') return quotient(multiply(a.over, b.over), multiply(a.under, b.under));
  if (fn === 'div') return quotient(multiply(a.over, b.under), multiply(a.under, b.over));
  if (fn === 'add') return quotient(add(multiply(a.over, b.under), multiply(b.over, a.under)), multiply(a.under, b.under));
  const exponent = fn === 'pow' && b.under === ONE ? asConstant(b.over) : undefined;
  if (exponent !== undefined && exponent >= 0 && exponent <= 8) return quotient(power(a.over, exponent), power(a.under, exponent));
  if (fn === 'sub') return quotient(subtract(multiply(a.over, b.under), multiply(b.over, a.under)), multiply(a.under, b.under));
  return fn === 'floorDiv' ? realOf(floorQuotient(multiply(a.over, b.under), multiply(a.under, b.over))) : undefined;
}

/** In lowest terms; a size where the division leaves nothing. */
function quotient(over: Dim, under: Dim): Real | undefined {
  if (!over.terms || !under.terms || under.terms.length === 0) return undefined;
  const { left, right } = cancel(over, under);
  const whole = right.text === '1' ? { quotient: left, rest: constant(0) } : split(left, right);
  if (asConstant(whole.rest) === 0) return realOf(whole.quotient);
  return { kind: 'apply', fn: 'div', args: [realOf(left), realOf(right)] };
}

/** x*1, x/1, x+0, x-0 */
function unchanged(fn: string, args: readonly Real[]): Real | undefined {
  const [a, b] = args;
  if (!a || !b || args.length !== 2) return undefined;
  const [left, right] = [numberOfReal(a), numberOfReal(b)];
  if ((fn === 'mul' && right === 1) || (fn === 'div' && right === 1) || ((fn === 'add' || fn === 'sub') && right === 0)) return a;
  return (fn === 'mul' && left === 1) || (fn === 'add' && left === 0) ? b : undefined;
}

/** A divisibility that a quotient needs to be whole. */
export interface WholeNeed {
  readonly divisor: Dim;
  readonly size: Dim;
}

/** The size that a real stands for where it is used as one: a quotient a/b is a//b, and needs that b divides a. */
export function wholeOf(real: Real, facts: Facts): { size: Dim; needs?: readonly WholeNeed[] } | undefined {
  const size = sizeOfReal(real);
  if (size) return { size };
  const parts = quotientOf(real);
  return parts && wholeQuotient(parts, facts);
}

/** What the divisor goes into term by term is apart: n/p + 1 needs no more than n/p. */
function wholeQuotient({ over, under }: Quotient, facts: Facts): { size: Dim; needs?: readonly WholeNeed[] } | undefined {
  const { quotient: whole, rest } = split(over, under);
  const part = asConstant(rest) === 0 ? { size: rest } : wholePart({ over: rest, under }, facts);
  return part && { ...part, size: add(whole, part.size) };
}

function wholePart(parts: Quotient, facts: Facts): { size: Dim; needs?: readonly WholeNeed[] } | undefined {
  const division = exactDivide(parts.over, parts.under, facts);
  if (!division) return undefined;
  if (!division.need) return { size: division.quotient };
  return grid(parts) ?? { size: division.quotient, needs: [division.need] };
}

/** h*w over p*p is (h//p)*(w//p): a grid of patches, each side whole by itself. */
function grid({ over, under }: Quotient): { size: Dim; needs: readonly WholeNeed[] } | undefined {
  const [sides, patches] = [atomsOf(over), atomsOf(under) ?? rootsOf(under)];
  const [patch] = patches ?? [];
  if (!sides || !patches || !patch || patches.length < 2 || sides.length !== patches.length || patches.some(({ text }) => text !== patch.text))
    return undefined;
  const needs = sides.map((side) => ({ divisor: patch, size: side }));
  return {
    size: sides.map((side) => floorQuotient(side, patch)).reduce(multiply),
    needs: needs.filter((need, at) => needs.findIndex(({ size }) => size.text === need.size.text) === at),
  };
}

/** A known square as its root, twice: h*w/256 is a grid of 16 by 16. */
function rootsOf(dim: Dim): Dim[] | undefined {
  const root = Math.sqrt(asConstant(dim) ?? Number.NaN);
  return Number.isSafeInteger(root) && root > 1 ? [constant(root), constant(root)] : undefined;
}

/** The factors of a product without a coefficient, each as often as it stands there. */
function atomsOf(dim: Dim): Dim[] | undefined {
  const [term, ...more] = dim.terms ?? [];
  if (!term || more.length > 0 || term.coefficient !== 1) return undefined;
  return term.factors.flatMap(({ atom, power: times }) => Array.from({ length: times }, () => ofAtom(atom)));
}

/** The value at given sizes; undefined where a size is missing or the function is not known. */
export function evaluateReal(real: Real, sizes: { readonly [symbol: string]: number }): number | undefined {
  if (real.kind === 'number') return real.value;
  if (real.kind === 'size') return evaluate(real.size, sizes);
  const values = real.args.map((arg) => evaluateReal(arg, sizes));
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length && Object.hasOwn(NUMBERS, real.fn) ? NUMBERS[real.fn]?.(...known) : undefined;
}

const INFIX: { readonly [fn: string]: string } = { add: ' + ', sub: ' - ', mul: '*', div: '/', pow: '**' };

/** As people write it: `1/sqrt(c//8)`. */
export function formatReal(real: Real): string {
  if (real.kind === 'number') return String(real.value);
  if (real.kind === 'size') return real.size.text;
  const sign = Object.hasOwn(INFIX, real.fn) ? INFIX[real.fn] : undefined;
  if (sign && real.args.length === 2) return real.args.map(operandText).join(sign);
  if (real.fn === 'neg') return `-${real.args.map(operandText).join()}`;
  return `${real.fn}(${real.args.map(formatReal).join(', ')})`;
}

/** Names, numbers and calls stand bare, all else in parentheses. */
function operandText(real: Real): string {
  const text = formatReal(real);
  const bare = real.kind === 'apply' ? !Object.hasOwn(INFIX, real.fn) && real.fn !== 'neg' : /^[\p{L}\p{N}_.$]+$/u.test(text);
  return bare ? text : `(${text})`;
}
