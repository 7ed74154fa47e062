/** Leaves out of the graph what was made before the forward began and nothing of it uses: models that a constructor builds on symbolic tensors, a script's own tensors. */
import { symbolsOf } from '../../dim/index';
import type { GraphDispose, GraphKeeping, GraphNode, GraphState, RowValue, ShapeGraph, ValueRef } from '../../graph/types';
import type { Held, Mention } from '../learning/mentions';

type Renumber = (ref: ValueRef) => ValueRef | undefined;

/** The graph and the mentions without the steps before `start` that no step after it, no row, no input and no result needs. */
export function pruned(graph: ShapeGraph, mentions: readonly Mention[], start: number): { graph: ShapeGraph; mentions: readonly Mention[] } {
  const kept = keptNodes(graph, start);
  if (kept.size === graph.nodes.length) return { graph, mentions };
  const places = new Map<number, number>();
  for (const node of graph.nodes) if (kept.has(node.id)) places.set(node.id, places.size);
  const renumber: Renumber = (ref) => {
    const node = places.get(ref.node);
    return node === undefined ? undefined : { node, output: ref.output };
  };
  return {
    graph: renumbered(graph, places, renumber),
    mentions: mentions.map((mention) => ({ ...mention, held: mention.held.flatMap((held) => moveHeld(held, renumber) ?? []) })),
  };
}

function keptNodes(graph: ShapeGraph, start: number): ReadonlySet<number> {
  const kept = new Set<number>();
  const pending = [...graph.rows.flatMap((row) => refsIn(row.value)), ...graph.outputs.flatMap(refsIn), ...graph.inputs.map(({ ref }) => ref)].map(
    ({ node }) => node,
  );
  for (let id = start; id < graph.nodes.length; id++) pending.push(id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (kept.has(id)) continue;
    kept.add(id);
    for (const input of graph.nodes[id]?.inputs ?? []) pending.push(input.node);
  }
  return kept;
}

function refsIn(value: RowValue): ValueRef[] {
  if (value.kind === 'tensor') return [value.ref];
  if (value.kind === 'list') return value.items.flatMap(refsIn);
  return value.kind === 'dict' ? value.items.flatMap((item) => refsIn(item.value)) : [];
}

function renumbered(graph: ShapeGraph, places: ReadonlyMap<number, number>, renumber: Renumber): ShapeGraph {
  /** How many of the kept steps stand before a count of all. */
  const before = countsBefore(graph.nodes, places);
  const at = (count: number) => before[count] ?? places.size;
  const moved = (ref: ValueRef): ValueRef => renumber(ref) ?? ref;
  const nodes = graph.nodes.flatMap((node) => {
    const id = places.get(node.id);
    return id === undefined ? [] : [{ ...node, id, inputs: node.inputs.map(moved) }];
  });
  return {
    ...graph,
    nodes,
    symbols: graph.symbols.filter((symbol) => symbol.role === 'argument' || standsIn(symbol.name, nodes, graph)),
    inputs: graph.inputs.map((input) => ({ ...input, ref: moved(input.ref) })),
    outputs: graph.outputs.map((output) => moveValue(output, renumber) ?? output),
    ...(graph.state ? { state: graph.state.map((one) => movedState(one, places)) } : {}),
    rows: graph.rows.map((row) => ({ ...row, value: moveValue(row.value, renumber) ?? row.value, step: at(row.step) })),
    scopes: graph.scopes.map((scope) => ({ ...scope, from: at(scope.from), to: at(scope.to) })),
    disposals: graph.disposals.flatMap((disposal) => movedHold(disposal, renumber, at)),
    ...(graph.keeping ? { keeping: movedKeeping(graph.keeping, renumber, at) } : {}),
  };
}

function movedHold({ ref, step }: GraphDispose, renumber: Renumber, at: (count: number) => number): GraphDispose[] {
  const moved = renumber(ref);
  return moved ? [{ ref: moved, step: at(step) }] : [];
}

const movedKeeping = ({ start, letGo, kept, inPlace }: GraphKeeping, renumber: Renumber, at: (count: number) => number): GraphKeeping => ({
  start: at(start),
  letGo: letGo.flatMap((hold) => movedHold(hold, renumber, at)),
  kept: kept.flatMap((ref) => renumber(ref) ?? []),
  inPlace: inPlace.flatMap(({ result, into }) => {
    const [made, held] = [renumber(result), renumber(into)];
    return made && held ? [{ result: made, into: held }] : [];
  }),
});

/** What the forward does not use is part of the state all the same. */
function movedState({ node, ...state }: GraphState, places: ReadonlyMap<number, number>): GraphState {
  const id = node === undefined ? undefined : places.get(node);
  return id === undefined ? state : { ...state, node: id };
}

/** Whether a size of the data is still spoken of. */
const standsIn = (name: string, nodes: readonly GraphNode[], graph: ShapeGraph): boolean =>
  nodes.some((node) => node.outputs.some((type) => type.shape?.some((size) => symbolsOf(size).includes(name)))) ||
  graph.needs.some((need) => symbolsOf(need.left).includes(name) || symbolsOf(need.right).includes(name));

function countsBefore(nodes: readonly GraphNode[], places: ReadonlyMap<number, number>): number[] {
  const counts = [0];
  for (const node of nodes) counts.push((counts.at(-1) ?? 0) + (places.has(node.id) ? 1 : 0));
  return counts;
}

function moveValue(value: RowValue, renumber: Renumber): RowValue | undefined {
  if (value.kind === 'tensor') {
    const ref = renumber(value.ref);
    return ref && { kind: 'tensor', ref };
  }
  if (value.kind === 'list') return { kind: 'list', items: value.items.flatMap((item) => moveValue(item, renumber) ?? []) };
  if (value.kind === 'dict')
    return {
      kind: 'dict',
      items: value.items.flatMap((item) => {
        const moved = moveValue(item.value, renumber);
        return moved ? [{ key: item.key, value: moved }] : [];
      }),
    };
  return value;
}

const moveHeld = (held: Held, renumber: Renumber): Held | undefined => (held.kind === 'size' || held.kind === 'shape' ? held : moveValue(held, renumber));
