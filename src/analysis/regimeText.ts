/** Where another formula of the peak takes over, in words: `while n ≥ 88 (8·n ≥ 11·c); n ≤ 87: 20·b·c·n (line 38)`. */
import { addedAndSubtracted, type Dim, evaluate, parse, subtract, symbolsOf, type Term } from '../dim/index';
import type { Sizes } from '../graph/bind';
import { readable, simplified } from '../graph/formula';
import { sizeOf } from '../graph/memory/rays';
import type { PeakRegimes, Regime, Regimes } from '../graph/memory/regimes';
import type { ShapeGraph } from '../graph/types';
import type { Span } from '../program/types';

/** A formula that goes elsewhere: for which sizes, what it is, and where its peak stands. */
export interface Elsewhere {
  readonly when: string;
  readonly formula: string;
  readonly span: Span;
}

/** In words, formulas as `readable` writes them. */
export interface RegimeWords {
  /** While what the formula at hand goes; empty where the sizes at hand are on no border's way. */
  readonly while: string;
  readonly others: readonly Elsewhere[];
  /** What letters stand for that the formulas have. */
  readonly where: readonly string[];
}

/** A condition of more terms tells less than its number. */
const MOST_TERMS = 3;

/** All that is to be said of a peak's regimes at sizes; undefined where its formula goes for all that was looked at. `at` is the graph at the sizes, formulas read as those of `graph`. */
export function regimeWords({ along, batch }: PeakRegimes, at: ShapeGraph, graph: ShapeGraph, sizes: Sizes): RegimeWords | undefined {
  const where = new Set<string>();
  const written = (formula: Dim | string): string => {
    const { text, where: letters } = readable(typeof formula === 'string' ? formula : formula.text, graph);
    for (const letter of letters ?? []) where.add(letter);
    return text;
  };
  const elsewhere = (when: string, formula: Dim, node: number): Elsewhere => ({ when, formula: written(formula), span: at.nodes[node]?.span ?? at.span });
  const conditions = along.flatMap((one) => whileText(one, graph, sizes, written));
  const others = along.flatMap((one) =>
    one.regimes.flatMap((regime) => (regime.isHere ? [] : [elsewhere(rangeText(nameOf(one, written), regime), regime.formula, regime.node)])),
  );
  const alone = batch ? [elsewhere(`${batch.symbol} = ${batch.isOne ? 1 : 2}`, batch.formula, batch.node)] : [];
  return conditions.length + others.length + alone.length === 0
    ? undefined
    : { while: conditions.join(', '), others: [...others, ...alone], where: [...where] };
}

/** `n` where a number of places counts, `h = w` where both are alike. */
const nameOf = ({ symbols, kind }: Regimes, written: (formula: string) => string): string =>
  kind === 'product' ? written(symbols.join('*')) : symbols.join(' = ');

/** `n ≥ 88`, `n ≤ 87`, `n from 28 to 87`. */
function rangeText(name: string, { from, to }: Regime): string {
  if (from !== undefined && to !== undefined) return from === to ? `${name} = ${from}` : `${name} from ${from} to ${to}`;
  return from === undefined ? `${name} ≤ ${to ?? ''}` : `${name} ≥ ${from}`;
}

function whileText(one: Regimes, graph: ShapeGraph, sizes: Sizes, written: (formula: Dim | string) => string): readonly string[] {
  const at = one.regimes.findIndex(({ isHere }) => isHere);
  const here = one.regimes[at];
  if (!here) return [];
  const [below, above] = [one.regimes[at - 1], one.regimes[at + 1]];
  // Between two borders their numbers are enough.
  const sides = below && !above ? sidesOf(here, below, one, graph, sizes) : above && !below ? sidesOf(here, above, one, graph, sizes) : undefined;
  const condition = sides ? ` (${written(sides[0])} ${below ? '≥' : '≤'} ${written(sides[1])})` : '';
  return [`${rangeText(nameOf(one, written), here)}${condition}`];
}

/** The two sides of the border between two formulas, without what is common to all their terms: of what takes over first. Undefined where that is no short condition. */
function sidesOf(here: Regime, other: Regime, { symbols, kind }: Regimes, graph: ShapeGraph, sizes: Sizes): readonly [Dim, Dim] | undefined {
  const [low, high] = (here.from ?? 0) > (other.from ?? 0) ? [other, here] : [here, other];
  const terms = simplified(subtract(high.formula, low.formula), graph).terms ?? [];
  // What grows is best told plainly, not rounded.
  const isPlain = terms.every(({ factors }) =>
    factors.every(({ atom }) => atom.kind === 'symbol' || !symbolsOf(sizeOf(atom)).some((name) => symbols.includes(name))),
  );
  const reduced = terms.length < 2 || terms.length > MOST_TERMS || !isPlain ? undefined : withoutCommon(terms);
  if (!reduced || low.to === undefined || high.from === undefined) return undefined;
  const [left, right] = addedAndSubtracted(reduced);
  const at = (x: number): Sizes => ({ ...sizes, ...Object.fromEntries(symbols.map((name, index) => [name, kind === 'product' && index > 0 ? 1 : x])) });
  const gap = (x: number): number => evaluate(reduced, at(x)) ?? 0;
  return right.text !== '0' && gap(high.from) >= 0 && gap(low.to) <= 0 ? [left, right] : undefined;
}

const divisor = (a: number, b: number): number => (b === 0 ? Math.abs(a) : divisor(b, a % b));

/** A sum divided by what divides each of its terms. */
function withoutCommon(terms: readonly Term[]): Dim | undefined {
  const shared = terms.reduce((all, { coefficient }) => divisor(all, coefficient), 0);
  const powerIn = ({ factors }: Term, text: string): number => factors.find(({ atom }) => atom.text === text)?.power ?? 0;
  const left = terms.map((term) => {
    const factors = term.factors.map(({ atom, power }) => [atom.text, power - Math.min(...terms.map((one) => powerIn(one, atom.text)))] as const);
    return [String(term.coefficient / shared), ...factors.filter(([, power]) => power > 0).map(([text, power]) => `(${text})**${power}`)].join('*');
  });
  return parse(left.join(' + '));
}
