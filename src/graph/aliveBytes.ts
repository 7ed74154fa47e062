/** How much memory is alive at each step of a graph: as torch holds it, or as tfjs's code has it. */
import { evaluate } from '../dim/index';
import type { Sizes } from './bind';
import { storagesAsWritten } from './liveness';
import { aliveAt, endsInForward } from './memory/lifetimes';
import { torchSteps } from './memory/steps';
import type { ShapeGraph } from './types';

/** Bytes by node, of those that do something; undefined where a size is not known. */
export const aliveBytes = (graph: ShapeGraph, sizes: Sizes): ReadonlyMap<number, number> | undefined =>
  graph.runtime === 'torch' ? inTorch(graph, sizes) : asWritten(graph, sizes);

/** A node may be several of torch's steps: the most of them counts. */
function inTorch(graph: ShapeGraph, sizes: Sizes): ReadonlyMap<number, number> | undefined {
  const memory = torchSteps(graph, sizes, false);
  if ('unknown' in memory) return undefined;
  const alive = aliveAt(memory, endsInForward(graph, memory));
  const found = new Map<number, number>();
  for (const [at, { node }] of memory.steps.entries()) found.set(node, Math.max(found.get(node) ?? 0, alive[at] ?? 0));
  return found;
}

/** What is there before the first step. */
const GIVEN = new Set(['input', 'parameter', 'constant']);

function asWritten(graph: ShapeGraph, sizes: Sizes): ReadonlyMap<number, number> | undefined {
  const changes = new Float64Array(graph.nodes.length + 2);
  for (const { bytes, from, to } of storagesAsWritten(graph)) {
    const size = evaluate(bytes, sizes);
    if (size === undefined) return undefined;
    const after = Math.min(to, graph.nodes.length) + 1;
    changes[from] = (changes[from] ?? 0) + size;
    changes[after] = (changes[after] ?? 0) - size;
  }
  const found = new Map<number, number>();
  let held = 0;
  for (const { id, op } of graph.nodes) {
    held += changes[id] ?? 0;
    if (!GIVEN.has(op)) found.set(id, held);
  }
  return found;
}
