/** From facts to what simplification and comparison use. */
import { asConstant, subtract } from './arithmetic';
import { intervalOf, symbolInterval } from './bounds';
import { type Context, emptyContext, type Fact, type Facts, NO_FACTS, type Rule } from './context';
import { cancel, commonProduct, divideTerm } from './division';
import { soleAtom } from './extrema';
import { ruleOf, simplifyIn } from './simplification';
import { substitute, symbolsOf } from './substitution';
import { constant, type Dim, ONE, ofAtom, ofTerm, ofTerms, symbol, type Term } from './terms';

const contexts = new WeakMap<Facts, Context>();

const mentioned = new WeakMap<Facts, ReadonlySet<string>>();

/** The context for expressions: where the facts speak of none of their symbols, the one without facts, whose answers last. */
export function contextFor(facts: Facts, ...dims: readonly Dim[]): Context {
  if (facts.list.length === 0) return contextOf(NO_FACTS);
  const held = mentioned.get(facts);
  const names = held ?? new Set(facts.list.flatMap(({ left, right }) => [...symbolsOf(left), ...symbolsOf(right)]));
  if (!held) mentioned.set(facts, names);
  return contextOf(dims.some((dim) => symbolsOf(dim).some((name) => names.has(name))) ? facts : NO_FACTS);
}

const origins = new WeakMap<Facts, Facts>();

/** Facts that were extended, by what extended them: the same facts taken again are the same object, so that what was deduced and answered holds. */
let extensions = new WeakMap<Facts, Map<string, Facts>>();
let extended = 0;
const MOST_EXTENSIONS = 2000;

/** The facts with one more. */
export function extend(facts: Facts, fact: Fact): Facts {
  if (extended >= MOST_EXTENSIONS) [extensions, extended] = [new WeakMap(), 0];
  const held = extensions.get(facts) ?? new Map<string, Facts>();
  extensions.set(facts, held);
  const id = `${fact.relation}\n${fact.left.text}\n${fact.right.text}\n${fact.words}`;
  const known = held.get(id);
  if (known) return known;
  const made = extendedWith(facts, fact);
  held.set(id, made);
  extended++;
  return made;
}

function extendedWith(facts: Facts, fact: Fact): Facts {
  const extended: Facts = { list: [...facts.list, fact] };
  // A bound may weaken what the rest was deduced from; other facts add to it.
  if (fact.relation !== '<=') origins.set(extended, facts);
  return extended;
}

/** The context of facts, made at first use; from the context of the facts that they extend where that is known. */
export function contextOf(facts: Facts): Context {
  const held = contexts.get(facts);
  if (held) return held;
  const origin = origins.get(facts);
  const context = origin ? deduce(facts, facts.list.slice(-1), { ...emptyContext(), ...conclusions(contextOf(origin)) }) : deduceAll(facts);
  contexts.set(facts, context);
  return context;
}

function conclusions({ bounds, substitution, rules, divisibilities, inequalities }: Context): Partial<Context> {
  return { bounds, substitution, rules, divisibilities, inequalities };
}

function deduceAll(facts: Facts): Context {
  const context = emptyContext();
  const ordered = facts.list.filter((fact) => fact.relation === '<=');
  for (const fact of ordered) takeBound(fact, context);
  context.inequalities = ordered.map((fact) => subtract(fact.right, fact.left));
  return deduce(facts, facts.list, context);
}

function deduce(facts: Facts, fresh: readonly Fact[], context: Context): Context {
  for (const fact of fresh) {
    if (fact.relation === '==') takeEquality(fact, context);
    if (fact.relation === 'divides') takeDivisibility(fact, context);
  }
  // Once more, now that all symbols are solved.
  context.divisibilities = [];
  for (const fact of facts.list) if (fact.relation === 'divides') takeDivisibility(fact, context);
  context.inequalities = context.inequalities.map((dim) => simplifyIn(dim, context)).filter((dim) => intervalOf(dim, context).low < 0);
  forget(context);
  return context;
}

function forget(context: Context): void {
  context.simplified.clear();
  context.intervals.clear();
  context.refutations.clear();
  context.relations.clear();
}

function takeBound({ left, right }: Fact, context: Context): void {
  const [small, large] = [soleAtom(left), soleAtom(right)];
  const [least, most] = [asConstant(left), asConstant(right)];
  if (large?.kind === 'symbol' && least !== undefined) narrow(context, large.name, least, undefined);
  if (small?.kind === 'symbol' && most !== undefined) narrow(context, small.name, undefined, most);
}

function narrow(context: Context, name: string, least: number | undefined, most: number | undefined): void {
  const held = context.bounds.get(name);
  const low = least === undefined ? held?.low : Math.max(least, held?.low ?? least);
  const high = most === undefined ? held?.high : Math.min(most, held?.high ?? most);
  context.bounds.set(name, { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) });
}

function takeEquality(fact: Fact, context: Context): void {
  const zero = reduce(simplifyIn(subtract(fact.left, fact.right), context), context);
  if (!zero.terms || asConstant(zero) !== undefined) return;
  const name = solvable(zero, [fact.left, fact.right]);
  if (name !== undefined) solve(zero, name, context);
  else context.rules = [...context.rules, ...rulesOf(zero)];
  forget(context);
}

function rulesOf(zero: Dim): readonly Rule[] {
  const rule = ruleOf(zero);
  return rule ? [rule] : [];
}

/** Divides by the product that all terms share, where it is surely not 0. */
function reduce(zero: Dim, context: Context): Dim {
  if (!zero.terms || zero.terms.length === 0) return zero;
  const common = commonProduct(zero.terms);
  const nonzero = common.factors.filter(({ atom }) => intervalOf(ofAtom(atom), context).low >= 1);
  const by = ofTerm(common.coefficient, nonzero);
  const term = by.terms?.[0];
  return term ? ofTerms(zero.terms.map((each) => divideTerm(each, term)?.quotient ?? each)) : zero;
}

/** A symbol that the equality gives: the left side's own, then the right side's, then any. */
function solvable(zero: Dim, sides: readonly Dim[]): string | undefined {
  const names = (zero.terms ?? []).flatMap((term) => {
    const atom = Math.abs(term.coefficient) === 1 ? soleAtom(ofTerms([{ ...term, coefficient: 1 }])) : undefined;
    const others = atom?.kind === 'symbol' ? subtract(zero, ofTerms([term])) : undefined;
    return atom?.kind === 'symbol' && others && !symbolsOf(others).includes(atom.name) ? [atom.name] : [];
  });
  const preferred = sides.flatMap((side) => {
    const atom = soleAtom(side);
    return atom?.kind === 'symbol' && names.includes(atom.name) ? [atom.name] : [];
  });
  return preferred[0] ?? names[0];
}

function solve(zero: Dim, name: string, context: Context): void {
  const unit = symbol(name);
  const term = (zero.terms ?? []).find((each) => each.text === unit.text) as Term;
  const others = subtract(zero, ofTerms([term]));
  const value = term.coefficient === 1 ? subtract(constant(0), others) : others;
  const step = new Map([[name, value]]);
  const solved = [...context.substitution].map(([held, dim]): [string, Dim] => [held, substitute(dim, step)]);
  context.substitution = new Map([...solved, [name, value]]);
  context.rules = context.rules.flatMap(({ lead, rest }) => rulesOf(substitute(subtract(ofTerms([lead]), rest), step)));
  const { low, high } = symbolInterval(name, context);
  const above = Number.isFinite(low) ? [subtract(value, constant(low))] : [];
  const below = Number.isFinite(high) ? [subtract(constant(high), value)] : [];
  context.inequalities = [...context.inequalities, ...above, ...below];
}

function takeDivisibility(fact: Fact, context: Context): void {
  const by = simplifyIn(fact.left, context);
  const whole = simplifyIn(fact.right, context);
  if (by.text === '0' || by.terms === null || whole.terms === null || whole.text === '0') return;
  const { left, right } = cancel(whole, by);
  if (right.text === ONE.text) return;
  context.divisibilities = [...context.divisibilities, { divisor: right, dividend: left }];
  forget(context);
}
