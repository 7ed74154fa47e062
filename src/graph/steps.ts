/** Which steps of a graph are executed, and what stands in the way of one. */

import type { Operator, TensorType } from '../ops/operator';
import { findOperator } from '../ops/table';
import type { GraphNode, GraphType, ShapeGraph } from './types';
import { ancestors, outputRefs, tensorsOf } from './values';

/** Why a step cannot be executed; it stops everything that depends on it. */
export interface Obstacle {
  readonly node: GraphNode;
  /** A branch that is not decided, a step that is not known, a constant without values, an operator without a kernel. */
  readonly cause: 'join' | 'unknown' | 'constant' | 'operator';
  /** The branch's condition, the reason, or the operator, in the user's words. */
  readonly detail: string;
}

const OWN = new Set(['input', 'parameter', 'constant']);

function textOf(node: GraphNode, attribute: string): string {
  const value = node.attributes[attribute];
  return typeof value === 'string' ? value : '';
}

function obstacle(node: GraphNode): Obstacle | undefined {
  if (node.op === 'join') return { node, cause: 'join', detail: textOf(node, 'condition') };
  if (node.times !== undefined) return { node, cause: 'join', detail: `how often the loop runs, ${node.times}` };
  if (node.op === 'unknown') return { node, cause: 'unknown', detail: textOf(node, 'reason') };
  if (node.op === 'constant' && !node.attributes.values) return { node, cause: 'constant', detail: node.api ?? '' };
  return OWN.has(node.op) || findOperator(node.op) ? undefined : { node, cause: 'operator', detail: node.op };
}

/** For each node that cannot be executed, the nearest obstacle on the way to it. */
export function obstacles(graph: ShapeGraph): ReadonlyMap<number, Obstacle> {
  const found = new Map<number, Obstacle>();
  for (const node of graph.nodes) {
    const inherited = node.inputs.map((input) => found.get(input.node)).find((each) => each !== undefined);
    const nearest = obstacle(node) ?? inherited;
    if (nearest) found.set(node.id, nearest);
  }
  return found;
}

/** The nodes that the results need. */
export const neededNodes = (graph: ShapeGraph): ReadonlySet<number> => ancestors(graph, outputRefs(graph));

/** The nodes that the results or a name in the source need. */
export function wantedNodes(graph: ShapeGraph): ReadonlySet<number> {
  return ancestors(graph, [...outputRefs(graph), ...graph.rows.flatMap((row) => tensorsOf(row.value)), ...graph.inputs.map(({ ref }) => ref)]);
}

/** Whether a constant is a number of the language's own, which no tensor holds. */
export const isPlainNumber = ({ attributes }: GraphNode): boolean => attributes.plain === true;

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
