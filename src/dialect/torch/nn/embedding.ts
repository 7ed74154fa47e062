/** Embeddings, and distances between what is embedded. */
import { realOf } from '../../../dim/index';
import { isFloating, isInteger } from '../../../ops/dtypes';
import type { TensorValue } from '../../common/values';
import { type Module, type ModuleKind, NORMAL, realAttribute, sizeAttribute } from './kind';

/** The rows of the table at the indices. */
export function embedding(m: Module): TensorValue {
  const [indices, table] = [m.tensor(), m.held('weight')];
  if (!table) return m.fail('it has no weight');
  return m.step('gather', [table, indices], { axis: 0 });
}

/** The rows of each bag summed, averaged, or their largest; bags are rows of indices, or begin at offsets. */
export function embeddingBag(m: Module): TensorValue {
  const [indices, table] = [m.tensor(), m.held('weight')];
  if (!table) return m.fail('it has no weight');
  const mode = m.word('mode');
  const offsets = m.maybeTensor('offsets');
  if (indices.shape === null) return m.host.unknownTensor(indices.reason ?? 'the rank of the tensor is not known', [indices]);
  if (indices.shape.length === 1) {
    const bags = offsets?.shape?.[0];
    if (!offsets || !bags) return m.fail('`offsets` is wanted where the indices have one axis');
    const made = m.host.unknownTensor('bags that begin at offsets are not followed', [table, indices, offsets]);
    return made;
  }
  const reduce = mode === 'sum' ? 'sum' : mode === 'max' ? 'max' : 'mean';
  return m.step(reduce, [m.step('gather', [table, indices], { axis: 0 })], { axes: [1] });
}

/** Whole numbers one-hot: a new last axis of so many classes. */
export function oneHot(m: Module): TensorValue {
  const x = m.tensor();
  const classes = m.missing('num_classes') ? undefined : m.size('num_classes');
  if (classes === undefined || classes.text === '-1') return m.step('oneHot', [x], { depth: null, dtype: 'int64' });
  return m.step('oneHot', [x], { depth: sizeAttribute(classes), dtype: 'int64' });
}

const asFloats = (m: Module, x: TensorValue): TensorValue => (isFloating(x.dtype) || !isInteger(x.dtype) ? x : m.step('cast', [x], { dtype: 'float32' }));

/** The cosine of the angle between the two along an axis. */
export function cosineSimilarity(m: Module): TensorValue {
  const [left, right] = ['x1', 'x2'].map((key) => asFloats(m, m.tensor(key))) as [TensorValue, TensorValue];
  const axis = m.number('dim');
  const epsilon = realAttribute(m.real('eps'));
  const [a, b] = [left, right].map((x) => m.step('l2Normalize', [x], { axis: [axis], epsilon })) as [TensorValue, TensorValue];
  return m.step('sum', [m.step('mul', [a, b])], { axes: [axis] });
}

/** The norm of the difference, held off zero by epsilon. */
export function pairwiseDistance(m: Module): TensorValue {
  const apart = m.step('add', [m.step('sub', [m.tensor('x1'), m.tensor('x2')]), m.host.constant([], 'float32', [m.real('eps')])]);
  return lengthOf(m, apart, m.number('p'), -1, m.flag('keepdim'));
}

/** The p-norm along an axis. */
export function lengthOf(m: Module, x: TensorValue, p: number, axis: number, keepDims: boolean): TensorValue {
  const settings = { axes: [axis], keepDims };
  const size = m.step('abs', [x]);
  if (p === Number.POSITIVE_INFINITY) return m.step('max', [size], settings);
  if (p === 1) return m.step('sum', [size], settings);
  if (p === 2) return m.step('sqrt', [m.step('sum', [m.step('square', [x])], settings)]);
  const [power, root] = [p, 1 / p].map((value) => m.host.constant([], 'float32', [realOf(value)])) as [TensorValue, TensorValue];
  return m.step('pow', [m.step('sum', [m.step('pow', [size, power])], settings), root]);
}

/** Divided by its p-norm along an axis, which is held above epsilon. */
export function normalize(m: Module): TensorValue {
  const [x, p] = [m.tensor(), m.number('p')];
  const dims = m.value('dim');
  const axes = dims.kind === 'list' ? m.sizes('dim', 1).map((size) => Number(size.text)) : [m.number('dim')];
  if (p === 2) return m.step('l2Normalize', [x], { axis: axes, epsilon: realAttribute(m.real('eps')) });
  const [axis = 1] = axes;
  const size = m.step('clip', [lengthOf(m, x, p, axis, true)], { min: realAttribute(m.real('eps')) });
  return m.step('div', [x, size]);
}

/** Those that look up rows of a table. */
export const TABLE_KINDS: Readonly<Record<string, ModuleKind>> = {
  Embedding: {
    signature:
      'num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None',
    build: (m) => m.host.trains(m.weight('weight', [m.size('num_embeddings'), m.size('embedding_dim')], NORMAL), m.missing('_freeze') || !m.flag('_freeze')),
    forward: embedding,
  },
  EmbeddingBag: {
    signature:
      'num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode="mean", sparse=False, _weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None',
    takes: 'input, offsets=None, per_sample_weights=None',
    build: (m) => void m.weight('weight', [m.size('num_embeddings'), m.size('embedding_dim')], NORMAL),
    forward: embeddingBag,
  },
};

export const EMBEDDING_KINDS: Readonly<Record<string, ModuleKind>> = {
  ...TABLE_KINDS,
  CosineSimilarity: { signature: 'dim=1, eps=1e-8', takes: 'x1, x2', forward: cosineSimilarity },
  PairwiseDistance: { signature: 'p=2.0, eps=1e-6, keepdim=False', takes: 'x1, x2', forward: pairwiseDistance },
};
