/** The values that stand before the first step: given by name, else drawn from the seed. */
import { asConstant, evaluate } from '../dim/index';
import { type GraphNode, refKey, refsOf, type ShapeGraph, typeOf, type ValueRef } from '../graph/index';
import { heldAs, isFloating } from '../ops/dtypes';
import { initialValues } from './initialiser';
import type { Plan, PlannedTensor } from './plan';
import { filled, normal, type Random, randomOf } from './random';
import { refuse } from './refusal';
import type { NamedTensors, Refusal, TensorData } from './types';

/** Indices drawn where nothing says how many there are to choose from. */
const FEW_INDICES = 10;
const CARRIERS = new Set(['cast', 'reshape', 'expandDims', 'squeeze', 'identity', 'slice', 'stridedSlice', 'transpose']);

const volume = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);
const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** How many rows the table has that a node looks indices up in. */
function rowsLookedUp(graph: ShapeGraph, node: GraphNode, indices: ValueRef, sizes: Plan['sizes']): number | undefined {
  const [table, at] = node.inputs;
  if (node.op === 'oneHot') {
    const depth = node.attributes.depth;
    return typeof depth === 'number' ? depth : undefined;
  }
  if (node.op !== 'gather' || !table || !at || refKey(at) !== refKey(indices)) return undefined;
  const axis = typeof node.attributes.axis === 'number' ? node.attributes.axis : 0;
  const size = typeOf(graph, table)?.shape?.at(axis);
  return size === undefined ? undefined : (asConstant(size) ?? evaluate(size, sizes));
}

/** The indices that whatever uses this value allows. */
function indexLimit(plan: Plan, value: ValueRef, depth = 8): number | undefined {
  const users = plan.graph.nodes.filter((node) => node.inputs.some((input) => refKey(input) === refKey(value)));
  const limits = users.flatMap((node) => rowsLookedUp(plan.graph, node, value, plan.sizes) ?? []);
  const carried =
    depth === 0 ? [] : users.filter(({ op }) => CARRIERS.has(op)).flatMap((node) => refsOf(node).flatMap((ref) => indexLimit(plan, ref, depth - 1) ?? []));
  const all = [...limits, ...carried];
  return all.length === 0 ? undefined : Math.min(...all);
}

function drawnInput(plan: Plan, { node, shape, dtype }: PlannedTensor, random: Random): Float32Array | Int32Array | Uint8Array {
  const held = heldAs(dtype);
  if (held === 'bool') return Uint8Array.from(filled(volume(shape), () => Math.round(random())));
  const limit = indexLimit(plan, { node: node.id, output: 0 });
  if (held === 'int32' || limit !== undefined) {
    const indices = filled(volume(shape), () => Math.floor(random() * (limit ?? FEW_INDICES)));
    return held === 'int32' ? Int32Array.from(indices) : indices;
  }
  return filled(volume(shape), () => normal(random));
}

/** Values of an input: given, or drawn; standard normal numbers, or indices where they are used as such. */
export function inputValues(plan: Plan, tensor: PlannedTensor, given: NamedTensors | undefined, seed: number): TensorData {
  return given?.get(tensor.name) ?? { shape: tensor.shape, dtype: tensor.dtype, data: drawnInput(plan, tensor, randomOf(seed, `input ${tensor.name}`)) };
}

/** Values of a parameter as its initialiser draws them. */
export function drawnParameter({ name, shape, dtype, attributes }: PlannedTensor, seed: number): TensorData {
  const values = initialValues(shape, attributes.initializer, randomOf(seed, `parameter ${name}`));
  const held = heldAs(dtype);
  return { shape, dtype, data: held === 'int32' ? Int32Array.from(values) : held === 'bool' ? Uint8Array.from(values) : values };
}

const isWhole = ({ data }: TensorData): boolean => !(data instanceof Float32Array) || data.every((value) => Number.isInteger(value));

/** Every input that is given and does not fit. */
export function misfitInputs(plan: Plan, given: NamedTensors): readonly Refusal[] {
  const wanted = new Map(plan.inputs.map((tensor) => [tensor.name, tensor]));
  return [...given].flatMap(([name, data]) => {
    const tensor = wanted.get(name);
    if (!tensor) return [refuse('inputSpare', { name })];
    const { shape, dtype, node } = tensor;
    if (shown(data.shape) !== shown(shape)) return [refuse('inputShape', { name, given: shown(data.shape), wanted: shown(shape) }, node)];
    return isFloating(dtype) || isWhole(data) ? [] : [refuse('inputType', { name, given: data.dtype, wanted: dtype }, node)];
  });
}
