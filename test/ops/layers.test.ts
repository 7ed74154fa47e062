/** The merging layers of tfjs broadcast by a rule of their own. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { type OperatorName, operator } from '../../src/ops/table';
import { difference, objections, ruleAt, runKernel, shapesAt, tensorsOf } from './harness';

beforeAll(() => tf.setBackend('cpu'));

const MERGES: readonly (readonly [OperatorName, () => { apply(inputs: tf.Tensor[]): unknown }])[] = [
  ['add', () => layers.add()],
  ['mul', () => layers.multiply()],
  ['maximum', () => layers.maximum()],
];

const SHAPES = [
  [
    [2, 4, 5, 3],
    [2, 3],
  ],
  [
    [2, 4, 3],
    [2, 4, 3],
  ],
  [
    [2, 3],
    [2, 4, 5, 3],
  ],
  [
    [2, 4, 5, 3],
    [2, 5, 3],
  ],
  [
    [2, 4, 5, 3],
    [2, 1, 1, 3],
  ],
] as const;

it.each(MERGES.flatMap(([name, layer]) => SHAPES.map((shapes) => ({ name, layer, shapes }))))('$name of $shapes', async ({ name, layer, shapes }) => {
  const given = { inputs: shapes.map((shape) => ({ shape })), attributes: { rule: 'layers' } };
  const rule = ruleAt(operator(name), given);
  const inputs = tensorsOf(given.inputs);
  const [made] = await runKernel(operator(name), inputs, given);
  const expected = layer().apply(inputs) as tf.Tensor;
  expect(objections(rule, {})).toEqual([]);
  expect(shapesAt(rule, {})).toEqual([expected.shape]);
  expect(difference(made as tf.Tensor, expected)).toBeLessThan(1e-6);
});
