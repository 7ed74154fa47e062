/** Which axes of inputs are places, of an image or of a sequence: by what they are called and by what weights are as wide as. */
import { asConstant, type Dim, isUnknown, symbolsOf } from '../dim/index';
import type { GraphNeed, ShapeGraph } from './types';
import { typeOf } from './values';

/** What a sequence's length and an image's sides are called, of queries and of keys: `n`, `n_key`, `seq_len`, `h_gate`. */
export const LENGTH = /^(?:n|l|t|s|len|length|seq|tokens|places)(?:_\w+)?$|(?:len|length)$/i;
export const SIDE = /^(?:h|w|height|width)(?:_\w+)?$/i;

/** Sizes of inputs that are places: neither the batch, nor what weights are as wide as. */
export interface Places {
  /** Lengths of sequences. */
  readonly sequence: readonly string[];
  /** The sides of all images. */
  readonly image: readonly string[];
  /** The sides of each image by itself. */
  readonly images: readonly (readonly string[])[];
}

/** The places of a block's inputs, of images and of sequences. */
export function placesOf(graph: ShapeGraph): Places {
  const isData = dataOf(graph);
  const wide = new Set(widths(graph));
  const isPlace = (symbol: string): boolean => !wide.has(symbol) && (isData.has(symbol) || SIDE.test(symbol));
  const sequence = new Set<string>();
  const images: (readonly string[])[] = [];
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
    else if (sides.length > 1) images.push([...new Set(sides)]);
    else if (shape.length > 3 && found.length === shape.length - 2) images.push([...new Set(found)]);
    else if (shape.length === 3 && new Set(found).size === 1) for (const symbol of found) sequence.add(symbol);
  }
  const beside = images.length === 0 ? sidesBeside(graph) : [];
  if (beside.length > 0) images.push(beside);
  const image = new Set(images.flat());
  return { sequence: [...sequence].filter((name) => !image.has(name)), image: [...image], images };
}

/** The names of sizes of inputs. */
export const dataOf = (graph: ShapeGraph): ReadonlySet<string> => new Set(graph.symbols.filter(({ role }) => role === 'data').map(({ name }) => name));

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

/** What in the module's needs is tied to an argument or a number. */
function tied(graph: ShapeGraph, wanted: GraphNeed['relation']): readonly string[] {
  const isArgument = new Set(graph.symbols.filter(({ role }) => role === 'argument').map(({ name }) => name));
  return graph.needs.flatMap(({ left, right, relation }) => {
    const isTied = [left, right].some((side) => !isUnknown(side) && (asConstant(side) !== undefined || symbolsOf(side).some((name) => isArgument.has(name))));
    return relation === wanted && isTied ? namesIn([left, right]) : [];
  });
}

const channels = (graph: ShapeGraph): readonly string[] => [...weightSizes(graph), ...tied(graph, '==')];

/** Symbols that weights have, or that are tied to an argument or a number; what only has to be a multiple of one may still be a place by its name. */
export const widths = (graph: ShapeGraph): readonly string[] => [
  ...channels(graph),
  ...tied(graph, 'divides').filter((name) => !SIDE.test(name) && !LENGTH.test(name)),
];

/** The axes of an image between its samples and channels: in tfjs channels come last, in torch they are the axis after the samples, or the last where that alone is as wide as weights are. */
export function spatialOf(graph: ShapeGraph, shape: readonly Dim[]): readonly Dim[] {
  if (shape.length < 4) return [];
  const wide = new Set(channels(graph));
  const isWide = (size: Dim | undefined): boolean => size !== undefined && namesIn([size]).some((name) => wide.has(name));
  const isLast = graph.runtime === 'tfjs' || (isWide(shape.at(-1)) && !isWide(shape[1]));
  return isLast ? shape.slice(1, -1) : shape.slice(2);
}
