/** Pools over one to three spatial axes, in both layouts. */
import { asConstant, constant, type Dim, multiply, product } from '../dim/index';
import { isGiven, listOf, numberOf, readFlag, readNumber, sizeOf } from './attributes';
import { heldAs } from './dtypes';
import { alongAxis, casted, choose, operand, tidied } from './kernels';
import { imagesKept } from './layouts';
import type { Attributes, BoundAttributes, Operator, RuleContext, Runtime, Saved, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, result, sizeAt, tensorType } from './rules';
import {
  fromChannelsLast,
  type Layout,
  layoutOf,
  paddingPairs,
  padSpatial,
  perAxis,
  places,
  readPadding,
  type Sliding,
  sizesPerAxis,
  slide,
  toChannelsLast,
  withSpatial,
} from './windows';

type Kind = 'max' | 'avg';

/** Spatial axes: as many as the window has sizes; a single number leaves it to the operand's rank. */
const spatialRank = (rank: number, attributes: Attributes, name: string): number =>
  Array.isArray(attributes[name]) ? listOf(attributes[name]).length : rank - 2;

function slidingOf(rank: number, attributes: Attributes): Sliding {
  const windows = sizesPerAxis(attributes, 'window', rank);
  const strides = isGiven(attributes, 'strides') ? sizesPerAxis(attributes, 'strides', rank) : windows;
  return {
    windows,
    strides,
    dilations: sizesPerAxis(attributes, 'dilations', rank),
    padding: readPadding(attributes, rank),
    ceil: readFlag(attributes, 'ceilMode'),
  };
}

function poolShape(name: string, kind: Kind, inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [x] = inputs;
  if (x === undefined) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
  const spatial = spatialRank(x.shape.length, attributes, 'window');
  const layout = spatial >= 1 && spatial <= 3 ? layoutOf(x.shape.length, spatial, attributes) : undefined;
  if (layout === undefined) return failure([x], 'rank', { operator: name, least: spatial + 1, most: spatial + 2, rank: x.shape.length }, [{ input: 0 }]);
  const sliding = slidingOf(spatial, attributes);
  const slid = slide(x, layout, sliding, context, (axis) => [{ input: 0, axis }]);
  const shape = withSpatial(x.shape, layout, sizeAt(x.shape, layout.channel), slid.sizes);
  const reason = refusal(kind, x, sliding, context);
  return reason === undefined ? result(shape, x.dtype, slid.demands) : failure([tensorType(shape, x.dtype)], reason.code, { operator: name, ...reason.args });
}

function refusal(
  kind: Kind,
  x: TensorType,
  sliding: Sliding,
  { runtime }: RuleContext,
): { code: 'argument' | 'dtype'; args: { [name: string]: string } } | undefined {
  const strides = sliding.strides.map((stride) => asConstant(stride) ?? Number.NaN);
  const dilations = sliding.dilations.map((dilation) => asConstant(dilation) ?? Number.NaN);
  if ([...strides, ...dilations].some((step) => step < 1)) return { code: 'argument', args: { reason: 'strides and dilations start at 1' } };
  if (runtime === 'torch') return undefined;
  const both = strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1);
  if (both) return { code: 'argument', args: { reason: 'either strides or dilations must be 1' } };
  return kind === 'avg' && x.dtype !== 'float32' ? { code: 'dtype', args: { expected: 'float32', dtype: x.dtype } } : undefined;
}

/** Every place of a window in numbers. */
interface Windows {
  readonly window: number[];
  readonly strides: number[];
  readonly dilations: number[];
  readonly counts: number[];
}

const LOWEST = -3.4e38;

/** Combines, place by place within the window, the slices that lie there: any rank, stride and dilation. */
function overWindow(tf: Tfjs, x: Tensor, { window, strides, dilations, counts }: Windows, combine: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const along = (part: Tensor, axis: number): Tensor => {
    const step = strides[axis] ?? 1;
    return Array.from({ length: window[axis] ?? 1 }, (_, at) => {
      const from = at * (dilations[axis] ?? 1);
      return alongAxis(tf, part, axis + 1, (folded) => strided(tf, folded, from, step, counts[axis] ?? 1));
    }).reduce(combine);
  };
  return window.reduce((part, _, axis) => along(part, axis), x);
}

/** `count` places along axis 1 of three, from `from` in steps. */
function strided(tf: Tfjs, x: Tensor, from: number, step: number, count: number): Tensor {
  const [before = 1, , after = 1] = x.shape;
  const end = from + (count - 1) * step + 1;
  return step === 1 ? tf.slice(x, [0, from, 0], [before, count, after]) : tf.stridedSlice(x, [0, from, 0], [before, end, after], [1, step, 1]);
}

/** torch's pools, and tfjs's where it pads each axis by itself: pad, slide, and for a mean divide by how many it counted. */
function poolByParts(tf: Tfjs, x: Tensor, kind: Kind, attributes: BoundAttributes): Tensor {
  const rank = x.rank - 2;
  const window = perAxis(attributes, 'window', rank);
  const strides = isGiven(attributes, 'strides') ? perAxis(attributes, 'strides', rank) : window;
  const dilations = perAxis(attributes, 'dilations', rank);
  const pairs = paddingPairs(attributes, rank) ?? sameSides(x.shape.slice(1, -1), window, strides, dilations);
  const ceil = readFlag(attributes, 'ceilMode');
  const counts = pairs.map(([before, after], at) => placesOf(x.shape[at + 1] ?? 1, window[at] ?? 1, strides[at] ?? 1, dilations[at] ?? 1, before, after, ceil));
  const reached = counts.map((count, at) => (count - 1) * (strides[at] ?? 1) + ((window[at] ?? 1) - 1) * (dilations[at] ?? 1) + 1);
  const beyond = reached.map((end, at): [number, number] => [0, Math.max(0, end - (x.shape[at + 1] ?? 1) - (pairs[at]?.[0] ?? 0) - (pairs[at]?.[1] ?? 0))]);
  const windows = { window, strides, dilations, counts };
  const padded = (tensor: Tensor, inner: number, outer: number): Tensor => padSpatial(tf, padSpatial(tf, tensor, pairs, inner), beyond, outer);
  if (kind === 'max') return overWindow(tf, padded(x, LOWEST, LOWEST), windows, (a, b) => tf.maximum(a, b));
  const total = overWindow(tf, padded(x, 0, 0), windows, (a, b) => tf.add(a, b));
  if (isGiven(attributes, 'divisor')) return tf.div(total, readNumber(attributes, 'divisor', 1));
  const counted = padded(tf.ones([1, ...x.shape.slice(1, -1), 1]), readFlag(attributes, 'countIncludePad') ? 1 : 0, 0);
  return tf.div(
    total,
    overWindow(tf, counted, windows, (a, b) => tf.add(a, b)),
  );
}

/** Where each maximum stands, counted over the spatial axes without their padding; of equals the first. */
function placesByParts(tf: Tfjs, x: Tensor, attributes: BoundAttributes): Tensor {
  const rank = x.rank - 2;
  const spatial = x.shape.slice(1, -1);
  const window = perAxis(attributes, 'window', rank);
  const strides = isGiven(attributes, 'strides') ? perAxis(attributes, 'strides', rank) : window;
  const dilations = perAxis(attributes, 'dilations', rank);
  const pairs = paddingPairs(attributes, rank) ?? [];
  const ceil = readFlag(attributes, 'ceilMode');
  const counts = spatial.map((size, at) => placesOf(size, window[at] ?? 1, strides[at] ?? 1, dilations[at] ?? 1, ...(pairs[at] ?? [0, 0]), ceil));
  const reached = counts.map((count, at) => (count - 1) * (strides[at] ?? 1) + ((window[at] ?? 1) - 1) * (dilations[at] ?? 1) + 1);
  const sides = pairs.map(([before, after], at): [number, number] => [before, Math.max(after, (reached[at] ?? 0) - before - (spatial[at] ?? 0))]);
  const total = spatial.reduce((all, size) => all * size, 1);
  const places = tf.broadcastTo(tf.reshape(tf.range(0, total), [1, ...spatial, 1]), x.shape);
  const [values, numbers] = [padSpatial(tf, x, sides, LOWEST), padSpatial(tf, places, sides)];
  const taps = window.reduce<number[][]>((all, size) => all.flatMap((tap) => Array.from({ length: size }, (_, at) => [...tap, at])), [[]]);
  const at = (tensor: Tensor, tap: readonly number[]): Tensor =>
    tap.reduce((part, place, axis) => {
      const from = place * (dilations[axis] ?? 1);
      return alongAxis(tf, part, axis + 1, (folded) => strided(tf, folded, from, strides[axis] ?? 1, counts[axis] ?? 1));
    }, tensor);
  const [first = [], ...rest] = taps;
  const start = { value: at(values, first), place: at(numbers, first) };
  return rest.reduce((best, tap) => {
    const value = at(values, tap);
    const better = tf.greater(value, best.value);
    return { value: choose(tf, better, value, best.value), place: choose(tf, better, at(numbers, tap), best.place) };
  }, start).place;
}

function placesOf(size: number, window: number, stride: number, dilation: number, before: number, after: number, ceil: boolean): number {
  const slideOver = {
    size: constant(size),
    window: constant(window),
    stride: constant(stride),
    dilation: constant(dilation),
    before: constant(before),
    after: constant(after),
  };
  return asConstant(places(slideOver, ceil)) ?? 0;
}

/** Padding 'same' in numbers: what ceil(n / stride) places lack, the odd one at the end. */
function sameSides(sizes: readonly number[], window: readonly number[], strides: readonly number[], dilations: readonly number[]): [number, number][] {
  return sizes.map((size, at) => {
    const stride = strides[at] ?? 1;
    const span = ((window[at] ?? 1) - 1) * (dilations[at] ?? 1) + 1;
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + span - size);
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  });
}

/** tfjs's own pools over [batch, spatial…, channels]. */
function poolByTfjs(tf: Tfjs, x: Tensor, kind: Kind, attributes: BoundAttributes): Tensor {
  const rank = x.rank - 2;
  const window = perAxis(attributes, 'window', rank);
  const strides = isGiven(attributes, 'strides') ? perAxis(attributes, 'strides', rank) : window;
  const padding = typeof attributes.padding === 'number' ? attributes.padding : attributes.padding === 'same' ? 'same' : 'valid';
  if (rank === 3) {
    const run = kind === 'max' ? tf.maxPool3d : tf.avgPool3d;
    return run(x as never, window as [number, number, number], strides as [number, number, number], padding);
  }
  const run = kind === 'max' ? tf.maxPool : tf.avgPool;
  return run(x as never, window as [number, number], strides as [number, number], padding);
}

function runPool(tf: Tfjs, x: Tensor, kind: Kind, attributes: BoundAttributes, runtime: Runtime): Tensor {
  const rank = x.rank - 2;
  const dilated = perAxis(attributes, 'dilations', rank).some((dilation) => dilation !== 1);
  const own = runtime === 'tfjs' && rank > 1 && !dilated && !Array.isArray(attributes.padding) && !readFlag(attributes, 'ceilMode');
  if (!own) return poolByParts(tf, casted(tf, x, 'float32'), kind, attributes);
  const made = poolByTfjs(tf, x, kind, attributes);
  // Of a window of 1, tfjs hands back the operand's own data.
  return perAxis(attributes, 'window', rank).every((size) => size === 1)
    ? tf.slice(
        made,
        made.shape.map(() => 0),
        made.shape,
      )
    : made;
}

function pool(name: string, kind: Kind, doc: string, saved: NonNullable<Operator['saved']>): Operator {
  return {
    name,
    strides: imagesKept,
    doc,
    shape: (inputs, attributes, context) => poolShape(name, kind, inputs, attributes, context),
    saved,
    kernel: tidied((tf, inputs, attributes, { runtime }) => {
      const x = operand(inputs, 0);
      const layout = layoutOf(x.rank, spatialRank(x.rank, attributes, 'window'), attributes);
      if (layout === undefined) throw new Error(`${name}: an operand of rank ${x.rank}`);
      return casted(tf, fromChannelsLast(tf, runPool(tf, toChannelsLast(tf, x, layout), kind, attributes, runtime), layout), x.dtype);
    }),
  };
}

/** Where each maximum came from, eight bytes each. */
const withIndices = (outputs: readonly TensorType[]): Saved => ({
  inputs: [0],
  extra: [{ name: 'indices', bytes: multiply(constant(8), product(outputs[0]?.shape ?? [])), always: true }],
});

/** The sizes asked for; null keeps the operand's. */
function adaptiveSizes(x: TensorType, layout: Layout, attributes: Attributes): Dim[] {
  const given = listOf(attributes.size);
  return layout.spatial.map((axis, at) => {
    const asked = given[given.length === 1 ? 0 : at];
    return asked === null || asked === undefined ? sizeAt(x.shape, axis) : sizeOf(asked);
  });
}

/** Bins that cover the axis, from floor(i·n/m) to ceil((i+1)·n/m), each reduced to one place. */
function reduceBins(tf: Tfjs, x: Tensor, axis: number, bins: number, kind: Kind): Tensor {
  const reduce = (part: Tensor): Tensor => (kind === 'max' ? tf.max(part, 1, true) : tf.mean(part, 1, true));
  return alongAxis(tf, x, axis, (folded) => {
    const [before = 1, size = 1, after = 1] = folded.shape;
    if (bins === 1) return reduce(folded);
    const parts = Array.from({ length: bins }, (_, at) => {
      const from = Math.floor((at * size) / bins);
      return reduce(tf.slice(folded, [0, from, 0], [before, Math.ceil(((at + 1) * size) / bins) - from, after]));
    });
    return tf.concat(parts, 1);
  });
}

function adaptive(name: string, kind: Kind, doc: string, saved: NonNullable<Operator['saved']>): Operator {
  return {
    name,
    strides: imagesKept,
    doc,
    shape: ([x], attributes) => {
      if (x === undefined) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
      const spatial = spatialRank(x.shape.length, attributes, 'size');
      const layout = spatial >= 1 ? layoutOf(x.shape.length, spatial, attributes) : undefined;
      if (layout === undefined) return failure([x], 'rank', { operator: name, least: spatial + 1, most: spatial + 2, rank: x.shape.length }, [{ input: 0 }]);
      return result(withSpatial(x.shape, layout, sizeAt(x.shape, layout.channel), adaptiveSizes(x, layout, attributes)), x.dtype);
    },
    saved,
    kernel: tidied((tf, inputs, attributes) => {
      const x = operand(inputs, 0);
      const layout = layoutOf(x.rank, spatialRank(x.rank, attributes, 'size'), attributes);
      if (layout === undefined) throw new Error(`${name}: an operand of rank ${x.rank}`);
      const sizes = adaptiveSizes({ shape: x.shape.map(constant), dtype: heldAs(x.dtype) }, layout, attributes).map((size) => asConstant(size) ?? 1);
      const made = layout.spatial.reduce((part, axis, at) => reduceBins(tf, part, axis, sizes[at] ?? 1, kind), tf.clone(x));
      return casted(tf, made, x.dtype);
    }),
  };
}

/** A mean over the whole keeps nothing: its gradient is the same everywhere. */
const unlessWhole = (attributes: Attributes): Saved => (listOf(attributes.size).every((size) => numberOf(size) === 1) ? {} : { inputs: [0] });

/** The family, by name. */
export const pools = {
  maxPool: pool('maxPool', 'max', 'The largest in each window. js.tensorflow.org/api/latest/#maxPool, torch.nn.MaxPool2d.', (_inputs, outputs) =>
    withIndices(outputs),
  ),
  maxPoolPlaces: {
    ...pool('maxPoolPlaces', 'max', 'Where the largest in each window stands, counted over the spatial axes: torch.nn.MaxPool2d.', () => ({})),
    shape: (inputs, attributes, context) => {
      const made = poolShape('maxPoolPlaces', 'max', inputs, attributes, context);
      return { ...made, outputs: made.outputs.map(({ shape }) => ({ shape, dtype: 'int64' })) };
    },
    kernel: tidied((tf, inputs, attributes) => {
      const x = operand(inputs, 0);
      const layout = layoutOf(x.rank, spatialRank(x.rank, attributes, 'window'), attributes);
      if (layout === undefined) throw new Error(`maxPoolPlaces: an operand of rank ${x.rank}`);
      return casted(tf, fromChannelsLast(tf, placesByParts(tf, casted(tf, toChannelsLast(tf, x, layout), 'float32'), attributes), layout), 'int32');
    }),
  },
  avgPool: pool('avgPool', 'avg', 'The mean of each window. js.tensorflow.org/api/latest/#avgPool, torch.nn.AvgPool2d.', () => ({ inputs: [0] })),
  adaptiveAvgPool: adaptive('adaptiveAvgPool', 'avg', 'Means over as many bins as asked for: torch.nn.AdaptiveAvgPool2d.', (_inputs, _outputs, attributes) =>
    unlessWhole(attributes),
  ),
  adaptiveMaxPool: adaptive('adaptiveMaxPool', 'max', 'The largest of as many bins as asked for: torch.nn.AdaptiveMaxPool2d.', (_inputs, outputs) =>
    withIndices(outputs),
  ),
} satisfies Record<string, Operator>;
