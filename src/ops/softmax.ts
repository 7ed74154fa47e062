/** Softmaxes. */
import { readNumber } from './attributes';
import { computedIn, floated } from './dtypes';
import { casted, onLastAxis, operand, tidied } from './kernels';
import type { Attributes, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { axisOf, failure, tensorType } from './rules';

/** tfjs knows the last axis alone, as -1 or by its number. */
function softmaxShape(name: string, [x]: readonly TensorType[], attributes: Attributes, { runtime }: RuleContext): ShapeResult {
  if (x === undefined) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
  const rank = x.shape.length;
  const written = readNumber(attributes, 'axis', -1);
  const output = tensorType(x.shape, computedIn(attributes, floated(x.dtype)));
  const axis = rank === 0 && runtime === 'torch' ? axisOf(written, 1) : axisOf(written, rank);
  const fits = runtime === 'torch' ? axis !== undefined : rank > 0 && (written === -1 || written === rank - 1);
  if (!fits)
    return failure(
      [output],
      'axis',
      runtime === 'tfjs' && axis !== undefined ? { operator: name, axis: written, rank, last: rank - 1 } : { operator: name, axis: written, rank },
      [{ input: 0 }],
    );
  const refused = runtime === 'tfjs' && name === 'softmax' && x.dtype !== 'float32';
  return refused ? failure([output], 'dtype', { operator: name, expected: 'float32', dtype: x.dtype }) : { outputs: [output] };
}

function softmaxOperator(name: string, doc: string, run: (tf: Tfjs, x: Tensor) => Tensor): Operator {
  return {
    name,
    // CUDA has a kernel that reads halves and writes float32; of bfloat16 a copy is made first.
    autocast: { float16: 'within', bfloat16: 'float32' },
    strides: 'rows',
    doc,
    reads: 'over',
    shape: (inputs, attributes, context) => softmaxShape(name, inputs, attributes, context),
    saved: () => ({ outputs: [0] }),
    kernel: tidied((tf, inputs, attributes) => {
      const x = casted(tf, operand(inputs, 0), 'float32');
      if (x.rank === 0) return tf.reshape(run(tf, tf.reshape(x, [1])), []);
      return onLastAxis(tf, x, axisOf(readNumber(attributes, 'axis', -1), x.rank) ?? x.rank - 1, (moved) => run(tf, moved));
    }),
  };
}

/** The family, by name. */
export const softmaxes = {
  softmax: softmaxOperator(
    'softmax',
    'exp(x) / sum(exp(x)) over one axis; tfjs knows the last alone. js.tensorflow.org/api/latest/#softmax, torch.softmax.',
    (tf, x) => tf.softmax(x),
  ),
  logSoftmax: softmaxOperator('logSoftmax', 'The logarithm of softmax. js.tensorflow.org/api/latest/#logSoftmax, torch.log_softmax.', (tf, x) =>
    tf.logSoftmax(x),
  ),
} satisfies Record<string, Operator>;
