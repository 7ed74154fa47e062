/** Layers around a layer: one for each time step, or one in each direction. */
import { isUnknown, multiply, UNKNOWN } from '../../../dim/index';
import { field, type InstanceValue, isMissing, list, type TensorValue, type Value } from '../../common/values';
import { applyLayer } from './apply';
import { one, shapeOf } from './core';
import { asAttribute, type LayerCall, type LayerKind, Undecided } from './kind';
import { layerState } from './state';

/** The layer that is wrapped. */
function inner(layer: LayerCall): InstanceValue {
  const wrapped = layer.value('layer');
  if (wrapped.kind !== 'instance') throw new Undecided('the wrapped layer is not known');
  return wrapped;
}

function applied(layer: LayerCall, wrapped: InstanceValue, input: TensorValue): TensorValue {
  const result = applyLayer(wrapped, input, layer.kwargs, layer.args, layer.host);
  const tensor = result.kind === 'list' ? result.items[0] : result;
  if (tensor?.kind !== 'tensor') throw new Undecided('the wrapped layer gives no tensor');
  return tensor;
}

/** All steps as one batch: what a layer does to one element it does to each. */
const timeDistributed: LayerKind = {
  className: 'TimeDistributed',
  least: 3,
  call: (layer, inputs) => {
    const [batch = UNKNOWN, steps = UNKNOWN, ...rest] = shapeOf(one(inputs));
    const together = multiply(batch, steps);
    const flat = layer.step('reshape', [one(inputs)], { shape: [isUnknown(together) ? -1 : asAttribute(together), ...rest.map(asAttribute)] });
    const tensor = applied(layer, inner(layer), flat);
    const [, ...result] = shapeOf(tensor);
    return layer.step('reshape', [tensor], { shape: [asAttribute(batch), asAttribute(steps), ...result.map(asAttribute)] });
  },
};

/** How the two directions meet. */
function met(layer: LayerCall, forward: TensorValue, backward: TensorValue): Value {
  const setting = layer.value('mergeMode');
  if (setting.kind === 'null') return list([forward, backward]);
  const mode = isMissing(setting) ? 'concat' : layer.word('mergeMode', 'concat');
  if (mode === 'concat') return layer.step('concat', [forward, backward], { axis: -1 });
  if (mode === 'mul') return layer.step('mul', [forward, backward]);
  const sum = layer.step('add', [forward, backward]);
  return mode === 'ave' ? layer.step('mul', [layer.host.constant([], 'float32', [0.5]), sum]) : sum;
}

/** Two layers of the same configuration, one of which reads the sequence from its end. */
const bidirectional: LayerKind = {
  className: 'Bidirectional',
  rank: 3,
  call: (layer, inputs) => {
    const wrapped = inner(layer);
    const config = layerState(wrapped)?.config;
    const returnState = field(config, 'returnState');
    if (returnState !== undefined && layer.host.truth(returnState) !== false) throw new Undecided('no rule for `tf.layers.bidirectional` with returnState');
    const forward = applied(layer, wrapped, one(inputs));
    const backward = applied(layer, twinOf(wrapped), one(inputs));
    const sequences = field(config, 'returnSequences');
    const turned = sequences !== undefined && layer.host.truth(sequences) === true ? layer.step('reverse', [backward], { axes: [1] }) : backward;
    return met(layer, forward, turned);
  },
};

const TWINS = new WeakMap<InstanceValue, InstanceValue>();

/** The layer of the other direction: made once, with weights of its own. */
function twinOf(wrapped: InstanceValue): InstanceValue {
  const state = layerState(wrapped);
  const made = TWINS.get(wrapped);
  if (made !== undefined || state === undefined) return made ?? wrapped;
  const twin: InstanceValue = {
    ...wrapped,
    state: new Map([...wrapped.state, ['Layer', { ...state, name: `backward_${state.name}`, built: false, weights: [] }]]),
  };
  TWINS.set(wrapped, twin);
  return twin;
}

/** Wrapping layers, by factory. */
export const wrappers: Readonly<Record<string, LayerKind>> = { timeDistributed, bidirectional };
