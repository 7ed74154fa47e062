/** Where a size was born: the step back from which it is only handed on. */
import { asConstant } from '../../dim/index';
import type { GraphNode, ValueRef } from '../../graph/types';
import type { Span } from '../../program/types';

export interface Birth {
  readonly span: Span;
  readonly kind: 'input' | 'weight' | 'constant' | 'step';
  /** The API or operator that made it; of an input or a weight its name. */
  readonly api: string;
  /** What was made, and the axis of it that has the size. */
  readonly ref: ValueRef;
  readonly axis?: number;
  readonly size?: string;
}

const STEPS = 200;
const KINDS: { readonly [op: string]: Birth['kind'] } = { input: 'input', parameter: 'weight', constant: 'constant' };

/** Steps that only order what they are given: whole tensors are followed through them. */
const ORDERS = new Set(['transpose', 'reverse', 'identity', 'cast']);

/** Follows one axis's size back to the step that made it; without an axis, the step that made the tensor. */
export function bornAt(nodes: readonly GraphNode[], ref: ValueRef, axis: number | undefined): Birth | undefined {
  let at: ValueRef = ref;
  let place = axis;
  for (let step = 0; step < STEPS; step++) {
    const node = nodes[at.node];
    if (!node) return undefined;
    const size = place === undefined ? undefined : node.outputs[at.output]?.shape?.[place];
    const from = size
      ? handedOn(nodes, node, size.text, place ?? 0)
      : place === undefined && ORDERS.has(node.op)
        ? node.inputs[0] && { ref: node.inputs[0] }
        : undefined;
    if (!from) return birth(node, at, place, size?.text);
    at = from.ref;
    place = 'axis' in from ? from.axis : undefined;
  }
  return undefined;
}

function birth(node: GraphNode, ref: ValueRef, axis: number | undefined, size: string | undefined): Birth {
  const { name } = node.attributes;
  const kind = KINDS[node.op] ?? 'step';
  const api = (kind === 'input' || kind === 'weight') && typeof name === 'string' ? name : (node.api ?? node.op);
  return { span: node.span, kind, api, ref, ...(axis !== undefined && { axis }), ...(size !== undefined && { size }) };
}

/** The operand that has the same size: on the same axis from the end where it can be, else on any. */
function handedOn(nodes: readonly GraphNode[], node: GraphNode, text: string, axis: number): { ref: ValueRef; axis: number } | undefined {
  const rank = node.outputs[0]?.shape?.length ?? 0;
  let other: { ref: ValueRef; axis: number } | undefined;
  if (node.op === 'concat' && node.attributes.axis === axis) return joinedPart(nodes, node, axis);
  for (const ref of node.inputs) {
    const shape = nodes[ref.node]?.outputs[ref.output]?.shape;
    if (!shape) continue;
    const behind = axis - rank + shape.length;
    for (const candidate of [axis, behind]) if (shape[candidate]?.text === text) return { ref, axis: candidate };
    const anywhere = shape.findIndex((size) => size.text === text);
    if (anywhere >= 0) other ??= { ref, axis: anywhere };
  }
  return other;
}

/** Of parts that are joined the only one whose size is not written down: the sum goes wrong with it. */
function joinedPart(nodes: readonly GraphNode[], { inputs }: GraphNode, axis: number): { ref: ValueRef; axis: number } | undefined {
  const open = inputs.filter((ref) => {
    const size = nodes[ref.node]?.outputs[ref.output]?.shape?.[axis];
    return size !== undefined && asConstant(size) === undefined;
  });
  const [only] = open;
  return only && open.length === 1 ? { ref: only, axis } : undefined;
}
