/** Sizes near those asked for that a block's needs allow. */
import { symbolsOf } from '../../dim/index';
import { needHolds, type Sizes } from '../../graph/bind';
import type { ShapeGraph } from '../../graph/types';
import { exampleOfModule } from '../example';
import type { ChosenSizes, ModuleAnalysis } from '../types';
import type { Meaning } from './meaning';

/** Sizes to be tried on either side of one: windows and strides divide one in so many. */
const MOST_AWAY = 64;

/** The block's sizes at one size of a sweep. */
export interface Fitting {
  readonly at: number;
  readonly sizes: Sizes;
}

/** Finds the block's sizes at a size of the sweep; undefined where its needs, or what the sweep means for it, do not allow it. */
export type SizesAt = (size: number) => Sizes | undefined;

/** What of the base's sizes stays: all that no equality ties to the sweep's. */
function staying(graph: ShapeGraph, base: Sizes, swept: ReadonlySet<string>): ChosenSizes {
  const moving = new Set(swept);
  const isData = new Set(graph.symbols.filter(({ role }) => role === 'data').map(({ name }) => name));
  const ties = graph.needs.filter(({ relation }) => relation === '==').map(({ left, right }) => [...symbolsOf(left), ...symbolsOf(right)]);
  for (let before = -1; before !== moving.size; ) {
    before = moving.size;
    for (const names of ties) if (names.some((name) => moving.has(name))) for (const name of names) if (isData.has(name)) moving.add(name);
  }
  return Object.fromEntries(Object.entries(base).filter(([name]) => !moving.has(name)));
}

/** The block's sizes along a sweep that starts from sizes which it allows; `chosen` stays as it is. */
export function fitsOf(module: ModuleAnalysis, base: Sizes, chosen: ChosenSizes, meaning: Meaning): SizesAt {
  const { graph } = module;
  const kept = { ...staying(graph, base, new Set(meaning.symbols)), ...chosen };
  return (size) => {
    const wanted = { ...kept, ...meaning.at(size) };
    // What already breaks needs no search.
    if (graph.needs.some((need) => needHolds(need, wanted) === false)) return undefined;
    const example = exampleOfModule(module, wanted);
    return 'sizes' in example ? example.sizes : undefined;
  };
}

/** The sizes to try for one: itself, then the nearest on both sides; of powers by their roots. */
function* outward(size: number, power: number): Generator<number> {
  const root = Math.max(1, Math.round(size ** (1 / power)));
  yield root ** power;
  for (let away = 1; away <= Math.min(MOST_AWAY, root); away++) {
    yield (root + away) ** power;
    if (root - away > 0) yield (root - away) ** power;
  }
}

/** The nearest size that the block allows. */
export function nearest(sizesAt: SizesAt, size: number, { power = 1 }: Meaning): Fitting | undefined {
  for (const at of outward(size, power)) {
    const sizes = sizesAt(at);
    if (sizes) return { at, sizes };
  }
  return undefined;
}

/** Where nothing below was allowed, sizes are tried around these. */
const LARGER = [128, 256, 512, 1024, 2048, 4096];

/** The smallest size that the block allows; where windows or strides divide it by many, one that is near a round number. */
export function smallest(sizesAt: SizesAt, meaning: Meaning): Fitting | undefined {
  for (let root = 1; root <= MOST_AWAY; root++) {
    const at = root ** (meaning.power ?? 1);
    const sizes = sizesAt(at);
    if (sizes) return { at, sizes };
  }
  for (const size of LARGER) {
    const found = nearest(sizesAt, size, meaning);
    if (found) return found;
  }
  return undefined;
}

/** The largest size that the block allows up to one, but not below another. */
export function below(sizesAt: SizesAt, size: number, from: number, { power = 1 }: Meaning): Fitting | undefined {
  const nearby = Math.round(size ** (1 / power));
  const top = nearby ** power > size ? nearby - 1 : nearby;
  for (let root = top; root >= Math.max(top - MOST_AWAY, 1) && root ** power >= from; root--) {
    const at = root ** power;
    const sizes = sizesAt(at);
    if (sizes) return { at, sizes };
  }
  return undefined;
}
