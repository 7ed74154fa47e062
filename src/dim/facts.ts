/** Facts: what may be taken for true of sizes, each in the user's words. */
import { negate, subtract } from './arithmetic';
import { compare, atMost, divides } from './compare';
import { type Fact, type Facts } from './context';
import { constant, type Dim } from './terms';

export { type Fact, type Facts, NO_FACTS } from './context';
export { simplify } from './simplification';

/** Takes `a == b`. The left symbol is replaced by the right side where that is possible. What contradicts the facts is not taken. */
export function assumeEqual(facts: Facts, a: Dim, b: Dim, words: string): Facts {
  return compare(a, b, facts) === 'unknown' ? withFact(facts, { relation: '==', left: a, right: b, words }) : facts;
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
  return atMost(small, large, facts) === 'no' && !frees(small, large) ? facts : withFact(facts, { relation: '<=', left: small, right: large, words });
}

/** A bare symbol may be told to go below 1. */
function frees(small: Dim, large: Dim): boolean {
  return large.terms?.length === 1 && small.text !== negate(large).text;
}

function withFact(facts: Facts, fact: Fact): Facts {
  if (fact.left.terms === null || fact.right.terms === null) return facts;
  return { list: [...facts.list, fact] };
}
