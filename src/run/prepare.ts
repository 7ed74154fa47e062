/** Makes a graph ready to run: checks it against the limits and uploads inputs and parameters, to be used by any number of runs. */
import type { ShapeGraph, Sizes } from '../graph/index';
import type { Tensor } from '../ops/operator';
import { execute, keyOf, type Scene } from './execute';
import { drawnParameter, inputValues, misfitInputs } from './input';
import { tensorOf } from './kernel';
import { overLimit, type Plan, type PlannedTensor, planRun } from './plan';
import { Refused, refuse, together } from './refusal';
import { misfitWeights, weightsByNode } from './state';
import type { Forecast, PrepareOptions, Refusal, RunOptions, RunResult, TensorData } from './types';

export interface Prepared {
  readonly forecast: Forecast;
  readonly plan: Plan;
  run(options?: RunOptions): Promise<{ readonly result: RunResult } | { readonly refusal: Refusal }>;
  /** Frees inputs and parameters. */
  dispose(): void;
}

function upload(tensors: readonly PlannedTensor[], into: Map<string, Tensor>, options: PrepareOptions, values: (tensor: PlannedTensor) => TensorData): void {
  for (const tensor of tensors) into.set(keyOf(tensor.node), tensorOf(options.tf, { ...values(tensor), dtype: tensor.dtype }));
}

function disposeAll(tensors: Iterable<Tensor>): void {
  for (const tensor of tensors) if (!tensor.isDisposed) tensor.dispose();
}

/** Refuses what is given and does not fit: all of it is named. */
function checkGiven(plan: Plan, { weights, inputs }: PrepareOptions): void {
  const refusal = together([...(weights ? misfitWeights(plan, weights) : []), ...(inputs ? misfitInputs(plan, inputs) : [])]);
  if (refusal) throw new Refused(refusal);
}

function prepared(plan: Plan, options: PrepareOptions): Prepared {
  const seed = options.seed ?? 0;
  checkGiven(plan, options);
  const weights = options.weights ? weightsByNode(plan, options.weights) : new Map<number, TensorData>();
  const [inputs, parameters, given] = [new Map<string, Tensor>(), new Map<string, Tensor>(), new Map<number, Tensor>()];
  try {
    upload(plan.parameters, parameters, options, (tensor) => weights.get(tensor.node.id) ?? drawnParameter(tensor, seed));
    for (const { node } of plan.steps) {
      const data = weights.get(node.id);
      if (data) given.set(node.id, tensorOf(options.tf, { ...data, dtype: node.outputs[0]?.dtype ?? data.dtype }));
    }
    upload(plan.inputs, inputs, options, (tensor) => inputValues(plan, tensor, options.inputs, seed));
  } catch (error) {
    disposeAll([...inputs.values(), ...parameters.values(), ...given.values()]);
    throw error;
  }
  const scene: Scene = { tf: options.tf, plan, inputs, parameters, given, training: options.training ?? false, seed };
  return {
    forecast: plan.forecast,
    plan,
    run: (runOptions = {}) => execute(scene, runOptions),
    dispose: () => disposeAll([...inputs.values(), ...parameters.values(), ...given.values()]),
  };
}

/** Prepares a run at sizes, or refuses with a reason. Nothing is uploaded where it refuses. */
export function prepareRun(graph: ShapeGraph, sizes: Sizes, options: PrepareOptions): { readonly prepared: Prepared } | { readonly refusal: Refusal } {
  const planned = planRun(graph, sizes);
  if ('refusal' in planned) return planned;
  const refusal = overLimit(graph, planned.plan.forecast, options.limits ?? {});
  if (refusal) return { refusal };
  try {
    return { prepared: prepared(planned.plan, options) };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    return { refusal: refuse('failed', { operator: graph.name, message: error instanceof Error ? error.message : String(error) }) };
  }
}
