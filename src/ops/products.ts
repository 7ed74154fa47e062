/** Products: matrix products and their relatives. */
import { type Dim, isUnknown, multiply, ONE, product } from '../dim/index';
import { readFlag, readNumber } from './attributes';
import { promote } from './dtypes';
import { einsum } from './einsum';
import { crosswise } from './kept';
import { broadcastShape, broadcastTo, count, operand, tidied } from './kernels';
import { productLayout } from './layouts';
import type { Attributes, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { linearSteps, matmulSteps } from './productSteps';
import { broadcast, failure, mustEqual, result, sizeAt, tensorType } from './rules';

/** A matrix operand's axes: the one that stays and the one that is summed over. A vector has no axis that stays. */
function matrixAxes(rank: number, transposed: boolean, side: 'left' | 'right'): { kept: number | undefined; summed: number } {
  if (rank === 1) return { kept: undefined, summed: 0 };
  const summedIsLast = (side === 'left') !== transposed;
  return summedIsLast ? { kept: rank - 2, summed: rank - 1 } : { kept: rank - 1, summed: rank - 2 };
}

function matmulShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [a, b] = inputs;
  if (a === undefined || b === undefined) return failure(inputs.slice(0, 1), 'argument', { operator: 'matmul', reason: 'an operand is missing' });
  const least = context.runtime === 'tfjs' ? 2 : 1;
  const left = matrixAxes(a.shape.length, readFlag(attributes, 'transposeA'), 'left');
  const right = matrixAxes(b.shape.length, readFlag(attributes, 'transposeB'), 'right');
  const batch = broadcast(
    [
      { shape: a.shape.slice(0, -2), input: 0 },
      { shape: b.shape.slice(0, -2), input: 1 },
    ],
    context,
    'batch',
  );
  const kept = [left.kept === undefined ? [] : [sizeAt(a.shape, left.kept)], right.kept === undefined ? [] : [sizeAt(b.shape, right.kept)]].flat();
  const shape = [...batch.shape, ...kept];
  const dtype = promote(inputs, context.runtime);
  const short = [a, b].findIndex((type) => type.shape.length < least);
  if (short >= 0) return failure([tensorType(shape, dtype)], 'rank', { operator: 'matmul', least, rank: inputs[short]?.shape.length ?? 0 }, [{ input: short }]);
  const contraction = mustEqual(
    sizeAt(a.shape, left.summed),
    sizeAt(b.shape, right.summed),
    'contraction',
    [
      { input: 0, axis: left.summed },
      { input: 1, axis: right.summed },
    ],
    context,
  );
  return result(shape, dtype, [...contraction, ...batch.demands]);
}

/** tfjs pairs batches by their number, modulo: right only where the shorter batch is the end of the longer. Else both are spread out. */
function alignBatches(tf: Tfjs, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = broadcastShape([left, right]);
  const repeats = (own: readonly number[]): boolean => {
    const trimmed = own.slice(own.findIndex((size) => size !== 1));
    return count(own) === 1 || trimmed.every((size, at) => size === batch[batch.length - trimmed.length + at]);
  };
  if (repeats(left) && repeats(right)) return [a, b];
  return [broadcastTo(tf, a, [...batch, ...a.shape.slice(-2)]), broadcastTo(tf, b, [...batch, ...b.shape.slice(-2)])];
}

/** A matrix product with batches that broadcast, of operands with two axes or more. */
export function multiplyMatrices(tf: Tfjs, a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  const [left, right] = alignBatches(tf, a, b);
  return tf.matMul(left, right, transposeA, transposeB);
}

const matmul: Operator = {
  name: 'matmul',
  autocast: 'lower',
  strides: productLayout,
  doc: 'Matrix product over the last two axes; the axes before them broadcast. js.tensorflow.org/api/latest/#matMul, torch.matmul; times `factor` where one is given.',
  reads: 'product',
  shape: matmulShape,
  macs: (inputs, outputs, attributes) => {
    const shape = inputs[0]?.shape ?? [];
    const { summed } = matrixAxes(shape.length, readFlag(attributes, 'transposeA'), 'left');
    return multiply(product(outputs[0]?.shape ?? []), sizeAt(shape, summed));
  },
  saved: (inputs, _outputs, _attributes, mode) => crosswise(inputs, mode),
  torchSteps: (inputs, at, _attributes, outputs, mode) => matmulSteps(inputs, at, outputs, mode),
  kernel: tidied((tf, inputs, attributes) => {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    const left = a.rank === 1 ? tf.expandDims(a, 0) : a;
    const right = b.rank === 1 ? tf.expandDims(b, 1) : b;
    const made = multiplyMatrices(tf, left, right, a.rank > 1 && readFlag(attributes, 'transposeA'), b.rank > 1 && readFlag(attributes, 'transposeB'));
    const shape = [...made.shape.slice(0, -2), ...(a.rank === 1 ? [] : made.shape.slice(-2, -1)), ...(b.rank === 1 ? [] : made.shape.slice(-1))];
    const scaled = attributes.factor === undefined ? made : tf.mul(made, readNumber(attributes, 'factor', 1));
    return tf.reshape(scaled, shape);
  }),
};

const dot: Operator = {
  name: 'dot',
  autocast: 'widest',
  doc: 'Product of vectors or matrices: js.tensorflow.org/api/latest/#dot; of two vectors: torch.dot.',
  reads: 'product',
  shape: (inputs, _attributes, context) => {
    const [a, b] = inputs;
    if (a === undefined || b === undefined) return failure(inputs.slice(0, 1), 'argument', { operator: 'dot', reason: 'an operand is missing' });
    const most = context.runtime === 'tfjs' ? 2 : 1;
    const dtype = promote(inputs, context.runtime);
    const [last, first] = [a.shape.length - 1, Math.max(0, b.shape.length - 2)];
    const shape = [...a.shape.slice(0, -1), ...b.shape.filter((_, axis) => axis !== first)];
    const wrong = [a, b].findIndex((type) => type.shape.length < 1 || type.shape.length > most);
    if (wrong >= 0)
      return failure([tensorType(shape, dtype)], 'rank', { operator: 'dot', least: 1, most, rank: inputs[wrong]?.shape.length ?? 0 }, [{ input: wrong }]);
    return result(
      shape,
      dtype,
      mustEqual(
        sizeAt(a.shape, last),
        sizeAt(b.shape, first),
        'contraction',
        [
          { input: 0, axis: last },
          { input: 1, axis: first },
        ],
        context,
      ),
    );
  },
  macs: (inputs, outputs) => multiply(product(outputs[0]?.shape ?? []), inputs[0]?.shape.at(-1) ?? ONE),
  saved: (inputs, _outputs, _attributes, mode) => crosswise(inputs, mode),
  kernel: (tf, inputs) => tf.dot(operand(inputs, 0), operand(inputs, 1)),
};

const outerProduct: Operator = {
  name: 'outerProduct',
  doc: 'Every product of an element of one vector with one of the other: js.tensorflow.org/api/latest/#outerProduct, torch.outer.',
  shape: (inputs, _attributes, context) => {
    const [a, b] = inputs;
    if (a === undefined || b === undefined) return failure(inputs.slice(0, 1), 'argument', { operator: 'outerProduct', reason: 'an operand is missing' });
    const output = tensorType([product(a.shape), product(b.shape)], promote(inputs, context.runtime));
    const wrong = [a, b].findIndex((type) => type.shape.length !== 1);
    if (wrong >= 0)
      return failure([output], 'rank', { operator: 'outerProduct', least: 1, most: 1, rank: inputs[wrong]?.shape.length ?? 0 }, [{ input: wrong }]);
    return { outputs: [output] };
  },
  saved: (inputs, _outputs, _attributes, mode) => crosswise(inputs, mode),
  kernel: (tf, inputs) => tf.outerProduct(operand(inputs, 0) as never, operand(inputs, 1) as never),
};

function linearShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [x, weight, bias] = inputs;
  if (x === undefined || weight === undefined) return failure(inputs.slice(0, 1), 'argument', { operator: 'linear', reason: 'an operand is missing' });
  const [inner, outer] = readFlag(attributes, 'transposeWeight') ? [1, 0] : [0, 1];
  const features = sizeAt(weight.shape, outer);
  const output = tensorType([...x.shape.slice(0, -1), features], promote([x, weight], context.runtime));
  if (weight.shape.length !== 2) return failure([output], 'rank', { operator: 'linear', least: 2, most: 2, rank: weight.shape.length }, [{ input: 1 }]);
  const least = context.runtime === 'tfjs' ? 2 : 1;
  if (x.shape.length < least) return failure([output], 'rank', { operator: 'linear', least, rank: x.shape.length }, [{ input: 0 }]);
  if (bias !== undefined && bias.shape.length !== 1)
    return failure([output], 'rank', { operator: 'linear', least: 1, most: 1, rank: bias.shape.length }, [{ input: 2 }]);
  const last = x.shape.length - 1;
  return result(output.shape, output.dtype, [
    ...mustEqual(
      sizeAt(x.shape, last),
      sizeAt(weight.shape, inner),
      'features',
      [
        { input: 0, axis: last },
        { input: 1, axis: inner },
      ],
      context,
    ),
    ...(bias === undefined
      ? []
      : mustEqual(
          features,
          sizeAt(bias.shape, 0),
          'features',
          [
            { input: 1, axis: outer },
            { input: 2, axis: 0 },
          ],
          context,
        )),
  ]);
}

/** The size that a linear layer sums over, from whichever operand tells it. */
function linearInner(inputs: readonly TensorType[], attributes: Attributes): Dim {
  const told = inputs[0]?.shape.at(-1) ?? ONE;
  return isUnknown(told) ? sizeAt(inputs[1]?.shape ?? [], readFlag(attributes, 'transposeWeight') ? 1 : 0) : told;
}

const linear: Operator = {
  name: 'linear',
  autocast: 'lower',
  strides: 'rows',
  doc: 'x·weight + bias over the last axis, weight [in, out], or [out, in] with `transposeWeight`: js.tensorflow.org/api/latest/#layers.dense, torch.nn.Linear.',
  reads: 'product',
  shape: linearShape,
  macs: (inputs, outputs, attributes) => multiply(product(outputs[0]?.shape ?? []), linearInner(inputs, attributes)),
  saved: (inputs, _outputs, _attributes, mode) => crosswise(inputs, mode),
  torchSteps: (inputs, at, attributes, outputs) => linearSteps(inputs, at, attributes, inputs.length, outputs),
  kernel: tidied((tf, inputs, attributes) => {
    const [x, weight, bias] = [operand(inputs, 0), operand(inputs, 1), inputs[2]];
    const made = tf.matMul(tf.reshape(x, [count(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1]), weight, false, readFlag(attributes, 'transposeWeight'));
    const shape = [...x.shape.slice(0, -1), made.shape[1] ?? 1];
    return tf.reshape(bias === undefined ? made : tf.add(made, bias), shape);
  }),
};

/** The family, by name. */
export const products = { matmul, dot, outerProduct, linear, einsum } satisfies Record<string, Operator>;
