/** Values read at places that a grid names. */
import { asConstant, type Dim, UNKNOWN } from '../dim/index';
import { readFlag, readSizes, readText } from './attributes';
import { promote } from './dtypes';
import { casted, choose, operand, tidied } from './kernels';
import type { Attributes, BoundAttributes, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustEqual, result, sizeAt } from './rules';

function sampleShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [x, grid] = inputs;
  if (!x || !grid) return failure(inputs.slice(0, 1), 'argument', { operator: 'gridSample', reason: 'an operand is missing' });
  const rank = x.shape.length;
  const shape = [...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)];
  const dtype = promote([x, grid], context.runtime);
  if ((rank !== 4 && rank !== 5) || grid.shape.length !== rank) {
    const wrong = rank !== 4 && rank !== 5 ? 0 : 1;
    const reason = wrong === 0 ? `4 or 5 axes are wanted, ${rank} given` : `${rank} axes are wanted for the grid, ${grid.shape.length} given`;
    return failure([x], 'rank', { operator: 'gridSample', reason }, [{ input: wrong }]);
  }
  if (readText(attributes, 'method', 'bilinear') === 'bicubic' && rank !== 4)
    return failure([{ shape, dtype }], 'argument', { operator: 'gridSample', reason: 'bicubic needs two spatial axes' });
  const last = rank - 1;
  const wanted: Dim = sizeAt([UNKNOWN], 0);
  const coordinates = asConstant(grid.shape[last] ?? wanted);
  if (coordinates !== undefined && coordinates !== rank - 2)
    return failure([{ shape, dtype }], 'argument', { operator: 'gridSample', reason: `the grid's last axis is ${coordinates}, ${rank - 2} is wanted` });
  return result(shape, dtype, [
    ...mustEqual(
      sizeAt(x.shape, 0),
      sizeAt(grid.shape, 0),
      'batch',
      [
        { input: 0, axis: 0 },
        { input: 1, axis: 0 },
      ],
      context,
    ),
  ]);
}

/** One source along an axis: which place, and how much of it. */
interface Tap {
  readonly index: Tensor;
  readonly weight: Tensor;
}

/** From [-1, 1] to places along an axis of so many. */
const toPlaces = (tf: Tfjs, x: Tensor, size: number, align: boolean): Tensor =>
  align ? tf.mul(tf.add(x, 1), (size - 1) / 2) : tf.sub(tf.mul(tf.add(x, 1), size / 2), 0.5);

/** Places beyond the axis thrown back at its ends, or at half a place beyond them. */
function reflected(tf: Tfjs, x: Tensor, size: number, align: boolean): Tensor {
  const [low, span] = align ? [0, size - 1] : [-0.5, size];
  if (span === 0) return tf.zerosLike(x);
  const away = tf.abs(tf.sub(x, low));
  const turned = tf.mod(away, 2 * span);
  return tf.add(tf.minimum(turned, tf.sub(2 * span, turned)), low);
}

/** Places within the axis, as the padding says; 'zeros' leaves them. */
function within(tf: Tfjs, x: Tensor, size: number, attributes: BoundAttributes): Tensor {
  const mode = readText(attributes, 'paddingMode', 'zeros');
  if (mode === 'zeros') return x;
  const inside = mode === 'reflection' ? reflected(tf, x, size, readFlag(attributes, 'alignCorners')) : x;
  return tf.clipByValue(inside, 0, size - 1);
}

const CUBIC = -0.75;

/** Keys' cubic weights of the four places around. */
function cubicTaps(tf: Tfjs, places: Tensor): Tap[] {
  const base = tf.floor(places);
  const t = tf.sub(places, base);
  const near = (d: Tensor): Tensor => tf.add(tf.mul(tf.mul(tf.sub(tf.mul(d, CUBIC + 2), CUBIC + 3), d), d), 1);
  const far = (d: Tensor): Tensor => tf.sub(tf.mul(tf.add(tf.mul(tf.sub(tf.mul(d, CUBIC), 5 * CUBIC), d), 8 * CUBIC), d), 4 * CUBIC);
  return [
    { index: tf.sub(base, 1), weight: far(tf.add(t, 1)) },
    { index: base, weight: near(t) },
    { index: tf.add(base, 1), weight: near(tf.sub(1, t)) },
    { index: tf.add(base, 2), weight: far(tf.sub(2, t)) },
  ];
}

/** The places that a coordinate reads along one axis. */
function tapsOf(tf: Tfjs, coordinate: Tensor, size: number, attributes: BoundAttributes): Tap[] {
  const method = readText(attributes, 'method', 'bilinear');
  const raw = toPlaces(tf, coordinate, size, readFlag(attributes, 'alignCorners'));
  if (method === 'bicubic') return cubicTaps(tf, raw).map(({ index, weight }) => ({ index: within(tf, index, size, attributes), weight }));
  const places = within(tf, raw, size, attributes);
  if (method === 'nearest') return [{ index: tf.round(places), weight: tf.onesLike(places) }];
  const base = tf.floor(places);
  const t = tf.sub(places, base);
  return [
    { index: base, weight: tf.sub(1, t) },
    { index: tf.add(base, 1), weight: t },
  ];
}

/** A tap's weight is nothing where it lies outside; its index is brought inside. */
function inside(tf: Tfjs, { index, weight }: Tap, size: number): Tap {
  const safe = tf.clipByValue(index, 0, size - 1);
  return { index: safe, weight: choose(tf, tf.equal(safe, index), weight, tf.zerosLike(weight)) };
}

function runSample(tf: Tfjs, x: Tensor, grid: Tensor, attributes: BoundAttributes): Tensor {
  const [batch = 1, channels = 1, ...sizes] = x.shape;
  const target = grid.shape.slice(1, -1);
  const count = target.reduce((all, size) => all * size, 1);
  const flat = tf.reshape(grid, [batch, count, sizes.length]);
  const rows = tf.transpose(tf.reshape(x, [batch, channels, -1]), [0, 2, 1]);
  // The grid's coordinates are in reverse: the last axis comes first.
  const taps = sizes.map((size, axis) => {
    const coordinate = tf.squeeze(tf.slice(flat, [0, 0, sizes.length - 1 - axis], [batch, count, 1]), [2]);
    return tapsOf(tf, coordinate, size, attributes).map((tap) => inside(tf, tap, size));
  });
  const combined = taps.reduce<Tap[]>(
    (all, own, axis) =>
      axis === 0
        ? own
        : all.flatMap((before) =>
            own.map((tap) => ({ index: tf.add(tf.mul(before.index, sizes[axis] ?? 1), tap.index), weight: tf.mul(before.weight, tap.weight) })),
          ),
    [],
  );
  const parts = combined.map(({ index, weight }) => tf.mul(tf.gather(rows, casted(tf, index, 'int32'), 1, 1), tf.expandDims(weight, 2)));
  return tf.reshape(tf.transpose(tf.addN(parts), [0, 2, 1]), [batch, channels, ...target]);
}

const gridSample: Operator = {
  name: 'gridSample',
  autocast: 'widest',
  doc: 'Values of [batch, channels, spatial…] read at the places of a grid in [-1, 1]: torch.nn.functional.grid_sample.',
  shape: sampleShape,
  saved: () => ({ inputs: [0, 1] }),
  kernel: tidied((tf, inputs, attributes) => runSample(tf, casted(tf, operand(inputs, 0), 'float32'), casted(tf, operand(inputs, 1), 'float32'), attributes)),
};

function gridShape([theta]: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  if (theta === undefined) return failure([], 'argument', { operator: 'affineGrid', reason: 'an operand is missing' });
  const size = readSizes(attributes, 'size');
  const axes = size.length - 2;
  const shape = [sizeAt(size, 0), ...size.slice(2)];
  const output = { shape: [...shape, ...(theta.shape.slice(1, 2) as Dim[])], dtype: theta.dtype };
  if (axes !== 2 && axes !== 3) return failure([output], 'argument', { operator: 'affineGrid', reason: `a size of ${size.length} axes` });
  const [rows, columns] = [theta.shape[1], theta.shape[2]].map((each) => (each ? asConstant(each) : undefined));
  if (theta.shape.length !== 3 || (rows !== undefined && rows !== axes) || (columns !== undefined && columns !== axes + 1))
    return failure([output], 'rank', { operator: 'affineGrid', reason: `matrices of ${axes} rows and ${axes + 1} columns are wanted` }, [{ input: 0 }]);
  return result(output.shape, theta.dtype, mustEqual(sizeAt(theta.shape, 0), sizeAt(size, 0), 'batch', [{ input: 0, axis: 0 }], context));
}

function runGrid(tf: Tfjs, theta: Tensor, attributes: BoundAttributes): Tensor {
  const [batch = 1, , ...spatial] = readSizes(attributes, 'size').map((size) => asConstant(size) ?? 1);
  const align = readFlag(attributes, 'alignCorners');
  const along = spatial.map((size) => {
    if (size === 1) return tf.zeros([1]);
    const line = tf.linspace(-1, 1, size);
    return align ? line : tf.mul(line, (size - 1) / size);
  });
  // Coordinates stand in reverse: the last axis first.
  const columns = along
    .map((line, axis) =>
      tf.reshape(
        tf.broadcastTo(
          tf.reshape(
            line,
            spatial.map((size, at) => (at === axis ? size : 1)),
          ),
          spatial,
        ),
        [-1, 1],
      ),
    )
    .reverse();
  const count = spatial.reduce((all, size) => all * size, 1);
  const base = tf.concat([...columns, tf.ones([count, 1])], 1);
  const made = tf.matMul(tf.broadcastTo(tf.expandDims(base, 0), [batch, count, spatial.length + 1]), theta, false, true);
  return tf.reshape(made, [batch, ...spatial, spatial.length]);
}

const affineGrid: Operator = {
  name: 'affineGrid',
  doc: 'A grid of places, moved by affine matrices: torch.nn.functional.affine_grid.',
  shape: gridShape,
  saved: () => ({}),
  kernel: tidied((tf, inputs, attributes) => runGrid(tf, operand(inputs, 0), attributes)),
};

/** The family, by name. */
export const sampling = { gridSample, affineGrid } satisfies Record<string, Operator>;
