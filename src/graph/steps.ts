/** Which steps of a graph are executed, and what stands in the way of one. */
import { findOperator } from '../ops/table';
import type { Operator, TensorType } from '../ops/operator';
import type { GraphNode, GraphType, ShapeGraph } from './types';
import { ancestors, outputRefs, tensorsOf } from './values';

/** Why a step cannot be executed; it stops everything that depends on it. */
export interface Obstacle {
  readonly node: GraphNode;
  readonly reason: string;
}

const OWN = new Set(['input', 'parameter', 'constant']);

function obstacle(node: GraphNode): string | undefined {
  if (node.op === 'join') return `which branch is taken is not decided${textOf(node, 'condition', ': ')}`;
  if (node.op === 'unknown') return `it is not known${textOf(node, 'reason', ', because ')}`;
  if (node.op === 'constant') return node.attributes.values === null || node.attributes.values === undefined ? 'its values are not known from the source' : undefined;
  return OWN.has(node.op) || findOperator(node.op) ? undefined : `there is no kernel for \`${node.op}\``;
}

function textOf(node: GraphNode, attribute: string, before: string): string {
  const value = node.attributes[attribute];
  return typeof value === 'string' ? before + value : '';
}

/** For each node that cannot be executed, the nearest obstacle on the way to it. */
export function obstacles(graph: ShapeGraph): ReadonlyMap<number, Obstacle> {
  const found = new Map<number, Obstacle>();
  for (const node of graph.nodes) {
    const reason = obstacle(node);
    const inherited = node.inputs.map((input) => found.get(input.node)).find((each) => each !== undefined);
    if (reason !== undefined) found.set(node.id, { node, reason });
    else if (inherited) found.set(node.id, inherited);
  }
  return found;
}

/** The nodes that the results need. */
export const neededNodes = (graph: ShapeGraph): ReadonlySet<number> => ancestors(graph, outputRefs(graph));

/** The nodes that the results or a name in the source need. */
export function wantedNodes(graph: ShapeGraph): ReadonlySet<number> {
  return ancestors(graph, [...outputRefs(graph), ...graph.rows.flatMap((row) => tensorsOf(row.value)), ...graph.inputs.map(({ ref }) => ref)]);
}

const known = (type: GraphType | undefined): TensorType | undefined => (type?.shape ? { shape: type.shape, dtype: type.dtype } : undefined);

/** The types of a node's operands, where the rank of each is known. */
export function operandTypes(graph: ShapeGraph, node: GraphNode): readonly TensorType[] | undefined {
  const types = node.inputs.map((input) => known(graph.nodes[input.node]?.outputs[input.output]));
  return types.every((type) => type !== undefined) ? (types as TensorType[]) : undefined;
}

/** Whether the node's outputs share its first operand's storage. */
export function isView(graph: ShapeGraph, node: GraphNode): boolean {
  if (node.op === 'join') return node.inputs.length > 0;
  const rule = storageRule(findOperator(node.op), graph);
  if (typeof rule !== 'function') return rule === 'view';
  const types = operandTypes(graph, node);
  return types !== undefined && rule(types, node.attributes) === 'view';
}

const storageRule = (operator: Operator | undefined, graph: ShapeGraph) => operator?.storage?.[graph.runtime] ?? 'copy';
