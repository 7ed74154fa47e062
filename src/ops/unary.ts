/** Elementwise operators of one operand. */
import { readFlag, readNumber } from './attributes';
import { heldAs, isFloating } from './dtypes';
import { family } from './family';
import { casted, choose, elementwise, operand, tidied } from './kernels';
import type { Attributes, DType, Operator, Runtime, Saved, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, result } from './rules';

/**
 * Element types, in each runtime. `same`: the operand's; `float`: floating, whatever the operand's; `bool`: truth values.
 * tfjs alone: `strict` accepts float32 only, and `truth` truth values only.
 */
type TfjsType = 'same' | 'float' | 'bool' | 'strict' | 'truth';
type TorchType = 'same' | 'float' | 'bool' | 'length';
/** What torch's backward keeps. */
type Keeps = 'input' | 'output' | 'nothing';

interface Row {
  readonly doc: string;
  readonly tfjs: TfjsType;
  readonly torch: TorchType;
  readonly keeps: Keeps;
  call(tf: Tfjs, x: Tensor, attributes: Attributes, runtime: Runtime): Tensor;
}

const row = (tfjs: TfjsType, torch: TorchType, keeps: Keeps, doc: string, call: Row['call']): Row => ({ doc, tfjs, torch, keeps, call });

const ROWS = {
  neg: row('same', 'same', 'nothing', '-x.', (tf, x) => tf.neg(x)),
  abs: row('same', 'length', 'input', '|x|.', (tf, x) => tf.abs(x)),
  sign: row('same', 'same', 'nothing', '-1, 0 or 1.', (tf, x) => tf.sign(x)),
  floor: row('strict', 'same', 'nothing', 'The greatest whole number that is not above x.', (tf, x) => tf.floor(x)),
  ceil: row('strict', 'same', 'nothing', 'The least whole number that is not below x.', (tf, x) => tf.ceil(x)),
  round: row('same', 'same', 'nothing', 'The nearest whole number, or number with so many `decimals`, halves to even.', rounded),
  square: row('same', 'same', 'input', 'x * x.', (tf, x) => tf.square(x)),
  reciprocal: row('same', 'float', 'output', '1 / x.', (tf, x) => tf.reciprocal(x)),
  exp: row('float', 'float', 'output', 'e to the x.', (tf, x) => tf.exp(x)),
  expm1: row('same', 'float', 'output', 'e to the x, less 1.', (tf, x) => tf.expm1(x)),
  log: row('strict', 'float', 'input', 'The natural logarithm.', (tf, x) => tf.log(x)),
  log1p: row('same', 'float', 'input', 'The natural logarithm of 1 + x.', (tf, x) => tf.log1p(x)),
  sqrt: row('strict', 'float', 'output', 'The square root.', (tf, x) => tf.sqrt(x)),
  rsqrt: row('strict', 'float', 'output', '1 / the square root.', (tf, x) => tf.rsqrt(x)),
  sin: row('strict', 'float', 'input', 'Sine.', (tf, x) => tf.sin(x)),
  cos: row('strict', 'float', 'input', 'Cosine.', (tf, x) => tf.cos(x)),
  tan: row('strict', 'float', 'output', 'Tangent.', (tf, x) => tf.tan(x)),
  asin: row('same', 'float', 'input', 'Inverse sine.', (tf, x) => tf.asin(x)),
  acos: row('same', 'float', 'input', 'Inverse cosine.', (tf, x) => tf.acos(x)),
  atan: row('same', 'float', 'input', 'Inverse tangent.', (tf, x) => tf.atan(x)),
  sinh: row('same', 'float', 'input', 'Hyperbolic sine.', (tf, x) => tf.sinh(x)),
  cosh: row('strict', 'float', 'input', 'Hyperbolic cosine.', (tf, x) => tf.cosh(x)),
  tanh: row('strict', 'float', 'output', 'Hyperbolic tangent.', (tf, x) => tf.tanh(x)),
  asinh: row('same', 'float', 'input', 'Inverse hyperbolic sine.', (tf, x) => tf.asinh(x)),
  acosh: row('same', 'float', 'input', 'Inverse hyperbolic cosine.', (tf, x) => tf.acosh(x)),
  atanh: row('same', 'float', 'input', 'Inverse hyperbolic tangent.', (tf, x) => tf.atanh(x)),
  erf: row('float', 'float', 'input', "Gauss's error function.", (tf, x) => tf.erf(x)),
  sigmoid: row('strict', 'float', 'output', '1 / (1 + exp(-x)).', (tf, x) => tf.sigmoid(x)),
  logSigmoid: row('same', 'float', 'input', 'log(sigmoid(x)).', (tf, x) => tf.logSigmoid(x)),
  relu: row('same', 'same', 'output', 'max(x, 0).', (tf, x) => tf.relu(x)),
  relu6: row('same', 'same', 'input', 'min(max(x, 0), 6).', (tf, x) => tf.relu6(x)),
  selu: row('same', 'float', 'input', 'Scaled exponential linear unit: arxiv.org/abs/1706.02515.', (tf, x) => tf.selu(x)),
  softplus: row('same', 'float', 'input', 'log(1 + exp(x)).', (tf, x) => tf.softplus(x)),
  softsign: row('float', 'float', 'input', 'x / (1 + |x|).', (tf, x) => tf.div(x, tf.add(tf.abs(x), 1))),
  silu: row('strict', 'float', 'input', 'x * sigmoid(x): arxiv.org/abs/1702.03118.', (tf, x) => tf.mul(x, tf.sigmoid(x))),
  mish: row('float', 'float', 'input', 'x * tanh(softplus(x)): arxiv.org/abs/1908.08681.', (tf, x) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  hardSwish: row('float', 'float', 'input', 'x * relu6(x + 3) / 6: arxiv.org/abs/1905.02244.', (tf, x) => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6))),
  hardSigmoid: row('float', 'float', 'input', 'A clipped line: its slope is 1/6 in torch, 1/5 in tfjs.', (tf, x, _, runtime) =>
    tf.clipByValue(tf.add(tf.mul(x, runtime === 'torch' ? 1 / 6 : 0.2), 0.5), 0, 1),
  ),
  elu: row('strict', 'float', 'input', 'x, or alpha * (exp(x) - 1) below 0: arxiv.org/abs/1511.07289.', elu),
  leakyRelu: row('float', 'same', 'input', 'x, or alpha * x below 0.', (tf, x, attributes) => tf.leakyRelu(x, readNumber(attributes, 'alpha', 0.2))),
  gelu: row('float', 'float', 'input', 'x * P(X <= x) of a normal X: arxiv.org/abs/1606.08415.', gelu),
  bitwiseNot: row('same', 'same', 'nothing', 'Every bit turned; of truth values the contrary.', (tf, x) =>
    x.dtype === 'bool' ? tf.logicalNot(x) : tf.sub(tf.scalar(-1, 'int32'), x),
  ),
  celu: row('float', 'float', 'input', 'x, or alpha * (exp(x / alpha) - 1) below 0: arxiv.org/abs/1704.07483.', (tf, x, attributes) => {
    const alpha = readNumber(attributes, 'alpha', 1);
    return choose(tf, tf.greater(x, 0), x, tf.mul(tf.expm1(tf.div(tf.minimum(x, 0), alpha)), alpha));
  }),
  erfc: row('float', 'float', 'input', "1 less Gauss's error function.", (tf, x) => tf.sub(1, tf.erf(x))),
  exp2: row('float', 'float', 'output', '2 to the x.', (tf, x) => tf.exp(tf.mul(x, Math.LN2))),
  frac: row('same', 'same', 'nothing', 'What follows the point, with the sign of x.', (tf, x) => tf.sub(x, truncated(tf, x))),
  hardShrink: row('float', 'same', 'input', 'x, or 0 within `bound` of it.', (tf, x, attributes) =>
    choose(tf, tf.greater(tf.abs(x), readNumber(attributes, 'bound', 0.5)), x, tf.zerosLike(x)),
  ),
  log2: row('float', 'float', 'input', 'The logarithm to the base 2.', (tf, x) => tf.div(tf.log(x), Math.LN2)),
  log10: row('float', 'float', 'input', 'The logarithm to the base 10.', (tf, x) => tf.div(tf.log(x), Math.LN10)),
  nanToNumber: row('float', 'same', 'nothing', '`nan`, `posinf` and `neginf` in place of what is no finite number.', finite),
  softShrink: row('float', 'same', 'input', 'x nearer to 0 by `bound`, or 0.', (tf, x, attributes) => {
    const bound = readNumber(attributes, 'bound', 0.5);
    return tf.mul(tf.sign(x), tf.relu(tf.sub(tf.abs(x), bound)));
  }),
  threshold: row('float', 'same', 'input', 'x above the threshold, `value` elsewhere.', (tf, x, attributes) =>
    choose(tf, tf.greater(x, readNumber(attributes, 'threshold', 0)), x, tf.fill(x.shape, readNumber(attributes, 'value', 0))),
  ),
  trunc: row('same', 'same', 'nothing', 'The whole number next to x on the way to 0.', truncated),
  step: row('same', 'same', 'nothing', '1 above 0, alpha below.', (tf, x, attributes) => tf.step(x, readNumber(attributes, 'alpha', 0))),
  isNaN: row('bool', 'bool', 'nothing', 'Whether x is no number.', (tf, x) => tf.isNaN(x)),
  isFinite: row('bool', 'bool', 'nothing', 'Whether x is finite.', (tf, x) => tf.isFinite(x)),
  isInf: row('bool', 'bool', 'nothing', 'Whether x is infinite.', (tf, x) => tf.isInf(x)),
  logicalNot: row('truth', 'bool', 'nothing', 'Whether x is false.', (tf, x) => tf.logicalNot(x.dtype === 'bool' ? x : tf.notEqual(x, 0))),
  onesLike: row('same', 'same', 'nothing', 'Ones of the same shape.', (tf, x) => tf.onesLike(x)),
  zerosLike: row('same', 'same', 'nothing', 'Zeros of the same shape.', (tf, x) => tf.zerosLike(x)),
} satisfies Record<string, Row>;

function truncated(tf: Tfjs, x: Tensor): Tensor {
  const value = tf.cast(x, 'float32');
  return tf.cast(tf.mul(tf.sign(value), tf.floor(tf.abs(value))), x.dtype);
}

const MOST = 3.4028234663852886e38;

function finite(tf: Tfjs, x: Tensor, attributes: Attributes): Tensor {
  const number = (name: string, fallback: number): Tensor => tf.fill(x.shape, readNumber(attributes, name, fallback));
  const known = choose(tf, tf.isNaN(x), number('nan', 0), x);
  const above = choose(tf, tf.logicalAnd(tf.isInf(known), tf.greater(known, 0)), number('posinf', MOST), known);
  return choose(tf, tf.logicalAnd(tf.isInf(above), tf.less(above, 0)), number('neginf', -MOST), above);
}

function rounded(tf: Tfjs, x: Tensor, attributes: Attributes): Tensor {
  const unit = 10 ** readNumber(attributes, 'decimals', 0);
  return unit === 1 ? tf.round(x) : tf.div(tf.round(tf.mul(x, unit)), unit);
}

function elu(tf: Tfjs, x: Tensor, attributes: Attributes): Tensor {
  const alpha = readNumber(attributes, 'alpha', 1);
  return alpha === 1 ? tf.elu(x) : choose(tf, tf.greater(x, 0), x, tf.mul(tf.expm1(x), alpha));
}

function gelu(tf: Tfjs, x: Tensor, attributes: Attributes): Tensor {
  const bend = readFlag(attributes, 'approximate')
    ? tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3)))))
    : tf.erf(tf.mul(x, Math.SQRT1_2));
  return tf.mul(tf.mul(x, 0.5), tf.add(bend, 1));
}

function dtypeOf({ tfjs, torch }: Row, dtype: DType, runtime: Runtime): DType {
  const rule = runtime === 'tfjs' ? tfjs : torch;
  if (rule === 'length') return dtype === 'complex64' ? 'float32' : dtype;
  if (rule === 'same') return dtype;
  if (rule === 'bool' || rule === 'truth') return 'bool';
  return isFloating(dtype) || dtype === 'complex64' ? dtype : 'float32';
}

/** The element type that tfjs refuses the operand for not having. */
function required({ tfjs }: Row, dtype: DType): DType | undefined {
  if (tfjs === 'strict' && dtype !== 'float32' && dtype !== 'complex64') return 'float32';
  return tfjs === 'truth' && dtype !== 'bool' ? 'bool' : undefined;
}

function shape(name: string, row: Row, [x]: readonly TensorType[], runtime: Runtime): ShapeResult {
  if (!x) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
  const output = result(x.shape, dtypeOf(row, x.dtype, runtime));
  const expected = runtime === 'tfjs' ? required(row, x.dtype) : name === 'bitwiseNot' && isFloating(x.dtype) ? 'bool' : undefined;
  return expected ? failure(output.outputs, 'dtype', { operator: name, expected, dtype: x.dtype }, [{ input: 0 }]) : output;
}

function run(tf: Tfjs, row: Row, x: Tensor, attributes: Attributes, runtime: Runtime): Tensor {
  const floats = row.tfjs === 'strict' || (runtime === 'torch' && row.torch === 'float');
  const given = floats && x.dtype !== 'float32' && x.dtype !== 'complex64' ? casted(tf, x, 'float32') : x;
  const value = elementwise(tf, [given], (each) => row.call(tf, each, attributes, runtime));
  const held = heldAs(dtypeOf(row, x.dtype, runtime));
  return value.dtype === held ? value : casted(tf, value, held);
}

const SAVED: { readonly [keeps in Keeps]: Saved } = { input: { inputs: [0] }, output: { outputs: [0] }, nothing: {} };

/** In place these have gradients of their result, not of what is written over: derivatives.yaml of pytorch/pytorch. */
const BY_RESULT: ReadonlySet<string> = new Set(['leakyRelu', 'elu', 'celu', 'selu', 'relu6']);

/** How many tensors torch makes on the way to a gradient, where it is no kernel of its own: derivatives.yaml of pytorch/pytorch. */
const BETWEEN: { readonly [name: string]: number } = {
  abs: 1,
  square: 2,
  sqrt: 1,
  rsqrt: 2,
  sin: 1,
  cos: 2,
  exp2: 1,
  log1p: 1,
  log2: 1,
  log10: 1,
  erf: 4,
  reciprocal: 2,
};

/** What autocast computes in float32. */
const IN_FLOAT32 = new Set('acos asin cosh exp expm1 log log10 log2 log1p reciprocal rsqrt sinh softplus square tan'.split(' '));

/** One operator for each row of the table. */
export const unary = family(
  ROWS,
  (name, row): Operator => ({
    name,
    strides: 'kept',
    doc: row.doc,
    shape: (inputs, _, { runtime }) => shape(name, row, inputs, runtime),
    ...(BETWEEN[name] === undefined ? {} : { gradient: { between: [BETWEEN[name]] } }),
    ...(IN_FLOAT32.has(name) ? { autocast: 'float32' } : {}),
    saved: (_inputs, _outputs, _attributes, mode) => SAVED[mode?.inPlace && BY_RESULT.has(name) ? 'output' : row.keeps],
    kernel: tidied((tf, inputs, attributes, { runtime }) => run(tf, row, operand(inputs, 0), attributes, runtime)),
  }),
);
