/** Kernels at ranks above a back end's limit give what they give below it. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { elementwise, onLastAxis, transpose } from '../../src/ops/kernels';
import { multiplyMatrices } from '../../src/ops/products';
import { difference, tf } from './harness';

const SHAPE = [2, 1, 3, 2, 2, 3, 1, 2];
const permutations = fc.shuffledSubarray([...SHAPE.keys()], { minLength: SHAPE.length });

function example(shape: readonly number[], seed: number) {
  const values = tf.range(
    0,
    shape.reduce((all, length) => all * length, 1),
  );
  return tf.reshape(tf.sin(tf.add(values, seed)), [...shape]);
}

it('transposes eight axes as the processor does', () => {
  fc.assert(
    fc.property(permutations, (perm) => {
      const x = example(SHAPE, 0);
      const [folded, plain] = [transpose(tf, x, perm), tf.transpose(x, perm)];
      expect(folded.shape).toEqual(plain.shape);
      expect(difference(folded, plain)).toBe(0);
      tf.dispose([x, folded, plain]);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

it('adds eight axes that broadcast', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: SHAPE.length, maxLength: SHAPE.length }), (narrow) => {
      const [a, b] = [
        example(SHAPE, 1),
        example(
          SHAPE.map((length, axis) => (narrow[axis] ? 1 : length)),
          2,
        ),
      ];
      const [folded, plain] = [elementwise(tf, [a, b], (left, right) => tf.add(left, right)), tf.add(a, b)];
      expect(folded.shape).toEqual(plain.shape);
      expect(difference(folded, plain)).toBe(0);
      tf.dispose([a, b, folded, plain]);
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

it('multiplies matrices whose batches cross, where tfjs alone pairs the wrong ones', () => {
  const [a, b] = [example([2, 1, 3, 4], 3), example([1, 3, 4, 2], 4)];
  const expected = tf.sum(tf.mul(tf.expandDims(a, -1), tf.expandDims(b, -3)), -2);
  expect(difference(multiplyMatrices(tf, a, b), expected)).toBeLessThan(1e-5);
});

it('runs on the last axis, whichever it was', () => {
  const x = example([2, 3, 4], 5);
  const made = onLastAxis(tf, x, 1, (moved) => tf.cumsum(moved, moved.rank - 1));
  expect(difference(made, tf.cumsum(x, 1))).toBeLessThan(1e-6);
});
