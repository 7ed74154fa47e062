/** Losses: numbers made of what was predicted and what was wanted. */
import { realOf } from '../../../dim/index';
import type { Attributes } from '../../../ops/operator';
import type { TensorValue } from '../../common/values';
import { cosineSimilarity, lengthOf } from './embedding';
import { type Module, type ModuleKind, realAttribute } from './kind';

/** The older flags `size_average` and `reduce` are heeded by nobody's new code. */
function reductionOf(m: Module): string {
  return m.missing('reduction') ? 'mean' : m.word('reduction');
}

/** All values as one number, or each by itself. */
function reduced(m: Module, x: TensorValue): TensorValue {
  const reduction = reductionOf(m);
  if (reduction === 'none') return x;
  return m.step(reduction === 'sum' ? 'sum' : 'mean', [x]);
}

const number = (m: Module, value: number): TensorValue => m.host.constant([], 'float32', [realOf(value)]);
const setting = (m: Module, key: string): TensorValue => m.host.constant([], 'float32', [m.real(key)]);

/** The two operands of most losses. */
const sides = (m: Module): readonly [TensorValue, TensorValue] => [m.tensor('input'), m.tensor('target')];

function likelihood(m: Module, logits: boolean): TensorValue {
  const weight = m.maybeTensor('weight');
  const attributes: Attributes = {
    logits,
    reduction: reductionOf(m),
    ignored: realAttribute(m.real('ignore_index')),
    smoothing: m.missing('label_smoothing') ? 0 : realAttribute(m.real('label_smoothing')),
  };
  return m.step('negativeLikelihood', [...sides(m), ...(weight ? [weight] : [])], attributes);
}

/** A step for each of |x| < limit and the others. */
function bent(m: Module, x: TensorValue, limit: TensorValue, inner: TensorValue, outer: TensorValue): TensorValue {
  return m.step('where', [m.step('less', [x, limit]), inner, outer]);
}

/** Squared near zero, straight beyond `delta`; smooth L1 is the same over delta. */
function huber(m: Module, key: 'beta' | 'delta'): TensorValue {
  const size = m.step('abs', [m.step('sub', [...sides(m)])]);
  const limit = setting(m, key);
  const half = m.step('mul', [m.step('square', [size]), number(m, 0.5)]);
  const line = m.step('sub', [size, m.step('mul', [limit, number(m, 0.5)])]);
  if (key === 'beta') return reduced(m, bent(m, size, limit, m.step('div', [half, limit]), line));
  return reduced(m, bent(m, size, limit, half, m.step('mul', [limit, line])));
}

/** log(x), not below -100 as torch holds it. */
const log = (m: Module, x: TensorValue): TensorValue => m.step('clip', [m.step('log', [x])], { min: -100 });

function weighted(m: Module, x: TensorValue): TensorValue {
  const weight = m.maybeTensor('weight');
  return weight ? m.step('mul', [x, weight]) : x;
}

function binaryCrossEntropy(m: Module): TensorValue {
  const [x, target] = sides(m);
  const rest = (each: TensorValue): TensorValue => m.step('sub', [number(m, 1), each]);
  const own = m.step('mul', [target, log(m, x)]);
  const other = m.step('mul', [rest(target), log(m, rest(x))]);
  return reduced(m, weighted(m, m.step('neg', [m.step('add', [own, other])])));
}

/** (1 - y)·x + (1 + (p - 1)·y)·log(1 + exp(-x)). */
function binaryWithLogits(m: Module): TensorValue {
  const [x, target] = sides(m);
  const positive = m.maybeTensor('pos_weight');
  const steep = m.step('softplus', [m.step('neg', [x])]);
  const one = number(m, 1);
  const factor = positive ? m.step('add', [one, m.step('mul', [m.step('sub', [positive, one]), target])]) : undefined;
  const own = m.step('mul', [m.step('sub', [one, target]), x]);
  return reduced(m, weighted(m, m.step('add', [own, factor ? m.step('mul', [factor, steep]) : steep])));
}

function divergence(m: Module): TensorValue {
  const [x, target] = sides(m);
  const isLog = !m.missing('log_target') && m.flag('log_target');
  const [share, logs] = isLog ? [m.step('exp', [target]), target] : [target, log(m, target)];
  const each = m.step('mul', [share, m.step('sub', [logs, x])]);
  if (reductionOf(m) !== 'batchmean') return reduced(m, each);
  const batch = x.shape?.[0];
  const total = m.step('sum', [each]);
  return batch ? m.step('div', [total, m.host.constant([], total.dtype, [{ kind: 'size', size: batch }])]) : total;
}

function poisson(m: Module): TensorValue {
  const [x, target] = sides(m);
  const isLog = m.missing('log_input') || m.flag('log_input');
  const rate = isLog ? m.step('exp', [x]) : x;
  const logs = isLog ? x : m.step('log', [m.step('add', [x, setting(m, 'eps')])]);
  return reduced(m, m.step('sub', [rate, m.step('mul', [target, logs])]));
}

/** Values below zero are nothing. */
const above = (m: Module, x: TensorValue): TensorValue => m.step('relu', [x]);

function marginRanking(m: Module): TensorValue {
  const apart = m.step('sub', [m.tensor('input1'), m.tensor('input2')]);
  const signed = m.step('neg', [m.step('mul', [m.tensor('target'), apart])]);
  return reduced(m, above(m, m.step('add', [signed, setting(m, 'margin')])));
}

function triplet(m: Module): TensorValue {
  const distance = (key: string): TensorValue => {
    const apart = m.step('add', [m.step('sub', [m.tensor('anchor'), m.tensor(key)]), number(m, 1e-6)]);
    return lengthOf(m, apart, m.number('p'), -1, false);
  };
  return reduced(m, above(m, m.step('add', [m.step('sub', [distance('positive'), distance('negative')]), setting(m, 'margin')])));
}

function cosineEmbedding(m: Module): TensorValue {
  const named: Readonly<Record<string, string>> = { x1: 'input1', x2: 'input2' };
  const paired = { ...m, tensor: (key = 'input') => m.tensor(named[key] ?? key), number: () => -1, real: () => realOf(1e-12) };
  const cosine = cosineSimilarity(paired);
  const isSame = m.step('greater', [m.tensor('target'), number(m, 0)]);
  const far = above(m, m.step('sub', [cosine, setting(m, 'margin')]));
  return reduced(m, m.step('where', [isSame, m.step('sub', [number(m, 1), cosine]), far]));
}

function hinge(m: Module): TensorValue {
  const [x, target] = sides(m);
  const isSame = m.step('greater', [target, number(m, 0)]);
  return reduced(m, m.step('where', [isSame, x, above(m, m.step('sub', [setting(m, 'margin'), x]))]));
}

const softMargin = (m: Module): TensorValue => {
  const [x, target] = sides(m);
  return reduced(m, m.step('softplus', [m.step('neg', [m.step('mul', [target, x])])]));
};

function gaussian(m: Module): TensorValue {
  const spread = m.step('clip', [m.tensor('var')], { min: realAttribute(m.real('eps')) });
  const square = m.step('div', [m.step('square', [m.step('sub', [...sides(m)])]), spread]);
  return reduced(m, m.step('mul', [m.step('add', [m.step('log', [spread]), square]), number(m, 0.5)]));
}

const COMMON = 'size_average=None, reduce=None, reduction="mean"';

/** A loss: the module's settings, what both take, and its steps. The function takes both in one signature. */
interface Loss {
  readonly name: string;
  readonly settings: string;
  readonly takes: string;
  readonly takesFunction: string;
  readonly run: (m: Module) => TensorValue;
}

const loss = (name: string, run: Loss['run'], settings = COMMON, takes = 'input, target', takesFunction = `${takes}, ${settings}`): Loss => ({
  name,
  settings,
  takes,
  takesFunction,
  run,
});

/** Losses are computed in float32 where autocast is on; but for those that are written in Python. */
const PLAIN: readonly string[] = ['gaussian_nll_loss', 'binary_cross_entropy', 'cross_entropy'];

/** The loss of operands that autocast casts as a whole. */
function cast(m: Module, run: Loss['run']): TensorValue {
  const of = (tensor: TensorValue | undefined): TensorValue | undefined => tensor && m.host.autocast('float32', [tensor])[0];
  return run({
    ...m,
    tensor: (key) => of(m.tensor(key)) ?? m.tensor(key),
    maybeTensor: (key) => of(m.maybeTensor(key)),
    step: (...call) => m.host.uncast(() => m.step(...call)),
  });
}

/** By the function's name. */
const LOSSES: Readonly<Record<string, Loss>> = {
  mse_loss: loss('MSELoss', (m) => reduced(m, m.step('squaredDifference', [...sides(m)]))),
  l1_loss: loss('L1Loss', (m) => reduced(m, m.step('abs', [m.step('sub', [...sides(m)])]))),
  smooth_l1_loss: loss('SmoothL1Loss', (m) => huber(m, 'beta'), `${COMMON}, beta=1.0`),
  huber_loss: loss('HuberLoss', (m) => huber(m, 'delta'), 'reduction="mean", delta=1.0'),
  cross_entropy: loss(
    'CrossEntropyLoss',
    (m) => likelihood(m, true),
    'weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean", label_smoothing=0.0',
  ),
  nll_loss: loss('NLLLoss', (m) => likelihood(m, false), 'weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"'),
  binary_cross_entropy: loss('BCELoss', binaryCrossEntropy, `weight=None, ${COMMON}`),
  binary_cross_entropy_with_logits: loss('BCEWithLogitsLoss', binaryWithLogits, `weight=None, ${COMMON}, pos_weight=None`),
  kl_div: loss('KLDivLoss', divergence, `${COMMON}, log_target=False`),
  poisson_nll_loss: loss('PoissonNLLLoss', poisson, 'log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction="mean"', 'input, target'),
  margin_ranking_loss: loss('MarginRankingLoss', marginRanking, `margin=0.0, ${COMMON}`, 'input1, input2, target'),
  cosine_embedding_loss: loss('CosineEmbeddingLoss', cosineEmbedding, `margin=0.0, ${COMMON}`, 'input1, input2, target'),
  hinge_embedding_loss: loss('HingeEmbeddingLoss', hinge, `margin=1.0, ${COMMON}`),
  soft_margin_loss: loss('SoftMarginLoss', softMargin),
  triplet_margin_loss: loss('TripletMarginLoss', triplet, `margin=1.0, p=2.0, eps=1e-6, swap=False, ${COMMON}`, 'anchor, positive, negative'),
  gaussian_nll_loss: loss('GaussianNLLLoss', gaussian, 'full=False, eps=1e-6, reduction="mean"', 'input, target, var'),
};

const castBy = (name: string, run: Loss['run']): Loss['run'] => (PLAIN.includes(name) ? run : (m) => cast(m, run));

/** The modules. */
export const LOSS_KINDS: Readonly<Record<string, ModuleKind>> = Object.fromEntries(
  Object.entries(LOSSES).map(([key, { name, settings, takes, run }]) => [name, { signature: settings, takes, forward: castBy(key, run) }]),
);

/** The functions: their signatures and steps. */
export const LOSS_FUNCTIONS: Readonly<Record<string, { readonly signature: string; readonly run: (m: Module) => TensorValue }>> = Object.fromEntries(
  Object.entries(LOSSES).map(([name, { takesFunction, run }]) => [name, { signature: takesFunction, run: castBy(name, run) }]),
);
