/** What is known of the products in an expression, as inequalities that are linear in them. */
import { multiply, negate, subtract } from './arithmetic';
import { atomInterval, intervalOf } from './bounds';
import type { Context } from './context';
import { divideTerm, floorQuotient } from './division';
import { symbolsOf } from './substitution';
import { type Atom, constant, type Dim, type Factor, ONE, ofAtom, ofTerm, ofTerms, type Term } from './terms';

/** A maximum or minimum, and what it may be. */
export interface Extreme {
  readonly value: Dim;
  readonly cases: readonly Dim[];
}

const LIMITS = { products: 18, facts: 12 };

interface Gathering {
  readonly context: Context;
  readonly inequalities: Dim[];
  readonly seen: Set<string>;
  readonly waiting: Term[];
  readonly extremes: Extreme[];
}

/** The goals with all that the facts and the atoms' definitions say of what stands in them; each is at least 0. */
export function relevantInequalities(goals: readonly Dim[], context: Context): { inequalities: readonly Dim[]; extremes: readonly Extreme[] } {
  const gathering: Gathering = { context, inequalities: [], seen: new Set(), waiting: [], extremes: [] };
  for (const goal of goals) tell(gathering, goal);
  addFacts(gathering, new Set(goals.flatMap(symbolsOf)));
  for (let term = gathering.waiting.shift(); term && gathering.seen.size <= LIMITS.products; term = gathering.waiting.shift()) describe(gathering, term);
  return { inequalities: gathering.inequalities, extremes: gathering.extremes };
}

function tell(gathering: Gathering, atLeastZero: Dim): void {
  if (!atLeastZero.terms) return;
  gathering.inequalities.push(atLeastZero);
  for (const term of atLeastZero.terms) meet(gathering, term);
}

function meet({ seen, waiting }: Gathering, term: Term): void {
  if (term.text === '' || seen.has(term.text)) return;
  seen.add(term.text);
  waiting.push({ ...term, coefficient: 1 });
}

function addFacts(gathering: Gathering, names: ReadonlySet<string>): void {
  const { inequalities, rules, divisibilities } = gathering.context;
  const near = (dim: Dim): boolean => symbolsOf(dim).some((name) => names.has(name));
  for (const each of inequalities.filter(near).slice(0, LIMITS.facts)) tell(gathering, each);
  for (const { lead, rest } of rules.slice(0, LIMITS.facts)) {
    const zero = subtract(ofTerms([lead]), rest);
    if (near(zero)) tellZero(gathering, zero);
  }
  for (const { divisor, dividend } of divisibilities.slice(0, LIMITS.facts)) {
    if (near(dividend)) tellZero(gathering, subtract(multiply(divisor, floorQuotient(dividend, divisor)), dividend));
  }
}

function tellZero(gathering: Gathering, zero: Dim): void {
  tell(gathering, zero);
  tell(gathering, negate(zero));
}

function describe(gathering: Gathering, term: Term): void {
  const sole = term.factors.length === 1 && term.factors[0]?.power === 1 ? term.factors[0].atom : undefined;
  if (sole) describeAtom(gathering, sole);
  else describeProduct(gathering, term);
}

function describeAtom(gathering: Gathering, atom: Atom): void {
  const value = ofAtom(atom);
  const { low, high } = atomInterval(atom, gathering.context);
  if (Number.isFinite(low)) tell(gathering, subtract(value, constant(low)));
  if (Number.isFinite(high)) tell(gathering, subtract(constant(high), value));
  if (atom.kind === 'floor') describeFloor(gathering, atom.left, atom.right, value, ONE);
  if (atom.kind === 'mod') describeRemainder(gathering, atom.left, atom.right, value);
  if ('args' in atom) {
    for (const arg of atom.args) tell(gathering, atom.kind === 'max' ? subtract(value, arg) : subtract(arg, value));
    gathering.extremes.push({ value, cases: atom.args });
  }
}

/** 0 <= left - right*quotient <= right - 1, times something that is not negative. */
function describeFloor(gathering: Gathering, left: Dim, right: Dim, quotient: Dim, by: Dim): void {
  if (intervalOf(right, gathering.context).low < 1) return;
  const rest = subtract(left, multiply(right, quotient));
  tell(gathering, multiply(by, rest));
  tell(gathering, multiply(by, subtract(subtract(right, ONE), rest)));
}

function describeRemainder(gathering: Gathering, left: Dim, right: Dim, value: Dim): void {
  if (intervalOf(right, gathering.context).low < 1) return;
  tell(gathering, value);
  tell(gathering, subtract(subtract(right, ONE), value));
  tellZero(gathering, subtract(subtract(left, value), multiply(right, floorQuotient(left, right))));
}

/** A product against the product without one of its factors; and the definitions of divisions in it. */
function describeProduct(gathering: Gathering, term: Term): void {
  const { context } = gathering;
  const whole = ofTerms([term]);
  const { low, high } = intervalOf(whole, context);
  if (Number.isFinite(low)) tell(gathering, subtract(whole, constant(low)));
  if (Number.isFinite(high)) tell(gathering, subtract(constant(high), whole));
  for (const { atom } of term.factors) {
    const others = without(term, atom);
    if (intervalOf(others, context).low >= 0) describeFactor(gathering, atom, whole, others);
  }
}

function describeFactor(gathering: Gathering, atom: Atom, whole: Dim, others: Dim): void {
  const { low, high } = atomInterval(atom, gathering.context);
  if (Number.isFinite(low)) tell(gathering, subtract(whole, multiply(constant(low), others)));
  if (Number.isFinite(high)) tell(gathering, subtract(multiply(constant(high), others), whole));
  if (atom.kind === 'mod') meet(gathering, ofAtom(atom).terms?.[0] as Term);
  if (atom.kind !== 'floor') return;
  meet(gathering, ofAtom(atom).terms?.[0] as Term);
  const divisor = atom.right.terms?.length === 1 ? atom.right.terms[0] : undefined;
  const cofactor = divisor ? divideTerm(others.terms?.[0] as Term, { ...divisor, coefficient: 1 })?.quotient : undefined;
  if (cofactor) describeFloor(gathering, atom.left, atom.right, ofAtom(atom), ofTerms([cofactor]));
}

function without(term: Term, atom: Atom): Dim {
  const factors: Factor[] = term.factors.flatMap((factor) => (factor.atom !== atom ? [factor] : factor.power > 1 ? [{ atom, power: factor.power - 1 }] : []));
  return ofTerm(term.coefficient, factors);
}
