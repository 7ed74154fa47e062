/** What attention is made of: the queries and keys whose product gives its scores, and the values that its map weights. */
import type { Dim } from '../dim/index';
import type { AttentionMap } from './attention';
import type { GraphNode, ShapeGraph, ValueRef } from './types';
import { ancestors, refKey, typeOf } from './values';

/** A product whose result is scores: which of the two are the queries, the graph's structure alone does not say. */
export interface ScoreProduct {
  readonly sides: readonly [ValueRef, ValueRef];
  /** The size that the product sums over. */
  readonly depth?: Dim;
}

export interface AttentionOperands {
  readonly scores: readonly ScoreProduct[];
  readonly values: readonly ValueRef[];
  /** How many keys a query is weighed against. */
  readonly keys: Dim;
  /** The size of what comes out for one query and head. */
  readonly width?: Dim;
}

const PRODUCTS = new Set(['matmul', 'einsum', 'dot']);

/** What scores go through on their way to the normalised map. */
const ON_THE_WAY = new Set([
  ...['add', 'sub', 'mul', 'div', 'where', 'maximum', 'minimum', 'clip', 'exp', 'tanh', 'cast', 'identity', 'dropout', 'nanToNumber'],
  ...['reshape', 'rearrange', 'transpose', 'expandDims', 'squeeze', 'slice', 'stridedSlice', 'split', 'concat', 'pad', 'join', 'bandPart'],
  ...['maskUpdate', 'indexPut', 'sliceUpdate'],
]);

/** The operands of an attention map; undefined where its values are not contracted with it. */
export function operandsOf(graph: ShapeGraph, map: AttentionMap): AttentionOperands | undefined {
  const consumer = graph.nodes[map.consumer];
  if (!consumer) return undefined;
  if (map.kind === 'fused') return fused(graph, consumer);
  if (map.kind !== 'normalised' || !PRODUCTS.has(consumer.op)) return undefined;
  const keys = normalisedSize(graph, map.ref);
  const values = consumer.inputs.filter((input) => !ancestors(graph, [input]).has(map.ref.node));
  const width = values[0] && depthOf(graph, consumer, values[0], keys);
  return keys && { scores: products(graph, graph.nodes[map.ref.node]?.inputs ?? []), values, keys, ...(width ? { width } : {}) };
}

function fused(graph: ShapeGraph, { inputs: [query, key, value] }: GraphNode): AttentionOperands | undefined {
  const keys = key && typeOf(graph, key)?.shape?.at(-2);
  const [depth, width] = [query && typeOf(graph, query)?.shape?.at(-1), value && typeOf(graph, value)?.shape?.at(-1)];
  if (!query || !key || !value || !keys) return undefined;
  return { scores: [{ sides: [query, key], ...(depth ? { depth } : {}) }], values: [value], keys, ...(width ? { width } : {}) };
}

function normalisedSize(graph: ShapeGraph, ref: ValueRef): Dim | undefined {
  const axis = graph.nodes[ref.node]?.attributes.axis;
  return typeOf(graph, ref)?.shape?.at(typeof axis === 'number' ? axis : -1);
}

/** The products that scores are made of. */
function products(graph: ShapeGraph, from: readonly ValueRef[]): readonly ScoreProduct[] {
  const found: ScoreProduct[] = [];
  const seen = new Set<number>();
  const waiting = [...from];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    const node = graph.nodes[ref.node];
    if (!node || seen.has(node.id)) continue;
    seen.add(node.id);
    const [left, right, ...more] = node.inputs;
    if (PRODUCTS.has(node.op) && left && right && more.length === 0) {
      const depth = depthOf(graph, node, left);
      found.push({ sides: [left, right], ...(depth ? { depth } : {}) });
    } else if (ON_THE_WAY.has(node.op)) waiting.push(...node.inputs);
  }
  return found;
}

const equationOf = ({ attributes }: GraphNode): readonly [readonly string[], string] | undefined => {
  const [inputs, output] = typeof attributes.equation === 'string' ? attributes.equation.replaceAll(' ', '').split('->') : [];
  return inputs === undefined || output === undefined ? undefined : [inputs.split(','), output];
};

/** The size of an operand that a product sums over; with `keys` the last of its sizes that it keeps instead. */
function depthOf(graph: ShapeGraph, node: GraphNode, operand: ValueRef, keys?: Dim): Dim | undefined {
  const shape = typeOf(graph, operand)?.shape;
  const side = node.inputs.findIndex((input) => refKey(input) === refKey(operand));
  if (!shape) return undefined;
  if (node.op === 'einsum') {
    const [operands, output] = equationOf(node) ?? [];
    const letters = [...(operands?.[side] ?? '')];
    const others = [...(operands?.[1 - side] ?? '')];
    if (output === undefined || letters.length !== shape.length) return undefined;
    return shape[
      letters.findLastIndex((letter) => (keys ? output.includes(letter) && !others.includes(letter) : !output.includes(letter) && others.includes(letter)))
    ];
  }
  const transposed = node.attributes[side === 0 ? 'transposeA' : 'transposeB'] === true;
  return shape.at((side === 0) === (transposed !== Boolean(keys)) ? -2 : -1);
}
