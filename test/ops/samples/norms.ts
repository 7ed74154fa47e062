/** Samples of softmaxes, norms and dropout. */
import * as fc from 'fast-check';
import type { axisNorms } from '../../../src/ops/axisNorms';
import type { channelNorms } from '../../../src/ops/channelNorms';
import type { BoundAttributes, Tensor, Tfjs } from '../../../src/ops/operator';
import type { softmaxes } from '../../../src/ops/softmax';
import type { weightNorms } from '../../../src/ops/weightNorms';
import { casesBy, type Draw, oneOf, type Sample, shapeOf, size, small } from '../sample';

const first = (inputs: readonly Tensor[]): Tensor => {
  const [x] = inputs;
  if (x === undefined) throw new Error('an operand is missing');
  return x;
};

/** Some of the axes of so many, at least one, in order. */
const someAxes = (rank: number) =>
  fc.subarray(
    Array.from({ length: rank }, (_, axis) => axis),
    { minLength: 1 },
  );

/** The axis counted from the front, or from the end. */
const eitherWay = (draw: Draw, axis: number, rank: number): number => (draw(fc.boolean()) ? axis : axis - rank);

/** The tensor with axes of 1, so that it lies along the axes of a tensor of `rank`. */
const along = (tf: Tfjs, tensor: Tensor, rank: number, axes: readonly number[]): Tensor =>
  tf.reshape(
    tensor,
    Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? (tensor.shape[axes.indexOf(axis)] ?? 1) : 1)),
  );

// ---- softmax ----

const softmaxSample = (api: NonNullable<Sample['api']>, reference: (tf: Tfjs, x: Tensor, axis: number) => Tensor, int: boolean): Sample => ({
  cases: casesBy((draw) => {
    const shape = draw(shapeOf(1, 5));
    const runtime = draw(oneOf('tfjs', 'torch'));
    const axis = runtime === 'tfjs' ? draw(fc.constantFrom(-1, shape.length - 1)) : draw(fc.integer({ min: -shape.length, max: shape.length - 1 }));
    return { inputs: [{ shape, dtype: int ? draw(oneOf('float32', 'int32')) : 'float32' }], attributes: { axis }, runtime };
  }),
  api,
  reference: (tf, inputs, { axis }) => {
    const x = tf.cast(first(inputs), 'float32');
    return reference(tf, x, Number(axis) < 0 ? Number(axis) + x.rank : Number(axis));
  },
  wrong: [
    { inputs: [{ shape: [2, 3, 4] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [2, 3] }], attributes: { axis: -2 } },
    { inputs: [{ shape: [2, 3] }], attributes: { axis: 2 }, runtime: 'torch' },
  ],
});

export const softmaxSamples: Record<keyof typeof softmaxes, Sample> = {
  softmax: softmaxSample(
    (tf, inputs, { axis }) => tf.softmax(first(inputs), Number(axis)),
    (tf, x, axis) => tf.div(tf.exp(x), tf.sum(tf.exp(x), axis, true)),
    false,
  ),
  logSoftmax: softmaxSample(
    (tf, inputs, { axis }) => tf.logSoftmax(first(inputs), Number(axis)),
    (tf, x, axis) => tf.sub(x, tf.log(tf.sum(tf.exp(x), axis, true))),
    true,
  ),
};

// ---- norms over axes ----

interface Extras {
  readonly gain: Tensor | undefined;
  readonly offset: Tensor | undefined;
}

const extrasOf = (inputs: readonly Tensor[], { scale, center }: BoundAttributes, from: number): Extras => ({
  gain: scale === true ? inputs[from] : undefined,
  offset: center === true ? inputs[scale === true ? from + 1 : from] : undefined,
});

function withExtras(tf: Tfjs, x: Tensor, { gain, offset }: Extras, axes: readonly number[]): Tensor {
  const scaled = gain === undefined ? x : tf.mul(x, along(tf, gain, x.rank, axes));
  return offset === undefined ? scaled : tf.add(scaled, along(tf, offset, x.rank, axes));
}

const fromFront = (axes: readonly number[], rank: number): number[] => axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);

const axesNormCases = (center: boolean) =>
  casesBy((draw) => {
    const shape = draw(shapeOf(1, 5));
    const axes = draw(someAxes(shape.length));
    const sizes = axes.map((axis) => shape[axis] ?? 1);
    const flags = { scale: draw(fc.boolean()), center: center && draw(fc.boolean()) };
    const extras = [...(flags.scale ? [{ shape: sizes }] : []), ...(flags.center ? [{ shape: sizes }] : [])];
    return {
      inputs: [{ shape }, ...extras],
      attributes: { axes: axes.map((axis) => eitherWay(draw, axis, shape.length)), epsilon: 1e-3, ...flags },
      runtime: draw(oneOf('tfjs', 'torch')),
    };
  });

const wrongNorms: Sample['wrong'] = [
  { inputs: [{ shape: [2, 3, 4] }, { shape: [3] }], attributes: { axes: [-1], scale: true } },
  { inputs: [{ shape: [2, 3, 4] }, { shape: [4] }], attributes: { axes: [1, 2], scale: true } },
  { inputs: [{ shape: [2, 3, 4] }], attributes: { axes: [3] } },
];

export const axisNormSamples: Record<keyof typeof axisNorms, Sample> = {
  layerNorm: {
    cases: axesNormCases(true),
    reference: (tf, inputs, attributes) => {
      const x = first(inputs);
      const axes = fromFront(attributes.axes as number[], x.rank);
      const centred = tf.sub(x, tf.mean(x, axes, true));
      const variance = tf.mean(tf.square(centred), axes, true);
      return withExtras(tf, tf.div(centred, tf.sqrt(tf.add(variance, 1e-3))), extrasOf(inputs, attributes, 1), axes);
    },
    wrong: [...wrongNorms, { inputs: [{ shape: [2, 4] }, { shape: [4] }, { shape: [2] }], attributes: { axes: [-1], scale: true, center: true } }],
  },
  rmsNorm: {
    cases: axesNormCases(false),
    reference: (tf, inputs, attributes) => {
      const x = first(inputs);
      const axes = fromFront(attributes.axes as number[], x.rank);
      return withExtras(tf, tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), axes, true), 1e-3))), extrasOf(inputs, attributes, 1), axes);
    },
    wrong: wrongNorms,
  },
  l2Normalize: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 5));
      const axes = draw(someAxes(shape.length));
      const [only = 0] = axes;
      return {
        inputs: [{ shape }],
        attributes: { axis: axes.length === 1 ? eitherWay(draw, only, shape.length) : axes, epsilon: 1e-6 },
        runtime: draw(oneOf('tfjs', 'torch')),
      };
    }),
    reference: (tf, inputs, { axis }) => {
      const x = first(inputs);
      return tf.div(x, tf.sqrt(tf.sum(tf.square(x), axis as number[], true)));
    },
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { axis: 2 } }],
  },
};

// ---- norms by channel ----

/** An operand with its channels at an axis, and lists over them. */
function channelCase(draw: Draw, least: number, lists: number) {
  const shape = draw(shapeOf(least, 5));
  const axis = draw(fc.integer({ min: 1, max: shape.length - 1 }));
  const flags = { scale: draw(fc.boolean()), center: draw(fc.boolean()) };
  const channels = shape[axis] ?? 1;
  const extras = Array.from({ length: lists + Number(flags.scale) + Number(flags.center) }, () => ({ shape: [channels], range: [0.5, 2] as const }));
  return {
    shape,
    axis,
    channels,
    extras,
    attributes: { axis: eitherWay(draw, axis, shape.length), epsilon: 1e-3, ...flags },
    runtime: draw(oneOf('tfjs', 'torch')),
  };
}

function standardizedBy(tf: Tfjs, x: Tensor, mean: Tensor, variance: Tensor): Tensor {
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
}

/** Groups of channels written out: the channel axis as two. */
function groupsReference(tf: Tfjs, inputs: readonly Tensor[], attributes: BoundAttributes, groups: number): Tensor {
  const x = first(inputs);
  const [axis = 1] = fromFront([Number(attributes.axis)], x.rank);
  const split = tf.reshape(x, [...x.shape.slice(0, axis), groups, (x.shape[axis] ?? 1) / groups, ...x.shape.slice(axis + 1)]);
  const over = split.shape.map((_, at) => at).filter((at) => at !== 0 && at !== axis);
  const mean = tf.mean(split, over, true);
  const made = standardizedBy(tf, split, mean, tf.mean(tf.square(tf.sub(split, mean)), over, true));
  return withExtras(tf, tf.reshape(made, x.shape), extrasOf(inputs, attributes, 1), [axis]);
}

export const channelNormSamples: Record<keyof typeof channelNorms, Sample> = {
  batchNorm: {
    cases: casesBy((draw) => {
      const { shape, extras, attributes, runtime } = channelCase(draw, 2, 2);
      return {
        inputs: [{ shape }, ...extras],
        attributes: { ...attributes, statistics: draw(oneOf('running', 'given')) },
        runtime,
        training: draw(fc.boolean()),
      };
    }),
    reference: (tf, inputs, attributes, { training }) => {
      const [x, mean, variance] = [first(inputs), inputs[1] as Tensor, inputs[2] as Tensor];
      const axes = fromFront([Number(attributes.axis)], x.rank);
      if (training !== true || attributes.statistics === 'given')
        return withExtras(tf, standardizedBy(tf, x, along(tf, mean, x.rank, axes), along(tf, variance, x.rank, axes)), extrasOf(inputs, attributes, 3), axes);
      const over = x.shape.map((_, at) => at).filter((at) => !axes.includes(at));
      const { mean: own, variance: spread } = tf.moments(x, over, true);
      return withExtras(tf, standardizedBy(tf, x, own, spread), extrasOf(inputs, attributes, 3), axes);
    },
    wrong: [
      { inputs: [{ shape: [2, 3, 4] }, { shape: [3] }, { shape: [3] }], attributes: { axis: -1 } },
      { inputs: [{ shape: [2, 3, 4] }, { shape: [3, 1] }, { shape: [2, 1] }], attributes: { axis: -1 } },
      { inputs: [{ shape: [2, 4] }, { shape: [4] }, { shape: [4] }, { shape: [2] }], attributes: { axis: -1, scale: true } },
    ],
  },
  groupNorm: {
    cases: casesBy((draw) => {
      const { shape, axis, extras, attributes, runtime } = channelCase(draw, 2, 0);
      const groups = draw(oneOf(1, 2, 3));
      const widened = shape.map((length, at) => (at === axis ? length * groups : length));
      return {
        inputs: [{ shape: widened }, ...extras.map((extra) => ({ ...extra, shape: [widened[axis] ?? 1] }))],
        attributes: { ...attributes, groups },
        runtime,
      };
    }),
    reference: (tf, inputs, attributes) => groupsReference(tf, inputs, attributes, Number(attributes.groups)),
    wrong: [
      { inputs: [{ shape: [2, 6, 4] }], attributes: { axis: 1, groups: 4 } },
      { inputs: [{ shape: [2, 6, 4] }, { shape: [4] }], attributes: { axis: 1, groups: size(2), scale: true } },
    ],
  },
  instanceNorm: {
    cases: casesBy((draw) => {
      const { shape, extras, attributes, runtime } = channelCase(draw, 3, 0);
      return { inputs: [{ shape }, ...extras], attributes, runtime };
    }),
    reference: (tf, inputs, attributes) => groupsReference(tf, inputs, attributes, first(inputs).shape.at(Number(attributes.axis)) ?? 1),
    wrong: [{ inputs: [{ shape: [2, 6, 4] }, { shape: [4] }], attributes: { axis: 1, scale: true } }],
  },
};

// ---- dropout ----

export const dropoutSamples: Record<'dropout', Sample> = {
  dropout: {
    cases: casesBy((draw) => {
      const always = draw(fc.boolean());
      const rate = draw(oneOf(0, 0.3, 0.9));
      return { inputs: [{ shape: draw(fc.array(small, { minLength: 0, maxLength: 5 })) }], attributes: { rate, always } };
    }),
    rejects: (tf, inputs, { rate }) => tf.dropout(first(inputs), Number(rate)),
    reference: (tf, inputs, { rate, always }) => (always === true && rate !== 0 ? undefined : tf.clone(first(inputs))),
    wrong: [
      { inputs: [{ shape: [2, 3] }], attributes: { rate: 1 } },
      { inputs: [{ shape: [2, 3] }], attributes: { rate: -0.1 }, runtime: 'torch' },
      { inputs: [{ shape: [2, 3], dtype: 'int32' }], attributes: { rate: 0.5, always: true } },
    ],
  },
};

// ---- weights ----

const timesVector = (tf: Tfjs, matrix: Tensor, vector: Tensor): Tensor => tf.dot(matrix as Parameters<Tfjs['dot']>[0], vector as Parameters<Tfjs['dot']>[1]);

export const weightNormSamples: Record<keyof typeof weightNorms, Sample> = {
  powerIterated: {
    cases: casesBy((draw) => {
      const [rows, columns] = [draw(small), draw(small)];
      const side = draw(oneOf('left', 'right'));
      const [own, other] = side === 'left' ? [rows, columns] : [columns, rows];
      const attributes = { side, first: draw(oneOf('left', 'right')), copies: draw(fc.boolean()), iterations: draw(oneOf(1, 2)), epsilon: 1e-12 };
      return { inputs: [{ shape: [own] }, { shape: [other] }, { shape: [rows, columns] }], attributes, runtime: 'torch' };
    }),
    reference: (tf, inputs) => tf.clone(first(inputs)),
    wrong: [{ inputs: [{ shape: [3] }, { shape: [4] }, { shape: [3] }], attributes: { side: 'left' }, runtime: 'torch' }],
  },
  singularValue: {
    cases: casesBy((draw) => {
      const [rows, columns] = [draw(small), draw(small)];
      return { inputs: [{ shape: [rows, columns] }, { shape: [rows] }, { shape: [columns] }], attributes: {}, runtime: 'torch' };
    }),
    reference: (tf, [matrix, left, right]) => tf.sum(tf.mul(left as Tensor, timesVector(tf, matrix as Tensor, right as Tensor))),
    wrong: [{ inputs: [{ shape: [3] }, { shape: [3] }, { shape: [3] }], attributes: {}, runtime: 'torch' }],
  },
  weightNorm: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const axis = draw(fc.integer({ min: 0, max: shape.length - 1 }));
      const lengths = shape.map((each, at) => (at === axis ? each : 1));
      return { inputs: [{ shape, range: [0.5, 2] }, { shape: lengths }], attributes: { axis }, runtime: 'torch' };
    }),
    wrong: [{ inputs: [{ shape: [2, 3] }, { shape: [2] }], attributes: { axis: 0 }, runtime: 'torch' }],
  },
};
