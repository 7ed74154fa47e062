/** Logarithmic axes: where values stand, and which of them are written. */
import { bytesText, countText } from '../graph/quantities';
import { between } from './curve';
import type { Quantity } from './types';

export type Domain = readonly [number, number];

/** Where a value stands: the domain's ends at the range's ends, even ratios evenly spaced. */
export const scale =
  ([low, high]: Domain, [start, end]: readonly [number, number]) =>
  (value: number): number =>
    between(start, end, Math.log(value / low) / Math.log(high / low));

const POWERS = Array.from({ length: 121 }, (_, at) => at - 20);

const every = (base: number, step: number): readonly number[] => POWERS.filter((power) => power % step === 0).map((power) => base ** power);

/** Values that may be written, finer ones first: of bytes from one power of two to the next unit, of counts 1, 2, 5, 10 and on to the next prefix. */
const RUNGS = {
  bytes: [1, 2, 5, 10, 20, 40].map((step) => every(2, step)),
  count: [every(10, 1).flatMap((ten) => [ten, 2 * ten, 5 * ten]), every(10, 1), every(10, 3), every(10, 6)],
};

/** A range of rungs around the values, and `most` of them at most to be written; a single value stands between two. */
export function rungs(values: readonly number[], quantity: Quantity, most: number): { readonly domain: Domain; readonly ticks: readonly number[] } {
  const [finest = []] = RUNGS[quantity];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const under = finest.findLastIndex((rung) => rung <= low);
  const over = finest.findIndex((rung) => rung >= high);
  const around = under === over ? 1 : 0;
  const domain: Domain = [finest[under - around] ?? low, finest[over + around] ?? high];
  const within = RUNGS[quantity].map((all) => all.filter(inside(domain)));
  return { domain, ticks: within.find(({ length }) => length <= most) ?? [] };
}

/** A tick's words: `16 MiB`, `10 G`. */
export const tickText = (value: number, quantity: Quantity): string => (quantity === 'bytes' ? bytesText(value) : countText(value)).replace(/\.0(?= |$)/, '');

const inside =
  ([low, high]: Domain) =>
  (value: number): boolean =>
    value >= low && value <= high;

/** Sizes to write along an axis: powers of two, their halves between, or else the sizes themselves. */
export function sizeTicks(domain: Domain, sizes: readonly number[]): readonly number[] {
  const twos = Array.from({ length: 40 }, (_, power) => 2 ** power);
  const candidates = [twos, twos.flatMap((two) => (two < 2 ? [two] : [two, 1.5 * two]))].map((all) => all.filter(inside(domain)));
  return candidates.find(({ length }) => length >= 3) ?? sizes;
}

/** What a domain of one size is widened to. */
export const widened = ([low, high]: Domain): Domain => (low === high ? [low / 2, high * 2] : [low, high]);
