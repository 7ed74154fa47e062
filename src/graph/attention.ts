/**
 * Attention, found by structure and never by names: a normalised map (a softmax, or exponentials divided by their sum) that values are
 * multiplied or contracted with, or a gate (a sigmoid) that weights values over an axis.
 */
import { asConstant, isUnknown, same } from '../dim/index';
import type { GraphNode, ShapeGraph, ValueRef } from './types';
import { ancestors, refKey, refsOf, typeOf } from './values';

/** A map, and the step that weights values with it. */
export interface AttentionMap {
  readonly ref: ValueRef;
  /** `fused`: one step that weights the values itself and keeps no map; `ref` is what it gives. */
  readonly kind: 'normalised' | 'gate' | 'fused';
  readonly consumer: number;
}

/** Attention in one step. */
const FUSED = new Set(['scaledDotProductAttention']);

const NORMALISED = new Set(['softmax']);
const GATES = new Set(['sigmoid', 'hardSigmoid']);
const CONTRACTIONS = new Set(['matmul', 'einsum', 'dot', 'linear']);
/** What a map passes through and stays one: moved, cut, resized, masked, rescaled. */
const CARRIERS = new Set([
  'reshape',
  'expandDims',
  'squeeze',
  'transpose',
  'dropout',
  'cast',
  'identity',
  'slice',
  'stridedSlice',
  'split',
  'unstack',
  'concat',
  'stack',
  'tile',
  'repeat',
  'broadcastTo',
  'pad',
  'where',
  'clip',
  'gather',
  'reverse',
  'roll',
  'resize',
  'upsample',
  'bandPart',
  'join',
  'rearrange',
  'index',
  'gatherElements',
  'indexPut',
  'sliceUpdate',
  'maskUpdate',
  'nanToNumber',
  'unfold',
  'unfoldAxis',
  'pixelShuffle',
]);
/** What keeps a sum from being 0. */
const GUARDS = new Set(['add', 'maximum']);
const POOLS = new Set(['mean', 'max', 'sum', 'avgPool', 'maxPool', 'adaptiveAvgPool', 'adaptiveMaxPool', 'variance', 'std', 'norm']);

interface Reader {
  readonly graph: ShapeGraph;
  readonly users: ReadonlyMap<string, readonly GraphNode[]>;
  /** Nodes that depend on the module's inputs. */
  readonly data: ReadonlySet<number>;
}

function readerOf(graph: ShapeGraph): Reader {
  const users = new Map<string, GraphNode[]>();
  const data = new Set<number>();
  for (const node of graph.nodes) {
    if (node.op === 'input' || node.inputs.some((input) => data.has(input.node))) data.add(node.id);
    for (const input of node.inputs) users.set(refKey(input), [...(users.get(refKey(input)) ?? []), node]);
  }
  return { graph, users, data };
}

/** `exp(x) / sum(exp(x))`, written by hand. */
function isHandmadeSoftmax({ graph }: Reader, node: GraphNode): boolean {
  const [over, under] = node.inputs;
  if (node.op !== 'div' || over === undefined || under === undefined || graph.nodes[over.node]?.op !== 'exp') return false;
  const isSumOf = (ref: ValueRef, depth: number): boolean => {
    const divisor = graph.nodes[ref.node];
    if (divisor === undefined || depth === 0) return false;
    if (divisor.op === 'sum') return divisor.inputs[0] !== undefined && refKey(divisor.inputs[0]) === refKey(over);
    return (CARRIERS.has(divisor.op) || GUARDS.has(divisor.op)) && divisor.inputs.some((input) => isSumOf(input, depth - 1));
  };
  return isSumOf(under, 4);
}

/** How a map is known before its consumer is. */
type Made = 'normalised' | 'gate';

function kindOf(reader: Reader, node: GraphNode): Made | undefined {
  if (!reader.data.has(node.id)) return undefined;
  if (NORMALISED.has(node.op) || isHandmadeSoftmax(reader, node)) return 'normalised';
  return GATES.has(node.op) ? 'gate' : undefined;
}

/** An axis of the map is 1 where the values' is not, or the map has fewer axes: one weight for many values. */
function isSpread(graph: ShapeGraph, map: ValueRef, values: ValueRef): boolean {
  const [weights, weighted] = [typeOf(graph, map)?.shape, typeOf(graph, values)?.shape];
  if (!weights || !weighted) return false;
  if (weights.length < weighted.length) return true;
  const offset = weights.length - weighted.length;
  return weighted.some((size, axis) => asConstant(size) !== 1 && !isUnknown(size) && asConstant(weights[axis + offset] ?? size) === 1);
}

const sameShape = (graph: ShapeGraph, left: ValueRef, right: ValueRef): boolean => {
  const [a, b] = [typeOf(graph, left)?.shape, typeOf(graph, right)?.shape];
  return Boolean(a && b && a.length === b.length && a.every((size, axis) => same(size, b[axis] ?? size)));
};

/** A gate of the values' own shape is attention where it looks beyond the place that it weights: a pool stands on the way to it. */
function looksAround({ graph }: Reader, map: ValueRef): boolean {
  return [...ancestors(graph, [map])].some((id) => POOLS.has(graph.nodes[id]?.op ?? ''));
}

/** A map on its way from the step that makes it. */
interface Carried {
  readonly origin: ValueRef;
  readonly kind: Made;
  readonly ref: ValueRef;
  /** It has been repeated: one weight for many values. */
  readonly repeated: boolean;
}

const REPEATERS = new Set(['tile', 'repeat', 'broadcastTo']);

const others = (node: GraphNode, map: Carried): readonly ValueRef[] => node.inputs.filter((input) => refKey(input) !== refKey(map.ref));

/** Whether these are the map's own offspring, or the very tensor that a gate was made of (`x * sigmoid(x)`). */
function isOwn({ graph }: Reader, { origin }: Carried, values: ValueRef): boolean {
  if (ancestors(graph, [values]).has(origin.node)) return true;
  return graph.nodes[origin.node]?.inputs.some((input) => refKey(input) === refKey(values)) ?? false;
}

/** Whether multiplying the map with `values` weights them. */
function weights(reader: Reader, map: Carried, values: ValueRef): boolean {
  if (!reader.data.has(values.node) || isOwn(reader, map, values)) return false;
  if (map.kind === 'normalised' || map.repeated || isSpread(reader.graph, map.ref, values)) return true;
  return sameShape(reader.graph, map.ref, values) && looksAround(reader, map.origin);
}

/** A convolution with a window of one place contracts channels, as a linear step does. */
function contracts(graph: ShapeGraph, { op, inputs, attributes }: GraphNode, map: Carried): boolean {
  if (CONTRACTIONS.has(op)) return true;
  const [x, filter] = inputs;
  const shape = filter && typeOf(graph, filter)?.shape;
  if (op !== 'conv' || !x || !shape || refKey(x) !== refKey(map.ref)) return false;
  return (attributes.filterFormat === 'OIHW' ? shape.slice(2) : shape.slice(0, -2)).every((size) => asConstant(size) === 1);
}

/** Whether these come of the map itself. */
const isOffspring = ({ graph }: Reader, { origin }: Carried, values: ValueRef): boolean => ancestors(graph, [values]).has(origin.node);

function isConsumer(reader: Reader, node: GraphNode, map: Carried): boolean {
  if (contracts(reader.graph, node, map)) return map.kind === 'normalised' && others(node, map).some((values) => !isOffspring(reader, map, values));
  return node.op === 'mul' && others(node, map).some((values) => weights(reader, map, values));
}

/** A map stays one through arithmetic with what is no data (a scale, `1 + map`); a normalised one also when maps are added, or divided by their sum. */
function carries(reader: Reader, node: GraphNode, map: Carried): boolean {
  const alone = others(node, map).every((other) => !reader.data.has(other.node));
  // Its own powers and multiples on the way to an inverse.
  const own = map.kind === 'normalised' && others(node, map).every((other) => isOffspring(reader, map, other));
  if (node.op === 'mul' || node.op === 'matmul') return (node.op === 'mul' && alone) || own;
  if (node.op === 'add' || node.op === 'sub') return alone || map.kind === 'normalised';
  if (node.op === 'div') return node.inputs[0] !== undefined && refKey(node.inputs[0]) === refKey(map.ref);
  return CARRIERS.has(node.op);
}

/** The first step that weights values with the map, through what only carries it. */
function consumerOf(reader: Reader, origin: ValueRef, kind: Made): number | undefined {
  const seen = new Set<string>();
  const waiting: Carried[] = [{ origin, kind, ref: origin, repeated: false }];
  for (let map = waiting.shift(); map !== undefined; map = waiting.shift()) {
    for (const node of reader.users.get(refKey(map.ref)) ?? []) {
      if (isConsumer(reader, node, map)) return node.id;
      if (!carries(reader, node, map)) continue;
      for (const ref of refsOf(node).filter((each) => !seen.has(refKey(each)))) {
        seen.add(refKey(ref));
        waiting.push({ ...map, ref, repeated: map.repeated || REPEATERS.has(node.op) });
      }
    }
  }
  return undefined;
}

/** The attention maps of a graph, in order. */
export function attentionMaps(graph: ShapeGraph): readonly AttentionMap[] {
  const reader = readerOf(graph);
  return graph.nodes.flatMap((node): readonly AttentionMap[] => {
    const kind = kindOf(reader, node);
    const ref = { node: node.id, output: 0 };
    if (FUSED.has(node.op) && reader.data.has(node.id)) return [{ ref, kind: 'fused', consumer: node.id }];
    const consumer = kind && consumerOf(reader, ref, kind);
    return kind && consumer !== undefined ? [{ ref, kind, consumer }] : [];
  });
}
