/** Convolution and pooling layers. Where the channels come first tfjs transposes, works with the channels last, and transposes back. */
import { add, type Dim, maximum, multiply, ONE, subtract, UNKNOWN, ZERO } from '../../../dim/index';
import type { Attributes } from '../../../ops/operator';
import { asSizes, isMissing, type TensorValue } from '../../common/values';
import { activated } from './activations';
import { one, shapeOf, weights } from './core';
import { asAttributes, type LayerCall, type LayerKind, Undecided } from './kind';

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

const channelsFirst = (layer: LayerCall): boolean => layer.word('dataFormat', 'channelsLast') === 'channelsFirst';

/** Which axis the channels stand on. */
const channelsOf = (layer: LayerCall, shape: readonly Dim[] | undefined): Dim => (channelsFirst(layer) ? shape?.[1] : shape?.at(-1)) ?? UNKNOWN;

/** Runs `body` with the channels last. */
function withChannelsLast(layer: LayerCall, spatial: number, input: TensorValue, body: (input: TensorValue) => TensorValue): TensorValue {
  if (!channelsFirst(layer)) return body(input);
  const axes = Array.from({ length: spatial }, (_, axis) => axis);
  const last = layer.step('transpose', [input], { perm: [0, ...axes.map((axis) => axis + 2), 1] });
  return layer.step('transpose', [body(last)], { perm: [0, spatial + 1, ...axes.map((axis) => axis + 1)] });
}

/** 'causal' is declared, and throws in tfjs. */
function paddingOf(layer: LayerCall): string {
  const word = layer.word('padding', 'valid');
  if (word !== 'same' && word !== 'valid') throw new Undecided(`tfjs has no padding '${word}' here`);
  return word;
}

function settings(layer: LayerCall, spatial: number): Attributes {
  return {
    strides: asAttributes(layer.sizes('strides', spatial, ones(spatial))),
    dilations: asAttributes(layer.sizes('dilationRate', spatial, ones(spatial))),
    padding: paddingOf(layer),
    groups: 1,
    dataFormat: 'channelsLast',
    filterFormat: 'HWIO',
  };
}

function addBias(layer: LayerCall, size: Dim): void {
  if (layer.flag('useBias', true)) layer.addWeight('bias', [size], layer.initializer('biasInitializer', 'zeros'));
}

const kernelSize = (layer: LayerCall, spatial: number): readonly Dim[] => layer.sizes('kernelSize', spatial, ones(spatial));

const convolution = (className: string, spatial: number): LayerKind => ({
  className,
  rank: spatial + 2,
  build: (layer, [shape]) => {
    const sizes = [...kernelSize(layer, spatial), channelsOf(layer, shape), layer.size('filters')];
    layer.addWeight('kernel', sizes, layer.initializer('kernelInitializer', 'glorotNormal'));
    addBias(layer, layer.size('filters'));
  },
  call: (layer, inputs) => {
    const run = (input: TensorValue): TensorValue => layer.step('conv', [input, ...weights(layer, 'kernel', 'bias')], settings(layer, spatial));
    return activated(layer, withChannelsLast(layer, spatial, one(inputs), run));
  },
});

const depthwise: LayerKind = {
  className: 'DepthwiseConv2D',
  rank: 4,
  build: (layer, [shape]) => {
    const [input, times] = [channelsOf(layer, shape), isMissing(layer.value('depthMultiplier')) ? undefined : layer.size('depthMultiplier')];
    layer.addWeight('depthwise_kernel', [...kernelSize(layer, 2), input, times ?? ONE], layer.initializer('depthwiseInitializer', 'glorotNormal'));
    addBias(layer, times === undefined ? input : multiply(input, times));
  },
  call: (layer, inputs) => {
    const attributes = { ...settings(layer, 2), dilations: [1, 1] };
    const run = (input: TensorValue): TensorValue => layer.step('depthwiseConv', [input, ...weights(layer, 'depthwise_kernel', 'bias')], attributes);
    return activated(layer, withChannelsLast(layer, 2, one(inputs), run));
  },
};

const separable: LayerKind = {
  className: 'SeparableConv2D',
  rank: 4,
  build: (layer, [shape]) => {
    const input = channelsOf(layer, shape);
    const times = isMissing(layer.value('depthMultiplier')) ? ONE : layer.size('depthMultiplier');
    layer.addWeight('depthwise_kernel', [...kernelSize(layer, 2), input, times], layer.initializer('depthwiseInitializer', 'glorotUniform'));
    layer.addWeight('pointwise_kernel', [ONE, ONE, multiply(input, times), layer.size('filters')], layer.initializer('pointwiseInitializer', 'glorotUniform'));
    addBias(layer, layer.size('filters'));
  },
  call: (layer, inputs) => {
    const run = (input: TensorValue): TensorValue => {
      const middle = layer.step('depthwiseConv', [input, ...weights(layer, 'depthwise_kernel')], settings(layer, 2));
      return layer.step('conv', [middle, ...weights(layer, 'pointwise_kernel', 'bias')], {
        ...settings(layer, 2),
        strides: [1, 1],
        dilations: [1, 1],
        padding: 'valid',
      });
    };
    return activated(layer, withChannelsLast(layer, 2, one(inputs), run));
  },
};

/** tfjs: n·s, and with 'valid' what the window reaches beyond the stride. */
function grown(size: Dim, stride: Dim, window: Dim, padding: string): Dim {
  const times = multiply(size, stride);
  return padding === 'same' ? times : add(times, maximum(subtract(window, stride), ZERO));
}

const transposed = (className: string, spatial: number): LayerKind => ({
  className,
  rank: spatial + 2,
  build: (layer, [shape]) => {
    const sizes = [...kernelSize(layer, spatial), layer.size('filters'), channelsOf(layer, shape)];
    layer.addWeight('kernel', sizes, layer.initializer('kernelInitializer', 'glorotNormal'));
    addBias(layer, layer.size('filters'));
  },
  call: (layer, inputs) => {
    const padding = paddingOf(layer);
    const [windows, strides] = [kernelSize(layer, spatial), layer.sizes('strides', spatial, ones(spatial))];
    const run = (input: TensorValue): TensorValue => {
      const shape = shapeOf(input);
      const spread = windows.map((window, axis) => grown(shape[axis + 1] ?? UNKNOWN, strides[axis] ?? ONE, window, padding));
      const outputShape = asAttributes([shape[0] ?? UNKNOWN, ...spread, layer.size('filters')]);
      return layer.step('convTranspose', [input, ...weights(layer, 'kernel', 'bias')], { ...settings(layer, spatial), outputShape });
    };
    return activated(layer, withChannelsLast(layer, spatial, one(inputs), run));
  },
});

/** Over one axis tfjs pools a plane of width 1. */
const pooling = (className: string, name: string, spatial: number): LayerKind => ({
  className,
  rank: spatial + 2,
  call: (layer, inputs) => {
    const plane = spatial === 1 ? 2 : spatial;
    const window = layer.sizes(
      'poolSize',
      spatial,
      Array.from({ length: spatial }, () => 2),
    );
    const strides = isMissing(layer.value('strides')) ? window : layer.sizes('strides', spatial, ones(spatial));
    const filled = (sizes: readonly Dim[]): Attributes[string] => [...asAttributes(sizes), ...ones(plane - spatial)];
    const attributes = {
      window: filled(window),
      strides: filled(strides),
      padding: paddingOf(layer),
      dilations: ones(plane),
      ceilMode: false,
      dataFormat: 'channelsLast',
    };
    if (spatial > 1) return withChannelsLast(layer, spatial, one(inputs), (input) => layer.step(name, [input], attributes));
    const wide = layer.step('expandDims', [one(inputs)], { axis: 2 });
    return layer.step('squeeze', [layer.step(name, [wide], attributes)], { axes: [2] });
  },
});

/** The mean or the largest over all places. */
const global = (className: string, name: string, spatial: number): LayerKind => ({
  className,
  rank: spatial + 2,
  call: (layer, inputs) => {
    const first = spatial > 1 && channelsFirst(layer) ? 2 : 1;
    return layer.step(name, [one(inputs)], { axes: Array.from({ length: spatial }, (_, axis) => axis + first), keepDims: false });
  },
});

/** One number, two, or two pairs: before and after each of height and width. */
function planePairs(layer: LayerCall, key: string, fallback: number): readonly (readonly [Dim, Dim])[] {
  const setting = layer.value(key);
  if (setting.kind === 'list' && setting.items.some((item) => item.kind === 'list')) {
    return setting.items.map((item): readonly [Dim, Dim] => {
      const [before, after] = asSizes(item) ?? [];
      return [before ?? UNKNOWN, after ?? UNKNOWN];
    });
  }
  return layer.sizes(key, 2, [fallback, fallback]).map((size) => [size, size]);
}

const zeroPadding2d: LayerKind = {
  className: 'ZeroPadding2D',
  rank: 4,
  call: (layer, inputs) => {
    const pairs = planePairs(layer, 'padding', 1).map((pair) => asAttributes(pair));
    const none = [0, 0];
    const paddings = channelsFirst(layer) ? [none, none, ...pairs] : [none, ...pairs, none];
    return layer.step('pad', [one(inputs)], { paddings, mode: 'constant', value: 0 });
  },
};

const cropping2D: LayerKind = {
  className: 'Cropping2D',
  rank: 4,
  call: (layer, inputs) => {
    const shape = shapeOf(one(inputs));
    const from = channelsFirst(layer) ? 2 : 1;
    const pairs = planePairs(layer, 'cropping', 0);
    const cut = (axis: number): readonly [Dim, Dim] | undefined => pairs[axis - from];
    const begin = shape.map((_, axis) => cut(axis)?.[0] ?? ZERO);
    const size = shape.map((whole, axis) => subtract(subtract(whole, cut(axis)?.[0] ?? ZERO), cut(axis)?.[1] ?? ZERO));
    return layer.step('slice', [one(inputs)], { begin: asAttributes(begin), size: asAttributes(size) });
  },
};

const upSampling2d: LayerKind = {
  className: 'UpSampling2D',
  rank: 4,
  call: (layer, inputs) => {
    const factors = layer.sizes('size', 2, [2, 2]);
    const method = layer.word('interpolation', 'nearest');
    return withChannelsLast(layer, 2, one(inputs), (input) => {
      const shape = shapeOf(input);
      const size = asAttributes(factors.map((factor, axis) => multiply(factor, shape[axis + 1] ?? UNKNOWN)));
      return layer.step('resize', [input], { size, method, alignCorners: false, halfPixelCenters: false, dataFormat: 'channelsLast' });
    });
  },
};

const resizing: LayerKind = {
  className: 'Resizing',
  least: 3,
  call: (layer, inputs) => {
    const attributes = {
      method: layer.word('interpolation', 'bilinear'),
      alignCorners: !layer.flag('cropToAspectRatio', false),
      halfPixelCenters: false,
      dataFormat: 'channelsLast',
    };
    return layer.step('resize', [one(inputs)], { ...attributes, size: asAttributes([layer.size('height'), layer.size('width')]) });
  },
};

const averagePooling = (spatial: number): LayerKind => pooling(`AveragePooling${spatial}D`, 'avgPool', spatial);
const maxPooling = (spatial: number): LayerKind => pooling(`MaxPooling${spatial}D`, 'maxPool', spatial);
const globalMax = (spatial: number): LayerKind => global(`GlobalMaxPooling${spatial}D`, 'max', spatial);

/** Convolution and pooling layers, by factory; tfjs has several names for some. */
export const convolving: Readonly<Record<string, LayerKind>> = {
  conv1d: convolution('Conv1D', 1),
  conv2d: convolution('Conv2D', 2),
  conv3d: convolution('Conv3D', 3),
  conv2dTranspose: transposed('Conv2DTranspose', 2),
  conv3dTranspose: transposed('Conv3DTranspose', 3),
  depthwiseConv2d: depthwise,
  separableConv2d: separable,
  ...Object.fromEntries(
    [1, 2, 3].flatMap((spatial) => ['averagePooling', 'avgPool', 'avgPooling'].map((name) => [`${name}${spatial}d`, averagePooling(spatial)])),
  ),
  ...Object.fromEntries([1, 2, 3].map((spatial) => [`maxPooling${spatial}d`, maxPooling(spatial)])),
  maxPool1d: maxPooling(1),
  maxPool2d: maxPooling(2),
  globalAveragePooling1d: global('GlobalAveragePooling1D', 'mean', 1),
  globalAveragePooling2d: global('GlobalAveragePooling2D', 'mean', 2),
  globalMaxPooling1d: globalMax(1),
  globalMaxPooling2d: globalMax(2),
  globalMaxPool1d: globalMax(1),
  globalMaxPool2d: globalMax(2),
  zeroPadding2d,
  cropping2D,
  upSampling2d,
  resizing,
};
