/** Samples of subscripts: ranges, places, new axes, indices and masks, read and written. */
import * as fc from 'fast-check';
import type { Attribute, Attributes, BoundAttribute, BoundAttributes, Tensor, Tfjs } from '../../../src/ops/operator';
import type { picking } from '../../../src/ops/picking';
import type { subscripts } from '../../../src/ops/subscripts';
import { type Case, casesBy, type Sample, shapeOf } from '../sample';

type Draw = <T>(from: fc.Arbitrary<T>) => T;

const numbers = (value: BoundAttribute | undefined): number[] => (value ?? []) as number[];
const between = (draw: Draw, min: number, max: number): number => draw(fc.integer({ min, max }));
const bits = (axes: readonly number[]): number => axes.reduce((all, axis) => all | (1 << axis), 0);
const nulls = (values: readonly (number | null)[]): number[] => values.flatMap((value, at) => (value === null ? [at] : []));
const flat = (x: Tensor): number[] => [...x.dataSync()];

/** A subscript of torch over the shape, its ellipsis at any place. */
function subscript(draw: Draw, shape: readonly number[]): Attributes {
  const used = draw(fc.integer({ min: 0, max: shape.length }));
  const ellipsis = between(draw, 0, used);
  const axes = [...shape.keys()].filter((axis) => axis < ellipsis || axis >= shape.length - used + ellipsis);
  const entries = axes.flatMap((axis, at) => {
    const whole = shape[axis] as number;
    const index = draw(fc.integer({ min: 0, max: 3 })) === 0;
    const bound = () => (draw(fc.boolean()) ? null : between(draw, -whole - 1, whole + 1));
    const entry = {
      index,
      begin: index ? between(draw, -whole, whole - 1) : bound(),
      end: index ? null : bound(),
      stride: index ? 1 : between(draw, 1, 2),
      made: false,
    };
    const made = { index: false, begin: null, end: null, stride: 1, made: true };
    return draw(fc.integer({ min: 0, max: 4 })) === 0 && at !== ellipsis ? [made, entry] : [entry];
  });
  const places = (kind: 'made' | 'index') => entries.flatMap((entry, at) => (entry[kind] ? [at] : []));
  const before = axes.filter((axis) => axis < ellipsis).length;
  let seen = 0;
  const found = entries.findIndex((entry) => (entry.made ? false : seen++ === before));
  return {
    begin: entries.map(({ begin }) => begin),
    end: entries.map(({ end }) => end),
    strides: entries.map(({ stride }) => stride),
    newAxes: places('made'),
    shrinkAxes: places('index'),
    ellipsis: found < 0 ? entries.length : found,
  };
}

/** The places that a subscript takes of plain rows, by counting. */
function takenPlaces(shape: readonly number[], attributes: BoundAttributes): { readonly places: number[][]; readonly shape: number[] } {
  const [begin, end] = [attributes['begin'], attributes['end']] as (number | null)[][];
  const [strides, made, dropped] = [numbers(attributes['strides']), numbers(attributes['newAxes']), numbers(attributes['shrinkAxes'])];
  const spare = shape.length - (strides.length - made.length);
  const places: number[][] = [];
  const out: number[] = [];
  const whole = () => {
    for (let at = 0; at < spare; at++) {
      out.push(shape[places.length] as number);
      places.push([...Array(shape[places.length] as number).keys()]);
    }
  };
  for (let at = 0; at <= strides.length; at++) {
    if (at === attributes['ellipsis']) whole();
    if (at === strides.length) break;
    if (made.includes(at)) out.push(1);
    else {
      const all = [...Array(shape[places.length] as number).keys()];
      const index = begin?.[at] ?? 0;
      const each = dropped.includes(at)
        ? [all.at(index) as number]
        : all.slice(begin?.[at] ?? 0, end?.[at] ?? undefined).filter((_, n) => n % (strides[at] as number) === 0);
      places.push(each);
      if (!dropped.includes(at)) out.push(each.length);
    }
  }
  return { places, shape: out };
}

/** All combinations, the last list turning first. */
const combined = (lists: readonly (readonly number[])[]): number[][] =>
  lists.reduce<number[][]>((rows, each) => rows.flatMap((row) => each.map((place) => [...row, place])), [[]]);
const offset = (shape: readonly number[], place: readonly number[]): number => place.reduce((sum, at, axis) => sum * (shape[axis] as number) + at, 0);

const written = (tf: Tfjs, x: Tensor, at: readonly number[], values: readonly number[]): Tensor => {
  const data = flat(x);
  for (const [n, place] of at.entries()) data[place] = values[n] as number;
  return tf.tensor(data, x.shape, x.dtype as 'float32');
};

/** A shape that broadcasts to the other. */
const narrower = (draw: Draw, shape: readonly number[]): number[] =>
  shape.slice(between(draw, 0, shape.length)).map((size) => (draw(fc.integer({ min: 0, max: 2 })) === 0 ? 1 : size));

const spread = (tf: Tfjs, value: Tensor, shape: number[]): number[] => flat(tf.broadcastTo(value, shape));

const SUBSCRIPTED = casesBy((draw) => {
  const shape = draw(shapeOf(1, 4));
  return { inputs: [{ shape }], attributes: subscript(draw, shape), runtime: 'torch' as const };
});

export const subscriptSamples: Record<keyof typeof subscripts, Sample> = {
  stridedSlice: {
    cases: fc.oneof(
      SUBSCRIPTED,
      casesBy((draw) => {
        const shape = draw(shapeOf(1, 4));
        const bounds = shape.map((each) => (draw(fc.boolean()) ? null : between(draw, -each, each - 1)));
        // Of axes dropped beside strides, tfjs takes the wrong elements.
        const dropping = draw(fc.boolean());
        const shrinkAxes = bounds.flatMap((bound, axis) => (dropping && bound !== null && draw(fc.boolean()) ? [axis] : []));
        const strides = shape.map(() => (dropping ? 1 : draw(fc.constantFrom(1, 1, 2, 3, -1, -2))));
        const ends: Attribute[] = shape.map(() => null);
        return { inputs: [{ shape }], attributes: { begin: bounds, end: ends, strides, newAxes: [], shrinkAxes } };
      }),
    ),
    reference: (tf, [x], attributes, { runtime }) => {
      if (runtime === 'torch') {
        const { places, shape } = takenPlaces((x as Tensor).shape, attributes);
        const data = flat(x as Tensor);
        return tf.tensor(
          combined(places).map((place) => data[offset((x as Tensor).shape, place)] as number),
          shape,
        );
      }
      const { begin, end, strides, shrinkAxes } = attributes;
      const begins = begin as (number | null)[];
      const ends = (end as null[]).map(() => 0);
      const open = nulls(begins);
      return tf.stridedSlice(
        x as Tensor,
        begins.map((each) => each ?? 0),
        ends,
        numbers(strides),
        bits(open),
        bits([...ends.keys()]),
        0,
        0,
        bits(numbers(shrinkAxes)),
      );
    },
    wrong: [
      { inputs: [{ shape: [4] }], attributes: { begin: [4], end: [null], strides: [1], newAxes: [], shrinkAxes: [0] } },
      { inputs: [{ shape: [4] }], attributes: { begin: [-5], end: [null], strides: [1], newAxes: [], shrinkAxes: [0] } },
      { inputs: [{ shape: [4] }], attributes: { begin: [0], end: [2], strides: [0], newAxes: [], shrinkAxes: [] } },
      { inputs: [{ shape: [4] }], attributes: { begin: [0, 0], end: [2, 2], strides: [1, 1], newAxes: [], shrinkAxes: [] } },
      { inputs: [{ shape: [4] }], attributes: { begin: [null], end: [null], strides: [-1] }, runtime: 'torch' },
    ],
  },
  sliceUpdate: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const attributes = subscript(draw, shape);
      const { shape: target } = takenPlaces(shape, attributes as BoundAttributes);
      return { inputs: [{ shape }, { shape: narrower(draw, target) }], attributes, runtime: 'torch' };
    }),
    reference: (tf, [x, value], attributes) => {
      const { places, shape } = takenPlaces((x as Tensor).shape, attributes);
      const at = combined(places).map((place) => offset((x as Tensor).shape, place));
      return written(tf, x as Tensor, at, spread(tf, value as Tensor, shape));
    },
    wrong: [
      { inputs: [{ shape: [4, 5] }, { shape: [4] }], attributes: { begin: [0], end: [null], strides: [1], shrinkAxes: [0] }, runtime: 'torch' },
      { inputs: [{ shape: [4, 5] }, { shape: [2, 5] }], attributes: { begin: [0], end: [null], strides: [1], shrinkAxes: [0] }, runtime: 'torch' },
      { inputs: [{ shape: [4] }, { shape: [] }], attributes: { begin: [4], end: [null], strides: [1], shrinkAxes: [0] }, runtime: 'torch' },
    ],
  },
};

/** Indices into some axes of the shape, which broadcast together. */
function indexed(draw: Draw, shape: readonly number[]) {
  const axes = draw(fc.subarray([...shape.keys()], { minLength: 1 }));
  const places = draw(shapeOf(0, 2));
  const indices = axes.map(() => {
    const cut = places.slice(between(draw, 0, places.length)).map((size) => (draw(fc.integer({ min: 0, max: 2 })) === 0 ? 1 : size));
    // Inside the axis, whatever its size is.
    return { shape: cut, dtype: 'int64' as const, range: [-1, 0] as const };
  });
  const rank = Math.max(...indices.map((index) => index.shape.length));
  const merged = Array.from({ length: rank }, (_, axis) => Math.max(...indices.map((index) => index.shape[axis - rank + index.shape.length] ?? 1)));
  const neighbours = axes.every((axis, at) => axis === (axes[0] as number) + at);
  const target = shape.filter((_, axis) => !axes.includes(axis)).toSpliced(neighbours ? (axes[0] as number) : 0, 0, ...merged);
  return { axes, indices, target };
}

/** The places among all elements that indices name, in the order of the result. */
function namedPlaces(
  tf: Tfjs,
  shape: readonly number[],
  indices: readonly Tensor[],
  axes: readonly number[],
): { readonly at: number[]; readonly shape: number[] } {
  const merged = indices.reduce((sum, index) => tf.add(sum, tf.zeros(index.shape, 'int32')), tf.zeros([], 'int32') as Tensor).shape;
  const values = indices.map((index) => spread(tf, index, merged));
  const others = [...shape.keys()].filter((axis) => !axes.includes(axis));
  const first = axes.every((axis, at) => axis === (axes[0] as number) + at) ? (axes[0] as number) : 0;
  const sizes = others.map((axis) => shape[axis] as number).toSpliced(first, 0, ...merged);
  const at = combined(sizes.map((size) => [...Array(size).keys()])).map((place) => {
    const nth = offset(merged, place.slice(first, first + merged.length));
    const rest = place.toSpliced(first, merged.length);
    const full = [...shape.keys()].map((axis) => {
      const among = axes.indexOf(axis);
      const value = values[among]?.[nth] ?? 0;
      return among < 0 ? (rest[others.indexOf(axis)] as number) : value < 0 ? value + (shape[axis] as number) : value;
    });
    return offset(shape, full);
  });
  return { at, shape: sizes };
}

const first = { dtype: 'int64', range: [0, 0] } as const;
const torch = (given: Omit<Case, 'runtime'>): Case => ({ ...given, runtime: 'torch' });

export const pickingSamples: Record<keyof typeof picking, Sample> = {
  index: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const { axes, indices } = indexed(draw, shape);
      return torch({ inputs: [{ shape }, ...indices], attributes: { axes: axes.map((axis) => (draw(fc.boolean()) ? axis - shape.length : axis)) } });
    }),
    reference: (tf, [x, ...indices], { axes }) => {
      const data = flat(x as Tensor);
      const rank = (x as Tensor).rank;
      const { at, shape } = namedPlaces(
        tf,
        (x as Tensor).shape,
        indices,
        numbers(axes).map((axis) => (axis < 0 ? axis + rank : axis)),
      );
      return tf.tensor(
        at.map((place) => data[place] as number),
        shape,
      );
    },
    wrong: [
      torch({ inputs: [{ shape: [2, 3] }, { shape: [2], ...first }, { shape: [3], ...first }], attributes: { axes: [0, 1] } }),
      torch({ inputs: [{ shape: [2] }, { shape: [2], ...first }, { shape: [2], ...first }], attributes: { axes: [0, 1] } }),
      torch({ inputs: [{ shape: [2] }, { shape: [2] }], attributes: { axes: [0] } }),
    ],
  },
  indexPut: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const { axes, indices, target } = indexed(draw, shape);
      const accumulate = draw(fc.boolean());
      // The same value everywhere: which of several writes to one place is the last is not told.
      const value = accumulate ? {} : { values: [7] };
      return torch({ inputs: [{ shape }, { shape: narrower(draw, target), ...value }, ...indices], attributes: { axes, accumulate } as Attributes });
    }),
    reference: (tf, [x, value, ...indices], { axes, accumulate }) => {
      const { at, shape } = namedPlaces(tf, (x as Tensor).shape, indices, numbers(axes));
      const values = spread(tf, value as Tensor, shape);
      const data = flat(x as Tensor);
      for (const [n, place] of at.entries()) data[place] = (accumulate ? (data[place] as number) : 0) + (values[n] as number);
      return tf.tensor(data, (x as Tensor).shape);
    },
    wrong: [
      torch({ inputs: [{ shape: [4, 5] }, { shape: [3, 5] }, { shape: [2], ...first }], attributes: { axes: [0] } }),
      torch({ inputs: [{ shape: [4, 5] }, { shape: [2, 2, 5] }, { shape: [2], ...first }], attributes: { axes: [0] } }),
    ],
  },
  maskUpdate: {
    cases: casesBy((draw) => {
      const shape = draw(shapeOf(1, 4));
      const axis = between(draw, 0, shape.length - 1);
      const end = between(draw, axis + 1, shape.length);
      const value = narrower(draw, [...shape.slice(0, axis), 1, ...shape.slice(end)]);
      return torch({ inputs: [{ shape }, { shape: shape.slice(axis, end), dtype: 'bool' }, { shape: value }], attributes: { axis } });
    }),
    reference: (tf, [x, mask, value], { axis }) => {
      const [whole, truth] = [x as Tensor, mask as Tensor];
      const wide = tf.reshape(truth, [...Array(axis as number).fill(1), ...truth.shape, ...Array(whole.rank - (axis as number) - truth.rank).fill(1)]);
      const trailing = whole.rank - (axis as number) - truth.rank;
      const given = value as Tensor;
      const cut = Math.max(0, given.rank - trailing);
      const shape = [...given.shape.slice(0, Math.max(0, cut - 1)), ...Array(truth.rank).fill(1), ...given.shape.slice(cut)];
      return tf.where(tf.broadcastTo(tf.cast(wide, 'bool'), whole.shape), tf.broadcastTo(tf.reshape(given, shape), whole.shape), whole);
    },
    wrong: [
      torch({ inputs: [{ shape: [2, 3] }, { shape: [3], dtype: 'bool' }, { shape: [] }], attributes: { axis: 0 } }),
      torch({ inputs: [{ shape: [2] }, { shape: [2, 3], dtype: 'bool' }, { shape: [] }], attributes: { axis: 0 } }),
      torch({ inputs: [{ shape: [2] }, { shape: [2] }, { shape: [] }], attributes: { axis: 0 } }),
    ],
  },
};
