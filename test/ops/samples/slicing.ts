/** Samples of parts, order and elements chosen by values. */
import * as fc from 'fast-check';
import type { indexing } from '../../../src/ops/indexing';
import type { BoundAttribute, Tensor } from '../../../src/ops/operator';
import type { slicing } from '../../../src/ops/slicing';
import { casesBy, type Sample, shapeOf, size } from '../sample';

type Draw = <T>(from: fc.Arbitrary<T>) => T;

const numbers = (value: BoundAttribute | undefined): number[] => (value ?? []) as number[];
const between = (draw: Draw, min: number, max: number): number => draw(fc.integer({ min, max }));

export const slicingSamples: Record<keyof typeof slicing, Sample> = {
  slice: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const begin = shape.map((each) => between(draw, 0, each - 1));
      const sizes = shape.map((each, axis) => (draw(fc.boolean()) ? -1 : size(between(draw, 1, each - (begin[axis] ?? 0)))));
      return { inputs: [{ shape }], attributes: { begin, size: sizes } };
    }),
    api: (tf, [x], { begin, size: sizes }) => {
      const part = tf.slice(x as Tensor, numbers(begin), numbers(sizes));
      // From beyond the end tfjs makes a tensor of negative size, and says nothing.
      if (part.shape.some((length) => length < 0)) throw new Error('a negative size');
      return part;
    },
    wrong: [
      { inputs: [{ shape: [4] }], attributes: { begin: [-1], size: [1] } },
      { inputs: [{ shape: [4] }], attributes: { begin: [1], size: [4] } },
      { inputs: [{ shape: [4] }], attributes: { begin: [0], size: [-2] } },
      { inputs: [{ shape: [4] }], attributes: { begin: [0, 0], size: [1, 1] } },
    ],
  },
  reverse: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(0, 4));
      return { inputs: [{ shape }], attributes: { axes: draw(fc.boolean()) ? null : draw(fc.subarray([...shape.keys()])) } };
    }),
    api: (tf, [x], { axes }) => tf.reverse(x as Tensor, axes === null ? undefined : numbers(axes)),
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { axes: [2] } }],
  },
  roll: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 3));
      const axes = draw(fc.subarray([...shape.keys()], { minLength: 1 }));
      return { inputs: [{ shape }], attributes: { axes, shifts: axes.map(() => between(draw, -6, 6)) } };
    }),
    reference: (tf, [x], { axes, shifts }) =>
      numbers(axes).reduce((moved, axis, at) => {
        const length = moved.shape[axis] as number;
        const places = Array.from({ length }, (_, place) => (((place - (numbers(shifts)[at] as number)) % length) + length) % length);
        return tf.gather(moved, tf.tensor1d(places, 'int32'), axis);
      }, x as Tensor),
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { axes: [0, 1], shifts: [1] } }],
  },
};

/** Indices that stay inside whatever axis they point into. */
const first = { dtype: 'int32', range: [0, 0] } as const;

export const indexingSamples: Record<keyof typeof indexing, Sample> = {
  gather: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const axis = between(draw, 0, shape.length - 1);
      const batchDims = between(draw, 0, axis);
      return { inputs: [{ shape }, { shape: [...shape.slice(0, batchDims), ...draw(shapeOf(0, 2))], ...first }], attributes: { axis, batchDims } };
    }),
    reference: (tf, [x, indices], { axis, batchDims }) => tf.gather(x as Tensor, indices as Tensor, axis as number, batchDims as number),
    wrong: [
      { inputs: [{ shape: [2, 3] }, { shape: [2] }], attributes: { axis: 0, batchDims: 0 } },
      { inputs: [{ shape: [2, 3] }, { shape: [4, 2], ...first }], attributes: { axis: 1, batchDims: 1 } },
      { inputs: [{ shape: [2, 3] }, { shape: [2], ...first }], attributes: { axis: 2, batchDims: 0 } },
    ],
  },
  gatherND: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      return { inputs: [{ shape }, { shape: [...draw(shapeOf(0, 2)), between(draw, 1, shape.length)], ...first }], attributes: {} };
    }),
    reference: (tf, [x, indices]) => tf.gatherND(x as Tensor, indices as Tensor),
    wrong: [{ inputs: [{ shape: [2, 3] }, { shape: [2, 3], ...first }], attributes: {} }],
    open: 'the depth of the indices is a size',
  },
  scatterND: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 3));
      const depth = between(draw, 1, shape.length);
      const places = [between(draw, 1, 3)];
      return { inputs: [{ shape: [...places, depth], ...first }, { shape: [...places, ...shape.slice(depth)] }], attributes: { shape: shape.map(size) } };
    }),
    reference: (tf, [indices, updates], { shape }) => tf.scatterND(indices as Tensor, updates as Tensor, numbers(shape)),
    wrong: [{ inputs: [{ shape: [2, 1], ...first }, { shape: [3, 4] }], attributes: { shape: [5, 4] } }],
  },
  booleanMask: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const axis = between(draw, 0, shape.length - 1);
      return { inputs: [{ shape }, { shape: shape.slice(axis, between(draw, axis + 1, shape.length)), dtype: 'bool' }], attributes: { axis } };
    }),
    wrong: [{ inputs: [{ shape: [2, 3] }, { shape: [3], dtype: 'bool' }], attributes: { axis: 0 } }],
    open: "the mask's values decide",
  },
};
