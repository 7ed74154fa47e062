/** Tensors that outlive a module's call: given back, held by its fields, or written into memory that was there before it. */
import type { Attribute } from '../ops/operator';
import type { GraphNode, ShapeGraph, ValueRef } from './types';
import { ancestors, outputRefs, refKey } from './values';

/** A tensor with places for tokens that outlives the call. */
export interface Found extends Part {
  /** `grown`: what was given, made longer; `written`: memory, a part of it written; `made`: new. */
  readonly way: 'grown' | 'written' | 'made';
  readonly ref: ValueRef;
  /** What of it is kept: a part of what grew. */
  readonly kept: ValueRef;
  /** What the call adds. */
  readonly added: ValueRef;
  /** The axis that it grows along. */
  readonly axis?: number;
}

/** What is read of a tensor. */
interface Part {
  readonly read: ValueRef;
  /** Which of the tensor's axes those of what is read are. */
  readonly axes: readonly number[];
  /** The tensor's axes of which a part is written or read. */
  readonly sliced: readonly number[];
  /** Tells it from other parts: where it stands along axes of which it is one place. */
  readonly id: string;
}

/** What is known of a graph's ends. */
export interface Keeping {
  readonly graph: ShapeGraph;
  /** By key, what is given back or held: itself or a part of it (`whole: false`). */
  readonly ends: ReadonlyMap<string, { readonly kept: ValueRef; readonly whole: boolean }>;
  /** Nodes on which something with weights stands. */
  readonly weighted: ReadonlySet<number>;
  readonly inputs: ReadonlySet<number>;
}

const MOVES = new Set(['reshape', 'rearrange', 'transpose', 'expandDims', 'squeeze', 'cast', 'identity', 'dropout', 'join']);
const PARTS = new Set(['slice', 'stridedSlice', 'split', 'unstack', 'gather', 'index']);
const REPEATS = new Set(['tile', 'repeat', 'broadcastTo']);
/** What may be worked into keys and values after they are kept: their places, a projection from what is narrower. */
const WORKED = new Set(['mul', 'add', 'sub', 'neg', 'div', 'concat', 'stack', 'linear', 'layerNorm', 'rmsNorm', 'where']);
/** Operators that write into their first operand, with the operand that is written. */
const WRITES: ReadonlyMap<string, number> = new Map([
  ['sliceUpdate', 1],
  ['indexPut', 1],
  ['scatterElements', 2],
]);

/** Finds what outlives the call. */
export function keepingOf(graph: ShapeGraph): Keeping {
  const weighted = new Set<number>();
  for (const node of graph.nodes) if (isWeight(node) || node.inputs.some((input) => weighted.has(input.node))) weighted.add(node.id);
  return { graph, ends: endsOf(graph), weighted, inputs: new Set(graph.inputs.map(({ ref }) => ref.node)) };
}

const isWeight = ({ op, attributes }: GraphNode): boolean => op === 'parameter' && attributes.trainable !== false && attributes.frozen !== true;

/** From what is given back or held on to what it is a view, a cast, a part or one of several of. */
function endsOf(graph: ShapeGraph): Keeping['ends'] {
  const ends = new Map<string, { readonly kept: ValueRef; readonly whole: boolean }>();
  const roots = [...outputRefs(graph), ...(graph.keeping?.kept ?? [])];
  const waiting = roots.map((ref) => ({ ref, kept: ref, whole: true }));
  for (let end = waiting.pop(); end !== undefined; end = waiting.pop()) {
    const before = ends.get(refKey(end.ref));
    if (before && (before.whole || !end.whole)) continue;
    ends.set(refKey(end.ref), end);
    const node = graph.nodes[end.ref.node];
    if (!node) continue;
    const { kept, whole } = end;
    if (MOVES.has(node.op)) waiting.push(...node.inputs.map((ref) => ({ ref, kept, whole })));
    else if (PARTS.has(node.op)) waiting.push(...node.inputs.slice(0, 1).map((ref) => ({ ref, kept, whole: false })));
    else if (node.op === 'stack' || node.op === 'concat') waiting.push(...node.inputs.map((ref) => ({ ref, kept: ref, whole })));
  }
  return ends;
}

/** The kept tensors that a key or value operand comes of. */
export function cachesOf(keeping: Keeping, operand: ValueRef): readonly Found[] {
  const grown = search(keeping, operand, (ref, path) => grownAt(keeping, ref, path), true);
  return grown.length > 0 ? grown : search(keeping, operand, (ref) => madeAt(keeping, ref), false);
}

/** The nearest values on the way back from an operand of which something is found; `path` leads from there to the operand. */
function search({ graph }: Keeping, from: ValueRef, at: (ref: ValueRef, path: readonly ValueRef[]) => Found | undefined, worked: boolean): readonly Found[] {
  const found: Found[] = [];
  const seen = new Set<string>();
  const waiting = [{ ref: from, path: [] as readonly ValueRef[] }];
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const { ref, path } = step;
    const node = graph.nodes[ref.node];
    if (!node || seen.has(refKey(ref))) continue;
    seen.add(refKey(ref));
    const one = at(ref, path);
    if (one) found.push(one);
    else if (MOVES.has(node.op) || REPEATS.has(node.op) || PARTS.has(node.op) || (worked && WORKED.has(node.op)))
      waiting.push(...node.inputs.map((input) => ({ ref: input, path: [ref, ...path] })));
  }
  return found;
}

/** What is made longer or written at a value, where that outlives the call. */
function grownAt(keeping: Keeping, ref: ValueRef, path: readonly ValueRef[]): Found | undefined {
  const node = keeping.graph.nodes[ref.node];
  if (node?.op === 'concat') return joinedAt(keeping, node, ref, path);
  const [base, added] = [node?.inputs[0], node && writtenBy(keeping, node)];
  if (!node || !base || !added || !isGiven(keeping, base)) return undefined;
  const isHeld = keeping.graph.keeping?.inPlace.some(({ result }) => refKey(result) === refKey(ref)) || keeping.ends.has(refKey(ref));
  if (!isHeld || !keeping.weighted.has(added.node)) return undefined;
  const part = partRead(keeping.graph, ref, path);
  return { ...part, way: 'written', ref, kept: ref, added, sliced: [...part.sliced, ...slicedAxes(node)] };
}

/** What a step writes into memory; through views of it that are written themselves. */
function writtenBy(keeping: Keeping, node: GraphNode): ValueRef | undefined {
  const added = node.inputs[WRITES.get(node.op) ?? -1];
  const inner = added && keeping.graph.nodes[added.node];
  const [base] = inner?.inputs ?? [];
  return inner && base && WRITES.has(inner.op) && isGiven(keeping, base) ? writtenBy(keeping, inner) : added;
}

/** What was given before, joined with what is made of other inputs. */
function joinedAt(keeping: Keeping, node: GraphNode, ref: ValueRef, path: readonly ValueRef[]): Found | undefined {
  const end = keeping.ends.get(refKey(ref));
  const [past, added, ...more] = [...node.inputs].sort((a, b) => Number(isGiven(keeping, b)) - Number(isGiven(keeping, a)));
  if (!end || !past || !added || more.length > 0 || !isGiven(keeping, past) || !keeping.weighted.has(added.node)) return undefined;
  // What goes out with what was made of it is no memory of tokens: features of a dense block.
  const origins = new Set([...ancestors(keeping.graph, [past])].filter((id) => keeping.inputs.has(id)));
  if ([...ancestors(keeping.graph, [added])].some((id) => origins.has(id))) return undefined;
  const rank = node.outputs[0]?.shape?.length ?? 0;
  const axis = typeof node.attributes.axis === 'number' ? node.attributes.axis : 0;
  return { ...partRead(keeping.graph, ref, path), way: 'grown', ref, kept: end.kept, added, axis: axis < 0 ? axis + rank : axis };
}

/** Whether it is an input, or memory of the module's that is not trained, or a view or part of one. */
function isGiven(keeping: Keeping, ref: ValueRef): boolean {
  const node = keeping.graph.nodes[ref.node];
  if (!node || isWeight(node)) return false;
  if (keeping.inputs.has(node.id) || node.op === 'parameter') return true;
  const [base] = node.inputs;
  if (base && (MOVES.has(node.op) || PARTS.has(node.op) || WRITES.has(node.op))) return node.inputs.every((input, at) => at > 0 || isGiven(keeping, input));
  return node.id < (keeping.graph.keeping?.start ?? 0) && !keeping.weighted.has(node.id);
}

/** A tensor of this call's own that is given back or held as it is. */
function madeAt(keeping: Keeping, ref: ValueRef): Found | undefined {
  const end = keeping.ends.get(refKey(ref));
  if (!end?.whole || !keeping.weighted.has(ref.node) || keeping.graph.nodes[ref.node]?.op === 'parameter') return undefined;
  return { ...partRead(keeping.graph, ref, []), way: 'made', ref, kept: end.kept, added: ref };
}

/** The part of a kept tensor that is read: through the slices that stand right behind it. */
function partRead(graph: ShapeGraph, ref: ValueRef, path: readonly ValueRef[]): Part {
  const rank = graph.nodes[ref.node]?.outputs[ref.output]?.shape?.length ?? 0;
  let part: Part = { read: ref, axes: Array.from({ length: rank }, (_, at) => at), sliced: [], id: refKey(ref) };
  for (const next of path) {
    const node = graph.nodes[next.node];
    const places = node && placesOf(node, next);
    if (!node || !places) break;
    const kept = part.axes.filter((_, at) => !places.has(at));
    const sliced = slicedAxes(node).flatMap((at) => part.axes[at] ?? []);
    part = {
      read: next,
      axes: kept,
      sliced: [...part.sliced, ...sliced],
      id: [part.id, ...[...places].map(([at, place]) => `${part.axes[at]}=${place}`)].join(' '),
    };
  }
  return part;
}

const isPlainSlice = ({ op, attributes: { newAxes, ellipsis } }: GraphNode): boolean =>
  op === 'slice' || ((op === 'stridedSlice' || op === 'sliceUpdate') && ellipsis === undefined && listOf(newAxes).length === 0);

const listOf = (attribute: Attribute | undefined): readonly Attribute[] => (Array.isArray(attribute) ? attribute : []);

/** The axes that a step takes one place of, with the place; undefined where it is no slice. */
function placesOf(node: GraphNode, { output }: ValueRef): ReadonlyMap<number, string> | undefined {
  const { axis, begin, shrinkAxes } = node.attributes;
  if (node.op === 'unstack') return typeof axis === 'number' && axis >= 0 ? new Map([[axis, String(output)]]) : undefined;
  if (!isPlainSlice(node)) return undefined;
  return new Map(listOf(shrinkAxes).flatMap((at) => (typeof at === 'number' ? [[at, JSON.stringify(listOf(begin)[at])] as const] : [])));
}

/** The axes that a slice begins or ends within. */
function slicedAxes(node: GraphNode): readonly number[] {
  if (!isPlainSlice(node)) return [];
  const [begin, end] = [listOf(node.attributes.begin), listOf(node.attributes.end)];
  return Array.from({ length: Math.max(begin.length, end.length) }, (_, at) => at).filter((at) => (begin[at] ?? end[at] ?? null) !== null);
}
