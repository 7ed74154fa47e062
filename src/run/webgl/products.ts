/** tfjs's products and convolutions on paper: BatchMatMul_impl.ts, Conv2D.ts, Conv2D_impl.ts, DepthwiseConv2dNative.ts and the pools of tfjs-backend-webgl. */
import { broadcastShape, count } from '../../ops/kernels';
import { arraysOn } from './arrays';
import type { Device, Sheet } from './device';
import { reductionsOn } from './reductions';

type Sides = number | readonly number[];
type Padding = 'same' | 'valid' | number;

/** Products of vectors longer than this are an elementwise product and a sum. */
const LONG_VECTOR = 1000;

/** A product of one row or column: `a.mul(b).sum()`. */
function vectorProduct(device: Device, a: Sheet, b: Sheet, columns: number, turned: { readonly a: boolean; readonly b: boolean }): Sheet {
  const { transpose } = arraysOn(device);
  const { sum } = reductionsOn(device);
  const left = turned.a ? transpose(a, [0, 2, 1]) : a;
  const right = turned.b ? transpose(b, [0, 2, 1]) : b;
  const shared = left.shape[2] ?? 1;
  const batch = Math.max(a.shape[0] ?? 1, b.shape[0] ?? 1);
  const [x, y] = columns === 1 ? [left, device.reshape(right, [batch, 1, shared])] : [device.reshape(left, [batch, shared, 1]), right];
  const product = device.program([x, y], broadcastShape([x.shape, y.shape]), 'float32', true);
  return sum(product, columns === 1 ? 2 : 1, true);
}

/** `batchMatMulImpl`. */
function matMul(device: Device, a: Sheet, b: Sheet, transposeA = false, transposeB = false): Sheet {
  return device.scope(() => {
    const x = device.reshape(a, [count(a.shape.slice(0, -2)), ...a.shape.slice(-2)]);
    const y = device.reshape(b, [count(b.shape.slice(0, -2)), ...b.shape.slice(-2)]);
    const rows = x.shape[transposeA ? 2 : 1] ?? 1;
    const columns = y.shape[transposeB ? 1 : 2] ?? 1;
    const shared = x.shape[transposeA ? 1 : 2] ?? 1;
    const batch = Math.max(x.shape[0] ?? 1, y.shape[0] ?? 1);
    const long = (rows === 1 || columns === 1) && shared > LONG_VECTOR;
    const made = long
      ? vectorProduct(device, x, y, columns, { a: transposeA, b: transposeB })
      : device.program([x, y], [batch, rows, columns], 'float32', true);
    return device.reshape(made, [...broadcastShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]), rows, columns]);
  });
}

const sidesOf = (value: Sides, axes: number): readonly number[] => (typeof value === 'number' ? Array<number>(axes).fill(value) : value);

/** Places of a window along one axis. */
function places(size: number, window: number, stride: number, dilation: number, padding: Padding): number {
  if (padding === 'same') return Math.ceil(size / stride);
  const sides = padding === 'valid' ? 0 : 2 * padding;
  return Math.floor((size + sides - ((window - 1) * dilation + 1)) / stride) + 1;
}

interface Window {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Padding;
}

const firstOfAll = (sides: readonly number[]): readonly number[] => sides.map(() => sides[0] ?? 1);

/** Of a padding in numbers tfjs takes the first axis's window and stride for both axes of an image: `computeOutputShape2D` in conv_util.ts of tfjs-core. */
const asRead = (sliding: Window): Window => {
  const { window, strides, dilations, padding } = sliding;
  const isAlike = typeof padding === 'number' && window.length === 2;
  return isAlike ? { window: firstOfAll(window), strides: firstOfAll(strides), dilations: firstOfAll(dilations), padding } : sliding;
};

function slid(x: Sheet, given: Window, channels: number): number[] {
  const { window, strides, dilations, padding } = asRead(given);
  const [batch = 1, ...sizes] = x.shape;
  const spatial = window.map((size, axis) => places(sizes[axis] ?? 1, size, strides[axis] ?? 1, dilations[axis] ?? 1, padding));
  return [batch, ...spatial, channels];
}

/** `conv2dByMatMul`: of a packed operand of odd width, the texture is read as if it were one wider. */
function pointwise(device: Device, x: Sheet, filter: Sheet, shape: readonly number[]): Sheet {
  const [batch = 1, height = 1, width = 1, inner = 1] = x.shape;
  const outer = filter.shape[3] ?? 1;
  const store = x.dataId;
  const weights = device.reshape(filter, [1, inner, outer]);
  const inPlace = store.packed && store.texture !== undefined && width % 2 !== 0 && store.shape.slice(-3).join() === x.shape.slice(-3).join();
  if (inPlace && !(outer === 1 && inner > LONG_VECTOR)) {
    const before = store.shape;
    store.shape = [...before.slice(0, -2), width + 1, inner];
    const made = matMul(device, device.handle(store, [1, batch * height * (width + 1), inner], x.dtype), weights);
    store.shape = before;
    made.dataId.shape = shape;
    return device.handle(made.dataId, shape, 'float32');
  }
  return device.reshape(matMul(device, device.reshape(x, [batch, height * width, inner]), weights), shape);
}

/** `conv2dWithIm2Row`: every window as a column, then a product. */
function byColumns(device: Device, x: Sheet, filter: Sheet, shape: readonly number[]): Sheet {
  const [batch = 1, height = 1, width = 1, outer = 1] = shape;
  const shared = count(filter.shape.slice(0, 3));
  const weights = device.reshape(filter, [1, shared, outer]);
  const columns = device.program([x], [batch, shared, height * width], 'float32', true);
  const product = device.program([columns, weights], [batch, height * width, outer], 'float32', true);
  return device.reshape(product, shape);
}

function conv2d(device: Device, x: Sheet, filter: Sheet, sliding: Window): Sheet {
  const shape = slid(x, sliding, filter.shape[3] ?? 1);
  const { window, strides, dilations, padding } = sliding;
  const isPoint = [...window, ...strides, ...dilations].every((size) => size === 1) && (typeof padding !== 'number' || padding === 0);
  return device.scope(() => (isPoint ? pointwise : byColumns)(device, x, filter, shape));
}

function depthwiseConv2d(device: Device, x: Sheet, filter: Sheet, sliding: Window): Sheet {
  const [, , channels = 1, multiplier = 1] = filter.shape;
  const packed = (sliding.strides[1] ?? 1) <= 2 && multiplier === 1;
  return device.program([x, filter], slid(x, sliding, channels * multiplier), 'float32', packed);
}

function pool(device: Device, x: Sheet, sliding: Window): Sheet {
  const shape = slid(x, sliding, x.shape.at(-1) ?? 1);
  const same = sliding.window.every((size) => size === 1) && shape.every((size, axis) => size === x.shape[axis]);
  return same ? device.handle(x.dataId, x.shape, x.dtype) : device.program([x], shape, x.dtype, false);
}

/** The functions, by tfjs's names. */
export function productsOn(device: Device) {
  const slidingOf = (window: readonly number[], strides: Sides, padding: Padding, dilations: Sides = 1): Window => ({
    window,
    strides: sidesOf(strides, window.length),
    dilations: sidesOf(dilations, window.length),
    padding,
  });
  const pooled = (axes: number) => (x: Sheet, window: Sides, strides: Sides, padding: Padding) =>
    pool(device, x, slidingOf(sidesOf(window, axes), strides, padding));
  const windowOf = (filter: Sheet): readonly number[] => filter.shape.slice(0, -2);
  const resized = (x: Sheet, [height, width]: readonly [number, number]) =>
    device.program([x], [x.shape[0] ?? 1, height, width, x.shape[3] ?? 1], x.dtype, true);
  return {
    matMul: (a: Sheet, b: Sheet, transposeA?: boolean, transposeB?: boolean) => matMul(device, a, b, transposeA, transposeB),
    conv2d: (x: Sheet, filter: Sheet, strides: Sides, padding: Padding, _layout?: string, dilations?: Sides) =>
      conv2d(device, x, filter, slidingOf(windowOf(filter), strides, padding, dilations)),
    depthwiseConv2d: (x: Sheet, filter: Sheet, strides: Sides, padding: Padding, _layout?: string, dilations?: Sides) =>
      depthwiseConv2d(device, x, filter, slidingOf(windowOf(filter), strides, padding, dilations)),
    conv2dTranspose: (x: Sheet, filter: Sheet, shape: readonly number[]) => device.program([x, filter], shape, 'float32', true),
    conv3d: (x: Sheet, filter: Sheet, strides: Sides, padding: Padding, _layout?: string, dilations?: Sides) =>
      device.program([x, filter], slid(x, slidingOf(windowOf(filter), strides, padding, dilations), filter.shape[4] ?? 1), 'float32', false),
    conv3dTranspose: (x: Sheet, filter: Sheet, shape: readonly number[]) => device.program([x, filter], shape, 'float32', false),
    maxPool: pooled(2),
    avgPool: pooled(2),
    maxPool3d: pooled(3),
    avgPool3d: pooled(3),
    image: { resizeBilinear: resized, resizeNearestNeighbor: resized },
  };
}
