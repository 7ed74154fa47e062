/** Samples of operators that are computed from the values themselves. */
import * as fc from 'fast-check';
import type { onData } from '../../../src/ops/onData';
import type { Tensor } from '../../../src/ops/operator';
import { type Case, casesBy, type Draw, type Sample, shapeOf } from '../sample';

function alongOne(draw: Draw, more: Case['attributes'] = {}): Case {
  const shape = draw(shapeOf(1, 4));
  return { inputs: [{ shape }], attributes: { ...more, axis: draw(fc.integer({ min: -shape.length, max: shape.length - 1 })) }, runtime: 'torch' };
}

const wrong: Sample['wrong'] = [{ inputs: [{ shape: [2, 3] }], attributes: { axis: 2 }, runtime: 'torch' }];

/** Of a vector the running extremes by their definition. */
const running = (most: (...values: number[]) => number): Sample => ({
  cases: casesBy((draw) => alongOne(draw)),
  reference: (tf, [given]) => {
    const x = given as Tensor;
    if (x.rank !== 1) return undefined;
    const values = Array.from(x.dataSync());
    const found = values.map((_, at) => most(...values.slice(0, at + 1)));
    return [
      tf.tensor1d(found),
      tf.tensor1d(
        found.map((value, at) => values.slice(0, at + 1).lastIndexOf(value)),
        'int32',
      ),
    ];
  },
  wrong,
});

const matrices = casesBy((draw) => {
  const n = draw(fc.integer({ min: 1, max: 4 }));
  const batch = draw(shapeOf(0, 2));
  const count = batch.reduce((all, size) => all * size, 1);
  const values = Array.from({ length: count * n * n }, (_, at) => (Math.floor((at % (n * n)) / n) === at % n ? 3 : ((at * 7) % 5) / 5));
  return { inputs: [{ shape: [...batch, n, n], values }], attributes: {}, runtime: 'torch' };
});

const notSquare: Sample['wrong'] = [{ inputs: [{ shape: [2, 3] }], attributes: {}, runtime: 'torch' }];

export const onDataSamples: Record<keyof typeof onData, Sample> = {
  cumMax: running(Math.max),
  cumMin: running(Math.min),
  mode: {
    cases: casesBy((draw) => {
      const given = alongOne(draw, { keepDims: draw(fc.boolean()) });
      return { ...given, inputs: given.inputs.map((input) => ({ ...input, dtype: 'int32', range: [0, 2] })) };
    }),
    wrong,
  },
  quantile: {
    cases: casesBy((draw) => alongOne(draw, { q: draw(fc.constantFrom<number | number[]>(1, [0, 1])), keepDims: draw(fc.boolean()) })),
    reference: (tf, [x], { q, axis, keepDims }) => {
      const [low, high] = [tf.min(x as Tensor, axis as number, keepDims === true), tf.max(x as Tensor, axis as number, keepDims === true)];
      return Array.isArray(q) ? tf.stack([low, high]) : high;
    },
    wrong,
  },
  matrixInverse: {
    cases: matrices,
    wrong: notSquare,
  },
  determinant: {
    cases: matrices,
    reference: (tf, [given]) => {
      const x = given as Tensor;
      if (x.rank !== 2 || x.shape[0] !== 2) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = x.dataSync();
      return tf.scalar(a * d - b * c);
    },
    wrong: notSquare,
  },
};
