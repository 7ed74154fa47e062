/** Where the extremes are: argMax, argMin, the k largest, and sorting. */
import { asConstant, isUnknown } from '../dim/index';
import { isGiven, readFlag, readNumber, readSize } from './attributes';
import { readAxis, UNKNOWN_AXIS, withProblem } from './axes';
import { count, onLastAxis, operand, tidied } from './kernels';
import type { Attributes, DType, Operator, RuleContext, Runtime, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { reducedShape } from './reduction';
import { failure, mustBeAtMost, result, results, sizeAt, tensorType, unknownShape, withSize } from './rules';

const indexType = (runtime: Runtime): DType => (runtime === 'torch' ? 'int64' : 'int32');

function placeShape(name: string, [x]: readonly TensorType[], attributes: Attributes, { runtime }: RuleContext): ShapeResult {
  if (!x) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
  const rank = x.shape.length;
  const keepDims = readFlag(attributes, 'keepDims');
  if (runtime === 'torch' && !isGiven(attributes, 'axis')) return result(reducedShape(x.shape, [...x.shape.keys()], keepDims), 'int64');
  const { axis, problem } = readAxis(attributes, 'axis', rank, 0);
  if (axis !== undefined) return result(reducedShape(x.shape, [axis], keepDims), indexType(runtime));
  return withProblem([tensorType(unknownShape(keepDims ? rank : rank - 1), indexType(runtime))], problem, UNKNOWN_AXIS);
}

/** Folded to rank 3, so that any rank runs; without an axis over all elements. */
function place(tf: Tfjs, x: Tensor, attributes: Attributes, runtime: Runtime, call: (folded: Tensor) => Tensor): Tensor {
  const all = runtime === 'torch' && !isGiven(attributes, 'axis');
  const axis = all ? 0 : (readAxis(attributes, 'axis', x.rank, 0).axis ?? 0);
  const before = all ? [] : x.shape.slice(0, axis);
  const after = all ? [] : x.shape.slice(axis + 1);
  const value = call(tf.reshape(x, [count(before), -1, count(after)]));
  const kept = all ? x.shape.map(() => 1) : [...before, 1, ...after];
  return tf.reshape(value, readFlag(attributes, 'keepDims') ? kept : [...before, ...after]);
}

const argMax: Operator = {
  name: 'argMax',
  strides: 'settled',
  doc: 'The index of the greatest value along `axis`: js.tensorflow.org/api/latest/#argMax.',
  reads: 'over',
  shape: (inputs, attributes, context) => placeShape('argMax', inputs, attributes, context),
  kernel: tidied((tf, inputs, attributes, { runtime }) => place(tf, operand(inputs, 0), attributes, runtime, (x) => tf.argMax(x, 1))),
};

const argMin: Operator = {
  name: 'argMin',
  strides: 'settled',
  doc: 'The index of the least value along `axis`: js.tensorflow.org/api/latest/#argMin.',
  reads: 'over',
  shape: (inputs, attributes, context) => placeShape('argMin', inputs, attributes, context),
  kernel: tidied((tf, inputs, attributes, { runtime }) => place(tf, operand(inputs, 0), attributes, runtime, (x) => tf.argMin(x, 1))),
};

const topk: Operator = {
  name: 'topk',
  strides: 'settled',
  doc: 'The `k` greatest values along `axis` (the last), or the least where `largest` is false, and their indices: js.tensorflow.org/api/latest/#topk.',
  shape([x], attributes, { runtime }) {
    if (!x) return failure([], 'argument', { operator: 'topk', reason: 'an operand is missing' });
    const both = (shape: TensorType['shape']) => [tensorType(shape, x.dtype), tensorType(shape, indexType(runtime))];
    const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, -1);
    if (axis === undefined) return withProblem(both(unknownShape(x.shape.length)), problem, UNKNOWN_AXIS);
    const k = readSize(attributes, 'k');
    const outputs = both(withSize(x.shape, axis, k));
    if ((asConstant(k) ?? 0) < 0) return failure(outputs, 'argument', { operator: 'topk', reason: `k is ${asConstant(k)}` });
    const found = results(outputs, mustBeAtMost(k, sizeAt(x.shape, axis), 'slice', [{ input: 0, axis }]));
    return isUnknown(k) ? { ...found, unknown: 'k is not known' } : found;
  },
  saved: () => ({ outputs: [1] }),
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const axis = readAxis(attributes, 'axis', x.rank, -1).axis ?? x.rank - 1;
    const [k, sorted] = [readNumber(attributes, 'k', 1), readFlag(attributes, 'sorted', true)];
    // tfjs knows the greatest alone: the least are the greatest of the opposites.
    const turned = (each: Tensor): Tensor => (readFlag(attributes, 'largest', true) ? each : tf.neg(each));
    const picked = (last: Tensor) => tf.topk(turned(last), k, sorted);
    return [onLastAxis(tf, x, axis, (last) => turned(picked(last).values)), onLastAxis(tf, x, axis, (last) => picked(last).indices)];
  }),
};

const sort: Operator = {
  name: 'sort',
  doc: 'Sorted along `axis`, and where each value was: pytorch.org/docs/stable/generated/torch.sort.html.',
  shape([x], attributes, { runtime }) {
    if (!x) return failure([], 'argument', { operator: 'sort', reason: 'an operand is missing' });
    const outputs = [x, tensorType(x.shape, indexType(runtime))];
    const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, -1);
    return axis === undefined && problem ? { outputs, problem } : results(outputs);
  },
  saved: () => ({ outputs: [1] }),
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const axis = readAxis(attributes, 'axis', x.rank, -1).axis ?? x.rank - 1;
    const descending = readFlag(attributes, 'descending');
    const sorted = (last: Tensor) => tf.topk(descending ? last : tf.neg(last), last.shape[last.rank - 1] as number);
    const values = (last: Tensor) => (descending ? sorted(last).values : tf.neg(sorted(last).values));
    return [onLastAxis(tf, x, axis, values), onLastAxis(tf, x, axis, (last) => sorted(last).indices)];
  }),
};

/** Places of extremes, and order. */
export const extremes = { argMax, argMin, topk, sort } satisfies Record<string, Operator>;
