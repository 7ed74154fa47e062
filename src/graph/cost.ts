/** What a graph costs: parameters, multiply-accumulates, attention maps and the peak of memory, as formulas and at sizes. */
import { constant, type Dim, evaluate, format, isUnknown, multiply, ONE, parse, sum, UNKNOWN, ZERO } from '../dim/index';
import type { TensorType } from '../ops/operator';
import { findOperator } from '../ops/table';
import type { Span } from '../program/types';
import { type AttentionMap, attentionMaps } from './attention';
import { type Sizes, symbolNames } from './bind';
import { type Storage, storagesAsRun, storagesAsWritten } from './liveness';
import { type Bytes, inferencePeak, type Piece, trainingMemory } from './memory/figures';
import type { Lost } from './memory/steps';
import { peakAt } from './peak';
import { preferredSizes } from './preferences';
import { operandTypes, wantedNodes } from './steps';
import type { GraphNode, GraphType, ShapeGraph } from './types';
import { bytesOf, elements, namesOf, refKey, typeOf } from './values';

/** A formula in the one syntax (`?` where something in it is not known), and its value at sizes where there are any. */
export interface CostFigure {
  readonly formula: string;
  readonly value?: number;
  /** Why it is not known. */
  readonly unknown?: string;
}

/** A piece of memory, by the name of what it holds. */
export type PieceFigure = CostFigure & { readonly name: string; readonly span: Span };

/** A peak also says at which step it is, and what is alive there where that is followed. */
export type PeakFigure = CostFigure & { readonly span?: Span; readonly node?: number; readonly alive?: readonly PieceFigure[] };

/** What training holds. */
export interface TrainingCost {
  /** What is kept for backward, piece by piece. */
  readonly saved: CostFigure & { readonly items: readonly PieceFigure[] };
  /** The most that is alive in forward and backward. */
  readonly peak: CostFigure;
}

export interface MapFigure extends CostFigure {
  readonly map: AttentionMap;
  readonly name: string;
  readonly span: Span;
}

export interface GraphCost {
  readonly parameters: CostFigure;
  readonly buffers: CostFigure;
  readonly macs: CostFigure;
  /** Twice the multiply-accumulates. */
  readonly flops: CostFigure;
  readonly inputBytes: CostFigure;
  readonly attentionMaps: readonly MapFigure[];
  /** As the code has it: in tfjs each tensor lives until `dispose`, or to the end of the enclosing `tidy`; in Python until nothing holds it. */
  readonly peakAsWritten: PeakFigure;
  /** Each tensor is freed at its last use. */
  readonly peakAsRun: PeakFigure;
}

/** A size as a figure. */
export function figure(size: Dim, sizes: Sizes | undefined): CostFigure {
  const value = sizes === undefined || isUnknown(size) ? undefined : evaluate(size, sizes);
  return value === undefined ? { formula: format(size) } : { formula: format(size), value };
}

const TOO_LARGE = 'it is larger than can be counted exactly';

/** Why the elements of a value are not known; undefined where they are, or are too many. */
const reasonOf = ({ shape, unknown }: GraphType): string | undefined =>
  shape === null || shape.some(isUnknown) ? (unknown ?? 'a size is not known') : undefined;

/** A figure with the reason why it has no number: the first value of unknown size among those that it is made of, else that it is too large. */
function because(made: CostFigure, types: () => readonly (GraphType | undefined)[], sizes: Sizes | undefined): CostFigure {
  const isKnown = made.value !== undefined || (sizes === undefined && made.formula !== format(UNKNOWN));
  if (isKnown) return made;
  const reason = types().flatMap((type) => (type ? (reasonOf(type) ?? []) : []))[0];
  return { ...made, unknown: reason ?? TOO_LARGE };
}

const total = (sizes: readonly Dim[]): Dim => (sizes.length === 0 ? ZERO : sum(sizes));

/** What a module keeps: its weights, or else its buffers, which it does not train. A checkpoint's entries say which are which, and are buffers whatever made them. */
function keptTypes(graph: ShapeGraph, buffers: boolean): readonly { readonly type: GraphType; readonly times: Dim }[] {
  const known = new Map((graph.state ?? []).flatMap(({ node, trainable }) => (node === undefined ? [] : [[node, !trainable] as const])));
  const isBuffer = ({ id, attributes }: GraphNode): boolean => known.get(id) ?? attributes.trainable === false;
  const nodes = graph.nodes.filter((node) => node.op === 'parameter' && isBuffer(node) === buffers);
  const made = new Map(
    (graph.state ?? []).flatMap(({ name, node, type, trainable }) =>
      graph.nodes[node ?? -1]?.op === 'parameter' || !trainable !== buffers ? [] : [[node ?? name, type]],
    ),
  );
  return [
    ...nodes.flatMap((node) => node.outputs.map((type) => ({ type, times: timesOf(node) }))),
    ...[...made.values()].map((type) => ({ type, times: ONE })),
  ];
}

const keptCount = (graph: ShapeGraph, buffers: boolean): Dim => total(keptTypes(graph, buffers).map(({ type, times }) => multiply(elements(type), times)));

/** Multiply-accumulates of one step; unknown where its operands are. */
export function macsOf(graph: ShapeGraph, node: GraphNode): Dim {
  const rule = findOperator(node.op)?.macs;
  if (rule === undefined) return ZERO;
  const inputs = operandTypes(graph, node);
  const outputs = node.outputs.flatMap((type): readonly TensorType[] => (type.shape ? [{ shape: type.shape, dtype: type.dtype }] : []));
  return inputs && outputs.length === node.outputs.length ? multiply(rule(inputs, outputs, node.attributes), timesOf(node)) : UNKNOWN;
}

/** How often a step runs: one stands for all turns of a loop over a symbolic count. */
const timesOf = ({ times }: GraphNode): Dim => (times === undefined ? ONE : (parse(times) ?? UNKNOWN));

function mapFigure(graph: ShapeGraph, map: AttentionMap, names: ReadonlyMap<string, string>, sizes: Sizes | undefined): readonly MapFigure[] {
  const [node, type] = [graph.nodes[map.ref.node], typeOf(graph, map.ref)];
  if (!node || !type) return [];
  // Attention in one step holds no map.
  if (map.kind === 'fused') return [{ ...figure(ZERO, sizes), map, name: node.api ?? node.op, span: node.span }];
  return [{ ...because(figure(bytesOf(type), sizes), () => [type], sizes), map, name: names.get(refKey(map.ref)) ?? node.api ?? node.op, span: node.span }];
}

/** Without sizes the step is picked at familiar ones, for its formula alone. */
function familiar(graph: ShapeGraph): Sizes {
  const symbols = new Map(graph.symbols.map((symbol) => [symbol.name, symbol]));
  return Object.fromEntries(symbolNames(graph).map((name) => [name, preferredSizes(symbols.get(name) ?? { name, role: 'data' })[0] ?? 1]));
}

function peakFigure(graph: ShapeGraph, storages: readonly Storage[], sizes: Sizes | undefined): PeakFigure {
  const peak = peakAt(storages, graph.nodes.length, sizes ?? familiar(graph));
  const node = peak && graph.nodes[peak.node];
  const made = because(figure(peak ? peak.bytes : UNKNOWN, sizes), () => storages.map(({ owner }) => typeOf(graph, owner)), sizes);
  return node ? { ...made, span: node.span, node: node.id } : made;
}

const told = ({ formula, value }: Bytes, sizes: Sizes | undefined): CostFigure => ({ formula: format(formula), ...(sizes ? { value } : {}) });

/** The peak of torch's memory; without sizes at familiar ones, for its formula alone. */
function torchPeak(graph: ShapeGraph, names: ReadonlyMap<string, string>, sizes: Sizes | undefined): PeakFigure {
  const peak = inferencePeak(graph, sizes ?? familiar(graph));
  if ('unknown' in peak) return lost(peak);
  const alive = peak.alive.map((item) => pieceFigure(graph, item, names, sizes));
  return { ...told(peak, sizes), span: graph.nodes[peak.node]?.span ?? graph.span, node: peak.node, alive };
}

/** What training holds of a module of torch's; tfjs's rules are not known. `training`: the mode of dropout and norms. */
export function trainingCostOf(graph: ShapeGraph, sizes: Sizes | undefined, training: boolean): TrainingCost | undefined {
  if (graph.runtime !== 'torch') return undefined;
  const memory = trainingMemory(graph, sizes ?? familiar(graph), training);
  if ('unknown' in memory) return { saved: { ...lost(memory), items: [] }, peak: lost(memory) };
  const names = namesOf(graph);
  const items = memory.saved.items.map((item) => pieceFigure(graph, item, names, sizes));
  return { saved: { ...told(memory.saved, sizes), items }, peak: 'unknown' in memory.peak ? lost(memory.peak) : told(memory.peak, sizes) };
}

const lost = ({ unknown }: Lost): CostFigure => ({ formula: format(UNKNOWN), unknown });

/** By what the code calls it, or a view of it; else by the step that makes it. */
function pieceFigure(graph: ShapeGraph, { bytes, size, name, node, values }: Piece, names: ReadonlyMap<string, string>, sizes: Sizes | undefined): PieceFigure {
  const made = graph.nodes[node];
  const called = name ?? values.map((key) => names.get(key)).find((one) => one !== undefined) ?? made?.api ?? made?.op ?? '';
  return { formula: format(bytes), ...(sizes ? { value: size } : {}), name: called, span: made?.span ?? graph.span };
}

/** The costs of a graph; values are given where `sizes` are. */
export function costOf(graph: ShapeGraph, sizes?: Sizes): GraphCost {
  const names = namesOf(graph);
  const macs = total(graph.nodes.map((node) => macsOf(graph, node)));
  const inputs = graph.inputs.flatMap(({ ref }) => typeOf(graph, ref) ?? []);
  const weights = (buffers: boolean) => () => keptTypes(graph, buffers).map(({ type }) => type);
  const multiplied = () =>
    graph.nodes.filter((node) => isUnknown(macsOf(graph, node))).flatMap((node) => [...node.inputs.map((ref) => typeOf(graph, ref)), ...node.outputs]);
  return {
    parameters: because(figure(keptCount(graph, false), sizes), weights(false), sizes),
    buffers: because(figure(keptCount(graph, true), sizes), weights(true), sizes),
    macs: because(figure(macs, sizes), multiplied, sizes),
    flops: because(figure(multiply(constant(2), macs), sizes), multiplied, sizes),
    inputBytes: because(figure(total(inputs.map(bytesOf)), sizes), () => inputs, sizes),
    attentionMaps: attentionMaps(graph).flatMap((map) => mapFigure(graph, map, names, sizes)),
    peakAsWritten: graph.runtime === 'torch' ? torchPeak(graph, names, sizes) : peakFigure(graph, storagesAsWritten(graph), sizes),
    peakAsRun: peakFigure(graph, storagesAsRun(graph, wantedNodes(graph)), sizes),
  };
}
