/** Channels turned into places and back, and mixed. */
import { asConstant, type Dim, floorDivide, multiply } from '../dim/index';
import { numberOf, readSize } from './attributes';
import { operand, tidied, transpose } from './kernels';
import type { Attributes, Operator, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustDivide, result, sizeAt } from './rules';

/** An operator on [others…, channels, height, width]. */
function shuffle(
  name: string,
  doc: string,
  shape: (x: TensorType, factor: Dim, channel: number) => ReturnType<Operator['shape']>,
  run: (tf: Tfjs, x: Tensor, factor: number) => Tensor,
): Operator {
  return {
    name,
    doc,
    shape: ([x], attributes) => {
      if (x === undefined) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
      const channel = x.shape.length - 3;
      if (channel < 0) return failure([x], 'rank', { operator: name, reason: `3 axes or more are wanted, ${x.shape.length} given` }, [{ input: 0 }]);
      const factor = readSize(attributes, 'factor');
      if ((asConstant(factor) ?? 1) < 1) return failure([x], 'argument', { operator: name, reason: 'the factor starts at 1' });
      return shape(x, factor, channel);
    },
    kernel: tidied((tf, inputs, attributes) => run(tf, operand(inputs, 0), numberOf(attributes.factor) ?? 1)),
  };
}

/** The last three sizes, and how many stand before them. */
function parts(x: Tensor): { readonly before: number[]; readonly all: number; readonly last: readonly [number, number, number] } {
  const before = x.shape.slice(0, -3);
  const [channels = 1, height = 1, width = 1] = x.shape.slice(-3);
  return { before, all: before.reduce((total, size) => total * size, 1), last: [channels, height, width] };
}

const pixelShuffle = shuffle(
  'pixelShuffle',
  'r² channels of each group spread over r times r places: torch.nn.PixelShuffle.',
  (x, factor, channel) => {
    const square = multiply(factor, factor);
    const [channels, height, width] = [0, 1, 2].map((at) => sizeAt(x.shape, channel + at)) as [Dim, Dim, Dim];
    const shape = [...x.shape.slice(0, channel), floorDivide(channels, square), multiply(height, factor), multiply(width, factor)];
    return result(shape, x.dtype, mustDivide(square, channels, 'groups', [{ input: 0, axis: channel }]));
  },
  (tf, x, factor) => {
    const { before, all, last } = parts(x);
    const [channels, height, width] = last;
    const outer = channels / factor ** 2;
    const spread = transpose(tf, tf.reshape(x, [all * outer, factor, factor, height, width]), [0, 3, 1, 4, 2]);
    return tf.reshape(spread, [...before, outer, height * factor, width * factor]);
  },
);

const pixelUnshuffle = shuffle(
  'pixelUnshuffle',
  'r times r places gathered in r² channels: torch.nn.PixelUnshuffle.',
  (x, factor, channel) => {
    const [channels, height, width] = [0, 1, 2].map((at) => sizeAt(x.shape, channel + at)) as [Dim, Dim, Dim];
    const shape = [...x.shape.slice(0, channel), multiply(channels, multiply(factor, factor)), floorDivide(height, factor), floorDivide(width, factor)];
    return result(shape, x.dtype, [
      ...mustDivide(factor, height, 'split', [{ input: 0, axis: channel + 1 }]),
      ...mustDivide(factor, width, 'split', [{ input: 0, axis: channel + 2 }]),
    ]);
  },
  (tf, x, factor) => {
    const { before, all, last } = parts(x);
    const [channels, height, width] = last;
    const [rows, columns] = [height / factor, width / factor];
    const gathered = transpose(tf, tf.reshape(x, [all * channels, rows, factor, columns, factor]), [0, 2, 4, 1, 3]);
    return tf.reshape(gathered, [...before, channels * factor ** 2, rows, columns]);
  },
);

const groupsOf = (attributes: Attributes): Dim => readSize(attributes, 'groups');

const channelShuffle: Operator = {
  name: 'channelShuffle',
  doc: 'Channels of the groups dealt out in turn: arxiv.org/abs/1707.01083, torch.nn.ChannelShuffle.',
  shape: ([x], attributes) => {
    if (x === undefined) return failure([], 'argument', { operator: 'channelShuffle', reason: 'an operand is missing' });
    if (x.shape.length < 3)
      return failure([x], 'rank', { operator: 'channelShuffle', reason: `3 axes or more are wanted, ${x.shape.length} given` }, [{ input: 0 }]);
    return result(x.shape, x.dtype, mustDivide(groupsOf(attributes), sizeAt(x.shape, 1), 'groups', [{ input: 0, axis: 1 }]));
  },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const groups = numberOf(attributes.groups) ?? 1;
    const [batch = 1, channels = 1, ...rest] = x.shape;
    const places = rest.reduce((total, size) => total * size, 1);
    return tf.reshape(transpose(tf, tf.reshape(x, [batch, groups, channels / groups, places]), [0, 2, 1, 3]), x.shape);
  }),
};

/** The family, by name. */
export const channels = { pixelShuffle, pixelUnshuffle, channelShuffle } satisfies Record<string, Operator>;
