/** Ring operations on the normal form. */
import { compareAtoms, constant, type Dim, type Factor, fits, ONE, ofTerms, productText, type Term, UNKNOWN, ZERO } from './terms';

/** Whether nothing is known of it. */
export function isUnknown(dim: Dim): boolean {
  return dim.terms === null;
}

/** The number that it is, whatever the sizes. */
export function asConstant(dim: Dim): number | undefined {
  if (dim.terms === null || dim.terms.length > 1) return undefined;
  const only = dim.terms[0];
  return only === undefined ? 0 : only.text === '' ? only.coefficient : undefined;
}

/** a + b */
export function add(a: Dim, b: Dim): Dim {
  if (!a.terms || !b.terms) return UNKNOWN;
  if (a.terms.length === 0) return b;
  return b.terms.length === 0 ? a : ofTerms([...a.terms, ...b.terms]);
}

/** -a */
export function negate(a: Dim): Dim {
  return scale(a, -1);
}

/** a - b */
export function subtract(a: Dim, b: Dim): Dim {
  return add(a, negate(b));
}

/** A whole number times a. */
export function scale(a: Dim, by: number): Dim {
  if (!a.terms || by === 1) return a;
  return ofTerms(a.terms.map((term) => ({ ...term, coefficient: term.coefficient * by })));
}

/** a*b */
export function multiply(a: Dim, b: Dim): Dim {
  if (!a.terms || !b.terms) return UNKNOWN;
  const left = asConstant(a);
  if (left !== undefined) return scale(b, left);
  const right = asConstant(b);
  if (right !== undefined) return scale(a, right);
  if (!fits(a.terms.length, b.terms.length)) return UNKNOWN;
  const terms = b.terms;
  return ofTerms(a.terms.flatMap((x) => terms.map((y) => multiplyTerms(x, y))));
}

/** The product of two terms. An inexact coefficient is caught where terms are added up. */
export function multiplyTerms(a: Term, b: Term): Term {
  const factors = mergeFactors(a.factors, b.factors);
  return { coefficient: a.coefficient * b.coefficient, factors, text: productText(factors) };
}

function mergeFactors(a: readonly Factor[], b: readonly Factor[]): readonly Factor[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged = [...a];
  for (const factor of b) {
    const at = merged.findIndex(({ atom }) => atom.text === factor.atom.text);
    const held = merged[at];
    if (held) merged[at] = { atom: held.atom, power: held.power + factor.power };
    else merged.push(factor);
  }
  return merged.sort((x, y) => compareAtoms(x.atom, y.atom));
}

/** The sum of all; 0 for none. */
export function sum(dims: readonly Dim[]): Dim {
  return dims.reduce(add, ZERO);
}

/** The product of all; 1 for none. */
export function product(dims: readonly Dim[]): Dim {
  return dims.reduce(multiply, ONE);
}

/** a to the n-th; unknown for exponents that are no whole number from 0 up. */
export function power(a: Dim, n: number): Dim {
  if (isUnknown(a) || !Number.isSafeInteger(n) || n < 0) return UNKNOWN;
  const value = asConstant(a);
  if (value !== undefined && Math.abs(value) <= 1) return n === 0 ? ONE : value < 0 && n % 2 === 0 ? constant(1) : a;
  let result = ONE;
  for (let left = n; left > 0 && !isUnknown(result); left--) result = multiply(result, a);
  return result;
}

/** The same normal form. Two unknowns are the same as data; `compare` says that their sizes are not known. */
export function same(a: Dim, b: Dim): boolean {
  return a.text === b.text;
}

/** A string that is equal for the same normal forms alone. */
export function key(dim: Dim): string {
  return dim.text;
}

/** `dim` as what is added less what is subtracted. */
export function addedAndSubtracted(dim: Dim): readonly [Dim, Dim] {
  const terms = dim.terms ?? [];
  return [ofTerms(terms.filter(({ coefficient }) => coefficient > 0)), negate(ofTerms(terms.filter(({ coefficient }) => coefficient < 0)))];
}
