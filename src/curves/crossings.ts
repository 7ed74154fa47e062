/** Where curves cross each other, and where they pass a limit. */
import { between, drawn, logAt } from './curve';
import type { Crossing, NamedCurve, Passing, Point } from './types';

/** Logarithms closer than this are of equal values. */
const EQUAL = 1e-12;

/** All crossings of all pairs, by size. What only touches does not cross. */
export function crossings(curves: readonly NamedCurve[]): readonly Crossing[] {
  const lines = curves.map((curve) => ({ label: curve.label, points: drawn(curve) }));
  return lines.flatMap((first, at) => lines.slice(at + 1).flatMap((second) => crossingsOf(first, second))).sort((a, b) => a.at - b.at);
}

function crossingsOf(first: NamedCurve, second: NamedCurve): readonly Crossing[] {
  return changes(gaps(first.points, second.points)).map(({ at, rises }) => ({
    between: rises ? [second.label, first.label] : [first.label, second.label],
    at,
    value: Math.exp(logAt(first.points, at) ?? Number.NaN),
  }));
}

/** Where a curve passes a value, by size. */
export function passings({ label, points }: NamedCurve, limit: number): readonly Passing[] {
  const line = drawn({ label, points });
  const found = changes(line.map(({ at, value }) => ({ at, gap: level(Math.log(value) - Math.log(limit)) })));
  return found.map(({ at, rises }) => ({ label, at, direction: rises ? 'up' : 'down' }));
}

interface Gap {
  readonly at: number;
  /** The logarithm of how many times the first value is the second. */
  readonly gap: number;
}

const level = (gap: number): number => (Math.abs(gap) < EQUAL ? 0 : gap);

/** How far two curves are apart at each size at which one of them bends. */
function gaps(first: readonly Point[], second: readonly Point[]): readonly Gap[] {
  const sizes = [...new Set([...first, ...second].map(({ at }) => at))].sort((a, b) => a - b);
  return sizes.flatMap((at) => {
    const [one, other] = [logAt(first, at), logAt(second, at)];
    return one === undefined || other === undefined ? [] : [{ at, gap: level(one - other) }];
  });
}

/** Where the gap changes its sign: between two sizes, or where equal values end. */
function changes(all: readonly Gap[]): readonly { readonly at: number; readonly rises: boolean }[] {
  const apart = all.map((one, at) => ({ ...one, before: all[at - 1] })).filter(({ gap }) => gap !== 0);
  return apart.slice(1).flatMap((right, index) => {
    const left = apart[index];
    if (!left || left.gap > 0 === right.gap > 0) return [];
    const near = right.before ?? left;
    const at = near.gap === 0 ? near.at : Math.exp(between(Math.log(near.at), Math.log(right.at), near.gap / (near.gap - right.gap)));
    return [{ at, rises: right.gap > 0 }];
  });
}
