/** Tensors made larger by repeating their elements, or at their edges. */
import { add, compare, type Dim, isUnknown, multiply, ONE, same, subtract } from '../dim/index';
import { isGiven, listOf, numberOf, readNumber, readNumbers, readSizes, readText } from './attributes';
import { readAxis, UNKNOWN_AXIS, withProblem } from './axes';
import { alongAxis, broadcastTo as broadcastKernel, operand, padded, tidied, tile as tileKernel } from './kernels';
import { imageLayout, repeated } from './layouts';
import type { Attributes, Demand, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustBeAtMost, mustEqual, result, sizeAt, tensorType, unknownShape, withSize } from './rules';
import { isNegative, type SizeRead, wholeSize, wholeSizes } from './sizes';
import { sliceAt } from './slicing';

/** torch's -1 keeps the operand's size. */
function broadcastTarget(x: TensorType, attributes: Attributes, sizes: readonly Dim[]): Dim[] {
  const items = listOf(attributes.shape);
  return sizes.map((size, axis) => (isNegative(items[axis]) ? sizeAt(x.shape, axis - sizes.length + x.shape.length) : size));
}

function broadcastShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const { sizes, demands, problem } = wholeSizes(attributes, 'shape', 'target', context);
  const shape = broadcastTarget(x, attributes, sizes);
  const more = shape.length - x.shape.length;
  if (more < 0)
    return failure([tensorType(shape, x.dtype)], 'rank', { operator: 'broadcastTo', reason: `${shape.length} axes are wanted, ${x.shape.length} given` }, [
      { input: 0 },
    ]);
  const negative = listOf(attributes.shape).findIndex(isNegative);
  if (problem) return { outputs: [tensorType(shape, x.dtype)], problem };
  if (negative >= 0 && (context.runtime === 'tfjs' || negative < more))
    return failure([tensorType(shape, x.dtype)], 'argument', { operator: 'broadcastTo', reason: 'a size of -1 has no meaning here' });
  const equal = x.shape.flatMap((size, axis) =>
    isOne(size, context) ? [] : mustEqual(size, sizeAt(shape, axis + more), 'target', [{ input: 0, axis }], context),
  );
  return result(shape, x.dtype, [...demands, ...equal]);
}

const isOne = (size: Dim, { facts }: RuleContext): boolean => !isUnknown(size) && compare(size, ONE, facts) === 'equal';

const broadcastTo: Operator = {
  name: 'broadcastTo',
  strides: repeated,
  gradient: 'summed',
  doc: 'Axes of size 1, and new ones in front, repeated to `shape`: js.tensorflow.org/api/latest/#broadcastTo, torch expand.',
  shape: ([x], attributes, context) =>
    x ? broadcastShape(x, attributes, context) : failure([], 'argument', { operator: 'broadcastTo', reason: 'an operand is missing' }),
  storage: {
    torch: 'view',
    tfjs([x], attributes) {
      const target = readSizes(attributes, 'shape');
      const shape = x?.shape ?? [];
      return target.every((size, axis) => same(size, shape[axis - target.length + shape.length] ?? ONE)) ? 'view' : 'copy';
    },
  },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const shape = readNumbers(attributes, 'shape') ?? [];
    return broadcastKernel(
      tf,
      x,
      shape.map((size, axis) => (size < 0 ? (x.shape[axis - shape.length + x.rank] as number) : size)),
    );
  }),
};

function tileShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const { sizes: reps, demands, problem } = wholeSizes(attributes, 'reps', 'target', context);
  const rank = Math.max(reps.length, x.shape.length);
  const at = (sizes: readonly Dim[], axis: number) => sizes[axis - rank + sizes.length] ?? ONE;
  const output = tensorType(
    Array.from({ length: rank }, (_, axis) => multiply(at(x.shape, axis), at(reps, axis))),
    x.dtype,
  );
  if (problem) return { outputs: [output], problem };
  if (context.runtime === 'torch' || reps.length === x.shape.length) return result(output.shape, x.dtype, demands);
  return failure([output], 'rank', { operator: 'tile', reason: `${reps.length} axes are wanted, ${x.shape.length} given` }, [{ input: 0 }]);
}

const tile: Operator = {
  name: 'tile',
  strides: 'rows',
  doc: 'The whole tensor `reps` times along each axis: js.tensorflow.org/api/latest/#tile, torch repeat.',
  shape: ([x], attributes, context) => (x ? tileShape(x, attributes, context) : failure([], 'argument', { operator: 'tile', reason: 'an operand is missing' })),
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    const reps = readNumbers(attributes, 'reps') ?? [];
    const rank = Math.max(reps.length, x.rank);
    const widened = tf.reshape(x, [...Array<number>(rank - x.rank).fill(1), ...x.shape]);
    return tileKernel(tf, widened, [...Array<number>(rank - reps.length).fill(1), ...reps]);
  }),
};

function repeatShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const repeats = wholeSize(attributes.repeats, 'target', context);
  if (!isGiven(attributes, 'axis')) return result([x.shape.reduce(multiply, repeats.size)], x.dtype, repeats.demands);
  const { axis, problem } = readAxis(attributes, 'axis', x.shape.length, 0);
  if (axis === undefined) return withProblem([tensorType(unknownShape(x.shape.length), x.dtype)], problem, UNKNOWN_AXIS);
  return result(withSize(x.shape, axis, multiply(sizeAt(x.shape, axis), repeats.size)), x.dtype, repeats.demands);
}

const repeat: Operator = {
  name: 'repeat',
  strides: 'rows',
  doc: 'Each element `repeats` times along `axis`, or of the flattened tensor: pytorch.org/docs/stable/generated/torch.repeat_interleave.html.',
  shape: ([x], attributes, context) =>
    x ? repeatShape(x, attributes, context) : failure([], 'argument', { operator: 'repeat', reason: 'an operand is missing' }),
  kernel: tidied((tf, inputs, attributes) => {
    const x = isGiven(attributes, 'axis') ? operand(inputs, 0) : tf.reshape(operand(inputs, 0), [-1]);
    const times = readNumber(attributes, 'repeats', 1);
    return alongAxis(tf, x, readNumber(attributes, 'axis', 0), (folded) => {
      const [before = 1, size = 1, after = 1] = folded.shape;
      return tf.reshape(tf.tile(tf.reshape(folded, [before, size, 1, after]), [1, 1, times, 1]), [before, size * times, after]);
    });
  }),
};

type Pair<T> = readonly [T, T];
/** How far a mode reaches into the tensor: at most so much below its size. */
const REACH: { readonly [mode: string]: Dim } = { reflect: ONE, symmetric: subtract(ONE, ONE), circular: subtract(ONE, ONE) };

function readPaddings(attributes: Attributes, context: RuleContext): Pair<SizeRead>[] {
  return listOf(attributes.paddings).map((pair) => {
    const [before, after] = listOf(pair);
    return [wholeSize(before, 'window', context), wholeSize(after, 'window', context)];
  });
}

function padShape(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const paddings = readPaddings(attributes, context);
  if (paddings.length !== x.shape.length) {
    return failure([tensorType(x.shape, x.dtype)], 'rank', { operator: 'pad', reason: `${paddings.length} axes are wanted, ${x.shape.length} given` }, [
      { input: 0 },
    ]);
  }
  const shape = paddings.map(([before, after], axis) => add(sizeAt(x.shape, axis), add(before.size, after.size)));
  const reach = REACH[readText(attributes, 'mode', 'constant')];
  const demands = paddings.flatMap((pair, axis) => pair.flatMap((side) => [...side.demands, ...mustReach(side.size, reach, sizeAt(x.shape, axis), axis)]));
  return result(shape, x.dtype, demands);
}

function mustReach(side: Dim, reach: Dim | undefined, size: Dim, axis: number): Demand[] {
  return reach === undefined || side.text === '0' ? [] : mustBeAtMost(add(side, reach), size, 'window', [{ input: 0, axis }]);
}

/** Where the elements of the padded axis come from. */
function sources(size: number, before: number, after: number, mode: string): number[] {
  const mirrored = (at: number): number => {
    const period = mode === 'reflect' ? Math.max(1, 2 * size - 2) : 2 * size;
    const place = ((at % period) + period) % period;
    return place < size ? place : period - place - (mode === 'reflect' ? 0 : 1);
  };
  const source = (at: number): number => {
    if (mode === 'replicate') return Math.min(size - 1, Math.max(0, at));
    return mode === 'circular' ? ((at % size) + size) % size : mirrored(at);
  };
  return Array.from({ length: before + size + after }, (_, at) => source(at - before));
}

/** Constant padding; below zero it cuts off, as in torch. */
function padConstant(tf: Tfjs, x: Tensor, [before, after]: Pair<number>, axis: number, value: number): Tensor {
  return alongAxis(tf, x, axis, (folded) => {
    const [rows = 1, size = 1, columns = 1] = folded.shape;
    const from = Math.max(0, -before);
    const cut = before < 0 || after < 0 ? tf.slice(folded, [0, from, 0], [rows, size - from - Math.max(0, -after), columns]) : folded;
    return tf.pad(
      cut,
      [
        [0, 0],
        [Math.max(0, before), Math.max(0, after)],
        [0, 0],
      ],
      value,
    );
  });
}

function padKernel(tf: Tfjs, x: Tensor, attributes: Attributes): Tensor {
  const paddings = listOf(attributes.paddings).map((pair): [number, number] => {
    const [before, after] = listOf(pair).map(numberOf);
    return [before ?? 0, after ?? 0];
  });
  const [mode, value] = [readText(attributes, 'mode', 'constant'), readNumber(attributes, 'value', 0)];
  if (mode === 'constant' && paddings.flat().every((side) => side >= 0)) return padded(tf, x, paddings, value);
  if (paddings.flat().every((side) => side === 0))
    return sliceAt(
      tf,
      x,
      x.shape.map(() => 0),
      x.shape,
    );
  return paddings.reduce<Tensor>((padded, [before, after], axis) => {
    if (before === 0 && after === 0) return padded;
    if (mode === 'constant') return padConstant(tf, padded, [before, after], axis, value);
    return tf.gather(padded, tf.tensor1d(sources(padded.shape[axis] as number, before, after, mode), 'int32'), axis);
  }, tf.clone(x));
}

const pad: Operator = {
  name: 'pad',
  strides: imageLayout,
  doc: 'Wider by `paddings`, filled with `value` or from the tensor (`mode`): js.tensorflow.org/api/latest/#pad, #mirrorPad, torch.nn.functional.pad.',
  shape: ([x], attributes, context) => (x ? padShape(x, attributes, context) : failure([], 'argument', { operator: 'pad', reason: 'an operand is missing' })),
  kernel: tidied((tf, inputs, attributes) => padKernel(tf, operand(inputs, 0), attributes)),
};

/** Tensors made larger. */
export const expansion = { broadcastTo, tile, repeat, pad } satisfies Record<string, Operator>;
