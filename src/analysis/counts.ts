/** How many values were read, and how many of them are not known: each place once. */

import { unknownReason } from './trace';
import type { FileAnalysis } from './types';

/** Counts a file's rows by place. */
export function tracedCounts(analysis: FileAnalysis): { values: number; unknown: number } {
  const known = new Map<string, boolean>();
  for (const { graph } of analysis.modules) {
    for (const row of graph.rows) {
      const key = `${row.span.file}:${row.span.line}:${row.span.column}:${row.name}`;
      const isKnown = unknownReason(graph, row.value) === undefined;
      known.set(key, isKnown || (known.get(key) ?? false));
    }
  }
  return { values: known.size, unknown: [...known.values()].filter((isKnown) => !isKnown).length };
}
