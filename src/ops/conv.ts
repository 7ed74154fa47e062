/** Convolutions over one to three spatial axes, in both layouts. */
import { asConstant, constant, type Dim, multiply, product } from '../dim/index';
import { isGiven, readNumber, readSize, readText } from './attributes';
import { promote } from './dtypes';
import { bothFactors } from './kept';
import { operand, tidied } from './kernels';
import { imagesKept } from './layouts';
import type { Attributes, BoundAttributes, Demand, Operator, RuleContext, Runtime, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustDivide, mustEqual, result, sizeAt, tensorType, unknownShape } from './rules';
import {
  fromChannelsLast,
  type Layout,
  layoutOf,
  paddingPairs,
  padSpatial,
  perAxis,
  readPadding,
  readsNoWindow,
  type Sliding,
  sizesPerAxis,
  slide,
  toChannelsLast,
  withSpatial,
} from './windows';

/** A filter's axes. */
interface FilterAxes {
  readonly spatial: readonly number[];
  readonly input: number;
  readonly output: number;
}

function filterAxes(rank: number, attributes: Attributes): FilterAxes {
  const count = Math.max(0, rank - 2);
  return readText(attributes, 'filterFormat', 'HWIO') === 'OIHW'
    ? { spatial: Array.from({ length: count }, (_, at) => at + 2), input: 1, output: 0 }
    : { spatial: Array.from({ length: count }, (_, at) => at), input: rank - 2, output: rank - 1 };
}

function slidingOf(filter: TensorType, axes: FilterAxes, attributes: Attributes): Sliding {
  const rank = axes.spatial.length;
  return {
    windows: axes.spatial.map((axis) => sizeAt(filter.shape, axis)),
    strides: sizesPerAxis(attributes, 'strides', rank),
    dilations: sizesPerAxis(attributes, 'dilations', rank),
    padding: readPadding(attributes, rank),
    ceil: false,
  };
}

/** What a runtime refuses whatever the sizes are, as the words of a problem. */
function refusal(
  name: string,
  x: TensorType,
  filter: TensorType,
  sliding: Sliding,
  context: RuleContext,
): { code: 'argument' | 'dtype'; args: { [name: string]: string } } | undefined {
  const strides = sliding.strides.map(asConstant);
  const strided = strides.some((stride) => stride !== undefined && stride !== 1);
  const dilations = sliding.dilations.map(asConstant);
  if ([...strides, ...dilations].some((step) => step !== undefined && step < 1))
    return { code: 'argument', args: { operator: name, reason: 'strides and dilations start at 1' } };
  if (context.runtime === 'torch') {
    return strided && sliding.padding.kind === 'same'
      ? { code: 'argument', args: { operator: name, reason: "padding 'same' needs a stride of 1" } }
      : undefined;
  }
  if (strided && dilations.some((dilation) => dilation !== undefined && dilation !== 1))
    return { code: 'argument', args: { operator: name, reason: 'either strides or dilations must be 1' } };
  const pad = readsNoWindow(sliding.padding, sliding.windows.length, 'tfjs') && sliding.padding.kind === 'pairs' ? sliding.padding.pairs[0]?.[0] : undefined;
  if (pad !== undefined && (asConstant(pad) ?? 0) !== 0)
    return { code: 'argument', args: { operator: name, reason: "padding must be 'same', 'valid' or 0 for one spatial axis" } };
  const wrong = [x, filter].find(({ dtype }) => dtype !== 'float32');
  return wrong !== undefined && sliding.windows.length < 3 ? { code: 'dtype', args: { operator: name, expected: 'float32', dtype: wrong.dtype } } : undefined;
}

/** The rule of conv and depthwiseConv: they differ in how channels meet the filter. */
function convRule(
  name: string,
  most: number,
  channelsOf: (filter: TensorType, axes: FilterAxes, attributes: Attributes) => { input: Dim; output: Dim; demands: Demand[] },
): Operator['shape'] {
  return (inputs, attributes, context) => {
    const [x, filter, bias] = inputs;
    if (x === undefined || filter === undefined) return failure(inputs.slice(0, 1), 'argument', { operator: name, reason: 'an operand is missing' });
    const rank = filter.shape.length;
    const dtype = promote([x, filter], context.runtime);
    const fallback = tensorType(unknownShape(x.shape.length), dtype);
    if (rank < 3 || rank > most + 2) return failure([fallback], 'rank', { operator: name, least: 3, most: most + 2, rank }, [{ input: 1 }]);
    const layout = layoutOf(x.shape.length, rank - 2, attributes);
    if (layout === undefined) return failure([fallback], 'rank', { operator: name, least: rank - 1, most: rank, rank: x.shape.length }, [{ input: 0 }]);
    return convShape(name, { x, filter, bias }, layout, attributes, context, channelsOf);
  };
}

function convShape(
  name: string,
  { x, filter, bias }: { x: TensorType; filter: TensorType; bias: TensorType | undefined },
  layout: Layout,
  attributes: Attributes,
  context: RuleContext,
  channelsOf: Parameters<typeof convRule>[2],
): ShapeResult {
  const axes = filterAxes(filter.shape.length, attributes);
  const sliding = slidingOf(filter, axes, attributes);
  const channels = channelsOf(filter, axes, attributes);
  const slid = slide(x, layout, sliding, context, (axis) => [
    { input: 0, axis },
    { input: 1, axis: axes.spatial[layout.spatial.indexOf(axis)] ?? 0 },
  ]);
  const shape = withSpatial(x.shape, layout, channels.output, slid.sizes);
  const dtype = promote([x, filter], context.runtime);
  const refused = refusal(name, x, filter, sliding, context);
  if (refused !== undefined) return failure([tensorType(shape, dtype)], refused.code, refused.args);
  if (bias !== undefined && bias.shape.length !== 1)
    return failure([tensorType(shape, dtype)], 'rank', { operator: name, least: 1, most: 1, rank: bias.shape.length }, [{ input: 2 }]);
  return result(shape, dtype, [
    ...mustEqual(
      sizeAt(x.shape, layout.channel),
      channels.input,
      'channels',
      [
        { input: 0, axis: layout.channel },
        { input: 1, axis: axes.input },
      ],
      context,
    ),
    ...channels.demands,
    ...slid.demands,
    ...(bias === undefined
      ? []
      : mustEqual(
          channels.output,
          sizeAt(bias.shape, 0),
          'channels',
          [
            { input: 1, axis: axes.output },
            { input: 2, axis: 0 },
          ],
          context,
        )),
  ]);
}

const windowOf = (filter: TensorType | undefined, attributes: Attributes): Dim[] =>
  filter === undefined ? [] : filterAxes(filter.shape.length, attributes).spatial.map((axis) => sizeAt(filter.shape, axis));

/** One plain convolution of [batch, spatial…, in] with a filter [spatial…, in, out], by stride and dilation of which one may be above 1. */
type PlainConv = (tf: Tfjs, x: Tensor, filter: Tensor, settings: { strides: number[]; dilations: number[]; padding: 'same' | 'valid' | number }) => Tensor;

/** One axis is run as two of which the first is 1. */
const asTwoAxes =
  (run: typeof plainConv2 | typeof plainDepthwise): PlainConv =>
  (tf, x, filter, { strides, dilations, padding }) => {
    const [batch = 1, width = 1, channels = 1] = x.shape;
    const made = run(tf, tf.reshape(x, [batch, 1, width, channels]), tf.expandDims(filter, 0), {
      strides: [1, ...strides],
      dilations: [1, ...dilations],
      padding,
    });
    return tf.squeeze(made, [1]);
  };

const plainConv2: PlainConv = (tf, x, filter, { strides, dilations, padding }) =>
  tf.conv2d(x as never, filter as never, strides as [number, number], padding, 'NHWC', dilations as [number, number]);

const plainConv3: PlainConv = (tf, x, filter, { strides, dilations, padding }) =>
  tf.conv3d(
    x as never,
    filter as never,
    strides as [number, number, number],
    padding === 'same' ? 'same' : 'valid',
    'NDHWC',
    dilations as [number, number, number],
  );

const plainDepthwise: PlainConv = (tf, x, filter, { strides, dilations, padding }) =>
  tf.depthwiseConv2d(x as never, filter as never, strides as [number, number], padding, 'NHWC', dilations as [number, number]);

/** Pads, slides and, where both stride and dilation are above 1, takes every stride-th place of the dense result. */
function runWindowed(tf: Tfjs, x: Tensor, filter: Tensor, attributes: BoundAttributes, runtime: Runtime, plain: PlainConv): Tensor {
  const rank = filter.rank - 2;
  const strides = perAxis(attributes, 'strides', rank);
  const dilations = perAxis(attributes, 'dilations', rank);
  const pairs = paddingPairs(attributes, rank);
  if (runtime === 'tfjs' && rank <= 2 && typeof attributes.padding === 'number')
    return plain(tf, x, filter, { strides, dilations, padding: attributes.padding });
  const padded = pairs === undefined ? x : padSpatial(tf, x, pairs);
  const padding = pairs === undefined ? 'same' : 'valid';
  const both = strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1);
  if (!both) return plain(tf, padded, filter, { strides, dilations, padding });
  const dense = plain(tf, padded, filter, { strides: strides.map(() => 1), dilations, padding });
  return tf.stridedSlice(
    dense,
    dense.shape.map(() => 0),
    dense.shape,
    [1, ...strides, 1],
  );
}

/** The filter as [spatial…, in, out]. */
function standardFilter(tf: Tfjs, filter: Tensor, attributes: BoundAttributes): Tensor {
  const axes = filterAxes(filter.rank, attributes);
  return axes.output === filter.rank - 1 ? filter : tf.transpose(filter, [...axes.spatial, axes.input, axes.output]);
}

function runConv(tf: Tfjs, x: Tensor, filter: Tensor, attributes: BoundAttributes, runtime: Runtime): Tensor {
  const plain = [asTwoAxes(plainConv2), plainConv2, plainConv3][filter.rank - 3] ?? plainConv2;
  const groups = readNumber(attributes, 'groups', 1);
  if (groups === 1) return runWindowed(tf, x, filter, attributes, runtime, plain);
  const filters = tf.split(filter, groups, filter.rank - 1);
  const parts = tf.split(x, groups, x.rank - 1);
  return tf.concat(
    parts.map((part, at) => runWindowed(tf, part, operand(filters, at), attributes, runtime, plain)),
    x.rank - 1,
  );
}

/** Runs between the layouts, and adds the bias. */
function inLayout(run: (tf: Tfjs, x: Tensor, filter: Tensor, attributes: BoundAttributes, runtime: Runtime) => Tensor): Operator['kernel'] {
  return tidied((tf, inputs, attributes, { runtime }) => {
    const [x, filter, bias] = [operand(inputs, 0), operand(inputs, 1), inputs[2]];
    const layout = layoutOf(x.rank, filter.rank - 2, attributes);
    if (layout === undefined) throw new Error(`a filter of rank ${filter.rank} for an operand of rank ${x.rank}`);
    const made = run(tf, toChannelsLast(tf, x, layout), filter, attributes, runtime);
    return fromChannelsLast(tf, bias === undefined ? made : tf.add(made, bias), layout);
  });
}

/** The number of groups. */
const groupsOf = (attributes: Attributes): Dim => (isGiven(attributes, 'groups') ? readSize(attributes, 'groups') : constant(1));

const conv: Operator = {
  name: 'conv',
  autocast: 'lower',
  strides: imagesKept,
  doc: 'Convolution; filter [k…, in, out] or [out, in, k…]. Sizes: js.tensorflow.org/api/latest/#conv2d, torch.nn.Conv2d.',
  shape: convRule('conv', 3, (filter, axes, attributes) => {
    const groups = groupsOf(attributes);
    const output = sizeAt(filter.shape, axes.output);
    return {
      input: multiply(sizeAt(filter.shape, axes.input), groups),
      output,
      demands: mustDivide(groups, output, 'groups', [{ input: 1, axis: axes.output }]),
    };
  }),
  macs: (inputs, outputs, attributes) => {
    const filter = inputs[1];
    const channels = filter === undefined ? constant(1) : sizeAt(filter.shape, filterAxes(filter.shape.length, attributes).input);
    return product([...(outputs[0]?.shape ?? []), ...windowOf(filter, attributes), channels]);
  },
  saved: (inputs) => bothFactors(inputs),
  kernel: inLayout((tf, x, filter, attributes, runtime) => runConv(tf, x, standardFilter(tf, filter, attributes), attributes, runtime)),
};

const depthwiseConv: Operator = {
  name: 'depthwiseConv',
  autocast: 'lower',
  strides: imagesKept,
  doc: 'Convolution of each channel by itself; filter [k…, in, multiplier]. js.tensorflow.org/api/latest/#depthwiseConv2d.',
  shape: convRule('depthwiseConv', 2, (filter, axes) => {
    const input = sizeAt(filter.shape, axes.input);
    return { input, output: multiply(input, sizeAt(filter.shape, axes.output)), demands: [] };
  }),
  macs: (inputs, outputs, attributes) => product([...(outputs[0]?.shape ?? []), ...windowOf(inputs[1], attributes)]),
  saved: (inputs) => bothFactors(inputs),
  kernel: inLayout((tf, x, filter, attributes, runtime) =>
    runWindowed(tf, x, filter, attributes, runtime, filter.rank === 3 ? asTwoAxes(plainDepthwise) : plainDepthwise),
  ),
};

/** The family, by name. */
export const convolutions = { conv, depthwiseConv } satisfies Record<string, Operator>;
