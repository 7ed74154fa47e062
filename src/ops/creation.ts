/** Tensors made of no others. */
import { asConstant, atMost, ceilDivide, constant, type Dim, isUnknown, maximum, ONE, subtract, UNKNOWN, ZERO } from '../dim/index';
import { isReal, numberOf, readNumber, readNumbers, readSize, readText } from './attributes';
import { heldAs } from './dtypes';
import { casted, tidied } from './kernels';
import type { Attributes, DType, KernelContext, Operator, RuleContext, ShapeResult, Tensor, Tfjs } from './operator';
import { failure, result, tensorType } from './rules';
import { fractionOf, wholeSize, wholeSizes } from './sizes';

const dtypeOf = (attributes: Attributes, fallback: DType = 'float32'): DType => readText(attributes, 'dtype', fallback) as DType;

/** Sizes from the settings; below zero there is no tensor. */
function madeShape(operator: string, sizes: readonly Dim[], dtype: DType, read: Pick<ShapeResult, 'demands' | 'problem'>): ShapeResult {
  const output = { ...result(sizes, dtype, read.demands), ...(read.problem ? { problem: read.problem } : {}) };
  const negative = sizes.map(asConstant).find((size) => size !== undefined && size < 0);
  if (negative !== undefined) return { ...output, ...failure(output.outputs, 'argument', { operator, reason: `a size of ${negative}` }) };
  return sizes.some(isUnknown) && !output.problem ? { ...output, unknown: 'a size in its shape is not known' } : output;
}

const eye: Operator = {
  name: 'eye',
  strides: 'rows',
  doc: 'Ones on the diagonal of `rows` by `columns`, in `batch` copies: js.tensorflow.org/api/latest/#eye.',
  shape(_, attributes, context) {
    const rows = wholeSize(attributes.rows, 'target', context);
    const columns = wholeSize(attributes.columns ?? attributes.rows, 'target', context);
    const batch = wholeSizes(attributes, 'batch', 'target', context);
    return madeShape('eye', [...batch.sizes, rows.size, columns.size], dtypeOf(attributes), {
      demands: [...batch.demands, ...rows.demands, ...columns.demands],
    });
  },
  kernel: tidied((tf, _, attributes) => {
    const rows = readNumber(attributes, 'rows', 0);
    const columns = readNumber(attributes, 'columns', rows);
    const line = (length: number) => tf.range(0, length, 1, 'int32');
    const one = casted(tf, tf.equal(tf.reshape(line(rows), [rows, 1]), line(columns)), heldAs(dtypeOf(attributes)));
    const batch = readNumbers(attributes, 'batch') ?? [];
    const copies = batch.reduce((total, size) => total * size, 1);
    return tf.reshape(tf.tile(tf.reshape(one, [1, rows, columns]), [copies, 1, 1]), [...batch, rows, columns]);
  }),
};

const fill: Operator = {
  name: 'fill',
  strides: 'rows',
  doc: 'One `value` everywhere (zeros, ones, full): js.tensorflow.org/api/latest/#fill.',
  shape(_, attributes, context) {
    const read = wholeSizes(attributes, 'shape', 'target', context);
    return madeShape('fill', read.sizes, dtypeOf(attributes), read);
  },
  kernel: tidied((tf, _, attributes) =>
    tf.fill(
      readNumbers(attributes, 'shape') ?? [],
      readNumber(attributes, 'value', Number(attributes.value === true)),
      heldAs(dtypeOf(attributes)) as 'float32',
    ),
  ),
};

/** tfjs counts down by 1 where the stop lies below the start. */
function rangeStep(start: number | undefined, stop: number | undefined, step: number, { runtime }: Pick<RuleContext, 'runtime'>): number {
  return runtime === 'tfjs' && step === 1 && start !== undefined && stop !== undefined && stop < start ? -1 : step;
}

/** tfjs counts upwards in steps below 1 even where the stop lies below the start. */
function countOfRange(start: number, stop: number, step: number, { runtime }: Pick<RuleContext, 'runtime'>): number {
  const steps = Math.ceil((stop - start) / step);
  return runtime === 'tfjs' && stop < start && step > 0 && step <= 1 ? Math.abs(steps) : Math.max(0, steps);
}

/** Up to a quotient of sizes, `dim / 2`, it counts as often as that is rounded up. */
function quotientLength({ start = 0, stop, step = 1 }: Attributes, { facts }: RuleContext): Dim | undefined {
  if (numberOf(start) !== 0 || numberOf(step) !== 1 || !isReal(stop) || stop.kind !== 'apply') return undefined;
  const fraction = fractionOf(stop);
  if (!fraction || atMost(ZERO, fraction.over, facts) !== 'yes' || atMost(ONE, fraction.under, facts) !== 'yes') return undefined;
  return ceilDivide(fraction.over, fraction.under, facts);
}

function rangeLength(attributes: Attributes, context: RuleContext): Dim {
  const [start, stop] = [numberOf(attributes.start ?? 0), numberOf(attributes.stop)];
  const given = numberOf(attributes.step ?? 1);
  if (start !== undefined && stop !== undefined && given !== undefined) {
    return constant(countOfRange(start, stop, rangeStep(start, stop, given, context), context));
  }
  const quotient = quotientLength(attributes, context);
  if (quotient) return quotient;
  const span = subtract(readSize(attributes, 'stop'), readSize({ start: attributes.start ?? 0 }, 'start'));
  const upwards = atMost(ZERO, span, context.facts);
  // tfjs counts down as readily, by 1: which way it goes is then not known.
  if (isUnknown(span) || (context.runtime === 'tfjs' && given === 1 && upwards !== 'yes')) return UNKNOWN;
  const length = ceilDivide(span, readSize({ step: attributes.step ?? 1 }, 'step'), context.facts);
  return upwards === 'yes' && (given ?? 1) > 0 ? length : maximum(ZERO, length);
}

const range: Operator = {
  name: 'range',
  strides: 'rows',
  doc: 'From `start` up to `stop`, without it, in steps: js.tensorflow.org/api/latest/#range.',
  shape(_, attributes, context) {
    const dtype = dtypeOf(attributes, context.runtime === 'torch' ? 'int64' : 'float32');
    if (numberOf(attributes.step ?? 1) === 0) return failure([tensorType([UNKNOWN], dtype)], 'argument', { operator: 'range', reason: 'a step of 0' });
    return madeShape('range', [rangeLength(attributes, context)], dtype, {});
  },
  kernel: tidied((tf, _, attributes, { runtime }) => {
    const [start, stop] = [readNumber(attributes, 'start', 0), readNumber(attributes, 'stop', 0)];
    const step = readNumber(attributes, 'step', 1);
    if (runtime === 'tfjs') return tf.range(start, stop, step, heldAs(dtypeOf(attributes)) as 'float32');
    const length = countOfRange(start, stop, step, { runtime });
    return tf.tensor1d(
      Array.from({ length }, (_, at) => start + at * step),
      heldAs(dtypeOf(attributes, 'int64')) as 'float32',
    );
  }),
};

const linspace: Operator = {
  name: 'linspace',
  strides: 'rows',
  doc: '`count` numbers from `start` to `stop`, both included: js.tensorflow.org/api/latest/#linspace.',
  shape(_, attributes, context) {
    const read = wholeSize(attributes.count, 'target', context);
    const output = madeShape('linspace', [read.size], dtypeOf(attributes), read);
    return asConstant(read.size) === 0 ? { ...output, ...failure(output.outputs, 'argument', { operator: 'linspace', reason: 'a count of 0' }) } : output;
  },
  kernel: tidied((tf, _, attributes) => tf.linspace(readNumber(attributes, 'start', 0), readNumber(attributes, 'stop', 0), readNumber(attributes, 'count', 1))),
};

function draw(tf: Tfjs, attributes: Attributes, { seed }: KernelContext): Tensor {
  const [shape, dtype] = [readNumbers(attributes, 'shape') ?? [], heldAs(dtypeOf(attributes)) as 'float32'];
  const [mean, std] = [readNumber(attributes, 'mean', 0), readNumber(attributes, 'std', 1)];
  switch (readText(attributes, 'distribution', 'normal')) {
    case 'uniform':
      return tf.randomUniform(shape, readNumber(attributes, 'min', 0), readNumber(attributes, 'max', 1), dtype, seed());
    case 'truncatedNormal':
      return tf.truncatedNormal(shape, mean, std, dtype, seed());
    case 'bernoulli':
      return casted(tf, tf.less(tf.randomUniform(shape, 0, 1, 'float32', seed()), readNumber(attributes, 'mean', 0.5)), dtype);
    default:
      return tf.randomNormal(shape, mean, std, dtype, seed());
  }
}

const random: Operator = {
  name: 'random',
  strides: 'rows',
  doc: 'Drawn from a `distribution`: normal, truncatedNormal (mean, std), uniform (min, max) or bernoulli (mean): js.tensorflow.org/api/latest/#randomNormal.',
  shape(_, attributes, context) {
    const read = wholeSizes(attributes, 'shape', 'target', context);
    return madeShape('random', read.sizes, dtypeOf(attributes), read);
  },
  kernel: tidied((tf, _, attributes, context) => draw(tf, attributes, context)),
};

/** Tensors made of no others. */
export const creation = { eye, fill, range, linspace, random } satisfies Record<string, Operator>;
