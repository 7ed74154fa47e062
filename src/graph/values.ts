/** Short readers of a graph's values. */
import { constant, type Dim, isUnknown, multiply, product, UNKNOWN } from '../dim/index';
import { BYTES } from '../ops/dtypes';
import type { GraphNode, GraphType, RowValue, ShapeGraph, ValueRef } from './types';

/** A key for maps and sets of values. */
export const refKey = ({ node, output }: ValueRef): string => `${node}:${output}`;

/** All values that a node makes. */
export const refsOf = (node: GraphNode): readonly ValueRef[] => node.outputs.map((_, output) => ({ node: node.id, output }));

/** The type of a value. */
export function typeOf(graph: ShapeGraph, ref: ValueRef): GraphType | undefined {
  return graph.nodes[ref.node]?.outputs[ref.output];
}

/** The tensors in a row's value, in order. */
export function tensorsOf(value: RowValue): readonly ValueRef[] {
  if (value.kind === 'tensor') return [value.ref];
  if (value.kind === 'list') return value.items.flatMap(tensorsOf);
  if (value.kind === 'dict') return value.items.flatMap((item) => tensorsOf(item.value));
  return [];
}

/** The graph's results, flattened. */
export const outputRefs = (graph: ShapeGraph): readonly ValueRef[] => graph.outputs.flatMap(tensorsOf);

/** The first name that the source gives to each value, by key. */
export function namesOf(graph: ShapeGraph): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const row of graph.rows) {
    if (row.name === 'return') continue;
    for (const ref of tensorsOf(row.value)) if (!names.has(refKey(ref))) names.set(refKey(ref), row.name);
  }
  for (const input of graph.inputs) names.set(refKey(input.ref), input.name);
  return names;
}

/** The number of elements; unknown where a size is. */
export function elements(type: Pick<GraphType, 'shape'>): Dim {
  if (type.shape === null || type.shape.some(isUnknown)) return UNKNOWN;
  return product(type.shape);
}

/** Bytes of a tensor of the graph. */
export const bytesOf = (type: GraphType): Dim => multiply(elements(type), constant(BYTES[type.dtype]));

/** The nodes on which the values `from` depend, themselves included, as a set of ids. */
export function ancestors(graph: ShapeGraph, from: Iterable<ValueRef>): ReadonlySet<number> {
  const seen = new Set<number>();
  const waiting = [...from].map(({ node }) => node);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const input of graph.nodes[id]?.inputs ?? []) waiting.push(input.node);
  }
  return seen;
}
