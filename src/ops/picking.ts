/** Subscripts with tensors in them: places that indices and masks name, and what is written there. */
import type { Dim } from '../dim/index';
import { UNKNOWN } from '../dim/index';
import { isGiven, readFlag, readNumber, readNumbers } from './attributes';
import { isInteger } from './dtypes';
import { axesLast, broadcastShape, broadcastTo, casted, choose, count, inverse, operand, tidied, transpose, wrapped } from './kernels';
import type { Attributes, BoundAttributes, Demand, Operator, RuleContext, RuleProblem, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { axisOf, broadcast, failure, mustEqual, result, sizeAt, tensorType, unknownShape, withoutAxes } from './rules';
import { fitted, placing } from './subscripts';

const missing = (operator: string, x: TensorType | undefined): ShapeResult => failure(x ? [x] : [], 'argument', { operator, reason: 'an operand is missing' });

// ---- indices ----

/** The indexed axes, counted from the front; none where one does not exist, or stands twice. */
function indexedAxes(attributes: Attributes, rank: number): readonly number[] | undefined {
  const axes = (readNumbers(attributes, 'axes') ?? []).map((axis) => axisOf(axis, rank));
  return axes.every((axis, at) => axis !== undefined && axes.indexOf(axis) === at) ? (axes as number[]) : undefined;
}

/** Where the axes of the indices go: in place of neighbouring axes, else to the front. */
const landing = (axes: readonly number[]): number => (axes.every((axis, at) => axis === (axes[0] ?? 0) + at) ? (axes[0] ?? 0) : 0);

interface Picked {
  readonly shape: readonly Dim[];
  readonly demands: readonly Demand[];
  readonly problem?: RuleProblem;
}

/** What indices (operands from `first` on) pick of a tensor. */
function picked(operator: string, x: TensorType, indices: readonly TensorType[], first: number, attributes: Attributes, context: RuleContext): Picked {
  const axes = indexedAxes(attributes, x.shape.length);
  const { shape, demands } = broadcast(
    indices.map((index, at) => ({ shape: index.shape, input: at + first })),
    context,
    'index',
  );
  if (axes === undefined || axes.length !== indices.length) {
    const reason = `${indices.length} axes are wanted, ${x.shape.length} given`;
    const rank = Math.max(0, x.shape.length - indices.length) + shape.length;
    return { shape: unknownShape(rank), demands: [], problem: { code: 'rank', args: { operator, reason }, at: [{ input: 0 }] } };
  }
  const kept = withoutAxes(x.shape, axes);
  const made = kept.toSpliced(landing(axes), 0, ...shape);
  const odd = indices.findIndex((index) => !isInteger(index.dtype));
  if (odd < 0) return { shape: made, demands };
  const problem: RuleProblem = { code: 'dtype', args: { operator, expected: 'int64', dtype: indices[odd]?.dtype ?? '' }, at: [{ input: odd + first }] };
  return { shape: made, demands, problem };
}

/** The indices of several axes as places among the elements of these axes, row by row. */
function placesOf(tf: Tfjs, indices: readonly Tensor[], sizes: readonly number[]): Tensor {
  const shape = broadcastShape(indices.map((index) => index.shape));
  const parts = indices.map((index, at) =>
    tf.mul(broadcastTo(tf, wrapped(tf, casted(tf, index, 'int32'), sizes[at] as number), shape), tf.scalar(count(sizes.slice(at + 1)), 'int32')),
  );
  return parts.reduce((sum, part) => tf.add(sum, part));
}

/** A tensor as rows, one for each place on the indexed axes. */
interface Rows {
  readonly rows: Tensor;
  readonly perm: readonly number[];
  readonly sizes: readonly number[];
  readonly others: readonly number[];
}

function rowsOf(tf: Tfjs, x: Tensor, axes: readonly number[]): Rows {
  const others = axesLast(x.rank, axes).slice(0, x.rank - axes.length);
  const perm = [...axes, ...others];
  const sizes = axes.map((axis) => x.shape[axis] as number);
  const kept = others.map((axis) => x.shape[axis] as number);
  return { rows: tf.reshape(transpose(tf, x, perm), [count(sizes), count(kept)]), perm, sizes, others: kept };
}

/** The order that brings the axes of the indices from `from` to `to`. */
function moved(rank: number, length: number, from: number, to: number): number[] {
  const order = [...Array(rank).keys()];
  const block = order.splice(from, length);
  return order.toSpliced(to, 0, ...block);
}

function pick(tf: Tfjs, x: Tensor, indices: readonly Tensor[], attributes: BoundAttributes): Tensor {
  const axes = indexedAxes(attributes, x.rank) ?? [];
  const { rows, sizes, others } = rowsOf(tf, x, axes);
  const places = placesOf(tf, indices, sizes);
  const shape = [...places.shape, ...others];
  const taken = tf.reshape(tf.gather(rows, tf.reshape(places, [-1])), shape);
  return transpose(tf, taken, moved(shape.length, places.rank, 0, landing(axes)));
}

const index: Operator = {
  name: 'index',
  doc: 'The elements at indices into several `axes`, which broadcast together; their axes stand where neighbouring axes stood, else in front: docs.pytorch.org/cppdocs/notes/tensor_indexing.html.',
  shape([x, ...indices], attributes, context) {
    if (!x || indices.length === 0) return missing('index', x);
    const { shape, demands, problem } = picked('index', x, indices, 1, attributes, context);
    return problem ? { outputs: [tensorType(shape, x.dtype)], problem } : result(shape, x.dtype, demands);
  },
  saved: (inputs) => ({ inputs: inputs.map((_, at) => at).slice(1) }),
  kernel: tidied((tf, [x, ...indices], attributes) => pick(tf, operand(x ? [x] : [], 0), indices, attributes)),
};

function put(tf: Tfjs, x: Tensor, value: Tensor, indices: readonly Tensor[], attributes: BoundAttributes): Tensor {
  const axes = indexedAxes(attributes, x.rank) ?? [];
  const { rows, perm, sizes, others } = rowsOf(tf, x, axes);
  const places = placesOf(tf, indices, sizes);
  const [at, rank] = [landing(axes), places.rank + others.length];
  const target = [...others.slice(0, at), ...places.shape, ...others.slice(at)];
  const given = transpose(tf, fitted(tf, casted(tf, value, x.dtype), target), moved(rank, places.rank, at, 0));
  const [where, what] = [tf.reshape(places, [-1, 1]), tf.reshape(given, [count(places.shape), count(others)])];
  const next = readFlag(attributes, 'accumulate')
    ? tf.add(rows, tf.scatterND(where, what, rows.shape as [number, number]))
    : tf.tensorScatterUpdate(rows, casted(tf, where, 'int32') as never, what);
  return transpose(tf, tf.reshape(next, [...sizes, ...others]), inverse(perm));
}

const indexPut: Operator = {
  name: 'indexPut',
  autocast: 'widest',
  strides: 'first',
  doc: 'The tensor with a value written (or with `accumulate` added) at indices into `axes`: pytorch.org/docs/stable/generated/torch.Tensor.index_put_.html.',
  shape([x, value, ...indices], attributes, context) {
    if (!x || !value || indices.length === 0) return missing('indexPut', x);
    // Where is not known: the tensor keeps its shape in any case.
    if (!isGiven(attributes, 'axes')) return result(x.shape, x.dtype);
    const target = picked('indexPut', x, indices, 2, attributes, context);
    if (target.problem) return { outputs: [x], problem: target.problem };
    const { demands, problem } = placing(value, target.shape, 1, context);
    return problem ? { outputs: [x], problem } : result(x.shape, x.dtype, [...target.demands, ...demands]);
  },
  saved: (inputs) => ({ inputs: inputs.map((_, at) => at).slice(2) }),
  kernel: tidied((tf, [x, value, ...indices], attributes) => put(tf, operand(x ? [x] : [], 0), operand(value ? [value] : [], 0), indices, attributes)),
};

// ---- masks ----

function maskUpdateShape(x: TensorType, mask: TensorType, value: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const [axis, rank] = [axisOf(readNumber(attributes, 'axis', 0), x.shape.length + 1) ?? 0, mask.shape.length];
  if (axis + rank > x.shape.length)
    return failure([x], 'rank', { operator: 'maskUpdate', reason: `${axis + rank} axes are wanted, ${x.shape.length} given` }, [{ input: 1 }]);
  if (mask.dtype !== 'bool' && mask.dtype !== 'uint8')
    return failure([x], 'dtype', { operator: 'maskUpdate', expected: 'bool', dtype: mask.dtype }, [{ input: 1 }]);
  const sizes = mask.shape.flatMap((size, at) =>
    mustEqual(
      sizeAt(x.shape, axis + at),
      size,
      'index',
      [
        { input: 0, axis: axis + at },
        { input: 1, axis: at },
      ],
      context,
    ),
  );
  const { demands, problem } = placing(value, [...x.shape.slice(0, axis), UNKNOWN, ...x.shape.slice(axis + rank)], 2, context);
  return problem ? { outputs: [x], problem } : result(x.shape, x.dtype, [...sizes, ...demands]);
}

/** The value's rows in turn where the mask is true: one row stands at all of them. */
function masked(tf: Tfjs, x: Tensor, mask: Tensor, value: Tensor, axis: number): Tensor {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + mask.rank)];
  const rows = [count(before), count(mask.shape), count(after)];
  const behind = value.rank > after.length ? (value.shape[value.rank - after.length - 1] ?? 1) : 1;
  const given = tf.reshape(fitted(tf, casted(tf, value, x.dtype), [...before, behind, ...after]), [rows[0] as number, behind, rows[2] as number]);
  const truth = tf.reshape(casted(tf, mask, 'bool'), [rows[1] as number]);
  const nth = tf.clipByValue(tf.sub(tf.cumsum(casted(tf, truth, 'int32')), tf.scalar(1, 'int32')), 0, behind - 1);
  const spread = behind === 1 ? given : tf.gather(given, casted(tf, nth, 'int32'), 1);
  return tf.reshape(choose(tf, tf.reshape(truth, [1, -1, 1]), spread, tf.reshape(x, rows)), x.shape);
}

const maskUpdate: Operator = {
  name: 'maskUpdate',
  strides: 'first',
  doc: 'The tensor with a value written where a mask over its axes from `axis` on is true: torch `x[mask] = value`.',
  shape: ([x, mask, value], attributes, context) => (x && mask && value ? maskUpdateShape(x, mask, value, attributes, context) : missing('maskUpdate', x)),
  saved: () => ({ inputs: [1] }),
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    return masked(tf, x, operand(inputs, 1), operand(inputs, 2), axisOf(readNumber(attributes, 'axis', 0), x.rank + 1) ?? 0);
  }),
};

/** Subscripts with tensors in them. */
export const picking = { index, indexPut, maskUpdate } satisfies Record<string, Operator>;
