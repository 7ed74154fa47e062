/** timm's small helpers, for files that import them where timm's own sources are not at hand. */
import { asConstant, constant, divides, floorDivide, multiply } from '../../../dim/index';
import {
  argument,
  asNumber,
  asSize,
  fn,
  isMissing,
  list,
  type NativeValue,
  number,
  size,
  sizesValue,
  type TensorValue,
  unknown,
  type Value,
} from '../../common/values';
import { dropout, rateOf } from '../nn/activating';
import { type Module, type ModuleKind, sizeAttributes } from '../nn/kind';
import { through } from '../nn/parts';
import { bindNames, signatureOf } from '../nn/signature';
import { classesOf, decorator, field, inOrder, setters, tupleOf, tuples } from './making';

/** Paths of whole samples dropped in training: elsewhere the tensor itself. */
const DROP_PATH: ModuleKind = {
  signature: 'drop_prob=0.0, scale_by_keep=True',
  takes: 'x',
  forward: (m) => m.step('dropout', [m.tensor('x')], { rate: rateOf(m, 'drop_prob') }),
};

/** A first or another size where it is left out. */
const or = (m: Module, key: string, fallback: string): Value => (isMissing(m.value(key)) ? m.value(fallback) : m.value(key));

function buildMlp(m: Module): void {
  const [hidden, outer] = [or(m, 'hidden_features', 'in_features'), or(m, 'out_features', 'in_features')];
  const [first, second] = tupleOf(m, 'bias', 2);
  const [drop1, drop2] = tupleOf(m, 'drop', 2);
  const map = (name: string, from: Value, to: Value, bias: Value): void => {
    const cls: Value = { kind: 'string', value: m.flag('use_conv') ? 'nn.Conv2d' : 'nn.Linear' };
    field(m, name, cls, { positional: [from, to], named: { bias, ...(m.flag('use_conv') ? { kernel_size: number(1) } : {}) } });
  };
  map('fc1', m.value('in_features'), hidden, first ?? unknown('the bias'));
  field(m, 'act', m.value('act_layer'), {});
  field(m, 'drop1', { kind: 'string', value: 'nn.Dropout' }, { positional: [drop1 ?? number(0)] });
  field(m, 'norm', m.value('norm_layer'), { positional: [hidden] });
  map('fc2', hidden, outer, second ?? unknown('the bias'));
  field(m, 'drop2', { kind: 'string', value: 'nn.Dropout' }, { positional: [drop2 ?? number(0)] });
}

const MLP: ModuleKind = {
  signature:
    'in_features, hidden_features=None, out_features=None, act_layer=nn.GELU, norm_layer=None, bias=True, drop=0.0, use_conv=False, device=None, dtype=None',
  takes: 'input',
  build: buildMlp,
  forward: (m) => inOrder(m, ['fc1', 'act', 'drop1', 'norm', 'fc2', 'drop2']),
};

/** Two sizes, with what is derived of them. */
function grid(m: Module): { readonly image: readonly Value[]; readonly cells: readonly Value[]; readonly count: Value } {
  const patch = m.sizes('patch_size', 2);
  const image = m.sizes('img_size', 2);
  const cells = image.map((each, at) => floorDivide(each, patch[at] ?? constant(1), m.host.facts));
  return { image: image.map(size), cells: cells.map(size), count: size(multiply(cells[0] ?? constant(1), cells[1] ?? constant(1))) };
}

const PATCH_EMBED: ModuleKind = {
  signature:
    'img_size=224, patch_size=16, in_chans=3, embed_dim=768, norm_layer=None, flatten=True, output_fmt=None, bias=True, strict_img_size=True, dynamic_img_pad=False, device=None, dtype=None',
  takes: 'input',
  build: (m) => {
    const patch = sizesValue(m.sizes('patch_size', 2));
    const named = { kernel_size: patch, stride: patch, bias: m.value('bias') };
    field(m, 'proj', { kind: 'string', value: 'nn.Conv2d' }, { positional: [m.value('in_chans'), m.value('embed_dim')], named });
    field(m, 'norm', m.value('norm_layer'), { positional: [m.value('embed_dim')] });
  },
  forward: (m) => {
    const x = through(m, 'proj', m.ranked(m.tensor(), 4));
    return normed(m, m.flag('flatten') ? rows(m, x) : x);
  },
  fields: (m) => {
    const { image, cells, count } = grid(m);
    return { img_size: list(image, true), grid_size: list(cells, true), num_patches: count, patch_size: list(m.sizes('patch_size', 2).map(size), true) };
  },
};

const normed = (m: Module, x: TensorValue): TensorValue => through(m, 'norm', x);

/** [batch, channels, height, width] as [batch, places, channels]. */
function rows(m: Module, x: TensorValue): TensorValue {
  const [batch, channels, height, width] = x.shape ?? [];
  if (!batch || !channels || !height || !width) return m.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
  const flat = m.step('reshape', [x], { shape: sizeAttributes([batch, channels, multiply(height, width)]) });
  return m.step('transpose', [flat], { perm: [0, 2, 1] });
}

/** A norm over the channels of [batch, channels, height, width]. */
const NORM_2D: ModuleKind = {
  signature: 'num_channels, eps=1e-6, affine=True, **',
  build: (m) => {
    const sizes = [m.size('num_channels')];
    m.weight('weight', sizes, { name: 'ones' });
    m.weight('bias', sizes, { name: 'zeros' });
  },
  forward: (m) => {
    const moved = m.step('transpose', [m.ranked(m.tensor(), 4)], { perm: [0, 2, 3, 1] });
    const operands = ['weight', 'bias'].flatMap((name) => m.held(name) ?? []);
    const made = m.step('layerNorm', [moved, ...operands], { scale: true, center: true, axes: [-1], epsilon: 1e-6 });
    return m.step('transpose', [made], { perm: [0, 3, 1, 2] });
  },
};

/** `max(min_value, int(v + divisor / 2) // divisor * divisor)`, and one step more where that takes too much away. */
function roundedTo(value: number, divisor: number, least: number, limit: number): number {
  const rounded = Math.max(least, Math.floor((value + divisor / 2) / divisor) * divisor);
  return rounded < limit * value ? rounded + divisor : rounded;
}

const makeDivisible: NativeValue = fn('make_divisible', (args, host) => {
  const bound = bindNames(signatureOf('v, divisor=8, min_value=None, round_limit=0.9'), args, host);
  if ('failed' in bound) return unknown(bound.failed, 'number');
  const [v, divisor, least, limit] = ['v', 'divisor', 'min_value', 'round_limit'].map((key) => bound.values.get(key));
  const [known, by] = [asNumber(v), asNumber(divisor)];
  if (known !== undefined && by !== undefined) return number(roundedTo(known, by, asNumber(least) ?? by, asNumber(limit) ?? 0.9));
  const [whole, step] = [asSize(v), asSize(divisor)];
  if (whole && step && asConstant(step) !== undefined && divides(step, whole, host.facts) === 'yes') return size(whole);
  return unknown('to what it is rounded is not known', 'number');
});

const dropPath: NativeValue = fn('drop_path', (args) => args.named.get('x') ?? argument(args, 0));

const SETTERS = 'trunc_normal_ trunc_normal_tf_ variance_scaling_ lecun_normal_ init_weight_vit init_weight_jax named_apply';

const means = (...values: readonly number[]): Value => list(values.map(number), true);

/** Names that stand in timm's modules, wherever they are imported from. */
export const TIMM: Readonly<Record<string, Value>> = {
  ...classesOf('timm', {
    DropPath: DROP_PATH,
    DropBlock2d: { signature: 'drop_prob=0.1, **', forward: (m) => dropout({ ...m, value: (key) => (key === 'p' ? number(0) : m.value(key)) }) },
    Mlp: MLP,
    PatchEmbed: PATCH_EMBED,
    LayerNorm2d: NORM_2D,
  }),
  ...setters('timm', SETTERS),
  to_1tuple: tuples(1),
  to_2tuple: tuples(2),
  to_3tuple: tuples(3),
  to_4tuple: tuples(4),
  to_ntuple: fn('to_ntuple', (args) => tuples(asNumber(argument(args, 0)) ?? 1)),
  make_divisible: makeDivisible,
  drop_path: dropPath,
  register_model: decorator('register_model'),
  IMAGENET_DEFAULT_MEAN: means(0.485, 0.456, 0.406),
  IMAGENET_DEFAULT_STD: means(0.229, 0.224, 0.225),
  IMAGENET_INCEPTION_MEAN: means(0.5, 0.5, 0.5),
  IMAGENET_INCEPTION_STD: means(0.5, 0.5, 0.5),
};
