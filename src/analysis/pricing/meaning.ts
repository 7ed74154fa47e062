/** What sizes that grow together mean for a block: its own symbols by name, or the places that its tokens stand for. */
import { asConstant, type Dim, isUnknown, symbolsOf } from '../../dim/index';
import type { ShapeGraph } from '../../graph/types';
import { typeOf } from '../../graph/values';
import type { ChosenSizes } from '../types';

/** The block's symbols at a size of the sweep, and what to say of it where they are not the sweep's own. */
export interface Meaning {
  readonly text?: string;
  /** The block's symbols that the sweep sets. */
  readonly symbols: readonly string[];
  at(size: number): ChosenSizes;
  /** Where it can have only powers (a number of places that is a square): of which exponent. */
  readonly power?: number;
}

const lastPart = (name: string): string => (name.split('.').at(-1) ?? name).toLowerCase();

/** A symbol by its name, whatever its case; of a configuration's field by the field's. */
export function symbolNamed(graph: ShapeGraph, wanted: string): string | undefined {
  const names = graph.symbols.map(({ name }) => name);
  return (
    names.find((name) => name === wanted) ??
    names.find((name) => name.toLowerCase() === wanted.toLowerCase()) ??
    names.find((name) => lastPart(name) === wanted.toLowerCase())
  );
}

/** What a sequence's length and an image's sides are called, of queries and of keys: `n`, `n_key`, `seq_len`, `h_gate`. */
const LENGTH = /^(?:n|l|t|s|len|length|seq|tokens|places)(?:_\w+)?$|(?:len|length)$/i;
const SIDE = /^(?:h|w|height|width)(?:_\w+)?$/i;

/** The sizes of inputs that are places (of an image, of a sequence): neither the batch, nor what weights are as wide as. */
function placesOf(graph: ShapeGraph): { readonly sequence: readonly string[]; readonly image: readonly string[] } {
  const isData = dataOf(graph);
  const wide = new Set(widths(graph));
  const isPlace = (symbol: string): boolean => !wide.has(symbol) && (isData.has(symbol) || SIDE.test(symbol));
  const [sequence, image] = [new Set<string>(), new Set<string>()];
  for (const { ref } of graph.inputs) {
    const shape = typeOf(graph, ref)?.shape ?? [];
    const found = shape.slice(1).flatMap((size) => {
      const [symbol, ...more] = isUnknown(size) ? [] : symbolsOf(size);
      return symbol === undefined || more.length > 0 || !isPlace(symbol) ? [] : [symbol];
    });
    const lengths = found.filter((symbol) => LENGTH.test(symbol));
    const sides = found.filter((symbol) => SIDE.test(symbol));
    // Where no name tells, they are places if all that is left is: one size of a sequence, all but batch and channels of an image. A matrix may be a weight.
    if (lengths.length > 0) for (const symbol of lengths) sequence.add(symbol);
    else if (sides.length > 1) for (const symbol of sides) image.add(symbol);
    else if (shape.length > 3 && found.length === shape.length - 2) for (const symbol of found) image.add(symbol);
    else if (shape.length === 3 && new Set(found).size === 1) for (const symbol of found) sequence.add(symbol);
  }
  if (image.size === 0) for (const symbol of sidesBeside(graph)) image.add(symbol);
  return { sequence: [...sequence].filter((name) => !image.has(name)), image: [...image] };
}

const dataOf = (graph: ShapeGraph): ReadonlySet<string> => new Set(graph.symbols.filter(({ role }) => role === 'data').map(({ name }) => name));

/** The sides of an image that are given as numbers beside its tokens: `forward(x, h, w)` with n == h*w. */
function sidesBeside(graph: ShapeGraph): readonly string[] {
  const isData = dataOf(graph);
  const fixed = new Set(weightSizes(graph));
  const isSide = (name: string): boolean => SIDE.test(name) && !fixed.has(name);
  const equal = graph.needs.filter(({ relation }) => relation === '==').map(({ left, right }) => namesIn([left, right]));
  const needed = equal.find((names) => names.filter(isSide).length > 1 && names.some((name) => isData.has(name) && !isSide(name)));
  return needed?.filter(isSide) ?? [];
}

const weightSizes = (graph: ShapeGraph): readonly string[] =>
  namesIn(graph.nodes.filter(({ op }) => op === 'parameter').flatMap(({ outputs }) => outputs.flatMap(({ shape }) => shape ?? [])));

const namesIn = (sizes: readonly Dim[]): readonly string[] => [...new Set(sizes.flatMap((size) => (isUnknown(size) ? [] : symbolsOf(size))))];

/** Symbols that weights have, or that are tied to an argument or a number; what only has to be a multiple of one may still be a place by its name. */
function widths(graph: ShapeGraph): readonly string[] {
  const isArgument = new Set(graph.symbols.filter(({ role }) => role === 'argument').map(({ name }) => name));
  const tied = (wanted: string): readonly string[] =>
    graph.needs.flatMap(({ left, right, relation }) => {
      const isTied = [left, right].some((side) => !isUnknown(side) && (asConstant(side) !== undefined || symbolsOf(side).some((name) => isArgument.has(name))));
      return relation === wanted && isTied ? namesIn([left, right]) : [];
    });
  return [...weightSizes(graph), ...tied('=='), ...tied('divides').filter((name) => !SIDE.test(name) && !LENGTH.test(name))];
}

/** What of a block grows for itself: the batch, and the resolution or length of its inputs. */
export interface Growing {
  readonly what: 'batch' | 'resolution' | 'length';
  readonly symbols: readonly string[];
}

/** What of a block can grow. */
export function growingOf(graph: ShapeGraph): readonly Growing[] {
  const { sequence, image } = placesOf(graph);
  const first = graph.inputs.map(({ ref }) => typeOf(graph, ref)?.shape ?? []).find((shape) => shape.length > 1)?.[0];
  const [batch] = first && !isUnknown(first) && asConstant(first) === undefined ? symbolsOf(first) : [];
  const isOwn = batch !== undefined && !image.includes(batch) && !sequence.includes(batch) && !widths(graph).includes(batch);
  return [
    ...(isOwn ? [{ what: 'batch' as const, symbols: [batch] }] : []),
    ...(image.length > 0 ? [{ what: 'resolution' as const, symbols: image }] : []),
    ...(image.length === 0 && sequence.length > 0 ? [{ what: 'length' as const, symbols: sequence }] : []),
  ];
}

/** All symbols at one size. */
const together =
  (symbols: readonly string[], of: (size: number) => number = (size) => size) =>
  (size: number): ChosenSizes =>
    Object.fromEntries(symbols.map((name) => [name, of(size)]));

/** What a sweep may call the samples where the block calls them otherwise. */
const BATCH = /^(?:b|n?batch(?:_?size)?|bsz?)$/i;

/** Other names for the sides of an image. */
const ALIASES: { readonly [name: string]: string } = { h: 'height', w: 'width', height: 'h', width: 'w' };

/** What a sweep over `symbols` means for the block; undefined where it has nothing to do with it. */
export function meaningOf(graph: ShapeGraph, symbols: readonly string[]): Meaning | undefined {
  const own = symbols.flatMap((wanted) => symbolNamed(graph, wanted) ?? []);
  if (own.length > 0) return as(symbols, own);
  const alias = symbols.flatMap((wanted) => symbolNamed(graph, ALIASES[wanted] ?? wanted) ?? []);
  if (alias.length > 1 && alias.length === symbols.length) return as(symbols, alias);
  const { sequence, image } = placesOf(graph);
  const [first = ''] = symbols;
  if (symbols.length === 1 && BATCH.test(first)) {
    const batch = growingOf(graph).find(({ what }) => what === 'batch');
    return batch && as(symbols, batch.symbols);
  }
  if (symbols.length === 1 && image.length > 0) return LENGTH.test(first) ? squareRoot(image, first) : undefined;
  if (!symbols.every((name) => (symbols.length === 1 ? LENGTH : SIDE).test(name))) return undefined;
  if (image.length > 0) return as(symbols, image);
  if (sequence.length === 0) return undefined;
  return { symbols: sequence, at: together(sequence, (size) => size ** symbols.length), text: `${sequence.join(' = ')} = ${symbols.join('·')}` };
}

/** The sweep's sizes by the block's names. */
const as = (symbols: readonly string[], own: readonly string[]): Meaning => ({
  symbols: own,
  at: together(own),
  ...(own.join() === symbols.join() ? {} : { text: `${symbols.join(', ')} as ${own.join(', ')}` }),
});

/** A number of places as a square image. */
function squareRoot(image: readonly string[], symbol: string): Meaning {
  const side = (size: number): number => Math.max(1, Math.round(size ** (1 / image.length)));
  return { symbols: image, at: together(image, side), power: image.length, text: `${image.join('·')} = ${symbol}` };
}
