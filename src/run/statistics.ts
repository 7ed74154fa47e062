/** What a tensor's values are like. */
import type { Statistics } from './types';

/** Least, most, mean and deviation of the finite values, in one pass. */
export function statisticsOf(values: ArrayLike<number>): Statistics {
  let [min, max, mean, squares, count, masked] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value === Number.NEGATIVE_INFINITY) masked += 1;
    if (!Number.isFinite(value)) continue;
    count += 1;
    if (value < min) min = value;
    if (value > max) max = value;
    const from = value - mean;
    mean += from / count;
    squares += from * (value - mean);
  }
  const finite = count === values.length;
  const kept = { finite, ...(!finite && count + masked === values.length ? { masked: true } : {}) };
  if (count === 0) return { min: Number.NaN, max: Number.NaN, mean: Number.NaN, std: Number.NaN, ...kept };
  return { min, max, mean, std: Math.sqrt(squares / count), ...kept };
}
