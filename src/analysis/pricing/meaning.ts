/** What sizes that grow together mean for a block: its own symbols by name, or the places that its tokens stand for. */
import { asConstant, isUnknown, symbolsOf } from '../../dim/index';
import type { ShapeGraph } from '../../graph/types';
import { typeOf } from '../../graph/values';
import type { ChosenSizes } from '../types';

/** The block's symbols at a size of the sweep, and what to say of it where they are not the sweep's own. */
export interface Meaning {
  readonly text?: string;
  /** The block's symbols that the sweep sets. */
  readonly symbols: readonly string[];
  at(size: number): ChosenSizes;
  /** The nearest size that it can have, where not every one can: a number of places that is a square. */
  near?(size: number): number;
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

/** The sizes of inputs that are places (of an image, of a sequence): neither the batch, nor what weights are as wide as. */
function placesOf(graph: ShapeGraph): { readonly sequence: readonly string[]; readonly image: readonly string[] } {
  const isData = new Set(graph.symbols.filter(({ role }) => role === 'data').map(({ name }) => name));
  const wide = new Set([...widths(graph)]);
  const [sequence, image] = [new Set<string>(), new Set<string>()];
  for (const { ref } of graph.inputs) {
    const shape = typeOf(graph, ref)?.shape ?? [];
    for (const size of shape.slice(1)) {
      const [symbol, ...more] = isUnknown(size) ? [] : symbolsOf(size);
      if (symbol === undefined || more.length > 0 || !isData.has(symbol) || wide.has(symbol)) continue;
      (shape.length > 3 ? image : sequence).add(symbol);
    }
  }
  return { sequence: [...sequence].filter((name) => !image.has(name)), image: [...image] };
}

/** Symbols that weights have, or that are tied to an argument or a number. */
function widths(graph: ShapeGraph): readonly string[] {
  const weights = graph.nodes.filter(({ op }) => op === 'parameter').flatMap(({ outputs }) => outputs.flatMap(({ shape }) => shape ?? []));
  const isArgument = new Set(graph.symbols.filter(({ role }) => role === 'argument').map(({ name }) => name));
  const tied = graph.needs.filter(
    ({ left, right, relation }) =>
      relation !== '<=' &&
      [left, right].some((side) => !isUnknown(side) && (asConstant(side) !== undefined || symbolsOf(side).some((name) => isArgument.has(name)))),
  );
  return [...weights, ...tied.flatMap(({ left, right }) => [left, right])].flatMap((size) => (isUnknown(size) ? [] : symbolsOf(size)));
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

/** What a sweep over `symbols` means for the block; undefined where it has nothing to do with it. */
export function meaningOf(graph: ShapeGraph, symbols: readonly string[]): Meaning | undefined {
  const own = symbols.flatMap((wanted) => symbolNamed(graph, wanted) ?? []);
  if (own.length > 0)
    return { symbols: own, at: together(own), ...(own.join() === symbols.join() ? {} : { text: `${symbols.join(', ')} as ${own.join(', ')}` }) };
  const { sequence, image } = placesOf(graph);
  if (symbols.length === 1) return image.length > 0 ? squareRoot(image, symbols[0] ?? '') : undefined;
  if (image.length > 0) return { symbols: image, at: together(image), text: `${symbols.join(', ')} as ${image.join(', ')}` };
  if (sequence.length === 0) return undefined;
  return { symbols: sequence, at: together(sequence, (size) => size ** symbols.length), text: `${sequence.join(' = ')} = ${symbols.join('·')}` };
}

/** A number of places as a square image. */
function squareRoot(image: readonly string[], symbol: string): Meaning {
  const side = (size: number): number => Math.max(1, Math.round(size ** (1 / image.length)));
  return { symbols: image, at: together(image, side), near: (size) => side(size) ** image.length, text: `${image.join('·')} = ${symbol}` };
}
