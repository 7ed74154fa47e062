/** The largest batch, or resolution, with which a block fits. */
import { parse, symbolsOf } from '../../dim/index';
import { isSize } from '../../graph/bind';
import { exampleOfModule } from '../example';
import type { Figure, FigureName, Largest, ModuleAnalysis, Setting } from '../types';
import { below, type Fitting, fitsOf, smallest } from './fitting';
import { meaningOf } from './meaning';
import { figuresAt, settled, valueAt } from './price';

/** A size with its figure. */
interface Tried extends Fitting {
  readonly value: number | undefined;
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
  const priced = (fitting: Fitting | undefined): Tried | undefined => fitting && { ...fitting, value: valueAt(module, setting, fitting.sizes, figure) };
  const fits = ({ value }: Tried): boolean => value !== undefined && value <= bytes;
  const first = priced(smallest(sizesAt, meaning));
  if (!first) return { reason: 'its needs allow none of these sizes' };
  const told = ({ sizes }: Fitting): Figure => figuresAt(settled(module, setting, sizes), sizes)[figure];
  if (first.value === undefined) return { reason: told(first).unknown ?? 'it is not known' };
  if (!growsWith(told(first), meaning.symbols)) return { reason: 'it fits at every size' };
  if (!fits(first)) return { reason: `at ${first.at} it takes more already` };
  const found = search(first, fits, (size, from) => priced(below(sizesAt, size, from, meaning)));
  if ('reason' in found) return found;
  const { best, limit } = found;
  return { size: best.at, bytes: best.value ?? 0, formula: told(best).formula, sizes: best.sizes, ...(limit === undefined ? {} : { limit }) };
}

/** Whether a figure's formula speaks of one of the symbols. */
function growsWith({ formula }: Figure, symbols: readonly string[]): boolean {
  const size = parse(formula);
  return size === undefined || symbolsOf(size).some((name) => symbols.includes(name));
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

function search(first: Tried, fits: (tried: Tried) => boolean, at: Try): { readonly best: Tried; readonly limit?: string } | { readonly reason: string } {
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
  return start.over === undefined ? { best, limit: 'its needs allow no more' } : { best };
}
