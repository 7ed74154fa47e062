/** Running totals, and matrices made of vectors. */
import { add, asConstant, constant, type Dim, minimum, subtract } from '../dim/index';
import { isGiven, numberOf, readFlag, readNumber, readText } from './attributes';
import { noAxis } from './axes';
import { computedIn, heldAs, isInteger } from './dtypes';
import { alongAxis, casted, choose, count, operand, tidied } from './kernels';
import type { Attributes, Demand, DType, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { axisOf, failure, mustBeAtMost, result, sizeAt, tensorType } from './rules';
import { wholeSize } from './sizes';

function totalType(dtype: DType, { runtime }: Pick<RuleContext, 'runtime'>): DType {
  if (runtime === 'torch') return dtype === 'bool' || isInteger(dtype) ? 'int64' : dtype;
  return dtype === 'bool' ? 'int32' : dtype;
}

/** tfjs does not count the axis from the end: a negative one gives a tensor without values. */
function scanShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const output = result(x.shape, computedIn(attributes, totalType(x.dtype, context)));
  const axis = readNumber(attributes, 'axis', isGiven(attributes, 'axis') ? Number.NaN : 0);
  const exists = Number.isNaN(axis) || axisOf(axis, x.shape.length) !== undefined;
  return exists && !(context.runtime === 'tfjs' && axis < 0) ? output : { ...output, problem: noAxis(axis, x.shape.length) };
}

type Scan = (tf: Tfjs, folded: Tensor, exclusive: boolean, reverse: boolean) => Tensor;

function scan(name: string, doc: string, call: Scan, between: number, saved: Operator['saved']): Operator {
  return {
    name,
    autocast: 'within',
    strides: 'rows',
    gradient: { between: [between] },
    doc,
    reads: 'along',
    shape: ([x], attributes, context) => (x ? scanShape(x, attributes, context) : failure([], 'argument', { operator: name, reason: 'an operand is missing' })),
    ...(saved ? { saved } : {}),
    kernel: tidied((tf, inputs, attributes) => {
      const [exclusive, reverse] = [readFlag(attributes, 'exclusive'), readFlag(attributes, 'reverse')];
      return alongAxis(tf, operand(inputs, 0), readNumber(attributes, 'axis', 0), (folded) => call(tf, folded, exclusive, reverse));
    }),
  };
}

const cumsum = scan(
  'cumsum',
  'Running sums along `axis`: js.tensorflow.org/api/latest/#cumsum.',
  (tf, x, exclusive, reverse) => tf.cumsum(x, 1, exclusive, reverse),
  // The gradient is turned round, summed up and turned round again.
  2,
  undefined,
);

const cumprod = scan(
  'cumprod',
  'Running products along `axis`: js.tensorflow.org/api/latest/#cumprod.',
  (tf, x, exclusive, reverse) => tf.cumprod(x, 1, exclusive, reverse),
  4,
  () => ({ inputs: [0], outputs: [0] }),
);

const oneHotType = (attributes: Attributes, { runtime }: Pick<RuleContext, 'runtime'>): DType =>
  readText(attributes, 'dtype', runtime === 'torch' ? 'int64' : 'int32') as DType;

const oneHot: Operator = {
  name: 'oneHot',
  strides: 'rows',
  doc: '`onValue` at each index of a new last axis of `depth`, `offValue` elsewhere: js.tensorflow.org/api/latest/#oneHot.',
  shape([x], attributes, context) {
    if (!x) return failure([], 'argument', { operator: 'oneHot', reason: 'an operand is missing' });
    const depth = wholeSize(attributes.depth, 'target', context);
    const output = result([...x.shape, depth.size], oneHotType(attributes, context), depth.demands);
    const index = context.runtime === 'torch' ? (isInteger(x.dtype) ? x.dtype : 'int64') : 'int32';
    if (x.dtype !== index) return { ...output, ...failure(output.outputs, 'dtype', { operator: 'oneHot', expected: index, dtype: x.dtype }, [{ input: 0 }]) };
    if (context.runtime === 'torch') return output;
    const least = asConstant(depth.size) ?? 2;
    return least < 2 ? { ...output, ...failure(output.outputs, 'argument', { operator: 'oneHot', reason: `a depth of ${least}: 2 is the least` }) } : output;
  },
  kernel: tidied((tf, inputs, attributes, context) => {
    const x = casted(tf, operand(inputs, 0), 'int32');
    const depth = readNumber(attributes, 'depth', 1);
    const hit = tf.equal(tf.reshape(x, [x.size, 1]), tf.range(0, depth, 1, 'int32'));
    const dtype = heldAs(oneHotType(attributes, context));
    const value = (name: string, fallback: number) => tf.scalar(readNumber(attributes, name, fallback), dtype);
    return tf.reshape(choose(tf, hit, value('onValue', 1), value('offValue', 0)), [...x.shape, depth]);
  }),
};

/** How far the band reaches; undefined: without limit. In tfjs a negative number is no limit, in torch it is one (tril(-1)). */
function bandLimit(attributes: Attributes, name: string, { runtime }: Pick<RuleContext, 'runtime'>): number | undefined {
  const limit = numberOf(attributes[name]);
  return limit === undefined || (runtime === 'tfjs' && limit < 0) ? undefined : limit;
}

function bandShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const rank = x.shape.length;
  if (rank < 2) return failure([x], 'rank', { operator: 'bandPart', reason: `2 axes at least are wanted, ${rank} given` }, [{ input: 0 }]);
  if (context.runtime === 'torch') return result(x.shape, x.dtype);
  const inside = (name: string, axis: number): Demand[] => {
    const limit = wholeSize(attributes[name] ?? -1, 'slice', context);
    return (asConstant(limit.size) ?? 1) <= 0 ? [] : [...limit.demands, ...mustBeAtMost(limit.size, sizeAt(x.shape, axis), 'slice', [{ input: 0, axis }])];
  };
  return result(x.shape, x.dtype, [...inside('lower', rank - 2), ...inside('upper', rank - 1)]);
}

const bandPart: Operator = {
  name: 'bandPart',
  strides: 'rows',
  doc: 'Matrices with zeros beyond `lower` diagonals below and `upper` above the main one (no number: all stay): js.tensorflow.org/api/latest/#linalg.bandPart.',
  shape: ([x], attributes, context) =>
    x ? bandShape(x, attributes, context) : failure([], 'argument', { operator: 'bandPart', reason: 'an operand is missing' }),
  kernel: tidied((tf, inputs, attributes, context) => {
    const x = operand(inputs, 0);
    const [rows = 1, columns = 1] = x.shape.slice(-2);
    const [lower, upper] = [bandLimit(attributes, 'lower', context), bandLimit(attributes, 'upper', context)];
    const below = tf.sub(tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]), tf.range(0, columns, 1, 'int32'));
    const limits = [lower === undefined ? [] : [tf.lessEqual(below, lower)], upper === undefined ? [] : [tf.greaterEqual(below, -upper)]].flat();
    const inside = limits.reduce((both, limit) => tf.logicalAnd(both, limit), tf.onesLike(casted(tf, below, 'bool')));
    return choose(tf, inside, x, tf.zerosLike(x));
  }),
};

/** The diagonal's length: of a matrix, moved by so many places to the right. */
function diagonalLength([rows, columns]: readonly [Dim, Dim], offset: number): Dim {
  return minimum(add(rows, constant(Math.min(0, offset))), subtract(columns, constant(Math.max(0, offset))));
}

const diag: Operator = {
  name: 'diag',
  doc: 'The tensor along the diagonal of one with twice the axes (js.tensorflow.org/api/latest/#diag); in torch of a matrix its diagonal, moved by `offset`.',
  shape([x], attributes, { runtime }) {
    if (!x) return failure([], 'argument', { operator: 'diag', reason: 'an operand is missing' });
    const [rank, offset] = [x.shape.length, readNumber(attributes, 'offset', 0)];
    if (runtime === 'tfjs') return result([...x.shape, ...x.shape], x.dtype);
    if (rank === 2) return result([diagonalLength([sizeAt(x.shape, 0), sizeAt(x.shape, 1)], offset)], x.dtype);
    const length = add(sizeAt(x.shape, 0), constant(Math.abs(offset)));
    const output = [tensorType([length, length], x.dtype)];
    return rank === 1 ? { outputs: output } : failure(output, 'rank', { operator: 'diag', reason: `1 or 2 axes are wanted, ${rank} given` }, [{ input: 0 }]);
  },
  kernel: tidied((tf, inputs, attributes, { runtime }) => {
    const x = operand(inputs, 0);
    const offset = readNumber(attributes, 'offset', 0);
    if (runtime === 'tfjs' || x.rank !== 2) {
      const square = tf.diag(tf.reshape(x, [count(x.shape)])) as Tensor;
      if (runtime === 'tfjs') return tf.reshape(square, [...x.shape, ...x.shape]);
      return tf.pad(square, [
        [Math.max(0, -offset), Math.max(0, offset)],
        [Math.max(0, offset), Math.max(0, -offset)],
      ]);
    }
    const [rows = 0, columns = 0] = x.shape;
    const length = Math.max(0, Math.min(rows + Math.min(0, offset), columns - Math.max(0, offset)));
    const places = Array.from({ length }, (_, at) => (at + Math.max(0, -offset)) * columns + at + Math.max(0, offset));
    return tf.gather(tf.reshape(x, [rows * columns]), tf.tensor1d(places, 'int32'));
  }),
};

/** Running totals, indicator and band matrices. */
export const scans = { cumsum, cumprod, oneHot, bandPart, diag } satisfies Record<string, Operator>;
