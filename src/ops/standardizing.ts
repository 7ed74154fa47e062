/** What norms share: gains and offsets, and standardizing over axes. */
import { constant, type Dim, multiply } from '../dim/index';
import { readFlag, readNumber } from './attributes';
import { BYTES, floated } from './dtypes';
import { axesLast, count, inverse, transpose } from './kernels';
import type { Attributes, Demand, DType, RuleContext, Saved, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { axisOf, failure, mustEqual, result, sizeAt, tensorType } from './rules';

/** Where gains and offsets stand among the operands: after the first `from`, each only where it is used. */
export function gainAndOffset<T>(
  inputs: readonly T[],
  attributes: Attributes,
  from: number,
): { gain: T | undefined; offset: T | undefined; at: { gain: number; offset: number } } {
  const scale = readFlag(attributes, 'scale');
  const at = { gain: from, offset: scale ? from + 1 : from };
  return { gain: scale ? inputs[at.gain] : undefined, offset: readFlag(attributes, 'center') ? inputs[at.offset] : undefined, at };
}

/** Each extra operand has the sizes of the axes that it scales, or shifts. */
export function perAxisOperands(
  name: string,
  x: TensorType,
  extras: readonly { type: TensorType | undefined; at: number }[],
  axes: readonly number[],
  context: RuleContext,
): Demand[] | ShapeResult {
  const output = tensorType(x.shape, floated(x.dtype));
  const demands: Demand[] = [];
  for (const { type, at } of extras) {
    if (type === undefined) continue;
    if (type.shape.length !== axes.length)
      return failure([output], 'rank', { operator: name, least: axes.length, most: axes.length, rank: type.shape.length }, [{ input: at }]);
    const about = axes.length === 1 && name !== 'layerNorm' && name !== 'rmsNorm' ? 'channels' : 'features';
    demands.push(
      ...axes.flatMap((axis, index) =>
        mustEqual(
          sizeAt(x.shape, axis),
          sizeAt(type.shape, index),
          about,
          [
            { input: 0, axis },
            { input: at, axis: index },
          ],
          context,
        ),
      ),
    );
  }
  return demands;
}

/** The end of a norm's rule: the operand's own shape. */
export function normResult(x: TensorType, checked: Demand[] | ShapeResult, more: readonly Demand[] = []): ShapeResult {
  return Array.isArray(checked) ? result(x.shape, floated(x.dtype), [...more, ...checked]) : checked;
}

/** Runs on the tensor as [others, axes], and brings its result of the same shape back. */
export function overAxes(tf: Tfjs, x: Tensor, axes: readonly number[], run: (rows: Tensor) => Tensor): Tensor {
  const perm = axesLast(x.rank, axes);
  const moved = perm.every((axis, at) => axis === at) ? x : transpose(tf, x, perm);
  const inner = count(axes.map((axis) => x.shape[axis] ?? 1));
  const made = tf.reshape(run(tf.reshape(moved, [x.size / inner, inner])), moved.shape);
  return moved === x ? made : transpose(tf, made, inverse(perm));
}

/** (x - mean) / sqrt(variance + epsilon) of each row. */
export function standardized(tf: Tfjs, rows: Tensor, epsilon: number): Tensor {
  const { mean, variance } = tf.moments(rows, 1, true);
  return tf.mul(tf.sub(rows, mean), tf.rsqrt(tf.add(variance, epsilon)));
}

/** x · gain + offset, each with one size for each of the axes. */
export function scaleAndShift(tf: Tfjs, x: Tensor, gain: Tensor | undefined, offset: Tensor | undefined, axes: readonly number[]): Tensor {
  const perm = axesLast(x.rank, axes);
  const straight = perm.every((axis, at) => axis === at);
  const moved = straight ? x : transpose(tf, x, perm);
  const inner = count(axes.map((axis) => x.shape[axis] ?? 1));
  const rows = tf.reshape(moved, [x.size / inner, inner]);
  const scaled = gain === undefined ? rows : tf.mul(rows, tf.reshape(gain, [1, inner]));
  const made = tf.reshape(offset === undefined ? scaled : tf.add(scaled, tf.reshape(offset, [1, inner])), moved.shape);
  return straight ? made : transpose(tf, made, inverse(perm));
}

/** Two numbers of the type for each of so many. */
export const statistics = (each: Dim, dtype: DType = 'float32'): Saved => ({
  inputs: [0],
  extra: [{ name: 'statistics', bytes: multiply(constant(2 * BYTES[dtype]), each), always: true }],
});

/** The axis of the channels. */
export const channelAxis = (attributes: Attributes, rank: number, fallback: number): number | undefined =>
  axisOf(readNumber(attributes, 'axis', fallback), rank);
