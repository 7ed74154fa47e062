/** What a tensor was made from. */
import type { GraphNode, ValueRef } from '../../graph/types';

/** Whether the step of a tensor, or one that it was made from, passes; beyond steps that do not `follow` it is not looked for. */
export function someAncestor(
  nodes: readonly GraphNode[],
  ref: ValueRef,
  passes: (node: GraphNode) => boolean,
  follow: (node: GraphNode) => boolean = () => true,
): boolean {
  const seen = new Set<number>();
  const pending = [ref.node];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const node = seen.has(id) ? undefined : nodes[id];
    seen.add(id);
    if (!node || !follow(node)) continue;
    if (passes(node)) return true;
    for (const input of node.inputs) pending.push(input.node);
  }
  return false;
}
