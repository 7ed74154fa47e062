/** Norms. */
import { type Dim, ONE, UNKNOWN } from '../../../dim/index';
import type { Attributes } from '../../../ops/operator';
import { list, size, type TensorValue, type Value } from '../../common/values';
import { type Module, type ModuleKind, ONES, realAttribute, sizeAttribute, ZEROS } from './kind';

/** The weight and bias that are there, and the flags that say so. */
export function affineOperands(m: Module): { readonly operands: readonly TensorValue[]; readonly flags: Attributes } {
  const [weight, bias] = [m.held('weight'), m.held('bias')];
  return { operands: [...(weight ? [weight] : []), ...(bias ? [bias] : [])], flags: { scale: weight !== undefined, center: bias !== undefined } };
}

const epsilon = (m: Module): Attributes => ({ epsilon: realAttribute(m.real('eps')) });

function buildAffine(m: Module, shape: readonly Dim[], affine: boolean, bias = affine): void {
  if (affine) m.weight('weight', shape, ONES);
  else m.without('weight');
  if (affine && bias) m.weight('bias', shape, ZEROS);
  else m.without('bias');
}

function buildRunning(m: Module, channels: Dim, tracks: boolean): void {
  if (!tracks) {
    for (const name of ['running_mean', 'running_var', 'num_batches_tracked']) m.without(name);
    return;
  }
  m.buffer('running_mean', [channels], ZEROS);
  m.buffer('running_var', [channels], ONES);
  m.buffer('num_batches_tracked', [], ZEROS, 'int64');
}

function buildBatch(m: Module): void {
  const channels = m.size('num_features');
  buildAffine(m, [channels], m.flag('affine'));
  buildRunning(m, channels, m.flag('track_running_stats'));
}

/** By the batch's own statistics where none were kept; then what is given for them stands for nothing. */
export function batchNorm(m: Module): TensorValue {
  const x = m.tensor();
  const { operands, flags } = affineOperands(m);
  const [mean, variance] = [m.held('running_mean'), m.held('running_var')];
  const attributes = { ...flags, ...epsilon(m), axis: 1 };
  if (mean && variance) return m.step('batchNorm', [x, mean, variance, ...operands], attributes);
  const channels = { shape: [sizeAttribute(x.shape?.[1] ?? UNKNOWN)], dtype: 'float32' };
  const [zeros, ones] = [m.step('fill', [], { ...channels, value: 0 }), m.step('fill', [], { ...channels, value: 1 })];
  return m.step('batchNorm', [x, zeros, ones, ...operands], { ...attributes, statistics: 'batch' });
}

const BATCH = 'num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None';

const batch = (...ranks: readonly number[]): ModuleKind => ({
  signature: BATCH,
  build: buildBatch,
  forward: (m) => {
    m.ranked(m.tensor(), ...ranks);
    return batchNorm(m);
  },
});

/** Channels that the first input tells. */
const lazyBatch = (...ranks: readonly number[]): ModuleKind => ({
  signature: BATCH.replace('num_features, ', ''),
  forward: (m) => {
    const x = m.ranked(m.tensor(), ...ranks);
    if (!m.self.members.has('weight')) buildBatch({ ...m, size: () => x.shape?.[1] ?? UNKNOWN });
    return batchNorm(m);
  },
});

/** Each channel of each sample by itself, by kept statistics where a layer has any; without a batch the channels come first. */
export function instanceNorm(m: Module, spatial?: number): TensorValue {
  const x = m.tensor();
  const { operands, flags } = affineOperands(m);
  const alone = spatial !== undefined && x.shape?.length === spatial + 1;
  const from = alone ? m.step('expandDims', [x], { axis: 0 }) : x;
  const [mean, variance] = spatial === undefined || m.host.training ? [] : [m.held('running_mean'), m.held('running_var')];
  const attributes = { ...flags, ...epsilon(m), axis: 1 };
  const made =
    mean && variance
      ? m.step('batchNorm', [from, mean, variance, ...operands], { ...attributes, statistics: 'given' })
      : m.step('instanceNorm', [from, ...operands], attributes);
  return alone ? m.step('squeeze', [made], { axes: [0] }) : made;
}

const instance = (spatial: number): ModuleKind => ({
  signature: BATCH.replace('affine=True', 'affine=False').replace('track_running_stats=True', 'track_running_stats=False'),
  build: buildBatch,
  forward: (m) => {
    m.ranked(m.tensor(), spatial + 1, spatial + 2);
    return instanceNorm(m, spatial);
  },
});

export function groupNorm(m: Module): TensorValue {
  const { operands, flags } = affineOperands(m);
  const x = m.tensor();
  if (x.shape === null) m.host.tellRank(x, 2, 'at least');
  return m.step('groupNorm', [x, ...operands], { ...flags, ...epsilon(m), axis: 1, groups: sizeAttribute(m.size('num_groups')) });
}

/** The sizes of the last axes that a norm runs over. */
const normalizedShape = (m: Module): readonly Dim[] => m.sizes('normalized_shape', 1);

/** A norm over the last axes, whose sizes are given. */
export function overLastAxes(m: Module, operator: 'layerNorm' | 'rmsNorm'): TensorValue {
  const x = m.tensor();
  const shape = normalizedShape(m);
  const { operands, flags } = affineOperands(m);
  if (x.shape === null) m.host.tellRank(x, Math.max(1, shape.length), 'at least');
  requireLast(m, x, shape);
  const eps = m.missing('eps') ? { epsilon: 1.1920928955078125e-7 } : epsilon(m);
  return m.step(operator, [x, ...operands], { ...flags, ...eps, axes: shape.map((_, at) => at - shape.length) });
}

/** Without weights nothing else asks for the sizes. */
function requireLast(m: Module, x: TensorValue, shape: readonly Dim[]): void {
  if (m.held('weight') !== undefined || x.shape === null || x.shape.length < shape.length) return;
  const last = x.shape.slice(x.shape.length - shape.length);
  shape.forEach((wanted, at) => {
    m.host.require('==', last[at] ?? ONE, wanted, 'normalized-shape', { api: m.args.api }, m.args.span);
  });
}

const normFields = (m: Module): Readonly<Record<string, Value>> => ({ normalized_shape: list(normalizedShape(m).map(size), true) });

export const NORM_KINDS: Readonly<Record<string, ModuleKind>> = {
  BatchNorm1d: batch(2, 3),
  BatchNorm2d: batch(4),
  BatchNorm3d: batch(5),
  SyncBatchNorm: { ...batch(2, 3, 4, 5, 6), signature: BATCH.replace('track_running_stats=True', 'track_running_stats=True, process_group=None') },
  LazyBatchNorm1d: lazyBatch(2, 3),
  LazyBatchNorm2d: lazyBatch(4),
  LazyBatchNorm3d: lazyBatch(5),
  InstanceNorm1d: instance(1),
  InstanceNorm2d: instance(2),
  InstanceNorm3d: instance(3),
  GroupNorm: {
    signature: 'num_groups, num_channels, eps=1e-5, affine=True, device=None, dtype=None',
    build: (m) => {
      m.divides(m.size('num_groups'), m.size('num_channels'));
      buildAffine(m, [m.size('num_channels')], m.flag('affine'));
    },
    forward: groupNorm,
  },
  LayerNorm: {
    signature: 'normalized_shape, eps=1e-5, elementwise_affine=True, bias=True, device=None, dtype=None',
    build: (m) => buildAffine(m, normalizedShape(m), m.flag('elementwise_affine'), m.flag('bias')),
    forward: (m) => overLastAxes(m, 'layerNorm'),
    fields: normFields,
  },
  RMSNorm: {
    signature: 'normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None',
    build: (m) => buildAffine(m, normalizedShape(m), m.flag('elementwise_affine'), false),
    forward: (m) => overLastAxes(m, 'rmsNorm'),
    fields: normFields,
  },
  LocalResponseNorm: {
    signature: 'size, alpha=1e-4, beta=0.75, k=1.0',
    forward: (m) => localResponseNorm(m),
  },
  CrossMapLRN2d: {
    signature: 'size, alpha=1e-4, beta=0.75, k=1.0',
    forward: (m) => localResponseNorm(m),
  },
};

export function localResponseNorm(m: Module): TensorValue {
  const attributes = { alpha: realAttribute(m.real('alpha')), beta: realAttribute(m.real('beta')), bias: realAttribute(m.real('k')) };
  return m.step('localResponseNorm', [m.tensor()], { ...attributes, size: sizeAttribute(m.size('size')) });
}
