/** Linear maps, and what only moves axes. */
import { asConstant, type Dim, product } from '../../../dim/index';
import type { Attribute } from '../../../ops/operator';
import { asSize, isMissing, type TensorValue, UNKNOWN_SIZE, type Value } from '../../common/values';
import { KAIMING, type Module, type ModuleKind, sizeAttribute, sizeAttributes, uniformWithin } from './kind';

/** x·weightᵀ + bias. */
export function linear(m: Module): TensorValue {
  const [x, weight, bias] = [m.tensor(), m.held('weight'), m.held('bias')];
  if (!weight) return m.fail('it has no weight');
  return m.step('linear', bias ? [x, weight, bias] : [x, weight], { transposeWeight: true });
}

function buildLinear(m: Module, inner: Dim): void {
  m.weight('weight', [m.size('out_features'), inner], KAIMING);
  if (m.flag('bias')) m.weight('bias', [m.size('out_features')], uniformWithin(sizeAttribute(inner)));
  else m.without('bias');
}

/** Features that the first input tells. */
function lazyLinear(m: Module): TensorValue {
  if (!m.self.members.has('weight')) buildLinear(m, m.tensor().shape?.at(-1) ?? UNKNOWN_SIZE);
  return linear(m);
}

function buildBilinear(m: Module): void {
  const [first, second, outer] = [m.size('in1_features'), m.size('in2_features'), m.size('out_features')];
  m.weight('weight', [outer, first, second], uniformWithin(sizeAttribute(first)));
  if (m.flag('bias')) m.weight('bias', [outer], uniformWithin(sizeAttribute(first)));
  else m.without('bias');
}

/** out[…, o] = Σ x1[…, i] · weight[o, i, j] · x2[…, j]. */
export function bilinear(m: Module): TensorValue {
  const [weight, bias] = [m.held('weight'), m.held('bias')];
  if (!weight) return m.fail('it has no weight');
  const left = m.step('einsum', [m.tensor('input1'), weight], { equation: '...i,oij->...oj' });
  const made = m.step('einsum', [left, m.tensor('input2')], { equation: '...oj,...j->...o' });
  return bias ? m.step('add', [made, bias]) : made;
}

/** Axes from `start` to `end` made one. */
export function flatten(m: Module, first: string, last: string): TensorValue {
  const x = m.tensor();
  const [start, end] = [m.number(first), m.number(last)];
  if (x.shape === null) return m.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
  const rank = x.shape.length;
  if (rank === 0) return m.step('reshape', [x], { shape: [1] });
  const [from, to] = [start, end].map((axis) => (axis < 0 ? axis + rank : axis)) as [number, number];
  if (from < 0 || to >= rank || from >= rank || to < 0) return m.fail(`there is no axis ${from < 0 || from >= rank ? start : end}: the tensor has ${rank}`);
  if (from > to) return m.fail(`axis ${start} comes after axis ${end}`);
  return m.step('reshape', [x], { shape: sizeAttributes([...x.shape.slice(0, from), product(x.shape.slice(from, to + 1)), ...x.shape.slice(to + 1)]) });
}

/** Sizes in a list, or in the pairs of a named shape. */
function unflattened(m: Module): readonly Dim[] {
  const items = m.host.iterate(m.value('unflattened_size'));
  if ('unknown' in items) return [];
  return items.map((item) => asSize(item.kind === 'list' ? item.items[1] : m.host.expect(item, 'size')) ?? UNKNOWN_SIZE);
}

/** One axis taken apart; one of the sizes may be -1. */
export function unflatten(m: Module): TensorValue {
  const [x, axis, sizes] = [m.tensor(), m.number('dim'), unflattened(m)];
  if (x.shape === null || sizes.length === 0) return m.host.unknownTensor(x.reason ?? 'the sizes are not known', [x]);
  const at = axis < 0 ? axis + x.shape.length : axis;
  const whole = x.shape[at];
  if (whole === undefined) return m.fail(`there is no axis ${axis}: the tensor has ${x.shape.length}`);
  const open = sizes.findIndex((size) => asConstant(size) === -1);
  const others = product(sizes.filter((_, each) => each !== open));
  if (open >= 0) m.divides(others, whole);
  const filled = sizes.map((size, each) => (each === open ? m.share(whole, others) : size));
  return m.step('reshape', [x], { shape: sizeAttributes([...x.shape.slice(0, at), ...filled, ...x.shape.slice(at + 1)]) });
}

/** The same tensor: what is given beside it goes unheeded. */
const identity = (m: Module): Value => m.value('input');

const factor = (m: Module, key: string): Attribute => sizeAttribute(m.size(key));

export const LINEAR_KINDS: Readonly<Record<string, ModuleKind>> = {
  Identity: { signature: '*args, **', takes: 'input', forward: identity },
  Linear: {
    signature: 'in_features, out_features, bias=True, device=None, dtype=None',
    build: (m) => buildLinear(m, m.size('in_features')),
    forward: linear,
  },
  NonDynamicallyQuantizableLinear: {
    signature: 'in_features, out_features, bias=True, device=None, dtype=None',
    build: (m) => buildLinear(m, m.size('in_features')),
    forward: linear,
  },
  LazyLinear: { signature: 'out_features, bias=True, device=None, dtype=None', forward: lazyLinear },
  Bilinear: {
    signature: 'in1_features, in2_features, out_features, bias=True, device=None, dtype=None',
    takes: 'input1, input2',
    build: buildBilinear,
    forward: bilinear,
  },
  Flatten: { signature: 'start_dim=1, end_dim=-1', forward: (m) => flatten(m, 'start_dim', 'end_dim') },
  Unflatten: { signature: 'dim, unflattened_size', forward: unflatten },
  PixelShuffle: { signature: 'upscale_factor', forward: (m) => m.step('pixelShuffle', [m.tensor()], { factor: factor(m, 'upscale_factor') }) },
  PixelUnshuffle: { signature: 'downscale_factor', forward: (m) => m.step('pixelUnshuffle', [m.tensor()], { factor: factor(m, 'downscale_factor') }) },
  ChannelShuffle: { signature: 'groups', forward: (m) => m.step('channelShuffle', [m.tensor()], { groups: factor(m, 'groups') }) },
};

/** One size, where the setting is not None. */
export const sizeOr = (m: Module, key: string, fallback: Dim): Dim => (isMissing(m.value(key)) ? fallback : m.size(key));
