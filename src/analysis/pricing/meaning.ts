/** What sizes that grow together mean for a block: its own symbols by name, or the places that its tokens stand for. */
import { asConstant, isUnknown, symbolsOf } from '../../dim/index';
import { LENGTH, placesOf, SIDE, widths } from '../../graph/places';
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
