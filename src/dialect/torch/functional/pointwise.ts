/** Elementwise functions. */
import { numberOf } from '../../../ops/attributes';
import { isInteger, promote } from '../../../ops/dtypes';
import type { OperatorName } from '../../../ops/table';
import { isMissing, steps as stepsOf, type TensorValue, TRUE, unknown, type Value } from '../../common/values';
import { type Bound, refuse } from '../binder';
import { castAs, composed, either, type Line, type Lines, op, taking, unmodelled } from '../line';
import { asTensor } from '../operands';
import { writing } from '../writing';
import { nonzeroColumns } from './reductions';

/** Functions of one tensor, with the operators that they are. */
const UNARY: Readonly<Record<string, OperatorName>> = {
  abs: 'abs',
  absolute: 'abs',
  acos: 'acos',
  arccos: 'acos',
  acosh: 'acosh',
  arccosh: 'acosh',
  asin: 'asin',
  arcsin: 'asin',
  asinh: 'asinh',
  arcsinh: 'asinh',
  atan: 'atan',
  arctan: 'atan',
  atanh: 'atanh',
  arctanh: 'atanh',
  bitwise_not: 'bitwiseNot',
  ceil: 'ceil',
  cos: 'cos',
  cosh: 'cosh',
  erf: 'erf',
  erfc: 'erfc',
  exp: 'exp',
  exp2: 'exp2',
  expm1: 'expm1',
  fix: 'trunc',
  floor: 'floor',
  frac: 'frac',
  isfinite: 'isFinite',
  isinf: 'isInf',
  isnan: 'isNaN',
  log: 'log',
  log10: 'log10',
  log1p: 'log1p',
  log2: 'log2',
  logical_not: 'logicalNot',
  neg: 'neg',
  negative: 'neg',
  positive: 'identity',
  reciprocal: 'reciprocal',
  relu: 'relu',
  rsqrt: 'rsqrt',
  sgn: 'sign',
  sigmoid: 'sigmoid',
  sign: 'sign',
  sin: 'sin',
  sinh: 'sinh',
  sqrt: 'sqrt',
  square: 'square',
  tan: 'tan',
  tanh: 'tanh',
  trunc: 'trunc',
};

/** Functions of two terms, with the operators that they are. */
const BINARY: Readonly<Record<string, OperatorName>> = {
  arctan2: 'atan2',
  atan2: 'atan2',
  bitwise_and: 'bitwiseAnd',
  bitwise_left_shift: 'shiftLeft',
  bitwise_or: 'bitwiseOr',
  bitwise_right_shift: 'shiftRight',
  bitwise_xor: 'bitwiseXor',
  eq: 'equal',
  floor_divide: 'floorDiv',
  fmax: 'maximum',
  fmin: 'minimum',
  ge: 'greaterEqual',
  greater: 'greater',
  greater_equal: 'greaterEqual',
  gt: 'greater',
  le: 'lessEqual',
  less: 'less',
  less_equal: 'lessEqual',
  fmod: 'remainder',
  logaddexp: 'logAddExp',
  logical_and: 'logicalAnd',
  logical_or: 'logicalOr',
  logical_xor: 'logicalXor',
  lt: 'less',
  maximum: 'maximum',
  minimum: 'minimum',
  mul: 'mul',
  multiply: 'mul',
  ne: 'notEqual',
  not_equal: 'notEqual',
  pow: 'pow',
  remainder: 'mod',
};

const TERMS = 'input: term, other: term';
const unary = (names: Readonly<Record<string, OperatorName>>): Lines => Object.fromEntries(Object.entries(names).map(([name, to]) => [name, op(to, 'input')]));

/** An operand times a factor that the call may give. */
function scaled(bound: Bound, name: string, factor: string): TensorValue {
  const operand = bound.tensor(name);
  const by = bound.value(factor);
  return isMissing(by) ? operand : taking(bound)('mul', [operand, asTensor(by, bound.host, [operand])]);
}

const summed = (operator: 'add' | 'sub'): Line =>
  composed('input: term, other: term, *, alpha: any = None', (bound) => taking(bound)(operator, [bound.tensor('input'), scaled(bound, 'other', 'alpha')]));

/** Division, rounded where the call says so. */
function divide(bound: Bound): Value {
  const mode = bound.attribute('rounding_mode');
  const take = taking(bound);
  if (mode === 'floor') return take('floorDiv', bound.operands);
  const quotient = take('div', bound.operands);
  const dtype = promote(
    bound.operands.map((operand) => ({ shape: operand.shape ?? [], dtype: operand.dtype })),
    'torch',
  );
  const whole = mode === 'trunc' ? take('trunc', [quotient]) : quotient;
  return mode === 'trunc' && isInteger(dtype) ? take('cast', [whole], { dtype }) : whole;
}

const DIVIDE: Line = composed('input: term, other: term, *, rounding_mode: word as - = None', divide);

/** Bounds that are tensors are met one after the other. */
function clamp(bound: Bound): Value {
  const take = taking(bound);
  const [low, high] = [bound.maybe('min'), bound.maybe('max')];
  const raised = low ? take('maximum', [bound.tensor('input'), low]) : bound.tensor('input');
  return high ? take('minimum', [raised, high]) : raised;
}

const CLAMP: Line = either(composed('input, min: number = None, max: number = None', clip), composed('input, min: term = None, max: term = None', clamp));

/** Bounds that are numbers: one of them at least. */
function clip(bound: Bound): Value {
  const x = bound.tensor('input');
  if (bound.attribute('min') === null && bound.attribute('max') === null)
    refuse(bound.host, bound.args, 'bad-argument', 'neither a least nor a greatest value is given', [x]);
  return taking(bound)('clip', [x], bound.attributes);
}

/** `input + value * (a operator b)`. */
const accumulated = (operator: 'mul' | 'div'): Line =>
  composed('input, tensor1, tensor2, *, value: any = None', (bound) => {
    const take = taking(bound);
    const joined = take(operator, [bound.tensor('tensor1'), bound.tensor('tensor2')]);
    const by = bound.value('value');
    return take('add', [bound.tensor('input'), isMissing(by) ? joined : take('mul', [joined, asTensor(by, bound.host, [joined])])]);
  });

/** A line that takes several steps from one operand or two. */
const steps = (signature: string, run: (take: ReturnType<typeof taking>, operands: readonly TensorValue[], bound: Bound) => Value): Line =>
  composed(signature, (bound) => run(taking(bound), bound.operands, bound));

/** The mask's places take the value, in the operand's dtype. */
function maskedFill(bound: Bound): Value {
  const take = taking(bound);
  const fill = bound.tensor('value');
  const { dtype } = bound.tensor('input');
  return take('where', [bound.tensor('mask'), fill.dtype === dtype ? fill : take('cast', [fill], { dtype }), bound.tensor('input')]);
}

const choice = (bound: Bound): Value => taking(bound)('where', [bound.tensor('condition'), bound.tensor('input'), bound.tensor('other')]);

function logit(bound: Bound): Value {
  const take = taking(bound);
  const eps = numberOf(bound.attribute('eps'));
  const x = eps !== undefined ? take('clip', [bound.tensor('input')], { min: eps, max: 1 - eps }) : bound.tensor('input');
  return take('log', [take('div', [x, take('sub', [1, x])])]);
}

const truthOfAll = (signature: string): Line => composed(signature, () => unknown('the values of tensors are not compared', 'boolean'), 'other');

/** Functions of `torch` that tensors have as methods too. */
export const pointwise: Lines = {
  ...unary(UNARY),
  ...Object.fromEntries(Object.entries(BINARY).map(([name, to]) => [name, op(to, TERMS)])),
  pow: op('pow', 'input: term, exponent: term'),
  float_power: op('pow', 'input: term, exponent: term'),
  add: summed('add'),
  sub: summed('sub'),
  subtract: summed('sub'),
  div: DIVIDE,
  divide: DIVIDE,
  true_divide: DIVIDE,
  clamp: CLAMP,
  clip: CLAMP,
  clamp_min: either(op('clip', 'input, min: number'), op('maximum', 'input, min')),
  clamp_max: either(op('clip', 'input, max: number'), op('minimum', 'input, max')),
  addcmul: castAs('widest', accumulated('mul')),
  addcdiv: castAs('widest', accumulated('div')),
  lerp: steps('input, end, weight: term', (take, [x = 0, end = 0, weight = 0]) => take('add', [x, take('mul', [weight, take('sub', [end, x])])])),
  masked_fill: composed('input, mask, value: term', maskedFill),
  isclose: op('isClose', 'input, other, rtol: number = 1e-05, atol: number = 1e-08, equal_nan: flag = false'),
  allclose: truthOfAll('input, other, rtol: any = None, atol: any = None, equal_nan: any = None'),
  equal: truthOfAll('input, other'),
  logit: composed('input, eps: number as - = None', logit),
  hypot: steps(TERMS, (take, [a = 0, b = 0]) => take('sqrt', [take('add', [take('square', [a]), take('square', [b])])])),
  deg2rad: steps('input', (take, [x = 0]) => take('mul', [x, Math.PI / 180])),
  rad2deg: steps('input', (take, [x = 0]) => take('mul', [x, 180 / Math.PI])),
  nan_to_num: op('nanToNumber', 'input, nan: number = 0, posinf: number = None, neginf: number = None'),
  round: op('round', 'input, *, decimals: int = 0'),
  detach: op('identity', 'input', { detached: true }),
  clone: op('identity', 'input, *, memory_format: any = None', { copy: true }),
  softmax: op('softmax', 'input, dim: axis, dtype: cast = None'),
  log_softmax: op('logSoftmax', 'input, dim: axis, dtype: cast = None'),
  prelu: op('prelu', 'input, weight'),
  resolve_conj: op('identity', 'input'),
  resolve_neg: op('identity', 'input'),
  ...Object.fromEntries(['lgamma', 'digamma', 'erfinv', 'i0', 'sinc'].map((name) => [name, unmodelled('input')])),
  ...Object.fromEntries(['copysign', 'heaviside', 'nextafter', 'xlogy', 'gcd', 'lcm'].map((name) => [name, unmodelled(TERMS)])),
};

/** Functions of `torch` alone. */
export const pointwiseFunctions: Lines = {
  where: either(
    composed('condition, input: term, other: term', choice),
    composed('condition', (bound) => nonzeroColumns(bound, bound.tensor('condition')), 'list'),
  ),
  rsub: steps(TERMS, (take, [a = 0, b = 0]) => take('sub', [b, a])),
  is_tensor: composed('obj: any', ({ value }) => (value('obj').kind === 'tensor' ? TRUE : unknown('whether it is a tensor', 'boolean')), 'other'),
  dropout: op('dropout', 'input, p: number as rate, train: any'),
  selu: op('selu', 'input'),
  celu: op('celu', 'input, alpha: number = 1'),
};

/** Methods alone. */
export const pointwiseMethods: Lines = {
  where: composed('input, condition, other: term', choice),
};

const plain = (names: readonly OperatorName[], written: (name: string) => string = (name) => name.toLowerCase()): Lines =>
  Object.fromEntries(names.map((name) => [written(name), acting(name, 'input')]));

/** An activation that changes its operand where it is told to. */
function acting(name: OperatorName, signature: string): Line {
  const line = op(name, `${signature}, inplace: any = None`);
  return { ...line, run: (bound) => (bound.host.truth(bound.value('inplace')) === true ? writing(line, bound) : line.run(bound)) };
}

const activations: Lines = {
  ...plain(['relu', 'relu6', 'sigmoid', 'tanh', 'selu', 'silu', 'mish', 'softsign', 'logSigmoid']),
  hardswish: acting('hardSwish', 'input'),
  hardsigmoid: acting('hardSigmoid', 'input'),
  elu: acting('elu', 'input, alpha: number = 1'),
  celu: acting('celu', 'input, alpha: number = 1'),
  leaky_relu: acting('leakyRelu', 'input, negative_slope: number as alpha = 0.01'),
  prelu: op('prelu', 'input, weight'),
  gelu: composed("input, approximate: word as - = 'none'", (bound) =>
    taking(bound)('gelu', [bound.tensor('input')], { approximate: bound.attribute('approximate') === 'tanh' }),
  ),
  hardtanh: acting('clip', 'input, min_val: number as min = -1, max_val: number as max = 1'),
  softplus: composed('input, beta: number as - = 1, threshold: number as - = 20', softplus),
  tanhshrink: steps('input', (take, [x = 0]) => take('sub', [x, take('tanh', [x])])),
  hardshrink: op('hardShrink', 'input, lambd: number as bound = 0.5'),
  softshrink: op('softShrink', 'input, lambd: number as bound = 0.5'),
  threshold: acting('threshold', 'input, threshold: number, value: number'),
  softmin: steps('input, dim: axis = -1, _stacklevel: any = None, dtype: cast = None', (take, [x = 0], { attributes }) =>
    take('softmax', [take('neg', [x])], attributes),
  ),
  glu: composed('input, dim: axis = -1', glu),
};

/** Functions of `torch.nn.functional`: activations, and those that change their operand. */
export const pointwiseFunctional: Lines = {
  ...activations,
  ...Object.fromEntries(
    ['relu', 'elu', 'selu', 'celu', 'leaky_relu', 'hardtanh', 'threshold'].flatMap((name): (readonly [string, Line])[] => {
      const line = activations[name];
      return line ? [[`${name}_`, { ...line, run: (bound) => writing(line, bound) }]] : [];
    }),
  ),
};

/** `log(1 + exp(beta * x)) / beta`. */
function softplus(bound: Bound): Value {
  const [beta, x, take] = [numberOf(bound.attribute('beta')), bound.tensor('input'), taking(bound)];
  if (beta === 1 || beta === undefined) return take('softplus', [x]);
  return take('div', [take('softplus', [take('mul', [x, beta])]), beta]);
}

/** One half of the axis times the sigmoid of the other. */
function glu(bound: Bound): Value {
  const [first, second] = stepsOf(bound.host, 'split', [bound.tensor('input')], { sizes: 2, ...bound.attributes }, bound.args, 2);
  const take = taking(bound);
  return take('mul', [first ?? 0, take('sigmoid', [second ?? 0])]);
}
