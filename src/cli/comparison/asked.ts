/** What `compare` is asked for: along which sizes, which figures, under which limit. */
import type { FigureName, Sweep } from '../../analysis/types';
import { QUANTITIES, tickText } from '../../curves/index';
import { Failure } from '../failure';
import type { PricingOptions } from '../options';
import { memoryOf } from '../setting';

export interface Limit {
  readonly value: number;
  readonly label: string;
}

export interface Asked {
  readonly sweep: Sweep;
  readonly figures: readonly FigureName[];
  readonly limit?: Limit;
}

const MOST_SIZES = 64;
const MOST_SIZE = 2 ** 31;
/** So many sizes a ladder has where its range can be cut evenly, and otherwise. */
const FEWEST = 9;
const MOST = 13;
const USUAL = 11;

const FIGURES: readonly FigureName[] = ['peakInference', 'peakTraining', 'saved', 'map', 'macs', 'parameters'];

/** The options read, with what stands where none is given. */
export function askedOf({ sweep, figures, limit }: PricingOptions): Asked {
  const made = { sweep: sweepOf(sweep ?? 'h=w=16..256'), figures: figuresOf(figures) };
  return limit === undefined ? made : { ...made, limit: limitOf(limit) };
}

/** `h=w=16..256`, `n=64..4096 x2`, `h=w=16,32,64`. */
export function sweepOf(text: string): Sweep {
  const parts = text.split('=').map((part) => part.trim());
  const symbols = parts.slice(0, -1);
  if (symbols.length === 0 || !symbols.every((symbol) => /^[\p{ID_Start}_][\p{ID_Continue}.]*$/u.test(symbol)) || new Set(symbols).size < symbols.length)
    throw wrong(text, 'it is written h=w=16..256, n=64..4096 x2 or h=w=16,32,64');
  return { symbols, values: valuesOf(parts.at(-1) ?? '', text) };
}

const wrong = (text: string, reason: string): Failure => new Failure('bad-argument', `--sweep ${text}: ${reason}`);

function valuesOf(sizes: string, text: string): readonly number[] {
  const [, first, last, factor] = /^(\d+)\s*\.\.\s*(\d+)(?:\s*[x×]\s*(\d+(?:\.\d+)?))?$/.exec(sizes) ?? [];
  if (first !== undefined && last !== undefined) {
    const [from, to] = [sizeOf(first, text), sizeOf(last, text)];
    if (from >= to) throw wrong(text, 'the first size is not below the last');
    return factor === undefined ? ladder(from, to) : stepped(from, to, Number(factor), text);
  }
  const listed = sizes.split(',').map((size) => sizeOf(size.trim(), text));
  if (listed.length > MOST_SIZES) throw wrong(text, `${MOST_SIZES} sizes at most`);
  return [...new Set(listed)].sort((a, b) => a - b);
}

function sizeOf(size: string, text: string): number {
  const value = Number(size);
  if (!/^\d+$/.test(size) || value < 1 || value > MOST_SIZE) throw wrong(text, `'${size}' is not a whole number from 1 to ${MOST_SIZE}`);
  return value;
}

function stepped(from: number, to: number, factor: number, text: string): readonly number[] {
  if (factor <= 1) throw wrong(text, 'a step is more than 1');
  const values = new Set<number>();
  for (let value = from; value < to; value *= factor) {
    if (values.add(Math.round(value)).size >= MOST_SIZES) throw wrong(text, `${MOST_SIZES} sizes at most`);
  }
  return [...values.add(to)];
}

/** Sizes from one to another, evenly spaced as powers go, round ones between the ends. */
export function ladder(from: number, to: number): readonly number[] {
  const doublings = Math.log2(to / from);
  const count = [1, 2, 3, 4, 6, 8].map((steps) => Math.round(doublings * steps) + 1).find((all) => all >= FEWEST && all <= MOST) ?? USUAL;
  const unit = [8, 4, 2].find((one) => from >= one && to - from >= 4 * one) ?? 1;
  const between = Array.from({ length: count }, (_, at) => rounded(from * (to / from) ** (at / (count - 1)), unit));
  return [...new Set([from, ...between.filter((size) => size > from && size < to), to])];
}

/** Windows and strides divide multiples of eight; larger sizes are as round for their size. */
function rounded(size: number, unit: number): number {
  const step = Math.max(unit, 2 ** (Math.floor(Math.log2(size)) - 2));
  return Math.round(size / step) * step;
}

/** Names, each given alone or several with commas between. */
function figuresOf(given: readonly string[]): readonly FigureName[] {
  const names = given.flatMap((list) => list.split(',')).map((name) => name.trim());
  const found = names.map((name) => {
    const figure = FIGURES.find((one) => one.toLowerCase() === name.toLowerCase());
    if (!figure) throw new Failure('bad-argument', `--figure: no figure '${name}'; there are ${FIGURES.join(', ')}`);
    return figure;
  });
  return found.length === 0 ? ['peakInference', 'macs'] : [...new Set(found)];
}

/** `24GiB`, and how it is shown. */
export function limitOf(text: string): Limit {
  const value = memoryOf('--limit', text);
  return { value, label: tickText(value, 'bytes') };
}

/** A limit of memory says nothing of counts. */
export const limitFor = (figure: FigureName, limit: Limit | undefined): Limit | undefined => (QUANTITIES[figure].quantity === 'bytes' ? limit : undefined);
