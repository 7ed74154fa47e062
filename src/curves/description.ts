/** A chart in words: for screen readers, and for whoever reads the command line. */
import { crossings, passings } from './crossings';
import { drawn, quantityText, sizeText } from './curve';
import type { ChartSource, Crossing, NamedCurve, Passing } from './types';
import { type CurveWords, fill } from './words';

/** `SpatialReduction is smaller than SelfAttention from h = w ≈ 47 on`. */
export const crossingText = ({ between: [smaller, larger], at, first }: Crossing, size: string, words: CurveWords): string =>
  fill(first === undefined ? words.crossing : words.crossingExact, { smaller, larger, size, at: sizeText(first ?? at) });

/** `SelfAttention passes 24 GiB at h = w ≈ 181`. */
export const passingText = ({ label, at, direction }: Passing, size: string, limit: string, words: CurveWords): string =>
  fill(direction === 'up' ? words.above : words.below, { label, limit, size, at: sizeText(at) });

/** What each curve does from end to end, where they cross, and where they pass the limit. */
export function description({ title, quantity, unit, size, curves, limit, crossings: found }: ChartSource, words: CurveWords): string {
  const ends = curves.flatMap((curve) => {
    const points = drawn(curve);
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return [];
    const args = {
      label: curve.label,
      size,
      first: quantityText(first.value, quantity, unit),
      start: first.at,
      last: quantityText(last.value, quantity, unit),
      end: last.at,
    };
    return [fill(points.length === 1 ? words.single : words.from, args)];
  });
  return [title, ...ends, ...marksText(curves, size, limit, words, found)].map((sentence) => `${sentence}.`).join(' ');
}

/** Crossings and passings in words, a sentence each. */
export function marksText(
  curves: readonly NamedCurve[],
  size: string,
  limit: ChartSource['limit'],
  words: CurveWords,
  found = crossings(curves),
): readonly string[] {
  const crossing = found.map((one) => crossingText(one, size, words));
  const above = limit ? curves.filter((curve) => isAbove(curve, limit.value)) : [];
  const passing = limit ? curves.flatMap((curve) => passings(curve, limit.value)).map((one) => passingText(one, size, limit.label, words)) : [];
  return [...crossing, ...passing, ...above.map(({ label }) => fill(words.alwaysAbove, { label, limit: limit?.label ?? '' }))];
}

/** Whether all of a curve is above a value. */
export const isAbove = ({ points }: NamedCurve, limit: number): boolean => points.length > 0 && points.every(({ value }) => value > limit);
