/** One place may stand in several modules' readings: a helper's in its own and in each caller's. */
import type { RowValue, ShapeGraph } from '../graph/types';
import { typeOf } from '../graph/values';
import type { FileAnalysis, ModuleAnalysis } from './types';

/** All readings that say what stands in a file: its modules', and that of its own statements. */
export const readingsOf = ({ modules, script }: FileAnalysis): readonly ModuleAnalysis[] => (script ? [...modules, script] : modules);

/** Whether the function (`Class.method`, or a function's name) is the module itself. */
export const isOwnOf = ({ name }: ModuleAnalysis, inFunction: string): boolean => inFunction === name || inFunction.startsWith(`${name}.`);

/** How many axes each tensor has: what a renamed size does not change. */
export function ranksText(graph: ShapeGraph, value: RowValue): string {
  switch (value.kind) {
    case 'tensor':
      return String(typeOf(graph, value.ref)?.shape?.length ?? '?');
    case 'list':
      return `[${value.items.map((item) => ranksText(graph, item)).join(' ')}]`;
    case 'dict':
      return `{${value.items.map((item) => ranksText(graph, item.value)).join(' ')}}`;
    case 'unknown':
      return '?';
  }
}

/** What one module's reading saw, the place's own where there is one; of the others only what has another rank. */
export function ownFirst<T extends { readonly module: ModuleAnalysis }>(
  seen: readonly T[],
  isOwn: (one: T) => boolean,
  ranks: (one: T) => string,
): readonly T[] {
  const first = seen.find(isOwn) ?? seen[0];
  if (!first) return [];
  const own = seen.filter(({ module }) => module === first.module);
  const known = new Set(own.map(ranks));
  return [...own, ...seen.filter((one) => one.module !== first.module && !known.has(ranks(one)))];
}
