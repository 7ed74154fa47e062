/** Samples of the elementwise operators: any shape, every element type that tfjs takes. */
import * as fc from 'fast-check';
import type { binary } from '../../../src/ops/binary';
import type { Attributes, DType, Tensor, Tfjs } from '../../../src/ops/operator';
import type { selection } from '../../../src/ops/selection';
import type { unary } from '../../../src/ops/unary';
import { broadcastable, casesBy, oneOf, type Sample, shapeOf } from '../sample';

const ANY: readonly DType[] = ['float32', 'int32', 'bool'];
const NUMBERS: readonly DType[] = ['float32', 'int32'];
const FLOAT: readonly DType[] = ['float32'];
const TRUTH: readonly DType[] = ['bool'];
const WHOLE: readonly DType[] = ['int32'];
/** Floating numbers are what it is for, and no error says so. */
const FLOAT_ONLY: readonly DType[] = ['float32'];

const shapes = shapeOf(0, 4);

function one(dtypes: readonly DType[], call: (tf: Tfjs, x: Tensor) => Tensor, attributes: Attributes = {}, range: readonly [number, number] = [-2, 2]): Sample {
  return {
    cases: fc.record({ shape: shapes, dtype: oneOf(...dtypes) }).map(({ shape, dtype }) => ({
      inputs: [dtype === 'float32' ? { shape, dtype, range } : { shape, dtype }],
      attributes,
    })),
    api: (tf, [x]) => call(tf, x as Tensor),
    ...(dtypes === FLOAT || dtypes === TRUTH
      ? { wrong: ANY.filter((dtype) => !dtypes.includes(dtype)).map((dtype) => ({ inputs: [{ shape: [2], dtype }], attributes })) }
      : {}),
  };
}

/** As torch has it: tfjs has no such function. */
function ownOne(
  dtypes: readonly DType[],
  call: (tf: Tfjs, x: Tensor) => Tensor,
  attributes: Attributes = {},
  range: readonly [number, number] = [-2, 2],
): Sample {
  const { cases } = one(dtypes, call, attributes, range);
  return { cases: cases.map((given) => ({ ...given, runtime: 'torch' })), reference: (tf, [x]) => call(tf, x as Tensor) };
}

export const unarySamples: Record<keyof typeof unary, Sample> = {
  neg: one(ANY, (tf, x) => tf.neg(x)),
  abs: one(ANY, (tf, x) => tf.abs(x)),
  sign: one(ANY, (tf, x) => tf.sign(x)),
  floor: one(FLOAT, (tf, x) => tf.floor(x)),
  ceil: one(FLOAT, (tf, x) => tf.ceil(x)),
  round: one(ANY, (tf, x) => tf.round(x)),
  square: one(ANY, (tf, x) => tf.square(x)),
  reciprocal: one(ANY, (tf, x) => tf.reciprocal(x)),
  exp: one(ANY, (tf, x) => tf.exp(x)),
  expm1: one(ANY, (tf, x) => tf.expm1(x)),
  log: one(FLOAT, (tf, x) => tf.log(x), {}, [0.1, 3]),
  log1p: one(ANY, (tf, x) => tf.log1p(x)),
  sqrt: one(FLOAT, (tf, x) => tf.sqrt(x), {}, [0, 3]),
  rsqrt: one(FLOAT, (tf, x) => tf.rsqrt(x), {}, [0.1, 3]),
  sin: one(FLOAT, (tf, x) => tf.sin(x)),
  cos: one(FLOAT, (tf, x) => tf.cos(x)),
  tan: one(FLOAT, (tf, x) => tf.tan(x)),
  asin: one(ANY, (tf, x) => tf.asin(x), {}, [-1, 1]),
  acos: one(ANY, (tf, x) => tf.acos(x), {}, [-1, 1]),
  atan: one(ANY, (tf, x) => tf.atan(x)),
  sinh: one(ANY, (tf, x) => tf.sinh(x)),
  cosh: one(FLOAT, (tf, x) => tf.cosh(x)),
  tanh: one(FLOAT, (tf, x) => tf.tanh(x)),
  asinh: one(ANY, (tf, x) => tf.asinh(x)),
  acosh: one(ANY, (tf, x) => tf.acosh(x), {}, [1, 3]),
  atanh: one(ANY, (tf, x) => tf.atanh(x), {}, [-0.9, 0.9]),
  erf: one(NUMBERS, (tf, x) => tf.erf(x)),
  sigmoid: one(FLOAT, (tf, x) => tf.sigmoid(x)),
  logSigmoid: one(ANY, (tf, x) => tf.logSigmoid(x)),
  relu: one(ANY, (tf, x) => tf.relu(x)),
  relu6: one(ANY, (tf, x) => tf.relu6(x), {}, [-2, 9]),
  selu: one(ANY, (tf, x) => tf.selu(x)),
  softplus: one(ANY, (tf, x) => tf.softplus(x)),
  softsign: one(FLOAT_ONLY, (tf, x) => tf.div(x, tf.add(1, tf.abs(x)))),
  silu: one(FLOAT, (tf, x) => tf.mul(tf.sigmoid(x), x)),
  mish: one(FLOAT_ONLY, (tf, x) => tf.mul(x, tf.tanh(tf.log(tf.add(1, tf.exp(x)))))),
  hardSwish: one(FLOAT_ONLY, (tf, x) => tf.mul(x, tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1)), {}, [-5, 5]),
  hardSigmoid: one(FLOAT_ONLY, (tf, x) => tf.clipByValue(tf.add(0.5, tf.mul(0.2, x)), 0, 1), {}, [-5, 5]),
  elu: one(FLOAT, (tf, x) => tf.add(tf.relu(x), tf.mul(0.5, tf.sub(tf.exp(tf.minimum(x, 0)), 1))), { alpha: 0.5 }),
  leakyRelu: one(ANY, (tf, x) => tf.leakyRelu(x, 0.1), { alpha: 0.1 }),
  gelu: one(FLOAT_ONLY, (tf, x) => tf.mul(tf.div(x, 2), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))))),
  step: one(ANY, (tf, x) => tf.step(x, 0.5), { alpha: 0.5 }),
  bitwiseNot: ownOne(['int32', 'bool'], (tf, x) => (x.dtype === 'bool' ? tf.notEqual(tf.cast(x, 'int32'), 1) : tf.sub(tf.neg(x), tf.scalar(1, 'int32')))),
  celu: ownOne(FLOAT, (tf, x) => tf.add(tf.relu(x), tf.mul(0.5, tf.sub(tf.exp(tf.div(tf.minimum(x, 0), 0.5)), 1))), { alpha: 0.5 }),
  erfc: ownOne(FLOAT, (tf, x) => tf.neg(tf.sub(tf.erf(x), 1))),
  exp2: ownOne(FLOAT, (tf, x) => tf.pow(2, x)),
  frac: ownOne(NUMBERS, (tf, x) => tf.sub(x, tf.cast(tf.cast(x, 'int32'), x.dtype))),
  hardShrink: ownOne(FLOAT, (tf, x) => tf.mul(x, tf.cast(tf.logicalOr(tf.greater(x, 0.5), tf.less(x, -0.5)), 'float32')), { bound: 0.5 }),
  log2: ownOne(FLOAT, (tf, x) => tf.mul(tf.log(x), Math.LOG2E), {}, [0.1, 3]),
  log10: ownOne(FLOAT, (tf, x) => tf.mul(tf.log(x), Math.LOG10E), {}, [0.1, 3]),
  nanToNumber: ownOne(FLOAT, (tf, x) => tf.clone(x)),
  softShrink: ownOne(FLOAT, (tf, x) => tf.add(tf.relu(tf.sub(x, 0.5)), tf.minimum(tf.add(x, 0.5), 0)), { bound: 0.5 }),
  threshold: ownOne(FLOAT, (tf, x) => tf.where(tf.lessEqual(x, 0.3), tf.onesLike(x), x), { threshold: 0.3, value: 1 }),
  trunc: ownOne(NUMBERS, (tf, x) => tf.cast(tf.cast(x, 'int32'), x.dtype)),
  isNaN: one(ANY, (tf, x) => tf.isNaN(x)),
  isFinite: one(ANY, (tf, x) => tf.isFinite(x)),
  isInf: one(ANY, (tf, x) => tf.isInf(x)),
  logicalNot: one(TRUTH, (tf, x) => tf.logicalNot(x)),
  onesLike: one(ANY, (tf, x) => tf.onesLike(x)),
  zerosLike: one(ANY, (tf, x) => tf.zerosLike(x)),
};

function two(dtypes: readonly DType[], call: (tf: Tfjs, a: Tensor, b: Tensor) => Tensor, range: readonly [number, number] = [1, 3]): Sample {
  const operand = (shape: readonly number[], dtype: DType) => (dtype === 'bool' ? { shape, dtype } : { shape, dtype, range });
  return {
    cases: casesBy((draw) => ({ inputs: broadcastable(2, draw).map((shape) => operand(shape, draw(oneOf(...dtypes)))), attributes: {} })),
    api: (tf, [a, b]) => call(tf, a as Tensor, b as Tensor),
    ...(dtypes === TRUTH ? { wrong: [{ inputs: [{ shape: [2], dtype: 'bool' }, { shape: [2] }], attributes: {} }] } : {}),
  };
}

/** As torch has it, of operands of one dtype. */
function ownTwo(dtypes: readonly DType[], call: (tf: Tfjs, a: Tensor, b: Tensor) => Tensor): Sample {
  const cases = casesBy((draw) => {
    const dtype = draw(oneOf(...dtypes));
    const operand = (shape: readonly number[]) => (dtype === 'bool' ? { shape, dtype } : { shape, dtype, range: [1, 3] as const });
    return { inputs: broadcastable(2, draw).map(operand), attributes: {}, runtime: 'torch' };
  });
  return { cases, reference: (tf, [a, b]) => call(tf, a as Tensor, b as Tensor) };
}

export const binarySamples: Record<keyof typeof binary, Sample> = {
  add: two(ANY, (tf, a, b) => tf.add(a, b)),
  sub: two(ANY, (tf, a, b) => tf.sub(a, b)),
  mul: two(ANY, (tf, a, b) => tf.mul(a, b)),
  div: two(ANY, (tf, a, b) => tf.div(a, b)),
  floorDiv: two(NUMBERS, (tf, a, b) => tf.floorDiv(a, b)),
  mod: two(ANY, (tf, a, b) => tf.mod(a, b)),
  pow: two(ANY, (tf, a, b) => tf.pow(a, b)),
  maximum: two(ANY, (tf, a, b) => tf.maximum(a, b)),
  minimum: two(ANY, (tf, a, b) => tf.minimum(a, b)),
  squaredDifference: two(ANY, (tf, a, b) => tf.squaredDifference(a, b)),
  atan2: two(ANY, (tf, a, b) => tf.atan2(a, b)),
  remainder: ownTwo(NUMBERS, (tf, a, b) => tf.sub(a, tf.mul(b, tf.cast(tf.cast(tf.div(tf.cast(a, 'float32'), tf.cast(b, 'float32')), 'int32'), a.dtype)))),
  logAddExp: ownTwo(FLOAT, (tf, a, b) => tf.log(tf.add(tf.exp(a), tf.exp(b)))),
  bitwiseAnd: ownTwo(TRUTH, (tf, a, b) => tf.logicalAnd(a, b)),
  bitwiseOr: ownTwo(TRUTH, (tf, a, b) => tf.logicalOr(a, b)),
  bitwiseXor: ownTwo(TRUTH, (tf, a, b) => tf.logicalXor(a, b)),
  shiftLeft: ownTwo(WHOLE, (tf, a, b) => tf.cast(tf.mul(a, tf.pow(tf.scalar(2), b)), 'int32')),
  shiftRight: ownTwo(WHOLE, (tf, a, b) => tf.cast(tf.floor(tf.div(tf.cast(a, 'float32'), tf.pow(tf.scalar(2), b))), 'int32')),
  isClose: ownTwo(FLOAT, (tf, a, b) => tf.lessEqual(tf.abs(tf.sub(a, b)), 1e-5)),
  prelu: two(ANY, (tf, a, b) => tf.prelu(a, b), [-2, 2]),
  equal: two(ANY, (tf, a, b) => tf.equal(a, b)),
  notEqual: two(ANY, (tf, a, b) => tf.notEqual(a, b)),
  less: two(ANY, (tf, a, b) => tf.less(a, b)),
  lessEqual: two(ANY, (tf, a, b) => tf.lessEqual(a, b)),
  greater: two(ANY, (tf, a, b) => tf.greater(a, b)),
  greaterEqual: two(ANY, (tf, a, b) => tf.greaterEqual(a, b)),
  logicalAnd: two(TRUTH, (tf, a, b) => tf.logicalAnd(a, b)),
  logicalOr: two(TRUTH, (tf, a, b) => tf.logicalOr(a, b)),
  logicalXor: two(TRUTH, (tf, a, b) => tf.logicalXor(a, b)),
};

const whereCases: Sample['cases'] = casesBy((draw) => {
  const [c = [], a = [], b = []] = broadcastable(3, draw);
  return {
    inputs: [
      { shape: c, dtype: 'bool' },
      { shape: a, dtype: draw(oneOf(...NUMBERS)) },
      { shape: b, dtype: draw(oneOf(...NUMBERS)) },
    ],
    attributes: {},
  };
});

export const selectionSamples: Record<keyof typeof selection, Sample> = {
  where: {
    cases: whereCases,
    api: (tf, [c, a, b]) => tf.where(c as Tensor, a as Tensor, b as Tensor),
    wrong: [{ inputs: [{ shape: [2] }, { shape: [2] }, { shape: [2] }], attributes: {} }],
  },
  clip: {
    ...one(ANY, (tf, x) => tf.clipByValue(x, 0, 1), { min: 0, max: 1 }),
    wrong: [{ inputs: [{ shape: [2] }], attributes: { min: 2, max: 1 } }],
  },
  cast: {
    cases: fc
      .record({ shape: shapes, from: oneOf(...ANY), to: oneOf(...ANY) })
      .map(({ shape, from, to }) => ({ inputs: [{ shape, dtype: from }], attributes: { dtype: to } })),
    api: (tf, [x], { dtype }) => tf.cast(x as Tensor, dtype as 'float32'),
    wrong: [{ inputs: [{ shape: [2], dtype: 'string' }], attributes: { dtype: 'float32' } }],
  },
  identity: one(ANY, (tf, x) => tf.clone(x)),
};
