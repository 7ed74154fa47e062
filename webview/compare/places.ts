/** Which of a block's symbols are places of an image or of a sequence, and which its samples. */
import type { BlockSymbol, Prices } from '../../src/analysis/types';

/** An image's sides. */
export interface Named {
  readonly height: BlockSymbol;
  readonly width: BlockSymbol;
}

const HEIGHT = /^(?:h|height)$/i;
const WIDTH = /^(?:w|width)$/i;
const TOKENS = /^(?:n|l|t|s|seq|seq_?len|length|tokens)$/i;

/** The sides of an image: sizes of inputs, or arguments that make as many places as there are tokens. A number of heads or a window may be called so, too. */
export function imageIn(prices: Prices): Named | undefined {
  const [height, width] = [HEIGHT, WIDTH].map((pattern) => firstOf(prices, pattern));
  if (!height || !width) return undefined;
  const isOfInput = height.role === 'data' && width.role === 'data';
  const areTwins = [height, width].every((side) => side.role === 'data' || hasTwin(prices, side));
  return isOfInput || areTwins || areProduct(prices, height.value, width.value) ? { height, width } : undefined;
}

/** A size of an input before an argument of the same name. */
function firstOf({ symbols }: Prices, pattern: RegExp): BlockSymbol | undefined {
  const found = symbols.filter(({ name }) => pattern.test(name));
  return found.find(({ role }) => role === 'data') ?? found[0];
}

/** `h_x` of an input is as large as the argument `h`. */
const hasTwin = ({ symbols }: Prices, { name, value }: BlockSymbol): boolean =>
  symbols.some((one) => one.role === 'data' && one.name.startsWith(`${name}_`) && one.value !== undefined && one.value === value);

const areProduct = ({ symbols }: Prices, height?: number, width?: number): boolean =>
  height !== undefined && width !== undefined && symbols.some(({ role, value }) => role === 'data' && value === height * width);

/** The tokens of a sequence: a size of an input, or an argument that one is as large as. */
export function tokensIn(prices: Prices): BlockSymbol | undefined {
  const symbols = prices.symbols.filter(({ name }) => name !== batchOf(prices));
  const found = firstOf({ ...prices, symbols }, TOKENS);
  return found && (found.role === 'data' || hasTwin(prices, found)) ? found : undefined;
}

/** Whether it is what lengths of sequences are called. */
export const isLength = (name: string): boolean => TOKENS.test(name);

/** Whether it is what lengths of sequences and sides of images are called. */
export const isPlace = (name: string): boolean => [HEIGHT, WIDTH, TOKENS].some((pattern) => pattern.test(name));

const BATCH = /^(?:b|bs|bsz|batch|batch_?size)$/i;

/** The block's name for how many samples it gets at once. */
export function batchOf({ symbols }: Prices): string | undefined {
  const data = symbols.filter(({ role }) => role === 'data').map(({ name }) => name);
  // The first of (N, C, H, W) is none of the places.
  return data.find((name) => BATCH.test(name)) ?? (/^n$/i.test(data[0] ?? '') && data.length > 2 ? data[0] : undefined);
}
