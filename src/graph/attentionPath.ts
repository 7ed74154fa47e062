/** A graph as if its attention were fused, or taken step by step. */
import { fused } from './fusing';
import type { ShapeGraph } from './types';
import { stepwise } from './unfusing';

/** How attention is computed: as the code has it, in one fused step, or step by step with its map. */
export type AttentionPath = 'written' | 'fused' | 'stepwise';

/** A graph on the path, and what of it could not be brought there. */
export interface OnPath {
  readonly graph: ShapeGraph;
  readonly notes: readonly string[];
}

const NO_FUSED = 'tfjs has no fused attention';

/** The graph with its attention on the path. */
export function onPath(graph: ShapeGraph, path: AttentionPath): OnPath {
  if (path === 'written') return { graph, notes: [] };
  if (graph.runtime !== 'torch') return { graph, notes: path === 'fused' ? [NO_FUSED] : [] };
  return path === 'fused' ? fused(graph) : stepwise(graph);
}
