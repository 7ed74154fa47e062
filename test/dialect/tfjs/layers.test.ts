/** Every layer of tfjs against ours: the same configuration on the same sizes gives the same shapes and weights, or fails in both. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { LAYER_KINDS } from '../../../src/dialect/tfjs/layers/index';
import { moduleFor } from '../../../src/dialect/tfjs/module';
import { findOperator } from '../../../src/ops/table';
import { call, sizesOf, type TestHost, tensor, testHost, value } from './host';

type Case = readonly [factory: string, config: Record<string, unknown> | undefined, shapes: readonly (readonly number[])[]];

const CASES: readonly Case[] = [
  ['dense', { units: 5 }, [[2, 3]]],
  ['dense', { units: 5, useBias: false, activation: 'gelu' }, [[2, 3, 4]]],
  ['dense', { units: 5, activation: 'softmax' }, [[2, 3, 4, 6]]],
  ['dense', { units: 5 }, [[2]]],
  ['embedding', { inputDim: 10, outputDim: 4 }, [[2, 3]]],
  ['flatten', {}, [[2, 3, 4]]],
  ['flatten', { dataFormat: 'channelsFirst' }, [[2, 3, 4, 5]]],
  ['flatten', {}, [[2, 3]]],
  ['reshape', { targetShape: [2, -1] }, [[2, 3, 4]]],
  ['reshape', { targetShape: [2, 6] }, [[2, 3, 4]]],
  ['reshape', { targetShape: [5, 2] }, [[2, 3, 4]]],
  ['permute', { dims: [2, 1] }, [[2, 3, 4]]],
  ['repeatVector', { n: 3 }, [[2, 4]]],
  ['masking', {}, [[2, 3, 4]]],
  ['rescaling', { scale: 0.5, offset: 1 }, [[2, 3, 4, 1]]],
  ['gaussianNoise', { stddev: 1 }, [[2, 3]]],
  ['gaussianDropout', { rate: 0.1 }, [[2, 3]]],
  ['alphaDropout', { rate: 0.1 }, [[2, 3]]],
  ['dropout', { rate: 0.1 }, [[2, 3]]],
  ['spatialDropout1d', { rate: 0.1 }, [[2, 3, 4]]],
  ['activation', { activation: 'relu' }, [[2, 3]]],
  ['reLU', { maxValue: 6 }, [[2, 3]]],
  ['leakyReLU', {}, [[2, 3]]],
  ['prelu', {}, [[2, 3, 4]]],
  ['prelu', { sharedAxes: [1] }, [[2, 3, 4]]],
  ['elu', {}, [[2, 3]]],
  ['thresholdedReLU', {}, [[2, 3]]],
  ['softmax', {}, [[2, 3]]],
  ['softmax', {}, [[2, 3, 4]]],
  ['softmax', { axis: -1 }, [[2, 3, 4]]],
  ['softmax', { axis: [1, 2] }, [[2, 3, 4]]],
  [
    'add',
    {},
    [
      [2, 3, 4, 5],
      [2, 5],
    ],
  ],
  [
    'add',
    {},
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
  ],
  [
    'add',
    {},
    [
      [2, 3],
      [2, 4],
    ],
  ],
  ['add', {}, [[2, 3]]],
  [
    'multiply',
    {},
    [
      [2, 3, 4],
      [2, 1, 4],
    ],
  ],
  [
    'average',
    {},
    [
      [2, 3],
      [2, 3],
    ],
  ],
  [
    'maximum',
    {},
    [
      [2, 3],
      [2, 3],
    ],
  ],
  [
    'minimum',
    {},
    [
      [2, 3],
      [2, 3],
    ],
  ],
  [
    'concatenate',
    {},
    [
      [2, 3],
      [2, 5],
    ],
  ],
  [
    'concatenate',
    { axis: 1 },
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
  ],
  ['concatenate', {}, [[2, 3]]],
  [
    'dot',
    { axes: -1 },
    [
      [2, 3],
      [2, 3],
    ],
  ],
  [
    'dot',
    { axes: 2 },
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
  ],
  [
    'dot',
    { axes: [2, 1] },
    [
      [2, 3, 4],
      [2, 4, 5],
    ],
  ],
  [
    'dot',
    { axes: [1, 1], normalize: true },
    [
      [2, 3, 4],
      [2, 3, 5],
    ],
  ],
  ['conv1d', { filters: 6, kernelSize: 3 }, [[2, 9, 4]]],
  ['conv2d', { filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }, [[2, 9, 8, 4]]],
  ['conv2d', { filters: 6, kernelSize: [3, 1], dataFormat: 'channelsFirst' }, [[2, 4, 9, 8]]],
  ['conv2d', { filters: 6, kernelSize: 3, dilationRate: 2 }, [[2, 9, 8, 4]]],
  ['conv2d', { filters: 6, kernelSize: 1 }, [[2, 9, 8]]],
  ['conv3d', { filters: 6, kernelSize: 2 }, [[2, 5, 5, 5, 3]]],
  ['conv2dTranspose', { filters: 6, kernelSize: 3, strides: 2 }, [[2, 4, 5, 3]]],
  ['conv2dTranspose', { filters: 6, kernelSize: 2, strides: 3 }, [[2, 4, 5, 3]]],
  ['conv2dTranspose', { filters: 6, kernelSize: 3, strides: 2, padding: 'same' }, [[2, 4, 5, 3]]],
  ['conv3dTranspose', { filters: 6, kernelSize: 2, strides: 2 }, [[2, 3, 3, 3, 2]]],
  ['depthwiseConv2d', { kernelSize: 3, depthMultiplier: 2 }, [[2, 9, 8, 4]]],
  ['depthwiseConv2d', { kernelSize: 3, padding: 'same', useBias: false }, [[2, 9, 8, 4]]],
  ['separableConv2d', { filters: 7, kernelSize: 3, depthMultiplier: 2 }, [[2, 9, 8, 4]]],
  ['averagePooling1d', { poolSize: 3 }, [[2, 9, 4]]],
  ['averagePooling2d', {}, [[2, 9, 8, 4]]],
  ['averagePooling3d', { padding: 'same' }, [[2, 5, 5, 5, 2]]],
  ['maxPooling1d', { strides: 1 }, [[2, 9, 4]]],
  ['maxPooling2d', { poolSize: [3, 2], strides: [2, 1], padding: 'same' }, [[2, 9, 8, 4]]],
  ['maxPooling2d', { dataFormat: 'channelsFirst' }, [[2, 4, 9, 8]]],
  ['maxPooling3d', { poolSize: 2 }, [[2, 4, 4, 4, 3]]],
  ['globalAveragePooling1d', {}, [[2, 9, 4]]],
  ['globalAveragePooling2d', {}, [[2, 9, 8, 4]]],
  ['globalMaxPooling1d', undefined, [[2, 9, 4]]],
  ['globalMaxPooling2d', { dataFormat: 'channelsFirst' }, [[2, 4, 9, 8]]],
  ['zeroPadding2d', {}, [[2, 9, 8, 4]]],
  [
    'zeroPadding2d',
    {
      padding: [
        [1, 2],
        [3, 4],
      ],
    },
    [[2, 9, 8, 4]],
  ],
  ['zeroPadding2d', { padding: [1, 2], dataFormat: 'channelsFirst' }, [[2, 4, 9, 8]]],
  ['cropping2D', { cropping: 1 }, [[2, 9, 8, 4]]],
  [
    'cropping2D',
    {
      cropping: [
        [1, 2],
        [0, 3],
      ],
    },
    [[2, 9, 8, 4]],
  ],
  ['upSampling2d', {}, [[2, 4, 5, 3]]],
  ['upSampling2d', { size: [3, 2], interpolation: 'bilinear', dataFormat: 'channelsFirst' }, [[2, 3, 4, 5]]],
  ['resizing', { height: 6, width: 7 }, [[2, 4, 5, 3]]],
  ['batchNormalization', {}, [[2, 9, 8, 4]]],
  ['batchNormalization', { axis: 1, center: false }, [[2, 9, 8, 4]]],
  ['layerNormalization', {}, [[2, 3, 4]]],
  ['layerNormalization', { axis: [1, 2], scale: false }, [[2, 3, 4]]],
  ['lstm', { units: 5, returnSequences: true }, [[2, 3, 4]]],
  ['lstm', { units: 5, returnState: true }, [[2, 3, 4]]],
  ['gru', { units: 5 }, [[2, 3, 4]]],
  ['simpleRNN', { units: 5, useBias: false }, [[2, 3, 4]]],
];

/** tfjs: the shapes that come out and the weights' shapes, or nothing where it throws. */
function real([factory, config, shapes]: Case): { outputs: unknown; weights: unknown } | undefined {
  try {
    const make = (tf.layers as unknown as Record<string, (config: unknown) => tf.layers.Layer>)[factory];
    const layer = make?.(structuredClone(config)) as tf.layers.Layer;
    const inputs = shapes.map((shape) => (factory === 'embedding' ? tf.zeros([...shape], 'int32') : tf.randomUniform([...shape])));
    const result = layer.apply(inputs.length === 1 && !MERGES.has(factory) ? (inputs[0] as tf.Tensor) : inputs) as tf.Tensor | tf.Tensor[];
    return { outputs: Array.isArray(result) ? result.map((item) => item.shape) : result.shape, weights: layer.weights.map((weight) => weight.shape) };
  } catch {
    return undefined;
  }
}

const MERGES = new Set(['add', 'multiply', 'average', 'maximum', 'minimum', 'concatenate', 'dot']);

function ours([factory, config, shapes]: Case, host: TestHost): { outputs: unknown; weights: unknown } {
  const tf = moduleFor('@tensorflow/tfjs');
  const layer = host.invoke(host.member(host.member(tf ?? value(undefined), 'layers'), factory), value(config));
  const inputs = shapes.map((shape) => tensor(shape, factory === 'embedding' ? 'int32' : 'float32'));
  const given = inputs.length === 1 && !MERGES.has(factory) ? value(inputs[0]) : value(inputs);
  const result = host.call(host.member(layer, 'apply'), call('layer.apply', [given]));
  const weights = host.member(layer, 'weights');
  return { outputs: sizesOf(result), weights: weights.kind === 'list' ? weights.items.map((item) => shapeOfVariable(host, item)) : [] };
}

function shapeOfVariable(host: TestHost, variable: ReturnType<typeof value>): unknown {
  const shape = host.member(variable, 'shape');
  return shape.kind === 'list'
    ? shape.items.map((item) =>
        item.kind === 'number' && item.real.kind === 'number'
          ? item.real.value
          : Number(item.kind === 'number' && item.real.kind === 'size' ? item.real.size.text : Number.NaN),
      )
    : undefined;
}

describe('layers', () => {
  it.each(CASES)('%s %j on %j', (...given) => {
    const host = testHost();
    const result = ours(given, host);
    const expected = real(given);
    if (expected === undefined) expect(host.problems.filter((problem) => problem.severity === 'error').length, JSON.stringify(result)).toBeGreaterThan(0);
    else {
      expect(result).toEqual(expected);
      expect(host.problems).toEqual([]);
    }
  });

  it('has a kind for every factory of tfjs', () => {
    const others = new Set(['Layer', 'RNN', 'RNNCell', 'input']);
    expect(Object.keys(tf.layers).filter((name) => !others.has(name) && !Object.hasOwn(LAYER_KINDS, name))).toEqual([]);
    expect(Object.keys(LAYER_KINDS).filter((name) => !Object.hasOwn(tf.layers, name))).toEqual([]);
  });

  it('uses operators that exist', () => {
    const names = ['linear', 'conv', 'depthwiseConv', 'convTranspose', 'maxPool', 'avgPool', 'batchNorm', 'layerNorm', 'recurrent', 'resize', 'pad', 'dropout'];
    expect(names.filter((name) => findOperator(name) === undefined)).toEqual([]);
  });
});
