/** Formulas as a person writes them: `8·b·n² + 9·b·c·n`, with n = h·w. */
import {
  asConstant,
  assumeDivides,
  type Dim,
  type Factor,
  type Facts,
  isUnknown,
  NO_FACTS,
  parse,
  simplify,
  substitute,
  symbol,
  symbolsOf,
  type Term,
} from '../dim/index';
import { spatialOf } from './places';
import type { ShapeGraph } from './types';

/** What is worked out of a graph once: a graph stays while its module is not edited. */
function onceFor<Made>(make: (graph: ShapeGraph) => Made): (graph: ShapeGraph) => Made {
  const made = new WeakMap<ShapeGraph, { readonly of: Made }>();
  return (graph) => {
    const known = made.get(graph) ?? { of: make(graph) };
    made.set(graph, known);
    return known.of;
  };
}

/** A formula to read, and what a letter in it stands for. */
export interface Formula {
  readonly text: string;
  /** `n = h·w`; a letter is of one image's places in all formulas of a graph. */
  readonly where?: readonly string[];
}

const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** Letters for a number of places, the first that the module does not use. */
const PLACES = ['n', 'N', 'm'];

const powerText = (power: number): string => (power === 1 ? '' : [...String(power)].map((digit) => SUPERSCRIPTS[Number(digit)] ?? digit).join(''));

const factorText = ({ atom, power }: Factor): string =>
  `${atom.kind === 'floor' || atom.kind === 'mod' ? `(${atom.text.replaceAll('*', '·')})`.replace(/^\(\((.*)\)\)$/, '($1)') : atom.text.replaceAll('*', '·')}${powerText(power)}`;

function termText({ coefficient, factors }: Term): string {
  const size = Math.abs(coefficient);
  return [...(size === 1 && factors.length > 0 ? [] : [String(size)]), ...factors.map(factorText)].join('·');
}

function sumText(terms: readonly Term[]): string {
  return terms.map((term, at) => `${at === 0 ? (term.coefficient < 0 ? '−' : '') : term.coefficient < 0 ? ' − ' : ' + '}${termText(term)}`).join('');
}

const powerOf = ({ factors }: Term, name: string): number => factors.find(({ atom }) => atom.kind === 'symbol' && atom.name === name)?.power ?? 0;

/** Two sizes of one input that only stand together: its height and its width. */
function pairIn(terms: readonly Term[], names: readonly string[]): readonly [string, string] | undefined {
  for (const [at, first] of names.entries()) {
    for (const second of names.slice(at + 1)) {
      const either = terms.filter((term) => powerOf(term, first) + powerOf(term, second) > 0);
      const both = either.filter((term) => powerOf(term, first) > 0 && powerOf(term, second) > 0);
      if (both.length > 0 && both.length === either.length) return [first, second];
    }
  }
  return undefined;
}

/** The product of both written as one letter. */
function grouped(term: Term, [first, second]: readonly [string, string], letter: string): Term {
  const power = Math.min(powerOf(term, first), powerOf(term, second));
  if (power === 0) return term;
  const left = term.factors.flatMap(({ atom, power: own }) => {
    const rest = atom.kind === 'symbol' && (atom.name === first || atom.name === second) ? own - power : own;
    return rest === 0 ? [] : [{ atom, power: rest }];
  });
  const place = term.factors.findIndex(({ atom }) => atom.kind === 'symbol' && (atom.name === first || atom.name === second));
  return { ...term, factors: left.toSpliced(Math.min(place, left.length), 0, { atom: { kind: 'symbol', name: letter, text: letter }, power }) };
}

/** The axes of each image between its samples and channels. */
function imageSizes(graph: ShapeGraph): readonly (readonly string[])[] {
  const found = graph.inputs.flatMap(({ ref }) => {
    const spatial = spatialOf(graph, graph.nodes[ref.node]?.outputs[ref.output]?.shape ?? []);
    const names = spatial.map((size) => byName(graph, size).text).filter((name) => isName(graph, name));
    return names.length > 1 ? [[...new Set(names)]] : [];
  });
  return [...new Map(found.map((names) => [names.join(), names] as const)).values()];
}

const isName = (graph: ShapeGraph, text: string): boolean => graph.symbols.some(({ name, role }) => name === text && role === 'data');

/**
 * What stands for each size that must be another one: that of an input before an argument, of two inputs' the first one's. An argument goes before a
 * size that only has a longer name because of it: `dim` before `dim_x`.
 */
const meantBy = onceFor((graph): ReadonlyMap<string, Dim> => {
  const order = new Map(graph.symbols.map(({ name, role }, at) => [name, role === 'data' ? at : graph.symbols.length + at] as const));
  for (const name of longerBy(graph)) order.set(name, -1);
  const meant = new Map<string, string>();
  const rootOf = (name: string): string => {
    const next = meant.get(name);
    return next === undefined ? name : rootOf(next);
  };
  for (const { left, right, relation } of graph.needs) {
    if (relation !== '==' || !order.has(left.text) || !order.has(right.text)) continue;
    const [one, other] = [rootOf(left.text), rootOf(right.text)];
    const [stays, goes] = (order.get(one) ?? 0) <= (order.get(other) ?? 0) ? [one, other] : [other, one];
    if (stays !== goes) meant.set(goes, stays);
  }
  const named = new Map([...meant.keys()].map((name) => [name, symbol(rootOf(name))] as const));
  return new Map([...named, ...partsIn(graph, rootOf).map(([name, part]) => [name, substitute(part, named)] as const)]);
});

/** The arguments that sizes of inputs only go by longer names beside. */
function longerBy(graph: ShapeGraph): readonly string[] {
  const isLonger = (size: string, given: string): boolean => size.startsWith(`${given}_`) && isName(graph, size) && !isName(graph, given);
  return graph.needs.flatMap(({ left: { text: left }, right: { text: right }, relation }) =>
    relation !== '==' ? [] : isLonger(left, right) ? [right] : isLonger(right, left) ? [left] : [],
  );
}

/** Sizes of inputs that must be a part of others, as the keys that are kept have c//heads: they go by what they are a part of. */
function partsIn(graph: ShapeGraph, rootOf: (name: string) => string): readonly (readonly [string, Dim])[] {
  return graph.needs.flatMap(({ left, right, relation }) => {
    const [size, part] = isName(graph, left.text) ? [left, right] : [right, left];
    const isOwn = symbolsOf(part).some((name) => rootOf(name) === rootOf(size.text));
    return relation === '==' && isName(graph, size.text) && isQuotient(part) && !isOwn ? [[size.text, part] as const] : [];
  });
}

const isQuotient = ({ terms }: Dim): boolean => terms?.length === 1 && terms[0]?.factors.length === 1 && terms[0].factors[0]?.atom.kind === 'floor';

/** A size in the names that stay. */
function byName(graph: ShapeGraph, size: Dim): Dim {
  const meant = meantBy(graph);
  return meant.size === 0 ? size : substitute(size, meant);
}

/** What the module needs to be divided is: by what it says, and each size of a product by which it must be another. */
const dividing = onceFor((graph): Facts => {
  const said = graph.needs.reduce(
    (facts, { left, right, relation }) => (relation === 'divides' ? assumeDivides(facts, byName(graph, left), byName(graph, right), '') : facts),
    NO_FACTS,
  );
  const parts = tiesOf(graph).flatMap(({ product, name }) => (product.coefficient === 1 ? product.factors.map(({ atom }) => [atom, name] as const) : []));
  return parts.reduce((facts, [atom, name]) => (atom.kind === 'symbol' ? assumeDivides(facts, symbol(atom.name), symbol(name), '') : facts), said);
});

/** A size by what the module needs: sizes that must be one go by one name, what must divide divides. */
export const simplified = (size: Dim, graph: ShapeGraph): Dim => simplify(byName(graph, size), dividing(graph));

/** A product of sizes that the module needs to be the number of places of an input: `n == h*w`. */
interface Tie {
  readonly product: Term;
  readonly name: string;
}

/** What the module's needs say of an input's places in other sizes. */
function tiesOf(graph: ShapeGraph): readonly Tie[] {
  return graph.needs.flatMap(({ left, right, relation }) => {
    if (relation !== '==') return [];
    const [a, b] = [byName(graph, left), byName(graph, right)];
    return [
      [a, b],
      [b, a],
    ].flatMap(([one, other]) => {
      const terms = other && isUnknown(other) ? [] : (other?.terms ?? []);
      const [product] = terms;
      return one && product && terms.length === 1 && degree(product) > 1 && isName(graph, one.text) ? [{ product, name: one.text }] : [];
    });
  });
}

const powerIn = ({ factors }: Term, { text }: Factor['atom']): number => factors.find(({ atom }) => atom.text === text)?.power ?? 0;

/** Figures of a coefficient after the point. */
const MOST_FIGURES = 1000;

/** The term with the product as often as it holds it written as the one size. */
function tied(term: Term, { product, name }: Tie): Term {
  const times = Math.min(...product.factors.map(({ atom, power }) => Math.floor(powerIn(term, atom) / power)));
  const coefficient = term.coefficient / product.coefficient ** times;
  if (times === 0 || !Number.isInteger(coefficient * MOST_FIGURES)) return term;
  const rest = term.factors.flatMap(({ atom, power }) => {
    const left = power - times * powerIn(product, atom);
    return left === 0 ? [] : [{ atom, power: left }];
  });
  const own = rest.find(({ atom }) => atom.text === name)?.power ?? 0;
  const atom: Factor['atom'] = { kind: 'symbol', name, text: name };
  const others = rest.filter((factor) => factor.atom.text !== name);
  const place = others.findIndex((factor) => factor.atom.kind !== 'symbol' || factor.atom.text > name);
  return { ...term, coefficient, factors: others.toSpliced(place < 0 ? others.length : place, 0, { atom, power: own + times }) };
}

/** Terms that are alike as one. */
function gathered(terms: readonly Term[]): readonly Term[] {
  const made = new Map<string, Term>();
  for (const term of terms) {
    const key = term.factors
      .map(({ atom, power }) => `${atom.text}^${power}`)
      .sort()
      .join('·');
    const before = made.get(key);
    made.set(key, before ? { ...before, coefficient: before.coefficient + term.coefficient } : term);
  }
  return [...made.values()];
}

/** Terms of more factors first: those that grow fastest. */
const degree = ({ factors }: Term): number => factors.reduce((all, { power }) => all + power, 0);

/** Formulas of graphs that were written already: a graph stays while its module is not edited. */
const writtenFor = onceFor(() => new Map<string, Formula>());

/** A formula of a graph's costs as it is best read. */
export function readable(formula: string, graph: ShapeGraph): Formula {
  const known = writtenFor(graph);
  const found = known.get(formula) ?? written(formula, graph);
  known.set(formula, found);
  return found;
}

function written(formula: string, graph: ShapeGraph): Formula {
  const parsed = parse(formula);
  if (!parsed || isUnknown(parsed) || asConstant(parsed) !== undefined) return { text: formula };
  const ties = tiesOf(graph);
  const plain = simplified(parsed, graph).terms ?? [];
  const terms = ties.length === 0 ? plain : gathered(plain.map((term) => ties.reduce(tied, term)));
  const used = new Set([...graph.symbols.map(({ name }) => name), ...symbolsOf(parsed)]);
  const letters = PLACES.filter((one) => !used.has(one));
  const where: string[] = [];
  const shown = imageSizes(graph).reduce((all, names, at) => {
    const [pair, letter] = [pairIn(all, names), letters[at]];
    if (!pair || letter === undefined) return all;
    where.push(`${letter} = ${pair[0]}·${pair[1]}`);
    return all.map((term) => grouped(term, pair, letter));
  }, terms);
  const text = sumText([...shown].sort((a, b) => degree(b) - degree(a)));
  return where.length > 0 ? { text, where } : { text };
}
