/** Elements chosen by other tensors' values. */
import { asConstant, UNKNOWN } from '../dim/index';
import { isGiven, readNumber, readNumbers } from './attributes';
import { readAxis, UNKNOWN_AXIS, withProblem } from './axes';
import { isInteger } from './dtypes';
import { casted, fromFront, operand, tidied, wrapped } from './kernels';
import type { Attributes, Operator, RuleContext, RuleProblem, ShapeResult, TensorType } from './operator';
import { failure, mustEqual, result, sizeAt, tensorType, unknownShape } from './rules';
import { wholeSizes } from './sizes';

/** Indices are int32 in tfjs, whole numbers in torch. */
function indexProblem(operator: string, indices: TensorType, input: number, { runtime }: RuleContext): RuleProblem | undefined {
  if (runtime === 'tfjs' ? indices.dtype === 'int32' : isInteger(indices.dtype)) return undefined;
  return { code: 'dtype', args: { operator, expected: runtime === 'tfjs' ? 'int32' : 'int64', dtype: indices.dtype }, at: [{ input }] };
}

function gatherShape(x: TensorType, indices: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const batch = readNumber(attributes, 'batchDims', 0);
  const [rank, held] = [x.shape.length, batch < 0 ? batch + indices.shape.length : batch];
  const { axis, problem } = readAxis(attributes, 'axis', rank, 0);
  if (axis === undefined) return withProblem([tensorType(unknownShape(rank - 1 + indices.shape.length - held), x.dtype)], problem, UNKNOWN_AXIS);
  const outputs = [tensorType([...x.shape.slice(0, axis), ...indices.shape.slice(held), ...x.shape.slice(axis + 1)], x.dtype)];
  const wrong = indexProblem('gather', indices, 1, context);
  if (wrong) return { outputs, problem: wrong };
  if (held > axis || held > indices.shape.length)
    return failure(outputs, 'argument', { operator: 'gather', reason: `batchDims is ${batch}: the axis and the indices must lie behind the batch` });
  const demands = x.shape.slice(0, held).flatMap((size, at) =>
    mustEqual(
      size,
      sizeAt(indices.shape, at),
      'batch',
      [
        { input: 0, axis: at },
        { input: 1, axis: at },
      ],
      context,
    ),
  );
  return result(outputs[0]?.shape ?? [], x.dtype, demands);
}

const gather: Operator = {
  name: 'gather',
  strides: 'settled',
  doc: 'The slices at `indices` along `axis`; the first `batchDims` axes go together: js.tensorflow.org/api/latest/#gather.',
  reads: 'along',
  shape: ([x, indices], attributes, context) =>
    x && indices ? gatherShape(x, indices, attributes, context) : failure(x ? [x] : [], 'argument', { operator: 'gather', reason: 'an operand is missing' }),
  saved: () => ({ inputs: [1] }),
  kernel: tidied((tf, inputs, attributes, { runtime }) => {
    const [x, indices, axis] = [operand(inputs, 0), operand(inputs, 1), readNumber(attributes, 'axis', 0)];
    const whole = casted(tf, indices, 'int32');
    const places = runtime === 'torch' ? wrapped(tf, whole, x.shape[fromFront(axis, x.rank)] as number) : whole;
    return tf.gather(x, places, axis, readNumber(attributes, 'batchDims', 0));
  }),
};

/** Into how many axes the last axis of indices points; undefined where its size is not known. */
const depthOf = (indices: TensorType): number | undefined => asConstant(indices.shape.at(-1) ?? UNKNOWN);

const gatherND: Operator = {
  name: 'gatherND',
  doc: 'The slices at the places that the last axis of `indices` spells: js.tensorflow.org/api/latest/#gatherND.',
  shape([x, indices], _, context) {
    if (!x || !indices) return failure(x ? [x] : [], 'argument', { operator: 'gatherND', reason: 'an operand is missing' });
    const [places, depth] = [indices.shape.slice(0, -1), depthOf(indices)];
    if (depth === undefined && indices.shape.length > 0)
      return { outputs: [tensorType([...places, ...unknownShape(x.shape.length - 1)], x.dtype)], unknown: 'how many axes the indices point into is not known' };
    const outputs = [tensorType([...places, ...x.shape.slice(depth ?? 0)], x.dtype)];
    const wrong = indexProblem('gatherND', indices, 1, context);
    if (wrong) return { outputs, problem: wrong };
    const fits = depth !== undefined && x.shape.length > 0 && depth <= x.shape.length;
    return !fits
      ? failure(outputs, 'rank', { operator: 'gatherND', reason: `${depth ?? 1} axes are wanted, ${x.shape.length} given` }, [{ input: 0 }])
      : { outputs };
  },
  saved: () => ({ inputs: [1] }),
  kernel: tidied((tf, inputs) => tf.gatherND(operand(inputs, 0), casted(tf, operand(inputs, 1), 'int32'))),
};

const scatterND: Operator = {
  name: 'scatterND',
  doc: 'Zeros of `shape`, the updates added at the places that the last axis of `indices` spells: js.tensorflow.org/api/latest/#scatterND.',
  shape([indices, updates], attributes, context) {
    if (!indices || !updates) return failure([], 'argument', { operator: 'scatterND', reason: 'an operand is missing' });
    const { sizes, demands } = wholeSizes(attributes, 'shape', 'target', context);
    const outputs = [tensorType(sizes, updates.dtype)];
    const wrong = indexProblem('scatterND', indices, 0, context);
    // Without a last axis of its own each index is a place on the first axis.
    const flat = indices.shape.length === 1;
    const depth = flat ? 1 : depthOf(indices);
    if (wrong) return { outputs, problem: wrong };
    if (depth === undefined) return { outputs };
    const expected = [...(flat ? indices.shape : indices.shape.slice(0, -1)), ...sizes.slice(depth)];
    if (indices.shape.length === 0 || updates.shape.length !== expected.length || depth > sizes.length) {
      return failure(outputs, 'rank', { operator: 'scatterND', reason: `${expected.length} axes are wanted, ${updates.shape.length} given` }, [{ input: 1 }]);
    }
    const equal = expected.flatMap((size, axis) => mustEqual(sizeAt(updates.shape, axis), size, 'index', [{ input: 1, axis }], context));
    return result(sizes, updates.dtype, [...demands, ...equal]);
  },
  saved: () => ({ inputs: [0] }),
  kernel: tidied((tf, inputs, attributes) => {
    return tf.scatterND(casted(tf, operand(inputs, 0), 'int32'), operand(inputs, 1), readNumbers(attributes, 'shape') ?? []);
  }),
};

function maskShape(x: TensorType, mask: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const axis = isGiven(attributes, 'axis') ? readNumber(attributes, 'axis', 0) : 0;
  const rank = mask.shape.length;
  const outputs = [tensorType([...x.shape.slice(0, axis), UNKNOWN, ...x.shape.slice(axis + rank)], x.dtype)];
  if (axis < 0 || rank === 0 || axis + rank > x.shape.length)
    return failure(outputs, 'rank', { operator: 'booleanMask', reason: `${axis + rank} axes are wanted, ${x.shape.length} given` }, [{ input: 1 }]);
  const demands = mask.shape.flatMap((size, at) =>
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
  return { outputs, demands, unknown: "the mask's values decide how many elements are left" };
}

const booleanMask: Operator = {
  name: 'booleanMask',
  doc: 'What stands where the mask is true, its axes (from `axis`) becoming one: js.tensorflow.org/api/latest/#booleanMaskAsync.',
  shape: ([x, mask], attributes, context) =>
    x && mask ? maskShape(x, mask, attributes, context) : failure(x ? [x] : [], 'argument', { operator: 'booleanMask', reason: 'an operand is missing' }),
  saved: () => ({ extra: [{ name: 'indices', bytes: UNKNOWN }] }),
  kernel: (tf, inputs, attributes) => tf.booleanMaskAsync(operand(inputs, 0), operand(inputs, 1), readNumber(attributes, 'axis', 0)),
};

/** Elements chosen by values. */
export const indexing = { gather, gatherND, scatterND, booleanMask } satisfies Record<string, Operator>;
