/** Along which sizes blocks can be compared, and the sizes on the way. */
import type { Prices, Sweep } from '../../src/analysis/types';
import { imageIn, isLength, tokensIn } from './places';
import type { Along } from './state';

const IMAGE: Along = { symbols: ['h', 'w'], from: 16, to: 256 };
const TOKENS: Along = { symbols: ['n'], from: 64, to: 4096 };
/** Times around a size that it is drawn for where nothing says more. */
const AROUND = 8;
const MOST_SIZE = 2 ** 24;
/** Steps from a size to its double: even fewer where there are many doublings. */
const STEPS = [4, 2, 1];
const MOST_VALUES = 33;

const powerBelow = (size: number): number => 2 ** Math.floor(Math.log2(Math.max(1, size)));

const around = (name: string, value: number): Along => ({
  symbols: [name],
  from: Math.max(1, powerBelow(value / AROUND)),
  to: Math.min(MOST_SIZE, powerBelow(value * AROUND)),
});

/** The choices that the blocks give: resolution, tokens, then each size and argument by itself. */
export function alongChoices(prices: readonly Prices[]): readonly Along[] {
  const image = prices.some(imageIn) ? [IMAGE] : [];
  const tokens = prices.some(tokensIn) || image.length === 0 ? [TOKENS] : [];
  const values = new Map<string, number>();
  // A name for lengths means places: an argument that has it cannot be meant by it.
  for (const { name, role, value } of prices.flatMap(({ symbols }) => symbols))
    if (!values.has(name) && (role === 'data' || !isLength(name))) values.set(name, value ?? 1);
  const own = [...values].flatMap(([name, value]) => (name === 'n' ? [] : [around(name, value)]));
  return [...image, ...tokens, ...own];
}

export const sameSymbols = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();

/** What to draw along: the user's choice, else what suits the blocks. */
export const alongOf = (chosen: Along | undefined, prices: readonly Prices[]): Along => chosen ?? alongChoices(prices)[0] ?? IMAGE;

export const sizeName = ({ symbols }: Pick<Along, 'symbols'>): string => symbols.join(' = ');

/** Round sizes from one end to the other, both among them. */
export function sweepOf({ symbols, from, to }: Along): Sweep {
  const [first, last] = from <= to ? [from, to] : [to, from];
  const doublings = Math.log2(last / first);
  const steps = STEPS.find((count) => doublings * count < MOST_VALUES) ?? 1;
  const values = new Set([first]);
  for (let power = powerBelow(first); power <= last; power *= 2) {
    for (let step = 0; step < steps; step++) {
      const value = Math.round(power * (1 + step / steps));
      if (value > first && value < last) values.add(value);
    }
  }
  return { symbols, values: [...values.add(last)] };
}
