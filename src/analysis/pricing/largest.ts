/** The largest batch, or resolution, with which a block fits. */
import { isSize } from '../../graph/bind';
import { exampleOfModule } from '../example';
import type { Figure, FigureName, Largest, ModuleAnalysis, Setting } from '../types';
import { below, type Fitting, fitsOf, nearest } from './fitting';
import { meaningOf } from './meaning';
import { figuresAt, settled } from './price';

/** A size with its figure. */
interface Tried extends Fitting {
  readonly figure: Figure;
}

/**
 * The largest size of `symbols`, all alike, at which a figure is at most `bytes`. Figures grow with sizes: the size is doubled until it does not fit,
 * then halved between the two.
 */
export function largestOf(module: ModuleAnalysis, setting: Setting, symbols: readonly string[], bytes: number, figure: FigureName): Largest {
  const meaning = meaningOf(module.graph, symbols);
  if (!meaning) return { reason: `it has no size ${symbols.join(' or ')}` };
  const { [symbols[0] ?? '']: _given, ...others } = setting.sizes;
  const chosen = Object.fromEntries(Object.entries(others).filter(([name]) => !meaning.symbols.includes(name)));
  const start = exampleOfModule(module, chosen);
  if ('reason' in start) return { reason: start.reason };
  const sizesAt = fitsOf(module, start.sizes, chosen, meaning);
  const priced = (fitting: Fitting | undefined): Tried | undefined =>
    fitting && { ...fitting, figure: figuresAt(settled(module, setting, fitting.sizes).graph, fitting.sizes, setting)[figure] };
  const fits = ({ figure: { value } }: Tried): boolean => value !== undefined && value <= bytes;
  const first = priced(nearest(sizesAt, 1, meaning));
  if (!first) return { reason: 'its needs allow none of these sizes' };
  if (first.figure.value === undefined) return { reason: first.figure.unknown ?? 'it is not known' };
  if (!fits(first)) return { reason: `at ${first.at} it takes more already` };
  return search(first, fits, (size, from) => priced(below(sizesAt, size, from, meaning)));
}

/** Sizes that are doubled without one that the needs allow: from then on they allow none. */
const MOST_DOUBLED = 4;

/** The first size that is too large, by doubling; none where the needs allow no more. */
function doubled(first: Tried, fits: (tried: Tried) => boolean, at: Try): { readonly best: Tried; readonly over?: number; readonly isEndless: boolean } {
  let best = first;
  let empty = 0;
  for (let over = first.at * 2; isSize(over) && empty < MOST_DOUBLED; over *= 2) {
    const tried = at(over, best.at + 1);
    if (tried && !fits(tried)) return { best, over: tried.at, isEndless: false };
    empty = tried ? 0 : empty + 1;
    best = tried ?? best;
  }
  return { best, isEndless: empty < MOST_DOUBLED };
}

/** Tries the largest size that the needs allow up to one, but not below another. */
type Try = (size: number, from: number) => Tried | undefined;

function search(first: Tried, fits: (tried: Tried) => boolean, at: Try): Largest {
  const start = doubled(first, fits, at);
  if (start.isEndless) return { reason: 'it fits at every size' };
  let { best } = start;
  let over = start.over ?? best.at * 2;
  for (let under = best.at; over - under > 1; ) {
    const middle = Math.floor((under + over) / 2);
    const tried = at(middle, under + 1);
    if (tried && !fits(tried)) over = tried.at;
    else {
      under = middle;
      best = tried ?? best;
    }
  }
  const limit = start.over === undefined ? { limit: 'its needs allow no more' } : {};
  return { size: best.at, bytes: best.figure.value ?? 0, formula: best.figure.formula, sizes: best.sizes, ...limit };
}
