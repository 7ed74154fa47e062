/** Weights that are normalised on each call: by their largest singular value, or to a length of their own. */
import { constant, multiply, ONE, product } from '../dim/index';
import { readNumber, readText } from './attributes';
import { BYTES, floated } from './dtypes';
import { operand, tidied } from './kernels';
import type { Operator, Tensor, Tfjs } from './operator';
import { failure, mustEqual, result, sizeAt } from './rules';

/** A vector brought to length 1. */
const unit = (tf: Tfjs, x: Tensor, epsilon: number): Tensor => tf.div(x, tf.maximum(tf.sqrt(tf.sum(tf.square(x))), epsilon));

/** A matrix times a vector; `turned`: the matrix's rows stand for its columns. */
function onVector(tf: Tfjs, matrix: Tensor, vector: Tensor, turned: boolean): Tensor {
  const column = tf.reshape(vector, [vector.size, 1]) as Parameters<Tfjs['matMul']>[0];
  return tf.reshape(tf.matMul(matrix as typeof column, column, turned, false), [-1]);
}

const powerIterated: Operator = {
  name: 'powerIterated',
  doc: 'One of the two singular vectors that a module keeps of a weight: in training brought nearer by `iterations` rounds, of which `first` says the side that begins: pytorch.org/docs/stable/generated/torch.nn.utils.spectral_norm.html.',
  strides: 'rows',
  shape([own, other, matrix], attributes, context) {
    if (own?.shape.length !== 1 || other?.shape.length !== 1 || matrix?.shape.length !== 2)
      return failure(own ? [own] : [], 'argument', { operator: 'powerIterated', reason: 'two vectors and a matrix are wanted' });
    const axis = readText(attributes, 'side') === 'left' ? 0 : 1;
    const fits = (input: number, shape: typeof own.shape, at: number) =>
      mustEqual(
        sizeAt(shape, 0),
        sizeAt(matrix.shape, at),
        'contraction',
        [
          { input, axis: 0 },
          { input: 2, axis: at },
        ],
        context,
      );
    return result(own.shape, own.dtype, [...fits(0, own.shape, axis), ...fits(1, other.shape, 1 - axis)]);
  },
  storage: {
    torch: (_inputs, { copies }, at) => (copies === true || at?.training === true ? 'copy' : 'view'),
    tfjs: 'copy',
  },
  kernel: tidied((tf, inputs, attributes, { training }) => {
    const [own, other, matrix] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const isLeft = readText(attributes, 'side') === 'left';
    const beginsLeft = readText(attributes, 'first') === 'left';
    const epsilon = readNumber(attributes, 'epsilon', 1e-12);
    let [left, right] = isLeft ? [own, other] : [other, own];
    for (let round = 0; training && round < readNumber(attributes, 'iterations', 1); round++) {
      if (beginsLeft) left = unit(tf, onVector(tf, matrix, right, false), epsilon);
      right = unit(tf, onVector(tf, matrix, left, true), epsilon);
      if (!beginsLeft) left = unit(tf, onVector(tf, matrix, right, false), epsilon);
    }
    return tf.clone(isLeft ? left : right);
  }),
};

const singularValue: Operator = {
  name: 'singularValue',
  doc: "A matrix between its two singular vectors, their singular value. It is of weights alone, and is not counted among a module's products.",
  strides: 'rows',
  shape([matrix, left, right], _attributes, context) {
    if (matrix?.shape.length !== 2 || left?.shape.length !== 1 || right?.shape.length !== 1)
      return failure(matrix ? [{ shape: [], dtype: matrix.dtype }] : [], 'argument', {
        operator: 'singularValue',
        reason: 'a matrix and two vectors are wanted',
      });
    const fits = (input: number, shape: typeof left.shape, axis: number) =>
      mustEqual(
        sizeAt(shape, 0),
        sizeAt(matrix.shape, axis),
        'contraction',
        [
          { input, axis: 0 },
          { input: 0, axis },
        ],
        context,
      );
    return result([], floated(matrix.dtype), [...fits(1, left.shape, 0), ...fits(2, right.shape, 1)]);
  },
  saved: () => ({ inputs: [1, 2] }),
  kernel: tidied((tf, inputs) => tf.sum(tf.mul(operand(inputs, 1), onVector(tf, operand(inputs, 0), operand(inputs, 2), false)))),
};

const weightNorm: Operator = {
  name: 'weightNorm',
  doc: 'A direction `v` brought to the length `g` at each place of `axis`: arxiv.org/abs/1602.07868, torch.nn.utils.weight_norm.',
  strides: 'rows',
  shape([v, g], attributes, context) {
    const axis = readNumber(attributes, 'axis', 0);
    if (!v || !g) return failure(v ? [v] : [], 'argument', { operator: 'weightNorm', reason: 'an operand is missing' });
    if (g.shape.length !== v.shape.length || axis < 0 || axis >= v.shape.length)
      return failure([v], 'axis', { operator: 'weightNorm', axis, rank: v.shape.length }, [{ input: 0 }]);
    const sizes = v.shape.map((size, at) => (at === axis ? size : ONE));
    const demands = sizes.flatMap((size, at) =>
      mustEqual(
        sizeAt(g.shape, at),
        size,
        'broadcast',
        [
          { input: 0, axis: at },
          { input: 1, axis: at },
        ],
        context,
      ),
    );
    return result(v.shape, v.dtype, demands);
  },
  saved: (inputs) => ({
    inputs: [0, 1],
    extra: [{ name: 'norms', bytes: multiply(product(inputs[1]?.shape ?? []), constant(BYTES.float32)), always: true }],
  }),
  kernel: tidied((tf, inputs, attributes) => {
    const [v, g] = [operand(inputs, 0), operand(inputs, 1)];
    const axis = readNumber(attributes, 'axis', 0);
    const others = v.shape.map((_, at) => at).filter((at) => at !== axis);
    const norms = others.length === 0 ? tf.abs(v) : tf.sqrt(tf.sum(tf.square(v), others, true));
    return tf.mul(v, tf.div(g, norms));
  }),
};

/** What is made of weights before they are used. */
export const weightNorms = { powerIterated, singularValue, weightNorm } satisfies Record<string, Operator>;
