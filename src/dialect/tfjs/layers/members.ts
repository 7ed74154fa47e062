/** What every layer has: tfjs's own, users', and models. */
import { product, sum } from '../../../dim/index';
import {
  type Arguments,
  argument,
  boolean,
  entry,
  fn,
  type Host,
  type InstanceValue,
  isMissing,
  list,
  NULL,
  native,
  noEffect,
  object,
  shapeValue,
  size,
  string,
  TRUE,
  UNDEFINED,
  unknown,
  type Value,
} from '../../common/values';
import { applyMember, ensureBuilt, shapesIn } from './apply';
import { changeLayer, type LayerState, layerState, type Weight, weightsOf } from './state';

type Member = (self: InstanceValue, state: LayerState, host: Host) => Value;

const variables = (weights: readonly Weight[]): Value => list(weights.map((weight) => weight.variable));

/** Sizes of what a layer last took or gave. */
const shapesOf = (value: Value | undefined): Value => {
  if (value?.kind === 'tensor') return shapeValue(value);
  if (value?.kind === 'list') return list(value.items.map(shapesOf));
  return unknown('the layer has not been applied', 'list');
};

/** The number of elements of all weights. */
function countParams(self: InstanceValue): Value {
  const shapes = weightsOf(self).map((weight) => weight.tensor.shape);
  if (shapes.some((shape) => shape === null)) return unknown('the shape of a weight is not known', 'number');
  return size(sum(shapes.map((shape) => product(shape ?? []))));
}

/** tfjs keeps the name, whether it trains, and what it was made with. */
const config = (state: LayerState): Value =>
  object([...(state.config.kind === 'dict' ? state.config.entries : []), ['name', string(state.name)], ['trainable', TRUE]]);

const MEMBERS: Readonly<Record<string, Member>> = {
  apply: (self) => applyMember(self),
  build: (self) =>
    fn('build', (args, host) => {
      ensureBuilt(self, shapesIn(argument(args, 0)), args, host);
      return UNDEFINED;
    }),
  call: (self, state) =>
    fn('call', (args, host) => state.behaviour.call(self, argument(args, 0), isMissing(argument(args, 1)) ? object() : argument(args, 1), args, host)),
  name: (_, state) => string(state.name),
  built: (_, state) => boolean(state.built),
  trainable: () => TRUE,
  supportsMasking: () => boolean(false),
  weights: (self) => variables(weightsOf(self)),
  trainableWeights: (self) => variables(weightsOf(self).filter((weight) => weight.trainable)),
  nonTrainableWeights: (self) => variables(weightsOf(self).filter((weight) => !weight.trainable)),
  getWeights: (self) => fn('getWeights', () => list(weightsOf(self).map((weight) => weight.tensor))),
  setWeights: () => noEffect('setWeights'),
  countParams: (self) => fn('countParams', () => countParams(self)),
  outputShape: (_, state) => shapesOf(state.output),
  inputShape: (_, state) => shapesOf(state.input),
  output: (_, state) => state.output ?? unknown('the layer has not been applied'),
  input: (_, state) => state.input ?? unknown('the layer has not been applied'),
  getConfig: (_, state) => fn('getConfig', () => config(state)),
  getClassName: (_, state) => fn('getClassName', () => string(state.className)),
  computeMask: () => fn('computeMask', (args) => (args.positional[1] === undefined ? NULL : args.positional[1])),
  invokeCallHook: () => noEffect('invokeCallHook'),
  setCallHook: () => noEffect('setCallHook'),
  clearCallHook: () => noEffect('clearCallHook'),
  addLoss: () => noEffect('addLoss'),
  setFastWeightInitDuringBuild: () => noEffect('setFastWeightInitDuringBuild'),
  assertInputCompatibility: () => noEffect('assertInputCompatibility'),
  setMaskMetadata: () => noEffect('setMaskMetadata'),
  resetStates: () => noEffect('resetStates'),
  dispose: () => noEffect('dispose'),
  disposeWeights: () => noEffect('disposeWeights'),
  losses: () => list([]),
  updates: () => list([]),
  stateful: () => boolean(false),
  activityRegularizer: () => NULL,
  inputSpec: () => unknown('the input specification is not modelled'),
  inboundNodes: () => unknown('the nodes of a layer are not modelled', 'list'),
  outboundNodes: () => unknown('the nodes of a layer are not modelled', 'list'),
  dtype: () => string('float32'),
  id: () => unknown('it is given at run time', 'number'),
};

/** The member of a layer under its name, or one of its weights under tfjs's field. */
export function layerMember(self: InstanceValue, name: string, host: Host): Value | undefined {
  const state = layerState(self);
  if (state === undefined) return undefined;
  return entry(MEMBERS, name)?.(self, state, host);
}

/** A weight by the field that tfjs keeps it in: `kernel`, `movingMean`. */
export function weightMember(self: InstanceValue, name: string): Value | undefined {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return weightsOf(self).find((weight) => weight.name === snake)?.variable;
}

/** Says that the layer is built, as `super.build` does. */
export const markBuilt = (self: InstanceValue): Value =>
  native('build', (_: Arguments, host: Host) => {
    changeLayer(self, { built: true }, host);
    return UNDEFINED;
  });
