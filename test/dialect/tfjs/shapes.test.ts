/** Functions of tfjs against ours: the same arguments give the same shapes and dtypes, or fail in both. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { moduleFor, tensorMember } from '../../../src/dialect/tfjs/module';
import type { DType } from '../../../src/ops/operator';
import type { Value } from '../../../src/value/index';
import { call, sizesOf, type TestHost, tensor, testHost, value } from './host';

/** A tensor among the arguments: `t(2, 3)`. */
interface Sample {
  readonly sample: readonly number[];
  readonly dtype: DType;
}

const t = (...sample: number[]): Sample => ({ sample, dtype: 'float32' });
const whole = (...sample: number[]): Sample => ({ sample, dtype: 'int32' });
const bools = (...sample: number[]): Sample => ({ sample, dtype: 'bool' });

type Case = readonly [path: string, ...args: unknown[]];

const UNARY =
  'abs acos acosh asin asinh atan atanh ceil cos cosh erf exp expm1 floor isFinite isInf isNaN log log1p logSigmoid neg reciprocal relu relu6 round rsqrt selu sigmoid sign sin sinh softplus sqrt square tan tanh onesLike zerosLike clone elu leakyRelu step'.split(
    ' ',
  );
const BINARY = 'add sub mul div floorDiv mod maximum minimum squaredDifference atan2 pow equal notEqual less lessEqual greater greaterEqual divNoNan'.split(
  ' ',
);

const CASES: readonly Case[] = [
  ...UNARY.map((name): Case => [name, t(2, 3)]),
  ...BINARY.map((name): Case => [name, t(2, 3), t(3)]),
  ...BINARY.map((name): Case => [name, t(2, 3), 2]),
  ['add', t(2, 3), t(2)],
  ['add', whole(2), t(2)],
  ['div', whole(2), whole(2)],
  [
    'mul',
    [
      [1, 2],
      [3, 4],
    ],
    t(2),
  ],
  ['logicalAnd', bools(2, 3), bools(3)],
  ['logicalNot', bools(2)],
  ['where', bools(2, 1), t(2, 3), t(3)],
  ['where', bools(2, 3), t(2, 3), 0],
  ['prelu', t(2, 3), t(3)],
  ['clipByValue', t(2, 3), 0, 1],
  ['cast', t(2), 'int32'],
  ['addN', [t(2, 3), t(2, 3), t(2, 3)]],
  ['addN', [t(2, 3), t(3)]],
  ['dropout', t(2, 3), 0.5],
  ...['sum', 'mean', 'max', 'min', 'prod', 'logSumExp'].flatMap((name): Case[] => [
    [name, t(2, 3, 4)],
    [name, t(2, 3, 4), -1],
    [name, t(2, 3, 4), [0, 2], true],
    [name, t(2, 3), 2],
  ]),
  ['any', bools(2, 3), 1],
  ['all', bools(2, 3)],
  ['argMax', t(2, 3)],
  ['argMax', t(2, 3), -1],
  ['argMin', t(2, 3), 1],
  ['norm', t(2, 3)],
  ['norm', t(2, 3), 'euclidean', 1, true],
  ['euclideanNorm', t(2, 3), 1],
  ['moments', t(2, 3, 4), [1], true],
  ['softmax', t(2, 3)],
  ['softmax', t(2, 3, 4), 2],
  ['softmax', t(2, 3, 4), 1],
  ['softmax', t(2, 3), -2],
  ['logSoftmax', t(2, 3)],
  ['cumsum', t(2, 3), 1, true],
  ['cumprod', t(2, 3)],
  ['topk', t(2, 5), 3],
  ['topk', t(2, 5), 6],
  ['matMul', t(2, 3), t(3, 4)],
  ['matMul', t(5, 2, 3), t(5, 4, 3), false, true],
  ['matMul', t(6, 5, 2, 3), t(5, 3, 4)],
  ['matMul', t(2, 3), t(4, 3)],
  ['matMul', t(3), t(3, 4)],
  ['dot', t(3), t(3, 4)],
  ['dot', t(2, 3), t(3)],
  ['dot', t(2, 3, 4), t(4, 2)],
  ['outerProduct', t(2), t(3)],
  ['einsum', 'bij,bjk->bik', t(2, 3, 4), t(2, 4, 5)],
  ['linalg.bandPart', t(2, 3, 3), -1, 0],
  ['conv1d', t(2, 9, 4), t(3, 4, 5), 2, 'same'],
  ['conv2d', t(2, 9, 8, 4), t(3, 3, 4, 5), 1, 'valid'],
  ['conv2d', t(9, 8, 4), t(3, 3, 4, 5), [2, 1], 'same'],
  ['conv2d', t(2, 9, 8, 4), t(3, 3, 4, 5), 2, 1],
  [
    'conv2d',
    t(2, 9, 8, 4),
    t(3, 3, 4, 5),
    1,
    [
      [0, 0],
      [1, 2],
      [0, 1],
      [0, 0],
    ],
  ],
  ['conv2d', t(2, 9, 8, 4), t(3, 3, 5, 5), 1, 'valid'],
  ['conv2d', t(2, 9, 8, 4), t(3, 3, 4, 5), 2, 'valid', 'NHWC', 2],
  ['conv3d', t(2, 5, 5, 5, 3), t(2, 2, 2, 3, 4), 1, 'same'],
  ['depthwiseConv2d', t(2, 9, 8, 4), t(3, 3, 4, 2), 1, 'same'],
  ['separableConv2d', t(2, 9, 8, 4), t(3, 3, 4, 2), t(1, 1, 8, 5), 1, 'same'],
  ['conv2dTranspose', t(2, 4, 4, 3), t(3, 3, 6, 3), [2, 8, 8, 6], 2, 'same'],
  ['maxPool', t(2, 9, 8, 4), 2, 2, 'valid'],
  ['avgPool', t(9, 8, 4), [3, 2], [1, 2], 'same'],
  ['maxPool3d', t(2, 5, 5, 5, 3), 2, 1, 'valid'],
  ['pool', t(2, 9, 8, 4), 2, 'max', 'valid', 1, 2],
  ['depthToSpace', t(2, 3, 4, 8), 2],
  ['reshape', t(2, 6), [3, -1]],
  ['reshape', t(2, 6), [5, 2]],
  ['expandDims', t(2, 3), -1],
  ['expandDims', t(2, 3), 1],
  ['squeeze', t(1, 2, 1)],
  ['squeeze', t(1, 2, 1), [0]],
  ['transpose', t(2, 3, 4)],
  ['transpose', t(2, 3, 4), [0, 2, 1]],
  ['transpose', t(2, 3, 4), [1, 0]],
  ['broadcastTo', t(3), [2, 3]],
  ['tile', t(2, 3), [2, 1]],
  ['tile', t(2, 3), [2]],
  [
    'pad',
    t(2, 3),
    [
      [0, 1],
      [2, 0],
    ],
  ],
  ['pad1d', t(3), [1, 2]],
  [
    'mirrorPad',
    t(4, 4),
    [
      [1, 1],
      [0, 0],
    ],
    'reflect',
  ],
  ['reverse', t(2, 3), 1],
  ['reverse', t(2, 3)],
  ['diag', t(3)],
  ['slice', t(4, 5), [1, 2], [2, -1]],
  ['slice', t(4, 5), 1],
  ['slice', t(4, 5), [1], [2]],
  ['slice', t(4, 5), [0, 3], [4, 4]],
  ['stridedSlice', t(4, 5), [0, 1], [4, 5], [2, 2]],
  ['stridedSlice', t(4, 5), [1, 0], [2, 5], [1, 1], 0, 0, 0, 0, 1],
  ['gather', t(4, 5), [0, 2, 1]],
  ['gather', t(4, 5), whole(2, 3), 1],
  [
    'gatherND',
    t(4, 5),
    [
      [0, 1],
      [2, 3],
      [1, 1],
    ],
  ],
  ['concat', [t(2, 3), t(4, 3)]],
  ['concat', [t(2, 3), t(2, 5)], -1],
  ['concat', [t(2, 3), t(2, 5)]],
  ['stack', [t(2, 3), t(2, 3)]],
  ['stack', [t(2, 3), t(2, 3)], -1],
  ['stack', [t(2, 3), t(2, 4)]],
  ['split', t(2, 6), 3, 1],
  ['split', t(2, 6), [1, 2, 3], -1],
  ['split', t(2, 6), [1, -1], 1],
  ['split', t(2, 6), 4, 1],
  ['unstack', t(2, 3), 1],
  ['unstack', t(2, 3)],
  ['oneHot', [0, 1, 2], 4],
  ['meshgrid', t(2), t(3)],
  ['scatterND', [[1], [3]], t(2), [5]],
  [
    'tensor',
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
  ['tensor', [1, 2, 3, 4], [2, 2]],
  ['tensor', [1, 2, 3, 4], [2, 3]],
  ['tensor1d', [1, 2], 'int32'],
  ['tensor2d', [1, 2, 3, 4, 5, 6], [2, 3]],
  ['scalar', 3],
  ['scalar', true],
  ['zeros', [2, 3]],
  ['ones', [2], 'int32'],
  ['fill', [2, 2], 5],
  ['eye', 3],
  ['eye', 3, 4, [2]],
  ['range', 0, 10, 3],
  ['range', 5, 0, -1, 'int32'],
  ['range', 5],
  ['linspace', 0, 1, 5],
  ['randomNormal', [2, 3]],
  ['truncatedNormal', [2, 3]],
  ['randomUniform', [2], 0, 5, 'int32'],
  ['batchNorm', t(2, 3, 4, 5), t(5), t(5), t(5), t(5)],
  ['batchNorm', t(2, 3), t(2, 3), t(2, 3)],
  ['image.resizeBilinear', t(2, 4, 5, 3), [8, 10]],
  ['image.resizeNearestNeighbor', t(4, 5, 3), [8, 10]],
  ['image.flipLeftRight', t(2, 4, 5, 3)],
  ['image.grayscaleToRGB', t(2, 4, 5, 1)],
  ['losses.meanSquaredError', t(2, 3), t(2, 3)],
  ['losses.meanSquaredError', t(2, 3), t(3)],
  ['losses.softmaxCrossEntropy', t(2, 3), t(2, 3)],
  ['losses.sigmoidCrossEntropy', t(2, 3), t(2, 3), t(2, 3), 0, 0],
  ['losses.huberLoss', t(2, 3), t(2, 3), null, 1, 0],
  ['losses.logLoss', t(2, 3), t(2, 3)],
  ['losses.hingeLoss', t(2, 3), t(2, 3)],
  ['losses.absoluteDifference', t(2, 3), t(2, 3)],
  ['losses.cosineDistance', t(2, 3), t(2, 3), 1],
  ['fused.matMul', { a: t(2, 3), b: t(3, 4), bias: t(4), activation: 'relu' }],
  ['fused.conv2d', { x: t(2, 9, 8, 4), filter: t(3, 3, 4, 5), strides: 1, pad: 'same', bias: t(5) }],
  ['signal.hannWindow', 5],
];

const isSample = (given: unknown): given is Sample => typeof given === 'object' && given !== null && 'sample' in given;

/** Replaces the samples anywhere in the arguments. */
function withTensors(given: unknown, make: (sample: Sample) => unknown): unknown {
  if (isSample(given)) return make(given);
  if (Array.isArray(given)) return given.map((item) => withTensors(item, make));
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, withTensors(item, make)]));
}

function at(path: string): (...args: unknown[]) => unknown {
  const found = path.split('.').reduce<unknown>((owner, name) => (owner as Record<string, unknown>)[name], tf);
  return found as (...args: unknown[]) => unknown;
}

const realTensor = ({ sample, dtype }: Sample): tf.Tensor => tf.cast(tf.randomUniform([...sample], 1, 2), dtype as tf.DataType);

/** Shapes and dtypes of what tfjs gives; nothing where it throws. */
function real([path, ...args]: Case): unknown {
  try {
    return described(at(path)(...args.map((arg) => withTensors(arg, realTensor))));
  } catch {
    return undefined;
  }
}

function described(result: unknown): unknown {
  if (result instanceof tf.Tensor) return [result.shape, result.dtype];
  if (Array.isArray(result)) return result.map(described);
  return Object.fromEntries(Object.entries(result as object).map(([key, item]) => [key, described(item)]));
}

function describedValue(result: Value): unknown {
  if (result.kind === 'tensor') return [sizesOf(result), result.dtype];
  if (result.kind === 'list') return result.items.map(describedValue);
  return result.kind === 'dict' ? Object.fromEntries([...result.entries].map(([key, item]) => [key, describedValue(item)])) : result.kind;
}

function ours([path, ...args]: Case, host: TestHost): Value {
  const library = moduleFor('@tensorflow/tfjs') ?? value(undefined);
  const callee = path.split('.').reduce<Value>((owner, name) => host.member(owner, name), library);
  const values = args.map((arg) => value(withTensors(arg, ({ sample, dtype }) => tensor(sample, dtype))));
  return host.call(callee, call(`tf.${path}`, values));
}

const errors = (host: TestHost): number => host.problems.filter((problem) => problem.severity === 'error').length;

describe('functions', () => {
  it.each(CASES.map((given) => [given[0], given] as const))('tf.%s', (_, given) => {
    const host = testHost();
    const result = describedValue(ours(given, host));
    const expected = real(given);
    if (expected === undefined) expect(errors(host), JSON.stringify(result)).toBeGreaterThan(0);
    else {
      expect(result).toEqual(expected);
      expect(errors(host)).toBe(0);
    }
  });
});

describe('chained functions', () => {
  const chained = CASES.filter(([path, first]) => isSample(first) && !path.includes('.') && path in tf.Tensor.prototype && path !== 'where');

  it.each(chained.map((given) => [given[0], given] as const))('x.%s', (path, [, first, ...rest]) => {
    const host = testHost();
    const member = tensorMember(tensor((first as Sample).sample, (first as Sample).dtype), path, host) ?? value(undefined);
    const result = host.call(
      member,
      call(
        `x.${path}`,
        rest.map((arg) => value(withTensors(arg, ({ sample, dtype }) => tensor(sample, dtype)))),
      ),
    );
    const other = testHost();
    expect(describedValue(result)).toEqual(describedValue(ours([path, first, ...rest], other)));
    expect(errors(host)).toBe(errors(other));
  });
});
