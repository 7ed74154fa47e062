/** Sliding windows laid out as columns, and added back. */
import { asConstant, constant, type Dim, floorDivide, multiply, ONE, product } from '../dim/index';
import { readSizes } from './attributes';
import { casted, operand, padded, tidied } from './kernels';
import type { Attributes, BoundAttributes, Demand, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustBeAtMost, mustDivide, mustEqual, result, sizeAt } from './rules';
import { paddingPairs, perAxis, places, reach, readPadding, sizesPerAxis } from './windows';

const AXES = 2;

/** How many places a window has along each of two axes, and what must hold for it. */
function placesOf(sizes: readonly Dim[], attributes: Attributes, input: number, axes?: readonly number[]): { counts: Dim[]; demands: Demand[] } {
  const [windows, strides, dilations] = ['window', 'strides', 'dilations'].map((name) => sizesPerAxis(attributes, name, AXES)) as [Dim[], Dim[], Dim[]];
  const padding = readPadding(attributes, AXES);
  const demands: Demand[] = [];
  const counts = sizes.map((size, at) => {
    const [before, after] = padding.kind === 'pairs' ? (padding.pairs[at] ?? [constant(0), constant(0)]) : [constant(0), constant(0)];
    const one = { size, window: windows[at] ?? ONE, stride: strides[at] ?? ONE, dilation: dilations[at] ?? ONE, before, after };
    const axis = axes?.[at];
    const wide = places({ ...one, window: ONE, dilation: ONE, stride: ONE });
    demands.push(...mustBeAtMost(reach(one.window, one.dilation), wide, 'window', [axis === undefined ? { input } : { input, axis }]));
    return places(one);
  });
  return { counts, demands };
}

const windowSize = (attributes: Attributes): Dim => product(sizesPerAxis(attributes, 'window', AXES));

function unfoldShape([x]: readonly TensorType[], attributes: Attributes): ShapeResult {
  if (x === undefined) return failure([], 'argument', { operator: 'unfold', reason: 'an operand is missing' });
  const rank = x.shape.length;
  if (rank !== 3 && rank !== 4) return failure([x], 'rank', { operator: 'unfold', reason: `3 or 4 axes are wanted, ${rank} given` }, [{ input: 0 }]);
  const axes = [rank - 2, rank - 1];
  const { counts, demands } = placesOf(
    axes.map((axis) => sizeAt(x.shape, axis)),
    attributes,
    0,
    axes,
  );
  return result([...x.shape.slice(0, rank - 3), multiply(sizeAt(x.shape, rank - 3), windowSize(attributes)), product(counts)], x.dtype, demands);
}

/** Every place of a window of two axes. */
const taps = ([height = 1, width = 1]: readonly number[]): [number, number][] =>
  Array.from({ length: height * width }, (_, at) => [Math.floor(at / width), at % width]);

interface Grid {
  readonly window: number[];
  readonly strides: number[];
  readonly dilations: number[];
  readonly pads: [number, number][];
}

const gridOf = (attributes: BoundAttributes): Grid => ({
  window: perAxis(attributes, 'window', AXES),
  strides: perAxis(attributes, 'strides', AXES),
  dilations: perAxis(attributes, 'dilations', AXES),
  pads: paddingPairs(attributes, AXES) ?? [],
});

function countsOf(sizes: readonly number[], { window, strides, dilations, pads }: Grid): [number, number] {
  const along = (at: number): number => {
    const [before = 0, after = 0] = pads[at] ?? [];
    return Math.floor(((sizes[at] ?? 1) + before + after - ((window[at] ?? 1) - 1) * (dilations[at] ?? 1) - 1) / (strides[at] ?? 1)) + 1;
  };
  return [along(0), along(1)];
}

function runUnfold(tf: Tfjs, x: Tensor, attributes: BoundAttributes): Tensor {
  const grid = gridOf(attributes);
  const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
  const [rows, columns] = countsOf([height, width], grid);
  const wider = tf.pad(x, [[0, 0], [0, 0], ...grid.pads]);
  const [down, across] = [grid.strides[0] ?? 1, grid.strides[1] ?? 1];
  const parts = taps(grid.window).map(([row, column]) => {
    const [top, left] = [row * (grid.dilations[0] ?? 1), column * (grid.dilations[1] ?? 1)];
    const end = [batch, channels, top + (rows - 1) * down + 1, left + (columns - 1) * across + 1];
    return tf.reshape(tf.stridedSlice(wider, [0, 0, top, left], end, [1, 1, down, across]), [batch, channels, 1, rows * columns]);
  });
  return tf.reshape(tf.concat(parts, 2), [batch, channels * parts.length, rows * columns]);
}

/** With a batch, whether there was one or not. */
const batched = (tf: Tfjs, x: Tensor, rank: number): Tensor => (x.rank === rank ? x : tf.expandDims(x, 0));

const unfold: Operator = {
  name: 'unfold',
  doc: 'Every window of [batch, channels, height, width] as a column: torch.nn.Unfold.',
  shape: unfoldShape,
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const made = runUnfold(tf, batched(tf, x, 4), attributes);
    return x.rank === 4 ? made : tf.squeeze(made, [0]);
  }),
};

function foldShape([x]: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  if (x === undefined) return failure([], 'argument', { operator: 'fold', reason: 'an operand is missing' });
  const rank = x.shape.length;
  if (rank !== 2 && rank !== 3) return failure([x], 'rank', { operator: 'fold', reason: `2 or 3 axes are wanted, ${rank} given` }, [{ input: 0 }]);
  const sizes = readSizes(attributes, 'size');
  const { counts, demands } = placesOf(sizes, attributes, 0);
  const [columns, channels] = [sizeAt(x.shape, rank - 1), sizeAt(x.shape, rank - 2)];
  return result([...x.shape.slice(0, rank - 2), floorDivide(channels, windowSize(attributes)), ...sizes], x.dtype, [
    ...mustDivide(windowSize(attributes), channels, 'split', [{ input: 0, axis: rank - 2 }]),
    ...demands,
    ...mustEqual(columns, product(counts), 'elements', [{ input: 0, axis: rank - 1 }], context),
  ]);
}

/** Zeros between the rows, or the columns, so that neighbours are `step` apart. */
function spread(tf: Tfjs, x: Tensor, axis: 2 | 3, step: number): Tensor {
  if (step === 1) return x;
  const wide = padded(
    tf,
    tf.expandDims(x, axis + 1),
    Array.from({ length: 5 }, (_, at): [number, number] => [0, at === axis + 1 ? step - 1 : 0]),
  );
  const joined = tf.reshape(
    wide,
    x.shape.map((size, at) => (at === axis ? size * step : size)),
  );
  return tf.slice(
    joined,
    [0, 0, 0, 0],
    x.shape.map((size, at) => (at === axis ? (size - 1) * step + 1 : size)),
  );
}

function runFold(tf: Tfjs, x: Tensor, attributes: BoundAttributes): Tensor {
  const grid = gridOf(attributes);
  const [height, width] = readSizes(attributes, 'size').map((size) => asConstant(size) ?? 1) as [number, number];
  const [rows, columns] = countsOf([height, width], grid);
  const places = taps(grid.window);
  const [batch = 1, deep = 1] = x.shape;
  const channels = deep / places.length;
  const [[top = 0, bottom = 0] = [], [left = 0, right = 0] = []] = grid.pads;
  const [tall, broad] = [height + top + bottom, width + left + right];
  const taken = tf.reshape(x, [batch, channels, places.length, rows * columns]);
  const parts = places.map(([row, column], at) => {
    const part = tf.reshape(tf.slice(taken, [0, 0, at, 0], [batch, channels, 1, rows * columns]), [batch, channels, rows, columns]);
    const apart = spread(tf, spread(tf, part, 2, grid.strides[0] ?? 1), 3, grid.strides[1] ?? 1);
    const [down, across] = [row * (grid.dilations[0] ?? 1), column * (grid.dilations[1] ?? 1)];
    return tf.pad(apart, [
      [0, 0],
      [0, 0],
      [down, tall - down - (apart.shape[2] ?? 1)],
      [across, broad - across - (apart.shape[3] ?? 1)],
    ]);
  });
  return tf.slice(tf.addN(parts), [0, 0, top, left], [batch, channels, height, width]);
}

const fold: Operator = {
  name: 'fold',
  doc: 'Columns added back to the places that their windows came from: torch.nn.Fold.',
  shape: foldShape,
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const made = runFold(tf, casted(tf, batched(tf, x, 3), 'float32'), attributes);
    return casted(tf, x.rank === 3 ? made : tf.squeeze(made, [0]), x.dtype);
  }),
};

/** The family, by name. */
export const patches = { unfold, fold } satisfies Record<string, Operator>;
