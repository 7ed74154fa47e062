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

/** The tensor with these axes last; `handed`: a kernel that may do so on the processor. */
function turned(device: Device, x: Sheet, axes: readonly number[], handed = false): Sheet {
  const perm = axesLast(x.rank, axes);
  const shape = perm.map((axis) => x.shape[axis] ?? 1);
  return isOrdered(perm) ? x : (handed ? device.handed : device.program)([x], shape, x.dtype, true);
}

/** How a reduction may use the processor: not at all, to turn its operand, or as a whole. */
type Handed = 'never' | 'turning' | 'whole';

function reduced(device: Device, x: Sheet, given: Axes, keepDims: boolean, dtype: SheetType, handed: Handed = 'never'): Sheet {
  const axes = axesOf(given, x.rank);
  const kept = x.shape.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]));
  return device.scope(() => {
    if (handed === 'whole' && device.isOnProcessor([x])) return device.values(kept, dtype);
    const inner = count(axes.map((axis) => x.shape[axis] ?? 1));
    const rows = device.reshape(turned(device, x, axes, handed !== 'never'), [x.size / inner, inner]);
    return device.reshape(byStages(device, rows, dtype), kept);
  });
}

const most = (device: Device, x: Sheet, axes: Axes): Sheet => reduced(device, x, axes, true, x.dtype, 'whole');

function softmax(device: Device, x: Sheet): Sheet {
  return device.scope(() => {
    const shifted = spread(device, 'sub', [x, most(device, x, -1)], 'float32');
    const powers = spread(device, 'exp', [shifted]);
    return spread(device, 'div', [powers, reduced(device, powers, -1, true, 'float32')]);
  });
}

function logSoftmax(device: Device, x: Sheet): Sheet {
  return device.scope(() => {
    const shifted = spread(device, 'sub', [x, most(device, x, -1)], 'float32');
    const total = reduced(device, spread(device, 'exp', [shifted]), -1, true, 'float32');
    return spread(device, 'sub', [shifted, spread(device, 'log', [total])]);
  });
}

function logSumExp(device: Device, x: Sheet, axes: Axes, keepDims: boolean): Sheet {
  return device.scope(() => {
    const highest = most(device, x, axes);
    const powers = spread(device, 'exp', [spread(device, 'sub', [x, highest], 'float32')]);
    const logs = spread(device, 'log', [reduced(device, powers, axes, false, 'float32')]);
    const sum = spread(device, 'add', [device.reshape(highest, logs.shape), logs], 'float32');
    return keepDims ? device.reshape(sum, highest.shape) : sum;
  });
}

function moments(device: Device, x: Sheet, axes: Axes, keepDims: boolean): { readonly mean: Sheet; readonly variance: Sheet } {
  return device.scope(() => {
    const mean = reduced(device, x, axes, keepDims, 'float32', 'turning');
    const gone = axesOf(axes, x.rank);
    const beside = device.reshape(
      mean,
      x.shape.map((size, axis) => (gone.includes(axis) ? 1 : size)),
    );
    const squares = spread(device, 'square', [spread(device, 'sub', [x, beside], 'float32')]);
    return { mean, variance: reduced(device, squares, axes, keepDims, 'float32', 'turning') };
  });
}

/** A sum of truth values is a whole number. */
const totalType = (dtype: SheetType): SheetType => (dtype === 'bool' ? 'int32' : dtype);

/** Each program adds what stands twice as far before. */
function cumulated(device: Device, x: Sheet, axis: number, exclusive: boolean): Sheet {
  const at = axis < 0 ? axis + x.rank : axis;
  const perm = axesLast(x.rank, [at]);
  return device.scope(() => {
    const moved = turned(device, device.handle(x.dataId, x.shape, totalType(x.dtype)), [at], true);
    const runs = Math.ceil(Math.log2(x.shape[at] ?? 1)) + (exclusive ? 1 : 0);
    let result = device.handle(moved.dataId, moved.shape, moved.dtype);
    for (let turn = 0; turn < runs; turn += 1) {
      const next = device.program([result], moved.shape, moved.dtype, false);
      result.dispose();
      result = next;
    }
    return isOrdered(perm) ? result : device.handed([result], x.shape, result.dtype, true);
  });
}

/** Of a matrix an unpacked copy is reduced; of more axes the tensor as it is, packed. */
function place(device: Device, x: Sheet, axis: number): Sheet {
  return device.scope(() => {
    const moved = turned(device, x, axesOf(axis, x.rank), true);
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
  const same = (dtype: SheetType) => dtype;
  const over =
    (typeOf: (dtype: SheetType) => SheetType, handed?: Handed) =>
    (x: Sheet, axes?: Axes, keepDims = false) =>
      reduced(device, x, axes, keepDims, typeOf(x.dtype), handed);
  return {
    sum: over(totalType),
    prod: over(totalType, 'whole'),
    mean: over(() => 'float32', 'turning'),
    max: over(same, 'whole'),
    min: over(same, 'turning'),
    any: over(() => 'bool', 'turning'),
    all: over(() => 'bool', 'turning'),
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
