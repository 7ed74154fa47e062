/** Resizing as torch defines it: what each new place takes from the old ones, axis by axis. */
import { listOf, numberOf, readFlag, readText } from './attributes';
import { alongAxis, casted } from './kernels';
import type { BoundAttributes, Tensor, Tfjs } from './operator';
import { multiplyMatrices } from './products';

interface Axis {
  readonly size: number;
  readonly target: number;
  /** Old places by new place. */
  readonly scale: number;
  readonly align: boolean;
  readonly half: boolean;
}

/** The old place of a new one, before it is brought inside. */
function sourceOf(at: number, { scale, align, half }: Axis): number {
  if (align) return at * scale;
  return half ? (at + 0.5) * scale - 0.5 : at * scale;
}

const clamp = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

/** Keys' cubic kernel. */
function cubic(distance: number, bend: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return ((bend + 2) * d - (bend + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * bend : 0;
}

function linearRow(at: number, axis: Axis, row: Float32Array): void {
  const source = Math.max(0, sourceOf(at, axis));
  const first = Math.min(Math.floor(source), axis.size - 1);
  const share = source - first;
  const second = Math.min(first + 1, axis.size - 1);
  row[first] = (row[first] ?? 0) + 1 - share;
  row[second] = (row[second] ?? 0) + share;
}

function cubicRow(at: number, axis: Axis, row: Float32Array): void {
  const source = sourceOf(at, axis);
  const base = Math.floor(source);
  for (let tap = base - 1; tap <= base + 2; tap += 1) {
    const place = clamp(tap, axis.size);
    row[place] = (row[place] ?? 0) + cubic(source - tap, -0.75);
  }
}

/** Every old place within reach has its share, so that none is skipped where the axis gets shorter. */
function smoothRow(at: number, { size, scale }: Axis, row: Float32Array, method: string): void {
  const reach = method === 'cubic' ? 2 : 1;
  const [support, inverse] = scale >= 1 ? [reach * scale, 1 / scale] : [reach, 1];
  const center = scale * (at + 0.5);
  const from = Math.max(Math.trunc(center - support + 0.5), 0);
  const to = Math.min(Math.trunc(center + support + 0.5), size);
  let total = 0;
  for (let place = from; place < to; place += 1) {
    const distance = (place - center + 0.5) * inverse;
    const share = method === 'cubic' ? cubic(distance, -0.5) : Math.max(0, 1 - Math.abs(distance));
    row[place] = share;
    total += share;
  }
  for (let place = from; place < to; place += 1) row[place] = (row[place] ?? 0) / total;
}

function axisOf(size: number, target: number, scale: number | undefined, attributes: BoundAttributes): Axis {
  const align = readFlag(attributes, 'alignCorners');
  const spread = align ? (target > 1 ? (size - 1) / (target - 1) : 0) : scale !== undefined && scale > 0 ? 1 / scale : size / target;
  return { size, target, scale: spread, align, half: readFlag(attributes, 'halfPixelCenters') };
}

function nearest(tf: Tfjs, x: Tensor, axis: Axis): Tensor {
  const places = Array.from({ length: axis.target }, (_, at) => clamp(Math.floor(axis.half ? (at + 0.5) * axis.scale : at * axis.scale), axis.size));
  return tf.gather(x, tf.tensor1d(places, 'int32'), 1);
}

/** One axis at its new size; where `scales` are given, they tell the places. */
export function resample(tf: Tfjs, x: Tensor, axis: number, at: number, target: number, attributes: BoundAttributes): Tensor {
  const method = readText(attributes, 'method');
  return alongAxis(tf, x, axis, (folded) => {
    const along = axisOf(folded.shape[1] ?? 1, target, numberOf(listOf(attributes.scales)[at]), attributes);
    if (method === 'nearest') return nearest(tf, folded, along);
    const weights = new Float32Array(target * along.size);
    for (let place = 0; place < target; place += 1) {
      const row = weights.subarray(place * along.size, (place + 1) * along.size);
      if (readFlag(attributes, 'antialias')) smoothRow(place, along, row, method);
      else if (method === 'cubic') cubicRow(place, along, row);
      else linearRow(place, along, row);
    }
    return multiplyMatrices(tf, tf.tensor3d(weights, [1, target, along.size]), casted(tf, folded, 'float32'));
  });
}
