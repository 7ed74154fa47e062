/** A module's state by name, and a checkpoint that is given for it. */
import { type GraphNode, type GraphState, shapeAt } from '../graph/index';
import { isFloating } from '../ops/dtypes';
import type { DType } from '../ops/operator';
import type { Plan } from './plan';
import { refuse } from './refusal';
import type { NamedTensors, Refusal, TensorData } from './types';

/** One name of a checkpoint. */
interface Wanted {
  readonly name: string;
  /** Undefined where its sizes are not known. */
  readonly shape: readonly number[] | undefined;
  readonly dtype: DType;
  readonly trainable: boolean;
  readonly node?: GraphNode | undefined;
}

function wantedOf({ name, type, trainable, node }: GraphState, { graph, sizes }: Plan): Wanted {
  return { name, shape: shapeAt(type, sizes), dtype: type.dtype, trainable, node: node === undefined ? undefined : graph.nodes[node] };
}

/** All that a checkpoint of the module holds: what the graph says of its whole state, else the weights that it runs with. */
function wantedIn(plan: Plan): readonly Wanted[] {
  if (plan.graph.state) return plan.graph.state.map((state) => wantedOf(state, plan));
  return plan.parameters.map(({ name, shape, dtype, node }) => ({ name, shape, dtype, trainable: node.attributes.trainable !== false, node }));
}

const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** Trained weights are floating numbers; whole numbers may have been stored as floating ones. */
function fitsType({ dtype, trainable }: Wanted, data: TensorData): boolean {
  if (isFloating(dtype)) return !trainable || data.data instanceof Float32Array;
  return !(data.data instanceof Float32Array) || data.data.every((value) => Number.isInteger(value));
}

function misfit(wanted: Wanted, given: NamedTensors): readonly Refusal[] {
  const { name, shape, dtype, node } = wanted;
  const data = given.get(name);
  if (!data) return [refuse('weightMissing', { name }, node)];
  if (shape && shown(data.shape) !== shown(shape)) return [refuse('weightShape', { name, given: shown(data.shape), wanted: shown(shape) }, node)];
  return fitsType(wanted, data) ? [] : [refuse('weightType', { name, given: data.dtype, wanted: dtype }, node)];
}

/** Every weight that is missing, spare, misshapen or of a type that it cannot have. */
export function misfitWeights(plan: Plan, given: NamedTensors): readonly Refusal[] {
  const wanted = wantedIn(plan);
  const names = new Set(wanted.map(({ name }) => name));
  const spare = [...given.keys()].filter((name) => !names.has(name)).map((name) => refuse('weightSpare', { name }));
  return [...wanted.flatMap((one) => misfit(one, given)), ...spare];
}

/** The values given for a node, a weight's or that of a buffer that is worked out: of several names that share it, the last one's, as loading them in order leaves it. */
export function weightsByNode(plan: Plan, given: NamedTensors): ReadonlyMap<number, TensorData> {
  const found = new Map<number, TensorData>();
  for (const { name, node } of wantedIn(plan)) {
    const data = given.get(name);
    if (node && data) found.set(node.id, data);
  }
  return found;
}
