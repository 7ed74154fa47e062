/** Samples of Fourier transforms and of complex numbers. */
import * as fc from 'fast-check';
import type { Tensor } from '../../../src/ops/operator';
import type { spectral } from '../../../src/ops/spectral';
import { casesBy, oneOf, type Sample, shapeOf, size } from '../sample';

/** The transform of one axis by its definition. */
function byDefinition(rows: readonly number[][], length: number, inverse: boolean): [number, number][][] {
  return rows.map((row) =>
    Array.from({ length }, (_, k): [number, number] => {
      const turns = row.slice(0, length).map((value, n) => ({ value, angle: ((inverse ? 2 : -2) * Math.PI * k * n) / length }));
      const total = (fn: (angle: number) => number): number => turns.reduce((sum, { value, angle }) => sum + value * fn(angle), 0) / (inverse ? length : 1);
      return [total(Math.cos), total(Math.sin)];
    }),
  );
}

const plain = (
  call: Sample['reference'],
  cases = casesBy((draw) => ({ inputs: [{ shape: draw(shapeOf(1, 3)) }], attributes: {}, runtime: 'torch' })),
): Sample => ({
  cases,
  ...(call ? { reference: call } : {}),
});

export const spectralSamples: Record<keyof typeof spectral, Sample> = {
  fourier: {
    cases: casesBy((draw) => {
      const rank = draw(fc.integer({ min: 1, max: 3 }));
      const shape = Array.from({ length: rank }, () => draw(fc.integer({ min: 2, max: 5 })));
      const axes = draw(fc.shuffledSubarray([...shape.keys()], { minLength: 1 }));
      const sizes = draw(fc.boolean()) ? axes.map(() => size(draw(fc.integer({ min: 2, max: 6 })))) : null;
      return {
        inputs: [{ shape }],
        attributes: { mode: draw(oneOf('fft', 'ifft', 'rfft', 'irfft')), axes, sizes, norm: draw(oneOf('backward', 'ortho')) },
        runtime: 'torch',
      };
    }),
    reference: (tf, [given], { mode, axes, sizes, norm }) => {
      const x = given as Tensor;
      if (x.rank !== 1 || sizes !== null || norm !== 'backward' || mode === 'irfft' || (axes as number[]).length !== 1) return undefined;
      const [made = []] = byDefinition([Array.from(x.dataSync())], x.size, mode === 'ifft');
      const kept = mode === 'rfft' ? made.slice(0, Math.floor(x.size / 2) + 1) : made;
      return tf.complex(
        kept.map(([real]) => real),
        kept.map(([, imaginary]) => imaginary),
      );
    },
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { mode: 'fft', axes: [2] }, runtime: 'torch' }],
  },
  real: plain((tf, [x]) => tf.clone(x as Tensor)),
  imaginary: plain((tf, [x]) => tf.mul(x as Tensor, 0)),
  complex: plain(
    (tf, [a, b], { polar }) =>
      polar === true ? tf.complex(tf.mul(a as Tensor, tf.cos(b as Tensor)), tf.mul(a as Tensor, tf.sin(b as Tensor))) : tf.complex(a as Tensor, b as Tensor),
    casesBy((draw) => {
      const shape = draw(shapeOf(1, 3));
      return { inputs: [{ shape }, { shape }], attributes: { polar: draw(fc.boolean()) }, runtime: 'torch' };
    }),
  ),
  complexParts: plain((tf, [x]) => tf.stack([x as Tensor, tf.zerosLike(x as Tensor)], -1)),
  complexOf: {
    ...plain(
      (tf, [x]) => {
        const [real, imaginary] = tf.split(x as Tensor, 2, -1) as [Tensor, Tensor];
        return tf.complex(tf.squeeze(real, [-1]), tf.squeeze(imaginary, [-1]));
      },
      casesBy((draw) => ({ inputs: [{ shape: [...draw(shapeOf(1, 2)), 2] }], attributes: {}, runtime: 'torch' })),
    ),
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: {}, runtime: 'torch' }],
  },
  angle: plain((tf, [x]) => tf.where(tf.less(x as Tensor, 0), tf.fill((x as Tensor).shape, Math.PI), tf.zerosLike(x as Tensor))),
  conjugate: plain((tf, [x]) => tf.clone(x as Tensor)),
};
