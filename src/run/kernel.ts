/** Executes one step on tfjs. */
import { constant, NO_FACTS } from '../dim/index';
import { heldAs } from '../ops/dtypes';
import type { BoundAttribute, DType, KernelContext, Tensor, Tfjs } from '../ops/operator';
import type { PlannedStep } from './plan';
import type { TensorData } from './types';

const isPromise = <T>(value: T | Promise<T>): value is Promise<T> => typeof (value as { then?: unknown }).then === 'function';

/** Runs `make` so that only what it returns stays: `tidy`, for work that may also be asynchronous. */
async function keepingResults(tf: Tfjs, inputs: readonly Tensor[], make: () => Tensor | Tensor[] | Promise<Tensor | Tensor[]>): Promise<Tensor[]> {
  const engine = tf.engine();
  engine.startScope('step');
  let results: Tensor[] = [];
  try {
    const made = make();
    const list = isPromise(made) ? await made : made;
    results = (Array.isArray(list) ? list : [list]).map((tensor, at, all) => (inputs.includes(tensor) || all.indexOf(tensor) < at ? tf.clone(tensor) : tensor));
    return results;
  } finally {
    engine.endScope(results);
  }
}

/** A tensor of given values. */
export function tensorOf(tf: Tfjs, { data, shape, dtype }: TensorData): Tensor {
  return tf.tensor(data, [...shape], heldAs(dtype));
}

function constantValues(values: BoundAttribute | undefined, dtype: DType): Float32Array | Int32Array | Uint8Array {
  const list = Array.isArray(values) ? values.map(Number) : [];
  const held = heldAs(dtype);
  return held === 'int32' ? Int32Array.from(list) : held === 'bool' ? Uint8Array.from(list) : Float32Array.from(list);
}

/** Why the library refuses the step, by the operator's own rule: a kernel brings types together that the library does not. */
function refusedBy(step: PlannedStep, inputs: readonly Tensor[], types: readonly DType[], context: KernelContext): string | undefined {
  const given = inputs.map(({ shape }, at) => ({ shape: shape.map(constant), dtype: types[at] ?? 'float32' }));
  const problem = step.operator?.shape(given, step.attributes, { facts: NO_FACTS, runtime: context.runtime }).problem;
  if (!problem) return undefined;
  const { expected, dtype, reason } = problem.args;
  return expected !== undefined && dtype !== undefined ? `${dtype} is given, ${expected} is wanted` : String(reason ?? problem.code);
}

/** The step's outputs; the caller owns them. Temporaries of the kernel are freed. `types` are the inputs' in the graph. */
export async function executeStep(tf: Tfjs, step: PlannedStep, inputs: readonly Tensor[], types: readonly DType[], context: KernelContext): Promise<Tensor[]> {
  const { node, operator, attributes } = step;
  const refused = refusedBy(step, inputs, types, context);
  if (refused !== undefined) throw new Error(refused);
  if (operator) return keepingResults(tf, inputs, () => operator.kernel(tf, inputs, attributes, context));
  const [dtype, shape] = [node.outputs[0]?.dtype ?? 'float32', step.predicted[0] ?? []];
  return keepingResults(tf, [], () => tensorOf(tf, { data: constantValues(attributes.values, dtype), shape, dtype }));
}
