/** The first whole size at which something is so that a crossing between two priced sizes speaks of. */
import type { NamedCurve } from '../../curves/types';

/** Prices a block at the nearest size that it allows. */
export type Values = (size: number) => { readonly at: number; readonly value: number } | undefined;

/** Sizes near one at which all blocks can be priced, found by trying each block's nearest for the others. */
function together(size: number, blocks: readonly Values[]): { readonly at: number; readonly values: readonly number[] } | undefined {
  const tried = [size, ...blocks.map((values) => values(size)?.at)];
  for (const at of new Set(tried)) {
    if (at === undefined) continue;
    const found = blocks.map((values) => values(at));
    if (found.every((one) => one?.at === at)) return { at, values: found.map((one) => one?.value ?? Number.NaN) };
  }
  return undefined;
}

/** A priced size from which on it is so, at or after the crossing, and the one before it, at which it is not yet. */
function bracket(at: number, curves: readonly NamedCurve[], holdsAt: (size: number) => boolean): readonly [number, number] | undefined {
  const [first, ...others] = curves.map(({ points }) => points.map((point) => point.at));
  const common = (first ?? []).filter((size) => others.every((sizes) => sizes.includes(size)));
  const after = common.findIndex((size) => size > at * (1 - 1e-9) && holdsAt(size));
  const [low, high] = [common[after - 1], common[after]];
  return low === undefined || high === undefined || holdsAt(low) ? undefined : [low, high];
}

/** Halves the sizes between until none is left that the blocks allow; undefined where they allow no common ones there. */
export function firstSize(
  at: number,
  curves: readonly NamedCurve[],
  blocks: readonly Values[],
  holds: (values: readonly number[]) => boolean,
): number | undefined {
  const start = bracket(at, curves, (size) => holds(curves.map(({ points }) => points.find((point) => point.at === size)?.value ?? Number.NaN)));
  if (!start) return undefined;
  let [low, high] = start;
  while (high - low > 1) {
    const found = together(Math.floor((low + high) / 2), blocks);
    if (!found) return undefined;
    if (found.at <= low || found.at >= high) return high;
    if (holds(found.values)) high = found.at;
    else low = found.at;
  }
  return high;
}
