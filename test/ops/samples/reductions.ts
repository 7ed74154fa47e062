/** Samples of reductions, and of where extremes are. */
import * as fc from 'fast-check';
import type { extremes } from '../../../src/ops/extremes';
import type { Attributes, BoundAttributes, DType, Tensor, Tfjs } from '../../../src/ops/operator';
import type { reductions } from '../../../src/ops/reduction';
import { type Case, casesBy, oneOf, type Sample, shapeOf, size } from '../sample';

type Draw = <T>(from: fc.Arbitrary<T>) => T;
type Call = (tf: Tfjs, x: Tensor, axes: number[] | undefined, keepDims: boolean) => Tensor | Tensor[];

/** Some axes, counted from either end (not mixed: at another rank two would be one), or all. */
function axesOf(draw: Draw, rank: number): number[] | null {
  if (draw(fc.boolean())) return null;
  const axes = draw(fc.subarray([...Array(rank).keys()]));
  return draw(fc.boolean()) ? axes : axes.map((axis) => axis - rank);
}

function reduction(dtypes: readonly DType[], call: Call, range: readonly [number, number] = [-2, 2]): Sample {
  return {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(0, 4));
      const dtype = draw(oneOf(...dtypes));
      return {
        inputs: [dtype === 'float32' ? { shape, dtype, range } : { shape, dtype }],
        attributes: { axes: axesOf(draw, shape.length), keepDims: draw(fc.boolean()) },
      };
    }),
    api: (tf, [x], { axes, keepDims }) => call(tf, x as Tensor, (axes ?? undefined) as number[] | undefined, keepDims === true),
    wrong: [[2], [0, 0]].map((axes) => ({ inputs: [{ shape: [2, 3], dtype: dtypes[0] as DType }], attributes: { axes, keepDims: false } })),
  };
}

const ANY: readonly DType[] = ['float32', 'int32', 'bool'];

const variance: Call = (tf, x, axes, keepDims) => tf.moments(x, axes, keepDims).variance;

export const reductionSamples: Record<keyof typeof reductions, Sample> = {
  sum: reduction(ANY, (tf, x, axes, keepDims) => tf.sum(x, axes, keepDims)),
  mean: reduction(ANY, (tf, x, axes, keepDims) => tf.mean(x, axes, keepDims)),
  prod: reduction(ANY, (tf, x, axes, keepDims) => tf.prod(x, axes, keepDims)),
  max: reduction(ANY, (tf, x, axes, keepDims) => tf.max(x, axes, keepDims)),
  min: reduction(ANY, (tf, x, axes, keepDims) => tf.min(x, axes, keepDims)),
  any: reduction(['bool'], (tf, x, axes, keepDims) => tf.any(x, axes, keepDims)),
  all: reduction(['bool'], (tf, x, axes, keepDims) => tf.all(x, axes, keepDims)),
  logSumExp: reduction(['float32'], (tf, x, axes, keepDims) => tf.logSumExp(x, axes, keepDims)),
  variance: reduction(ANY, variance),
  std: reduction(ANY, (tf, x, axes, keepDims) => tf.sqrt(tf.moments(x, axes, keepDims).variance)),
  moments: reduction(ANY, (tf, x, axes, keepDims) => {
    const { mean, variance: spread } = tf.moments(x, axes, keepDims);
    return [mean, spread];
  }),
  norm: {
    cases: casesBy((draw) => {
      const rank = draw(fc.integer({ min: 1, max: 4 }));
      const count = draw(fc.integer({ min: 0, max: Math.min(2, rank) }));
      const axes = count === 0 ? null : draw(fc.subarray([...Array(rank).keys()], { minLength: count, maxLength: count }));
      const ord = draw(fc.constantFrom<string | number>(...(count === 2 ? ['euclidean', 'fro', 1, 'inf'] : ['euclidean', 1, 2, 'inf', '-inf'])));
      return { inputs: [{ shape: draw(shapeOf(rank, rank)) }], attributes: { axes, keepDims: draw(fc.boolean()), ord } };
    }),
    api: (tf, [x], { ord, axes, keepDims }) => {
      const order = ord === 'inf' ? Infinity : ord === '-inf' ? -Infinity : ord;
      return tf.norm(x as Tensor, order as number, axes as number[] | undefined, keepDims === true);
    },
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { axes: [0], keepDims: false, ord: 3 } }],
  },
};

const place = (call: (tf: Tfjs, x: Tensor, axis: number) => Tensor): Sample => ({
  cases: casesBy((draw) => alongOne(draw, { keepDims: false })),
  api: (tf, [x], { axis }) => call(tf, x as Tensor, axis as number),
  wrong: [
    { inputs: [{ shape: [2, 3] }], attributes: { axis: 2 } },
    { inputs: [{ shape: [] }], attributes: { axis: 0 } },
  ],
});

function alongOne(draw: Draw, attributes: Attributes): Case {
  const shape = draw(shapeOf(1, 4));
  return { inputs: [{ shape }], attributes: { ...attributes, axis: draw(fc.integer({ min: -shape.length, max: shape.length - 1 })) } };
}

/** Sorted by JavaScript, along the axis. */
function sorted(tf: Tfjs, x: Tensor, { axis, descending }: BoundAttributes): Tensor[] {
  const at = (axis as number) < 0 ? (axis as number) + x.rank : (axis as number);
  const rows = tf.unstack(x, at).map((row) => Array.from(row.dataSync()));
  const columns = (rows[0] ?? []).map((_, column) => {
    const values = rows.map((row, index) => [row[column] ?? 0, index] as const);
    return values.sort(([a], [b]) => (descending === true ? b - a : a - b));
  });
  const without = x.shape.filter((_, other) => other !== at);
  const back = (pick: 0 | 1, dtype: 'float32' | 'int32') =>
    tf.stack(
      rows.map((_, row) =>
        tf.tensor(
          columns.map((column) => column[row]?.[pick] ?? 0),
          without,
          dtype,
        ),
      ),
      at,
    );
  return [back(0, 'float32'), back(1, 'int32')];
}

export const extremeSamples: Record<keyof typeof extremes, Sample> = {
  argMax: place((tf, x, axis) => tf.argMax(x, axis)),
  argMin: place((tf, x, axis) => tf.argMin(x, axis)),
  topk: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 3));
      const k = size(draw(fc.integer({ min: 1, max: shape.at(-1) ?? 1 })));
      const least = draw(fc.boolean());
      return { inputs: [{ shape }], attributes: { k, sorted: true, ...(least ? { largest: false } : {}) }, ...(least ? { runtime: 'torch' as const } : {}) };
    }),
    api: (tf, [x], { k }) => {
      const { values, indices } = tf.topk(x as Tensor, k as number);
      return [values, indices];
    },
    reference: (tf, [x], { k, largest }) => {
      const { values, indices } = tf.topk(largest === false ? tf.neg(x as Tensor) : (x as Tensor), k as number);
      return [largest === false ? tf.neg(values) : values, indices];
    },
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { k: 4 } }],
  },
  sort: {
    cases: casesBy((draw) => alongOne(draw, { descending: draw(fc.boolean()) })),
    reference: (tf, [x], attributes) => sorted(tf, x as Tensor, attributes),
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { axis: 2 } }],
  },
};
