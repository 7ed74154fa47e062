/** `tf.input`, `tf.model` and `tf.sequential`: layers connected by symbolic tensors. */
import type { Dim } from '../../dim/index';
import { reasonOf } from '../common/reading';
import {
  type Arguments,
  argument,
  asNumber,
  asSize,
  entry,
  fn,
  type Host,
  type InstanceValue,
  isMissing,
  list,
  type NativeObject,
  type NativeValue,
  noEffect,
  object,
  shapeValue,
  type TensorValue,
  UNDEFINED,
  UNKNOWN_SIZE,
  unknown,
  type Value,
} from '../common/values';
import { applyInside, applyLayer } from './layers/apply';
import { layerMember } from './layers/members';
import { type Behaviour, layerState, newState } from './layers/state';
import { layersBehind, rerun, symbolicIn } from './layers/symbolic';
import { readDType } from './reading';
import { variableTensor } from './variable';

const STATE = 'Model';

/** The tensors that a model stands between, and the layers of a sequential one. */
interface ModelState {
  readonly inputs: readonly TensorValue[];
  readonly outputs: readonly TensorValue[];
  readonly layers: readonly InstanceValue[];
}

const modelState = (value: Value | undefined): ModelState | undefined =>
  value?.kind === 'instance' ? (value.state.get(STATE) as ModelState | undefined) : undefined;

/** What a model gives, where the value is a model on symbolic inputs: a function that returns it is a module. */
export const modelOutputs = (value: Value): readonly TensorValue[] | undefined => modelState(value)?.outputs;

// ---- inputs ----

/** Sizes of a declared shape; null stands for one that is not fixed. */
function declaredSizes(value: Value, host: Host): (Dim | null)[] | undefined {
  if (value.kind === 'number') return [asSize(host.expect(value, 'size')) ?? UNKNOWN_SIZE];
  if (value.kind !== 'list' || value.open !== undefined) return undefined;
  return value.items.map((item) => (isMissing(item) ? null : (asSize(host.expect(item, 'size')) ?? UNKNOWN_SIZE)));
}

/** The shape that a configuration declares whole, or without its batch; undefined where it declares none. */
function declaredShape(config: Value, host: Host, whole: string, rest: () => (Dim | null)[] | undefined): (Dim | null)[] | undefined {
  if (isMissing(config) || config.kind === 'unknown') return undefined;
  const given = host.member(config, whole);
  if (!isMissing(given)) return declaredSizes(given, host);
  const sizes = rest();
  const batch = host.member(config, 'batchSize');
  return sizes && [isMissing(batch) ? null : (asSize(host.expect(batch, 'size')) ?? UNKNOWN_SIZE), ...sizes];
}

/** What a layer's own settings say of its input: only these two kinds have any. */
const OWN_SIZES: Readonly<Record<string, (config: Value, host: Host) => (Dim | null)[] | undefined>> = {
  Dense: (config, host) => declaredSizes(host.member(config, 'inputDim'), host),
  Embedding: (config, host) => {
    const length = host.member(config, 'inputLength');
    return isMissing(length) ? [null] : declaredSizes(length, host);
  },
};

const layerShape = (className: string, config: Value, host: Host): (Dim | null)[] | undefined =>
  declaredShape(config, host, 'batchInputShape', () => {
    const given = host.member(config, 'inputShape');
    return isMissing(given) ? entry(OWN_SIZES, className)?.(config, host) : declaredSizes(given, host);
  });

/** `tf.input({shape, batchShape, name, dtype})`: a symbolic tensor. */
export const input: NativeValue = fn('tf.input', (args, host) => {
  const config = argument(args, 0);
  const shape = declaredShape(config, host, 'batchShape', () => declaredSizes(host.member(config, 'shape'), host));
  return declareInput(config, shape, host) ?? host.unknownTensor('the shape of the input is not known');
});

function declareInput(config: Value, shape: (Dim | null)[] | undefined, host: Host): TensorValue | undefined {
  if (shape === undefined) return undefined;
  const [name, dtype] = [host.member(config, 'name'), host.member(config, 'dtype')];
  const read = readDType(isMissing(dtype) ? host.member(config, 'inputDType') : dtype, 'float32');
  return { ...host.input(name.kind === 'string' ? name.value : undefined, shape, read), role: 'symbolic' };
}

// ---- running ----

/** The model's outputs for other inputs; of a sequential one that has no input yet, layer after layer. */
function run(self: InstanceValue, inputs: Value, args: Arguments, host: Host): Value {
  const state = modelState(self);
  const given = symbolicIn(inputs);
  if (state === undefined) return unknown('the model is not known');
  if (state.outputs.length === 0) {
    return state.layers.reduce<Value>(
      (value, layer) => applyLayer(layer, value, object(), args, host),
      inputs.kind === 'list' && inputs.items.length === 1 ? (inputs.items[0] ?? inputs) : inputs,
    );
  }
  const replacements = new Map(state.inputs.map((tensor, index) => [tensor, given[index] ?? tensor] as const));
  for (const [tensor, other] of replacements) if (tensor !== other) host.standsFor(tensor, other);
  const outputs = rerun(state.outputs, replacements, applyInside(args), host);
  return outputs.length === 1 && outputs[0] ? outputs[0] : list(outputs);
}

const MODEL: Behaviour = { build: () => undefined, call: (self, inputs, _, args, host) => run(self, inputs, args, host) };

const layersOf = (self: InstanceValue): readonly InstanceValue[] => {
  const state = modelState(self);
  return state === undefined ? [] : state.layers.length > 0 ? state.layers : layersBehind(state.outputs);
};

/** Names as tfjs makes them different: a second `dense` is `dense_1`. */
function counted(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}

/** What an object of the library holds, by name: a model its layers, a layer its weights and the layer that it wraps, a variable its tensor. */
export function partsOf(value: Value): readonly (readonly [string, Value])[] {
  const tensor = variableTensor(value);
  if (tensor) return [['', tensor]];
  const state = layerState(value);
  if (state === undefined || value.kind !== 'instance') return [];
  const layers = layersOf(value);
  const names = counted(layers.map((layer) => layerState(layer)?.name ?? 'layer'));
  const wrapped = state.config.kind === 'dict' ? state.config.entries.get('layer') : undefined;
  return [
    ...layers.map((layer, at) => [names[at] ?? '', layer] as const),
    ...state.weights.map((weight) => [weight.name, weight.tensor] as const),
    ...(wrapped ? [['layer', wrapped] as const] : []),
  ];
}

/** One tensor by itself, several as a list. */
const single = (tensors: readonly TensorValue[]): Value => (tensors.length === 1 && tensors[0] ? tensors[0] : list(tensors));
const shapes = (tensors: readonly TensorValue[]): Value => (tensors.length === 1 && tensors[0] ? shapeValue(tensors[0]) : list(tensors.map(shapeValue)));

/** `getLayer(name)`, `getLayer(undefined, index)`. */
function getLayer(self: InstanceValue, args: Arguments): Value {
  const [name, index] = [argument(args, 0), asNumber(argument(args, 0)) ?? asNumber(argument(args, 1))];
  if (index !== undefined) return layersOf(self)[index] ?? unknown('the model has no such layer');
  const found = name.kind === 'string' ? layersOf(self).find((layer) => layerState(layer)?.name === name.value) : undefined;
  return found ?? unknown('which layer is meant is not known');
}

const RUNS = new Set(['apply', 'predict', 'predictOnBatch']);
const NO_EFFECT = new Set(['summary', 'compile', 'setUserDefinedMetadata', 'stopTraining', 'checkTrainableWeightsConsistency', 'loadWeights']);
const OPAQUE = new Set(['fit', 'fitDataset', 'evaluate', 'evaluateDataset', 'trainOnBatch', 'save', 'toJSON', 'optimizer', 'history']);

const MEMBERS: Readonly<Record<string, (self: InstanceValue, state: ModelState) => Value>> = {
  inputs: (_, { inputs }) => list(inputs),
  outputs: (_, { outputs }) => list(outputs),
  input: (_, { inputs }) => single(inputs),
  output: (_, { outputs }) => single(outputs),
  inputShape: (_, { inputs }) => shapes(inputs),
  outputShape: (_, { outputs }) => shapes(outputs),
  layers: (self) => list(layersOf(self)),
  getLayer: (self) => fn('getLayer', (args) => getLayer(self, args)),
  weights: (self) => list(layersOf(self).flatMap((layer) => (layerState(layer)?.weights ?? []).map((weight) => weight.variable))),
  getWeights: (self) => fn('getWeights', () => list(layersOf(self).flatMap((layer) => (layerState(layer)?.weights ?? []).map((weight) => weight.tensor)))),
  add: (self) => fn('add', (args, host) => add(self, argument(args, 0), args, host)),
};

function modelMember(self: InstanceValue, name: string, host: Host): Value | undefined {
  const state = modelState(self);
  if (state === undefined) return undefined;
  if (RUNS.has(name)) return fn(name, (args, from) => applyLayer(self, argument(args, 0), name === 'apply' ? argument(args, 1) : UNDEFINED, args, from));
  if (NO_EFFECT.has(name)) return noEffect(name);
  if (OPAQUE.has(name)) return fn(name, () => unknown('training and saving are not modelled'));
  return entry(MEMBERS, name)?.(self, state) ?? layerMember(self, name, host);
}

const native = (name: string): NativeObject => ({ name, member: modelMember });

function makeModel(className: string, config: Value, state: ModelState, host: Host): InstanceValue {
  const name = isMissing(config) ? UNDEFINED : host.member(config, 'name');
  const base = newState({ className, name: name.kind === 'string' ? name.value : className === 'Model' ? 'model' : 'sequential', config, behaviour: MODEL });
  return { kind: 'instance', native: native(className), members: new Map(), state: new Map([...base, [STATE, state]]) };
}

/** The tensors of a model's list; one that is not known keeps its place, so that the others are found in theirs. */
function inPlace(value: Value, host: Host): readonly TensorValue[] | undefined {
  if (value.kind !== 'list') return symbolicIn(value);
  if (value.open !== undefined || value.times !== undefined) return undefined;
  const held = (item: Value) => (item.kind === 'tensor' || item.kind === 'list' ? inPlace(item, host) : undefined);
  return value.items.flatMap((item) => held(item) ?? [host.unknownTensor(reasonOf(item, 'the tensor'))]);
}

/** `tf.model({inputs, outputs, name})`. */
export const model: NativeValue = fn('tf.model', (args, host) => {
  const config = argument(args, 0);
  const [inputs, outputs] = [host.member(config, 'inputs'), host.member(config, 'outputs')].map((value) => inPlace(value, host));
  if (inputs === undefined || outputs === undefined || outputs.length === 0) return unknown('the outputs of the model are not known');
  return makeModel('Model', config, { inputs, outputs, layers: [] }, host);
});

/** `tf.sequential({layers, name})`. */
export const sequential: NativeValue = fn('tf.sequential', (args, host) => {
  const config = argument(args, 0);
  const self = makeModel('Sequential', config, { inputs: [], outputs: [], layers: [] }, host);
  const layers = isMissing(config) ? UNDEFINED : host.member(config, 'layers');
  const items = isMissing(layers) ? [] : host.iterate(layers);
  if ('unknown' in items) return unknown(items.unknown);
  for (const layer of items) add(self, layer, args, host);
  return self;
});

/** `model.add(layer)`: the first layer declares the input. */
function add(self: InstanceValue, layer: Value, args: Arguments, host: Host): Value {
  const state = modelState(self);
  if (state === undefined || layer.kind !== 'instance' || layerState(layer) === undefined) {
    host.setState(self, STATE, undefined);
    return UNDEFINED;
  }
  const layers = [...state.layers, layer];
  const start = state.layers.length === 0 ? declareFirst(layer, host) : undefined;
  const from = start ?? state.outputs[0];
  const outputs = from === undefined ? [] : isInput(layer) ? [from] : symbolicIn(applyLayer(layer, from, object(), args, host));
  host.setState(self, STATE, { inputs: start === undefined ? state.inputs : [start], outputs, layers } satisfies ModelState);
  return UNDEFINED;
}

const isInput = (layer: InstanceValue): boolean => layerState(layer)?.className === 'InputLayer';

/** The input that the first layer's configuration declares, or that a model in its place has. */
function declareFirst(layer: InstanceValue, host: Host): TensorValue | undefined {
  const nested = modelState(layer)?.inputs[0];
  if (nested !== undefined) return { ...host.input(undefined, nested.shape ?? [], nested.dtype), role: 'symbolic' };
  const { config, className } = layerState(layer) ?? { config: UNDEFINED, className: '' };
  return declareInput(config, layerShape(className, config, host), host);
}
