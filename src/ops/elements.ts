/** Elements read and written at indices along one axis, place by place: torch's gather and scatter. */
import { isUnknown } from '../dim/index';
import { readNumber, readText } from './attributes';
import { readAxis, UNKNOWN_AXIS, withProblem } from './axes';
import { isInteger } from './dtypes';
import { broadcastTo, casted, count, elementwise, fromFront, operand, wrapped } from './kernels';
import type { Attributes, BoundAttributes, Demand, Operator, RuleContext, RuleProblem, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustBeAtMost, results, sizeAt, tensorType, unknownShape } from './rules';
import { sliceAt } from './slicing';

/** Indices are whole numbers, and have as many axes as the tensor; a tensor without axes counts as one of one place. */
function indexProblem(operator: string, x: TensorType, index: TensorType, input: number): RuleProblem | undefined {
  if (!isInteger(index.dtype)) return { code: 'dtype', args: { operator, expected: 'int64', dtype: index.dtype }, at: [{ input }] };
  const [wanted, given] = [Math.max(1, x.shape.length), Math.max(1, index.shape.length)];
  return wanted === given ? undefined : { code: 'rank', args: { operator, reason: `${wanted} axes are wanted, ${given} given` }, at: [{ input }] };
}

/** The index reaches no further than the tensor, but along the axis. */
function inside(index: TensorType, x: TensorType, inputs: readonly [number, number], except?: number): Demand[] {
  return index.shape.flatMap((size, axis) =>
    axis === except || isUnknown(size)
      ? []
      : mustBeAtMost(size, sizeAt(x.shape, axis), 'index', [
          { input: inputs[0], axis },
          { input: inputs[1], axis },
        ]),
  );
}

/** The places in the flattened tensor that the indices mean. */
function places(tf: Tfjs, index: Tensor, shape: readonly number[], axis: number): Tensor {
  const strideOf = (at: number): number => count(shape.slice(at + 1));
  const most = Math.max(0, (shape[axis] ?? 1) - 1);
  const spot = tf.minimum(wrapped(tf, tf.reshape(casted(tf, index, 'int32'), [index.size]), shape[axis] ?? 1), tf.scalar(most, 'int32'));
  const along = tf.reshape(tf.mul(spot, tf.scalar(strideOf(axis), 'int32')), index.shape);
  return index.shape.reduce<Tensor>((sum, size, at) => {
    if (at === axis) return sum;
    const line = tf.reshape(
      tf.mul(tf.range(0, size, 1, 'int32'), tf.scalar(strideOf(at), 'int32')),
      index.shape.map((_, other) => (other === at ? size : 1)),
    );
    return elementwise(tf, [sum, line], (...each) => tf.add(operand(each, 0), operand(each, 1)));
  }, along);
}

/** Without axes there is one place. */
const atLeastOne = (tf: Tfjs, x: Tensor): Tensor => (x.rank === 0 ? tf.reshape(x, [1]) : x);

const gatherElements: Operator = {
  name: 'gatherElements',
  doc: 'At each place of `index` the element that it names along `axis`: pytorch.org/docs/stable/generated/torch.gather.html.',
  reads: 'along',
  shape([x, index], attributes, context) {
    if (!x || !index) return failure(x ? [x] : [], 'argument', { operator: 'gatherElements', reason: 'an operand is missing' });
    const outputs = [tensorType(index.shape, x.dtype)];
    const { axis, problem } = readAxis(attributes, 'axis', Math.max(1, x.shape.length), 0);
    if (axis === undefined) return withProblem(outputs, problem, UNKNOWN_AXIS);
    const wrong = indexProblem('gatherElements', x, index, 1);
    return wrong ? { outputs, problem: wrong } : results(outputs, context.runtime === 'torch' ? inside(index, x, [1, 0], axis) : []);
  },
  saved: () => ({ inputs: [1] }),
  kernel: (tf, inputs, attributes) =>
    tf.tidy(() => {
      const [x, index] = [atLeastOne(tf, operand(inputs, 0)), atLeastOne(tf, operand(inputs, 1))];
      const axis = fromFront(readNumber(attributes, 'axis', 0), x.rank);
      const flat = tf.gather(tf.reshape(x, [x.size]), tf.reshape(places(tf, index, x.shape, axis), [index.size]));
      return tf.reshape(flat, operand(inputs, 1).shape);
    }),
};

function scatterShape(inputs: readonly TensorType[], attributes: Attributes, _: RuleContext): ShapeResult {
  const [x, index, source] = inputs;
  if (!x || !index || !source) return failure(x ? [x] : [], 'argument', { operator: 'scatterElements', reason: 'an operand is missing' });
  const { axis, problem } = readAxis(attributes, 'axis', Math.max(1, x.shape.length), 0);
  if (axis === undefined) return withProblem([tensorType(problem ? x.shape : unknownShape(x.shape.length), x.dtype)], problem, UNKNOWN_AXIS);
  const wrong = indexProblem('scatterElements', x, index, 1) ?? sourceProblem(x, index, source);
  if (wrong) return { outputs: [x], problem: wrong };
  return results([x], [...inside(index, x, [1, 0], axis), ...(source.shape.length === 0 ? [] : inside(index, source, [1, 2]))]);
}

/** One value serves all places. */
function sourceProblem(x: TensorType, index: TensorType, source: TensorType): RuleProblem | undefined {
  if (source.dtype !== x.dtype && source.shape.length > 0)
    return { code: 'dtype', args: { operator: 'scatterElements', expected: x.dtype, dtype: source.dtype }, at: [{ input: 2 }] };
  if (source.shape.length === 0 || source.shape.length === index.shape.length) return undefined;
  return {
    code: 'rank',
    args: { operator: 'scatterElements', reason: `${index.shape.length} axes are wanted, ${source.shape.length} given` },
    at: [{ input: 2 }],
  };
}

type Combine = (held: number, given: number) => number;

/** What meets at one place, by mode. */
const COMBINE: { readonly [mode: string]: Combine } = {
  add: (held, given) => held + given,
  mean: (held, given) => held + given,
  multiply: (held, given) => held * given,
  max: (held, given) => Math.max(held, given),
  min: (held, given) => Math.min(held, given),
  replace: (_, given) => given,
};

/** Written place by place: what meets at one of them depends on the mode, which back ends do not know. */
async function scatterKernel(tf: Tfjs, inputs: readonly Tensor[], attributes: BoundAttributes): Promise<Tensor> {
  const [x, index, source] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
  const axis = fromFront(readNumber(attributes, 'axis', 0), Math.max(1, x.rank));
  const spots = tf.tidy(() => places(tf, atLeastOne(tf, index), atLeastOne(tf, x).shape, axis));
  const given = tf.tidy(() =>
    source.rank === 0
      ? broadcastTo(tf, source, index.shape)
      : sliceAt(
          tf,
          source,
          source.shape.map(() => 0),
          index.shape,
        ),
  );
  const [held, at, values] = await Promise.all([x.data(), spots.data(), given.data()]);
  tf.dispose([spots, given]);
  const mode = readText(attributes, 'mode', 'replace');
  const combine = COMBINE[mode] ?? COMBINE.replace;
  const [written, met] = [Float64Array.from(held as Float32Array), new Map<number, number>()];
  at.forEach((place: number, from: number) => {
    written[place] = combine?.(written[place] ?? 0, Number(values[from])) ?? 0;
    met.set(place, (met.get(place) ?? 1) + 1);
  });
  if (mode === 'mean') for (const [place, times] of met) written[place] = (written[place] ?? 0) / times;
  return tf.tensor(x.dtype === 'float32' ? Float32Array.from(written) : Int32Array.from(written), x.shape, x.dtype);
}

const scatterElements: Operator = {
  name: 'scatterElements',
  doc: 'The tensor with elements written at the places that `index` names along `axis`; `mode`: replace, add, multiply, mean, max or min: pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html.',
  reads: 'along',
  shape: scatterShape,
  saved: () => ({ inputs: [1] }),
  kernel: scatterKernel,
};

/** Elements at indices along an axis. */
export const elements = { gatherElements, scatterElements } satisfies Record<string, Operator>;
