/** tfjs's reductions on paper: reduce.ts, Sum_impl.ts, Softmax.ts, Cum_impl.ts and arg_min_max.ts of tfjs-backend-webgl, moments.ts and log_softmax.ts of tfjs-core. */
import { axesLast, count } from '../../ops/kernels';
import type { Device, Sheet, SheetType } from './device';
import { spread } from './elementwise';

type Axes = number | readonly number[] | null | undefined;

/** An axis of at most so many is reduced in one program. */
const ONE_STAGE = 30;

/** `computeOptimalWindowSize` in reduce_util.ts of tfjs-core: the divisor next to the root. */
function windowOf(size: number): number {
  if (size <= ONE_STAGE) return size;
  for (let window = Math.floor(Math.sqrt(size)); window < size; window += 1) if (size % window === 0) return window;
  return size;
}

/** Programs one after the other until each row has one value; none of them is packed. */
function byStages(device: Device, rows: Sheet, dtype: SheetType): Sheet {
  const [batch = 1, size = 1] = rows.shape;
  let [result, left] = [rows, size];
  do {
    const next = Math.ceil(left / windowOf(left));
    const made = device.program([result], [batch, next], dtype, false);
    if (result !== rows) result.dispose();
    [result, left] = [made, next];
  } while (left !== 1);
  return result;
}

const axesOf = (axes: Axes, rank: number): number[] =>
  (axes === null || axes === undefined ? Array.from({ length: rank }, (_, axis) => axis) : typeof axes === 'number' ? [axes] : [...axes])
    .map((axis) => (axis < 0 ? axis + rank : axis))
    .sort((left, right) => left - right);

const isOrdered = (perm: readonly number[]): boolean => perm.every((from, at) => from === at);

/** The tensor with these axes last. */
function turned(device: Device, x: Sheet, axes: readonly number[]): Sheet {
  const perm = axesLast(x.rank, axes);
  const shape = perm.map((axis) => x.shape[axis] ?? 1);
  return isOrdered(perm) ? x : device.program([x], shape, x.dtype, true);
}

function reduced(device: Device, x: Sheet, given: Axes, keepDims: boolean, dtype: SheetType): Sheet {
  const axes = axesOf(given, x.rank);
  const kept = x.shape.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]));
  return device.scope(() => {
    const inner = count(axes.map((axis) => x.shape[axis] ?? 1));
    const rows = device.reshape(turned(device, x, axes), [x.size / inner, inner]);
    return device.reshape(byStages(device, rows, dtype), kept);
  });
}

function softmax(device: Device, x: Sheet): Sheet {
  return device.scope(() => {
    const most = reduced(device, x, -1, true, x.dtype);
    const powers = spread(device, [spread(device, [x, most], 'float32', true)], 'float32', true);
    return spread(device, [powers, reduced(device, powers, -1, true, 'float32')], 'float32', true);
  });
}

function logSoftmax(device: Device, x: Sheet): Sheet {
  return device.scope(() => {
    const shifted = spread(device, [x, reduced(device, x, -1, true, x.dtype)], 'float32', true);
    const total = reduced(device, spread(device, [shifted], 'float32', true), -1, true, 'float32');
    return spread(device, [shifted, spread(device, [total], 'float32', true)], 'float32', true);
  });
}

function logSumExp(device: Device, x: Sheet, axes: Axes, keepDims: boolean): Sheet {
  return device.scope(() => {
    const most = reduced(device, x, axes, true, x.dtype);
    const powers = spread(device, [spread(device, [x, most], 'float32', true)], 'float32', true);
    const total = reduced(device, powers, axes, false, 'float32');
    const logs = spread(device, [total], 'float32', true);
    const sum = spread(device, [device.reshape(most, logs.shape), logs], 'float32', true);
    return keepDims ? device.reshape(sum, most.shape) : sum;
  });
}

function moments(device: Device, x: Sheet, axes: Axes, keepDims: boolean): { readonly mean: Sheet; readonly variance: Sheet } {
  return device.scope(() => {
    const mean = reduced(device, x, axes, keepDims, 'float32');
    const gone = axesOf(axes, x.rank);
    const beside = device.reshape(
      mean,
      x.shape.map((size, axis) => (gone.includes(axis) ? 1 : size)),
    );
    const squares = spread(device, [spread(device, [x, beside], 'float32', true)], 'float32', false);
    return { mean, variance: reduced(device, squares, axes, keepDims, 'float32') };
  });
}

/** A sum of truth values is a whole number. */
const totalType = (dtype: SheetType): SheetType => (dtype === 'bool' ? 'int32' : dtype);

/** Each program adds what stands twice as far before. */
function cumulated(device: Device, x: Sheet, axis: number, exclusive: boolean): Sheet {
  const at = axis < 0 ? axis + x.rank : axis;
  const perm = axesLast(x.rank, [at]);
  return device.scope(() => {
    const moved = turned(device, device.handle(x.dataId, x.shape, totalType(x.dtype)), [at]);
    const runs = Math.ceil(Math.log2(x.shape[at] ?? 1)) + (exclusive ? 1 : 0);
    let result = device.handle(moved.dataId, moved.shape, moved.dtype);
    for (let turn = 0; turn < runs; turn += 1) {
      const next = device.program([result], moved.shape, moved.dtype, false);
      result.dispose();
      result = next;
    }
    return isOrdered(perm) ? result : device.program([result], x.shape, result.dtype, true);
  });
}

/** Of a matrix an unpacked copy is reduced; of more axes the tensor as it is, packed. */
function place(device: Device, x: Sheet, axis: number): Sheet {
  return device.scope(() => {
    const moved = turned(device, x, axesOf(axis, x.rank));
    const [others, size] = [moved.shape.slice(0, -1), moved.shape.at(-1) ?? 1];
    const isMatrix = x.rank <= 2;
    const source = isMatrix && moved.dataId.packed ? device.unpacked(moved) : moved;
    const rows = isMatrix ? device.reshape(source, [count(others), size]) : source;
    let result: Sheet | undefined;
    for (let left = size; left !== 1 || !result; ) {
      left = Math.ceil(left / windowOf(left));
      const shape = isMatrix ? [count(others), left] : [...others, ...(left === 1 ? [] : [left])];
      result = device.program(result ? [rows, result] : [rows], shape, 'int32', !isMatrix);
    }
    return device.reshape(result, others);
  });
}

/** The functions, by tfjs's names. */
export function reductionsOn(device: Device) {
  const over =
    (typeOf: (dtype: SheetType) => SheetType) =>
    (x: Sheet, axes?: Axes, keepDims = false) =>
      reduced(device, x, axes, keepDims, typeOf(x.dtype));
  return {
    sum: over(totalType),
    prod: over(totalType),
    mean: over(() => 'float32'),
    max: over((dtype) => dtype),
    min: over((dtype) => dtype),
    any: over(() => 'bool'),
    all: over(() => 'bool'),
    softmax: (x: Sheet) => softmax(device, x),
    logSoftmax: (x: Sheet) => logSoftmax(device, x),
    logSumExp: (x: Sheet, axes?: Axes, keepDims = false) => logSumExp(device, x, axes, keepDims),
    moments: (x: Sheet, axes?: Axes, keepDims = false) => moments(device, x, axes, keepDims),
    cumsum: (x: Sheet, axis = 0, exclusive = false) => cumulated(device, x, axis, exclusive),
    cumprod: (x: Sheet, axis = 0, exclusive = false) => cumulated(device, x, axis, exclusive),
    argMax: (x: Sheet, axis = 0) => place(device, x, axis),
    argMin: (x: Sheet, axis = 0) => place(device, x, axis),
  };
}
