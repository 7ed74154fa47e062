/** tfjs's functions that arrange values, on paper: reshape, transpose, slices and joins, as kernels/*.ts of tfjs-backend-webgl run them. */
import { count } from '../../ops/kernels';
import type { Device, Sheet, SheetType } from './device';

type Shape = readonly number[];

/** A shape in which one size may be -1. */
function filled(shape: Shape, size: number): number[] {
  const rest = count(shape.filter((each) => each !== -1));
  return shape.map((each) => (each === -1 ? size / rest : each));
}

const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** A slice lies together where it is whole behind the first axis of which it takes more than one place: `isSliceContinous` in slice_util.ts of tfjs-core. */
function liesTogether(shape: Shape, begin: Shape, size: Shape): boolean {
  const first = size.findIndex((each) => each > 1);
  const from = first < 0 ? size.length : first;
  return shape.every((whole, axis) => axis <= from || ((begin[axis] ?? 0) === 0 && size[axis] === whole));
}

const listOf = (value: number | Shape): Shape => (typeof value === 'number' ? [value] : value);

function slice(device: Device, x: Sheet, begin: number | Shape, size?: number | Shape): Sheet {
  const from = x.shape.map((_, axis) => listOf(begin)[axis] ?? 0);
  const given = size === undefined ? [] : listOf(size);
  const sizes = x.shape.map((whole, axis) => ((given[axis] ?? -1) < 0 ? whole - (from[axis] ?? 0) : (given[axis] ?? whole)));
  return device.slice(x, sizes, liesTogether(x.shape, from, sizes));
}

/** Textures that one program reads at most: WEBGL_MAX_TEXTURES_IN_SHADER, of which 16 are sure. */
const MOST_TEXTURES = 16;

function concat(device: Device, all: readonly Sheet[], axis: number): Sheet {
  const inputs = all.filter(({ size }) => size > 0);
  const [first] = inputs;
  if (!first) return device.values(all[0]?.shape ?? [], all[0]?.dtype ?? 'float32');
  if (inputs.length === 1) return device.handle(first.dataId, first.shape, first.dtype);
  if (inputs.length > MOST_TEXTURES) {
    const groups = Array.from({ length: Math.ceil(inputs.length / MOST_TEXTURES) }, (_, at) => inputs.slice(at * MOST_TEXTURES, (at + 1) * MOST_TEXTURES));
    return device.scope(() =>
      concat(
        device,
        groups.map((group) => concat(device, group, axis)),
        axis,
      ),
    );
  }
  const at = fromFront(axis, first.rank);
  const length = inputs.reduce((sum, { shape }) => sum + (shape[at] ?? 1), 0);
  const joined = first.shape.map((size, each) => (each === at ? length : size));
  return device.handed(inputs, joined, first.dtype, first.rank > 1);
}

function split(device: Device, x: Sheet, parts: number | Shape, axis: number): Sheet[] {
  const at = fromFront(axis, x.rank);
  const whole = x.shape[at] ?? 1;
  const sizes = typeof parts === 'number' ? Array<number>(parts).fill(whole / parts) : filledParts(parts, whole);
  let from = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, each) => (each === at ? from : 0));
    from += size;
    return slice(
      device,
      x,
      begin,
      x.shape.map((each, index) => (index === at ? size : each)),
    );
  });
}

const filledParts = (parts: Shape, whole: number): number[] =>
  parts.map((size) => (size === -1 ? whole - parts.filter((each) => each !== -1).reduce((sum, each) => sum + each, 0) : size));

function gather(device: Device, x: Sheet, indices: Sheet, axis: number, batchAxes: number): Sheet {
  const at = fromFront(axis, x.rank);
  const batch = count(x.shape.slice(0, batchAxes));
  const [outer, inner] = [count(x.shape.slice(batchAxes, at)), count(x.shape.slice(at + 1))];
  return device.scope(() => {
    const flat = device.reshape(x, [batch, outer, x.shape[at] ?? 1, inner]);
    const places = device.reshape(indices, [batch, indices.size / batch]);
    const taken = device.handed([flat, places], [batch, outer, indices.size / batch, inner], x.dtype, false);
    return device.reshape(taken, [...x.shape.slice(0, at), ...indices.shape.slice(batchAxes), ...x.shape.slice(at + 1)]);
  });
}

function stridedSlice(device: Device, x: Sheet, begin: Shape, end: Shape, strides: Shape | undefined): Sheet {
  const steps = x.shape.map((_, axis) => strides?.[axis] ?? 1);
  const bounds = x.shape.map((size, axis) => [begin[axis] ?? 0, end[axis] ?? size].map((at) => Math.min(size, Math.max(at < 0 ? at + size : at, -1))));
  const shape = bounds.map(([from = 0, to = 0], axis) => Math.max(0, Math.ceil((to - from) / (steps[axis] ?? 1))));
  if (steps.some((step) => step !== 1)) return device.handed([x], shape, x.dtype, false);
  const from = bounds.map(([start = 0]) => start);
  return shape.every((size, axis) => size === x.shape[axis]) ? device.reshape(x, shape) : slice(device, x, from, shape);
}

/** Repeats the tensor to a shape; as it is where it has that shape. */
export function repeatTo(device: Device, x: Sheet, shape: Shape): Sheet {
  return device.scope(() => {
    const wide = x.rank < shape.length ? device.reshape(x, [...Array<number>(shape.length - x.rank).fill(1), ...x.shape]) : x;
    const same = wide.shape.every((size, axis) => size === shape[axis]);
    return same ? device.handle(wide.dataId, shape, x.dtype) : device.program([wide], shape, x.dtype, false);
  });
}

/** The functions, by tfjs's names. */
export function arraysOn(device: Device) {
  const permuted = (x: Sheet, perm: Shape = x.shape.map((_, axis) => x.rank - 1 - axis)) =>
    device.handed(
      [x],
      perm.map((axis) => x.shape[axis] ?? 1),
      x.dtype,
      true,
    );
  const expandDims = (x: Sheet, axis = 0) => {
    const at = axis < 0 ? axis + x.rank + 1 : axis;
    return device.reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
  };
  const without = (x: Sheet, axis: number) => x.shape.filter((_, each) => each !== fromFront(axis, x.rank));
  return {
    reshape: (x: Sheet, shape: Shape) => device.reshape(x, filled(shape, x.size)),
    clone: (x: Sheet) => device.handle(x.dataId, x.shape, x.dtype),
    expandDims,
    squeeze: (x: Sheet, axes?: Shape) => {
      const gone = axes?.map((axis) => fromFront(axis, x.rank));
      return device.reshape(
        x,
        x.shape.filter((size, axis) => (gone ? !gone.includes(axis) : size !== 1)),
      );
    },
    transpose: (x: Sheet, perm?: Shape) => (x.rank <= 1 ? device.handle(x.dataId, x.shape, x.dtype) : permuted(x, perm)),
    slice: (x: Sheet, begin: number | Shape, size?: number | Shape) => slice(device, x, begin, size),
    stridedSlice: (x: Sheet, begin: Shape, end: Shape, strides?: Shape) => stridedSlice(device, x, begin, end, strides),
    concat: (all: readonly Sheet[], axis = 0) => concat(device, all, axis),
    split: (x: Sheet, parts: number | Shape, axis = 0) => split(device, x, parts, axis),
    stack: (all: readonly Sheet[], axis = 0) =>
      device.scope(() =>
        concat(
          device,
          all.map((x) => expandDims(x, axis)),
          axis,
        ),
      ),
    unstack: (x: Sheet, axis = 0) =>
      device.scope(() => split(device, x, x.shape[fromFront(axis, x.rank)] ?? 1, axis).map((part) => device.reshape(part, without(x, axis)))),
    tile: (x: Sheet, reps: Shape) =>
      device.program(
        [x],
        x.shape.map((size, axis) => size * (reps[axis] ?? 1)),
        x.dtype,
        false,
      ),
    broadcastTo: (x: Sheet, shape: Shape) => repeatTo(device, x, shape),
    pad: (x: Sheet, sides: readonly (readonly [number, number])[]) =>
      device.program(
        [x],
        x.shape.map((size, axis) => size + (sides[axis]?.[0] ?? 0) + (sides[axis]?.[1] ?? 0)),
        x.dtype,
        true,
      ),
    reverse: (x: Sheet) => (x.rank === 0 ? device.handle(x.dataId, x.shape, x.dtype) : device.program([x], x.shape, x.dtype, true)),
    gather: (x: Sheet, indices: Sheet, axis = 0, batchAxes = 0) => gather(device, x, indices, axis, batchAxes),
  };
}

/** The type of values that are given without one. */
function typeOf(values: unknown): SheetType {
  if (Array.isArray(values)) return values.length > 0 ? typeOf(values[0]) : 'float32';
  if (values instanceof Int32Array || values instanceof Uint8Array) return 'int32';
  return typeof values === 'boolean' ? 'bool' : 'float32';
}

const nesting = (values: unknown): number[] => {
  if (Array.isArray(values)) return [values.length, ...nesting(values[0])];
  return ArrayBuffer.isView(values) && 'length' in values ? [Number(values.length)] : [];
};

/** `rangeImpl` in Range_impl.ts of tfjs-backend-cpu: upwards with a step below 0, or downwards with one above 1, there is nothing. */
const rangeLength = (start: number, stop: number, step: number): number =>
  (start < stop && step < 0) || (stop < start && step > 1) ? 0 : Math.abs(Math.ceil((stop - start) / step));

/** The functions that make tensors of given values, by tfjs's names; `fill` alone makes them on the device. */
export function creationOn(device: Device) {
  const given = (values: unknown, shape?: Shape, dtype?: SheetType) => device.values(shape ?? nesting(values), dtype ?? typeOf(values));
  const whole = (shape: Shape, dtype: SheetType = 'float32') => device.values(shape, dtype);
  return {
    tensor: given,
    tensor3d: given,
    tensor1d: (values: unknown, dtype?: SheetType) => given(values, undefined, dtype),
    scalar: (value: number | boolean, dtype?: SheetType) => device.values([], dtype ?? typeOf(value)),
    zeros: whole,
    ones: whole,
    fill: (shape: Shape, value: number | boolean, dtype?: SheetType) => device.program([], shape, dtype ?? typeOf(value), false),
    range: (start: number, stop: number, step = 1, dtype: SheetType = 'float32') => device.values([rangeLength(start, stop, step)], dtype),
  };
}
