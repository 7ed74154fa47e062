/** Sizes as the user types them: `b=2, h=32, config.units=64`. Plain data: no editor needed. */
import type { ChosenSizes } from '../analysis/types';

/** What is wrong with a text, by code: the editor has the words. */
export type SizesProblem =
  | { readonly code: 'form'; readonly part: string }
  | { readonly code: 'unknown'; readonly symbol: string }
  | { readonly code: 'number'; readonly symbol: string; readonly value: string };

/** Sizes in the form that is typed. */
export const formatSizes = (sizes: ChosenSizes): string =>
  Object.entries(sizes)
    .map(([symbol, size]) => `${symbol}=${size}`)
    .join(', ');

function readPart(part: string, symbols: readonly string[]): readonly [string, number] | SizesProblem {
  const match = /^([^=\s]+)\s*=\s*(\S+)$/.exec(part);
  const [, symbol, value] = match ?? [];
  if (symbol === undefined || value === undefined) return { code: 'form', part };
  if (!symbols.includes(symbol)) return { code: 'unknown', symbol };
  const size = Number(value);
  return Number.isSafeInteger(size) && size >= 0 ? [symbol, size] : { code: 'number', symbol, value };
}

/** Reads sizes of the given symbols; an empty text chooses none. */
export function parseSizes(text: string, symbols: readonly string[]): { readonly sizes: ChosenSizes } | { readonly problem: SizesProblem } {
  const sizes: Record<string, number> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const read = readPart(part, symbols);
    if (!Array.isArray(read)) return { problem: read as SizesProblem };
    sizes[read[0]] = read[1];
  }
  return { sizes };
}
