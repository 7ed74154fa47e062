/** The list of what a module needs, at the end of its reading: what was asked early is told by what was learnt later. */
import {
  asConstant,
  assumeEqual,
  compare,
  constant,
  type Dim,
  divides,
  exactDivide,
  type Facts,
  floorDivide,
  format,
  isName,
  isUnknown,
  NO_FACTS,
  simplify,
  symbol,
  symbolsOf,
} from '../../dim/index';
import type { GraphNeed } from '../../graph/types';
import type { Run } from '../run';
import { keptFirst } from './orientation';

/** The text of a need in the one syntax. */
export function needText(left: Dim, relation: GraphNeed['relation'], right: Dim): string {
  return relation === 'divides' ? `${operand(right)} % ${operand(left)} == 0` : `${format(left)} ${relation} ${format(right)}`;
}

const operand = (size: Dim): string => (/^[\w.]+$/.test(format(size)) ? format(size) : `(${format(size)})`);

/** b·n·c against b·m·c is n against m. */
export function withoutCommonFactors(left: Dim, right: Dim, facts: Facts): [Dim, Dim] {
  let pair: [Dim, Dim] = [left, right];
  for (const name of symbolsOf(left)) {
    for (let turn = 0; turn < 4; turn++) {
      const a = exactDivide(pair[0], symbol(name), facts);
      const b = exactDivide(pair[1], symbol(name), facts);
      if (!a || !b || a.needs || b.needs || isUnknown(a.quotient) || isUnknown(b.quotient)) break;
      pair = [a.quotient, b.quotient];
    }
  }
  return withoutCommonNumber(pair);
}

/** 2·n against 2·m is n against m. */
function withoutCommonNumber([left, right]: [Dim, Dim]): [Dim, Dim] {
  const numbers = [left, right].map(({ terms }) => (terms?.length === 1 ? Math.abs(terms[0]?.coefficient ?? 1) : 1));
  const shared = gcd(numbers[0] ?? 1, numbers[1] ?? 1);
  if (shared <= 1 || asConstant(left) !== undefined || asConstant(right) !== undefined) return [left, right];
  return [floorDivide(left, constant(shared)), floorDivide(right, constant(shared))];
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The needs in their simplest form: `dim*h*w == c*n` is `h*w == n` where `c == dim` is needed too, and what follows from others is left out. */
export function settledNeeds(run: Run): GraphNeed[] {
  const needs = [...run.needs.values()];
  const plain = needs.filter((need) => isPlain(need) && asConstant(need.right) === undefined && !run.chances.has(need.text));
  const facts = plain.reduce((known, need) => assumeEqual(known, ...replacedFirst(run, need), need.text), NO_FACTS);
  const equalities = needs.flatMap((need) => (isPlain(need) || run.chances.has(need.text) ? [need] : need.relation === '==' ? simpler(need, facts) : []));
  const known = equalities.filter((need) => !run.chances.has(need.text)).reduce((found, need) => assumeEqual(found, need.left, need.right, need.text), facts);
  const others = needs.flatMap((need) => (need.relation === '==' ? [] : !ofArguments(run, need) && follows(need, known) ? [] : simpler(need, facts)));
  const order = new Map(needs.map((need, at) => [need.span, at]));
  const all = [...equalities, ...others].sort((a, b) => (order.get(a.span) ?? 0) - (order.get(b.span) ?? 0));
  return [...new Map(all.map((need) => [need.text, need])).values()];
}

/** Here an argument stays for a size of the data: what is asked of arguments is told in their names. */
function replacedFirst(run: Run, { left, right }: GraphNeed): [Dim, Dim] {
  const [stays, goes] = keptFirst(run, left, right);
  return run.symbols.get(goes.text)?.role === 'argument' ? [stays, goes] : [goes, stays];
}

/** One name against another, or against a number. */
const isPlain = ({ left, right, relation }: GraphNeed): boolean => relation === '==' && isName(left) && (isName(right) || asConstant(right) !== undefined);

/** A need by what is known; none where it holds anyway. */
function simpler(need: GraphNeed, facts: Facts): GraphNeed[] {
  if (need.relation === '==' && compare(need.left, need.right, facts) === 'equal') return [];
  const sides: [Dim, Dim] = [simplify(need.left, facts), simplify(need.right, facts)];
  const [left, right] = need.relation === '==' ? withoutCommonFactors(...sides, facts) : sides;
  if (isUnknown(left) || isUnknown(right)) return [need];
  return [{ ...need, left, right, text: needText(left, need.relation, right) }];
}

/** What is asked of arguments alone is always told: their defaults are held against it. */
const ofArguments = (run: Run, { left, right }: GraphNeed): boolean =>
  [...symbolsOf(left), ...symbolsOf(right)].every((name) => run.symbols.get(name)?.role === 'argument');

/** Whether a divisibility follows from the equalities. */
const follows = (need: GraphNeed, facts: Facts): boolean => need.relation === 'divides' && divides(need.left, need.right, facts) === 'yes';
