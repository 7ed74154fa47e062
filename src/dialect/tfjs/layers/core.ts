/** Dense, embedding, and layers that reorder or reshape. */
import { isUnknown, product, UNKNOWN } from '../../../dim/index';
import type { Attribute } from '../../../ops/operator';
import { asNumbers, type TensorValue, type Value } from '../../common/values';
import { activated } from './activations';
import { asAttribute, asAttributes, type LayerCall, type LayerKind, Undecided } from './kind';

/** The one input of most layers. */
export const one = (inputs: readonly TensorValue[]): TensorValue => {
  const [input] = inputs;
  if (input === undefined) throw new Undecided('the layer is given no tensor');
  return input;
};

/** The shape; a layer whose work depends on the rank waits until it is known. */
export function shapeOf(tensor: TensorValue): NonNullable<TensorValue['shape']> {
  if (tensor.shape === null) throw new Undecided(tensor.reason ?? 'the rank of the tensor is not known');
  return tensor.shape;
}

const weights = (layer: LayerCall, ...names: readonly string[]): TensorValue[] => names.flatMap((name) => layer.weight(name) ?? []);

/** `tf.layers.dense`. */
const dense: LayerKind = {
  className: 'Dense',
  least: 2,
  build: (layer, [shape]) => {
    layer.addWeight('kernel', [shape?.at(-1) ?? UNKNOWN, layer.size('units')], layer.initializer('kernelInitializer', 'glorotNormal'));
    if (layer.flag('useBias', true)) layer.addWeight('bias', [layer.size('units')], layer.initializer('biasInitializer', 'zeros'));
  },
  call: (layer, inputs) => activated(layer, layer.step('linear', [one(inputs), ...weights(layer, 'kernel', 'bias')], { transposeWeight: false })),
};

/** `tf.layers.embedding`: rows of the table, by index. */
const embedding: LayerKind = {
  className: 'Embedding',
  build: (layer) =>
    layer.addWeight('embeddings', [layer.size('inputDim'), layer.size('outputDim')], layer.initializer('embeddingsInitializer', 'randomUniform')),
  call: (layer, inputs) => {
    const input = one(inputs);
    const indices = input.dtype === 'int32' ? input : layer.step('cast', [input], { dtype: 'int32' });
    return layer.step('gather', [...weights(layer, 'embeddings'), indices], { axis: 0, batchDims: 0 });
  },
};

/** The batch stays; all else is joined. */
function flattened(layer: LayerCall, input: TensorValue): TensorValue {
  const [batch, ...rest] = shapeOf(input);
  const size = product(rest);
  return layer.step('reshape', [input], { shape: [asAttribute(batch ?? UNKNOWN), isUnknown(size) ? -1 : asAttribute(size)] });
}

const flatten: LayerKind = {
  className: 'Flatten',
  least: 3,
  call: (layer, inputs) => {
    const input = one(inputs);
    const rank = shapeOf(input).length;
    if (layer.word('dataFormat', 'channelsLast') !== 'channelsFirst' || rank <= 1) return flattened(layer, input);
    const perm = [0, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 2), 1];
    return flattened(layer, layer.step('transpose', [input], { perm }));
  },
};

/** Negative sizes and null stand for the one that is left. */
function targetSizes(layer: LayerCall): readonly Attribute[] {
  const target = layer.value('targetShape');
  if (target.kind !== 'list' || target.open !== undefined) throw new Undecided('the target shape is not known');
  return target.items.map((item) => {
    const given = layer.host.expect(item, 'number');
    if (given.kind === 'null') return -1;
    return given.kind === 'number' ? given.real : { kind: 'size', size: UNKNOWN };
  });
}

const reshape: LayerKind = {
  className: 'Reshape',
  call: (layer, inputs) => layer.step('reshape', [one(inputs)], { shape: [asAttribute(shapeOf(one(inputs))[0] ?? UNKNOWN), ...targetSizes(layer)] }),
};

const permute: LayerKind = {
  className: 'Permute',
  call: (layer, inputs) => {
    const dims = asNumbers(layer.value('dims'));
    if (dims === undefined) throw new Undecided('the permutation is not known');
    if (one(inputs).shape === null) layer.host.tellRank(one(inputs), dims.length + 1, 'exactly');
    return layer.step('transpose', [one(inputs)], { perm: [0, ...dims] });
  },
};

const repeatVector: LayerKind = {
  className: 'RepeatVector',
  rank: 2,
  call: (layer, inputs) => layer.step('tile', [layer.step('expandDims', [one(inputs)], { axis: 1 })], { reps: [1, ...asAttributes([layer.size('n')]), 1] }),
};

const masking: LayerKind = {
  className: 'Masking',
  call: (layer, inputs) => {
    const input = one(inputs);
    const value = layer.host.constant([], 'float32', [layer.real('maskValue', 0)]);
    const kept = layer.step('any', [layer.step('notEqual', [input, value])], { axes: [-1], keepDims: true });
    return layer.step('mul', [input, layer.step('cast', [kept], { dtype: input.dtype })]);
  },
};

/** In evaluation the input, in training part of it. */
const dropout = (className: string, rank?: number): LayerKind => ({
  className,
  ...(rank === undefined ? {} : { rank }),
  call: (layer, inputs) => layer.step('dropout', [one(inputs)], { rate: layer.real('rate', 0) }),
});

const gaussianNoise: LayerKind = { className: 'GaussianNoise', call: (layer, inputs) => layer.step('identity', [one(inputs)]) };

const rescaling: LayerKind = {
  className: 'Rescaling',
  call: (layer, inputs) => {
    const number = (key: string, fallback: number): TensorValue => layer.host.constant([], 'float32', [layer.real(key, fallback)]);
    return layer.step('add', [layer.step('mul', [one(inputs), number('scale', 1)]), number('offset', 0)]);
  },
};

/** Layers whose result no operator gives yet. */
export const unmodelled = (className: string, factory: string): LayerKind => ({
  className,
  call: (layer, inputs): Value => layer.host.unknownTensor(`no rule for \`tf.layers.${factory}\``, inputs),
});

/** The core layers, by factory. */
export const core: Readonly<Record<string, LayerKind>> = {
  dense,
  embedding,
  flatten,
  reshape,
  permute,
  repeatVector,
  masking,
  rescaling,
  gaussianNoise,
  dropout: dropout('Dropout'),
  spatialDropout1d: dropout('SpatialDropout1D', 3),
  alphaDropout: dropout('AlphaDropout'),
  gaussianDropout: dropout('GaussianDropout'),
  categoryEncoding: unmodelled('CategoryEncoding', 'categoryEncoding'),
  centerCrop: unmodelled('CenterCrop', 'centerCrop'),
  randomWidth: unmodelled('RandomWidth', 'randomWidth'),
};

export { weights };
