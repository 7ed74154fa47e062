/** Samples of convolutions, pools and resizing. */
import * as fc from 'fast-check';
import { constant, realOf } from '../../../src/dim/index';
import type { convolutions } from '../../../src/ops/conv';
import type { widening } from '../../../src/ops/convTranspose';
import type { BoundAttributes, Runtime, Tensor, Tfjs } from '../../../src/ops/operator';
import type { pools } from '../../../src/ops/pool';
import type { resizing } from '../../../src/ops/resize';
import { type Case, casesBy, type Draw, oneOf, type Sample, small } from '../sample';

const volume = (shape: readonly number[]): number => shape.reduce((all, length) => all * length, 1);
const between = (min: number, max: number) => fc.integer({ min, max });
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

// ---- what a case is made of ----

/** Windows with strides and dilations that the runtime allows, and sizes that they fit into. */
function drawSliding(draw: Draw, rank: number, runtime: Runtime, dilates = true) {
  const windows = times(rank, () => draw(between(1, 3)));
  const strides = times(rank, () => draw(oneOf(1, 1, 2, 3)));
  const mayDilate = dilates && (runtime === 'torch' || strides.every((stride) => stride === 1));
  const dilations = times(rank, () => (mayDilate ? draw(oneOf(1, 1, 2)) : 1));
  const reach = Math.max(...windows.map((window, at) => (window - 1) * (dilations[at] ?? 1) + 1));
  return { windows, strides, dilations, spatial: times(rank, () => reach + draw(between(0, 3))) };
}

function drawPadding(draw: Draw, rank: number, runtime: Runtime, strides: readonly number[], most = 2): string | number | number[][] {
  const pairs = times(rank, () => [draw(between(0, most)), draw(between(0, most))]);
  const same = runtime === 'tfjs' || strides.every((stride) => stride === 1) ? 'same' : 'valid';
  const number = runtime === 'tfjs' && rank === 1 ? 0 : draw(between(0, most));
  return draw(fc.constantFrom<string | number | number[][]>(same, 'valid', number, pairs));
}

/** [batch, spatial…, channels] as the format has it, the batch left out at will. */
function laidOut(draw: Draw, spatial: readonly number[], channels: number, dataFormat: string): number[] {
  const batch = draw(fc.boolean()) ? [draw(between(1, 3))] : [];
  return dataFormat === 'channelsFirst' ? [...batch, channels, ...spatial] : [...batch, ...spatial, channels];
}

const drawFormat = (draw: Draw): string => draw(oneOf('channelsLast', 'channelsLast', 'channelsFirst'));
const drawRuntime = (draw: Draw): Runtime => draw(oneOf('tfjs', 'torch'));

// ---- references ----

const list = (value: unknown, rank: number, fallback = 1): number[] =>
  times(rank, (at) => Number(Array.isArray(value) ? ((value.length === 1 ? value[0] : value[at]) ?? fallback) : (value ?? fallback)));

/** Moves between a layout and [batch, spatial…, channels]. */
function channelsLast(tf: Tfjs, x: Tensor, rank: number, { dataFormat }: BoundAttributes): { x: Tensor; back(made: Tensor): Tensor } {
  if (x.rank !== rank + 1 && x.rank !== rank + 2) throw new Error(`rank ${x.rank} for ${rank} spatial axes`);
  const batched = x.rank === rank + 2;
  const whole = batched ? x : tf.expandDims(x, 0);
  const spatial = times(rank, (at) => at + 1);
  const first = dataFormat === 'channelsFirst';
  const back = (made: Tensor): Tensor => {
    const moved = first ? tf.transpose(made, [0, rank + 1, ...spatial]) : made;
    return batched ? moved : tf.squeeze(moved, [0]);
  };
  return { x: first ? tf.transpose(whole, [0, ...spatial.map((axis) => axis + 1), 1]) : whole, back };
}

/** Padding of each side, in numbers. */
function sides(spatial: readonly number[], windows: readonly number[], { strides, dilations, padding }: BoundAttributes): number[][] {
  const rank = spatial.length;
  if (padding === 'same') {
    return spatial.map((size, at) => {
      const stride = list(strides, rank)[at] ?? 1;
      return halves((Math.ceil(size / stride) - 1) * stride + ((windows[at] ?? 1) - 1) * (list(dilations, rank)[at] ?? 1) + 1 - size, rank);
    });
  }
  return times(rank, (at) => (Array.isArray(padding) ? (padding[at] as number[]) : typeof padding === 'number' ? [padding, padding] : [0, 0]));
}

/** Padding 'same', the odd one at the end; over three axes tfjs lets it be negative, where a window steps beyond itself. */
function halves(lacking: number, rank: number): number[] {
  const total = rank === 3 ? lacking : Math.max(0, lacking);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** All places of a grid. */
const grid = (lengths: readonly number[]): number[][] =>
  lengths.reduce<number[][]>((places, length) => places.flatMap((place) => times(length, (at) => [...place, at])), [[]]);

const offset = (place: readonly number[], shape: readonly number[]): number => place.reduce((sum, at, axis) => sum * (shape[axis] ?? 1) + at, 0);

/** Convolution by its definition, of [batch, spatial…, in] and [k…, in / groups, out]. */
function convByDefinition(tf: Tfjs, x: Tensor, filter: Tensor, attributes: BoundAttributes): Tensor {
  const rank = filter.rank - 2;
  const [windows, spatial] = [filter.shape.slice(0, rank), x.shape.slice(1, -1)];
  const [strides, dilations, groups] = [list(attributes.strides, rank), list(attributes.dilations, rank), Number(attributes.groups ?? 1)];
  const pads = sides(spatial, windows, attributes);
  const counts = spatial.map(
    (size, at) =>
      Math.floor((size + (pads[at]?.[0] ?? 0) + (pads[at]?.[1] ?? 0) - ((windows[at] ?? 1) - 1) * (dilations[at] ?? 1) - 1) / (strides[at] ?? 1)) + 1,
  );
  const [inner, outer] = [filter.shape[rank] ?? 1, filter.shape[rank + 1] ?? 1];
  const shape = [x.shape[0] ?? 1, ...counts, outer];
  const [data, weights] = [x.dataSync(), filter.dataSync()];
  const made = grid(shape).map((place) => {
    const [batch = 0, ...rest] = place;
    const channel = rest.pop() ?? 0;
    const group = Math.floor(channel / (outer / groups));
    return grid([...windows, inner]).reduce((sum, tap) => {
      const at = rest.map((step, axis) => step * (strides[axis] ?? 1) + (tap[axis] ?? 0) * (dilations[axis] ?? 1) - (pads[axis]?.[0] ?? 0));
      if (at.some((position, axis) => position < 0 || position >= (spatial[axis] ?? 0))) return sum;
      return sum + Number(data[offset([batch, ...at, group * inner + (tap[rank] ?? 0)], x.shape)]) * Number(weights[offset([...tap, channel], filter.shape)]);
    }, 0);
  });
  return tf.tensor(made, shape);
}

/** The filter of torch's format in tfjs's. */
const standard = (tf: Tfjs, filter: Tensor, { filterFormat }: BoundAttributes): Tensor =>
  filterFormat === 'OIHW' ? tf.transpose(filter, [...times(filter.rank - 2, (at) => at + 2), 1, 0]) : filter;

/** tfjs makes tensors without elements where a window does not fit: for us, a failure. */
function solid(x: Tensor): Tensor {
  if (x.shape.some((length) => length < 1)) throw new Error(`no elements in [${x.shape}]`);
  return x;
}

/** A layer's bias has the length of its filters: to add it is what layers do. */
function biased(tf: Tfjs, x: Tensor, bias: Tensor | undefined): Tensor {
  if (bias === undefined) return x;
  if (bias.rank !== 1 || bias.shape[0] !== x.shape.at(-1)) throw new Error('bias');
  return tf.add(x, bias);
}

type Steps = [number, number, number];

/** tfjs's convolutions; pairs as padding are padded beforehand. */
function convByApi(tf: Tfjs, [given, filter, bias]: readonly Tensor[], attributes: BoundAttributes, depthwise = false): Tensor {
  if (given === undefined || filter === undefined) throw new Error('operands');
  const rank = filter.rank - 2;
  if (rank < 1) throw new Error('rank of the filter');
  const { x, back } = channelsLast(tf, given, rank, attributes);
  const weights = standard(tf, filter, attributes);
  const [strides, dilations] = [list(attributes.strides, rank) as Steps, list(attributes.dilations, rank) as Steps];
  const written = attributes.padding;
  const pairs = Array.isArray(written) ? times(rank, (at) => (written[at] ?? [0, 0]) as [number, number]) : undefined;
  const padded = pairs === undefined ? x : tf.pad(x, [[0, 0], ...pairs, [0, 0]] as [number, number][]);
  const padding = pairs === undefined ? (attributes.padding as 'same' | 'valid' | number) : 'valid';
  const run = (): Tensor => {
    if (depthwise && rank === 1) return depthwiseAsRow(tf, padded, weights, strides, dilations, padding);
    if (depthwise) return tf.depthwiseConv2d(padded as never, weights as never, strides as never, padding, 'NHWC', dilations as never);
    if (rank === 1) return tf.conv1d(padded as never, weights as never, strides[0], padding, 'NWC', dilations[0]);
    if (rank === 2) return tf.conv2d(padded as never, weights as never, strides as never, padding, 'NHWC', dilations as never);
    return tf.conv3d(padded as never, weights as never, strides, padding as 'valid', 'NDHWC', dilations);
  };
  return back(biased(tf, solid(run()), bias));
}

/** What tfjs's one-axis convolutions do, for depthwise ones, which it has not. */
function depthwiseAsRow(
  tf: Tfjs,
  x: Tensor,
  filter: Tensor,
  strides: readonly number[],
  dilations: readonly number[],
  padding: 'same' | 'valid' | number,
): Tensor {
  const made = tf.depthwiseConv2d(tf.expandDims(x, 1) as never, tf.expandDims(filter, 0) as never, [1, strides[0] ?? 1], padding, 'NHWC', [
    1,
    dilations[0] ?? 1,
  ]);
  return tf.squeeze(made, [1]);
}

// ---- convolutions ----

function convCase(draw: Draw): Case {
  const [rank, runtime, dataFormat] = [draw(oneOf(1, 2, 2, 3)), drawRuntime(draw), drawFormat(draw)];
  const { windows, strides, dilations, spatial } = drawSliding(draw, rank, runtime);
  const groups = runtime === 'torch' ? draw(oneOf(1, 1, 2, 3)) : 1;
  const [inner, outer] = [draw(between(1, 3)), groups * draw(between(1, 3))];
  const filterFormat = draw(oneOf('HWIO', 'OIHW'));
  const filter = filterFormat === 'HWIO' ? [...windows, inner, outer] : [outer, inner, ...windows];
  const bias = draw(fc.boolean()) ? [{ shape: [outer] }] : [];
  const padding = drawPadding(draw, rank, runtime, strides);
  return {
    inputs: [{ shape: laidOut(draw, spatial, inner * groups, dataFormat) }, { shape: filter }, ...bias],
    attributes: { strides, dilations, padding, dataFormat, filterFormat, groups },
    runtime,
  };
}

/** The definition, where tfjs keeps to it: not for one number as padding. */
function convReference(tf: Tfjs, [given, filter, bias]: readonly Tensor[], attributes: BoundAttributes, { runtime }: Case): Tensor | undefined {
  if (given === undefined || filter === undefined) return undefined;
  if (runtime === 'tfjs' && typeof attributes.padding === 'number') return undefined;
  const { x, back } = channelsLast(tf, given, filter.rank - 2, attributes);
  return back(biased(tf, convByDefinition(tf, x, standard(tf, filter, attributes), attributes), bias));
}

export const convolutionSamples: Record<keyof typeof convolutions, Sample> = {
  conv: {
    cases: casesBy(convCase),
    api: (tf, inputs, attributes) => convByApi(tf, inputs, attributes),
    reference: convReference,
    macs: ([, filter = []], [out = []], { filterFormat }) =>
      volume(out) * (volume(filter) / (filterFormat === 'OIHW' ? (filter[0] ?? 1) : (filter.at(-1) ?? 1))),
    wrong: [
      { inputs: [{ shape: [1, 8, 8, 2] }, { shape: [3, 3, 2, 4] }], attributes: { strides: [2, 1], dilations: [2, 2], padding: 'same' } },
      { inputs: [{ shape: [1, 8, 2] }, { shape: [3, 2, 4] }], attributes: { strides: [1], padding: 1 } },
      { inputs: [{ shape: [1, 8, 8, 2], dtype: 'int32' }, { shape: [3, 3, 2, 4] }], attributes: { strides: [1, 1], padding: 'same' } },
      {
        inputs: [{ shape: [1, 6, 8, 8] }, { shape: [5, 3, 3, 3] }],
        attributes: { groups: 2, dataFormat: 'channelsFirst', filterFormat: 'OIHW' },
        runtime: 'torch',
      },
      {
        inputs: [{ shape: [1, 2, 8, 8] }, { shape: [4, 2, 3, 3] }],
        attributes: { strides: 2, padding: 'same', dataFormat: 'channelsFirst', filterFormat: 'OIHW' },
        runtime: 'torch',
      },
    ],
  },
  depthwiseConv: {
    cases: casesBy((draw) => {
      const [rank, runtime, dataFormat] = [draw(oneOf(1, 2)), drawRuntime(draw), drawFormat(draw)];
      const { windows, strides, dilations, spatial } = drawSliding(draw, rank, runtime);
      const [channels, multiplier] = [draw(between(1, 3)), draw(between(1, 3))];
      const padding = drawPadding(draw, rank, runtime, strides);
      const bias = draw(fc.boolean()) ? [{ shape: [channels * multiplier] }] : [];
      return {
        inputs: [{ shape: laidOut(draw, spatial, channels, dataFormat) }, { shape: [...windows, channels, multiplier] }, ...bias],
        attributes: { strides, dilations, padding, dataFormat },
        runtime,
      };
    }),
    api: (tf, inputs, attributes) => convByApi(tf, inputs, attributes, true),
    reference: (tf, [x, filter, bias], attributes, given) => {
      if (x === undefined || filter === undefined) return undefined;
      const [inner = 1, multiplier = 1] = filter.shape.slice(-2);
      const grouped = tf.reshape(filter, [...filter.shape.slice(0, -2), 1, inner * multiplier]);
      return convReference(tf, bias === undefined ? [x, grouped] : [x, grouped, bias], { ...attributes, groups: inner }, given);
    },
    macs: ([, filter = []], [out = []]) => volume(out) * volume(filter.slice(0, -2)),
  },
};

// ---- transposed convolution ----

/** By its definition: every place of the operand adds its filter to the output. */
function transposedByDefinition(tf: Tfjs, x: Tensor, filter: Tensor, attributes: BoundAttributes): Tensor {
  const rank = filter.rank - 2;
  const [outer = 1, inner = 1] = filter.shape.slice(-2);
  const groups = Number(attributes.groups ?? 1);
  const [strides, dilations, extra, windows] = [
    list(attributes.strides, rank),
    list(attributes.dilations, rank),
    list(attributes.outputPadding, rank, 0),
    filter.shape.slice(0, rank),
  ];
  const spans = windows.map((window, at) => (window - 1) * (dilations[at] ?? 1) + 1);
  const spatial = x.shape.slice(1, -1);
  const pads = spatial.map((_, at): number[] => {
    if (attributes.padding !== 'same') return sides(spatial, windows, attributes)[at] ?? [0, 0];
    return halves((spans[at] ?? 1) - (strides[at] ?? 1), rank);
  });
  const sizes = spatial.map((size, at) => {
    if (attributes.padding === 'same') return size * (strides[at] ?? 1);
    const covered = attributes.padding === 'valid' ? Math.max(spans[at] ?? 1, strides[at] ?? 1) : (spans[at] ?? 1);
    return (size - 1) * (strides[at] ?? 1) + covered - (pads[at]?.[0] ?? 0) - (pads[at]?.[1] ?? 0) + (extra[at] ?? 0);
  });
  const shape = [x.shape[0] ?? 1, ...sizes, outer * groups];
  const made = new Float32Array(volume(shape));
  const [data, weights] = [x.dataSync(), filter.dataSync()];
  for (const place of grid(x.shape)) {
    const [batch = 0, ...rest] = place;
    const channel = rest.pop() ?? 0;
    const group = Math.floor(channel / (inner / groups));
    for (const tap of grid([...windows, outer])) {
      const at = rest.map((step, axis) => step * (strides[axis] ?? 1) + (tap[axis] ?? 0) * (dilations[axis] ?? 1) - (pads[axis]?.[0] ?? 0));
      if (at.some((position, axis) => position < 0 || position >= (sizes[axis] ?? 0))) continue;
      const cell = offset([batch, ...at, group * outer + (tap[rank] ?? 0)], shape);
      made[cell] = (made[cell] ?? 0) + Number(data[offset(place, x.shape)]) * Number(weights[offset([...tap, channel], filter.shape)]);
    }
  }
  return tf.tensor(made, shape);
}

export const wideningSamples: Record<keyof typeof widening, Sample> = {
  convTranspose: {
    cases: casesBy((draw) => {
      const [rank, runtime, dataFormat] = [draw(oneOf(1, 2, 2, 3)), drawRuntime(draw), drawFormat(draw)];
      const windows = times(rank, () => draw(between(1, 3)));
      const strides = times(rank, () => draw(between(1, 3)));
      const spatial = times(rank, () => draw(between(2, 4)));
      const torch = runtime === 'torch';
      const groups = torch ? draw(oneOf(1, 1, 2)) : 1;
      const [inner, outer] = [draw(between(1, 2)) * groups, draw(between(1, 3))];
      const dilations = times(rank, () => (torch ? draw(oneOf(1, 1, 2)) : 1));
      const reached = Math.min(...windows.map((window, at) => (window - 1) * (dilations[at] ?? 1) + 1));
      const padding = torch ? draw(between(0, Math.min(1, reached - 1))) : draw(oneOf('same', 'valid'));
      const outputPadding = times(rank, (at) => (torch ? draw(between(0, Math.max(strides[at] ?? 1, dilations[at] ?? 1) - 1)) : 0));
      const filter = torch ? [inner, outer, ...windows] : [...windows, outer, inner];
      const bias = draw(fc.boolean()) ? [{ shape: [outer * groups] }] : [];
      return {
        inputs: [{ shape: laidOut(draw, spatial, inner, dataFormat) }, { shape: filter }, ...bias],
        attributes: { strides, padding, dilations, outputPadding, dataFormat, groups, filterFormat: torch ? 'OIHW' : 'HWIO' },
        runtime,
      };
    }),
    reference: (tf, [given, filter, bias], attributes) => {
      if (given === undefined || filter === undefined) return undefined;
      const rank = filter.rank - 2;
      const { x, back } = channelsLast(tf, given, rank, attributes);
      const weights = attributes.filterFormat === 'OIHW' ? tf.transpose(filter, [...times(rank, (at) => at + 2), 1, 0]) : filter;
      return back(biased(tf, transposedByDefinition(tf, x, weights, attributes), bias));
    },
    macs: ([x = [], filter = []], _outputs, { filterFormat }) =>
      (volume(x) * volume(filter)) / (filterFormat === 'OIHW' ? (filter[0] ?? 1) : (filter.at(-1) ?? 1)),
    wrong: [
      { inputs: [{ shape: [1, 3, 3, 2] }, { shape: [3, 3, 4, 5] }], attributes: { strides: [2, 2], padding: 'same' } },
      { inputs: [{ shape: [1, 3, 3, 2] }, { shape: [3, 3, 4, 2] }], attributes: { strides: [2, 2], padding: 'same', outputShape: [1, 6, 6, 3] } },
    ],
  },
};

// ---- pools ----

/** tfjs's pools over two and three axes, where it has them. */
const poolByApi =
  (kind: 'max' | 'avg'): NonNullable<Sample['api']> =>
  (tf, [given], attributes) => {
    if (given === undefined) throw new Error('operands');
    const rank = (attributes.window as number[]).length;
    const { x, back } = channelsLast(tf, given, rank, attributes);
    const [window, strides, padding] = [
      list(attributes.window, rank) as Steps,
      list(attributes.strides, rank) as Steps,
      attributes.padding as 'same' | 'valid' | number,
    ];
    if (rank === 1) {
      const wide = (kind === 'max' ? tf.maxPool : tf.avgPool)(tf.expandDims(x, 2) as never, [window[0], 1], [strides[0], 1], padding);
      return back(solid(tf.squeeze(wide, [2])));
    }
    if (rank === 3) return back(solid((kind === 'max' ? tf.maxPool3d : tf.avgPool3d)(x as never, window, strides, padding)));
    const pairs = Array.isArray(padding) ? ([[0, 0], ...padding, [0, 0]] as never) : padding;
    const plain = list(attributes.dilations, rank).every((dilation) => dilation === 1);
    const run = kind === 'max' ? tf.maxPool : tf.avgPool;
    if (plain) return back(solid(run(x as never, window as never, strides as never, pairs)));
    return back(solid(tf.pool(x as never, window as never, kind, padding as 'same', attributes.dilations as never, strides as never)));
  };

/** A pool by its definition, as torch counts; places that start beyond the axis and its first padding do not exist. */
const poolByDefinition =
  (kind: 'max' | 'avg'): NonNullable<Sample['reference']> =>
  (tf, [given], attributes, { runtime }) => {
    if (given === undefined || (runtime === 'tfjs' && typeof attributes.padding === 'number')) return undefined;
    const window = attributes.window as number[];
    const rank = window.length;
    const { x, back } = channelsLast(tf, given, rank, attributes);
    const spatial = x.shape.slice(1, -1);
    const [strides, dilations, pads] = [list(attributes.strides ?? window, rank), list(attributes.dilations, rank), sides(spatial, window, attributes)];
    const counts = spatial.map((size, at) => {
      const [before = 0, after = 0] = pads[at] ?? [];
      const stride = strides[at] ?? 1;
      const span = size + before + after - ((window[at] ?? 1) - 1) * (dilations[at] ?? 1) - 1;
      const count = (attributes.ceilMode === true ? Math.ceil(span / stride) : Math.floor(span / stride)) + 1;
      return (count - 1) * stride >= size + before ? count - 1 : count;
    });
    const shape = [x.shape[0] ?? 1, ...counts, x.shape.at(-1) ?? 1];
    const data = x.dataSync();
    const made = grid(shape).map((place) => {
      const [batch = 0, ...rest] = place;
      const channel = rest.pop() ?? 0;
      const taps = grid(window).map((tap) =>
        rest.map((step, axis) => step * (strides[axis] ?? 1) + (tap[axis] ?? 0) * (dilations[axis] ?? 1) - (pads[axis]?.[0] ?? 0)),
      );
      const inside = taps.filter((tap) => tap.every((at, axis) => at >= 0 && at < (spatial[axis] ?? 0)));
      const counted =
        attributes.countIncludePad === true ? taps.filter((tap) => tap.every((at, axis) => at < (spatial[axis] ?? 0) + (pads[axis]?.[1] ?? 0))) : inside;
      const values = inside.map((tap) => Number(data[offset([batch, ...tap, channel], x.shape)]));
      return kind === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / counted.length;
    });
    return back(tf.tensor(made, shape));
  };

const poolCases = (kind: 'max' | 'avg', only?: Runtime) =>
  casesBy((draw) => {
    const [rank, runtime, dataFormat] = [draw(oneOf(1, 2, 2, 3)), only ?? drawRuntime(draw), drawFormat(draw)];
    const torch = runtime === 'torch';
    const { windows, strides, dilations, spatial } = drawSliding(draw, rank, runtime, torch && kind === 'max');
    const half = Math.floor(Math.min(...windows) / 2);
    const padding = torch ? draw(between(0, half)) : drawPoolPadding(draw, rank, half);
    return {
      inputs: [
        { shape: laidOut(draw, spatial, draw(between(1, 3)), dataFormat), dtype: kind === 'max' ? draw(oneOf('float32', 'float32', 'int32')) : 'float32' },
      ],
      attributes: {
        window: windows,
        strides,
        dilations,
        padding,
        dataFormat,
        ceilMode: torch && draw(fc.boolean()),
        countIncludePad: torch && draw(fc.boolean()),
      },
      runtime,
    };
  });

/** tfjs's layers know words alone; its functions of two axes take pairs and numbers too. */
function drawPoolPadding(draw: Draw, rank: number, half: number): 'same' | 'valid' | number | number[][] {
  const pairs = times(rank, () => [draw(between(0, half)), draw(between(0, half))]);
  return rank === 2 ? draw(fc.constantFrom<'same' | 'valid' | number | number[][]>('same', 'valid', half, pairs)) : draw(oneOf('same', 'valid'));
}

const poolWrong: Case[] = [
  { inputs: [{ shape: [1, 2, 2, 3] }], attributes: { window: [3, 3], strides: [1, 1], padding: 'valid' } },
  { inputs: [{ shape: [4, 3] }], attributes: { window: [2, 2], strides: [1, 1], padding: 'valid' } },
];

const adaptiveSample = (kind: 'max' | 'avg'): Sample => ({
  cases: casesBy((draw) => {
    const [rank, dataFormat] = [draw(between(1, 3)), drawFormat(draw)];
    const spatial = times(rank, () => draw(between(1, 6)));
    const asked = spatial.map((length) => draw(fc.constantFrom<number | null>(null, 1, length, draw(between(1, 6)))));
    return { inputs: [{ shape: laidOut(draw, spatial, draw(small), dataFormat) }], attributes: { size: asked, dataFormat }, runtime: drawRuntime(draw) };
  }),
  reference: (tf, [given], attributes) => {
    if (given === undefined) return undefined;
    const asked = attributes.size as (number | null)[];
    const { x, back } = channelsLast(tf, given, asked.length, attributes);
    const spatial = x.shape.slice(1, -1);
    const sizes = asked.map((bins, at) => bins ?? spatial[at] ?? 1);
    const shape = [x.shape[0] ?? 1, ...sizes, x.shape.at(-1) ?? 1];
    const data = x.dataSync();
    const made = grid(shape).map((place) => {
      const [batch = 0, ...rest] = place;
      const channel = rest.pop() ?? 0;
      const bins = rest.map((at, axis) => {
        const [size, count] = [spatial[axis] ?? 1, sizes[axis] ?? 1];
        const from = Math.floor((at * size) / count);
        return times(Math.ceil(((at + 1) * size) / count) - from, (step) => from + step);
      });
      const taps = bins.reduce<number[][]>((all, bin) => all.flatMap((tap) => bin.map((at) => [...tap, at])), [[]]);
      const values = taps.map((tap) => Number(data[offset([batch, ...tap, channel], x.shape)]));
      return kind === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0) / values.length;
    });
    return back(tf.tensor(made, shape));
  },
  wrong: [{ inputs: [{ shape: [3] }], attributes: { size: [1, 1] } }],
});

export const poolSamples: Record<keyof typeof pools, Sample> = {
  maxPool: { cases: poolCases('max'), api: poolByApi('max'), reference: poolByDefinition('max'), wrong: poolWrong },
  maxPoolPlaces: { cases: poolCases('max', 'torch'), wrong: poolWrong },
  avgPool: {
    cases: poolCases('avg'),
    api: poolByApi('avg'),
    reference: poolByDefinition('avg'),
    wrong: [...poolWrong, { inputs: [{ shape: [1, 4, 4, 3], dtype: 'int32' }], attributes: { window: [2, 2], strides: [1, 1], padding: 'valid' } }],
  },
  adaptiveAvgPool: adaptiveSample('avg'),
  adaptiveMaxPool: adaptiveSample('max'),
};

// ---- resizing ----

const resizeByApi =
  (sizesOf: (spatial: readonly number[], attributes: BoundAttributes) => number[]): NonNullable<Sample['reference']> =>
  (tf, [given], attributes) => {
    const asked = (attributes.size ?? attributes.factors) as number[];
    if (given === undefined || asked.length !== 2) return undefined;
    const { x, back } = channelsLast(tf, given, 2, attributes);
    const run = attributes.method === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
    return back(
      run(x as never, sizesOf(x.shape.slice(1, -1), attributes) as [number, number], attributes.alignCorners === true, attributes.halfPixelCenters === true),
    );
  };

const resizeCase = (draw: Draw, setting: 'size' | 'factors'): Case => {
  const [rank, dataFormat, method] = [draw(oneOf(1, 2, 2, 3)), drawFormat(draw), draw(oneOf('nearest', 'bilinear'))];
  const spatial = times(rank, () => draw(small));
  const corners = draw(oneOf('none', 'align', 'half'));
  return {
    inputs: [{ shape: laidOut(draw, spatial, draw(small), dataFormat), dtype: method === 'nearest' ? draw(oneOf('float32', 'int32')) : 'float32' }],
    attributes: {
      [setting]: times(rank, () => realOf(constant(draw(between(1, 6))))),
      method,
      dataFormat,
      alignCorners: corners === 'align',
      halfPixelCenters: corners === 'half',
    },
  };
};

export const resizingSamples: Record<keyof typeof resizing, Sample> = {
  resize: {
    cases: casesBy((draw) => resizeCase(draw, 'size')),
    reference: resizeByApi((_spatial, { size }) => size as number[]),
    wrong: [{ inputs: [{ shape: [2, 2] }], attributes: { size: [4, 4], method: 'nearest' } }],
  },
  upsample: {
    cases: casesBy((draw) => resizeCase(draw, 'factors')),
    reference: resizeByApi((spatial, { factors }) => spatial.map((length, at) => length * ((factors as number[])[at] ?? 1))),
    wrong: [{ inputs: [{ shape: [2, 2] }], attributes: { factors: [2, 2], method: 'nearest' } }],
  },
};
