/** Sizes that we choose: they satisfy every need that was collected, or there are none. */
import { asConstant, type Dim, evaluate, isUnknown, key, ONE, same, symbol as symbolOf, symbolsOf } from '../dim/index';
import { needHolds, type Sizes, sidesAt, symbolNames } from './bind';
import { preferredSizes } from './preferences';
import type { GraphNeed, GraphSymbol, ShapeGraph } from './types';

/** Sizes for every symbol, or why there are none. */
export type Example = { readonly sizes: Sizes } | { readonly reason: string };

const SCANNED = 512;
const OPTIONS = 12;
const MOST_TRIES = 4000;
/** How many sizes are held against needs before the search gives up. */
const MOST_LOOKS = 200_000;

interface Requirement {
  readonly need: GraphNeed;
  readonly symbols: readonly string[];
}

interface Search {
  readonly symbols: ReadonlyMap<string, GraphSymbol>;
  readonly requirements: readonly Requirement[];
  readonly chosen: Sizes;
  /** How many images there are, whatever that is called. */
  readonly batches: ReadonlySet<string>;
  tries: number;
  looks: number;
}

const requirement = (need: GraphNeed): Requirement => ({ need, symbols: [...new Set([...symbolsOf(need.left), ...symbolsOf(need.right)])] });

/** Every size of the graph is at least 1, so that a window fits and a quotient does not vanish. */
function positiveSizes(graph: ShapeGraph): readonly Requirement[] {
  const seen = new Map<string, Dim>();
  for (const node of graph.nodes) for (const type of node.outputs) for (const size of type.shape ?? []) if (!isPlain(size)) seen.set(key(size), size);
  return [...seen.values()].map((size) => requirement({ text: '', left: ONE, relation: '<=', right: size, span: graph.span }));
}

function isPlain(size: Dim): boolean {
  return isUnknown(size) || asConstant(size) !== undefined || (symbolsOf(size).length === 1 && evaluate(size, { [symbolsOf(size)[0] ?? '']: 7 }) === 7);
}

/** The requirements whose only open symbol is this one. */
function decisive(search: Search, sizes: Sizes, name: string): readonly Requirement[] {
  return search.requirements.filter(({ symbols }) => symbols.includes(name) && symbols.every((each) => each === name || each in sizes));
}

const fits = (requirements: readonly Requirement[], sizes: Sizes): boolean => requirements.every(({ need }) => needHolds(need, sizes) !== false);

/** The value where a linear equality holds, found from its two first values: for roots beyond what is scanned. */
function linearRoot({ need }: Requirement, sizes: Sizes, name: string): number | undefined {
  if (need.relation === '<=') return undefined;
  const gap = (value: number) => {
    const sides = sidesAt(need, { ...sizes, [name]: value });
    return sides && sides.left - sides.right;
  };
  const [first, second] = [gap(1), gap(2)];
  if (first === undefined || second === undefined || first === second) return undefined;
  const root = 1 - first / (second - first);
  return Number.isSafeInteger(root) && root >= 1 ? root : undefined;
}

/** What to try for a symbol: what the user or the code says, then what suits it, then whatever fits, nearest first; each is looked for only when it is asked for. */
function* options(search: Search, sizes: Sizes, name: string): Generator<number> {
  const fixed = search.chosen[name];
  if (fixed !== undefined) return yield fixed;
  const symbol = search.symbols.get(name) ?? { name, role: 'data' as const, origin: '' };
  const preferred = unused(preferredSizes(symbol, search.batches.has(name)), search, sizes, symbol);
  const wishes = [...(symbol.example === undefined ? [] : [symbol.example]), ...kin(search, sizes, name), ...preferred];
  const requirements = decisive(search, sizes, name);
  const seen = new Set<number>();
  for (const value of wishedAndScanned(wishes, requirements, sizes, name)) {
    search.looks += 1;
    if (search.looks > MOST_LOOKS) return;
    if (seen.has(value) || !fits(requirements, { ...sizes, [name]: value })) continue;
    seen.add(value);
    yield value;
    if (seen.size === OPTIONS) return;
  }
}

/** What arguments are that alone make up the other side of an equality: an image's height is the resolution that a table of its places is made for. */
function kin(search: Search, sizes: Sizes, name: string): readonly number[] {
  const sides = search.requirements.flatMap(({ need: { relation, left, right }, symbols }) =>
    relation === '==' && symbols.includes(name) && symbols.some((each) => each !== name && !(each in sizes)) ? [[left, right] as const] : [],
  );
  const others = sides.flatMap(([left, right]) => (symbolsOf(left).includes(name) ? symbolsOf(right) : symbolsOf(left)));
  const isArgument = (each: string) => search.symbols.get(each)?.role === 'argument';
  return others.every(isArgument) ? [...new Set(others.flatMap((each) => sizes[each] ?? []))].sort((left, right) => right - left) : [];
}

function* wishedAndScanned(wishes: readonly number[], requirements: readonly Requirement[], sizes: Sizes, name: string): Generator<number> {
  yield* wishes;
  yield* scanned(requirements, sizes, name, wishes[0] ?? 1);
}

/** Small sizes and where an equality has its root, from the nearest to the wish outward. */
function scanned(requirements: readonly Requirement[], sizes: Sizes, name: string, near: number): readonly number[] {
  if (requirements.length === 0) return [];
  const far = requirements.flatMap((each) => linearRoot(each, sizes, name) ?? []).filter((root) => root > SCANNED);
  return near > SCANNED ? [...far, ...outward(near)] : [...outward(near), ...far];
}

const outwardFrom = new Map<number, readonly number[]>();

/** The sizes that are scanned, by their distance from a size as a factor. */
function outward(near: number): readonly number[] {
  const known = outwardFrom.get(near);
  if (known) return known;
  const distance = (size: number): number => Math.max(size / near, near / size);
  const sorted = Array.from({ length: SCANNED }, (_, index) => index + 1).sort((left, right) => distance(left) - distance(right));
  if (outwardFrom.size >= SCANNED) outwardFrom.clear();
  outwardFrom.set(near, sorted);
  return sorted;
}

/** Data sizes that vary independently get different numbers where they can, so that a mix-up shows. */
function unused(wishes: readonly number[], search: Search, sizes: Sizes, symbol: GraphSymbol): readonly number[] {
  if (symbol.role === 'argument') return wishes;
  const taken = new Set(Object.entries(sizes).flatMap(([name, size]) => (search.symbols.get(name)?.role === 'data' ? [size] : [])));
  return [...wishes.filter((size) => !taken.has(size)), ...wishes.filter((size) => taken.has(size))];
}

/** Whether an equality says what the symbol is once others are bound: it is better bound after them. */
function isDefined(search: Search, sizes: Sizes, name: string): boolean {
  return search.requirements.some(({ need, symbols }) => {
    if (need.relation !== '==' || !symbols.some((each) => each !== name && !(each in sizes))) return false;
    return [need.left, need.right].some((side, index) => same(side, symbolOf(name)) && !symbolsOf(index === 0 ? need.right : need.left).includes(name));
  });
}

/** The symbol to bind next: one that an equality decides, else one that the user or the code gives a number for, else one that does not hang on others. */
function next(search: Search, sizes: Sizes): string | undefined {
  const open = [...search.symbols.keys()].filter((name) => !(name in sizes));
  const given = open.find((name) => search.chosen[name] !== undefined);
  if (given !== undefined) return given;
  const decided = open.find((name) => decisive(search, sizes, name).some(({ need }) => need.relation === '=='));
  if (decided !== undefined) return decided;
  const exampled = open.find((name) => search.symbols.get(name)?.example !== undefined);
  if (exampled !== undefined) return exampled;
  const free = open.filter((name) => !isDefined(search, sizes, name));
  return free.find((name) => search.symbols.get(name)?.role === 'argument') ?? free[0] ?? open[0];
}

function solve(search: Search, sizes: Sizes): Sizes | undefined {
  const name = next(search, sizes);
  if (name === undefined) return sizes;
  for (const value of options(search, sizes, name)) {
    search.tries += 1;
    if (search.tries > MOST_TRIES || search.looks > MOST_LOOKS) return undefined;
    const tried = { ...sizes, [name]: value };
    if (
      !fits(
        search.requirements.filter(({ symbols }) => symbols.includes(name)),
        tried,
      )
    )
      continue;
    const found = solve(search, tried);
    if (found) return found;
  }
  return undefined;
}

function start(graph: ShapeGraph, requirements: readonly Requirement[], chosen: Sizes): Search {
  const described = new Map(graph.symbols.map((symbol) => [symbol.name, symbol]));
  const symbols = new Map(symbolNames(graph).map((name) => [name, described.get(name) ?? { name, role: 'data' as const, origin: '' }]));
  return { symbols, requirements, chosen, batches: batchesOf(graph), tries: 0, looks: 0 };
}

/** The sizes that stand first of inputs with an image's axes, and nowhere else in them. */
function batchesOf(graph: ShapeGraph): ReadonlySet<string> {
  return new Set(graph.inputs.flatMap(({ ref }) => firstOfImages(graph.nodes[ref.node]?.outputs[ref.output]?.shape ?? [])));
}

const firstOfImages = ([first, ...rest]: readonly Dim[]): readonly string[] =>
  first !== undefined && rest.length === 3 && !rest.some((size) => symbolsOf(size).includes(first.text)) ? [first.text] : [];

/**
 * Sizes that satisfy every need of the graph: what `chosen` says is kept, then defaults and examples from the code are tried, then sensible small
 * numbers. The search is bounded; where it finds none there are no sizes, and the reason names the needs.
 */
export function exampleSizes(graph: ShapeGraph, chosen: Sizes = {}): Example {
  const needs = graph.needs.filter((need) => !isUnknown(need.left) && !isUnknown(need.right)).map(requirement);
  const positive = positiveSizes(graph);
  for (const requirements of [[...needs, ...positive], needs]) {
    const search = start(graph, requirements, chosen);
    const sizes = contradicts(requirements) ? undefined : solve(search, {});
    if (sizes) return { sizes };
  }
  return { reason: reasonOf(graph, chosen) };
}

/** A need without symbols that does not hold. */
const contradicts = (requirements: readonly Requirement[]): boolean =>
  requirements.some(({ need, symbols }) => symbols.length === 0 && needHolds(need, {}) === false);

function reasonOf(graph: ShapeGraph, chosen: Sizes): string {
  const needs = graph.needs.map(({ text }) => text).join(', ');
  const given = Object.entries(chosen)
    .map(([name, size]) => `${name} = ${size}`)
    .join(', ');
  return `no sizes were found that satisfy ${needs}${given ? ` with ${given}` : ''}`;
}
