/** torchvision's small modules, activated batch norms, and detectron2's makers of norms. */
import { argument, asNumber, fn, isMissing, list, type NativeValue, NULL, number, type TensorValue, unknown, type Value } from '../../common/values';
import { rateOf } from '../nn/activating';
import { type Module, type ModuleKind, ONES, ZEROS } from '../nn/kind';
import { batchNorm } from '../nn/norms';
import { contentsOf, setContents, setField } from '../nn/state';
import { classesOf, field, inOrder, make, setters } from './making';

/** Makes the module a sequence of what it is made of. */
function sequence(m: Module, items: readonly Value[]): void {
  setContents(m.self, list(items), m.host);
}

function runSequence(m: Module): TensorValue {
  const contents = contentsOf(m.self);
  if (contents?.kind !== 'list') return m.host.unknownTensor('its modules are not known');
  return contents.items.reduce<TensorValue>((x, item) => {
    const made = m.host.call(item, { ...m.args, positional: [x], named: new Map(), spans: [m.args.span] });
    return made.kind === 'tensor' ? made : m.host.unknownTensor('a module gives no tensor', [x]);
  }, m.tensor());
}

/** Half of what a window reaches over, so that the size stays: for odd windows. */
function samePadding(m: Module): Value {
  const given = m.value('padding');
  if (!isMissing(given)) return given;
  const [window, dilation] = [asNumber(m.value('kernel_size')), asNumber(m.value('dilation'))];
  if (window !== undefined && dilation !== undefined) return number(Math.floor((window - 1) / 2) * dilation);
  const items = m.value('kernel_size');
  const sizes = items.kind === 'list' ? items.items.map(asNumber) : [];
  if (sizes.length === 0 || sizes.some((each) => each === undefined) || dilation === undefined) return unknown('the padding is not known');
  return list(
    sizes.map((each) => number(Math.floor(((each ?? 1) - 1) / 2) * dilation)),
    true,
  );
}

const convNormActivation = (spatial: number): ModuleKind => ({
  signature: `in_channels, out_channels, kernel_size=3, stride=1, padding=None, groups=1, norm_layer=nn.BatchNorm${spatial}d, activation_layer=nn.ReLU, dilation=1, inplace=True, bias=None`,
  build: (m) => {
    const [norm, activation] = [m.value('norm_layer'), m.value('activation_layer')];
    const named = {
      ...Object.fromEntries(['kernel_size', 'stride', 'groups', 'dilation'].map((key) => [key, m.value(key)])),
      padding: samePadding(m),
      bias: isMissing(m.value('bias')) ? ({ kind: 'boolean', value: isMissing(norm) } as const) : m.value('bias'),
    };
    const conv = make(m, { kind: 'string', value: `nn.Conv${spatial}d` }, { positional: [m.value('in_channels'), m.value('out_channels')], named });
    const normed = isMissing(norm) ? [] : [make(m, norm, { positional: [m.value('out_channels')] })];
    sequence(m, [conv, ...normed, ...(isMissing(activation) ? [] : [make(m, activation, {})])]);
  },
  forward: runSequence,
});

function buildPerceptron(m: Module): void {
  const widths = m.host.iterate(m.value('hidden_channels'));
  if ('unknown' in widths) {
    setContents(m.self, { ...list([]), open: widths.unknown }, m.host);
    return;
  }
  const items: Value[] = [];
  let before = m.value('in_channels');
  widths.forEach((width, at) => {
    items.push(make(m, { kind: 'string', value: 'nn.Linear' }, { positional: [before, width], named: { bias: m.value('bias') } }));
    if (at < widths.length - 1) {
      if (!isMissing(m.value('norm_layer'))) items.push(make(m, m.value('norm_layer'), { positional: [width] }));
      items.push(make(m, m.value('activation_layer'), {}));
    }
    items.push(make(m, { kind: 'string', value: 'nn.Dropout' }, { positional: [m.value('dropout')] }));
    before = width;
  });
  sequence(m, items);
}

const TORCHVISION: Readonly<Record<string, ModuleKind>> = {
  StochasticDepth: { signature: 'p, mode', forward: (m) => m.step('dropout', [m.tensor()], { rate: rateOf(m, 'p') }) },
  DropBlock2d: { signature: 'p, block_size, inplace=False, eps=1e-6', forward: (m) => m.step('dropout', [m.tensor()], { rate: rateOf(m, 'p') }) },
  DropBlock3d: { signature: 'p, block_size, inplace=False, eps=1e-6', forward: (m) => m.step('dropout', [m.tensor()], { rate: rateOf(m, 'p') }) },
  Permute: {
    signature: 'dims',
    takes: 'x',
    forward: (m) => m.step('transpose', [m.tensor('x')], { perm: m.sizes('dims', 1).map((size) => Number(size.text)) }),
  },
  MLP: {
    signature: 'in_channels, hidden_channels, norm_layer=None, activation_layer=nn.ReLU, inplace=None, bias=True, dropout=0.0',
    build: buildPerceptron,
    forward: runSequence,
  },
  ConvNormActivation: convNormActivation(2),
  Conv2dNormActivation: convNormActivation(2),
  Conv3dNormActivation: convNormActivation(3),
  SqueezeExcitation: {
    signature: 'input_channels, squeeze_channels, activation=nn.ReLU, scale_activation=nn.Sigmoid',
    build: (m) => {
      const conv = (name: string, from: string, to: string): void => {
        field(m, name, { kind: 'string', value: 'nn.Conv2d' }, { positional: [m.value(from), m.value(to), number(1)] });
      };
      field(m, 'avgpool', { kind: 'string', value: 'nn.AdaptiveAvgPool2d' }, { positional: [number(1)] });
      conv('fc1', 'input_channels', 'squeeze_channels');
      conv('fc2', 'squeeze_channels', 'input_channels');
      field(m, 'activation', m.value('activation'), {});
      field(m, 'scale_activation', m.value('scale_activation'), {});
    },
    forward: (m) => m.step('mul', [inOrder(m, ['avgpool', 'fc1', 'activation', 'fc2', 'scale_activation']), m.tensor()]),
  },
  FrozenBatchNorm2d: {
    signature: 'num_features, eps=1e-5',
    takes: 'input',
    build: (m) => {
      for (const [name, start] of [
        ['weight', ONES],
        ['bias', ZEROS],
        ['running_mean', ZEROS],
        ['running_var', ONES],
      ] as const)
        m.buffer(name, [m.size('num_features')], start);
    },
    forward: batchNorm,
  },
};

/** A batch norm with its activation. */
const activated = (activation: string, parameter: string): ModuleKind => ({
  signature: `num_features, eps=1e-5, momentum=0.1, affine=True, activation="${activation}", ${parameter}, **`,
  build: (m) => {
    const sizes = [m.size('num_features')];
    m.weight('weight', sizes, ONES);
    m.weight('bias', sizes, ZEROS);
    m.buffer('running_mean', sizes, ZEROS);
    m.buffer('running_var', sizes, ONES);
  },
  forward: (m) => {
    const x = batchNorm(m);
    const word = m.word('activation');
    if (word === 'identity' || word === 'none') return x;
    return word === 'leaky_relu' ? m.step('leakyRelu', [x], { alpha: 0.01 }) : m.step(word === 'elu' ? 'elu' : 'relu', [x], word === 'elu' ? { alpha: 1 } : {});
  },
});

const ABN = activated('leaky_relu', 'activation_param=0.01');

/** Norms by the words that detectron2's configurations have. */
const NORMS: Readonly<Record<string, string>> = {
  BN: 'nn.BatchNorm2d',
  SyncBN: 'nn.SyncBatchNorm',
  FrozenBN: 'nn.BatchNorm2d',
  nnSyncBN: 'nn.SyncBatchNorm',
  naiveSyncBN: 'nn.SyncBatchNorm',
  LN: 'nn.LayerNorm',
};

/** `get_norm(norm, out_channels)`: None or an empty word is none; 'GN' has 32 groups. */
const getNorm = (find: (name: string) => Value): NativeValue =>
  fn('get_norm', (args, host) => {
    const [norm, channels] = [args.named.get('norm') ?? argument(args, 0), args.named.get('out_channels') ?? argument(args, 1)];
    if (isMissing(norm) || (norm.kind === 'string' && norm.value === '')) return NULL;
    if (norm.kind !== 'string') return host.invoke(norm, channels);
    if (norm.value === 'GN') return host.invoke(find('GroupNorm'), number(32), channels);
    const cls = NORMS[norm.value];
    return cls ? host.invoke(find(cls.slice(3)), channels) : unknown('the kind of norm is not known');
  });

/** A convolution that takes its norm and activation along. */
const WRAPPED_CONV: ModuleKind = {
  signature:
    'in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros", norm=None, activation=None, **',
  takes: 'x',
  build: (m) => {
    const keys = ['kernel_size', 'stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode'];
    const named = Object.fromEntries(keys.map((key) => [key, m.value(key)]));
    field(m, 'conv', { kind: 'string', value: 'nn.Conv2d' }, { positional: [m.value('in_channels'), m.value('out_channels')], named });
    setField(m.self, 'norm', isMissing(m.value('norm')) ? NULL : m.value('norm'), m.host);
  },
  forward: (m) => {
    const made = inOrder({ ...m, tensor: () => m.tensor('x') }, ['conv', 'norm']);
    const activation = m.value('activation');
    if (isMissing(activation)) return made;
    const result = m.host.invoke(activation, made);
    return result.kind === 'tensor' ? result : m.host.unknownTensor('the activation gives no tensor', [made]);
  },
};

/** torchvision.ops. */
export const TORCHVISION_OPS: Readonly<Record<string, Value>> = classesOf('torchvision.ops', TORCHVISION);

/** inplace_abn. */
export const INPLACE_ABN: Readonly<Record<string, Value>> = classesOf('inplace_abn', { InPlaceABN: ABN, InPlaceABNSync: ABN, ABN });

/** detectron2.layers and fvcore.nn. */
export const detectronLibrary = (find: (name: string) => Value): Readonly<Record<string, Value>> => ({
  get_norm: getNorm(find),
  ...classesOf('detectron2.layers', { Conv2d: WRAPPED_CONV }),
  ...setters('fvcore', 'c2_xavier_fill c2_msra_fill'),
  Linear: find('Linear'),
  ConvTranspose2d: find('ConvTranspose2d'),
  BatchNorm2d: find('BatchNorm2d'),
});
