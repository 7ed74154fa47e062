/** Norms over neighbouring channels. */
import { asConstant } from '../dim/index';
import { readNumber, readSize } from './attributes';
import { computedIn, floated } from './dtypes';
import { casted, operand, tidied } from './kernels';
import type { Operator } from './operator';
import { failure, result } from './rules';

const localResponseNorm: Operator = {
  name: 'localResponseNorm',
  autocast: 'within',
  doc: 'Divides by a power of the mean square of `size` channels around: papers.nips.cc/paper/4824, torch.nn.LocalResponseNorm.',
  shape: ([x], attributes) => {
    if (x === undefined) return failure([], 'argument', { operator: 'localResponseNorm', reason: 'an operand is missing' });
    const output = result(x.shape, computedIn(attributes, floated(x.dtype)));
    if (x.shape.length < 3)
      return failure(output.outputs, 'rank', { operator: 'localResponseNorm', reason: `3 axes or more are wanted, ${x.shape.length} given` }, [{ input: 0 }]);
    const size = asConstant(readSize(attributes, 'size'));
    return size !== undefined && size < 1 ? failure(output.outputs, 'argument', { operator: 'localResponseNorm', reason: 'the size starts at 1' }) : output;
  },
  saved: () => ({ inputs: [0] }),
  kernel: tidied((tf, inputs, attributes) => {
    const x = casted(tf, operand(inputs, 0), 'float32');
    const size = readNumber(attributes, 'size', 1);
    const [batch = 1, channels = 1] = x.shape;
    const rows = tf.reshape(tf.square(x), [batch, channels, -1]);
    const wide = tf.pad(rows, [
      [0, 0],
      [Math.floor(size / 2), Math.floor((size - 1) / 2)],
      [0, 0],
    ]);
    const total = tf.addN(Array.from({ length: size }, (_, at) => tf.slice(wide, [0, at, 0], [batch, channels, -1])));
    const base = tf.add(tf.mul(total, readNumber(attributes, 'alpha', 1e-4) / size), readNumber(attributes, 'bias', 1));
    return tf.div(x, tf.reshape(tf.pow(base, readNumber(attributes, 'beta', 0.75)), x.shape));
  }),
};

/** The family, by name. */
export const localNorms = { localResponseNorm } satisfies Record<string, Operator>;
