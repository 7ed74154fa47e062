/** Tensors joined, and taken apart. */
import { asConstant, constant, type Dim, floorDivide, product, subtract, sum, UNKNOWN } from '../dim/index';
import { listOf, numberOf, readNumber, readNumbers, readText } from './attributes';
import { readAxis, UNKNOWN_AXIS, withProblem } from './axes';
import { heldAs, promote } from './dtypes';
import { broadcastTo, casted, count, fromFront, operand, tidied } from './kernels';
import { imageLayout, parted, unstacked } from './layouts';
import type { Attributes, Demand, DemandSubject, DType, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, moreSpecific, mustBeAtMost, mustDivide, mustEqual, result, results, sizeAt, tensorType, unknownShape, withSize } from './rules';
import { wholeSize } from './sizes';
import { sliceAt } from './slicing';

/** tfjs gives the first operand's element type; torch the one in which all fit. */
const joinedType = (inputs: readonly TensorType[], { runtime }: RuleContext): DType =>
  runtime === 'tfjs' ? (inputs[0]?.dtype ?? 'float32') : promote(inputs, runtime);

/** What is known of the sizes of shapes that must agree, but for one axis; and that they must. */
function agreeing(inputs: readonly TensorType[], about: DemandSubject, context: RuleContext, except?: number): { shape: Dim[]; demands: Demand[] } {
  const [first, ...others] = inputs;
  const demands: Demand[] = [];
  const shape = (first?.shape ?? []).map((size, axis) => {
    if (axis === except) return size;
    return others.reduce((held, other, at) => {
      const next = sizeAt(other.shape, axis);
      demands.push(
        ...mustEqual(
          held,
          next,
          about,
          [
            { input: 0, axis },
            { input: at + 1, axis },
          ],
          context,
        ),
      );
      return moreSpecific(held, next);
    }, size);
  });
  return { shape, demands };
}

/** The first operand whose rank is not the first's. */
const otherRank = (inputs: readonly TensorType[]): number => inputs.findIndex(({ shape }) => shape.length !== inputs[0]?.shape.length);

function concatShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [first] = inputs;
  const dtype = joinedType(inputs, context);
  if (!first) return failure([], 'empty', { operator: 'concat', reason: 'no tensors are given' });
  if (inputs.length === 1 && context.runtime === 'tfjs') return result(first.shape, dtype);
  const rank = first.shape.length;
  const { axis, problem } = readAxis(attributes, 'axis', rank, 0);
  if (axis === undefined) return withProblem([tensorType(unknownShape(rank), dtype)], problem, UNKNOWN_AXIS);
  const { shape, demands } = agreeing(inputs, 'concat', context, axis);
  const outputs = [tensorType(withSize(shape, axis, sum(inputs.map((input) => sizeAt(input.shape, axis)))), dtype)];
  const odd = otherRank(inputs);
  if (odd < 0) return results(outputs, demands);
  return failure(outputs, 'rank', { operator: 'concat', reason: `${rank} axes are wanted, ${inputs[odd]?.shape.length ?? 0} given` }, [
    { input: 0 },
    { input: odd },
  ]);
}

/** Joined along an axis at any rank. */
function joined(tf: Tfjs, inputs: readonly Tensor[], axis: number): Tensor {
  const first = operand(inputs, 0);
  if (first.rank <= 4) return tf.concat([...inputs], axis);
  const at = fromFront(axis, first.rank);
  const [before, after] = [first.shape.slice(0, at), first.shape.slice(at + 1)];
  const value = tf.concat(
    inputs.map((input) => tf.reshape(input, [count(before), input.shape[at] as number, count(after)])),
    1,
  );
  return tf.reshape(value, [...before, value.shape[1] as number, ...after]);
}

/** The operands in one element type. */
function alike(tf: Tfjs, inputs: readonly Tensor[], runtime: RuleContext['runtime']): Tensor[] {
  if (runtime === 'tfjs') return [...inputs];
  const dtype = heldAs(
    promote(
      inputs.map((input) => ({ shape: [], dtype: input.dtype })),
      runtime,
    ),
  );
  return inputs.map((input) => (input.dtype === dtype ? input : casted(tf, input, dtype)));
}

/** Of one operand tfjs makes another handle. */
const ONE_IS_VIEW: Operator['storage'] = { torch: 'copy', tfjs: (inputs) => (inputs.length === 1 ? 'view' : 'copy') };

const concat: Operator = {
  name: 'concat',
  autocast: 'widest',
  strides: imageLayout,
  gradient: 'parted',
  doc: 'Joined along `axis`; all other sizes agree: js.tensorflow.org/api/latest/#concat.',
  reads: 'along',
  shape: concatShape,
  storage: ONE_IS_VIEW,
  kernel: tidied((tf, inputs, attributes, { runtime }) => {
    return inputs.length === 1 ? tf.clone(operand(inputs, 0)) : joined(tf, alike(tf, inputs, runtime), readNumber(attributes, 'axis', 0));
  }),
};

function stackShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [first] = inputs;
  if (!first) return failure([], 'empty', { operator: 'stack', reason: 'no tensors are given' });
  const [rank, dtype] = [first.shape.length, joinedType(inputs, context)];
  const { axis, problem } = readAxis(attributes, 'axis', rank + 1, 0);
  if (axis === undefined) return withProblem([tensorType(unknownShape(rank + 1), dtype)], problem, UNKNOWN_AXIS);
  const { shape, demands } = agreeing(inputs, 'stack', context);
  const outputs = [tensorType(shape.toSpliced(axis, 0, constant(inputs.length)), dtype)];
  const odd = otherRank(inputs);
  if (odd >= 0)
    return failure(outputs, 'rank', { operator: 'stack', reason: `${rank} axes are wanted, ${inputs[odd]?.shape.length ?? 0} given` }, [
      { input: 0 },
      { input: odd },
    ]);
  const mixed = context.runtime === 'tfjs' ? inputs.findIndex((input) => input.dtype !== dtype) : -1;
  if (mixed < 0) return results(outputs, demands);
  return { ...failure(outputs, 'dtype', { operator: 'stack', expected: dtype, dtype: inputs[mixed]?.dtype ?? '' }, [{ input: mixed }]), demands };
}

const stack: Operator = {
  name: 'stack',
  autocast: 'widest',
  strides: 'rows',
  gradient: 'parted',
  doc: 'Joined along a new axis: js.tensorflow.org/api/latest/#stack.',
  reads: 'along',
  shape: stackShape,
  storage: ONE_IS_VIEW,
  kernel: tidied((tf, inputs, attributes, { runtime }) => {
    const axis = fromFront(readNumber(attributes, 'axis', 0), operand(inputs, 0).rank + 1);
    const rows = alike(tf, inputs, runtime).map((input) => tf.reshape(input, input.shape.toSpliced(axis, 0, 1)));
    return inputs.length === 1 ? operand(rows, 0) : joined(tf, rows, axis);
  }),
};

/** The parts' sizes, with what must hold for them to be the whole. */
function partsOf(whole: Dim, axis: number, attributes: Attributes, context: RuleContext): { sizes: readonly Dim[]; demands: readonly Demand[] } {
  const at = [{ input: 0, axis }];
  const parts = Array.isArray(attributes.sizes) ? undefined : numberOf(attributes.sizes);
  if (parts !== undefined) {
    const [divisor, each] = [constant(parts), floorDivide(whole, constant(parts), context.facts)];
    return { sizes: Array.from({ length: Math.max(0, Math.trunc(parts)) }, () => each), demands: mustDivide(divisor, whole, 'split', at) };
  }
  const items = listOf(attributes.sizes);
  const read = items.map((item) => wholeSize(item, 'split', context));
  const demands = read.flatMap((each) => each.demands);
  const hole = items.findIndex((item) => numberOf(item) === -1);
  const named = sum(read.filter((_, index) => index !== hole).map(({ size }) => size));
  const sizes = read.map(({ size }, index) => (index === hole ? subtract(whole, named) : size));
  return { sizes, demands: [...demands, ...(hole < 0 ? mustEqual(named, whole, 'split', at, context) : mustBeAtMost(named, whole, 'split', at))] };
}

function splitShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, 0);
  const { sizes, demands } = partsOf(axis === undefined ? UNKNOWN : sizeAt(x.shape, axis), axis ?? 0, attributes, context);
  const outputs = sizes.map((size) => tensorType(axis === undefined ? unknownShape(x.shape.length) : withSize(x.shape, axis, size), x.dtype));
  if (axis === undefined) return withProblem(outputs, problem, UNKNOWN_AXIS);
  const lists = Array.isArray(attributes.sizes);
  const numbers = listOf(attributes.sizes).map(numberOf);
  if (!lists && numbers[0] === undefined) return { outputs, unknown: 'how many parts there are is not known' };
  const holes = numbers.filter((item) => item === -1).length;
  // tfjs reckons a -1 in the first place wrongly, and then throws.
  const bad =
    numbers.some((item) => item !== undefined && (item < -1 || !Number.isInteger(item))) ||
    holes > 1 ||
    (context.runtime === 'tfjs' && lists && numbers[0] === -1);
  return bad || (!lists && (numbers[0] ?? 0) < 1)
    ? failure(outputs, 'argument', { operator: 'split', reason: `it cannot be split into ${numbers.join(', ')}` })
    : results(outputs, demands);
}

/** Cuts along an axis, part after part. */
function cut(tf: Tfjs, x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, at) => (at === axis ? start : 0));
    start += size;
    return sliceAt(
      tf,
      x,
      begin,
      x.shape.map((whole, at) => (at === axis ? size : whole)),
    );
  });
}

const split: Operator = {
  name: 'split',
  strides: parted,
  doc: 'Into so many equal parts, or into parts of `sizes` (one may be -1), along `axis`: js.tensorflow.org/api/latest/#split.',
  reads: 'along',
  shape: ([x], attributes, context) =>
    x ? splitShape(x, attributes, context) : failure([], 'argument', { operator: 'split', reason: 'an operand is missing' }),
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const axis = fromFront(readNumber(attributes, 'axis', 0), x.rank);
    const whole = x.shape[axis] as number;
    const given = readNumbers(attributes, 'sizes') ?? [1];
    if (!Array.isArray(attributes.sizes)) return cut(tf, x, axis, Array<number>(given[0] ?? 1).fill(whole / (given[0] ?? 1)));
    const named = given.filter((size) => size >= 0).reduce((total, size) => total + size, 0);
    return cut(
      tf,
      x,
      axis,
      given.map((size) => (size < 0 ? whole - named : size)),
    );
  }),
};

const unstack: Operator = {
  name: 'unstack',
  strides: unstacked,
  doc: 'One tensor for each place along `axis`, which goes: js.tensorflow.org/api/latest/#unstack.',
  reads: 'along',
  shape([x], attributes) {
    if (!x) return failure([], 'argument', { operator: 'unstack', reason: 'an operand is missing' });
    const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, 0);
    if (axis === undefined) return withProblem([], problem, UNKNOWN_AXIS);
    const parts = asConstant(sizeAt(x.shape, axis));
    if (parts === undefined) return { outputs: [], unknown: 'how many parts there are is not known' };
    return results(Array.from({ length: parts }, () => tensorType(x.shape.toSpliced(axis, 1), x.dtype)));
  },
  storage: { torch: 'view', tfjs: 'copy' },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const axis = fromFront(readNumber(attributes, 'axis', 0), x.rank);
    const parts = cut(tf, x, axis, Array<number>(x.shape[axis] as number).fill(1));
    return parts.map((part) => tf.reshape(part, x.shape.toSpliced(axis, 1)));
  }),
};

/** Axis of each operand in the grid: 'xy' changes the first two places. */
function gridOrder(length: number, attributes: Attributes, { runtime }: Pick<RuleContext, 'runtime'>): number[] {
  const order = Array.from({ length }, (_, axis) => axis);
  const swapped = readText(attributes, 'indexing', runtime === 'tfjs' ? 'xy' : 'ij') === 'xy' && length > 1;
  return swapped ? [1, 0, ...order.slice(2)] : order;
}

const meshgrid: Operator = {
  name: 'meshgrid',
  doc: "Each operand's values along an axis of its own: js.tensorflow.org/api/latest/#meshgrid.",
  shape(inputs, attributes, context) {
    const sizes = inputs.map(({ shape }) => product(shape));
    const shape = gridOrder(sizes.length, attributes, context).map((axis) => sizes[axis] ?? UNKNOWN);
    const indexing = readText(attributes, 'indexing', 'xy');
    const outputs = inputs.map(({ dtype }) => tensorType(shape, dtype));
    return indexing === 'xy' || indexing === 'ij'
      ? results(outputs)
      : failure(outputs, 'argument', { operator: 'meshgrid', reason: `indexing is '${indexing}': 'xy' and 'ij' are taken` });
  },
  storage: { torch: 'view', tfjs: (inputs) => (inputs.length === 1 ? 'view' : 'copy') },
  kernel: tidied((tf, inputs, attributes, context) => {
    const order = gridOrder(inputs.length, attributes, context);
    const shape = order.map((axis) => inputs[axis]?.size ?? 1);
    return inputs.map((input, index) => {
      const line = tf.reshape(
        input,
        shape.map((size, at) => (order[at] === index ? size : 1)),
      );
      const grid = broadcastTo(tf, line, shape);
      return inputs.length === 1 || line.size !== grid.size
        ? grid
        : tf.tile(
            line,
            shape.map(() => 1),
          );
    });
  }),
};

/** Joined and taken apart. */
export const joining = { concat, stack, split, unstack, meshgrid } satisfies Record<string, Operator>;
