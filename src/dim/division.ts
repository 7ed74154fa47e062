/** Floor division and remainder, as Python defines them; every rewriting holds for all integers for which the original is defined. */
import { add, asConstant, isUnknown, multiply, multiplyTerms, negate, scale, subtract } from './arithmetic';
import { constant, type Dim, degree, divisionAtom, type Factor, ONE, ofAtom, ofTerm, ofTerms, productText, type Term, UNKNOWN, ZERO } from './terms';

/** Floor of a quotient of numbers, exactly; undefined for a zero divisor. */
export function floorNumbers(a: number, b: number): number | undefined {
  const rest = modNumbers(a, b);
  if (rest === undefined) return undefined;
  const whole = a - rest;
  return Number.isSafeInteger(whole) ? whole / b + 0 : undefined;
}

/** Remainder with the divisor's sign; undefined for a zero divisor. */
export function modNumbers(a: number, b: number): number | undefined {
  if (b === 0) return undefined;
  const rest = a % b;
  return (rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest) + 0;
}

function ofNumber(value: number | undefined): Dim {
  return value === undefined ? UNKNOWN : constant(value);
}

/** a//b without facts. */
export function floorQuotient(a: Dim, b: Dim): Dim {
  if (isUnknown(a) || isUnknown(b)) return UNKNOWN;
  const x = asConstant(a);
  const y = asConstant(b);
  if (y === 0) return UNKNOWN;
  if (x === 0 || y === 1) return a;
  if (x !== undefined && y !== undefined) return ofNumber(floorNumbers(x, y));
  const { left, right } = cancel(a, b);
  if (right.text === '1') return left;
  const { quotient, rest } = split(left, right);
  if (isUnknown(quotient) || isUnknown(rest)) return UNKNOWN;
  return add(quotient, fraction(rest, right));
}

/** The floor of a fraction whose whole parts were taken out. */
function fraction(rest: Dim, divisor: Dim): Dim {
  const by = asConstant(divisor);
  const value = asConstant(rest);
  if (value === 0) return ZERO;
  if (by === undefined) return leftover(rest, divisor);
  if (value !== undefined) return ofNumber(floorNumbers(value, by));
  if (firstTerm(rest).coefficient < 0) return negate(floorQuotient(add(negate(rest), constant(by - 1)), divisor));
  return nestedFloor(rest, divisor) ?? leftover(rest, divisor);
}

function leftover(rest: Dim, divisor: Dim): Dim {
  const { left, right } = cancel(rest, divisor);
  return ofAtom(divisionAtom('floor', left, right));
}

/** (n//a + m)//b is (n + a*m)//(a*b) where b is positive. */
export function nestedFloor(dividend: Dim, divisor: Dim): Dim | undefined {
  for (const term of dividend.terms ?? []) {
    const inner = term.coefficient === 1 && degree(term) === 1 ? term.factors[0]?.atom : undefined;
    if (inner?.kind !== 'floor') continue;
    const others = subtract(dividend, ofAtom(inner));
    return floorQuotient(add(inner.left, multiply(inner.right, others)), multiply(inner.right, divisor));
  }
  return undefined;
}

/** a % b without facts. */
export function remainder(a: Dim, b: Dim): Dim {
  if (isUnknown(a) || isUnknown(b)) return UNKNOWN;
  const x = asConstant(a);
  const y = asConstant(b);
  if (y === 0) return UNKNOWN;
  if (x === 0 || y === 1 || y === -1) return ZERO;
  if (x !== undefined && y !== undefined) return ofNumber(modNumbers(x, y));
  const { left, right, common } = cancel(a, b);
  return multiply(common, lowRemainder(left, right));
}

function lowRemainder(a: Dim, b: Dim): Dim {
  if (b.text === '1') return ZERO;
  const { rest } = split(a, b);
  if (isUnknown(rest)) return UNKNOWN;
  const by = asConstant(b);
  const value = asConstant(rest);
  if (value === 0) return ZERO;
  if (by !== undefined && value !== undefined) return ofNumber(modNumbers(value, by));
  const opened = openRemainders(rest, b);
  if (opened) return remainder(opened, b);
  return ofAtom(divisionAtom('mod', by === undefined ? rest : shiftUp(rest, by), b));
}

/** A remainder's constant part is shown from 0 up. */
function shiftUp(rest: Dim, by: number): Dim {
  const last = rest.terms?.[rest.terms.length - 1];
  return last?.text === '' && last.coefficient < 0 ? add(rest, constant(by)) : rest;
}

/** (n % m) is n as far as a divisor of m can tell. */
function openRemainders(rest: Dim, divisor: Dim): Dim | undefined {
  const by = divisor.terms?.length === 1 ? divisor.terms[0] : undefined;
  if (!by) return undefined;
  for (const term of rest.terms ?? []) {
    const inner = term.factors.find(({ atom, power }) => atom.kind === 'mod' && power === 1)?.atom;
    if (inner?.kind !== 'mod') continue;
    const cofactor = ofTerm(
      term.coefficient,
      term.factors.filter(({ atom }) => atom !== inner),
    );
    const steps = multiply(cofactor, inner.right);
    if (!steps.terms?.every((step) => divideTerm(step, by)?.exact)) continue;
    return add(subtract(rest, ofTerms([term])), multiply(cofactor, inner.left));
  }
  return undefined;
}

// ---- common factors and whole parts ----

function firstTerm(dim: Dim): Term {
  return dim.terms?.[0] as Term;
}

/** Divides both by the product that divides all their terms; the divisor then leads with a positive coefficient. */
export function cancel(left: Dim, right: Dim): { left: Dim; right: Dim; common: Dim } {
  const sign = firstTerm(right).coefficient < 0 ? -1 : 1;
  const shared = commonProduct([...(left.terms ?? []), ...(right.terms ?? [])]);
  if (shared.text === '' && shared.coefficient === 1 && sign === 1) return { left, right, common: ONE };
  const common = { ...shared, coefficient: shared.coefficient * sign };
  return { left: divideAll(left, common), right: divideAll(right, common), common: ofTerms([common]) };
}

function divideAll(dim: Dim, by: Term): Dim {
  return ofTerms((dim.terms ?? []).map((term) => divideTerm(term, by)?.quotient ?? term));
}

/** The greatest product that divides each of the terms; its coefficient is positive. */
export function commonProduct(terms: readonly Term[]): Term {
  let coefficient = 0;
  let factors: readonly Factor[] | undefined;
  for (const term of terms) {
    coefficient = gcd(coefficient, Math.abs(term.coefficient));
    factors = factors ? commonFactors(factors, term.factors) : term.factors;
    if (coefficient === 1 && factors.length === 0) break;
  }
  return { coefficient: coefficient || 1, factors: factors ?? [], text: productText(factors ?? []) };
}

function commonFactors(a: readonly Factor[], b: readonly Factor[]): Factor[] {
  return a.flatMap(({ atom, power }) => {
    const other = b.find((factor) => factor.atom.text === atom.text);
    return other ? [{ atom, power: Math.min(power, other.power) }] : [];
  });
}

/** The greatest common divisor of numbers from 0 up. */
export function gcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** A term over a product: its factors must hold the divisor's; the coefficient is cut towards zero, `exact` where nothing is lost. */
export function divideTerm(term: Term, by: Term): { quotient: Term; exact: boolean } | undefined {
  const factors: Factor[] = [];
  let found = 0;
  for (const { atom, power } of term.factors) {
    const taken = by.factors.find((factor) => factor.atom.text === atom.text)?.power;
    if (taken !== undefined) found++;
    if (power < (taken ?? 0)) return undefined;
    if (power > (taken ?? 0)) factors.push({ atom, power: power - (taken ?? 0) });
  }
  if (found < by.factors.length) return undefined;
  const coefficient = Math.trunc(term.coefficient / by.coefficient) + 0;
  return { quotient: { coefficient, factors, text: productText(factors) }, exact: term.coefficient % by.coefficient === 0 };
}

/** left = right*quotient + rest, with as much as can be seen in the quotient. */
export function split(left: Dim, right: Dim): { quotient: Dim; rest: Dim } {
  const terms = right.terms ?? [];
  if (terms.length > 1) return splitBySum(left, right);
  const by = terms[0] as Term;
  const parts = (left.terms ?? []).flatMap((term) => {
    const part = divideTerm(term, by)?.quotient;
    if (!part) return [];
    // A constant's rest lies in (-by, 0], so that a rounded-up half reads (h - 1)//2 + 1.
    return [term.text === '' ? { ...part, coefficient: Math.ceil(term.coefficient / by.coefficient) + 0 } : part];
  });
  const quotient = ofTerms(parts);
  return { quotient, rest: subtract(left, multiply(quotient, right)) };
}

/** Long division by a sum; taken only where it leaves fewer terms than there were. */
function splitBySum(left: Dim, right: Dim): { quotient: Dim; rest: Dim } {
  const lead = firstTerm(right);
  const steps = left.terms?.length ?? 0;
  let quotient = ZERO;
  let rest = left;
  for (let step = 0; step < steps && rest.terms && rest.terms.length > 0; step++) {
    const next = rest.terms.map((term) => divideTerm(term, lead)).find((part) => part?.exact)?.quotient;
    if (!next) break;
    quotient = add(quotient, ofTerms([next]));
    rest = subtract(rest, ofTerms((right.terms ?? []).map((term) => multiplyTerms(term, next))));
  }
  if (!rest.terms || rest.terms.length >= steps) return { quotient: ZERO, rest: left };
  return { quotient, rest: scale(rest, 1) };
}
