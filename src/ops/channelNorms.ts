/** Norms by channel. */
import { asConstant, multiply, ONE, product } from '../dim/index';
import { numberOf, readNumber, readSize, readText } from './attributes';
import { floated } from './dtypes';
import { axesLast, casted, inverse, operand, tidied, transpose } from './kernels';
import { imagesKept } from './layouts';
import type { Attributes, BoundAttributes, Demand, DType, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { Steps } from './productSteps';
import { failure, mustDivide, mustEqual, sizeAt, tensorType } from './rules';
import { channelAxis, gainAndOffset, normResult, perAxisOperands, scaleAndShift, standardized, statistics } from './standardizing';

/** Mean and variance are lists over the channels, or broadcast against the operand as tfjs's function lets them. */
function batchNormShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [x, mean, variance] = inputs;
  if (x === undefined || mean === undefined || variance === undefined)
    return failure([], 'argument', { operator: 'batchNorm', reason: 'an operand is missing' });
  const rank = x.shape.length;
  const output = tensorType(x.shape, floated(x.dtype));
  const axis = channelAxis(attributes, rank, context.runtime === 'torch' ? 1 : -1);
  if (axis === undefined) return failure([output], 'axis', { operator: 'batchNorm', axis: readNumber(attributes, 'axis', -1), rank }, [{ input: 0 }]);
  const { gain, offset, at } = gainAndOffset(inputs, attributes, 3);
  const extras = [
    { type: mean, at: 1 },
    { type: variance, at: 2 },
    { type: gain, at: at.gain },
    { type: offset, at: at.offset },
  ];
  const deep = extras.find(({ type }) => (type?.shape.length ?? 0) > rank);
  if (deep !== undefined)
    return failure([output], 'rank', { operator: 'batchNorm', least: 1, most: rank, rank: deep.type?.shape.length ?? 0 }, [{ input: deep.at }]);
  if (mean.shape.length === 1) return normResult(x, perAxisOperands('batchNorm', x, extras, [axis], context));
  return normResult(
    x,
    extras.flatMap(({ type, at: input }) => (type === undefined ? [] : spreadDemands(x, type, input, context))),
  );
}

/** Each size but 1 must be the operand's own. */
function spreadDemands(x: TensorType, type: TensorType, input: number, context: RuleContext): Demand[] {
  const shift = x.shape.length - type.shape.length;
  return type.shape.flatMap((size, axis) =>
    asConstant(size) === 1
      ? []
      : mustEqual(
          sizeAt(x.shape, axis + shift),
          size,
          'channels',
          [
            { input: 0, axis: axis + shift },
            { input, axis },
          ],
          context,
        ),
  );
}

/** Those of groups are in the type of the weights, where there are any. */
const statisticsType = (inputs: readonly TensorType[], attributes: Attributes): DType | undefined =>
  (gainAndOffset(inputs, attributes, 1).gain ?? inputs[0])?.dtype;

/** Statistics of the batch itself, over all axes but the channels'. */
function batchStatistics(tf: Tfjs, x: Tensor, axis: number): [Tensor, Tensor] {
  const channels = x.shape[axis] ?? 1;
  const { mean, variance } = tf.moments(tf.reshape(onto(tf, x, axis), [x.size / channels, channels]), 0);
  return [mean, variance];
}

const onto = (tf: Tfjs, x: Tensor, axis: number): Tensor => (axis === x.rank - 1 ? x : transpose(tf, x, axesLast(x.rank, [axis])));

/** Whether it standardizes by the batch's own statistics. */
function usesBatch(attributes: Attributes | BoundAttributes, training: boolean): boolean {
  const from = readText(attributes, 'statistics', 'running');
  return from === 'batch' || (training && from === 'running');
}

const batchNorm: Operator = {
  name: 'batchNorm',
  strides: imagesKept,
  doc: "Standardizes each channel by given statistics, in training by those of the batch; always by given ones where `statistics` is 'given', by the batch's where it is 'batch': arxiv.org/abs/1502.03167, torch.nn.BatchNorm2d.",
  shape: batchNormShape,
  // By given statistics torch makes room for its own all the same.
  saved: (inputs) => statistics(product(inputs[1]?.shape ?? [])),
  kernel: tidied((tf, inputs, attributes, { runtime, training }) => {
    const x = casted(tf, operand(inputs, 0), 'float32');
    const axis = channelAxis(attributes, x.rank, runtime === 'torch' ? 1 : -1) ?? x.rank - 1;
    const given = [operand(inputs, 1), operand(inputs, 2)] as const;
    const [mean, variance] = usesBatch(attributes, training) ? batchStatistics(tf, x, axis) : given;
    const { gain, offset } = gainAndOffset(inputs, attributes, 3);
    const aligned = (tensor: Tensor): Tensor =>
      tensor.rank === 1
        ? tf.reshape(
            tensor,
            x.shape.map((_, at) => (at === axis ? tensor.size : 1)),
          )
        : tensor;
    const factor = tf.rsqrt(tf.add(aligned(variance), readNumber(attributes, 'epsilon', 1e-3)));
    const scaled = tf.mul(tf.sub(x, aligned(mean)), gain === undefined ? factor : tf.mul(factor, aligned(gain)));
    return offset === undefined ? scaled : tf.add(scaled, aligned(offset));
  }),
};

function groupNormShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [x] = inputs;
  if (x === undefined) return failure([], 'argument', { operator: 'groupNorm', reason: 'an operand is missing' });
  const axis = channelAxis(attributes, x.shape.length, 1);
  const output = tensorType(x.shape, floated(x.dtype));
  if (axis === undefined || axis === 0)
    return failure([output], 'axis', { operator: 'groupNorm', axis: readNumber(attributes, 'axis', 1), rank: x.shape.length }, [{ input: 0 }]);
  const { gain, offset, at } = gainAndOffset(inputs, attributes, 1);
  const demand = mustDivide(readSize(attributes, 'groups'), sizeAt(x.shape, axis), 'groups', [{ input: 0, axis }]);
  return normResult(
    x,
    perAxisOperands(
      'groupNorm',
      x,
      [
        { type: gain, at: at.gain },
        { type: offset, at: at.offset },
      ],
      [axis],
      context,
    ),
    demand,
  );
}

/** Groups of channels with all their places, standardized each by itself; the channels stand at `axis`. */
function standardizedGroups(tf: Tfjs, x: Tensor, axis: number, groups: number, epsilon: number): Tensor {
  const perm = [0, axis, ...Array.from({ length: x.rank }, (_, at) => at).filter((at) => at !== 0 && at !== axis)];
  const straight = perm.every((from, at) => from === at);
  const moved = straight ? x : transpose(tf, x, perm);
  const rows = (x.shape[0] ?? 1) * groups;
  const made = tf.reshape(standardized(tf, tf.reshape(moved, [rows, x.size / rows]), epsilon), moved.shape);
  return straight ? made : transpose(tf, made, inverse(perm));
}

function groupsKernel(groupsOf: (attributes: BoundAttributes, channels: number) => number): Operator['kernel'] {
  return tidied((tf, inputs, attributes) => {
    const x = casted(tf, operand(inputs, 0), 'float32');
    const axis = channelAxis(attributes, x.rank, 1) ?? 1;
    const { gain, offset } = gainAndOffset(inputs, attributes, 1);
    const made = standardizedGroups(tf, x, axis, groupsOf(attributes, x.shape[axis] ?? 1), readNumber(attributes, 'epsilon', 1e-5));
    return scaleAndShift(tf, made, gain, offset, [axis]);
  });
}

const groupNorm: Operator = {
  name: 'groupNorm',
  autocast: 'float32',
  strides: imagesKept,
  doc: 'Standardizes groups of channels, then scales and shifts each channel: arxiv.org/abs/1803.08494, torch.nn.GroupNorm.',
  shape: groupNormShape,
  saved: (inputs, _outputs, attributes) => statistics(multiply(inputs[0]?.shape[0] ?? ONE, readSize(attributes, 'groups')), statisticsType(inputs, attributes)),
  // torch.nn.functional.group_norm brings what lies otherwise into rows, as accelerators do channels that are last (aten/src/ATen/native/group_norm.cpp of pytorch/pytorch).
  torchSteps: (inputs, [laid], attributes) => {
    if (!laid || laid.strides === 'contiguous') return undefined;
    const steps = new Steps(inputs.length);
    steps.add('groupNorm', [steps.add('identity', [0], { copy: true, contiguous: true }), ...[...inputs.keys()].slice(1)], attributes);
    return steps.made;
  },
  kernel: groupsKernel((attributes) => numberOf(attributes.groups) ?? 1),
};

const instanceNorm: Operator = {
  name: 'instanceNorm',
  strides: imagesKept,
  doc: 'Standardizes each channel of each sample over its places: arxiv.org/abs/1607.08022, torch.nn.InstanceNorm2d.',
  shape: (inputs, attributes, context) => groupNormShape(inputs, { ...attributes, groups: 1 }, context),
  givesView: true,
  saved: (inputs, _outputs, attributes) => {
    const shape = inputs[0]?.shape ?? [];
    return statistics(multiply(shape[0] ?? ONE, sizeAt(shape, channelAxis(attributes, shape.length, 1) ?? 1)));
  },
  kernel: groupsKernel((_attributes, channels) => channels),
};

/** The family, by name. */
export const channelNorms = { batchNorm, groupNorm, instanceNorm } satisfies Record<string, Operator>;
