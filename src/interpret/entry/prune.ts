/** Leaves out of the graph what was made before the forward began and nothing of it uses: models that a constructor builds on symbolic tensors, a script's own tensors. */
import { symbolsOf } from '../../dim/index';
import { movedValue, type Renumber, renumbered, renumbering } from '../../graph/renumber';
import type { ShapeGraph } from '../../graph/types';
import { tensorsOf } from '../../graph/values';
import type { Held, Mention } from '../learning/mentions';

/** The graph and the mentions without the steps before `start` that no step after it, no row, no input and no result needs; weights that nothing uses are the module's all the same. */
export function pruned(graph: ShapeGraph, mentions: readonly Mention[], start: number): { graph: ShapeGraph; mentions: readonly Mention[] } {
  const kept = keptNodes(graph, start);
  if (kept.size === graph.nodes.length) return { graph, mentions };
  const places = new Map<number, number>();
  for (const node of graph.nodes) if (kept.has(node.id)) places.set(node.id, places.size);
  const renumber = renumbering(places);
  const left = renumbered(graph, places);
  return {
    graph: { ...left, symbols: left.symbols.filter((symbol) => symbol.role === 'argument' || standsIn(symbol.name, left)) },
    mentions: mentions.map((mention) => ({ ...mention, held: mention.held.flatMap((held) => moveHeld(held, renumber) ?? []) })),
  };
}

function keptNodes(graph: ShapeGraph, start: number): ReadonlySet<number> {
  const kept = new Set<number>();
  const pending = [...graph.rows.flatMap((row) => tensorsOf(row.value)), ...graph.outputs.flatMap(tensorsOf), ...graph.inputs.map(({ ref }) => ref)].map(
    ({ node }) => node,
  );
  for (const { node } of graph.state ?? []) if (node !== undefined && graph.nodes[node]?.op === 'parameter') pending.push(node);
  for (let id = start; id < graph.nodes.length; id++) pending.push(id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (kept.has(id)) continue;
    kept.add(id);
    for (const input of graph.nodes[id]?.inputs ?? []) pending.push(input.node);
  }
  return kept;
}

/** Whether a size of the data is still spoken of. */
const standsIn = (name: string, { nodes, needs }: ShapeGraph): boolean =>
  nodes.some((node) => node.outputs.some((type) => type.shape?.some((size) => symbolsOf(size).includes(name)))) ||
  needs.some((need) => symbolsOf(need.left).includes(name) || symbolsOf(need.right).includes(name));

const moveHeld = (held: Held, renumber: Renumber): Held | undefined => (held.kind === 'size' || held.kind === 'shape' ? held : movedValue(held, renumber));
