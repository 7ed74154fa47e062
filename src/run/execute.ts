/** Executes a plan step by step: frees each tensor at its last use, and reports what ran. */
import { type GraphNode, refKey, shapeAt, type ValueRef } from '../graph/index';
import { heldAs } from '../ops/dtypes';
import type { DType, KernelContext, Tensor, Tfjs } from '../ops/operator';
import { type Holdings, holdings, tensorBytes } from './holdings';
import { executeStep } from './kernel';
import { checkSignal, pause, unlessAborted } from './pause';
import type { Plan, PlannedStep, PlannedTensor } from './plan';
import { randomOf } from './random';
import { Refused, refuse } from './refusal';
import { statisticsOf } from './statistics';
import type { Disagreement, RanOutput, RanStep, Refusal, RunOptions, RunResult, TensorData, Watch } from './types';

/** What a run works with. */
export interface Scene {
  readonly tf: Tfjs;
  readonly plan: Plan;
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly parameters: ReadonlyMap<string, Tensor>;
  /** Values of steps that stand beforehand: buffers that a checkpoint brings, though the code works them out. */
  readonly given: ReadonlyMap<number, Tensor>;
  readonly training: boolean;
  readonly seed: number;
}

const PAUSE_EVERY = 16;

const equal = (left: readonly number[], right: readonly number[]): boolean => left.length === right.length && left.every((size, axis) => size === right[axis]);

function contextOf({ plan, training, seed }: Scene): KernelContext {
  const random = randomOf(seed, 'kernels');
  return { runtime: plan.graph.runtime, training, seed: () => 1 + Math.floor(random() * 2 ** 30) };
}

/**
 * Waits until the device has done all that was asked: on WebGL a kernel only asks. Reading one value back is the one sure way; it is one of its own, which comes
 * after all others, so that no tensor of the block is brought to the device for it.
 */
function settle(tf: Tfjs, watch: Watch | undefined): void {
  if (!tf.getBackend().startsWith('webgl')) return;
  const resume = watch?.aside();
  tf.tidy(() => tf.fill([1], 0).dataSync());
  resume?.();
}

/** The values that the shape speaks of: tfjs's plain product of an empty batch leaves some behind it. */
async function readBack(tensor: Tensor, signal: AbortSignal | undefined): Promise<TensorData> {
  const data = (await unlessAborted(tensor.data(), signal)) as TensorData['data'];
  return { shape: [...tensor.shape], dtype: tensor.dtype, data: data.length > tensor.size ? data.slice(0, tensor.size) : data };
}

/** The element type that the graph tells, where tfjs holds such in what it has. */
const typeIn = (tensor: Tensor, dtype: DType | undefined): DType => (dtype !== undefined && heldAs(dtype) === tensor.dtype ? dtype : tensor.dtype);

async function outputOf(
  tensor: Tensor,
  predicted: readonly number[] | undefined,
  told: DType | undefined,
  copy: boolean,
  options: RunOptions,
): Promise<RanOutput> {
  const dtype = typeIn(tensor, told);
  const plain = { ran: [...tensor.shape], dtype, bytes: tensorBytes(tensor), ...(predicted ? { predicted } : {}) };
  const readable = tensor.dtype !== 'string' && tensor.dtype !== 'complex64';
  if (!readable || (!options.statistics && !copy)) return plain;
  const resume = options.watch?.aside();
  const values = { ...(await readBack(tensor, options.signal)), dtype };
  resume?.();
  return { ...plain, ...(options.statistics ? { statistics: statisticsOf(values.data) } : {}), ...(copy ? { values } : {}) };
}

function operandsOf(held: Holdings, node: GraphNode): readonly Tensor[] | undefined {
  const operands = node.inputs.map((input) => held.get(input));
  return operands.every((tensor) => tensor !== undefined) ? (operands as Tensor[]) : undefined;
}

async function compute(
  scene: Scene,
  held: Holdings,
  step: PlannedStep,
  context: KernelContext,
  { timing = false, watch }: RunOptions,
): Promise<{ readonly made: readonly Tensor[]; readonly ms?: number }> {
  watch?.step(step.node.id);
  const given = scene.given.get(step.node.id);
  if (given) {
    const made = [scene.tf.clone(given)];
    held.put({ node: step.node.id, output: 0 }, made[0] as Tensor);
    return { made };
  }
  const operands = operandsOf(held, step.node);
  if (!operands) throw new Error('an operand of it failed');
  const start = performance.now();
  const types = step.node.inputs.map(({ node, output }) => scene.plan.graph.nodes[node]?.outputs[output]?.dtype ?? 'float32');
  const made = await executeStep(scene.tf, step, operands, types, context);
  for (const [output, tensor] of made.entries()) held.put({ node: step.node.id, output }, tensor);
  if (!timing) return { made };
  settle(scene.tf, watch);
  const settled = performance.now();
  // A second wait, with nothing to wait for, tells what waiting itself costs.
  settle(scene.tf, watch);
  return { made, ms: Math.max(0, settled - start - (performance.now() - settled)) };
}

async function runStep(scene: Scene, held: Holdings, step: PlannedStep, context: KernelContext, options: RunOptions): Promise<RanStep> {
  const { id } = step.node;
  const { made, ms } = await compute(scene, held, step, context, options);
  const outputs: RanOutput[] = [];
  for (const [output, tensor] of made.entries()) {
    const copy = options.capture?.(id, output, tensorBytes(tensor)) ?? false;
    outputs.push(await outputOf(tensor, step.predicted[output], step.node.outputs[output]?.dtype, copy, options));
  }
  return { node: id, outputs, ...(ms === undefined ? {} : { ms }) };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A step that the results do not need may fail; any other failure ends the run. */
async function runStepSafely(scene: Scene, held: Holdings, step: PlannedStep, context: KernelContext, options: RunOptions): Promise<RanStep> {
  try {
    return await runStep(scene, held, step, context, options);
  } catch (error) {
    if (error instanceof Refused) throw error;
    checkSignal(options.signal);
    if (step.needed) throw new Refused(refuse('failed', { operator: step.node.api ?? step.node.op, message: messageOf(error) }, step.node));
    return { node: step.node.id, outputs: [], error: messageOf(error) };
  }
}

/** Inputs and parameters are there before the first step; what they hold is told like a step's. */
async function standing(held: Holdings, tensors: readonly PlannedTensor[], options: RunOptions): Promise<readonly RanStep[]> {
  const steps: RanStep[] = [];
  for (const { node, shape, dtype } of tensors) {
    checkSignal(options.signal);
    const tensor = held.get({ node: node.id, output: 0 });
    if (!tensor) continue;
    const copy = options.capture?.(node.id, 0, tensorBytes(tensor)) ?? false;
    const step = { node: node.id, outputs: [await outputOf(tensor, shape, dtype, copy, options)] };
    steps.push(step);
    options.onStep?.(step);
  }
  return steps;
}

async function runSteps(scene: Scene, held: Holdings, options: RunOptions): Promise<readonly RanStep[]> {
  const context = contextOf(scene);
  const ran: RanStep[] = [...(await standing(held, [...scene.plan.inputs, ...scene.plan.parameters], options))];
  let resumed = performance.now();
  for (const step of scene.plan.steps) {
    checkSignal(options.signal);
    const result = await runStepSafely(scene, held, step, context, options);
    for (const ref of step.frees) held.free(ref);
    ran.push(result);
    options.onStep?.(result);
    if (performance.now() - resumed < (options.pauseEvery ?? PAUSE_EVERY)) continue;
    await pause();
    resumed = performance.now();
  }
  checkSignal(options.signal);
  return ran;
}

async function resultOf(held: Holdings, ref: ValueRef, plan: Plan, options: RunOptions): Promise<RanOutput> {
  const tensor = held.get(ref);
  const node = plan.graph.nodes[ref.node];
  if (!tensor) throw new Refused(refuse('failed', { operator: node?.op ?? '', message: 'it gave no result' }, node));
  const predicted = node && shapeAt(node.outputs[ref.output] ?? { shape: null }, plan.sizes);
  return outputOf(tensor, predicted, node?.outputs[ref.output]?.dtype, options.results ?? true, options);
}

function disagreementsOf(steps: readonly RanStep[]): readonly Disagreement[] {
  return steps.flatMap(({ node, outputs }) =>
    outputs.flatMap(({ predicted, ran }, output) => (predicted && !equal(predicted, ran) ? [{ node, output, predicted, ran }] : [])),
  );
}

/** Runs the plan once. Every tensor that it makes is freed at the end, however it ends. */
export async function execute(scene: Scene, options: RunOptions): Promise<{ readonly result: RunResult } | { readonly refusal: Refusal }> {
  const held = holdings(new Map([...scene.inputs, ...scene.parameters]), [...scene.inputs.values()]);
  const start = performance.now();
  try {
    const steps = await runSteps(scene, held, options);
    if (options.timing) settle(scene.tf, options.watch);
    const ms = performance.now() - start;
    const outputs: RanOutput[] = [];
    for (const ref of scene.plan.outputs) outputs.push(await resultOf(held, ref, scene.plan, options));
    return { result: { backend: scene.tf.getBackend(), steps, outputs, disagreements: disagreementsOf(steps), peakBytes: held.peak(), ms } };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    return { refusal: refuse('failed', { operator: scene.plan.graph.name, message: messageOf(error) }) };
  } finally {
    held.freeAll();
  }
}

/** A key of the value that a planned tensor is. */
export const keyOf = (node: GraphNode): string => refKey({ node: node.id, output: 0 });
