/** `tf.losses`: elementwise steps as tfjs composes them, then a reduction that the last argument names. */
import type { Attributes } from '../../../ops/operator';
import { whole } from '../../common/reading';
import { asNumber, isMissing, step, type TensorValue, type Value } from '../../common/values';
import { type Bound, given, maybeTensor, type Param, plain, tensor } from '../binder';
import { requireSameShape } from '../checks';
import { composed, type Line, type Lines } from '../line';

/** An operand of the formulas below: numbers become constants. */
type Term = TensorValue | number;
type Do = (name: string, terms: readonly Term[], attributes?: Attributes) => TensorValue;
type Loss = (run: Do, labels: TensorValue, predictions: TensorValue, bound: Bound) => TensorValue;

const runner =
  ({ host, args }: Bound): Do =>
  (name, terms, attributes = {}) =>
    step(
      host,
      name,
      terms.map((term) => (typeof term === 'number' ? host.constant([], 'float32', [term]) : term)),
      attributes,
      args,
    );

const ALL: Attributes = { axes: null, keepDims: false };

/** What tfjs does for SUM_BY_NONZERO_WEIGHTS (3, the default), MEAN (1) and SUM (2); NONE (0) leaves the losses as they are. */
function reduced(run: Do, losses: TensorValue, weights: TensorValue | undefined, reduction: number): TensorValue {
  const each = weights === undefined ? losses : run('mul', [losses, weights]);
  if (reduction === 0) return each;
  if (reduction === 2) return run('sum', [each], ALL);
  if (weights === undefined) return run('mean', [each], ALL);
  const spread = run('mul', [weights, run('onesLike', [losses])]);
  const count = reduction === 1 ? spread : run('cast', [run('notEqual', [spread, 0])], { dtype: 'float32' });
  return run('div', [run('sum', [each], ALL), run('sum', [count], ALL)]);
}

function weighted(bound: Bound, losses: TensorValue): Value {
  const reduction = bound.value('reduction');
  const known = isMissing(reduction) ? 3 : asNumber(reduction);
  if (known === undefined) return bound.host.unknownTensor('the reduction is not known', [losses]);
  return reduced(runner(bound), losses, bound.maybe('weights'), known);
}

function loss(params: readonly Param[], compute: Loss): Line {
  return composed(params, (bound) => {
    const [labels, predictions] = bound.operands;
    if (labels === undefined || predictions === undefined) return bound.host.unknownTensor('the loss lacks its operands');
    requireSameShape(bound, labels, predictions);
    const smoothing = bound.value('labelSmoothing');
    if (!isMissing(smoothing) && asNumber(smoothing) !== 0) return bound.host.unknownTensor('no rule for labelSmoothing', [labels, predictions]);
    return weighted(bound, compute(runner(bound), labels, predictions, bound));
  });
}

const numberIn = (bound: Bound, name: string, fallback: number): number => asNumber(bound.value(name)) ?? fallback;

const hinge: Loss = (run, labels, predictions) => {
  const signs = run('sub', [run('mul', [2, labels]), 1]);
  return run('relu', [run('sub', [1, run('mul', [signs, predictions])])]);
};

const huber: Loss = (run, labels, predictions, bound) => {
  const delta = numberIn(bound, 'delta', 1);
  const error = run('abs', [run('sub', [predictions, labels])]);
  const quadratic = run('minimum', [error, delta]);
  return run('add', [run('mul', [0.5, run('square', [quadratic])]), run('mul', [delta, run('sub', [error, quadratic])])]);
};

const log: Loss = (run, labels, predictions, bound) => {
  const epsilon = numberIn(bound, 'epsilon', 1e-7);
  const hit = run('neg', [run('mul', [labels, run('log', [run('add', [predictions, epsilon])])])]);
  const miss = run('mul', [run('sub', [1, labels]), run('log', [run('add', [run('sub', [1, predictions]), epsilon])])]);
  return run('sub', [hit, miss]);
};

const sigmoid: Loss = (run, labels, logits) => {
  const rest = run('sub', [run('relu', [logits]), run('mul', [logits, labels])]);
  return run('add', [rest, run('log1p', [run('exp', [run('neg', [run('abs', [logits])])])])]);
};

/** Over the last axis, the classes. */
const softmax: Loss = (run, labels, logits) => {
  const logs = run('logSoftmax', [logits], { axis: -1 });
  return run('sum', [run('neg', [run('mul', [logs, labels])])], { axes: [-1], keepDims: false });
};

const cosine: Loss = (run, labels, predictions, bound) =>
  run('sub', [1, run('sum', [run('mul', [labels, predictions])], { axes: [bound.attribute('axis')], keepDims: true })]);

const pair: readonly Param[] = [tensor('labels'), tensor('predictions')];
const weights = maybeTensor('weights');
const reduction = plain('reduction');

/** `tf.losses`, by name. */
export const losses: Lines = {
  absoluteDifference: loss([...pair, weights, reduction], (run, a, b) => run('abs', [run('sub', [a, b])])),
  meanSquaredError: loss([...pair, weights, reduction], (run, a, b) => run('squaredDifference', [a, b])),
  cosineDistance: loss([...pair, given('axis', whole), weights, reduction], cosine),
  hingeLoss: loss([...pair, weights, reduction], hinge),
  huberLoss: loss([...pair, weights, plain('delta'), reduction], huber),
  logLoss: loss([...pair, weights, plain('epsilon'), reduction], log),
  sigmoidCrossEntropy: loss([tensor('multiClassLabels'), tensor('logits'), weights, plain('labelSmoothing'), reduction], sigmoid),
  softmaxCrossEntropy: loss([tensor('onehotLabels'), tensor('logits'), weights, plain('labelSmoothing'), reduction], softmax),
  computeWeightedLoss: composed([tensor('losses'), weights, reduction], (bound) => weighted(bound, bound.tensor('losses'))),
};
