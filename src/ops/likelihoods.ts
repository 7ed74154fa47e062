/** Losses that pick the class of each target. */
import { readFlag, readNumber, readText } from './attributes';
import { floated, isFloating, isInteger } from './dtypes';
import { casted, onLastAxis, operand, tidied } from './kernels';
import type { Attributes, BoundAttributes, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustEqual, result, sizeAt } from './rules';

const NAME = 'negativeLikelihood';

/** Classes stand on axis 1; without a batch on axis 0. */
const classAxis = (rank: number): number => (rank === 1 ? 0 : 1);

function lossShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [x, target, weight] = inputs;
  if (!x || !target) return failure(inputs.slice(0, 1), 'argument', { operator: NAME, reason: 'an operand is missing' });
  const rank = x.shape.length;
  const axis = classAxis(rank);
  const places = x.shape.filter((_, at) => at !== axis);
  const dtype = floated(x.dtype);
  const shape = readText(attributes, 'reduction', 'mean') === 'none' ? places : [];
  if (rank < 1) return failure([{ shape, dtype }], 'rank', { operator: NAME, reason: '1 axis or more is wanted, 0 given' }, [{ input: 0 }]);
  // Classes may come under a type that is not known: their axes say what they are.
  const shares = isFloating(target.dtype) && target.shape.length !== places.length;
  const wanted = shares ? x.shape : places;
  if (!shares && !isInteger(target.dtype) && !isFloating(target.dtype))
    return failure([{ shape, dtype }], 'dtype', { operator: NAME, expected: 'int64', dtype: target.dtype }, [{ input: 1 }]);
  if (target.shape.length !== wanted.length)
    return failure([{ shape, dtype }], 'rank', { operator: NAME, reason: `${wanted.length} axes are wanted for the target, ${target.shape.length} given` }, [
      { input: 1 },
    ]);
  return result(shape, dtype, [
    ...wanted.flatMap((size, at) => mustEqual(size, sizeAt(target.shape, at), at === 0 ? 'batch' : 'target', [{ input: 0 }, { input: 1, axis: at }], context)),
    ...(weight
      ? mustEqual(
          sizeAt(x.shape, axis),
          sizeAt(weight.shape, 0),
          'channels',
          [
            { input: 0, axis },
            { input: 2, axis: 0 },
          ],
          context,
        )
      : []),
  ]);
}

function runLoss(tf: Tfjs, inputs: readonly Tensor[], attributes: BoundAttributes): Tensor {
  const [x, target, weight] = [operand(inputs, 0), operand(inputs, 1), inputs[2]];
  const axis = classAxis(x.rank);
  const classes = x.shape[axis] ?? 1;
  const logs = readFlag(attributes, 'logits') ? onLastAxis(tf, x, axis, (moved) => tf.logSoftmax(moved)) : x;
  const toLast = [...x.shape.keys()].filter((at) => at !== axis).concat(axis);
  const rows = tf.reshape(tf.transpose(logs, toLast), [-1, classes]);
  const isShares = target.dtype === 'float32' && target.rank === x.rank;
  const flat = isShares ? tf.reshape(tf.transpose(target, toLast), [-1, classes]) : tf.reshape(target, [-1]);
  const ignored = readNumber(attributes, 'ignored', -100);
  const counted = isShares ? tf.ones([rows.shape[0] ?? 1]) : casted(tf, tf.notEqual(flat, ignored), 'float32');
  const hot = isShares ? flat : tf.equal(tf.expandDims(casted(tf, flat, 'float32'), 1), tf.expandDims(tf.range(0, classes), 0));
  const smoothing = readNumber(attributes, 'smoothing', 0);
  const shares = tf.add(tf.mul(casted(tf, hot, 'float32'), 1 - smoothing), smoothing / classes);
  const weights = weight ? tf.reshape(weight, [1, classes]) : tf.ones([1, classes]);
  const losses = tf.mul(tf.neg(tf.sum(tf.mul(tf.mul(rows, shares), weights), 1)), counted);
  const reduction = readText(attributes, 'reduction', 'mean');
  if (reduction === 'none')
    return tf.reshape(
      losses,
      x.shape.filter((_, at) => at !== axis),
    );
  if (reduction === 'sum') return tf.sum(losses);
  const total = isShares ? tf.scalar(rows.shape[0] ?? 1) : tf.sum(tf.mul(tf.sum(tf.mul(casted(tf, hot, 'float32'), weights), 1), counted));
  return tf.div(tf.sum(losses), total);
}

/** The family, by name. */
export const likelihoods = {
  negativeLikelihood: {
    name: NAME,
    autocast: 'float32',
    doc: 'The negative log-likelihood of target classes or shares, of logits or of log-probabilities: torch.nn.CrossEntropyLoss, torch.nn.NLLLoss.',
    shape: lossShape,
    saved: () => ({ inputs: [0, 1] }),
    kernel: tidied((tf, inputs, attributes) => runLoss(tf, inputs, attributes)),
  },
} satisfies Record<string, Operator>;
