/** The largest batch and the largest resolution or length with which a module fits into a memory. */
import { growingOf, largestOf } from '../../analysis/pricing/index';
import type { FigureName, Largest, ModuleAnalysis, Setting } from '../../analysis/types';
import { bytesText } from '../../graph/quantities';

/** One answer: what grows, for which figure, how far. */
export interface Fits {
  readonly figure: FigureName;
  readonly symbols: readonly string[];
  readonly largest: Largest;
}

/** Solves for what can grow, each for itself, for inference and for training. */
export function fitsOf(module: ModuleAnalysis, setting: Setting, bytes: number): readonly Fits[] {
  const figures: readonly FigureName[] = module.graph.runtime === 'torch' ? ['peakInference', 'peakTraining'] : ['peakInference'];
  return growingOf(module.graph).flatMap(({ symbols }) =>
    figures.map((figure) => ({ figure, symbols, largest: largestOf(module, setting, symbols, bytes, figure) })),
  );
}

/** As JSON. */
export const fitsTold = (all: readonly Fits[]) =>
  all.map(({ figure, symbols, largest }) => ({
    figure,
    of: symbols.join(' = '),
    ...('reason' in largest
      ? { size: null, reason: largest.reason }
      : { size: largest.size, bytes: largest.bytes, formula: largest.formula, ...(largest.limit === undefined ? {} : { limit: largest.limit }) }),
  }));

const WORDS: { readonly [figure in FigureName]?: string } = { peakInference: 'inference', peakTraining: 'training' };

/** `inference  b ≤ 412 (23.9 GiB)`: a line each. */
export const fitsText = (all: readonly Fits[], bytes: number, width: number): string =>
  all
    .map(({ figure, symbols, largest }, at) => {
      const label = at === 0 ? `fits in ${bytesText(bytes)}` : '';
      const told =
        'reason' in largest
          ? `${symbols.join(' = ')}: ${largest.reason}`
          : `${symbols.join(' = ')} ≤ ${largest.size}  (${bytesText(largest.bytes)}${largest.limit === undefined ? '' : `: ${largest.limit}`})`;
      return `  ${label.padEnd(width)}${(WORDS[figure] ?? figure).padEnd(14)}${told}\n`;
    })
    .join('');
