/** Dropout. */
import { constant, type Dim, multiply, product } from '../dim/index';
import { readFlag, readNumber, readText } from './attributes';
import { BYTES } from './dtypes';
import { operand, tidied } from './kernels';
import { alikeLayout } from './layouts';
import type { Attributes, DType, Operator, TensorType } from './operator';
import { failure } from './rules';

/** Whether it drops whatever the mode: tfjs's function, unlike the layers. */
const drops = (attributes: Attributes): boolean => readFlag(attributes, 'always') && readNumber(attributes, 'rate', 1) !== 0;

/** Whether it drops in this mode. */
const dropsIn = (attributes: Attributes, training: boolean): boolean => drops(attributes) || (training && readNumber(attributes, 'rate', 0) > 0);

/** One number for each value, or for each channel of each sample. */
const maskShape = (shape: readonly Dim[], attributes: Attributes): readonly Dim[] => (readFlag(attributes, 'channels') ? shape.slice(0, 2) : shape);

/** Whole channels are dropped by no kernel of their own. */
const maskType = ({ dtype }: TensorType, attributes: Attributes): DType =>
  readText(attributes, 'mask') === 'bool' && !readFlag(attributes, 'channels') ? 'bool' : dtype;

/** The operator. */
export const dropout: Operator = {
  name: 'dropout',
  // The kernel for CUDA keeps truth values; others numbers to multiply by.
  onCuda: { mask: 'bool' },
  strides: alikeLayout,
  gradient: 'shared',
  doc: 'Zeroes a share of the values in training (with `always`, as tf.dropout does, in any mode; with `channels` whole channels), else hands them on: arxiv.org/abs/1207.0580.',
  shape: ([x], attributes, { runtime }) => {
    if (x === undefined) return failure([], 'argument', { operator: 'dropout', reason: 'an operand is missing' });
    const rate = readNumber(attributes, 'rate', 0);
    const most = runtime === 'tfjs' ? rate < 1 : rate <= 1;
    if (rate < 0 || !most) return failure([x], 'argument', { operator: 'dropout', reason: `a rate of ${rate}` });
    const refused = runtime === 'tfjs' && readFlag(attributes, 'always') && x.dtype !== 'float32';
    return refused ? failure([x], 'dtype', { operator: 'dropout', expected: 'float32', dtype: x.dtype }) : { outputs: [x] };
  },
  storage: {
    tfjs: (_inputs, attributes) => (drops(attributes) ? 'copy' : 'view'),
    torch: (_inputs, attributes, at) => (dropsIn(attributes, at?.training === true) ? 'copy' : 'view'),
  },
  saved: ([x], _outputs, attributes, mode) =>
    x && dropsIn(attributes, mode?.training === true)
      ? { extra: [{ name: 'mask', bytes: multiply(product(maskShape(x.shape, attributes)), constant(BYTES[maskType(x, attributes)])), always: true }] }
      : {},
  kernel: tidied((tf, inputs, attributes, { training, seed }) => {
    const x = operand(inputs, 0);
    const rate = readNumber(attributes, 'rate', 0);
    if (!drops(attributes) && (!training || rate === 0)) return tf.clone(x);
    if (rate === 1) return tf.zerosLike(x);
    const noise = readFlag(attributes, 'channels') ? x.shape.map((size, axis) => (axis < 2 ? size : 1)) : undefined;
    return tf.dropout(x, rate, noise, seed());
  }),
};
