/** What the symbolic tensors of a model were in a run, also those of the models inside it. */
import type * as Tf from '@tensorflow/tfjs';
import { isModel, modelInputs } from './entry';

type Sources = Map<Tf.SymbolicTensor, Tf.SymbolicTensor>;

interface Node {
  readonly inputTensors: readonly Tf.SymbolicTensor[];
}

const nodesOf = (layer: unknown): readonly Node[] => (layer as { inboundNodes?: readonly Node[] }).inboundNodes ?? [];

/** An inner model's inputs, with the outer tensors that it was last applied to. */
function innerInputs(model: Tf.LayersModel, sources: Sources): Sources {
  for (const layer of model.layers) {
    if (!isModel(layer)) continue;
    for (const node of nodesOf(layer)) {
      layer.inputs.forEach((inner, index) => {
        const outer = node.inputTensors[index];
        if (outer && outer !== inner) sources.set(inner, outer);
      });
    }
    innerInputs(layer, sources);
  }
  return sources;
}

/** The inputs that a symbolic tensor is computed from. */
function rootsOf(tensor: Tf.SymbolicTensor, seen = new Set<Tf.SymbolicTensor>()): Tf.SymbolicTensor[] {
  if (seen.has(tensor)) return [];
  seen.add(tensor);
  const node = nodesOf(tensor.sourceLayer)[(tensor as unknown as { nodeIndex: number }).nodeIndex];
  const before = (node?.inputTensors ?? []).filter((item) => item !== tensor);
  return before.length === 0 ? [tensor] : before.flatMap((item) => rootsOf(item, seen));
}

/** A look-up of symbolic tensors: the graph up to one, run on the values of the inputs that it comes from. */
export function symbolValues(tf: typeof Tf, module: unknown, inputs: Readonly<Record<string, unknown>>) {
  const values = new Map<Tf.SymbolicTensor, Tf.Tensor | undefined>();
  if (!isModel(module)) return () => undefined;
  const given = [modelInputs(module, inputs)].flat();
  module.inputs.forEach((input, index) => {
    values.set(input, given[index]);
  });
  const sources = innerInputs(module, new Map());

  const compute = (tensor: Tf.SymbolicTensor): Tf.Tensor | undefined => {
    const outer = sources.get(tensor);
    if (outer) return valueFor(outer);
    const roots = rootsOf(tensor);
    if (roots.includes(tensor)) return undefined;
    const known = roots.map(valueFor);
    if (known.some((value) => value === undefined)) return undefined;
    return tf.model({ inputs: roots, outputs: tensor }).predict(known as Tf.Tensor[]) as Tf.Tensor;
  };
  const valueFor = (tensor: Tf.SymbolicTensor): Tf.Tensor | undefined => {
    if (!values.has(tensor)) values.set(tensor, compute(tensor));
    return values.get(tensor);
  };
  return valueFor;
}
