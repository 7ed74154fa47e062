/** Symbolic tensors: where each came from, so that a model can be run again on other tensors. */
import type { Host, InstanceValue, TensorValue, Value } from '../../common/values';

/** A call of a layer on symbolic tensors. */
interface Call {
  readonly layer: InstanceValue;
  readonly inputs: Value;
  readonly kwargs: Value;
}

/** What gave a symbolic tensor; a model's input has none. */
interface Origin {
  readonly call: Call;
  /** Which of the call's outputs it is. */
  readonly index: number;
}

const ORIGINS = new WeakMap<TensorValue, Origin>();

/** What a layer's call on symbolic tensors gave, as symbolic tensors. */
export function symbolicResult(result: Value, call: Call): Value {
  const mark = (tensor: TensorValue, index: number): TensorValue => {
    const symbolic: TensorValue = { ...tensor, role: 'symbolic' };
    ORIGINS.set(symbolic, { call, index });
    return symbolic;
  };
  if (result.kind === 'tensor') return mark(result, 0);
  return result.kind === 'list' ? { ...result, items: result.items.map((item, index) => (item.kind === 'tensor' ? mark(item, index) : item)) } : result;
}

/** The layer call behind a symbolic tensor. */
export const originOf = (tensor: TensorValue): Origin | undefined => ORIGINS.get(tensor);

/** The tensor without its role: layers compute with it as with any other. */
export const plainTensor = (tensor: TensorValue): TensorValue => {
  if (tensor.role !== 'symbolic') return tensor;
  const { role: _, ...rest } = tensor;
  return rest;
};

/** The same for lists of them. */
export function plainValue(value: Value): Value {
  if (value.kind === 'tensor') return plainTensor(value);
  return value.kind === 'list' ? { ...value, items: value.items.map(plainValue) } : value;
}

/** Every layer behind the outputs, each once, those nearest the inputs first. */
export function layersBehind(outputs: readonly TensorValue[], found: InstanceValue[] = [], seen = new Set<TensorValue>()): readonly InstanceValue[] {
  for (const tensor of outputs) {
    const origin = originOf(tensor);
    if (origin === undefined || seen.has(tensor)) continue;
    seen.add(tensor);
    layersBehind(symbolicIn(origin.call.inputs), found, seen);
    if (!found.includes(origin.call.layer)) found.push(origin.call.layer);
  }
  return found;
}

/** Tensors in one value or a list of them. */
export const symbolicIn = (value: Value): readonly TensorValue[] =>
  value.kind === 'tensor' ? [value] : value.kind === 'list' ? value.items.flatMap(symbolicIn) : [];

/** An input of a model is known by its place in the graph, whatever object stands for it. */
const keyOf = ({ ref }: TensorValue): string => `${ref.node}:${ref.output}`;

/** How a layer is applied: given by the file that knows all behaviours. */
export type Apply = (layer: InstanceValue, inputs: Value, kwargs: Value, host: Host) => Value;

/** Runs again what stands behind the outputs, with other tensors for the inputs. */
export function rerun(outputs: readonly TensorValue[], given: ReadonlyMap<TensorValue, TensorValue>, apply: Apply, host: Host): readonly TensorValue[] {
  const done = new Map<TensorValue, TensorValue>(given);
  const byRef = new Map([...given].map(([tensor, value]) => [keyOf(tensor), value]));
  const results = new Map<Call, readonly TensorValue[]>();
  const resolve = (tensor: TensorValue): TensorValue => {
    const known = done.get(tensor);
    if (known !== undefined) return known;
    const origin = originOf(tensor);
    if (origin === undefined) return byRef.get(keyOf(tensor)) ?? plainTensor(tensor);
    const value = resultsOf(origin.call)[origin.index] ?? host.unknownTensor('the layer gave no such output', []);
    done.set(tensor, value);
    return value;
  };
  const resultsOf = (call: Call): readonly TensorValue[] => {
    const known = results.get(call) ?? symbolicIn(apply(call.layer, replaced(call.inputs), call.kwargs, host));
    results.set(call, known);
    return known;
  };
  const replaced = (value: Value): Value => {
    if (value.kind === 'tensor') return resolve(value);
    return value.kind === 'list' ? { ...value, items: value.items.map(replaced) } : value;
  };
  return outputs.map(resolve);
}
