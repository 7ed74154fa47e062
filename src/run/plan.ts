/** What a run will do, and whether it may: everything that can be said before a tensor is made. */
import { evaluate, isUnknown, symbolsOf } from '../dim/index';
import {
  attributesAt,
  badSize,
  brokenNeeds,
  type GraphNode,
  type GraphType,
  highestPoint,
  lastUsesAsRun,
  neededNodes,
  type Obstacle,
  obstacles,
  outputRefs,
  type RowValue,
  refKey,
  refsOf,
  type ShapeGraph,
  type Sizes,
  type Storage,
  shapeAt,
  storagesAsRun,
  typeOf,
  type ValueRef,
  wantedNodes,
} from '../graph/index';
import { BYTES, heldAs } from '../ops/dtypes';
import type { BoundAttributes, DType, Operator } from '../ops/operator';
import { findOperator } from '../ops/table';
import { Refused, refuse } from './refusal';
import type { Forecast, Limits, Refusal } from './types';

/** One operator to execute. */
export interface PlannedStep {
  readonly node: GraphNode;
  /** Absent for a constant. */
  readonly operator?: Operator;
  readonly attributes: BoundAttributes;
  readonly predicted: readonly (readonly number[] | undefined)[];
  /** Values that nothing uses after this step. */
  readonly frees: readonly ValueRef[];
  readonly needed: boolean;
}

/** A tensor that stands before the first step: an input or a parameter. */
export interface PlannedTensor {
  readonly node: GraphNode;
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly attributes: BoundAttributes;
}

export interface Plan {
  readonly graph: ShapeGraph;
  readonly sizes: Sizes;
  readonly inputs: readonly PlannedTensor[];
  readonly parameters: readonly PlannedTensor[];
  readonly steps: readonly PlannedStep[];
  readonly outputs: readonly ValueRef[];
  readonly forecast: Forecast;
}

/** The number of elements at sizes; infinite where it cannot be counted any more, undefined where a size is not known. */
function countAt({ shape }: Pick<GraphType, 'shape'>, sizes: Sizes): number | undefined {
  if (shape === null || shape.some(isUnknown)) return undefined;
  return shape.reduce((all, size) => all * (evaluate(size, sizes) ?? Number.POSITIVE_INFINITY), 1);
}

/** Bytes of a tensor as tfjs holds it. */
function bytesAt(type: GraphType | undefined, sizes: Sizes): number | undefined {
  const count = type && countAt(type, sizes);
  return type && count !== undefined ? count * BYTES[heldAs(type.dtype)] : undefined;
}

function checkSizes(graph: ShapeGraph, sizes: Sizes): void {
  const symbol = badSize(graph, sizes);
  if (symbol !== undefined) throw new Refused(refuse('sizeMissing', { symbol }));
  const [broken] = brokenNeeds(graph, sizes);
  if (broken) throw new Refused({ ...refuse('needBroken', { need: broken.need.text, left: broken.left, right: broken.right }), place: broken.need.span });
}

function refuseObstacle({ node, cause, detail }: Obstacle): never {
  throw new Refused(refuse(cause, { detail }, node));
}

function unknownIn(value: RowValue): string | undefined {
  if (value.kind === 'unknown') return value.reason;
  if (value.kind === 'list') return value.items.map(unknownIn).find((reason) => reason !== undefined);
  return value.kind === 'dict' ? value.items.map((item) => unknownIn(item.value)).find((reason) => reason !== undefined) : undefined;
}

function checkSupport(graph: ShapeGraph, needed: ReadonlySet<number>, blocked: ReadonlyMap<number, Obstacle>): void {
  if (graph.outputs.length === 0) throw new Refused(refuse('nothing'));
  const detail = graph.outputs.map(unknownIn).find((reason) => reason !== undefined);
  if (detail !== undefined) throw new Refused(refuse('output', { detail }));
  for (const id of [...needed].sort((left, right) => left - right)) {
    const way = blocked.get(id);
    if (way) refuseObstacle(way);
  }
}

function plannedTensor(node: GraphNode, name: string, sizes: Sizes): PlannedTensor {
  const [type] = node.outputs;
  const shape = type && shapeAt(type, sizes);
  if (!type || !shape) throw new Refused(refuse('shapeUnknown', { name }, node));
  return { node, name, shape, dtype: type.dtype, attributes: attributesAt(node.attributes, sizes) ?? {} };
}

/** A parameter's state name. */
const parameterName = (node: GraphNode): string => (typeof node.attributes.name === 'string' ? node.attributes.name : `parameter ${node.id}`);

function inputTensors(graph: ShapeGraph, sizes: Sizes): readonly PlannedTensor[] {
  return graph.inputs.flatMap(({ name, ref }) => {
    const node = graph.nodes[ref.node];
    return node ? [plannedTensor(node, name, sizes)] : [];
  });
}

function parameterTensors(graph: ShapeGraph, wanted: ReadonlySet<number>, sizes: Sizes): readonly PlannedTensor[] {
  return graph.nodes.filter((node) => node.op === 'parameter' && wanted.has(node.id)).map((node) => plannedTensor(node, parameterName(node), sizes));
}

function plannedSteps(graph: ShapeGraph, sizes: Sizes, runs: ReadonlySet<number>, needed: ReadonlySet<number>): readonly PlannedStep[] {
  const last = lastUsesAsRun(graph, runs);
  const nodes = graph.nodes.filter(({ id, op }) => runs.has(id) && op !== 'input' && op !== 'parameter');
  const frees = new Map<number, ValueRef[]>();
  for (const ref of nodes.flatMap(refsOf)) {
    const at = last.get(refKey(ref)) ?? ref.node;
    frees.set(at, [...(frees.get(at) ?? []), ref]);
  }
  return nodes.flatMap((node) => {
    const attributes = attributesAt(node.attributes, sizes);
    if (attributes === undefined && needed.has(node.id)) throw new Refused(refuse('setting', { operator: node.api ?? node.op }, node));
    const operator = findOperator(node.op);
    const predicted = node.outputs.map((type) => shapeAt(type, sizes));
    return attributes ? [{ node, attributes, predicted, frees: frees.get(node.id) ?? [], needed: needed.has(node.id), ...(operator ? { operator } : {}) }] : [];
  });
}

function largestTensor(graph: ShapeGraph, runs: ReadonlySet<number>, sizes: Sizes): Forecast['largest'] {
  const tensors = graph.nodes
    .filter(({ id }) => runs.has(id))
    .flatMap((node) =>
      node.outputs.flatMap((type) => {
        const [shape, count] = [shapeAt(type, sizes), countAt(type, sizes)];
        return shape && count !== undefined ? [{ node: node.id, shape, elements: count }] : [];
      }),
    );
  return tensors.reduce<Forecast['largest']>((most, each) => (most && most.elements >= each.elements ? most : each), undefined);
}

/** What a run at sizes will hold. */
function forecastOf(graph: ShapeGraph, sizes: Sizes, runs: ReadonlySet<number>, parameters: readonly PlannedTensor[]): Forecast {
  // tfjs runs it, whatever it was written for: what is a view is for tfjs to say.
  const storages = storagesAsRun({ ...graph, runtime: 'tfjs' }, runs);
  const held = ({ owner }: Storage) => bytesAt(typeOf(graph, owner), sizes);
  const sized = storages.filter((storage) => held(storage) !== undefined);
  const peak = highestPoint(sized, graph.nodes.length, held);
  const parameterBytes = parameters.reduce((sum, { shape, dtype }) => sum + shape.reduce((all, size) => all * size, BYTES[heldAs(dtype)]), 0);
  const peakBytes = peak?.value ?? 0;
  return {
    parameterBytes,
    peakBytes,
    totalBytes: parameterBytes + peakBytes,
    ...(peak ? { peakNode: peak.node } : {}),
    largest: largestTensor(graph, runs, sizes),
    unknown: sized.length < storages.length,
  };
}

/** Whether the forecast stays within the limits, else why not. */
export function overLimit(graph: ShapeGraph, forecast: Forecast, limits: Limits): Refusal | undefined {
  const { maxBytes, maxTextureSize } = limits;
  const at = (node: number | undefined) => (node === undefined ? undefined : graph.nodes[node]);
  if (maxBytes !== undefined && forecast.totalBytes > maxBytes)
    return refuse('memory', { needed: forecast.totalBytes, limit: maxBytes }, at(forecast.peakNode));
  const limit = maxTextureSize === undefined ? Number.POSITIVE_INFINITY : maxTextureSize ** 2 * 4;
  const { largest } = forecast;
  if (!largest || largest.elements <= limit) return undefined;
  return refuse('texture', { shape: `[${largest.shape.join(', ')}]`, elements: largest.elements, limit }, at(largest.node));
}

/** Steps on a model's own inputs, and of sizes that nothing binds: no result needs them, and they do not run. */
function nodesApart(graph: ShapeGraph, sizes: Sizes): ReadonlySet<number> {
  const own = new Set(graph.inputs.map(({ ref }) => ref.node));
  const isOpen = (node: GraphNode) =>
    node.outputs.some(({ shape }) => shape?.some((size) => !isUnknown(size) && symbolsOf(size).some((name) => !(name in sizes))));
  const apart = new Set<number>();
  for (const node of graph.nodes) {
    if ((node.op === 'input' && !own.has(node.id)) || isOpen(node) || node.inputs.some((input) => apart.has(input.node))) apart.add(node.id);
  }
  return apart;
}

function plan(graph: ShapeGraph, sizes: Sizes): Plan {
  checkSizes(graph, sizes);
  const [needed, wanted, blocked] = [neededNodes(graph), wantedNodes(graph), obstacles(graph)];
  checkSupport(graph, needed, blocked);
  const apart = nodesApart(graph, sizes);
  const runs = new Set([...wanted].filter((id) => !blocked.has(id) && !apart.has(id)));
  const parameters = parameterTensors(graph, runs, sizes);
  const steps = plannedSteps(graph, sizes, runs, needed);
  return {
    graph,
    sizes,
    inputs: inputTensors(graph, sizes),
    parameters,
    steps,
    outputs: outputRefs(graph),
    forecast: forecastOf(graph, sizes, runs, parameters),
  };
}

/** Plans a run at sizes, or says why it cannot be run. Limits are the caller's to check, with `overLimit`. */
export function planRun(graph: ShapeGraph, sizes: Sizes): { readonly plan: Plan } | { readonly refusal: Refusal } {
  try {
    return { plan: plan(graph, sizes) };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    throw error;
  }
}
