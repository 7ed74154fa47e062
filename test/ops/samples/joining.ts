/** Samples of joining and taking apart, of scans, and of creation. */
import * as fc from 'fast-check';
import type { creation } from '../../../src/ops/creation';
import type { joining } from '../../../src/ops/joining';
import type { BoundAttribute, DType, Tensor, Tfjs } from '../../../src/ops/operator';
import type { scans } from '../../../src/ops/scans';
import { casesBy, oneOf, type Sample, shapeOf, size, small } from '../sample';

type Draw = <T>(from: fc.Arbitrary<T>) => T;

const numbers = (value: BoundAttribute | undefined): number[] => (value ?? []) as number[];
const between = (draw: Draw, min: number, max: number): number => draw(fc.integer({ min, max }));
const axisOf = (draw: Draw, rank: number): number => between(draw, -rank, rank - 1);

/** Parts that together are longer than their axis: tfjs makes them where one of the sizes is -1, of values that are not there. */
function fitting(parts: Tensor[], whole: Tensor, axis: number): Tensor[] {
  const total = parts.reduce((sum, part) => sum + (part.shape.at(axis) ?? 0), 0);
  if (total !== whole.shape.at(axis)) throw new Error('the parts do not fit the axis');
  return parts;
}

export const joiningSamples: Record<keyof typeof joining, Sample> = {
  concat: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const axis = axisOf(draw, shape.length);
      const inputs = Array.from({ length: between(draw, 1, 3) }, () => ({
        shape: shape.with(axis, draw(small)),
        dtype: draw(oneOf<DType>('float32', 'int32')),
      }));
      return { inputs, attributes: { axis } };
    }),
    reference: (tf, inputs, { axis }) => tf.concat([...inputs], axis as number),
    wrong: [
      { inputs: [{ shape: [2, 3] }, { shape: [2, 4] }], attributes: { axis: 0 } },
      { inputs: [{ shape: [2, 3] }, { shape: [2] }], attributes: { axis: 0 } },
      { inputs: [{ shape: [2, 3] }, { shape: [2, 3] }], attributes: { axis: 2 } },
      { inputs: [], attributes: { axis: 0 } },
    ],
  },
  stack: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(0, 3));
      return { inputs: Array.from({ length: between(draw, 1, 3) }, () => ({ shape })), attributes: { axis: axisOf(draw, shape.length + 1) } };
    }),
    api: (tf, inputs, { axis }) => tf.stack([...inputs], axis as number),
    wrong: [
      { inputs: [{ shape: [2] }, { shape: [3] }], attributes: { axis: 0 } },
      { inputs: [{ shape: [2] }, { shape: [2], dtype: 'int32' }], attributes: { axis: 0 } },
    ],
  },
  split: {
    cases: casesBy((draw) => {
      const parts = Array.from({ length: between(draw, 1, 3) }, () => draw(small));
      const shape = draw(shapeOf(1, 4));
      const axis = axisOf(draw, shape.length);
      const place = between(draw, 0, parts.length - 1);
      const hole = place === 0 ? -1 : place;
      const total = parts.reduce((sum, part) => sum + part, 0);
      if (draw(fc.boolean())) return { inputs: [{ shape: shape.with(axis, total * parts.length) }], attributes: { sizes: parts.length, axis } };
      return { inputs: [{ shape: shape.with(axis, total) }], attributes: { sizes: parts.map((part, at) => (at === hole ? -1 : size(part))), axis } };
    }),
    api: (tf, [x], { sizes, axis }) => fitting(tf.split(x as Tensor, sizes as number[], axis as number), x as Tensor, axis as number),
    wrong: [
      { inputs: [{ shape: [2, 6] }], attributes: { sizes: 4, axis: 1 } },
      { inputs: [{ shape: [2, 6] }], attributes: { sizes: [-1, -1], axis: 1 } },
      { inputs: [{ shape: [2, 6] }], attributes: { sizes: [2, 3], axis: 1 } },
      { inputs: [{ shape: [2, 6] }], attributes: { sizes: [7, -1], axis: 1 } },
      { inputs: [{ shape: [2, 6] }], attributes: { sizes: [-1, 2], axis: 1 } },
    ],
  },
  unstack: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      return { inputs: [{ shape }], attributes: { axis: axisOf(draw, shape.length) } };
    }),
    api: (tf, [x], { axis }) => tf.unstack(x as Tensor, axis as number),
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { axis: 2 } }],
    open: 'the number of parts is a size',
  },
  meshgrid: {
    cases: casesBy((draw) => ({ inputs: [{ shape: [draw(small)] }, { shape: [draw(small)] }], attributes: { indexing: draw(oneOf('xy', 'ij')) } })),
    api: (tf, [x, y], { indexing }) => tf.meshgrid(x as Tensor, y as Tensor, { indexing: indexing as string }),
    wrong: [{ inputs: [{ shape: [2] }, { shape: [3] }], attributes: { indexing: 'yx' } }],
  },
};

const scan = (call: (tf: Tfjs, x: Tensor, axis: number, exclusive: boolean, reverse: boolean) => Tensor): Sample => ({
  cases: casesBy((draw) => {
    const shape = draw(shapeOf(1, 4));
    const dtype = draw(oneOf<DType>('float32', 'int32', 'bool'));
    return { inputs: [{ shape, dtype }], attributes: { axis: between(draw, 0, shape.length - 1), exclusive: draw(fc.boolean()), reverse: draw(fc.boolean()) } };
  }),
  reference: (tf, [x], { axis, exclusive, reverse }) => call(tf, x as Tensor, axis as number, exclusive === true, reverse === true),
  // tfjs gives a tensor without values.
  wrong: [-1, 2].map((axis) => ({ inputs: [{ shape: [2, 3] }], attributes: { axis } })),
});

export const scanSamples: Record<keyof typeof scans, Sample> = {
  cumsum: scan((tf, x, axis, exclusive, reverse) => tf.cumsum(x, axis, exclusive, reverse)),
  cumprod: scan((tf, x, axis, exclusive, reverse) => tf.cumprod(x, axis, exclusive, reverse)),
  oneHot: {
    cases: casesBy((draw) => ({
      inputs: [{ shape: draw(shapeOf(0, 3)), dtype: 'int32' }],
      attributes: { depth: size(between(draw, 2, 5)), onValue: 3, offValue: -1 },
    })),
    api: (tf, [x], { depth }) => tf.oneHot(x as Tensor, depth as number, 3, -1),
    wrong: [
      { inputs: [{ shape: [2], dtype: 'int32' }], attributes: { depth: 1 } },
      { inputs: [{ shape: [2] }], attributes: { depth: 3 } },
    ],
  },
  bandPart: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(2, 4));
      const [rows = 1, columns = 1] = shape.slice(-2);
      return {
        inputs: [{ shape, dtype: draw(oneOf<DType>('float32', 'int32')) }],
        attributes: { lower: between(draw, -1, rows), upper: between(draw, -1, columns) },
      };
    }),
    api: (tf, [x], { lower, upper }) => tf.linalg.bandPart(x as Tensor, lower as number, upper as number),
    wrong: [{ inputs: [{ shape: [3, 4] }], attributes: { lower: 4, upper: 0 } }],
  },
  diag: {
    cases: casesBy((draw) => ({ inputs: [{ shape: draw(shapeOf(1, 2)) }], attributes: {} })),
    api: (tf, [x]) => tf.diag(x as Tensor),
  },
};

const made = (cases: Sample['cases'], api: Sample['api'], wrong: Sample['wrong']): Sample => ({ cases, ...(api ? { api } : {}), ...(wrong ? { wrong } : {}) });
const shapes = shapeOf(0, 4);
const numeric = oneOf<DType>('float32', 'int32', 'bool');

export const creationSamples: Record<keyof typeof creation, Sample> = {
  eye: made(
    casesBy((draw) => ({
      inputs: [],
      attributes: { rows: size(draw(small)), columns: size(draw(small)), batch: draw(shapeOf(0, 2)).map(size), dtype: draw(oneOf('float32', 'int32')) },
    })),
    (tf, _, { rows, columns, batch, dtype }) =>
      tf.eye(rows as number, columns as number, (numbers(batch).length > 0 ? numbers(batch) : undefined) as [number], dtype as 'float32'),
    [{ inputs: [], attributes: { rows: -1 } }],
  ),
  fill: made(
    fc.record({ shape: shapes, dtype: numeric }).map(({ shape, dtype }) => ({ inputs: [], attributes: { shape: shape.map(size), value: 1, dtype } })),
    (tf, _, { shape, dtype }) => tf.fill(numbers(shape), 1, dtype as 'float32'),
    [
      { inputs: [], attributes: { shape: [2.5, 3], value: 0 } },
      { inputs: [], attributes: { shape: [-1, 3], value: 0 } },
    ],
  ),
  range: made(
    casesBy((draw) => ({
      inputs: [],
      attributes: { start: between(draw, -4, 4), stop: between(draw, -4, 9), step: draw(oneOf(1, 2, 0.5, -1, 3)), dtype: draw(oneOf('float32', 'int32')) },
    })),
    (tf, _, { start, stop, step, dtype }) => tf.range(start as number, stop as number, step as number, dtype as 'int32'),
    [{ inputs: [], attributes: { start: 0, stop: 3, step: 0 } }],
  ),
  linspace: made(
    casesBy((draw) => ({ inputs: [], attributes: { start: between(draw, -4, 4), stop: between(draw, -4, 9), count: size(draw(small)) } })),
    (tf, _, { start, stop, count }) => tf.linspace(start as number, stop as number, count as number),
    [{ inputs: [], attributes: { start: 0, stop: 1, count: 0 } }],
  ),
  random: made(
    fc
      .record({ shape: shapes, distribution: oneOf('normal', 'uniform', 'truncatedNormal', 'bernoulli') })
      .map(({ shape, distribution }) => ({ inputs: [], attributes: { shape: shape.map(size), distribution } })),
    undefined,
    [{ inputs: [], attributes: { shape: [-1], distribution: 'normal' } }],
  ),
};
