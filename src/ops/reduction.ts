/** Reductions: some axes go, or stay with size 1. */
import { constant, type Dim, multiply, ONE, product } from '../dim/index';
import { readFlag, readNumber, readNumbers } from './attributes';
import { type AxesRead, readAxes, UNKNOWN_AXIS, withProblem } from './axes';
import { computedIn, heldAs, isFloating, isInteger } from './dtypes';
import { family } from './family';
import { axesLast, casted, count, operand, tidied, transpose } from './kernels';
import type { Attributes, Autocast, DType, Operator, RuleProblem, Runtime, Saved, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, unknownShape, withoutAxes, withSize } from './rules';

type TypeRule = 'same' | 'total' | 'float' | 'mean' | 'truth';
type Keeps = 'nothing' | 'input' | 'both' | 'places';

interface Row {
  readonly doc: string;
  readonly type: TypeRule;
  readonly keeps: Keeps;
  call(tf: Tfjs, x: Tensor, axes: number[], attributes: Attributes): Tensor;
}

const row = (type: TypeRule, keeps: Keeps, doc: string, call: Row['call']): Row => ({ doc, type, keeps, call });

const ROWS = {
  sum: row('total', 'nothing', 'The sum.', (tf, x, axes) => tf.sum(x, axes)),
  mean: row('mean', 'nothing', 'The mean.', (tf, x, axes) => tf.mean(x, axes)),
  prod: row('total', 'both', 'The product.', (tf, x, axes) => tf.prod(x, axes)),
  max: row('same', 'places', 'The greatest value.', (tf, x, axes) => tf.max(x, axes)),
  min: row('same', 'places', 'The least value.', (tf, x, axes) => tf.min(x, axes)),
  any: row('truth', 'nothing', 'Whether one is true.', (tf, x, axes) => tf.any(truth(tf, x), axes)),
  all: row('truth', 'nothing', 'Whether all are true.', (tf, x, axes) => tf.all(truth(tf, x), axes)),
  logSumExp: row('float', 'both', 'The logarithm of the sum of exponentials.', (tf, x, axes) => tf.logSumExp(x, axes)),
  variance: row('float', 'input', 'The variance; `correction` is taken off the count.', variance),
  std: row('float', 'both', 'The standard deviation; `correction` is taken off the count.', (tf, x, axes, attributes) =>
    tf.sqrt(variance(tf, x, axes, attributes)),
  ),
} satisfies Record<string, Row>;

const truth = (tf: Tfjs, x: Tensor): Tensor => (x.dtype === 'bool' ? x : tf.notEqual(x, 0));

function variance(tf: Tfjs, x: Tensor, axes: number[], attributes: Attributes): Tensor {
  const biased = tf.moments(x, axes).variance;
  const correction = readNumber(attributes, 'correction', 0);
  if (correction === 0) return biased;
  const size = count(axes.map((axis) => x.shape[axis] as number));
  return tf.mul(biased, size / (size - correction));
}

/** The axes that go, each given once. An empty list means none in tfjs, and all in torch. */
function readReduced(attributes: Attributes, rank: number, runtime: Runtime): AxesRead {
  const given = readNumbers(attributes, 'axes');
  const read = readAxes(given?.length === 0 && runtime === 'torch' ? {} : attributes, 'axes', rank);
  if (!read.axes || !given || read.axes.length >= given.length) return read;
  return { problem: { code: 'argument', args: { reason: `the axes ${given.join(', ')} name one axis twice` }, at: [{ input: 0 }] } };
}

/** The shape without the axes, or with size 1 there. */
export function reducedShape(shape: readonly Dim[], axes: readonly number[], keepDims: boolean): Dim[] {
  return keepDims ? axes.reduce<Dim[]>((kept, axis) => withSize(kept, axis, ONE), [...shape]) : withoutAxes(shape, axes);
}

function dtypeOf(type: TypeRule, dtype: DType, runtime: Runtime): DType {
  if (type === 'truth') return 'bool';
  if (type === 'same') return dtype;
  const whole = dtype === 'bool' || isInteger(dtype);
  if (type !== 'total') return whole ? 'float32' : dtype;
  if (runtime === 'torch') return whole ? 'int64' : dtype;
  return dtype === 'bool' ? 'int32' : dtype;
}

function typeProblem(name: string, { type }: Row, dtype: DType, runtime: Runtime): RuleProblem | undefined {
  if (type === 'truth' && runtime === 'tfjs' && dtype !== 'bool')
    return { code: 'dtype', args: { operator: name, expected: 'bool', dtype }, at: [{ input: 0 }] };
  if (type === 'mean' && runtime === 'torch' && !isFloating(dtype) && dtype !== 'complex64') {
    return { code: 'dtype', args: { operator: name, expected: 'float32', dtype }, at: [{ input: 0 }] };
  }
  return undefined;
}

/** A reduction's rule for one output of each of the types. */
function reductionShape(x: TensorType, dtypes: readonly DType[], attributes: Attributes, runtime: Runtime): ShapeResult {
  const rank = x.shape.length;
  const keepDims = readFlag(attributes, 'keepDims');
  const { axes, problem } = readReduced(attributes, rank, runtime);
  if (axes) return { outputs: dtypes.map((dtype) => ({ shape: reducedShape(x.shape, axes, keepDims), dtype })) };
  const left = keepDims ? rank : rank - (readNumbers(attributes, 'axes')?.length ?? rank);
  return withProblem(
    dtypes.map((dtype) => ({ shape: unknownShape(left), dtype })),
    problem,
    UNKNOWN_AXIS,
  );
}

function shape(name: string, row: Row, [x]: readonly TensorType[], attributes: Attributes, runtime: Runtime): ShapeResult {
  if (!x) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
  const reduced = reductionShape(x, [computedIn(attributes, dtypeOf(row.type, x.dtype, runtime))], attributes, runtime);
  const problem = reduced.problem ?? typeProblem(name, row, x.dtype, runtime);
  return problem ? { ...reduced, problem } : reduced;
}

/** Reduces at any rank: beyond six axes, those that go are brought to the end and folded into one. */
function reduce(tf: Tfjs, x: Tensor, attributes: Attributes, runtime: Runtime, call: (x: Tensor, axes: number[]) => Tensor): Tensor {
  const axes = [...(readReduced(attributes, x.rank, runtime).axes ?? [])];
  const kept = x.shape.filter((_, axis) => !axes.includes(axis));
  const gone = count(axes.map((axis) => x.shape[axis] as number));
  const value = x.rank <= 6 ? call(x, axes) : call(tf.reshape(transpose(tf, x, axesLast(x.rank, axes)), [count(kept), gone]), axes.length === 0 ? [] : [1]);
  if (!readFlag(attributes, 'keepDims')) return x.rank <= 6 ? value : tf.reshape(value, kept);
  return tf.reshape(
    value,
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

function run(tf: Tfjs, row: Row, x: Tensor, attributes: Attributes, runtime: Runtime): Tensor {
  const given = row.type === 'float' && x.dtype !== 'float32' ? casted(tf, x, 'float32') : x;
  const value = reduce(tf, given, attributes, runtime, (each, axes) => row.call(tf, each, axes, attributes));
  const held = heldAs(dtypeOf(row.type, x.dtype, runtime));
  return value.dtype === held ? value : casted(tf, value, held);
}

/** torch's max and min with their places keep these (int64); amax and amin, and those of the whole, the operand and the result. */
function saved(keeps: Keeps, outputs: readonly TensorType[], attributes: Attributes): Saved {
  if (keeps === 'nothing') return {};
  if (keeps === 'input') return { inputs: [0] };
  if (keeps === 'both' || !readFlag(attributes, 'places')) return { inputs: [0], outputs: [0] };
  return { extra: [{ name: 'indices', bytes: multiply(constant(8), product(outputs[0]?.shape ?? [])), always: true }] };
}

const AUTOCAST: { readonly [name: string]: Autocast } = { sum: 'within', prod: 'within', logSumExp: 'float32' };

const rows = family(
  ROWS,
  (name, row): Operator => ({
    name,
    strides: 'rows',
    doc: `${row.doc} Over \`axes\` (null: all); \`keepDims\` leaves them with size 1.`,
    reads: 'over',
    shape: (inputs, attributes, { runtime }) => shape(name, row, inputs, attributes, runtime),
    ...(AUTOCAST[name] ? { autocast: AUTOCAST[name] } : {}),
    ...(name === 'sum' ? { gradient: 'spread' } : {}),
    saved: (_inputs, outputs, attributes) => saved(row.keeps, outputs, attributes),
    kernel: tidied((tf, inputs, attributes, { runtime }) => run(tf, row, operand(inputs, 0), attributes, runtime)),
  }),
);

const moments: Operator = {
  name: 'moments',
  doc: 'Mean and variance: js.tensorflow.org/api/latest/#moments.',
  reads: 'over',
  shape([x], attributes, { runtime }) {
    if (!x) return failure([], 'argument', { operator: 'moments', reason: 'an operand is missing' });
    const dtype = dtypeOf('float', x.dtype, runtime);
    return reductionShape(x, [dtype, dtype], attributes, runtime);
  },
  saved: () => ({ inputs: [0] }),
  kernel: tidied((tf, inputs, attributes, { runtime }) => {
    const x = casted(tf, operand(inputs, 0), 'float32');
    return [
      reduce(tf, x, attributes, runtime, (each, axes) => tf.mean(each, axes)),
      reduce(tf, x, attributes, runtime, (each, axes) => tf.moments(each, axes).variance),
    ];
  }),
};

/** tfjs: 1, 2, 'euclidean' and the infinities along one axis or over all; without 2, but with 'fro', over two. */
function normProblem(attributes: Attributes, rank: number, axes: readonly number[]): RuleProblem | undefined {
  const ord = normOrder(attributes);
  if (rank === 0) return undefined;
  const flat = readNumbers(attributes, 'axes') === undefined || rank === 1 || axes.length === 1;
  if (!flat && axes.length !== 2) return { code: 'argument', args: { operator: 'norm', reason: `a norm over ${axes.length} axes: one, two or all are taken` } };
  const takes = flat ? ord === 'euclidean' || ord === 2 : ord === 'euclidean' || ord === 'fro';
  return takes || ord === 1 || Math.abs(Number(ord)) === Infinity
    ? undefined
    : { code: 'argument', args: { operator: 'norm', reason: `there is no norm of order ${ord} here` } };
}

function normOrder({ ord }: Attributes): number | string {
  if (ord === 'inf' || ord === '-inf') return ord === 'inf' ? Infinity : -Infinity;
  return typeof ord === 'number' || typeof ord === 'string' ? ord : 'euclidean';
}

function vectorNorm(tf: Tfjs, x: Tensor, axes: number[], ord: number | string): Tensor {
  if (ord === Infinity) return tf.max(tf.abs(x), axes);
  if (ord === -Infinity) return tf.min(tf.abs(x), axes);
  if (ord === 1) return tf.sum(tf.abs(x), axes);
  if (typeof ord === 'string' || ord === 2) return tf.sqrt(tf.sum(tf.square(x), axes));
  return tf.pow(tf.sum(tf.pow(tf.abs(x), ord), axes), 1 / ord);
}

/** tfjs's norm of order 1 or infinity over two axes is a matrix's: sums along one, the extreme along the other. */
function matrixNorm(tf: Tfjs, x: Tensor, axes: readonly number[], ord: number): Tensor {
  const [first = 0, second = 0] = axes;
  if (ord === 1) return tf.max(tf.sum(tf.abs(x), first), second - 1);
  const sums = tf.sum(tf.abs(x), second);
  return ord > 0 ? tf.max(sums, first) : tf.min(sums, first);
}

const norm: Operator = {
  name: 'norm',
  autocast: 'within',
  doc: "The norm of order `ord` (2 or 'euclidean', 1, 'fro', 'inf'): js.tensorflow.org/api/latest/#norm.",
  shape([x], attributes, { runtime }) {
    if (!x) return failure([], 'argument', { operator: 'norm', reason: 'an operand is missing' });
    const reduced = reductionShape(x, [computedIn(attributes, dtypeOf('float', x.dtype, runtime))], attributes, runtime);
    if (reduced.problem || reduced.unknown || runtime === 'torch') return reduced;
    const problem = normProblem(attributes, x.shape.length, readAxes(attributes, 'axes', x.shape.length).axes ?? []);
    return problem ? { ...reduced, problem } : reduced;
  },
  saved: () => ({ inputs: [0], outputs: [0] }),
  kernel: tidied((tf, inputs, attributes, { runtime }) => {
    const x = casted(tf, operand(inputs, 0), 'float32');
    const ord = normOrder(attributes);
    const matrix = runtime === 'tfjs' && x.rank > 1 && x.rank <= 6 && readNumbers(attributes, 'axes')?.length === 2 && typeof ord === 'number';
    return reduce(tf, x, attributes, runtime, (each, axes) => (matrix ? matrixNorm(tf, each, axes, ord) : vectorNorm(tf, each, axes, ord)));
  }),
};

/** Reductions. */
export const reductions = { ...rows, moments, norm } satisfies Record<string, Operator>;
