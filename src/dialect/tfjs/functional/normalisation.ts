/** Normalisation and the fused functions. */
import type { Real } from '../../../dim/index';
import type { Attribute, Attributes } from '../../../ops/operator';
import { flagged, oneOf, perAxis, realNumber } from '../../common/reading';
import { step, type TensorValue, type Value } from '../../common/values';
import { type Bound, given, maybeTensor, option, type Param, plain, tensor } from '../binder';
import { composed, type Line, type Lines, unmodelled } from '../line';
import { dataFormat, padding } from '../reading';
import { convolutions } from './convolutions';

const isNumber = (value: Attribute): value is number | Real => typeof value === 'number' || (typeof value === 'object' && value !== null && 'kind' in value);

/** Statistics of one axis go to the operator; of the input's rank, they broadcast as tfjs's formula does. */
function batchNorm(bound: Bound): Value {
  const { host, args } = bound;
  const [x, mean, variance] = [bound.tensor('x'), bound.tensor('mean'), bound.tensor('variance')];
  const [beta, gamma] = [bound.maybe('offset'), bound.maybe('scale')];
  const epsilon = bound.attribute('varianceEpsilon');
  if (mean.shape === null || mean.shape.length === 1) {
    const operands = [x, mean, variance, gamma, beta].filter((operand) => operand !== undefined);
    return step(host, 'batchNorm', operands, { axis: -1, epsilon, scale: gamma !== undefined, center: beta !== undefined }, args);
  }
  const run = (name: string, ...operands: readonly TensorValue[]): TensorValue => step(host, name, operands, {}, args);
  const small = host.constant([], 'float32', [isNumber(epsilon) ? epsilon : 0.001]);
  const normal = run('mul', run('sub', x, mean), run('rsqrt', run('add', variance, small)));
  const scaled = gamma === undefined ? normal : run('mul', normal, gamma);
  return beta === undefined ? scaled : run('add', scaled, beta);
}

const batchNormOf = (rank?: number): Line =>
  composed(
    [
      rank === undefined ? tensor('x') : tensor('x', { exactly: rank }),
      tensor('mean'),
      tensor('variance'),
      maybeTensor('offset'),
      maybeTensor('scale'),
      option('varianceEpsilon', realNumber, 0.001),
    ],
    batchNorm,
  );

/** The activations that tfjs fuses, as operators. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: 'relu',
  elu: 'elu',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  prelu: 'prelu',
  leakyrelu: 'leakyRelu',
};

const TAIL: readonly Param[] = [
  maybeTensor('bias'),
  option('activation', oneOf('linear', ...Object.keys(ACTIVATIONS)), 'linear', null),
  maybeTensor('preluActivationWeights'),
  option('leakyreluAlpha', realNumber, 0.2, null),
];

/** Bias and activation after the product. */
function finish(bound: Bound, product: TensorValue): TensorValue {
  const { host, args } = bound;
  const bias = bound.maybe('bias');
  const biased = bias === undefined ? product : step(host, 'add', [product, bias], {}, args);
  const activation = ACTIVATIONS[String(bound.attribute('activation'))];
  if (activation === undefined) return biased;
  const alpha = bound.maybe('preluActivationWeights');
  const attributes: Attributes = activation === 'leakyRelu' ? { alpha: bound.attribute('leakyreluAlpha') } : activation === 'elu' ? { alpha: 1 } : {};
  return step(host, activation, activation === 'prelu' && alpha !== undefined ? [biased, alpha] : [biased], attributes, args);
}

/** The same product as the functional one, then what is fused with it. */
function fusedConvolution(name: 'conv2d' | 'depthwiseConv2d'): Line {
  const params: readonly Param[] = [
    tensor('x'),
    tensor('filter', { exactly: 4 }),
    given('strides', perAxis(2)),
    given('pad', padding, 'padding'),
    option('dataFormat', dataFormat, 'channelsLast'),
    option('dilations', perAxis(2), [1, 1]),
    option('dimRoundingMode', oneOf('floor', 'round', 'ceil'), undefined, null),
    ...TAIL,
  ];
  return composed(params, (bound) => {
    const product = convolutions[name]?.run({ ...bound, operands: [bound.tensor('x'), bound.tensor('filter')] });
    return product?.kind === 'tensor' ? finish(bound, product) : bound.host.unknownTensor('no rule for the product', bound.operands);
  });
}

/** `tf.fused`: each takes one object of options. */
export const fused: Lines = {
  matMul: composed(
    [tensor('a', { least: 2 }), tensor('b', { least: 2 }), option('transposeA', flagged, false), option('transposeB', flagged, false), ...TAIL],
    (bound) => finish(bound, step(bound.host, 'matmul', [bound.tensor('a'), bound.tensor('b')], bound.attributes, bound.args)),
  ),
  conv2d: fusedConvolution('conv2d'),
  depthwiseConv2d: fusedConvolution('depthwiseConv2d'),
};

/** Normalisations, by name. */
export const normalisation: Lines = {
  batchNorm: batchNormOf(),
  batchNorm2d: batchNormOf(2),
  batchNorm3d: batchNormOf(3),
  batchNorm4d: batchNormOf(4),
  localResponseNormalization: unmodelled([tensor('x'), plain('depthRadius'), plain('bias'), plain('alpha'), plain('beta')]),
};
