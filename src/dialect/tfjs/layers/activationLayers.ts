/** Layers that apply one function to each element, and softmax. */
import { ONE } from '../../../dim/index';
import { asNumbers, field, isMissing, type TensorValue } from '../../common/values';
import { activated, warnOnce } from './activations';
import { one } from './core';
import { type LayerCall, type LayerKind, Undecided } from './kind';

const reLU: LayerKind = {
  className: 'ReLU',
  call: (layer, inputs) => {
    const positive = layer.step('relu', [one(inputs)]);
    return isMissing(layer.value('maxValue')) ? positive : layer.step('clip', [positive], { min: 0, max: layer.real('maxValue', 0) });
  },
};

const prelu: LayerKind = {
  className: 'PReLU',
  build: (layer, [shape]) => {
    const shared = sharedAxes(layer);
    const sizes = (shape ?? []).slice(1).map((size, axis) => (shared.includes(axis + 1) ? ONE : size));
    layer.addWeight('alpha', sizes, layer.initializer('alphaInitializer', 'zeros'));
  },
  call: (layer, inputs) => {
    const alpha = layer.weight('alpha');
    return layer.step('prelu', alpha === undefined ? [one(inputs)] : [one(inputs), alpha]);
  },
};

function sharedAxes(layer: LayerCall): readonly number[] {
  const axes = layer.value('sharedAxes');
  if (isMissing(axes)) return [];
  return axes.kind === 'list' ? (asNumbers(axes) ?? undecided()) : [layer.number('sharedAxes', 0)];
}

const undecided = (): never => {
  throw new Undecided('the shared axes are not known');
};

const thresholdedReLU: LayerKind = {
  className: 'ThresholdedReLU',
  call: (layer, inputs) => {
    const above = layer.step('greater', [one(inputs), layer.host.constant([], 'float32', [layer.real('theta', 1)])]);
    return layer.step('mul', [one(inputs), layer.step('cast', [above], { dtype: 'float32' })]);
  },
};

/** A mask keeps what is 1 in it. */
function masked(layer: LayerCall, input: TensorValue): TensorValue {
  const mask = field(layer.kwargs, 'mask');
  if (mask?.kind !== 'tensor') return input;
  const number = (value: number): TensorValue => layer.host.constant([], 'float32', [value]);
  const hidden = layer.step('sub', [number(1), layer.step('cast', [mask], { dtype: input.dtype })]);
  return layer.step('add', [input, layer.step('mul', [hidden, number(-1e9)])]);
}

/** tfjs's default axis is 1, the one after the batch, and its softmax works on the last axis alone: it fails on rank 3. */
const softmax: LayerKind = {
  className: 'Softmax',
  call: (layer, inputs) => {
    const input = masked(layer, one(inputs));
    const setting = layer.value('axis');
    const axes = setting.kind === 'list' ? asNumbers(setting) : [layer.number('axis', 1)];
    const [axis] = axes ?? [];
    if (axis === undefined || axes === undefined) throw new Undecided('the axis is not known');
    if (axes.length > 1) {
      const logs = layer.step('logSumExp', [input], { axes: [...axes], keepDims: true });
      return layer.step('exp', [layer.step('sub', [input, logs])]);
    }
    warnOnce(layer, input, axis);
    return layer.step('softmax', [input], { axis });
  },
};

/** Layers of activations, by factory. */
export const activationLayers: Readonly<Record<string, LayerKind>> = {
  activation: { className: 'Activation', call: (layer, inputs) => activated(layer, one(inputs)) },
  reLU,
  prelu,
  thresholdedReLU,
  softmax,
  leakyReLU: { className: 'LeakyReLU', call: (layer, inputs) => layer.step('leakyRelu', [one(inputs)], { alpha: layer.real('alpha', 0.3) }) },
  elu: { className: 'ELU', call: (layer, inputs) => layer.step('elu', [one(inputs)], { alpha: 1 }) },
};
