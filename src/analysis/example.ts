/** Example sizes of a module. */
import { brokenNeeds } from '../graph/bind';
import { type Example, exampleSizes } from '../graph/example';
import { fixedSymbols, graphAt } from './analyze';
import type { ChosenSizes, ModuleAnalysis } from './types';

/**
 * Sizes that satisfy what the module needs. Where a branch hangs on an argument the module is read again at the argument's number, and that reading may
 * need more: the arguments then stay as they are, and the other sizes are looked for once more.
 */
export function exampleOfModule(module: ModuleAnalysis, chosen: ChosenSizes = {}): Example {
  const first = exampleSizes(module.graph, chosen);
  if ('reason' in first) return first;
  const graph = graphAt(module, first.sizes);
  if (graph === module.graph || brokenNeeds(graph, first.sizes).length === 0) return first;
  const fixed = Object.fromEntries(fixedSymbols(module).flatMap((name) => (first.sizes[name] === undefined ? [] : [[name, first.sizes[name]] as const])));
  const again = exampleSizes(graph, { ...chosen, ...fixed });
  return 'sizes' in again ? { sizes: { ...first.sizes, ...again.sizes } } : first;
}
