/** From facts to what simplification and comparison use. */
import { asConstant, subtract } from './arithmetic';
import { type Context, emptyContext, type Fact, type Facts } from './context';
import { cancel, commonProduct, divideTerm } from './division';
import { intervalOf } from './bounds';
import { soleAtom } from './extrema';
import { mentions, ruleOf, simplifyIn } from './simplification';
import { substitute } from './substitution';
import { constant, type Dim, ofTerms, ONE, symbol, type Term } from './terms';

const contexts = new WeakMap<Facts, Context>();

/** The context of facts, made at first use. */
export function contextOf(facts: Facts): Context {
  const held = contexts.get(facts);
  if (held) return held;
  const context = emptyContext();
  for (const fact of facts.list) if (fact.relation === '<=') takeBound(fact, context);
  for (const fact of facts.list) if (fact.relation === '==') takeEquality(subtract(fact.left, fact.right), fact, context);
  for (const fact of facts.list) if (fact.relation === 'divides') takeDivisibility(fact.left, fact.right, context);
  for (const fact of facts.list) if (fact.relation === '<=') context.inequalities.push(simplifyIn(subtract(fact.right, fact.left), context));
  forget(context);
  contexts.set(facts, context);
  return context;
}

function forget(context: Context): void {
  context.simplified.clear();
  context.intervals.clear();
  context.verdicts.clear();
}

function takeBound({ left, right }: Fact, context: Context): void {
  const least = asConstant(left);
  const most = asConstant(right);
  const low = least === undefined ? undefined : soleAtom(right);
  const high = most === undefined ? undefined : soleAtom(left);
  if (low?.kind === 'symbol' && least !== undefined) {
    const held = context.bounds.get(low.name);
    context.bounds.set(low.name, { low: Math.max(least, held && held.low !== 1 ? held.low : least), high: held?.high ?? Infinity });
  }
  if (high?.kind === 'symbol' && most !== undefined) {
    const held = context.bounds.get(high.name) ?? { low: 1, high: Infinity };
    context.bounds.set(high.name, { low: held.low, high: Math.min(most, held.high) });
  }
}

function takeEquality(difference: Dim, fact: Fact, context: Context): void {
  const zero = reduce(simplifyIn(difference, context), context);
  if (!zero.terms || asConstant(zero) !== undefined) return;
  const atom = zero.terms.length === 1 ? soleAtom(ofTerms([{ ...(zero.terms[0] as Term), coefficient: 1 }])) : undefined;
  if (atom?.kind === 'mod') return takeDivisibility(atom.right, atom.left, context);
  const name = solvable(zero, [fact.left, fact.right]);
  if (name !== undefined) solve(zero, name, context);
  else {
    const rule = ruleOf(zero);
    if (rule) context.rules.push(rule);
  }
  forget(context);
}

/** Divides by the product that all terms share, where it is surely not 0. */
function reduce(zero: Dim, context: Context): Dim {
  if (!zero.terms || zero.terms.length === 0) return zero;
  const common = commonProduct(zero.terms);
  const nonzero = common.factors.filter(({ atom }) => intervalOf(ofTerms([{ coefficient: 1, factors: [{ atom, power: 1 }], text: atom.text }]), context).low >= 1);
  const by = ofTerms([{ coefficient: common.coefficient, factors: nonzero, text: '' }]);
  const term = by.terms?.[0];
  return term ? ofTerms(zero.terms.map((each) => divideTerm(each, term)?.quotient ?? each)) : zero;
}

/** A symbol that the equality gives: the left side's own, then the right side's, then any. */
function solvable(zero: Dim, sides: readonly Dim[]): string | undefined {
  const names = (zero.terms ?? []).flatMap((term) => {
    const atom = Math.abs(term.coefficient) === 1 ? soleAtom(ofTerms([{ ...term, coefficient: 1 }])) : undefined;
    const others = atom?.kind === 'symbol' ? subtract(zero, ofTerms([term])) : undefined;
    return atom?.kind === 'symbol' && others && !mentions(others, atom.name) ? [atom.name] : [];
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
  const { low, high } = context.bounds.get(name) ?? { low: 1, high: Infinity };
  if (low > -Infinity) context.inequalities.push(subtract(value, constant(low)));
  if (high < Infinity) context.inequalities.push(subtract(constant(high), value));
}

function takeDivisibility(divisor: Dim, dividend: Dim, context: Context): void {
  const by = simplifyIn(divisor, context);
  const whole = simplifyIn(dividend, context);
  if (by.text === '0' || by.terms === null || whole.terms === null || whole.text === '0') return;
  const { left, right } = cancel(whole, by);
  if (right.text === ONE.text) return;
  context.divisibilities.push({ divisor: right, dividend: left });
  forget(context);
}
