/** Whole parts of quotients, with what facts say of divisibility. */
import { add, isUnknown, multiply, subtract } from './arithmetic';
import type { Context } from './context';
import { divideTerm, floorQuotient, gcd, split } from './division';
import { isName, substitute, symbolsOf } from './substitution';
import { type Dim, ofTerm, ofTerms, symbol, type Term, ZERO } from './terms';

/** left = right*quotient + rest, where what facts make divisible has gone into the quotient. */
export function splitWithFacts(left: Dim, right: Dim, context: Context): { quotient: Dim; rest: Dim } {
  const plain = split(left, right);
  const by = right.terms?.length === 1 ? right.terms[0] : undefined;
  if (context.divisibilities.length === 0 || !plain.rest.terms) return plain;
  const whole = divideWhole(plain.rest, right, context);
  if (whole) return { quotient: add(plain.quotient, whole), rest: ZERO };
  let { quotient, rest } = plain;
  for (const term of by ? plain.rest.terms : []) {
    const part = by && divideByFacts(term, by, context);
    if (!part) continue;
    quotient = add(quotient, part);
    rest = subtract(rest, ofTerms([term]));
  }
  return { quotient, rest };
}

/** The quotient where sizes are written as their parts times what divides them: (h//p)*(w//p) goes into h*w exactly, p*p times. */
export function quotientOfParts(left: Dim, right: Dim, { divisibilities }: Context): Dim | undefined {
  const opened = new Map<string, Dim>();
  const closed = new Map<string, Dim>();
  for (const { divisor, dividend } of divisibilities) {
    if (!isName(dividend) || opened.has(dividend.text) || symbolsOf(divisor).includes(dividend.text)) continue;
    // No size of a program has such a name.
    const part = `${dividend.text} part`;
    opened.set(dividend.text, multiply(divisor, symbol(part)));
    closed.set(part, floorQuotient(dividend, divisor));
  }
  const [whole, by] = [substitute(left, opened), substitute(right, opened)];
  if (opened.size === 0 || (whole === left && by === right) || by.text === '0' || isUnknown(by) || isUnknown(whole)) return undefined;
  const { quotient, rest } = split(whole, by);
  return rest.text === '0' ? substitute(quotient, closed) : undefined;
}

/** A multiple of what a fact says that a multiple of the divisor divides. */
function divideWhole(left: Dim, right: Dim, context: Context): Dim | undefined {
  for (const { divisor, dividend } of context.divisibilities) {
    if (split(divisor, right).rest.text !== '0') continue;
    const { quotient, rest } = split(left, dividend);
    if (rest.text === '0') return multiply(quotient, floorQuotient(dividend, right));
  }
  return undefined;
}

/** A term over a product, each factor of the divisor taken from the term itself or from a product that a fact says it divides. */
function divideByFacts(term: Term, by: Term, { divisibilities }: Context): Dim | undefined {
  // A fact may take what a later one needs whole: `h | c` before `2*h | c`.
  return divideInOrder(term, by, divisibilities) ?? divideInOrder(term, by, [...divisibilities].reverse());
}

function divideInOrder(term: Term, by: Term, facts: Context['divisibilities']): Dim | undefined {
  const shared = commonWith(term, by);
  let left = divideTerm(term, shared)?.quotient ?? term;
  let right = divideTerm(by, shared)?.quotient ?? by;
  let found = ofTerm(1, []);
  for (const { divisor, dividend } of facts) {
    const a = divisor.terms?.length === 1 ? divisor.terms[0] : undefined;
    const b = dividend.terms?.length === 1 ? dividend.terms[0] : undefined;
    if (!a || !b) continue;
    const step = takeFact(left, right, a, b);
    if (!step) continue;
    const part = floorQuotient(dividend, ofTerms([step.taken]));
    ({ left, right } = step);
    // What is left of the product may be divided further: `2 | c//h` behind `h | c`.
    const joined = multiply(ofTerms([left]), part);
    if (joined.terms?.length === 1) left = joined.terms[0] as Term;
    else found = multiply(found, part);
  }
  return right.factors.length === 0 && left.coefficient % right.coefficient === 0
    ? multiply(found, ofTerms([{ ...left, coefficient: left.coefficient / right.coefficient }]))
    : undefined;
}

/** Uses `a divides b` once, or a part of `a` where that is all the divisor needs. */
function takeFact(left: Term, right: Term, a: Term, b: Term): { left: Term; right: Term; taken: Term } | undefined {
  const taken = commonWith(right, a);
  if (taken.text === '' && taken.coefficient === 1) return undefined;
  const nextLeft = divideTerm(left, b);
  const nextRight = divideTerm(right, taken);
  return nextLeft?.exact && nextRight?.exact ? { left: nextLeft.quotient, right: nextRight.quotient, taken } : undefined;
}

function commonWith(a: Term, b: Term): Term {
  const factors = a.factors.flatMap(({ atom, power }) => {
    const other = b.factors.find((factor) => factor.atom.text === atom.text);
    return other ? [{ atom, power: Math.min(power, other.power) }] : [];
  });
  const coefficient = gcd(Math.abs(a.coefficient), Math.abs(b.coefficient)) || 1;
  return ofTerm(coefficient, factors).terms?.[0] as Term;
}
