/** Elementwise functions. */

import { realNumber } from '../../common/reading';
import { step, type TensorValue, type Value } from '../../common/values';
import { type Bound, given, maybeTensor, option, plain, tensor, tensors } from '../binder';
import { requireSameShape } from '../checks';
import { composed, type Line, type Lines, op, unmodelled } from '../line';
import { dtypeOf } from '../reading';

const UNARY = [
  'abs',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'ceil',
  'cos',
  'cosh',
  'erf',
  'exp',
  'expm1',
  'floor',
  'isFinite',
  'isInf',
  'isNaN',
  'log',
  'log1p',
  'logSigmoid',
  'neg',
  'reciprocal',
  'relu',
  'relu6',
  'round',
  'rsqrt',
  'selu',
  'sigmoid',
  'sign',
  'sin',
  'sinh',
  'softplus',
  'sqrt',
  'square',
  'tan',
  'tanh',
  'onesLike',
  'zerosLike',
] as const;

const BINARY = [
  'add',
  'sub',
  'mul',
  'floorDiv',
  'mod',
  'maximum',
  'minimum',
  'squaredDifference',
  'atan2',
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
] as const;

const LOGICAL = ['logicalAnd', 'logicalOr', 'logicalXor'] as const;

/** Two terms: a tensor and a number, or two tensors. */
const TERMS = [tensor('a', { term: true }), tensor('b', { term: true })] as const;

const binary = (name: string): Line => op(name, TERMS);

/** Whole numbers divided give whole numbers in tfjs. */
function divide({ host, args, operands }: Bound): Value {
  const whole = operands.every((operand) => operand.dtype === 'int32');
  return step(host, whole ? 'floorDiv' : 'div', operands, {}, args);
}

/** tfjs wants equal shapes here, and does not broadcast. */
function addAll(bound: Bound): Value {
  const [first, ...others] = bound.list('tensors');
  if (first === undefined) return bound.host.unknownTensor('there is nothing to add');
  return others.reduce<TensorValue>((sum, next) => {
    requireSameShape(bound, sum, next);
    return step(bound.host, 'add', [sum, next], {}, bound.args);
  }, first);
}

/** Elementwise functions, by name. */
export const elementwise: Lines = {
  ...Object.fromEntries(UNARY.map((name) => [name, op(name, [tensor('x')])])),
  ...Object.fromEntries(BINARY.map((name) => [name, binary(name)])),
  ...Object.fromEntries(LOGICAL.map((name) => [name, op(name, [tensor('a', { dtype: 'bool' }), tensor('b', { dtype: 'bool' })])])),
  logicalNot: op('logicalNot', [tensor('x', { dtype: 'bool' })]),
  clone: op('identity', [tensor('x')]),
  elu: op('elu', [tensor('x')], { alpha: 1 }),
  leakyRelu: op('leakyRelu', [tensor('x'), option('alpha', realNumber, 0.2)]),
  prelu: op('prelu', [tensor('x'), tensor('alpha')]),
  clipByValue: op('clip', [tensor('x'), given('clipValueMin', realNumber, 'min'), given('clipValueMax', realNumber, 'max')]),
  step: op('step', [tensor('x'), option('alpha', realNumber, 0)]),
  cast: op('cast', [tensor('x'), given('dtype', dtypeOf)]),
  pow: op('pow', [tensor('base'), tensor('exp', { term: true })]),
  div: composed(TERMS, divide),
  divNoNan: composed(TERMS, divide),
  where: op('where', [tensor('condition', { dtype: 'bool' }), tensor('a'), tensor('b')]),
  addN: composed([tensors('tensors')], addAll),
  dropout: op('dropout', [tensor('x'), given('rate', realNumber), plain('noiseShape'), plain('seed')]),
  bitwiseAnd: unmodelled([tensor('x'), tensor('y')], 'int32'),
  complex: unmodelled([tensor('real'), tensor('imag')], 'complex64'),
  real: unmodelled([tensor('input')]),
  imag: unmodelled([tensor('input')]),
  movingAverage: unmodelled([tensor('v'), tensor('x'), tensor('decay'), maybeTensor('step'), plain('zeroDebias')]),
};
