/** Layers that normalise. */
import { UNKNOWN } from '../../../dim/index';
import { asNumbers, type TensorValue } from '../../common/values';
import { one, shapeOf, weights } from './core';
import { type LayerCall, type LayerKind, Undecided } from './kind';

const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const batchNormalization: LayerKind = {
  className: 'BatchNormalization',
  build: (layer, [shape]) => {
    const size = shape?.[fromFront(layer.number('axis', -1), shape.length)] ?? UNKNOWN;
    if (layer.flag('scale', true)) layer.addWeight('gamma', [size], layer.initializer('gammaInitializer', 'ones'));
    if (layer.flag('center', true)) layer.addWeight('beta', [size], layer.initializer('betaInitializer', 'zeros'));
    layer.addWeight('moving_mean', [size], layer.initializer('movingMeanInitializer', 'zeros'), false);
    layer.addWeight('moving_variance', [size], layer.initializer('movingVarianceInitializer', 'ones'), false);
  },
  call: (layer, inputs) => {
    const attributes = {
      axis: layer.number('axis', -1),
      epsilon: layer.real('epsilon', 1e-3),
      scale: layer.flag('scale', true),
      center: layer.flag('center', true),
    };
    return layer.step('batchNorm', [one(inputs), ...weights(layer, 'moving_mean', 'moving_variance', 'gamma', 'beta')], attributes);
  },
};

function normalisedAxes(layer: LayerCall, rank: number): number[] {
  const setting = layer.value('axis');
  const axes = setting.kind === 'list' ? asNumbers(setting) : [layer.number('axis', -1)];
  if (axes === undefined) throw new Undecided('the axes are not known');
  return axes.map((axis) => fromFront(axis, rank));
}

const layerNormalization: LayerKind = {
  className: 'LayerNormalization',
  build: (layer, [shape]) => {
    const sizes = normalisedAxes(layer, shape?.length ?? 0).map((axis) => shape?.[axis] ?? UNKNOWN);
    if (layer.flag('scale', true)) layer.addWeight('gamma', sizes, layer.initializer('gammaInitializer', 'ones'));
    if (layer.flag('center', true)) layer.addWeight('beta', sizes, layer.initializer('betaInitializer', 'zeros'));
  },
  call: (layer, inputs) => {
    const input: TensorValue = one(inputs);
    const attributes = {
      axes: normalisedAxes(layer, shapeOf(input).length),
      epsilon: layer.real('epsilon', 1e-3),
      scale: layer.flag('scale', true),
      center: layer.flag('center', true),
    };
    return layer.step('layerNorm', [input, ...weights(layer, 'gamma', 'beta')], attributes);
  },
};

/** Normalising layers, by factory. */
export const normalising: Readonly<Record<string, LayerKind>> = { batchNormalization, layerNormalization };
