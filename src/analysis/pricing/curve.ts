/** A block's figures along a sweep of sizes. */
import { exampleOfModule } from '../example';
import type { Curve, FigureName, ModuleAnalysis, Setting, Sweep } from '../types';
import { fitsOf, nearest } from './fitting';
import { meaningOf } from './meaning';
import { figuresAt, settled } from './price';

const NAMES: readonly FigureName[] = ['map', 'peakInference', 'saved', 'peakTraining', 'parameters', 'macs'];

/** The figures at each size of the sweep, or at the nearest that the block's needs allow. */
export function curveOf(module: ModuleAnalysis, setting: Setting, { symbols, values }: Sweep): Curve {
  const meaning = meaningOf(module.graph, symbols);
  if (!meaning) return { reason: `it has no size ${symbols.join(' or ')}`, points: [] };
  // The arguments of the block's own example stay, so that all points are of one block.
  const own = exampleOfModule(module, setting.sizes);
  const start = 'sizes' in own ? own : exampleOfModule(module, { ...setting.sizes, ...meaning.at(values[0] ?? 1) });
  if ('reason' in start) return { reason: start.reason, points: [] };
  const sizesAt = fitsOf(module, start.sizes, setting.sizes, meaning);
  const points = new Map<number, Curve['points'][number]>();
  for (const value of values) {
    const fitting = nearest(sizesAt, value, meaning);
    if (fitting && !points.has(fitting.at)) points.set(fitting.at, { ...fitting, values: valuesAt(module, setting, fitting.sizes) });
  }
  const made = [...points.values()].sort((a, b) => a.at - b.at);
  return {
    ...(meaning.text === undefined ? {} : { meaning: meaning.text }),
    ...(made.length > 0 ? {} : { reason: 'its needs allow none of these sizes' }),
    points: made,
  };
}

function valuesAt(module: ModuleAnalysis, setting: Setting, sizes: { readonly [symbol: string]: number }): Curve['points'][number]['values'] {
  const figures = figuresAt(settled(module, setting, sizes), sizes);
  return Object.fromEntries(NAMES.flatMap((name) => (figures[name].value === undefined ? [] : [[name, figures[name].value]])));
}
