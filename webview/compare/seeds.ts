/** Sizes at which blocks can be compared: a block that has come takes those of the others; what must be equal follows what is changed. */
import type { ChosenSizes, Prices } from '../../src/analysis/types';
import type { Tie } from '../../src/protocol/compareMessages';
import { batchOf, imageIn, isPlace, tokensIn } from './places';

/** Where nothing says how large: an image of 32 by 32 places. */
export const FIRST: Places = { height: 32, width: 32, places: 1024 };

/** How many places a block attends to, as an image where it is one. */
export interface Places {
  readonly height?: number;
  readonly width?: number;
  readonly places: number;
}

/** The places that a block is priced at. */
export function placesOf(prices: Prices): Places | undefined {
  const image = imageIn(prices);
  const [height, width] = [image?.height.value, image?.width.value];
  if (height !== undefined && width !== undefined) return { height, width, places: height * width };
  const places = tokensIn(prices)?.value;
  return places === undefined ? undefined : { places };
}

/** The block's own sizes for so many places; none where they make no image. */
function atPlaces(prices: Prices, { height, width, places }: Places): ChosenSizes {
  const image = imageIn(prices);
  const tokens = tokensIn(prices);
  if (!image) return tokens ? { [tokens.name]: places } : {};
  const side = Math.sqrt(places);
  if (height !== undefined && width !== undefined) return { [image.height.name]: height, [image.width.name]: width };
  return Number.isInteger(side) ? { [image.height.name]: side, [image.width.name]: side } : {};
}

/** Square images whose sides are not far from those that were asked for: windows and strides do not divide every side. */
function nearby({ height, width, places }: Places): readonly Places[] {
  const side = height ?? Math.sqrt(places);
  if (!Number.isInteger(side) || (width ?? side) !== side) return [];
  const away = Array.from({ length: Math.floor(side / NEAR) }, (_, at) => at + 1);
  return away.flatMap((more) => [side + more, side - more]).map((near) => ({ height: near, width: near, places: near * near }));
}

/** A side of 32 may become one of 24 to 40. */
const NEAR = 4;

/** Whether a block is another at these sizes than at its own: a window or a number of heads gave way, so that they fit. What is as wide as an input may, and what is a side of it. */
export function isOther(own: Prices, prices: Prices, ties: readonly Tie[]): boolean {
  const wide = new Set(ties.flatMap(({ plain }) => plain));
  const before = new Map(own.symbols.map(({ name, value }) => [name, value]));
  const image = imageIn(own);
  const places = [image?.height, image?.width, tokensIn(own)].map((symbol) => symbol?.name);
  const mayMove = (name: string): boolean => wide.has(name) || places.includes(name);
  return prices.symbols.some(({ name, role, value }) => role === 'argument' && !mayMove(name) && before.get(name) !== value);
}

/** Sizes of inputs by the names that others have, too. */
function shared(own: Prices, others: readonly Prices[]): ChosenSizes {
  const theirs = new Map(others.flatMap(({ symbols }) => symbols.map(({ name, value }) => [name, value] as const)).reverse());
  return Object.fromEntries(
    own.symbols.flatMap(({ name, role }) => {
      const other = theirs.get(name);
      return role === 'data' && other !== undefined ? [[name, other]] : [];
    }),
  );
}

/** What to try, the most like the others first: not every block can have the sizes of every other. */
export function seedsOf(own: Prices, others: readonly Prices[], places: Places | undefined): readonly ChosenSizes[] {
  const named = shared(own, others);
  const rest = Object.fromEntries(Object.entries(named).filter(([name]) => !isPlace(name) || name === batchOf(own)));
  const placed = places ? atPlaces(own, places) : {};
  const batch = batchOf(own);
  const samples = batch !== undefined && named[batch] !== undefined ? { [batch]: named[batch] } : {};
  const close = places && imageIn(own) ? nearby(places).map((near) => ({ ...samples, ...atPlaces(own, near) })) : [];
  const all = [{ ...rest, ...placed }, { ...samples, ...placed }, placed, ...close, rest, samples];
  return all.filter((sizes, at) => Object.keys(sizes).length > 0 && all.findIndex((other) => JSON.stringify(other) === JSON.stringify(sizes)) === at);
}

/** The sizes without those that follow what is changed: what must equal it, and of what it must equal those that were only taken over. */
export function released(sizes: ChosenSizes, changed: readonly string[], ties: readonly Tie[], seeds: readonly string[]): ChosenSizes {
  const tied = ties.filter(({ symbols }) => symbols.some((name) => changed.includes(name)));
  const follows = (name: string): boolean =>
    !changed.includes(name) && tied.some(({ symbols, plain }) => symbols.includes(name) && (plain.includes(name) || seeds.includes(name)));
  return Object.fromEntries(Object.entries(sizes).filter(([name]) => !follows(name)));
}
