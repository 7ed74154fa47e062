/** Rewriting with facts. Each step keeps the value for all sizes that the facts allow. */
import { add, asConstant, isUnknown, multiply, negate, subtract } from './arithmetic';
import { isAtLeast, isNonNegative } from './bounds';
import type { Context, Rule } from './context';
import { splitWithFacts } from './divisibility';
import { divideTerm, floorQuotient, nestedFloor, remainder } from './division';
import { extreme } from './extrema';
import { mapAtoms, mapOperands, substitute } from './substitution';
import { type Atom, constant, type Dim, degree, ONE, ofAtom, ofTerms, type Term, UNKNOWN } from './terms';

const PASSES = 8;

/** The simplest form that a context gives, which may still be in the making. */
export function simplifyIn(dim: Dim, context: Context): Dim {
  if (!dim.terms || dim.terms.length === 0) return dim;
  const held = context.simplified.get(dim.text);
  if (held) return held;
  // What a rule leads back to stands for itself there.
  context.simplified.set(dim.text, dim);
  let current = dim;
  for (let pass = 0; pass < PASSES; pass++) {
    const next = rewrite(current, context);
    if (next.text === current.text) break;
    current = next;
  }
  return context.simplified.set(dim.text, current);
}

function rewrite(dim: Dim, context: Context): Dim {
  const solved = substitute(dim, context.substitution);
  const inner = mapAtoms(solved, (atom) => changed(atom, simplifyAtom(atom, context)));
  return applyRules(inner, [...context.rules, ...exactRules(inner, context)]);
}

function changed(atom: Atom, to: Dim): Dim | undefined {
  return to.text === atom.text ? undefined : to;
}

function simplifyAtom(atom: Atom, context: Context): Dim {
  if (atom.kind === 'symbol') return ofAtom(atom);
  const rebuilt = mapOperands(atom, (operand) => simplifyIn(operand, context));
  if (rebuilt) return rebuilt;
  return 'args' in atom ? dropArgs(atom.kind, atom.args, context) : divideWithFacts(atom.kind, atom.left, atom.right, context);
}

function dropArgs(kind: 'max' | 'min', args: readonly Dim[], context: Context): Dim {
  const larger = (a: Dim, b: Dim): boolean => (kind === 'max' ? isAtLeast(a, b, context) : isAtLeast(b, a, context));
  const kept: Dim[] = [];
  args.forEach((arg, index) => {
    const beaten = args.some((other, at) => at !== index && (at > index || kept.includes(other)) && larger(other, arg));
    if (!beaten) kept.push(arg);
  });
  return extreme(kind, kept);
}

function divideWithFacts(kind: 'floor' | 'mod', left: Dim, right: Dim, context: Context): Dim {
  const { quotient, rest } = splitWithFacts(left, right, context);
  if (isUnknown(quotient) || isUnknown(rest)) return UNKNOWN;
  const positive = isAtLeast(right, ONE, context);
  const step = positive ? [0, 1].find((steps) => isInside(add(rest, multiply(constant(steps), right)), right, context)) : undefined;
  if (kind === 'mod') return step === undefined ? remainder(rest, right) : add(rest, multiply(constant(step), right));
  return add(quotient, step === undefined ? roundDown(rest, right, positive) : constant(-step));
}

/** 0 <= rest < right */
function isInside(rest: Dim, right: Dim, context: Context): boolean {
  return isNonNegative(rest, context) && isAtLeast(subtract(right, ONE), rest, context);
}

/** A positive divisor allows what a number allows: no leading minus, and nested divisions joined. */
function roundDown(rest: Dim, right: Dim, positive: boolean): Dim {
  if (!positive || asConstant(right) !== undefined) return floorQuotient(rest, right);
  if ((rest.terms?.[0]?.coefficient ?? 0) < 0) return negate(floorQuotient(subtract(right, add(rest, ONE)), right));
  return nestedFloor(rest, right) ?? floorQuotient(rest, right);
}

// ---- rules ----

/** right*(left//right) is left where right divides left. */
function exactRules(dim: Dim, context: Context): Rule[] {
  const rules: Rule[] = [];
  for (const term of dim.terms ?? []) {
    for (const { atom } of term.factors) {
      if (atom.kind !== 'floor' || asConstant(splitWithFacts(atom.left, atom.right, context).rest) !== 0) continue;
      const rule = ruleOf(subtract(multiply(atom.right, ofAtom(atom)), atom.left));
      if (rule) rules.push(rule);
    }
  }
  return rules;
}

/** An equality to 0 as a rule that makes expressions smaller: its largest product is rewritten. */
export function ruleOf(zero: Dim): Rule | undefined {
  if (!zero.terms || zero.terms.length === 0) return undefined;
  const lead = zero.terms.reduce((best, term) => (compareSize(term, best) > 0 ? term : best));
  if (lead.text === '') return undefined;
  const rest = subtract(ofTerms([lead]), zero);
  const positive = lead.coefficient > 0;
  return positive ? { lead, rest } : { lead: { ...lead, coefficient: -lead.coefficient }, rest: multiply(rest, constant(-1)) };
}

/** By degree, then by the length of the text (an expression is longer than what stands inside it), then by the text. */
function compareSize(a: Term, b: Term): number {
  return degree(a) - degree(b) || a.text.length - b.text.length || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
}

function applyRules(dim: Dim, rules: readonly Rule[]): Dim {
  let current = dim;
  for (let step = 0; step < 16 && current.terms && rules.length > 0; step++) {
    const next = applyOnce(current, rules);
    if (!next) break;
    current = next;
  }
  return current;
}

function applyOnce(dim: Dim, rules: readonly Rule[]): Dim | undefined {
  for (const term of dim.terms ?? []) {
    for (const { lead, rest } of rules) {
      const part = divideTerm(term, lead);
      if (part?.exact) return add(subtract(dim, ofTerms([term])), multiply(ofTerms([part.quotient]), rest));
    }
  }
  return undefined;
}
