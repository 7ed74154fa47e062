/** Above the ranks that WebGL takes, axes are folded around a kernel: the values are those of the CPU back end, which takes any rank. */
import { beforeAll, expect, it } from 'vitest';
import type { BoundAttributes, Tensor } from '../../src/ops/operator';
import { type OperatorName, operator } from '../../src/ops/table';
import { difference } from './harness';
import { tf, webglLimited } from './limits';

beforeAll(() => tf.setBackend('cpu'));

const SHAPE = [2, 1, 3, 2, 1, 2, 3];
const PERM = [6, 2, 0, 5, 3, 1, 4];
const tensor = (shape: number[] = SHAPE): Tensor =>
  tf.reshape(
    tf.range(
      0,
      shape.reduce((all, each) => all * each, 1),
    ),
    shape,
  );
const odd = (x: Tensor): Tensor => tf.greater(tf.mod(x, 2), 0);

const norm = (x: Tensor): Tensor => {
  const { mean, variance } = tf.moments(x, 6, true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
};

const cases: readonly [OperatorName, () => Tensor[], BoundAttributes, (x: Tensor) => Tensor][] = [
  ['transpose', () => [tensor()], { perm: PERM }, (x) => tf.transpose(x, PERM)],
  ['where', () => [odd(tensor()), tensor(), tensor([2, 3])], {}, (x) => tf.where(odd(x), x, tensor([2, 3]))],
  ['reverse', () => [tensor()], { axes: [2, 6] }, (x) => tf.reverse(x, [2, 6])],
  ['tile', () => [tensor()], { reps: [1, 2, 1, 3, 1, 1, 2] }, (x) => tf.tile(x, [1, 2, 1, 3, 1, 1, 2])],
  ['broadcastTo', () => [tensor()], { shape: [2, 4, 3, 2, 5, 2, 3] }, (x) => tf.broadcastTo(x, [2, 4, 3, 2, 5, 2, 3])],
  ['slice', () => [tensor()], { begin: [1, 0, 1], size: [1, 1, 2] }, (x) => tf.slice(x, [1, 0, 1], [1, 1, 2])],
  [
    'pad',
    () => [tensor()],
    { paddings: SHAPE.map((_, axis) => [axis % 2, axis % 3]), mode: 'constant', value: 7 },
    (x) =>
      tf.pad(
        x,
        SHAPE.map((_, axis): [number, number] => [axis % 2, axis % 3]),
        7,
      ),
  ],
  ['cumsum', () => [tensor()], { axis: 2 }, (x) => tf.cumsum(x, 2)],
  ['add', () => [tensor(), tensor([3, 1, 1, 2, 1])], {}, (x) => tf.add(x, tensor([3, 1, 1, 2, 1]))],
  ['relu', () => [tensor()], {}, (x) => tf.relu(x)],
  ['clip', () => [tensor()], { min: 3, max: 40 }, (x) => tf.clipByValue(x, 3, 40)],
  ['sum', () => [tensor()], { axes: [0, 3, 6], keepDims: true }, (x) => tf.sum(x, [0, 3, 6], true)],
  ['max', () => [tensor()], { axes: [2, 5] }, (x) => tf.max(x, [2, 5])],
  ['argMax', () => [tensor()], { axis: 2 }, (x) => tf.argMax(x, 2)],
  ['softmax', () => [tensor()], { axis: 2 }, (x) => tf.transpose(tf.softmax(tf.transpose(x, [0, 1, 6, 3, 4, 5, 2])), [0, 1, 6, 3, 4, 5, 2])],
  ['cast', () => [tensor()], { dtype: 'bool' }, (x) => tf.cast(x, 'bool')],
  ['any', () => [odd(tensor())], { axes: [0, 2] }, (x) => tf.any(odd(x), [0, 2])],
  ['logSumExp', () => [tf.div(tensor(), 99)], { axes: [6], keepDims: true }, (x) => tf.logSumExp(tf.div(x, 99), [6], true)],
  ['stack', () => [tensor(), tensor()], { axis: -1 }, (x) => tf.stack([x, x], 7)],
  [
    'gather',
    () => [tensor(), tf.tensor2d([[1, 0]], [1, 2], 'int32')],
    { axis: 3, batchDims: 0 },
    (x) => tf.gather(x, tf.tensor2d([[1, 0]], [1, 2], 'int32'), 3),
  ],
  ['stridedSlice', () => [tensor()], { begin: [null, 0], end: [null, null], strides: [1, 1], ellipsis: 1 }, (x) => x],
  ['layerNorm', () => [tensor()], { axes: [-1], scale: false, center: false }, (x) => norm(x)],
  ['roll', () => [tensor()], { shifts: [1], axes: [2] }, (x) => tf.gather(x, tf.tensor1d([2, 0, 1], 'int32'), 2)],
  ['repeat', () => [tensor()], { repeats: 2, axis: 0 }, (x) => tf.gather(x, tf.tensor1d([0, 0, 1, 1], 'int32'), 0)],
  ['matmul', () => [tensor(), tensor()], { transposeB: true }, (x) => tf.matMul(x, x, false, true)],
  ['concat', () => [tensor(), tensor()], { axis: 3 }, (x) => tf.concat([x, x], 3)],
];

it.each(cases)('%s at rank 7', async (name, inputs, attributes, expected) => {
  const before = tf.memory().numTensors;
  const operands = tf.tidy(inputs);
  const made = await operator(name).kernel(webglLimited, operands, attributes, { runtime: 'tfjs', training: false, seed: () => 1 });
  const value = made as Tensor;
  const right = tf.tidy(() => expected(tensor()));
  expect(value.shape).toEqual(right.shape);
  expect(difference(value, right)).toBeLessThan(1e-6);
  tf.dispose([...operands, value, right]);
  expect(tf.memory().numTensors).toBe(before);
});
