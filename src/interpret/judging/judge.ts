/** Turns what operators demand of sizes into verdicts: fine, a need, a coincidence, a difference, or unknown. */
import {
  addedAndSubtracted,
  asConstant,
  assumeAtMost,
  assumeDivides,
  assumeEqual,
  atMost,
  compare,
  compareIntegers,
  constant,
  type Dim,
  divides,
  exactDivide,
  format,
  isUnknown,
  multiply,
  NO_FACTS,
  ONE,
  simplify,
  substitute,
  subtract,
  symbol,
  symbolsOf,
} from '../../dim/index';
import type { Span } from '../../program/types';
import type { Run, SymbolRecord } from '../run';
import { isHidden, ofHidden } from '../statements/hidden';
import { boundsOf } from './bounded';
import { asksForSquare, byChance, operandsCross, pinsPart } from './chance';
import { classify } from './classify';
import { decidedByDefaults } from './defaults';
import { windowsOfOne } from './filters';
import { needText, withoutCommonFactors } from './needs';
import { addNeed, breaksDefaults, learn } from './noting';
import { keptFirst } from './orientation';
import { standsElsewhere } from './parts';
import { headsBoundLength } from './roles';
import { equalWhereTried } from './sampled';
import { squareByArgument } from './square';
import { gatherDivisors, quotientsIn, withoutCommonTerms, withoutQuotient } from './terms';
import type { Circumstances, Verdict } from './verdict';

const PLAIN: Circumstances = { broadcast: false };

/** Judges `left == right`; takes it as a fact from here on unless it is different. */
export function judgeEqual(run: Run, left: Dim, right: Dim, span: Span, circumstances: Circumstances = PLAIN): Verdict {
  if (isUnknown(left) || isUnknown(right)) return 'unknown';
  const verdict = related(run, left, right, circumstances);
  if (verdict === 'equal') return 'fine';
  if (verdict === 'different') return 'different';
  const sides: [Dim, Dim] = [simplify(left, run.known.facts), simplify(right, run.known.facts)];
  // What a division was cleared with is not divided out again by the fact that cleared it.
  const [a, b] = withoutCommonFactors(...sides, circumstances.cleared ? NO_FACTS : run.known.facts);
  if (isUnknown(a) || isUnknown(b)) return 'unknown';
  const bounded = judgeBounded(run, a, b, span);
  if (bounded) return bounded;
  if (holdsByDivisibility(run, left, right, span) || holdsByDivisibility(run, ...sides, span)) return 'need';
  if (isHidden(run, a, b)) return judgeHidden(run, a, b, circumstances);
  const square = squareByArgument(run, [left, right], sides);
  if (square) {
    addNeed(run, square[0], '==', square[1], span);
    learn(run, 'facts', assumeEqual(run.known.facts, square[1], square[0], `${format(square[0])} == ${format(square[1])}`));
    return 'need';
  }
  if (holdsForMultiples(run, a, b, span)) return 'need';
  if (holdsAtDefaults(run, a, b, span, circumstances)) return 'need';
  const windowed = judgeWindows(run, a, b, span);
  if (windowed) return windowed;
  const few = withoutCommonTerms(a, b);
  if (few) return judgeEqual(run, few[0], few[1], span, { ...circumstances, rests: true });
  // Operands that were taken the wrong way round show it in their sizes as they are.
  const vanishes = [a, b].some((side) => asConstant(side) === 0) && !speaksOfData(run, a, b);
  const crossed = !vanishes && (circumstances.misplaced === true || operandsCross(run, a, b, circumstances.operands));
  const cleared = crossed || asksForSquare(run, a, b) ? undefined : withoutQuotient(run, a, b);
  if (cleared) return judgeEqual(run, cleared[0], cleared[1], span, { ...circumstances, cleared: true });
  const chance = crossed || (!vanishes && !isAskedOfData(run, a, b, circumstances) && byChance(run, a, b, circumstances.operands));
  if (!chance && holdsByPairs(run, a, b, span)) return 'need';
  const first = chance ? 'coincidence' : classify(run, a, b, circumstances);
  const tried = first === 'coincidence' ? equalWhereTried(run, a, b) : 0;
  if (tried === 1) return 'fine';
  const result = !crossed && tried > OFTEN ? 'need' : first;
  const [stays, goes] = keptFirst(run, a, b);
  const bothNamed = run.symbols.has(a.text) && run.symbols.has(b.text);
  const isNew = bothNamed ? addNeed(run, stays, '==', goes, span) : addNeed(run, a, '==', b, span);
  // What holds by coincidence is said once, and nothing is built on it.
  if (result === 'coincidence') {
    run.chances.add(bothNamed ? needText(stays, '==', goes) : needText(a, '==', b));
    return isNew ? result : 'need';
  }
  learn(run, 'facts', assumeEqual(run.known.facts, goes, stays, `${format(a)} == ${format(b)}`));
  return result;
}

/** What so large a share of all sizes makes equal is no coincidence: that one of two roundings goes the same way, say. */
const OFTEN = 0.2;

/** Of a size that is one of two nothing is asked; where arguments alone make it, it does not take the place of what varies in a product. */
function judgeHidden(run: Run, left: Dim, right: Dim, { operands, misplaced }: Circumstances): Verdict {
  const isData = (side: Dim) => ofHidden(run, side).some((name) => run.symbols.get(name)?.role === 'data');
  const crosses = operands?.contracts === true && isData(left) !== isData(right) && operandsCross(run, left, right, operands);
  if (!crosses && !misplaced) return 'unknown';
  const text = needText(left, '==', right);
  if (run.chances.has(text)) return 'need';
  run.chances.add(text);
  return 'coincidence';
}

/** Sizes are 1 or more; what is left of them, and what is held against nothing, may be any number, but for what is the size of some axis. */
function related(run: Run, left: Dim, right: Dim, { rests }: Circumstances): ReturnType<typeof compare> {
  const { facts } = run.known;
  const verdict = compare(left, right, facts);
  const isSized = verdict !== 'different' || !(rests || [left, right].some((side) => asConstant(side) === 0));
  const quotients = [...quotientsIn(left), ...quotientsIn(right)];
  if (isSized || (quotients.length > 0 && quotients.every(({ text }) => standsOnAxis(run, text)))) return verdict;
  return compareIntegers(left, right, facts);
}

/** Whether some tensor has an axis of just that size. */
const standsOnAxis = (run: Run, size: string): boolean =>
  run.nodes.some(({ outputs }) => outputs.some(({ shape }) => shape?.some(({ text }) => text === size)));

const speaksOfData = (run: Run, ...sides: readonly Dim[]): boolean => sides.flatMap(symbolsOf).some((name) => run.symbols.get(name)?.role === 'data');

/** A size that is cut off at another, against the size itself: that it is not cut off is the need. */
function judgeBounded(run: Run, left: Dim, right: Dim, span: Span): Verdict | undefined {
  const bounds = boundsOf(left, right);
  if (!bounds) return undefined;
  const verdicts = bounds.map(([small, large]) => judgeAtMost(run, small, large, span));
  const verdict = (['different', 'coincidence', 'unknown', 'need'] as const).find((one) => verdicts.includes(one)) ?? 'fine';
  if (verdict === 'need') learn(run, 'facts', assumeEqual(run.known.facts, left, right, `${format(left)} == ${format(right)}`));
  return verdict;
}

/** Judges that `divisor` divides `size`, which is split beside other axes. */
export function judgeDivides(run: Run, divisor: Dim, size: Dim, span: Span, beside: readonly Dim[] = []): Verdict {
  if (isUnknown(divisor) || isUnknown(size)) return 'unknown';
  const verdict = divides(divisor, size, run.known.facts);
  if (verdict === 'yes') return 'fine';
  if (verdict === 'no') return 'different';
  const whole = simplify(size, run.known.facts);
  const part = simplify(divisor, run.known.facts);
  if (isUneven(run, part) || isUnevenIn(run, part, whole) || pinsPart(part, whole) || standsElsewhere(run, part, whole, beside))
    return chanced(run, part, 'divides', whole, span);
  addNeed(run, part, 'divides', whole, span);
  learn(run, 'facts', assumeDivides(run.known.facts, part, whole, `${format(whole)} % ${format(part)} == 0`));
  return 'need';
}

/** Judges `small <= large`: a difference only where it never holds. */
export function judgeAtMost(run: Run, small: Dim, large: Dim, span: Span): Verdict {
  if (isUnknown(small) || isUnknown(large)) return 'unknown';
  const verdict = atMost(small, large, run.known.facts);
  if (verdict === 'yes') return 'fine';
  if (verdict === 'no') return 'different';
  const left = simplify(small, run.known.facts);
  const right = simplify(large, run.known.facts);
  if (headsBoundLength(run, left, right)) return chanced(run, left, '<=', right, span);
  addNeed(run, left, '<=', right, span);
  learn(run, 'facts', assumeAtMost(run.known.facts, left, right, `${format(left)} <= ${format(right)}`));
  return 'need';
}

/** What holds by coincidence is said once, and nothing is built on it. */
function chanced(run: Run, left: Dim, relation: 'divides' | '<=', right: Dim, span: Span): Verdict {
  run.chances.add(needText(left, relation, right));
  return addNeed(run, left, relation, right, span) ? 'coincidence' : 'need';
}

/** A sum with a size that varies: b + 1 divides nothing that b does. */
function isUneven(run: Run, divisor: Dim): boolean {
  const [term, ...more] = divisor.terms ?? [];
  return term !== undefined && more.length > 0 && symbolsOf(divisor).length === 1 && symbolsOf(divisor).every((name) => run.symbols.get(name)?.role === 'data');
}

/** Sums of the same sizes, neither of which is made of the other: (w + 1)*k divides b*w*(k + 1) + k - w for hardly any. */
function isUnevenIn(run: Run, divisor: Dim, size: Dim): boolean {
  const [part, whole] = withoutCommonFactors(divisor, size, NO_FACTS);
  const isSum = (dim: Dim) => (dim.terms?.length ?? 0) > 1;
  const names = symbolsOf(part);
  // Without its own factors it may well be one of the other's.
  const [own] = withoutCommonFactors(part, part, NO_FACTS);
  if (exactDivide(whole, own, NO_FACTS)?.needs === false) return false;
  return isSum(part) && isSum(whole) && speaksOfData(run, whole) && names.length > 0 && names.every((name) => symbolsOf(whole).includes(name));
}

/** Whether the sides are equal once the rounded divisions in them are exact, one or all: then that is the need, and no more. */
function holdsByDivisibility(run: Run, left: Dim, right: Dim, span: Span): boolean {
  const quotients = [...quotientsIn(left), ...quotientsIn(right)];
  const choices = quotients.length > 1 ? [...quotients.map((one) => [one]), quotients] : [quotients];
  const exact = choices.find((choice) => choice.length > 0 && compare(left, right, allDivide(run, choice)) === 'equal');
  for (const { size, divisor } of exact ?? []) judgeDivides(run, divisor, size, span);
  return exact !== undefined;
}

const allDivide = (run: Run, quotients: readonly { readonly size: Dim; readonly divisor: Dim }[]): Run['known']['facts'] =>
  quotients.reduce((facts, { size, divisor }) => assumeDivides(facts, divisor, size, ''), run.known.facts);

/** Whether the sides are equal where sizes are multiples of what they are divided by, rounded up or down: then that is the need. */
function holdsForMultiples(run: Run, left: Dim, right: Dim, span: Span): boolean {
  const divisors = new Map<string, number>();
  for (const side of [left, right]) gatherDivisors(side, 1, divisors);
  if (divisors.size === 0) return false;
  const multiples = new Map([...divisors].map(([name, divisor]) => [name, multiply(constant(divisor), symbol(name))] as const));
  if (compare(substitute(left, multiples), substitute(right, multiples), NO_FACTS) !== 'equal') return false;
  // Multiples are enough, but other sizes may do as well: those that arguments have by default, say.
  if ([...divisors].some(([name, divisor]) => breaksDefaults(run, constant(divisor), 'divides', symbol(name)))) return false;
  for (const [name, divisor] of divisors) judgeDivides(run, constant(divisor), symbol(name), span);
  return true;
}

/** Whether the defaults of arguments make the sides equal, whatever the inputs' sizes are: then the need is that these arguments are so. */
function holdsAtDefaults(run: Run, left: Dim, right: Dim, span: Span, circumstances: Circumstances): boolean {
  const decided = decidedByDefaults(run, left, right);
  if (!decided) return false;
  for (const [name, value] of decided) judgeEqual(run, name, value, span);
  const rest = [simplify(left, run.known.facts), simplify(right, run.known.facts)] as const;
  if (compare(rest[0], rest[1], run.known.facts) !== 'equal')
    judgeEqual(run, ...addedAndSubtracted(subtract(rest[0], rest[1])), span, { ...circumstances, rests: true });
  return true;
}

/** Where windows of one in filters that are given make the sides as good as equal, these are the need, and the rest is judged. */
function judgeWindows(run: Run, left: Dim, right: Dim, span: Span): Verdict | undefined {
  const found = windowsOfOne(run, left, right);
  if (!found) return undefined;
  for (const size of found.windows) judgeEqual(run, size, ONE, span);
  const verdict = judgeEqual(run, ...found.rest, span);
  return verdict === 'fine' ? 'need' : verdict;
}

/** Products of two inputs' sizes that agree when the inputs agree axis by axis: then that is what is needed. */
function holdsByPairs(run: Run, left: Dim, right: Dim, span: Span): boolean {
  const records = (dim: Dim) =>
    symbolsOf(dim)
      .map((name) => run.symbols.get(name))
      .filter((record): record is SymbolRecord => record?.role === 'data');
  const rights = records(right);
  const pairs = records(left).flatMap((record) => {
    const other = rights.find((one) => one.axis === record.axis && one.input !== record.input);
    return other ? [[symbol(record.name), symbol(other.name)] as const] : [];
  });
  if (pairs.length < 2) return false;
  const facts = pairs.reduce((known, [a, b]) => assumeEqual(known, a, b, ''), run.known.facts);
  if (compare(left, right, facts) !== 'equal') return false;
  for (const [a, b] of pairs) judgeEqual(run, a, b, span);
  return true;
}

/** The code asks an input for it, as a squeeze does of an axis of 1; of an argument it would ask in vain. */
function isAskedOfData(run: Run, left: Dim, right: Dim, { asked }: Circumstances): boolean {
  const data = [...symbolsOf(left), ...symbolsOf(right)].filter((name) => run.symbols.get(name)?.role === 'data');
  return asked === true && new Set(data).size === 1;
}
