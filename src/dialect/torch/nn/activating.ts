/** Activations and dropout: one row a module. */
import { constant } from '../../../dim/index';
import type { Attribute, Attributes } from '../../../ops/operator';
import type { TensorValue, Value } from '../../common/values';
import { type Module, type ModuleKind, realAttribute } from './kind';

/** A step on the input; what is said to work in place changes the input itself. */
export function pointwise(m: Module, operator: string, attributes: Attributes = {}): TensorValue {
  const x = m.tensor();
  const made = m.step(operator, [x], attributes);
  const inPlace = m.value('inplace');
  return inPlace.kind === 'boolean' && inPlace.value ? m.host.replace(x, made) : made;
}

/** Attributes from settings: the operator's names with the settings'. */
const reals = (m: Module, names: Readonly<Record<string, string>>): Attributes =>
  Object.fromEntries(Object.entries(names).map(([attribute, key]) => [attribute, realAttribute(m.real(key))]));

/** A module whose call is one elementwise step. */
const row = (operator: string, signature = '', names: Readonly<Record<string, string>> = {}, attributes: Attributes = {}): ModuleKind => ({
  signature,
  forward: (m) => pointwise(m, operator, { ...attributes, ...reals(m, names) }),
});

/** The axis of a softmax that is not named: torch's guess by rank. */
function guessedAxis(m: Module, x: TensorValue): number | undefined {
  if (!m.missing('dim')) return m.number('dim');
  const rank = x.shape?.length;
  return rank === undefined ? undefined : rank === 0 || rank === 1 || rank === 3 ? 0 : 1;
}

/** A softmax over one axis. */
export function softmax(m: Module, operator: 'softmax' | 'logSoftmax', turned = false): TensorValue {
  const x = m.tensor();
  const axis = guessedAxis(m, x);
  if (axis === undefined) return m.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
  return m.step(operator, [turned ? m.step('neg', [x]) : x], { axis });
}

/** One slope for all, or one for each channel. */
export function prelu(m: Module): TensorValue {
  const [x, weight] = [m.tensor(), m.held('weight')];
  if (!weight) return m.fail('it has no weight');
  const channels = weight.shape?.[0];
  const alone = weight.shape?.length !== 1 || channels === undefined || channels.text === '1' || x.shape === null || x.shape.length < 3;
  const shape = [{ kind: 'size', size: channels ?? constant(1) } as const, ...Array.from({ length: (x.shape?.length ?? 2) - 2 }, () => 1)];
  return m.step('prelu', [x, alone ? weight : m.step('reshape', [weight], { shape })]);
}

export const gelu = (m: Module): TensorValue => pointwise(m, 'gelu', { approximate: m.word('approximate') === 'tanh' });

/** log(1 + exp(beta·x)) / beta. */
function softplus(m: Module): TensorValue {
  if (m.number('beta') === 1) return m.step('softplus', [m.tensor()]);
  const beta = m.host.constant([], 'float32', [m.real('beta')]);
  return m.step('div', [m.step('softplus', [m.step('mul', [m.tensor(), beta])]), beta]);
}

/** One half of the axis times the sigmoid of the other. */
export function glu(m: Module): TensorValue {
  const x = m.tensor();
  const [first, second] = m.steps('split', [x], { sizes: 2, axis: m.number('dim') }, 2);
  return first && second ? m.step('mul', [first, m.step('sigmoid', [second])]) : m.host.unknownTensor('the halves are not known', [x]);
}

/** A share that is dropped; one that is not known changes no shape. */
export function rateOf(m: Module, key: string): Attribute {
  const given = m.host.expect(m.value(key), 'number');
  return given.kind === 'number' ? realAttribute(given.real) : 0;
}

/** The functions' `training` says whether it drops; a module does in training. */
export const dropout = (m: Module): Value => dropped(m, {});

/** Of images whole channels are dropped. */
export const channelDropout = (m: Module): Value => dropped(m, { channels: true });

function dropped(m: Module, which: Attributes): Value {
  const x = m.tensor();
  const made = m.step('dropout', [x], { rate: rateOf(m, 'p'), ...which });
  const inPlace = m.value('inplace');
  return inPlace.kind === 'boolean' && inPlace.value ? m.host.replace(x, made) : made;
}

const DROPOUT: ModuleKind = { signature: 'p=0.5, inplace=False', forward: dropout };
const CHANNEL_DROPOUT: ModuleKind = { ...DROPOUT, forward: channelDropout };
const INPLACE = 'inplace=False';

export const ACTIVATION_KINDS: Readonly<Record<string, ModuleKind>> = {
  ReLU: row('relu', INPLACE),
  ReLU6: row('relu6', INPLACE),
  LeakyReLU: row('leakyRelu', 'negative_slope=0.01, inplace=False', { alpha: 'negative_slope' }),
  RReLU: {
    signature: 'lower=0.125, upper=0.3333333333333333, inplace=False',
    forward: (m) => pointwise(m, 'leakyRelu', { alpha: (m.number('lower') + m.number('upper')) / 2 }),
  },
  PReLU: {
    signature: 'num_parameters=1, init=0.25, device=None, dtype=None',
    build: (m) => void m.weight('weight', [m.size('num_parameters')], { name: 'constant', value: realAttribute(m.real('init')) }),
    forward: prelu,
  },
  ELU: row('elu', 'alpha=1.0, inplace=False', { alpha: 'alpha' }),
  CELU: row('celu', 'alpha=1.0, inplace=False', { alpha: 'alpha' }),
  SELU: row('selu', INPLACE),
  GELU: { signature: 'approximate="none"', forward: gelu },
  Sigmoid: row('sigmoid'),
  LogSigmoid: row('logSigmoid'),
  Tanh: row('tanh'),
  SiLU: row('silu', INPLACE),
  Mish: row('mish', INPLACE),
  Hardswish: row('hardSwish', INPLACE),
  Hardsigmoid: row('hardSigmoid', INPLACE),
  Hardtanh: row('clip', 'min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None', { min: 'min_val', max: 'max_val' }),
  Hardshrink: row('hardShrink', 'lambd=0.5', { bound: 'lambd' }),
  Softshrink: row('softShrink', 'lambd=0.5', { bound: 'lambd' }),
  Tanhshrink: { signature: '', forward: (m) => m.step('sub', [m.tensor(), m.step('tanh', [m.tensor()])]) },
  Softplus: { signature: 'beta=1.0, threshold=20.0', forward: softplus },
  Softsign: row('softsign'),
  Threshold: row('threshold', 'threshold, value, inplace=False', { threshold: 'threshold', value: 'value' }),
  GLU: { signature: 'dim=-1', forward: glu },
  Softmax: { signature: 'dim=None', forward: (m) => softmax(m, 'softmax') },
  LogSoftmax: { signature: 'dim=None', forward: (m) => softmax(m, 'logSoftmax') },
  Softmin: { signature: 'dim=None', forward: (m) => softmax(m, 'softmax', true) },
  Softmax2d: {
    signature: '',
    forward: (m) => m.step('softmax', [m.ranked(m.tensor(), 3, 4)], { axis: -3 }),
  },
  Dropout: DROPOUT,
  Dropout1d: CHANNEL_DROPOUT,
  Dropout2d: CHANNEL_DROPOUT,
  Dropout3d: CHANNEL_DROPOUT,
  AlphaDropout: DROPOUT,
  FeatureAlphaDropout: CHANNEL_DROPOUT,
};
