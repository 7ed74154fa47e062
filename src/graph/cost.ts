/** What a graph costs: parameters, multiply-accumulates, attention maps and the peak of memory, as formulas and at sizes. */
import { constant, type Dim, evaluate, format, isUnknown, multiply, ONE, parse, sum, UNKNOWN, ZERO } from '../dim/index';
import type { TensorType } from '../ops/operator';
import { findOperator } from '../ops/table';
import type { Span } from '../program/types';
import { type AttentionMap, attentionMaps } from './attention';
import { type Sizes, symbolNames } from './bind';
import { type Storage, storagesAsRun, storagesAsWritten } from './liveness';
import { peakAt } from './peak';
import { preferredSizes } from './preferences';
import { operandTypes, wantedNodes } from './steps';
import type { GraphNode, ShapeGraph } from './types';
import { bytesOf, elements, namesOf, refKey, typeOf } from './values';

/** A formula in the one syntax (`?` where something in it is not known), and its value at sizes where there are any. */
export interface CostFigure {
  readonly formula: string;
  readonly value?: number;
}

/** A peak also says at which step it is. */
export type PeakFigure = CostFigure & { readonly span?: Span; readonly node?: number };

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
  /** Each tensor lives until `dispose`, or to the end of the enclosing `tidy`. */
  readonly peakAsWritten: PeakFigure;
  /** Each tensor is freed at its last use. */
  readonly peakAsRun: PeakFigure;
}

/** A size as a figure. */
export function figure(size: Dim, sizes: Sizes | undefined): CostFigure {
  const value = sizes === undefined || isUnknown(size) ? undefined : evaluate(size, sizes);
  return value === undefined ? { formula: format(size) } : { formula: format(size), value };
}

const total = (sizes: readonly Dim[]): Dim => (sizes.length === 0 ? ZERO : sum(sizes));

/** Buffers are what a module keeps and does not train. */
const isBuffer = (node: GraphNode): boolean => node.attributes.trainable === false;

function parameterCount(graph: ShapeGraph, buffers: boolean): Dim {
  const nodes = graph.nodes.filter((node) => node.op === 'parameter' && isBuffer(node) === buffers);
  return total(nodes.flatMap((node) => node.outputs.map((type) => multiply(elements(type), timesOf(node)))));
}

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
  return [{ ...figure(bytesOf(type), sizes), map, name: names.get(refKey(map.ref)) ?? node.api ?? node.op, span: node.span }];
}

/** Without sizes the step is picked at familiar ones, for its formula alone. */
function familiar(graph: ShapeGraph): Sizes {
  const symbols = new Map(graph.symbols.map((symbol) => [symbol.name, symbol]));
  return Object.fromEntries(symbolNames(graph).map((name) => [name, preferredSizes(symbols.get(name) ?? { name, role: 'data' })[0] ?? 1]));
}

function peakFigure(graph: ShapeGraph, storages: readonly Storage[], sizes: Sizes | undefined): PeakFigure {
  const peak = peakAt(storages, graph.nodes.length, sizes ?? familiar(graph));
  const node = peak && graph.nodes[peak.node];
  return peak && node ? { ...figure(peak.bytes, sizes), span: node.span, node: node.id } : figure(peak ? peak.bytes : UNKNOWN, sizes);
}

/** The costs of a graph; values are given where `sizes` are. */
export function costOf(graph: ShapeGraph, sizes?: Sizes): GraphCost {
  const names = namesOf(graph);
  const macs = total(graph.nodes.map((node) => macsOf(graph, node)));
  const inputs = graph.inputs.flatMap(({ ref }) => typeOf(graph, ref) ?? []);
  return {
    parameters: figure(parameterCount(graph, false), sizes),
    buffers: figure(parameterCount(graph, true), sizes),
    macs: figure(macs, sizes),
    flops: figure(multiply(constant(2), macs), sizes),
    inputBytes: figure(total(inputs.map(bytesOf)), sizes),
    attentionMaps: attentionMaps(graph).flatMap((map) => mapFigure(graph, map, names, sizes)),
    peakAsWritten: peakFigure(graph, storagesAsWritten(graph), sizes),
    peakAsRun: peakFigure(graph, storagesAsRun(graph, wantedNodes(graph)), sizes),
  };
}
