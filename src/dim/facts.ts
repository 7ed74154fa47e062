/** Facts: what may be taken for true of sizes, each in the user's words. */
import { add, asConstant, multiply, negate, same, subtract } from './arithmetic';
import { intervalOf } from './bounds';
import { atMost, compareIntegers, divides } from './compare';
import type { Fact, Facts } from './context';
import { contextFor, extend } from './deduction';
import { floorQuotient } from './division';
import { simplifyIn } from './simplification';
import { constant, type Dim, ofAtom } from './terms';

export { type Fact, type Facts, NO_FACTS } from './context';

/** The simplest form that the facts give. */
export function simplify(dim: Dim, facts: Facts): Dim {
  return simplifyIn(dim, contextFor(facts, dim));
}

/** Whether it is surely at least 1, seen by signs alone. */
export function isPositive(dim: Dim, facts: Facts): boolean {
  return intervalOf(dim, contextFor(facts, dim)).low >= 1;
}

/** More say nothing that anyone will read, and each is weighed at every comparison. */
const MOST_FACTS = 200;

/** Takes `a == b`. The left symbol is replaced by the right side where that is possible. What contradicts the facts is not taken. */
export function assumeEqual(facts: Facts, a: Dim, b: Dim, words: string): Facts {
  if (compareIntegers(a, b, facts) !== 'unknown') return facts;
  const zero = simplify(subtract(a, b), facts);
  const division = divisionOf(zero);
  if (division) return withFact(facts, { relation: 'divides', ...division, words });
  return withFact(facts, { relation: '==', ...(remainderOf(zero) ?? { left: a, right: b }), words });
}

/** `k % 2 == 1` says that k == 2*(k//2) + 1. */
function remainderOf(zero: Dim): { left: Dim; right: Dim } | undefined {
  const [atom, ...others] = (zero.terms ?? []).flatMap(({ factors }) => factors.map((factor) => factor.atom));
  if (atom?.kind !== 'mod' || others.length > 0) return undefined;
  const [less, more] = [subtract(ofAtom(atom), zero), add(ofAtom(atom), zero)];
  const rest = [less, more].find((side) => asConstant(side) !== undefined);
  return rest && { left: atom.left, right: add(multiply(atom.right, floorQuotient(atom.left, atom.right)), rest) };
}

/** `c % h == 0` and `h*(c//h) == c` say that h divides c. */
function divisionOf(zero: Dim): { left: Dim; right: Dim } | undefined {
  for (const { factors } of zero.terms ?? []) {
    for (const { atom } of factors) {
      if (atom.kind !== 'mod' && atom.kind !== 'floor') continue;
      const { left, right } = atom;
      const rest = atom.kind === 'mod' ? ofAtom(atom) : subtract(left, multiply(right, ofAtom(atom)));
      if (same(rest, zero) || same(negate(rest), zero)) return { left: right, right: left };
    }
  }
  return undefined;
}

/** Takes `d % divisor == 0`. */
export function assumeDivides(facts: Facts, divisor: Dim, d: Dim, words: string): Facts {
  return divides(divisor, d, facts) === 'unknown' ? withFact(facts, { relation: 'divides', left: divisor, right: d, words }) : facts;
}

/** Takes `d >= n`. For a bare symbol it stands in place of the default bound of 1. */
export function assumeAtLeast(facts: Facts, d: Dim, n: number | Dim, words: string): Facts {
  return assumeOrder(facts, typeof n === 'number' ? constant(n) : n, d, words);
}

/** Takes `d <= n`. */
export function assumeAtMost(facts: Facts, d: Dim, n: number | Dim, words: string): Facts {
  return assumeOrder(facts, d, typeof n === 'number' ? constant(n) : n, words);
}

function assumeOrder(facts: Facts, small: Dim, large: Dim, words: string): Facts {
  if (subtract(large, small).terms === null) return facts;
  return atMost(small, large, facts) === 'no' ? facts : withFact(facts, { relation: '<=', left: small, right: large, words });
}

function withFact(facts: Facts, fact: Fact): Facts {
  if (fact.left.terms === null || fact.right.terms === null || facts.list.length >= MOST_FACTS) return facts;
  return extend(facts, fact);
}
