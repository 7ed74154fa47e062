/** Samples of factors of matrices. */
import * as fc from 'fast-check';
import type { factors } from '../../../src/ops/factors';
import type { Tensor } from '../../../src/ops/operator';
import { casesBy, type Sample, shapeOf } from '../sample';

export const factorSamples: Record<keyof typeof factors, Sample> = {
  qr: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(2, 3));
      return { inputs: [{ shape }], attributes: { mode: draw(fc.constantFrom('reduced', 'complete')) }, runtime: 'torch' };
    }),
    reference: (tf, [given], { mode }) => ((given as Tensor).rank === 2 ? tf.linalg.qr(given as Tensor, mode === 'complete') : undefined),
    wrong: [{ inputs: [{ shape: [3] }], attributes: {}, runtime: 'torch' }],
  },
};
