/** Curves between their points: straight where both axes are logarithmic, as powers of a size are. */
import type { Curve, FigureName } from '../analysis/types';
import { bytesText, countText } from '../graph/quantities';
import type { NamedCurve, Point, Quantity } from './types';

/** A block's curve of one figure: points where the figure is known. */
export function named(label: string, curve: Curve, figure: FigureName): NamedCurve {
  return { label, points: curve.points.flatMap(({ at, values }) => (values[figure] === undefined ? [] : [{ at, value: values[figure] }])) };
}

/** Points in order, each size once, without those that have no logarithm. */
export function drawn({ points }: NamedCurve): readonly Point[] {
  const bySize = new Map(points.filter(({ at, value }) => at > 0 && value > 0 && Number.isFinite(at * value)).map((point) => [point.at, point]));
  return [...bySize.values()].sort((a, b) => a.at - b.at);
}

/** The logarithm of a curve's value at a size within its points. */
export function logAt(points: readonly Point[], at: number): number | undefined {
  const after = points.findIndex((point) => point.at >= at);
  const [left, right] = [points[after - 1], points[after]];
  if (!right) return undefined;
  if (right.at === at) return Math.log(right.value);
  return left && between(Math.log(left.value), Math.log(right.value), Math.log(at / left.at) / Math.log(right.at / left.at));
}

/** What stands that far on the way from one number to another. */
export const between = (from: number, to: number, share: number): number => from + (to - from) * share;

/** `3.3 MiB`, `1.2 GMACs`. */
export const quantityText = (value: number, quantity: Quantity, unit?: string): string => (quantity === 'bytes' ? bytesText(value) : countText(value, unit));

/** A size that was found between whole ones: whole, or with one decimal below 10. */
export const sizeText = (at: number): string => String(at < 10 ? Math.round(at * 10) / 10 : Math.round(at));
