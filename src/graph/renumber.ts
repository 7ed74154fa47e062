/** A graph whose steps have other places: some left out, others put in between. */
import type { GraphDispose, GraphKeeping, GraphNode, GraphState, RowValue, ShapeGraph, ValueRef } from './types';

/** Where a value stands now; undefined where it is no more. */
export type Renumber = (ref: ValueRef) => ValueRef | undefined;

/** A value's new place, by the new places of nodes. */
export const renumbering =
  (places: ReadonlyMap<number, number>): Renumber =>
  (ref) => {
    const node = places.get(ref.node);
    return node === undefined ? undefined : { node, output: ref.output };
  };

/**
 * The graph with its nodes at `places`; what has none is left out with all that speaks of it. `added` are new nodes, which name values by their new
 * places and stand where `places` leaves room.
 */
export function renumbered(graph: ShapeGraph, places: ReadonlyMap<number, number>, added: readonly GraphNode[] = []): ShapeGraph {
  const renumber = renumbering(places);
  const counts = countsBefore(graph.nodes, places);
  const at = (count: number) => counts[count] ?? places.size + added.length;
  const moved = (ref: ValueRef): ValueRef => renumber(ref) ?? ref;
  const stays = graph.nodes.flatMap((node) => {
    const id = places.get(node.id);
    return id === undefined ? [] : [{ ...node, id, inputs: node.inputs.map(moved) }];
  });
  return {
    ...graph,
    nodes: added.length === 0 ? stays : [...stays, ...added].sort((a, b) => a.id - b.id),
    inputs: graph.inputs.map((input) => ({ ...input, ref: moved(input.ref) })),
    outputs: graph.outputs.map((output) => movedValue(output, renumber) ?? output),
    ...(graph.state ? { state: graph.state.map((one) => movedState(one, places)) } : {}),
    rows: graph.rows.flatMap((row) => {
      const value = movedValue(row.value, renumber);
      return value ? [{ ...row, value, step: at(row.step) }] : [];
    }),
    scopes: graph.scopes.map((scope) => ({ ...scope, from: at(scope.from), to: at(scope.to) })),
    disposals: graph.disposals.flatMap((disposal) => movedHold(disposal, renumber, at)),
    ...(graph.keeping ? { keeping: movedKeeping(graph.keeping, renumber, at) } : {}),
  };
}

function movedHold({ ref, step }: GraphDispose, renumber: Renumber, at: (count: number) => number): GraphDispose[] {
  const moved = renumber(ref);
  return moved ? [{ ref: moved, step: at(step) }] : [];
}

const movedKeeping = ({ start, letGo, kept, inPlace, checkpoints }: GraphKeeping, renumber: Renumber, at: (count: number) => number): GraphKeeping => ({
  start: at(start),
  letGo: letGo.flatMap((hold) => movedHold(hold, renumber, at)),
  kept: kept.flatMap((ref) => renumber(ref) ?? []),
  inPlace: inPlace.flatMap(({ result, into }) => {
    const [made, held] = [renumber(result), renumber(into)];
    return made && held ? [{ result: made, into: held }] : [];
  }),
  ...(checkpoints ? { checkpoints: checkpoints.map(({ given, ...more }) => ({ ...more, given: given.flatMap((ref) => renumber(ref) ?? []) })) } : {}),
});

/** What the forward does not use is part of the state all the same. */
function movedState({ node, ...state }: GraphState, places: ReadonlyMap<number, number>): GraphState {
  const id = node === undefined ? undefined : places.get(node);
  return id === undefined ? state : { ...state, node: id };
}

/** How many steps there are now before what was so many: all up to the last of them that is left. */
function countsBefore(nodes: readonly GraphNode[], places: ReadonlyMap<number, number>): number[] {
  const counts = [0];
  for (const node of nodes) {
    const place = places.get(node.id);
    counts.push(place === undefined ? (counts.at(-1) ?? 0) : place + 1);
  }
  return counts;
}

/** A row's value at its new place; undefined of a tensor that is no more. */
export function movedValue(value: RowValue, renumber: Renumber): RowValue | undefined {
  if (value.kind === 'tensor') {
    const ref = renumber(value.ref);
    return ref && { kind: 'tensor', ref };
  }
  if (value.kind === 'list') return { kind: 'list', items: value.items.flatMap((item) => movedValue(item, renumber) ?? []) };
  if (value.kind === 'dict')
    return {
      kind: 'dict',
      items: value.items.flatMap((item) => {
        const moved = movedValue(item.value, renumber);
        return moved ? [{ key: item.key, value: moved }] : [];
      }),
    };
  return value;
}
