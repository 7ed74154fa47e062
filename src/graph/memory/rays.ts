/** The ways in which a module's inputs grow: places of an image or a sequence, each alone, two that are alike, or two that count as one number of places. */
import { type Atom, type Dim, isUnknown, symbolsOf } from '../../dim/index';
import { needHolds, type Sizes } from '../bind';
import { placesOf, spatialOf } from '../places';
import type { ShapeGraph } from '../types';

/** Sizes that grow along one number. */
export interface Ray {
  readonly symbols: readonly string[];
  /** How many places a product has (`h·w`), or what one size or several alike are (`h = w`). */
  readonly kind: 'product' | 'alike';
  /** Where the sizes at hand stand on it; undefined where they stand beside it. */
  readonly here: number | undefined;
  readonly most: number;
  /** Sizes at which formulas can be read. */
  at(x: number): Sizes;
  /** The first of the numbers from `x` on that the module's needs allow. */
  next(x: number): number | undefined;
  /** Sizes that the module can have at `x`; undefined where it has none. */
  real(x: number): Sizes | undefined;
}

/** How far from the sizes at hand is looked, as a factor of each. */
const FARTHEST = 64;

/** A single place is special: what it folds is a view. */
const SEVERAL = 2;

/** Windows and strides divide one size in so many. */
export const MOST_SKIPPED = 64;

/** What a size that is a place is not: the batch, or as wide as weights are, or tied to something. */
function openSizes(graph: ShapeGraph): ReadonlySet<string> {
  const tied = new Set([
    ...graph.nodes.filter(({ op }) => op === 'parameter').flatMap(({ outputs }) => outputs.flatMap(({ shape }) => (shape ?? []).flatMap(namesIn))),
    ...graph.needs.filter(({ relation }) => relation === '==').flatMap(({ left, right }) => [...namesIn(left), ...namesIn(right)]),
  ]);
  return new Set(graph.symbols.flatMap(({ name, role }) => (role === 'data' && !tied.has(name) ? [name] : [])));
}

const namesIn = (size: Dim): readonly string[] => (isUnknown(size) ? [] : symbolsOf(size));

/** Whether every formula has both in the same power, and nowhere else. */
export function areOneNumber(formulas: readonly Dim[], [first, second]: readonly string[]): boolean {
  return formulas.every(({ terms }) =>
    terms?.every(({ factors }) => {
      const power = (name: string | undefined): number => factors.find(({ atom }) => atom.kind === 'symbol' && atom.name === name)?.power ?? 0;
      const within = factors.some(({ atom }) => atom.kind !== 'symbol' && namesIn(sizeOf(atom)).some((name) => name === first || name === second));
      return !within && power(first) === power(second);
    }),
  );
}

/** An atom as the size that it is. */
export const sizeOf = (atom: Atom): Dim => ({ terms: [{ coefficient: 1, factors: [{ atom, power: 1 }], text: atom.text }], text: atom.text });

/** The ways in which the module's inputs grow from `sizes`, images first; `formulas` are those of its memory. */
export function raysOf(graph: ShapeGraph, sizes: Sizes, formulas: readonly Dim[]): readonly Ray[] {
  const open = openSizes(graph);
  const hasImage = graph.nodes.some(({ op }) => op === 'conv');
  const image = placesOf(graph).image;
  const rays = new Map<string, Ray>();
  for (const { ref } of graph.inputs) {
    const shape = graph.nodes[ref.node]?.outputs[ref.output]?.shape ?? [];
    const isImage = (pair: readonly string[]): boolean => hasImage || pair.every((name) => image.includes(name));
    const kindOf = (pair: readonly [string, string]): Ray['kind'] | undefined =>
      areOneNumber(formulas, pair) ? 'product' : isImage(pair) ? 'alike' : undefined;
    const pair = spatialOf(graph, shape).slice(-2);
    const ray = rayOf(graph, sizes, textsOf(shape), textsOf(pair), kindOf, open);
    if (ray) rays.set(ray.symbols.join(), ray);
  }
  return [...rays.values()].sort((a, b) => b.symbols.length - a.symbols.length);
}

const textsOf = (shape: readonly Dim[]): readonly string[] => shape.map(({ text }) => text);

/** The two sides of an image; else the places of a sequence: of the axes after the batch the last that is open, the last of all are channels where others are. */
function rayOf(
  graph: ShapeGraph,
  sizes: Sizes,
  shape: readonly string[],
  [first = '', second = '']: readonly string[],
  kindOf: (pair: readonly [string, string]) => Ray['kind'] | undefined,
  open: ReadonlySet<string>,
): Ray | undefined {
  if (first !== second && open.has(first) && open.has(second)) {
    const kind = kindOf([first, second]);
    if (kind) return kind === 'product' ? productRay(graph, sizes, [first, second]) : alikeRay(graph, sizes, [first, second]);
  }
  const places = shape.slice(shape.length > 2 ? 1 : 0).filter((name) => open.has(name));
  const place = (places.at(-1) === shape.at(-1) ? places.at(-2) : undefined) ?? places.at(-1);
  return place === undefined ? undefined : alikeRay(graph, sizes, [place]);
}

const allowed = (graph: ShapeGraph, sizes: Sizes): boolean => graph.needs.every((need) => needHolds(need, sizes) !== false);

function alikeRay(graph: ShapeGraph, sizes: Sizes, symbols: readonly string[]): Ray {
  const given = symbols.map((name) => sizes[name] ?? 1);
  const at = (x: number): Sizes => ({ ...sizes, ...Object.fromEntries(symbols.map((name) => [name, x])) });
  return {
    symbols,
    kind: 'alike',
    here: new Set(given).size === 1 ? given[0] : undefined,
    most: Math.max(...given) * FARTHEST,
    at,
    next(x) {
      for (let one = x; one - x < MOST_SKIPPED; one++) if (allowed(graph, at(one))) return one;
      return undefined;
    },
    real: (x) => (allowed(graph, at(x)) ? at(x) : undefined),
  };
}

function productRay(graph: ShapeGraph, sizes: Sizes, [first, second]: readonly [string, string]): Ray {
  const given = [sizes[first] ?? 1, sizes[second] ?? 1] as const;
  const here = given[0] * given[1];
  return {
    symbols: [first, second],
    kind: 'product',
    here,
    most: here * FARTHEST ** 2,
    at: (x) => ({ ...sizes, [first]: x, [second]: 1 }),
    next: (x) => x,
    real(x) {
      const parts = partsOf(x, given[0] / given[1]).map(([a, b]) => ({ ...sizes, [first]: a, [second]: b }));
      return parts.find((one) => allowed(graph, one));
    },
  };
}

/** Two sizes whose product it is, those whose ratio is nearest first; none is a single place where more are as many. */
function partsOf(product: number, ratio: number): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let small = product < SEVERAL ** 2 ? 1 : SEVERAL; small * small <= product; small++)
    if (product % small === 0) found.push([small, product / small], [product / small, small]);
  const distance = ([a, b]: readonly [number, number]): number => Math.abs(Math.log(a / b / ratio));
  return found.sort((a, b) => distance(a) - distance(b));
}
