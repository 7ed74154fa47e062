/** What sizes that grow together mean for a block: its own symbols by name, or the places that its tokens stand for. */
import { asConstant, isUnknown, symbolsOf } from '../../dim/index';
import { dataOf, LENGTH, type Places, placesOf, SIDE, widths } from '../../graph/places';
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

/** What a sweep over `symbols` means for the block; undefined where it has nothing to do with it. Sizes of inputs come first: an argument may have their names. */
export function meaningOf(graph: ShapeGraph, symbols: readonly string[]): Meaning | undefined {
  const places = placesOf(graph);
  const named = sizesNamed(graph, places, symbols);
  // Tokens that are an image's places follow its sides.
  const sizes = named?.some((name) => isProduct(graph, name, places)) ? undefined : named;
  const meaning = sizes ? orSamples(graph, as(graph, symbols, sizes)) : partOf(graph, places, symbols);
  if (!meaning) return argumentsNamed(graph, symbols);
  const others = symbols.filter((name) => isArgument(graph, name) && !meaning.symbols.includes(name));
  if (others.length === 0) return meaning;
  return { ...meaning, text: `${meaning.text ?? meaning.symbols.join(', ')}, not its ${others.length > 1 ? 'arguments' : 'argument'} ${others.join(', ')}` };
}

const isArgument = (graph: ShapeGraph, wanted: string): boolean => graph.symbols.some(({ name, role }) => name === wanted && role === 'argument');

/** The sizes of inputs that have all these names: just so, in another case, or as the sides of an image are called elsewhere. */
function sizesNamed(graph: ShapeGraph, { image }: Places, symbols: readonly string[]): readonly string[] | undefined {
  const sizes = [...new Set([...dataOf(graph), ...image])];
  // One name may be meant for the argument that has it just so.
  const isExact = (wanted: string): boolean => symbols.length === 1 && isArgument(graph, wanted);
  const named = (wanted: string): string | undefined =>
    sizes.find((name) => name === wanted) ?? sizes.find((name) => !isExact(wanted) && name.toLowerCase() === wanted.toLowerCase());
  const aliases = symbols.length > 1 ? [symbols.map((name) => ALIASES[name] ?? name)] : [];
  return [symbols, ...aliases].map((names) => names.flatMap((name) => named(name) ?? [])).find((found) => new Set(found).size === symbols.length);
}

/** The samples of `n, c, h, w` have a length's name: that is said. */
function orSamples(graph: ShapeGraph, meaning: Meaning): Meaning {
  const [name = '', more] = meaning.symbols;
  const batch = growingOf(graph).find(({ what }) => what === 'batch')?.symbols[0];
  return more === undefined && name === batch && LENGTH.test(name) ? { ...meaning, text: `${meaning.text ?? name}, its number of samples` } : meaning;
}

/** What the names of a sweep stand for in blocks that call it otherwise: the samples, the places of images or of sequences. */
function partOf(graph: ShapeGraph, { sequence, image, images }: Places, symbols: readonly string[]): Meaning | undefined {
  const [first = ''] = symbols;
  if (symbols.length === 1 && BATCH.test(first)) {
    const batch = growingOf(graph).find(({ what }) => what === 'batch');
    return batch && as(graph, symbols, batch.symbols);
  }
  if (!symbols.every((name) => (symbols.length === 1 ? LENGTH : SIDE).test(name))) return undefined;
  if (image.length > 0) return symbols.length === 1 ? squares(images, first) : as(graph, symbols, image);
  if (sequence.length === 0) return undefined;
  return { symbols: sequence, at: together(sequence, (size) => size ** symbols.length), text: `${sequence.join(' = ')} = ${symbols.join('·')}` };
}

/** Names that none but arguments have; what reads like a size of an input and is none says so. */
function argumentsNamed(graph: ShapeGraph, symbols: readonly string[]): Meaning | undefined {
  const own = symbols.flatMap((wanted) => symbolNamed(graph, wanted) ?? []);
  if (new Set(own).size < symbols.length) return undefined;
  const meaning = as(graph, symbols, own);
  const isData = dataOf(graph);
  const isSize = (name: string): boolean => isData.has(name) || tiedTo(graph, name).some((other) => isData.has(other));
  const misread = own.filter((name) => (LENGTH.test(name) || SIDE.test(name)) && !isSize(name));
  if (misread.length === 0) return meaning;
  const said = `${misread.join(', ')}: ${misread.length > 1 ? 'arguments' : 'an argument'}, no ${misread.length > 1 ? 'sizes' : 'size'} of its input`;
  return { ...meaning, text: meaning.text === undefined ? said : `${meaning.text}; ${said}` };
}

/** Whether it must be as large as the product of sides that are given as numbers: `n == h*w`. */
const isProduct = (graph: ShapeGraph, name: string, { image }: Places): boolean =>
  !image.includes(name) &&
  graph.needs.some(
    ({ relation, left, right }) =>
      relation === '==' && [left, right].some(({ text }) => text === name) && [left, right].flatMap(symbolsOf).filter((one) => image.includes(one)).length > 1,
  );

/** What must be just as large. */
function tiedTo(graph: ShapeGraph, wanted: string): readonly string[] {
  return graph.needs.flatMap(({ relation, left, right }) => {
    const names = [left.text, right.text];
    return relation === '==' && names.includes(wanted) ? names.filter((name) => name !== wanted) : [];
  });
}

/** The sweep's sizes by the block's names; an argument that must be as large as one of them goes along. */
function as(graph: ShapeGraph, symbols: readonly string[], own: readonly string[]): Meaning {
  const along = [...new Set(own.flatMap((name) => tiedTo(graph, name)))].filter((name) => isArgument(graph, name) && !own.includes(name));
  return {
    symbols: own,
    at: together([...own, ...along]),
    ...(own.join() === symbols.join() ? {} : { text: `${symbols.join(', ')} as ${own.join(', ')}` }),
  };
}

/** A number of places as a square image, of each image. */
function squares(images: readonly (readonly string[])[], symbol: string): Meaning {
  const [power = 1] = images.map(({ length }) => length);
  const sides = new Map(images.flatMap((image) => image.map((name) => [name, image.length] as const)));
  const at = (size: number): ChosenSizes => Object.fromEntries([...sides].map(([name, of]) => [name, Math.max(1, Math.round(size ** (1 / of)))]));
  const products = [...new Set(images.map((image) => image.join('·')))];
  return { symbols: [...sides.keys()], at, power, text: [...products, symbol].join(' = ') };
}
