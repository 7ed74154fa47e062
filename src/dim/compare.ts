/** Three verdicts on sizes. Only what is sure for all sizes that the facts allow is said. */
import { add, asConstant, isUnknown, negate, subtract } from './arithmetic';
import { intervalOf } from './bounds';
import type { Context, Facts, Verdict } from './context';
import { contextFor } from './deduction';
import { quotientOfParts, splitWithFacts } from './divisibility';
import { cancel, floorQuotient, gcd } from './division';
import { refute } from './refutation';
import { simplifyIn } from './simplification';
import { type Dim, ONE, UNKNOWN } from './terms';

export type { Verdict };
export type Answer = 'yes' | 'no' | 'unknown';

/** Whether two sizes (each at least 1) are equal for all sizes, for none, or it depends. */
export function compare(a: Dim, b: Dim, facts: Facts): Verdict {
  if (isUnknown(a) || isUnknown(b)) return 'unknown';
  if (a.text === b.text) return 'equal';
  const { relations } = contextFor(facts, a, b);
  const id = `${a.text} == ${b.text}`;
  return (
    relations.get(id) ??
    relations.set(
      id,
      relate(a, b, facts, (left, right) => [subtract(left, ONE), subtract(right, ONE)]),
    )
  );
}

/** `compare` for numbers that may be 0 or less. */
export function compareIntegers(a: Dim, b: Dim, facts: Facts): Verdict {
  return isUnknown(a) || isUnknown(b) ? 'unknown' : relate(a, b, facts, () => []);
}

function relate(a: Dim, b: Dim, facts: Facts, given: (left: Dim, right: Dim) => readonly Dim[]): Verdict {
  const context = contextFor(facts, a, b);
  const left = simplifyIn(a, context);
  const right = simplifyIn(b, context);
  const zero = simplifyIn(subtract(left, right), context);
  if (isUnknown(zero)) return 'unknown';
  const value = asConstant(zero);
  if (value !== undefined) return value === 0 ? 'equal' : 'different';
  const { low, high } = intervalOf(zero, context);
  if (low > 0 || high < 0 || isIndivisible(zero)) return 'different';
  if (isIndependent(zero, context)) return 'unknown';
  if (refute([zero, negate(zero), ...given(left, right)], context)) return 'different';
  return isAtMostZero(zero, context) && isAtMostZero(negate(zero), context) ? 'equal' : 'unknown';
}

/** No two terms share a symbol and no fact relates any: then the interval has said all. */
function isIndependent(zero: Dim, context: Context): boolean {
  if (context.inequalities.length + context.rules.length + context.divisibilities.length > 0) return false;
  const seen = new Set<string>();
  for (const { factors } of zero.terms ?? []) {
    for (const { atom } of factors) {
      if (atom.kind !== 'symbol' || seen.has(atom.text)) return false;
      seen.add(atom.text);
    }
  }
  return true;
}

/** The coefficients share a divisor that the constant lacks: such a sum is never 0. */
function isIndivisible(zero: Dim, step = 0): boolean {
  const terms = zero.terms ?? [];
  const last = terms[terms.length - 1];
  if (last?.text !== '') return false;
  const shared = terms.slice(0, -1).reduce((found, term) => gcd(found, Math.abs(term.coefficient)), Math.abs(step));
  return shared !== 0 && last.coefficient % shared !== 0;
}

function isAtMostZero(dim: Dim, context: Context): boolean {
  const value = asConstant(dim);
  if (value !== undefined) return value <= 0;
  return !isUnknown(dim) && (intervalOf(dim, context).high <= 0 || refute([subtract(dim, ONE)], context));
}

/** Whether a <= b: for all sizes, for none, or it depends. */
export function atMost(a: Dim, b: Dim, facts: Facts): Answer {
  if (isUnknown(a) || isUnknown(b)) return 'unknown';
  const context = contextFor(facts, a, b);
  const excess = simplifyIn(subtract(a, b), context);
  if (isUnknown(excess)) return 'unknown';
  if (isAtMostZero(excess, context)) return 'yes';
  if (isAtMostZero(subtract(ONE, excess), context)) return 'no';
  return isAtMostZero(subtract(ONE, b), context) && divides(a, b, facts) === 'yes' ? 'yes' : 'unknown';
}

/** Whether k divides d: for all sizes, for none, or it depends. */
export function divides(k: Dim, d: Dim, facts: Facts): Answer {
  if (isUnknown(k) || isUnknown(d)) return 'unknown';
  const context = contextFor(facts, k, d);
  const by = simplifyIn(k, context);
  const whole = simplifyIn(d, context);
  if (isUnknown(by) || isUnknown(whole) || by.text === '0') return 'unknown';
  const { rest } = splitWithFacts(whole, by, context);
  if (asConstant(rest) === 0) return 'yes';
  const left = simplifyIn(rest, context);
  if (isUnknown(left)) return 'unknown';
  return neverDivides(by, left, context) ? 'no' : 'unknown';
}

/** A rest that lies strictly between 0 and the divisor, or that its coefficients keep off the multiples. */
function neverDivides(by: Dim, rest: Dim, context: Context): boolean {
  const step = asConstant(by);
  if (step !== undefined && isIndivisible(rest, step)) return true;
  return isAtMostZero(subtract(ONE, rest), context) && isAtMostZero(subtract(add(rest, ONE), by), context);
}

export interface Division {
  readonly quotient: Dim;
  /** Whether it holds only where the divisor divides. */
  readonly needs: boolean;
  /** What must hold, common factors taken away. */
  readonly need?: { readonly divisor: Dim; readonly size: Dim };
}

/** a over b as a size; undefined where b surely does not divide a. */
export function exactDivide(a: Dim, b: Dim, facts: Facts): Division | undefined {
  if (isUnknown(a) || isUnknown(b)) return { quotient: UNKNOWN, needs: false };
  const context = contextFor(facts, a, b);
  const whole = simplifyIn(a, context);
  const by = simplifyIn(b, context);
  if (by.text === '0' || b.text === '0' || divides(by, whole, facts) === 'no') return undefined;
  const quotient = shorter(floorQuotient(a, b), simplifyIn(floorQuotient(whole, by), context));
  if (asConstant(splitWithFacts(whole, by, context).rest) === 0) return { quotient, needs: false };
  const parts = quotientOfParts(whole, by, context);
  if (parts) return { quotient: simplifyIn(parts, context), needs: false };
  const { left, right } = cancel(whole, by);
  return { quotient, needs: true, need: { divisor: right, size: left } };
}

/** The user's own names, unless the facts make it simpler. */
function shorter(plain: Dim, simplified: Dim): Dim {
  return isUnknown(simplified) || plain.text.length <= simplified.text.length ? plain : simplified;
}
