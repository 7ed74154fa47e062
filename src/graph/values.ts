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

/** Every tensor in a value, under the name that it has there: `parts`, `parts[0]`, `parts.query`. */
function* namedTensors(name: string, value: RowValue): Generator<readonly [ref: ValueRef, name: string]> {
  if (value.kind === 'tensor') yield [value.ref, name];
  else if (value.kind === 'list') for (const [at, item] of value.items.entries()) yield* namedTensors(`${name}[${at}]`, item);
  else if (value.kind === 'dict') for (const item of value.items) yield* namedTensors(`${name}.${item.key}`, item.value);
}

/** The first name that the source gives to each value, by key: its own before its place in a list. */
export function namesOf(graph: ShapeGraph): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const rows = graph.rows.filter(({ name }) => name !== 'return');
  for (const alone of [true, false])
    for (const { name, value } of rows)
      if ((value.kind === 'tensor') === alone) for (const [ref, its] of namedTensors(name, value)) if (!names.has(refKey(ref))) names.set(refKey(ref), its);
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
