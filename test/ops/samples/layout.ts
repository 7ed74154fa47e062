/** Samples of reshaping, of axes made and moved, and of tensors made larger. */
import * as fc from 'fast-check';
import type { expansion } from '../../../src/ops/expansion';
import type { layout } from '../../../src/ops/layout';
import type { BoundAttribute, Tensor } from '../../../src/ops/operator';
import { broadcastable, casesBy, oneOf, type Sample, shapeOf, size } from '../sample';

type Draw = <T>(from: fc.Arbitrary<T>) => T;

const numbers = (value: BoundAttribute | undefined): number[] => value as number[];
const axisOf = (draw: Draw, rank: number): number => draw(fc.integer({ min: -rank, max: rank - 1 }));

/** The same number of elements: neighbours merged, or a size split. */
function refolded(draw: Draw, shape: readonly number[]): number[] {
  const sizes: number[] = [];
  for (const each of shape) {
    const choice = draw(fc.integer({ min: 0, max: 3 }));
    const divisor = choice === 1 ? draw(oneOf(...[1, 2, 3, 4, 5].filter((by) => each % by === 0))) : 1;
    if (choice === 0 && sizes.length > 0) sizes.push((sizes.pop() as number) * each);
    else sizes.push(...(choice === 1 ? [divisor, each / divisor] : [each]));
  }
  return sizes;
}

const reshape: Sample = {
  cases: casesBy((draw) => {
    const shape = draw(shapeOf(0, 4));
    const target = refolded(draw, shape);
    const hole = draw(fc.integer({ min: -1, max: target.length - 1 }));
    return { inputs: [{ shape }], attributes: { shape: target.map((each, axis) => (axis === hole ? -1 : size(each))) } };
  }),
  api: (tf, [x], { shape }) => tf.reshape(x as Tensor, numbers(shape)),
  wrong: [
    { inputs: [{ shape: [2, 3] }], attributes: { shape: [-1, -1] } },
    { inputs: [{ shape: [2, 3] }], attributes: { shape: [-2, -3] } },
    { inputs: [{ shape: [2, 3] }], attributes: { shape: [4, -1] } },
    { inputs: [{ shape: [2, 3] }], attributes: { shape: [4, 1.5] } },
    { inputs: [{ shape: [2, 3] }], attributes: { shape: [5] } },
  ],
};

export const layoutSamples: Record<keyof typeof layout | 'reshape', Sample> = {
  reshape,
  expandDims: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(0, 4));
      return { inputs: [{ shape }], attributes: { axis: axisOf(draw, shape.length + 1) } };
    }),
    api: (tf, [x], { axis }) => tf.expandDims(x as Tensor, axis as number),
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { axis: 3 } }],
  },
  squeeze: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(0, 4)).flatMap((each) => (draw(fc.boolean()) ? [each + 1] : [1]));
      const ones = shape.flatMap((each, axis) => (each === 1 ? [axis] : []));
      const axes = draw(fc.boolean()) ? draw(fc.subarray(ones)) : null;
      return { inputs: [{ shape }], attributes: { axes: axes?.map((axis) => (draw(fc.boolean()) ? axis : axis - shape.length)) ?? null } };
    }),
    api: (tf, [x], { axes }) => tf.squeeze(x as Tensor, axes === null ? undefined : numbers(axes)),
    wrong: [{ inputs: [{ shape: [2, 1] }], attributes: { axes: [0] } }],
  },
  transpose: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(0, 5));
      const order = [...shape.keys()];
      return { inputs: [{ shape }], attributes: { perm: draw(fc.boolean()) ? null : draw(fc.shuffledSubarray(order, { minLength: order.length })) } };
    }),
    api: (tf, [x], { perm }) => tf.transpose(x as Tensor, perm === null ? undefined : numbers(perm)),
    wrong: [
      { inputs: [{ shape: [2, 3] }], attributes: { perm: [0, 0] } },
      { inputs: [{ shape: [2, 3] }], attributes: { perm: [0, -1] } },
      { inputs: [{ shape: [2, 3] }], attributes: { perm: [1] } },
    ],
  },
};

const MODES = ['constant', 'reflect', 'symmetric', 'replicate', 'circular'] as const;

export const expansionSamples: Record<keyof typeof expansion, Sample> = {
  broadcastTo: {
    cases: casesBy((draw) => {
      const [target = [], shape = []] = broadcastable(2, draw).sort((a, b) => b.length - a.length);
      const full = target.map((each, axis) => Math.max(each, shape[axis - target.length + shape.length] ?? 1));
      return { inputs: [{ shape }], attributes: { shape: full.map(size) } };
    }),
    api: (tf, [x], { shape }) => tf.broadcastTo(x as Tensor, numbers(shape)),
    wrong: [{ inputs: [{ shape: [1, 3] }], attributes: { shape: [-1, 3] } }],
  },
  tile: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      return { inputs: [{ shape }], attributes: { reps: shape.map(() => size(draw(fc.integer({ min: 1, max: 3 })))) } };
    }),
    api: (tf, [x], { reps }) => tf.tile(x as Tensor, numbers(reps)),
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { reps: [2] } }],
  },
  repeat: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 3));
      return {
        inputs: [{ shape }],
        attributes: { repeats: draw(fc.integer({ min: 1, max: 3 })), axis: draw(fc.boolean()) ? null : axisOf(draw, shape.length) },
      };
    }),
    reference: (tf, [x], { repeats, axis }) => {
      const given = axis === null ? tf.reshape(x as Tensor, [-1]) : (x as Tensor);
      return tf.concat(
        tf.unstack(given, (axis ?? 0) as number).flatMap((row) => Array(repeats as number).fill(tf.expandDims(row, (axis ?? 0) as number))),
        (axis ?? 0) as number,
      );
    },
    wrong: [{ inputs: [{ shape: [2, 3] }], attributes: { repeats: 2, axis: 2 } }],
  },
  pad: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const mode = draw(oneOf(...MODES));
      const most = (each: number) => (mode === 'reflect' ? each - 1 : mode === 'symmetric' || mode === 'circular' ? each : 3);
      const side = (each: number) => draw(fc.integer({ min: 0, max: Math.min(3, most(each)) }));
      return { inputs: [{ shape }], attributes: { paddings: shape.map((each) => [side(each), side(each)]), mode, value: 0.5 } };
    }),
    reference: (tf, [x], { paddings, mode, value }) => {
      const pairs = paddings as [number, number][];
      if (mode === 'constant') return tf.pad(x as Tensor, pairs, value as number);
      if (mode === 'reflect' || mode === 'symmetric') return tf.mirrorPad(x as Tensor, pairs, mode);
      return pairs.reduce<Tensor>((padded, [before, after], axis) => {
        const rows = tf.split(padded, padded.shape[axis] as number, axis);
        const edge = (count: number, row: Tensor | undefined): Tensor[] => Array<Tensor>(count).fill(row as Tensor);
        const front = mode === 'circular' ? rows.slice(rows.length - before) : edge(before, rows[0]);
        const back = mode === 'circular' ? rows.slice(0, after) : edge(after, rows.at(-1));
        return tf.concat([...front, ...rows, ...back], axis);
      }, x as Tensor);
    },
    wrong: [
      { inputs: [{ shape: [2] }], attributes: { paddings: [[2, 0]], mode: 'reflect' } },
      { inputs: [{ shape: [2, 3] }], attributes: { paddings: [[2, 0]], mode: 'constant' } },
    ],
  },
};
