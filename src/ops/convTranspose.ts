/** The convolution that widens: the gradient of conv with respect to its input. */
import { add, asConstant, constant, type Dim, maximum, multiply, ONE, product, subtract, ZERO } from '../dim/index';
import { isGiven, readNumber, readSizes, readText } from './attributes';
import { promote } from './dtypes';
import { bothFactors } from './kept';
import { operand, padded, tidied } from './kernels';
import type { Attributes, BoundAttributes, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustEqual, result, sizeAt, tensorType, unknownShape } from './rules';
import { fromChannelsLast, type Layout, layoutOf, paddingPairs, perAxis, reach, readPadding, sizesPerAxis, toChannelsLast, withSpatial } from './windows';

/** Filter [k…, out, in] as tfjs has it, or [in, out, k…] as torch has it. */
function filterAxes(rank: number, attributes: Attributes): { spatial: number[]; input: number; output: number } {
  const spatial = Array.from({ length: Math.max(0, rank - 2) }, (_, at) => at);
  return isTorchFilter(attributes) ? { spatial: spatial.map((axis) => axis + 2), input: 0, output: 1 } : { spatial, input: rank - 1, output: rank - 2 };
}

const isTorchFilter = (attributes: Attributes): boolean => readText(attributes, 'filterFormat', 'HWIO') === 'OIHW';

/** The spatial sizes: as asked for, or n·s for 'same', else what the window covers, less the padding. */
function widenedSizes(x: TensorType, filter: TensorType, layout: Layout, attributes: Attributes): Dim[] {
  const rank = layout.spatial.length;
  const strides = sizesPerAxis(attributes, 'strides', rank);
  const dilations = sizesPerAxis(attributes, 'dilations', rank);
  const extra = perAxis(attributes, 'outputPadding', rank, 0);
  const padding = readPadding(attributes, rank);
  const asked = isGiven(attributes, 'outputShape') ? readSizes(attributes, 'outputShape') : undefined;
  const windows = filterAxes(filter.shape.length, attributes).spatial.map((axis) => sizeAt(filter.shape, axis));
  return layout.spatial.map((axis, at) => {
    if (asked !== undefined) return sizeAt(asked, asked.length === rank ? at : axis);
    const stride = strides[at] ?? ONE;
    const size = multiply(sizeAt(x.shape, axis), stride);
    if (padding.kind === 'same') return size;
    const over = subtract(reach(sizeAt(windows, at), dilations[at] ?? ONE), stride);
    if (padding.kind === 'valid') return add(add(size, maximum(over, ZERO)), constant(extra[at] ?? 0));
    const [before, after] = padding.pairs[at] ?? [ZERO, ZERO];
    return add(subtract(add(size, over), add(before, after)), constant(extra[at] ?? 0));
  });
}

function convTransposeShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [x, filter, bias] = inputs;
  const name = 'convTranspose';
  if (x === undefined || filter === undefined) return failure(inputs.slice(0, 1), 'argument', { operator: name, reason: 'an operand is missing' });
  const rank = filter.shape.length;
  const dtype = promote([x, filter], context.runtime);
  const fallback = tensorType(unknownShape(x.shape.length), dtype);
  const layout = layoutOf(x.shape.length, rank - 2, attributes);
  if (rank < 3 || rank > 5) return failure([fallback], 'rank', { operator: name, least: 3, most: 5, rank }, [{ input: 1 }]);
  if (layout === undefined) return failure([fallback], 'rank', { operator: name, least: rank - 1, most: rank, rank: x.shape.length }, [{ input: 0 }]);
  const axes = filterAxes(rank, attributes);
  const channels = multiply(sizeAt(filter.shape, axes.output), constant(readNumber(attributes, 'groups', 1)));
  const shape = withSpatial(x.shape, layout, channels, widenedSizes(x, filter, layout, attributes));
  if (bias !== undefined && bias.shape.length !== 1)
    return failure([tensorType(shape, dtype)], 'rank', { operator: name, least: 1, most: 1, rank: bias.shape.length }, [{ input: 2 }]);
  return result(shape, dtype, [
    ...mustEqual(
      sizeAt(x.shape, layout.channel),
      sizeAt(filter.shape, axes.input),
      'channels',
      [
        { input: 0, axis: layout.channel },
        { input: 1, axis: axes.input },
      ],
      context,
    ),
    ...(bias === undefined
      ? []
      : mustEqual(
          channels,
          sizeAt(bias.shape, 0),
          'channels',
          [
            { input: 1, axis: axes.output },
            { input: 2, axis: 0 },
          ],
          context,
        )),
    ...askedChannels(layout, channels, attributes, context),
  ]);
}

/** tfjs takes the whole output shape: its channels must be the filter's. */
function askedChannels(layout: Layout, channels: Dim, attributes: Attributes, context: RuleContext) {
  const asked = isGiven(attributes, 'outputShape') ? readSizes(attributes, 'outputShape') : [];
  if (asked.length <= layout.spatial.length) return [];
  return mustEqual(sizeAt(asked, layout.channel), channels, 'channels', [{ input: 1 }], context);
}

type Triple = [number, number, number];

/** Of [batch, spatial…, in] and [k…, out, in], by tfjs's own kernel; one axis is run as two. */
function plain(tf: Tfjs, x: Tensor, filter: Tensor, shape: readonly number[], strides: readonly number[], padding: 'same' | 'valid'): Tensor {
  if (shape.length === 5) return tf.conv3dTranspose(x as never, filter as never, [...shape] as never, [...strides] as Triple, padding);
  if (shape.length === 4) return tf.conv2dTranspose(x as never, filter as never, [...shape] as never, [...strides] as [number, number], padding);
  const wide = ([batch = 1, width = 1, channels = 1]: readonly number[]): number[] => [batch, 1, width, channels];
  return tf.squeeze(plain(tf, tf.reshape(x, wide(x.shape)), tf.expandDims(filter, 0), wide(shape), [1, ...strides], padding), [1]);
}

/** A filter with holes: zeros between its values along each spatial axis. */
function dilated(tf: Tfjs, filter: Tensor, dilations: readonly number[]): Tensor {
  return dilations.reduce((wide, dilation, axis) => {
    if (dilation === 1) return wide;
    const size = wide.shape[axis] ?? 1;
    const spread = padded(
      tf,
      tf.expandDims(wide, axis + 1),
      Array.from({ length: wide.rank + 1 }, (_, at): [number, number] => [0, at === axis + 1 ? dilation - 1 : 0]),
    );
    const joined = tf.reshape(
      spread,
      wide.shape.map((length, at) => (at === axis ? length * dilation : length)),
    );
    return tf.slice(
      joined,
      wide.shape.map(() => 0),
      wide.shape.map((length, at) => (at === axis ? (size - 1) * dilation + 1 : length)),
    );
  }, filter);
}

/** The whole reach of the windows, then cut at the front by the padding, and cut or filled with zeros at the end. */
function cutFrom(tf: Tfjs, full: Tensor, before: readonly number[], target: readonly number[]): Tensor {
  const spatial = target.map((length, at) => ({ length, from: before[at] ?? 0, has: full.shape[at + 1] ?? 1 }));
  const missing = spatial.map(({ length, from, has }): [number, number] => [0, Math.max(0, from + length - has)]);
  const filled = missing.every(([, after]) => after === 0) ? full : padded(tf, full, [[0, 0], ...missing, [0, 0]]);
  return tf.slice(filled, [0, ...spatial.map(({ from }) => from), 0], [full.shape[0] ?? 1, ...target, full.shape.at(-1) ?? 1]);
}

function run(tf: Tfjs, x: Tensor, filter: Tensor, attributes: BoundAttributes, target: readonly number[]): Tensor {
  const rank = filter.rank - 2;
  const strides = perAxis(attributes, 'strides', rank);
  const wide = dilated(tf, filter, perAxis(attributes, 'dilations', rank));
  const pairs = paddingPairs(attributes, rank);
  const ends = [x.shape[0] ?? 1, filter.shape.at(-2) ?? 1] as const;
  const shapeOf = (spatial: readonly number[]): number[] => [ends[0], ...spatial, ends[1]];
  if (pairs === undefined || isGiven(attributes, 'outputShape')) return plain(tf, x, wide, shapeOf(target), strides, pairs === undefined ? 'same' : 'valid');
  const covered = strides.map((stride, at) => ((x.shape[at + 1] ?? 1) - 1) * stride + (wide.shape[at] ?? 1));
  return cutFrom(
    tf,
    plain(tf, x, wide, shapeOf(covered), strides, 'valid'),
    pairs.map(([before]) => before),
    target,
  );
}

function inGroups(tf: Tfjs, x: Tensor, filter: Tensor, attributes: BoundAttributes, target: readonly number[]): Tensor {
  const groups = readNumber(attributes, 'groups', 1);
  if (groups === 1) return run(tf, x, filter, attributes, target);
  const filters = tf.split(filter, groups, filter.rank - 1);
  return tf.concat(
    tf.split(x, groups, x.rank - 1).map((part, at) => run(tf, part, operand(filters, at), attributes, target)),
    x.rank - 1,
  );
}

/** The rule's spatial sizes, in numbers. */
function targetOf(x: Tensor, filter: Tensor, layout: Layout, attributes: BoundAttributes): number[] {
  const typeOf = (tensor: Tensor): TensorType => tensorType(tensor.shape.map(constant), 'float32');
  return widenedSizes(typeOf(x), typeOf(filter), layout, attributes).map((size) => asConstant(size) ?? Number.NaN);
}

/** The family, by name. */
export const widening = {
  convTranspose: {
    name: 'convTranspose',
    autocast: 'lower',
    doc: 'Transposed convolution; filter [k…, out, in] or [in, out, k…]. js.tensorflow.org/api/latest/#conv2dTranspose, torch.nn.ConvTranspose2d.',
    shape: convTransposeShape,
    macs: (inputs, _outputs, attributes) => {
      const [x, filter] = inputs;
      if (x === undefined || filter === undefined) return ZERO;
      const axes = filterAxes(filter.shape.length, attributes);
      return product([...x.shape, ...[...axes.spatial, axes.output].map((axis) => sizeAt(filter.shape, axis))]);
    },
    saved: (inputs) => bothFactors(inputs),
    kernel: tidied((tf, inputs, attributes) => {
      const [x, filter, bias] = [operand(inputs, 0), operand(inputs, 1), inputs[2]];
      const layout = layoutOf(x.rank, filter.rank - 2, attributes);
      if (layout === undefined) throw new Error(`a filter of rank ${filter.rank} for an operand of rank ${x.rank}`);
      const target = targetOf(x, filter, layout, attributes);
      const axes = filterAxes(filter.rank, attributes);
      const standard = isTorchFilter(attributes) ? tf.transpose(filter, [...axes.spatial, axes.output, axes.input]) : filter;
      const made = inGroups(tf, toChannelsLast(tf, x, layout), standard, attributes, target);
      return fromChannelsLast(tf, bias === undefined ? made : tf.add(made, bias), layout);
    }),
  },
} satisfies Record<string, Operator>;
