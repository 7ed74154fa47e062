/** Windows that slide over spatial axes: what convolutions, pools and resizing share. */
import { add, ceilDivide, type Dim, floorDivide, isUnknown, maximum, minimum, multiply, ONE, subtract, ZERO } from '../dim/index';
import { isGiven, listOf, readNumbers, readText, sizeOf } from './attributes';
import { padded, transpose } from './kernels';
import type { Attributes, BoundAttributes, Demand, OperandAxis, RuleContext, Runtime, Tensor, TensorType, Tfjs } from './operator';
import { mustBeAtMost, sizeAt } from './rules';

/** Where the batch, the channels and the spatial axes of an operand stand; without a batch there is one axis less. */
export interface Layout {
  readonly batched: boolean;
  readonly channel: number;
  readonly spatial: readonly number[];
}

/** The layout of a tensor with so many spatial axes, or undefined where its rank does not fit. */
export function layoutOf(rank: number, spatialRank: number, attributes: Attributes): Layout | undefined {
  const batched = rank === spatialRank + 2;
  if (!batched && rank !== spatialRank + 1) return undefined;
  const first = batched ? 1 : 0;
  const channelsFirst = readText(attributes, 'dataFormat', 'channelsLast') === 'channelsFirst';
  const from = channelsFirst ? first + 1 : first;
  return { batched, channel: channelsFirst ? first : rank - 1, spatial: Array.from({ length: spatialRank }, (_, at) => from + at) };
}

/** A tensor's sizes with the channels and the spatial sizes replaced. */
export function withSpatial(shape: readonly Dim[], layout: Layout, channels: Dim, spatial: readonly Dim[]): Dim[] {
  return shape.map((size, axis) => (axis === layout.channel ? channels : (spatial[layout.spatial.indexOf(axis)] ?? size)));
}

/** A setting with one number for each spatial axis, or one for all. */
export function perAxis(attributes: Attributes, name: string, spatialRank: number, fallback = 1): number[] {
  const given = readNumbers(attributes, name) ?? [fallback];
  return Array.from({ length: spatialRank }, (_, at) => given[given.length === 1 ? 0 : at] ?? fallback);
}

/** The same for sizes. */
export function sizesPerAxis(attributes: Attributes, name: string, spatialRank: number): Dim[] {
  const given = listOf(attributes[name]).map(sizeOf);
  return Array.from({ length: spatialRank }, (_, at) => given[given.length === 1 ? 0 : at] ?? ONE);
}

/** Padding as it is written: a word, or sizes before and after each spatial axis; `uniform` where one number was given. */
export type Padding =
  | { readonly kind: 'same' }
  | { readonly kind: 'valid' }
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [Dim, Dim])[]; readonly uniform: boolean };

/** Reads the padding. */
export function readPadding(attributes: Attributes, spatialRank: number): Padding {
  const value = attributes.padding;
  if (value === 'same') return { kind: 'same' };
  if (value === 'valid') return { kind: 'valid' };
  if (!isGiven(attributes, 'padding')) return { kind: 'valid' };
  const given = listOf(value).map((item) => (Array.isArray(item) ? item.map(sizeOf) : [sizeOf(item), sizeOf(item)]));
  const pairs = Array.from({ length: spatialRank }, (_, at): [Dim, Dim] => {
    const pair = given[given.length === 1 ? 0 : at];
    return [pair?.[0] ?? ZERO, pair?.[1] ?? ZERO];
  });
  return { kind: 'pairs', pairs, uniform: !Array.isArray(value) };
}

/** How far a window reaches: its holes included. */
export const reach = (window: Dim, dilation: Dim): Dim => add(multiply(subtract(window, ONE), dilation), ONE);

/** One sliding window: how many places it has along an axis. */
export interface Slide {
  readonly size: Dim;
  readonly window: Dim;
  readonly stride: Dim;
  readonly dilation: Dim;
  readonly before: Dim;
  readonly after: Dim;
}

/** floor((n + pads - reach) / stride) + 1; with `ceil`, one more place where it still starts inside the axis or its first padding. */
export function places({ size, window, stride, dilation, before, after }: Slide, ceil = false): Dim {
  const span = subtract(add(add(size, before), after), reach(window, dilation));
  if (!ceil) return add(floorDivide(span, stride), ONE);
  const starting = floorDivide(subtract(add(size, before), ONE), stride);
  return add(minimum(ceilDivide(span, stride), starting), ONE);
}

/** What slides where: read from the attributes of a convolution or a pool. */
export interface Sliding {
  readonly windows: readonly Dim[];
  readonly strides: readonly Dim[];
  readonly dilations: readonly Dim[];
  readonly padding: Padding;
  readonly ceil: boolean;
}

/**
 * The spatial sizes after sliding. Of one number as padding tfjs reads window and stride of the first axis alone,
 * for one and two spatial axes: its sizes are as it computes them.
 */
export function slide(
  x: TensorType,
  layout: Layout,
  sliding: Sliding,
  context: RuleContext,
  at: (axis: number) => readonly OperandAxis[],
): { sizes: Dim[]; demands: Demand[] } {
  const demands: Demand[] = [];
  const firstAlone = usesFirstAxisAlone(sliding.padding, layout.spatial.length, context.runtime);
  const sizes = layout.spatial.map((axis, index) => {
    const size = sizeAt(x.shape, axis);
    if (sliding.padding.kind === 'same') return ceilDivide(size, sliding.strides[index] ?? ONE);
    const [before, after] = sliding.padding.kind === 'pairs' ? (sliding.padding.pairs[index] ?? [ZERO, ZERO]) : [ZERO, ZERO];
    if (readsNoWindow(sliding.padding, layout.spatial.length, context.runtime)) return size;
    const from = firstAlone ? 0 : index;
    const one: Slide = {
      size,
      window: sliding.windows[from] ?? ONE,
      stride: sliding.strides[from] ?? ONE,
      dilation: sliding.dilations[from] ?? ONE,
      before,
      after,
    };
    demands.push(...mustBeAtMost(reach(one.window, one.dilation), add(add(size, before), after), 'window', at(axis)));
    return places(one, sliding.ceil);
  });
  return { sizes, demands };
}

/** See `slide`. */
export const usesFirstAxisAlone = (padding: Padding, spatialRank: number, runtime: Runtime): boolean =>
  runtime === 'tfjs' && padding.kind === 'pairs' && padding.uniform && spatialRank === 2;

/**
 * tfjs runs one spatial axis as the second of two, so that a number as padding meets the window of the first, which is 1:
 * 0 leaves every size as it is, and any other number fails.
 */
export const readsNoWindow = (padding: Padding, spatialRank: number, runtime: Runtime): boolean =>
  runtime === 'tfjs' && padding.kind === 'pairs' && padding.uniform && spatialRank === 1;

/** The tensor as [batch, spatial…, channels]. */
export function toChannelsLast(tf: Tfjs, x: Tensor, layout: Layout): Tensor {
  const moved = layout.channel === x.rank - 1 ? x : transpose(tf, x, [...(layout.batched ? [0] : []), ...layout.spatial, layout.channel]);
  return layout.batched ? moved : tf.expandDims(moved, 0);
}

/** Back from [batch, spatial…, channels] to the layout. */
export function fromChannelsLast(tf: Tfjs, x: Tensor, layout: Layout): Tensor {
  const spatial = layout.spatial.map((_, at) => at + 1);
  const channelsFirst = layout.channel < (layout.spatial[0] ?? 0);
  const moved = channelsFirst ? transpose(tf, x, [0, x.rank - 1, ...spatial]) : x;
  return layout.batched ? moved : tf.squeeze(moved, [0]);
}

/** Padding in numbers, of bound attributes. */
export function paddingPairs(attributes: BoundAttributes, spatialRank: number): [number, number][] | undefined {
  const value = attributes.padding;
  if (typeof value === 'string') return value === 'valid' ? Array.from({ length: spatialRank }, () => [0, 0]) : undefined;
  const given = listOf(value).map((item): [number, number] => (Array.isArray(item) ? [Number(item[0]), Number(item[1])] : [Number(item), Number(item)]));
  return Array.from({ length: spatialRank }, (_, at) => given[given.length === 1 ? 0 : at] ?? [0, 0]);
}

/** Pads the spatial axes of [batch, spatial…, channels]. */
export function padSpatial(tf: Tfjs, x: Tensor, pairs: readonly (readonly [number, number])[], value = 0): Tensor {
  if (pairs.every(([before, after]) => before === 0 && after === 0)) return x;
  return padded(tf, x, [[0, 0], ...pairs, [0, 0]], value);
}

/** The size that is not negative. */
export const atLeastZero = (size: Dim): Dim => (isUnknown(size) ? size : maximum(size, ZERO));
