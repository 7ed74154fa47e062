/** `torch.nn.functional`: what modules do, as functions. Their arguments bear the names of the modules' settings, so that one forward serves both. */
import { fn, type Host, type InstanceValue, type NativeValue, type TensorValue, type Value } from '../../common/values';
import { composed, type Lines } from '../line';
import { channelDropout, dropout, pointwise, prelu, rateOf } from './activating';
import { multiHeadFunction, scaledDotProductAttention } from './attending';
import { convolve, convolveTransposed } from './convolving';
import { cosineSimilarity, embedding, embeddingBag, normalize, oneHot, pairwiseDistance } from './embedding';
import { type Module, moduleOf, sizeAttribute, sizeAttributes, Undecided } from './kind';
import { bilinear, linear } from './linear';
import { LOSS_FUNCTIONS } from './losses';
import { batchNorm, groupNorm, instanceNorm, localResponseNorm, overLastAxes } from './norms';
import { adaptivePool, avgPool, fold, interpolate, lpPool, maxPool, padFunction, unfold, withSettings } from './pooling';
import { bindNames, signatureOf } from './signature';

/** One function: its signature and what it does. */
interface FunctionLine {
  readonly signature: string;
  readonly run: (m: Module) => Value;
}

const line = (signature: string, run: FunctionLine['run']): FunctionLine => ({ signature, run });

const CONV = 'input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1';
const TRANSPOSED = 'input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1';
const MAX = 'input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False';
const AVG = 'input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None';

const EACH = [1, 2, 3];
const perAxes = (name: string, make: (spatial: number) => FunctionLine): Record<string, FunctionLine> =>
  Object.fromEntries(EACH.map((spatial) => [`${name}${spatial}d`, make(spatial)]));

const DROPOUT = 'input, p=0.5, training=True, inplace=False';

/** The functions drop whatever the module's mode, unless `training` says that they do not. */
const dropoutFunction =
  (channels: boolean) =>
  (m: Module): Value => {
    const drops = m.host.truth(m.value('training'));
    if (drops === false) return m.step('dropout', [m.tensor()], { rate: 0 });
    if (m.host.training || drops === undefined) return channels ? channelDropout(m) : dropout(m);
    return m.step('dropout', [m.tensor()], { rate: rateOf(m, 'p'), always: true, ...(channels && { channels }) });
  };

const shuffle = (operator: string, key: string, setting: string): FunctionLine =>
  line(`input, ${key}`, (m) => m.step(operator, [m.tensor()], { [setting]: sizeAttribute(m.size(key)) }));

/** Batch statistics are used in training, or where none are kept. */
function batchNormFunction(m: Module): TensorValue {
  const trains = m.host.truth(m.value('training'));
  return batchNorm(trains === true && !m.host.training ? { ...m, held: (name) => (name.startsWith('running') ? undefined : m.held(name)) } : m);
}

function gridSample(m: Module): TensorValue {
  const [x, grid] = [m.tensor(), m.tensor('grid')];
  for (const each of [x, grid]) if (each.shape === null) m.host.tellRank(each, 4, 'at least');
  return m.step('gridSample', [x, grid], {
    method: m.word('mode'),
    paddingMode: m.word('padding_mode'),
    alignCorners: !m.missing('align_corners') && m.flag('align_corners'),
  });
}

const affineGrid = (m: Module): TensorValue =>
  m.step('affineGrid', [m.tensor('theta')], { size: sizeAttributes(m.sizes('size', 4)), alignCorners: !m.missing('align_corners') && m.flag('align_corners') });

/** A softmax of noisy logits; `hard` makes it one-hot. */
function gumbelSoftmax(m: Module): TensorValue {
  const noise = m.step('neg', [m.step('log', [m.step('neg', [m.step('log', [m.step('random', [], randomLike(m))])])])]);
  const tau = m.host.constant([], 'float32', [m.real('tau')]);
  return m.step('softmax', [m.step('div', [m.step('add', [m.tensor('logits'), noise]), tau])], { axis: m.number('dim') });
}

function randomLike(m: Module): { readonly [name: string]: ReturnType<typeof sizeAttributes>[number] } {
  const { shape, reason } = m.tensor('logits');
  if (shape === null) throw new Undecided(reason ?? 'the rank of the tensor is not known');
  return { shape: sizeAttributes(shape), distribution: 'uniform', min: 0, max: 1, dtype: 'float32' };
}

const LINES: Readonly<Record<string, FunctionLine>> = {
  ...perAxes('conv', (spatial) => line(CONV, (m) => convolve(m, spatial))),
  ...perAxes('conv_transpose', (spatial) => line(TRANSPOSED, (m) => convolveTransposed(m, spatial))),
  linear: line('input, weight, bias=None', linear),
  bilinear: line('input1, input2, weight, bias=None', bilinear),
  ...perAxes('max_pool', (spatial) => line(MAX, (m) => maxPool(m, spatial))),
  ...perAxes('avg_pool', (spatial) => line(spatial === 1 ? AVG.replace(', divisor_override=None', '') : AVG, (m) => avgPool(m, spatial))),
  ...perAxes('adaptive_avg_pool', (spatial) => line('input, output_size', (m) => adaptivePool(m, 'adaptiveAvgPool', spatial))),
  ...perAxes('adaptive_max_pool', (spatial) => line('input, output_size, return_indices=False', (m) => adaptivePool(m, 'adaptiveMaxPool', spatial))),
  ...perAxes('lp_pool', (spatial) => line('input, norm_type, kernel_size, stride=None, ceil_mode=False', (m) => lpPool(m, spatial))),
  interpolate: line('input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None, antialias=False', interpolate),
  upsample: line('input, size=None, scale_factor=None, mode="nearest", align_corners=None', interpolate),
  upsample_nearest: line('input, size=None, scale_factor=None', (m) => interpolate(withSettings(m, { mode: 'nearest' }))),
  upsample_bilinear: line('input, size=None, scale_factor=None', (m) => interpolate(withSettings(m, { mode: 'bilinear', align_corners: true }))),
  pad: line('input, pad, mode="constant", value=None', padFunction),
  unfold: line('input, kernel_size, dilation=1, padding=0, stride=1', unfold),
  fold: line('input, output_size, kernel_size, dilation=1, padding=0, stride=1', fold),
  pixel_shuffle: shuffle('pixelShuffle', 'upscale_factor', 'factor'),
  pixel_unshuffle: shuffle('pixelUnshuffle', 'downscale_factor', 'factor'),
  channel_shuffle: shuffle('channelShuffle', 'groups', 'groups'),
  grid_sample: line('input, grid, mode="bilinear", padding_mode="zeros", align_corners=None', gridSample),
  affine_grid: line('theta, size, align_corners=None', affineGrid),
  normalize: line('input, p=2.0, dim=1, eps=1e-12, out=None', normalize),
  layer_norm: line('input, normalized_shape, weight=None, bias=None, eps=1e-5', (m) => overLastAxes(m, 'layerNorm')),
  rms_norm: line('input, normalized_shape, weight=None, eps=None', (m) => overLastAxes(m, 'rmsNorm')),
  batch_norm: line('input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5', batchNormFunction),
  group_norm: line('input, num_groups, weight=None, bias=None, eps=1e-5', groupNorm),
  instance_norm: line('input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5', (m) =>
    instanceNorm(m),
  ),
  local_response_norm: line('input, size, alpha=1e-4, beta=0.75, k=1.0', localResponseNorm),
  dropout: line(DROPOUT, dropoutFunction(false)),
  dropout1d: line(DROPOUT, dropoutFunction(true)),
  dropout2d: line(DROPOUT, dropoutFunction(true)),
  dropout3d: line(DROPOUT, dropoutFunction(true)),
  alpha_dropout: line(DROPOUT.replace('training=True', 'training=False'), dropoutFunction(false)),
  feature_alpha_dropout: line(DROPOUT.replace('training=True', 'training=False'), dropoutFunction(true)),
  scaled_dot_product_attention: line(
    'query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False',
    scaledDotProductAttention,
  ),
  multi_head_attention_forward: line(
    'query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, need_weights=True, attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None, v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True, is_causal=False',
    multiHeadFunction,
  ),
  embedding: line('input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False', embedding),
  embedding_bag: line(
    'input, weight, offsets=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode="mean", sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None',
    embeddingBag,
  ),
  one_hot: line('input, num_classes=-1', oneHot),
  prelu: line('input, weight', prelu),
  rrelu: line('input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False', (m) =>
    pointwise(m, 'leakyRelu', { alpha: (m.number('lower') + m.number('upper')) / 2 }),
  ),
  cosine_similarity: line('x1, x2, dim=1, eps=1e-8', cosineSimilarity),
  pairwise_distance: line('x1, x2, p=2.0, eps=1e-6, keepdim=False', pairwiseDistance),
  gumbel_softmax: line('logits, tau=1, hard=False, eps=1e-10, dim=-1', gumbelSoftmax),
  ...LOSS_FUNCTIONS,
};

/** No module: functions have arguments alone. */
const NOBODY: InstanceValue = { kind: 'instance', members: new Map(), state: new Map() };

/** `input` is what torch calls the first argument wherever it is a tensor; its own functions take it as `self` or `x` as well. */
function called(name: string, { signature, run }: FunctionLine): NativeValue {
  return fn(`F.${name}`, (args, host) => {
    const tensors = [...args.positional, ...args.named.values()].filter((value): value is TensorValue => value.kind === 'tensor');
    const bound = bindNames(signatureOf(signature), args, host);
    if ('failed' in bound) return host.unknownTensor(bound.failed, tensors);
    return whereDecided(host, tensors, () => run(moduleOf(NOBODY, name, (key) => bound.values.get(key), args, host)));
  });
}

function whereDecided(host: Host, from: readonly TensorValue[], body: () => Value): Value {
  try {
    return body();
  } catch (problem) {
    if (!(problem instanceof Undecided)) throw problem;
    return host.unknownTensor(problem.reason, from);
  }
}

/** The functions under their names. */
export const LAYER_FUNCTIONS: Readonly<Record<string, NativeValue>> = Object.fromEntries(
  Object.entries(LINES).map(([name, each]) => [name, called(name, each)]),
);

/** The same as lines of the functional tables, which hand their arguments on as they are given. */
const asLines = (names: readonly string[]): Lines =>
  Object.fromEntries(
    names.flatMap((name) => {
      const call = LAYER_FUNCTIONS[name]?.call;
      return call ? [[name, composed('*args: any = None, **', ({ args, host }) => call(args, host))] as const] : [];
    }),
  );

/** Functions that stand on `torch.nn.functional`. */
export const NN_FUNCTIONAL: Lines = asLines(Object.keys(LINES));

/** Those that stand on `torch` too. */
export const TORCH_LAYERS: Lines = asLines([
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
  'bilinear',
  'max_pool1d',
  'max_pool2d',
  'max_pool3d',
  'avg_pool1d',
  'adaptive_avg_pool1d',
  'adaptive_max_pool1d',
  'pixel_shuffle',
  'pixel_unshuffle',
  'channel_shuffle',
  'layer_norm',
  'rms_norm',
  'batch_norm',
  'group_norm',
  'instance_norm',
  'dropout',
  'alpha_dropout',
  'feature_alpha_dropout',
  'prelu',
  'cosine_similarity',
  'pairwise_distance',
  'embedding',
  'embedding_bag',
  'kl_div',
  'poisson_nll_loss',
  'cosine_embedding_loss',
  'hinge_embedding_loss',
  'margin_ranking_loss',
  'triplet_margin_loss',
]);
