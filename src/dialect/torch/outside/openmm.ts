/** mmcv and mmengine: layers that are made of configurations. */
import {
  argument,
  asNumber,
  fn,
  type Host,
  isMissing,
  list,
  type NativeValue,
  NULL,
  number,
  object,
  string,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../common/values';
import { rateOf } from '../nn/activating';
import { LAYER_FUNCTIONS } from '../nn/functional';
import { type Module, type ModuleKind, ONES } from '../nn/kind';
import { Module as BaseModule } from '../nn/module';
import { through } from '../nn/parts';
import { bindNames, signatureOf } from '../nn/signature';
import { setField } from '../nn/state';
import { classesOf, decorator, field, inOrder, make, registry, setters } from './making';
import { SEQUENCES, VERSIONS } from './sequences';

// ---- configurations ----

/** The type's name in a configuration, and its other settings. */
interface Config {
  readonly type: string;
  readonly settings: Readonly<Record<string, Value>>;
}

/** A configuration with defaults; undefined where there is none, or its type is not known. */
function configOf(value: Value, fallback?: string): Config | undefined {
  if (value.kind !== 'dict') return fallback === undefined || !isMissing(value) ? undefined : { type: fallback, settings: {} };
  const type = value.entries.get('type');
  const name = type?.kind === 'string' ? type.value : type?.kind === 'native' ? (type.name.split('.').at(-1) ?? '') : fallback;
  if (name === undefined) return undefined;
  return { type: name, settings: Object.fromEntries([...value.entries].filter(([key]) => key !== 'type')) };
}

/** Norms by their names in configurations: the class, and the abbreviation that names the field. */
const NORMS: Readonly<Record<string, readonly [cls: string, short: string]>> = {
  BN: ['BatchNorm2d', 'bn'],
  BN1d: ['BatchNorm1d', 'bn'],
  BN2d: ['BatchNorm2d', 'bn'],
  BN3d: ['BatchNorm3d', 'bn'],
  SyncBN: ['SyncBatchNorm', 'bn'],
  MMSyncBN: ['SyncBatchNorm', 'bn'],
  GN: ['GroupNorm', 'gn'],
  LN: ['LayerNorm', 'ln'],
  IN: ['InstanceNorm2d', 'in'],
  IN1d: ['InstanceNorm1d', 'in'],
  IN2d: ['InstanceNorm2d', 'in'],
  IN3d: ['InstanceNorm3d', 'in'],
};

const CONVS: Readonly<Record<string, string>> = {
  Conv1d: 'Conv1d',
  Conv2d: 'Conv2d',
  Conv3d: 'Conv3d',
  Conv: 'Conv2d',
  ConvAWS: 'Conv2d',
  deconv: 'ConvTranspose2d',
};

/** Activations whose names are no class's of torch. */
const ACTIVATIONS: Readonly<Record<string, string>> = { Clip: 'Hardtanh', Clamp: 'Hardtanh', HSigmoid: 'Hardsigmoid', HSwish: 'Hardswish', Swish: 'SiLU' };

type Maker = (cls: string, positional: readonly Value[], named: Readonly<Record<string, Value>>) => Value;

function normFrom(config: Config, features: Value, maker: Maker): { readonly short: string; readonly layer: Value } | undefined {
  const row = NORMS[config.type];
  if (!row) return undefined;
  const { requires_grad: _, ...settings } = config.settings;
  const [cls, short] = row;
  if (cls !== 'GroupNorm') return { short, layer: maker(cls, [features], settings) };
  const { num_groups: groups = unknown('the number of groups is not given'), ...more } = settings;
  return { short, layer: maker(cls, [groups, features], more) };
}

/** A maker for calls outside of modules. */
const makerFor =
  (find: (name: string) => Value, host: Host): Maker =>
  (cls, positional, named) =>
    host.call(find(cls), { positional, named: new Map(Object.entries(named)), span: host.span, spans: positional.map(() => host.span), api: `nn.${cls}` });

const inModule =
  (m: Module): Maker =>
  (cls, positional, named) =>
    make(m, string(`nn.${cls}`), { positional, named });

// ---- ConvModule ----

const ORDER = ['conv', 'norm', 'act'];

function buildConvModule(m: Module): void {
  const norm = configOf(m.value('norm_cfg'));
  const bias = m.value('bias');
  const auto = bias.kind === 'string';
  const conv = configOf(m.value('conv_cfg'), 'Conv2d');
  const cls = conv && CONVS[conv.type];
  const positional = ['in_channels', 'out_channels', 'kernel_size'].map((key) => m.value(key));
  const keys = ['stride', 'padding', 'dilation', 'groups'] as const;
  const named = { ...Object.fromEntries(keys.map((key) => [key, m.value(key)])), bias: auto ? { kind: 'boolean' as const, value: norm === undefined } : bias };
  setField(m.self, 'conv', cls ? inModule(m)(cls, positional, named) : unknown('the kind of convolution is not known'), m.host);
  const order = m.value('order');
  const first = order.kind === 'list' ? order.items.findIndex((item) => item.kind === 'string' && item.value === 'norm') : 1;
  const at = order.kind === 'list' ? order.items.findIndex((item) => item.kind === 'string' && item.value === 'conv') : 0;
  const made = norm && normFrom(norm, m.value(first > at ? 'out_channels' : 'in_channels'), inModule(m));
  if (made) setField(m.self, made.short, made.layer, m.host);
  else if (!isMissing(m.value('norm_cfg'))) setField(m.self, 'bn', unknown('the kind of norm is not known'), m.host);
  buildActivation(m);
}

function buildActivation(m: Module): void {
  const given = m.value('act_cfg');
  if (isMissing(given)) return;
  // The default is a configuration of ReLU.
  const act = given.kind === 'string' ? { type: 'ReLU', settings: {} } : configOf(given);
  const layer = act ? inModule(m)(ACTIVATIONS[act.type] ?? act.type, [], act.settings) : unknown('the kind of activation is not known');
  setField(m.self, 'activate', layer, m.host);
}

const NORM_FIELDS = ['bn', 'gn', 'ln', 'in'];

function runConvModule(m: Module): TensorValue {
  const order = m.value('order');
  const words = order.kind === 'list' ? order.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])) : ORDER;
  const fields = words.flatMap((word) => (word === 'conv' ? ['conv'] : word === 'norm' ? NORM_FIELDS : ['activate']));
  const takes = (name: string): boolean => name === 'conv' || (name === 'activate' ? !isFalse(m.value('activate')) : !isFalse(m.value('norm')));
  return inOrder(
    m,
    fields.filter((name) => m.self.members.has(name) && takes(name)),
  );
}

const isFalse = (value: Value): boolean => value.kind === 'boolean' && !value.value;

const CONV_MODULE: ModuleKind = {
  signature:
    'in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias="auto", conv_cfg=None, norm_cfg=None, act_cfg=nn.ReLU, inplace=True, with_spectral_norm=False, padding_mode="zeros", order=None, fast_conv_bn_eval=False',
  takes: 'input, activate=True, norm=True',
  build: buildConvModule,
  forward: runConvModule,
};

// ---- others ----

function buildFeedForward(m: Module): void {
  const [width, wide] = [m.value('embed_dims'), m.value('feedforward_channels')];
  const act = configOf(m.value('act_cfg'), 'ReLU');
  const linear = (from: Value, to: Value): Value => inModule(m)('Linear', [from, to], {});
  const drop = (): Value => inModule(m)('Dropout', [m.value('ffn_drop')], {});
  const activation = act ? inModule(m)(ACTIVATIONS[act.type] ?? act.type, [], act.settings) : unknown('the activation is not known');
  const count = m.number('num_fcs');
  const inner = Array.from({ length: count - 1 }, (_, at) => inModule(m)('Sequential', [linear(at === 0 ? width : wide, wide), activation, drop()], {}));
  setField(m.self, 'layers', inModule(m)('Sequential', [...inner, linear(wide, width), drop()], {}), m.host);
}

const FEED_FORWARD: ModuleKind = {
  signature:
    'embed_dims=256, feedforward_channels=1024, num_fcs=2, act_cfg=None, ffn_drop=0.0, dropout_layer=None, add_identity=True, init_cfg=None, layer_scale_init_value=0.0, **',
  takes: 'x, identity=None',
  build: buildFeedForward,
  forward: (m) => {
    const x = m.tensor('x');
    const made = through(m, 'layers', x);
    if (!m.flag('add_identity')) return made;
    return m.step('add', [m.maybeTensor('identity') ?? x, made]);
  },
};

/** Keys and values that are not given are the queries, and what is added to them likewise. */
function attend(m: Module): TensorValue {
  const query = m.tensor('query');
  const key = m.maybeTensor('key') ?? query;
  const value = m.maybeTensor('value') ?? key;
  const identity = m.maybeTensor('identity') ?? query;
  const first = m.flag('batch_first');
  const turned = (x: TensorValue): TensorValue => (first ? m.step('transpose', [x], { perm: [1, 0, 2] }) : x);
  const placed = (x: TensorValue, name: string): TensorValue => {
    const places = m.maybeTensor(name);
    return places ? m.step('add', [x, places]) : x;
  };
  const [q, k, v] = [placed(query, 'query_pos'), placed(key, 'key_pos'), value].map(turned) as [TensorValue, TensorValue, TensorValue];
  const masks = { attn_mask: m.value('attn_mask'), key_padding_mask: m.value('key_padding_mask') };
  const named = Object.fromEntries(Object.entries(masks).map(([name, mask]) => [name, isMissing(mask) ? NULL : mask]));
  return m.step('add', [identity, turned(through(m, 'attn', q, [k, v], named))]);
}

const ATTENTION: ModuleKind = {
  signature: 'embed_dims, num_heads, attn_drop=0.0, proj_drop=0.0, dropout_layer=None, init_cfg=None, batch_first=False, **',
  takes: 'query, key=None, value=None, identity=None, query_pos=None, key_pos=None, attn_mask=None, key_padding_mask=None, **',
  build: (m) => {
    const named = ['bias', 'kdim', 'vdim', 'add_bias_kv'].flatMap((key) => (isMissing(m.value(key)) ? [] : [[key, m.value(key)] as const]));
    setField(
      m.self,
      'attn',
      inModule(m)('MultiheadAttention', [m.value('embed_dims'), m.value('num_heads'), m.value('attn_drop')], Object.fromEntries(named)),
      m.host,
    );
    setField(m.self, 'proj_drop', inModule(m)('Dropout', [m.value('proj_drop')], {}), m.host);
    const dropped = configOf(m.value('dropout_layer'));
    setField(m.self, 'dropout_layer', dropped ? dropLayer(dropped, inModule(m)) : m.library('Identity', {}), m.host);
  },
  forward: attend,
};

/** A layer that drops: of paths or of values, it hands on what it gets. */
const dropLayer = (config: Config, maker: Maker): Value => maker('Dropout', [config.settings['drop_prob'] ?? config.settings['p'] ?? number(0)], {});

const KINDS: Readonly<Record<string, ModuleKind>> = {
  ConvModule: CONV_MODULE,
  FFN: FEED_FORWARD,
  MultiheadAttention: ATTENTION,
  Scale: {
    signature: 'scale=1.0',
    takes: 'x',
    build: (m) => void m.weight('scale', [], ONES),
    forward: (m) => m.step('mul', [m.tensor('x'), m.held('scale') ?? m.tensor('x')]),
  },
  DropPath: { signature: 'drop_prob=0.1', takes: 'x', forward: (m) => m.step('dropout', [m.tensor('x')], { rate: rateOf(m, 'drop_prob') }) },
  DepthwiseSeparableConvModule: {
    signature:
      'in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, norm_cfg=None, act_cfg=nn.ReLU, dw_norm_cfg="default", dw_act_cfg="default", pw_norm_cfg="default", pw_act_cfg="default", **',
    takes: 'x',
    build: (m) => {
      const chosen = (key: string, fallback: string): Value => (m.value(key).kind === 'string' ? m.value(fallback) : m.value(key));
      const inner = m.value('in_channels');
      const geometry = Object.fromEntries(['stride', 'padding', 'dilation'].map((key) => [key, m.value(key)]));
      const depthwise = { ...geometry, groups: inner, norm_cfg: chosen('dw_norm_cfg', 'norm_cfg'), act_cfg: chosen('dw_act_cfg', 'act_cfg') };
      field(m, 'depthwise_conv', MMCV_CLASSES.ConvModule ?? UNDEFINED, { positional: [inner, inner, m.value('kernel_size')], named: depthwise });
      const pointwise = { norm_cfg: chosen('pw_norm_cfg', 'norm_cfg'), act_cfg: chosen('pw_act_cfg', 'act_cfg') };
      field(m, 'pointwise_conv', MMCV_CLASSES.ConvModule ?? UNDEFINED, { positional: [inner, m.value('out_channels'), number(1)], named: pointwise });
    },
    forward: (m) => through(m, 'pointwise_conv', through(m, 'depthwise_conv', m.tensor('x'))),
  },
};

const MMCV_CLASSES: Readonly<Record<string, NativeValue>> = classesOf('mmcv', KINDS);

/** A function that makes a layer of a configuration. */
const builder = (
  name: string,
  signature: string,
  run: (value: (key: string) => Value, maker: Maker, host: Host) => Value,
  find: (name: string) => Value,
): NativeValue =>
  fn(name, (args, host) => {
    const bound = bindNames(signatureOf(signature), args, host);
    if ('failed' in bound) return unknown(bound.failed);
    return run((key) => bound.values.get(key) ?? UNDEFINED, makerFor(find, host), host);
  });

/** The functions, over torch's classes. */
export function openmmLibrary(find: (name: string) => Value): Readonly<Record<string, Value>> {
  const buildNorm = builder(
    'build_norm_layer',
    'cfg, num_features, postfix=""',
    (value, maker) => {
      const config = configOf(value('cfg'));
      const made = config && normFrom(config, value('num_features'), maker);
      const postfix = value('postfix');
      const ending = postfix.kind === 'string' ? postfix.value : String(asNumber(postfix) ?? '');
      return made
        ? list([string(`${made.short}${ending}`), made.layer], true)
        : list([unknown('the name of the norm'), unknown('the kind of norm is not known')], true);
    },
    find,
  );
  const buildConv = fn('build_conv_layer', (args, host) => {
    const config = configOf(args.named.get('cfg') ?? argument(args, 0), 'Conv2d');
    const cls = config && CONVS[config.type];
    if (!config || !cls) return unknown('the kind of convolution is not known');
    const named = Object.fromEntries([...args.named].filter(([key]) => key !== 'cfg'));
    return makerFor(find, host)(cls, args.named.has('cfg') ? args.positional : args.positional.slice(1), { ...named, ...config.settings });
  });
  const buildActivationLayer = fn('build_activation_layer', (args, host) => {
    const config = configOf(args.named.get('cfg') ?? argument(args, 0));
    return config ? makerFor(find, host)(ACTIVATIONS[config.type] ?? config.type, [], config.settings) : unknown('the kind of activation is not known');
  });
  const buildDropout = fn('build_dropout', (args, host) => {
    const config = configOf(args.named.get('cfg') ?? argument(args, 0));
    return config ? dropLayer(config, makerFor(find, host)) : unknown('the kind of dropout is not known');
  });
  const registries =
    'CONV_LAYERS NORM_LAYERS ACTIVATION_LAYERS PADDING_LAYERS UPSAMPLE_LAYERS PLUGIN_LAYERS DROPOUT_LAYERS ATTENTION FEEDFORWARD_NETWORK TRANSFORMER_LAYER TRANSFORMER_LAYER_SEQUENCE POSITIONAL_ENCODING MODELS BACKBONES NECKS HEADS LOSSES SEGMENTORS DETECTORS'.split(
      ' ',
    );
  return {
    ...MMCV_CLASSES,
    BaseModule,
    Sequential: find('Sequential'),
    ModuleList: find('ModuleList'),
    ModuleDict: find('ModuleDict'),
    Linear: find('Linear'),
    Conv2d: find('Conv2d'),
    Conv3d: find('Conv3d'),
    ConvTranspose2d: find('ConvTranspose2d'),
    MaxPool2d: find('MaxPool2d'),
    build_norm_layer: buildNorm,
    build_conv_layer: buildConv,
    build_activation_layer: buildActivationLayer,
    build_dropout: buildDropout,
    resize: resize(),
    ...SEQUENCES,
    ...VERSIONS,
    ...setters(
      'mmcv',
      'constant_init xavier_init normal_init trunc_normal_init uniform_init kaiming_init caffe2_xavier_init bias_init_with_prob trunc_normal_',
    ),
    ...Object.fromEntries(['auto_fp16', 'force_fp32', 'deprecated_api_warning'].map((name) => [name, decorator(name)])),
    ...Object.fromEntries(registries.map((name) => [name, registry(name)])),
    ConfigDict: fn('ConfigDict', (args) => (argument(args, 0).kind === 'dict' ? argument(args, 0) : object([...args.named], 'map'))),
  };
}

/** `F.interpolate`, with a warning. */
const resize = (): NativeValue =>
  fn('resize', (args, host) => {
    const interpolate = LAYER_FUNCTIONS['interpolate'];
    const named = new Map([...args.named].filter(([name]) => name !== 'warning'));
    return interpolate ? host.call(interpolate, { ...args, named, positional: args.positional.slice(0, 5) }) : unknown('no rule for `resize`');
  });
