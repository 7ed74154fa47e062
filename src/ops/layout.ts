/** Axes made, dropped and moved: the elements stay. */
import { compare, type Dim, isUnknown, ONE } from '../dim/index';
import { isGiven, readNumber, readNumbers } from './attributes';
import { noAxis, readAxes, UNKNOWN_AXIS, withProblem } from './axes';
import { fromFront, operand, tidied, transpose as transposeKernel } from './kernels';
import { narrowed, permuted, widened } from './layouts';
import type { Attributes, Operator, RuleContext, ShapeResult, TensorType } from './operator';
import { reshapedBack } from './reshape';
import { failure, mustEqual, result, sizeAt, tensorType, unknownShape, withoutAxes } from './rules';

const expandDims: Operator = {
  name: 'expandDims',
  strides: widened,
  gradient: 'reshaped',
  doc: 'One more axis of size 1, at `axis`: js.tensorflow.org/api/latest/#expandDims.',
  shape([x], attributes) {
    if (!x) return failure([], 'argument', { operator: 'expandDims', reason: 'an operand is missing' });
    const rank = x.shape.length + 1;
    const given = isGiven(attributes, 'axis') ? readNumber(attributes, 'axis', Number.NaN) : 0;
    if (Number.isNaN(given)) return withProblem([tensorType(unknownShape(rank), x.dtype)], undefined, UNKNOWN_AXIS);
    const axis = fromFront(given, rank);
    if (axis >= 0 && axis < rank) return result(x.shape.toSpliced(axis, 0, ONE), x.dtype);
    return withProblem([tensorType(unknownShape(rank), x.dtype)], noAxis(given, rank), '');
  },
  storage: { torch: 'view', tfjs: 'view' },
  putBack: reshapedBack,
  kernel: (tf, inputs, attributes) => tf.expandDims(operand(inputs, 0), readNumber(attributes, 'axis', 0)),
};

/** Axes whose size is 1 for all sizes. Sizes that vary count as larger; torch leaves an axis of another size in place. */
function isOne(size: Dim, { facts }: RuleContext): boolean {
  return !isUnknown(size) && compare(size, ONE, facts) === 'equal';
}

/** No axes mean all of size 1. */
const squeezesAll = (attributes: Attributes): boolean => (readNumbers(attributes, 'axes') ?? []).length === 0;

function squeezeShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const rank = x.shape.length;
  if (squeezesAll(attributes))
    return result(
      x.shape.filter((size) => !isOne(size, context)),
      x.dtype,
    );
  const { axes, problem } = readAxes(attributes, 'axes', rank);
  if (!axes) return withProblem([tensorType(unknownShape(rank - (readNumbers(attributes, 'axes')?.length ?? 0)), x.dtype)], problem, UNKNOWN_AXIS);
  if (context.runtime === 'torch') return result(withoutAxes(x.shape, onesAmong(x, axes, context)), x.dtype);
  const demands = axes.flatMap((axis) => mustEqual(sizeAt(x.shape, axis), ONE, 'target', [{ input: 0, axis }], context));
  return result(withoutAxes(x.shape, axes), x.dtype, demands);
}

/** A size of which it is not known whether it is 1. */
const mayBeOne = (size: Dim, { facts }: RuleContext): boolean => isUnknown(size) || compare(size, ONE, facts) === 'unknown';

/** torch drops an axis only where it is 1. Of a tensor of which no size is known, those that are named are meant; of one size alone that is not known, the rank is open. */
function onesAmong({ shape }: TensorType, axes: readonly number[], context: RuleContext): readonly number[] {
  if (shape.every(isUnknown)) return axes;
  if (axes.some((axis) => mayBeOne(sizeAt(shape, axis), context))) throw new Error('squeeze: whether the axis is there is not known');
  return axes.filter((axis) => isOne(sizeAt(shape, axis), context));
}

const squeeze: Operator = {
  name: 'squeeze',
  strides: narrowed,
  gradient: 'reshaped',
  doc: 'Without the axes of size 1, or without `axes`, which must have it: js.tensorflow.org/api/latest/#squeeze.',
  shape: ([x], attributes, context) =>
    x ? squeezeShape(x, attributes, context) : failure([], 'argument', { operator: 'squeeze', reason: 'an operand is missing' }),
  storage: { torch: 'view', tfjs: 'view' },
  kernel(tf, inputs, attributes, { runtime }) {
    const x = operand(inputs, 0);
    const axes = squeezesAll(attributes) ? [...x.shape.keys()] : (readAxes(attributes, 'axes', x.rank).axes ?? []);
    const dropped = axes.filter((axis) => x.shape[axis] === 1 || (runtime === 'tfjs' && !squeezesAll(attributes)));
    return tf.reshape(
      x,
      x.shape.filter((_, axis) => !dropped.includes(axis)),
    );
  },
};

/** The permutation counted from the front; reversed axes where none is given. */
function readPermutation(attributes: Attributes, rank: number): number[] {
  const given = readNumbers(attributes, 'perm') ?? [...Array(rank).keys()].reverse();
  return given.map((axis) => fromFront(axis, rank));
}

function transposeShape(x: TensorType, attributes: Attributes, { runtime }: RuleContext): ShapeResult {
  const rank = x.shape.length;
  const perm = readPermutation(attributes, rank);
  if (perm.some(Number.isNaN)) return withProblem([tensorType(unknownShape(rank), x.dtype)], undefined, UNKNOWN_AXIS);
  const given = readNumbers(attributes, 'perm') ?? perm;
  const exists = perm.length === rank && perm.every((axis) => axis >= 0 && axis < rank) && (runtime === 'torch' || given.every((axis) => axis >= 0));
  const shape = exists ? perm.map((axis) => sizeAt(x.shape, axis)) : unknownShape(rank);
  if (exists && new Set(perm).size === rank) return result(shape, x.dtype);
  return failure(
    [tensorType(shape, x.dtype)],
    'permutation',
    { operator: 'transpose', reason: `${given.join(', ')} does not name each of ${rank} axes once` },
    [{ input: 0 }],
  );
}

const transpose: Operator = {
  name: 'transpose',
  strides: permuted,
  gradient: 'permuted',
  doc: 'Axes in the order `perm`, or reversed: js.tensorflow.org/api/latest/#transpose.',
  shape: ([x], attributes, context) =>
    x ? transposeShape(x, attributes, context) : failure([], 'argument', { operator: 'transpose', reason: 'an operand is missing' }),
  storage: { torch: 'view', tfjs: ([x]) => ((x?.shape.length ?? 0) <= 1 ? 'view' : 'copy') },
  putBack({ shape }, attributes) {
    const perm = readPermutation(attributes, shape.length);
    return { operator: 'transpose', attributes: { perm: shape.map((_, axis) => perm.indexOf(axis)) } };
  },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    return transposeKernel(tf, x, readPermutation(attributes, x.rank));
  }),
};

/** Axes made, dropped and moved. */
export const layout = { expandDims, squeeze, transpose } satisfies Record<string, Operator>;
