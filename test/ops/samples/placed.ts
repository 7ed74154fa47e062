/** Samples of elements at indices, of diagonals and windows, and of searches: as torch has them. */
import * as fc from 'fast-check';
import type { diagonals } from '../../../src/ops/diagonals';
import type { elements } from '../../../src/ops/elements';
import type { DType, Tensor, Tfjs } from '../../../src/ops/operator';
import type { sought } from '../../../src/ops/sought';
import { type Case, casesBy, type Draw, oneOf, type Sample, shapeOf, size, small } from '../sample';

const between = (draw: Draw, min: number, max: number): number => draw(fc.integer({ min, max }));

/** A tensor, and indices into it along an axis that reach no further than it along the others. */
function indexed(draw: Draw): { readonly shape: number[]; readonly axis: number; readonly index: Case['inputs'][number] } {
  const shape = draw(shapeOf(1, 4));
  const axis = between(draw, -shape.length, shape.length - 1);
  const places = shape.at(axis) ?? 1;
  const narrower = shape.map((length) => between(draw, 1, length)).with(axis, draw(small));
  return { shape, axis, index: { shape: narrower, dtype: 'int32', range: [0, places - 1] } };
}

/** The element's place in the flattened tensor. */
const flat = (place: readonly number[], shape: readonly number[]): number => place.reduce((sum, at, axis) => sum * (shape[axis] ?? 1) + at, 0);

/** All places of a shape, in order. */
function placesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>((places, length) => places.flatMap((place) => Array.from({ length }, (_, at) => [...place, at])), [[]]);
}

/** A tensor whose every element is computed from its place. */
const made = (tf: Tfjs, shape: readonly number[], dtype: DType, value: (place: readonly number[]) => number): Tensor =>
  tf.tensor(placesOf(shape).map(value), [...shape], dtype as 'float32');

const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

const MODES: { readonly [mode: string]: (held: number, given: number) => number } = {
  replace: (_, given) => given,
  add: (held, given) => held + given,
  multiply: (held, given) => held * given,
  max: Math.max,
  min: Math.min,
};

export const elementSamples: Record<keyof typeof elements, Sample> = {
  gatherElements: {
    cases: casesBy((draw) => {
      const { shape, axis, index } = indexed(draw);
      return { inputs: [{ shape }, index], attributes: { axis }, runtime: 'torch' };
    }),
    reference: (tf, [x, index], { axis }) => {
      const [source, at, held] = [x as Tensor, index as Tensor, (x as Tensor).dataSync()];
      const along = fromFront(axis as number, source.rank);
      const spots = at.dataSync();
      return made(tf, at.shape, 'float32', (place) => held[flat(place.with(along, spots[flat(place, at.shape)] ?? 0), source.shape)] ?? 0);
    },
    wrong: [
      { inputs: [{ shape: [2, 3] }, { shape: [2], dtype: 'int64' }], attributes: { axis: 1 }, runtime: 'torch' },
      { inputs: [{ shape: [2, 3] }, { shape: [3, 3], dtype: 'int64' }], attributes: { axis: 1 }, runtime: 'torch' },
      { inputs: [{ shape: [2, 3] }, { shape: [2, 3] }], attributes: { axis: 1 }, runtime: 'torch' },
    ],
  },
  scatterElements: {
    cases: casesBy((draw) => {
      const { shape, axis, index } = indexed(draw);
      const source = draw(fc.boolean()) ? [] : index.shape.map((length) => length + between(draw, 0, 1));
      return { inputs: [{ shape }, index, { shape: source }], attributes: { axis, mode: draw(oneOf(...Object.keys(MODES))) }, runtime: 'torch' };
    }),
    reference: (tf, [x, index, source], { axis, mode }) => {
      const [held, spots, given] = [x, index, source].map((one) => (one as Tensor).dataSync()) as [Float32Array, Int32Array, Float32Array];
      const [target, at, from] = [x as Tensor, index as Tensor, source as Tensor];
      const along = fromFront(axis as number, target.rank);
      const written = Float64Array.from(held);
      for (const place of placesOf(at.shape)) {
        const to = flat(place.with(along, spots[flat(place, at.shape)] ?? 0), target.shape);
        written[to] = MODES[mode as string]?.(written[to] ?? 0, given[from.rank === 0 ? 0 : flat(place, from.shape)] ?? 0) ?? 0;
      }
      return tf.tensor(Float32Array.from(written), target.shape);
    },
    wrong: [
      { inputs: [{ shape: [2, 3] }, { shape: [2, 3], dtype: 'int64' }, { shape: [2] }], attributes: { axis: 1 }, runtime: 'torch' },
      { inputs: [{ shape: [2, 3] }, { shape: [2, 3], dtype: 'int64' }, { shape: [2, 2] }], attributes: { axis: 1 }, runtime: 'torch' },
    ],
  },
};

/** Two axes of so many. */
function pair(draw: Draw, rank: number): { readonly first: number; readonly second: number } {
  const [first = 0, second = 1] = draw(fc.shuffledSubarray([...Array(rank).keys()], { minLength: 2, maxLength: 2 }));
  return { first, second };
}

export const diagonalSamples: Record<keyof typeof diagonals, Sample> = {
  diagonal: {
    cases: casesBy((draw) => {
      const rank = between(draw, 2, 4);
      return {
        inputs: [{ shape: draw(fc.array(fc.integer({ min: 3, max: 5 }), { minLength: rank, maxLength: rank })) }],
        attributes: { ...pair(draw, rank), offset: between(draw, -2, 2) },
        runtime: 'torch',
      };
    }),
    reference: (tf, [x], { first, second, offset }) => {
      const source = x as Tensor;
      const held = source.dataSync();
      const [a, b, by] = [first as number, second as number, offset as number];
      const others = [...source.shape.keys()].filter((axis) => axis !== a && axis !== b);
      const length = Math.min((source.shape[a] ?? 0) + Math.min(0, by), (source.shape[b] ?? 0) - Math.max(0, by));
      return made(tf, [...others.map((axis) => source.shape[axis] ?? 1), length], 'float32', (place) => {
        const at = place.at(-1) ?? 0;
        const spot = source.shape.map((_, axis) =>
          axis === a ? at + Math.max(0, -by) : axis === b ? at + Math.max(0, by) : (place[others.indexOf(axis)] ?? 0),
        );
        return held[flat(spot, source.shape)] ?? 0;
      });
    },
    wrong: [
      { inputs: [{ shape: [2, 3] }], attributes: { first: 0, second: 2 }, runtime: 'torch' },
      { inputs: [{ shape: [2, 3] }], attributes: { first: 1, second: 1 }, runtime: 'torch' },
    ],
  },
  diagEmbed: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 3));
      return { inputs: [{ shape }], attributes: { ...pair(draw, shape.length + 1), offset: between(draw, -2, 2) }, runtime: 'torch' };
    }),
    reference: (tf, [x], { first, second, offset }) => {
      const source = x as Tensor;
      const held = source.dataSync();
      const [a, b, by] = [first as number, second as number, offset as number];
      const length = (source.shape.at(-1) ?? 0) + Math.abs(by);
      const rest = source.shape.slice(0, -1);
      const shape = Array.from({ length: source.rank + 1 }, (_, axis) => (axis === a || axis === b ? length : (rest.shift() ?? 1)));
      return made(tf, shape, 'float32', (place) => {
        const [row, column] = [place[a] ?? 0, place[b] ?? 0];
        const at = Math.min(row, column);
        const others = place.filter((_, axis) => axis !== a && axis !== b);
        return column - row === by ? (held[flat([...others, at], source.shape)] ?? 0) : 0;
      });
    },
    wrong: [{ inputs: [{ shape: [] }], attributes: {}, runtime: 'torch' }],
  },
  unfoldAxis: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const axis = between(draw, -shape.length, shape.length - 1);
      return { inputs: [{ shape }], attributes: { axis, size: between(draw, 1, shape.at(axis) ?? 1), step: between(draw, 1, 3) }, runtime: 'torch' };
    }),
    reference: (tf, [x], { axis, size: window, step }) => {
      const source = x as Tensor;
      const held = source.dataSync();
      const along = fromFront(axis as number, source.rank);
      const windows = Math.floor(((source.shape[along] ?? 0) - (window as number)) / (step as number)) + 1;
      return made(tf, [...source.shape.with(along, windows), window as number], 'float32', (place) => {
        const spot = place.slice(0, -1).with(along, (place[along] ?? 0) * (step as number) + (place.at(-1) ?? 0));
        return held[flat(spot, source.shape)] ?? 0;
      });
    },
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { axis: 1, size: size(4), step: 1 }, runtime: 'torch' }],
  },
  cross: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(0, 2));
      const axis = between(draw, 0, shape.length);
      const whole = shape.toSpliced(axis, 0, 3);
      return {
        inputs: [{ shape: whole }, { shape: whole.map((length, at) => (at === axis || draw(fc.boolean()) ? length : 1)) }],
        attributes: { axis },
        runtime: 'torch',
      };
    }),
    reference: (tf, [a, b], { axis }) => {
      const [x, y, z] = tf.split(a as Tensor, 3, axis as number) as [Tensor, Tensor, Tensor];
      const [u, v, w] = tf.split(b as Tensor, 3, axis as number) as [Tensor, Tensor, Tensor];
      return tf.concat([tf.sub(tf.mul(y, w), tf.mul(z, v)), tf.sub(tf.mul(z, u), tf.mul(x, w)), tf.sub(tf.mul(x, v), tf.mul(y, u))], axis as number);
    },
    wrong: [{ inputs: [{ shape: [2, 4] }, { shape: [2, 4] }], attributes: { axis: 1 }, runtime: 'torch' }],
  },
};

export const soughtSamples: Record<keyof typeof sought, Sample> = {
  nonzero: {
    cases: casesBy((draw) => ({ inputs: [{ shape: draw(shapeOf(1, 3)), dtype: draw(oneOf<DType>('bool', 'int32')) }], attributes: {}, runtime: 'torch' })),
    open: 'the values decide',
  },
  unique: {
    cases: casesBy((draw) => ({ inputs: [{ shape: draw(shapeOf(0, 3)), dtype: 'int32', range: [0, 3] }], attributes: {}, runtime: 'torch' })),
    open: 'the values decide',
  },
  searchSorted: {
    cases: casesBy((draw) => {
      const values = { shape: draw(shapeOf(1, 3)) };
      const count = draw(small);
      return {
        inputs: [{ shape: [count], values: Array.from({ length: count }, (_, at) => at - 2) }, values],
        attributes: { right: draw(fc.boolean()) },
        runtime: 'torch',
      };
    }),
    reference: (tf, [sorted, values], { right }) => {
      const line = Array.from((sorted as Tensor).dataSync());
      const found = Array.from((values as Tensor).dataSync(), (value) => line.filter((one) => (right === true ? one <= value : one < value)).length);
      return tf.tensor(found, (values as Tensor).shape, 'int32');
    },
    wrong: [{ inputs: [{ shape: [2, 3] }, { shape: [3] }], attributes: {}, runtime: 'torch' }],
  },
};
