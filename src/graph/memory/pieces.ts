/**
 * Where along a ray the peak has which formula, worked out from the steps themselves: at every doubling of the sizes (beyond those at hand every other), on both sides of each border that
 * the formulas at hand foretell, and between any two neighbours that differ until they meet.
 */
import { type Dim, evaluate } from '../../dim/index';
import type { Sizes } from '../bind';
import { areOneNumber, MOST_SKIPPED, type Ray } from './rays';

/** The most that is alive at sizes: its formula, and the node at which that is. */
export interface Peak {
  readonly value: number;
  readonly formula: Dim;
  readonly node: number;
}

/** A formula that goes from one number of a ray to another; undefined where none can be told. */
export interface Piece {
  readonly peak: Peak | undefined;
  readonly first: number;
  readonly last: number;
}

export interface Pieces {
  /** The smallest numbers first. */
  readonly pieces: readonly Piece[];
  /** The first piece begins where sizes do. */
  readonly isFromLeast: boolean;
}

interface Point {
  readonly x: number;
  readonly peak: Peak | undefined;
}

/** Steps are not worked out anew more often along one ray. */
const MOST_READINGS = 48;

/** The first number from `x` on, before `end`, that the module can have. */
function firstFrom(ray: Ray, x: number, end: number): number | undefined {
  for (let one = x; one < end && one - x < MOST_SKIPPED; one++) if (ray.real(one)) return one;
  return undefined;
}

/** The last number from `x` down that the module can have. */
function lastFrom(ray: Ray, x: number): number | undefined {
  for (let one = x; one >= 1 && x - one < MOST_SKIPPED; one--) if (ray.real(one)) return one;
  return undefined;
}

/** The numbers looked at to begin with; `borders` are the last numbers before another formula is foretold. */
function beginnings(ray: Ray, borders: readonly number[]): readonly number[] {
  const found = new Set<number | undefined>([ray.here, lastFrom(ray, ray.most), firstFrom(ray, 3, ray.most)]);
  for (let x = 1; x < ray.most; x *= x < (ray.here ?? ray.most) ? 2 : 4) found.add(firstFrom(ray, x, ray.most));
  for (const border of borders) found.add(lastFrom(ray, border)).add(firstFrom(ray, border + 1, ray.most));
  return [...found].flatMap((x) => (x === undefined ? [] : [x])).sort((a, b) => a - b);
}

/** The pieces along a ray; `main` is the peak at the sizes at hand, `peakAt` works one out. */
export function piecesAlong(ray: Ray, main: Peak, borders: readonly number[], peakAt: (sizes: Sizes) => Peak | undefined): Pieces {
  const known: Peak[] = [main];
  let readings = 0;
  const pointAt = (x: number): Point => {
    readings++;
    const sizes = ray.real(x);
    const peak = sizes && peakAt(sizes);
    if (!sizes || !peak) return { x, peak: undefined };
    const like = known.find(({ formula }) => evaluate(formula, sizes) === peak.value);
    if (!like && ray.kind === 'product' && !areOneNumber([peak.formula], ray.symbols)) return { x, peak: undefined };
    if (!like) known.push(peak);
    return { x, peak: like ?? peak };
  };
  // Neighbours that differ are looked between until nothing is.
  const between = (low: Point, high: Point): readonly Point[] => {
    if (low.peak === high.peak || readings >= MOST_READINGS) return [];
    const middle = Math.floor((low.x + high.x) / 2);
    const x = firstFrom(ray, Math.max(middle, low.x + 1), high.x) ?? firstFrom(ray, low.x + 1, middle);
    if (x === undefined) return [];
    const point = pointAt(x);
    return [...between(low, point), point, ...between(point, high)];
  };
  const starts = beginnings(ray, borders).map(pointAt);
  const points = starts.flatMap((point, at) => [point, ...(starts[at + 1] ? between(point, starts[at + 1] ?? point) : [])]);
  return { pieces: joined(points), isFromLeast: firstFrom(ray, 1, ray.most) !== undefined };
}

/** Points in a row that have one formula. */
function joined(points: readonly Point[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const { x, peak } of points) {
    const before = pieces.at(-1);
    if (before && before.peak === peak) pieces[pieces.length - 1] = { ...before, last: x };
    else pieces.push({ peak, first: x, last: x });
  }
  return pieces;
}
