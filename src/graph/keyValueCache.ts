/**
 * Keys and values that a decoder keeps of the tokens before, found by structure and never by names: what goes into the product with queries, and what the
 * map weights, comes of tensors that outlive the call. They grow by what the call makes (a concatenation with what was given), are written into memory that
 * is the module's or the caller's, or are new and given back. What queries come of too is no cache.
 */
import { constant, type Dim, multiply, ONE, parse, product, sum } from '../dim/index';
import { BYTES } from '../ops/dtypes';
import type { Span } from '../program/types';
import { type AttentionMap, attentionMaps } from './attention';
import { type AttentionOperands, operandsOf } from './attentionOperands';
import { isSame, type Known, knownSizes, without } from './knownSizes';
import { cachesOf, type Found, type Keeping, keepingOf } from './outliving';
import type { GraphNode, ShapeGraph, ValueRef } from './types';
import { ancestors, bytesOf, typeOf } from './values';

export interface KeyValueCache {
  /** Bytes that one more token of one sample takes, in all layers together. */
  readonly perToken: Dim;
  /** How many tokens are kept, and what they take: of all samples, in all layers. */
  readonly tokens: Dim;
  readonly bytes: Dim;
  /** How many heads keys and values have, and how many queries have, where they can be told apart. */
  readonly heads?: { readonly keyValue: Dim; readonly query: Dim };
  /** Where the first of it is made longer, written or made. */
  readonly span: Span;
}

/** What is kept of one attention map's keys and values. */
interface Layer extends Omit<KeyValueCache, 'span'> {
  readonly node: GraphNode;
}

/** The key/value cache of a module; undefined where it keeps none. */
export function keyValueCache(graph: ShapeGraph): KeyValueCache | undefined {
  const maps = attentionMaps(graph).filter(({ kind }) => kind !== 'gate');
  if (maps.length === 0) return undefined;
  const reading: Reading = { graph, keeping: keepingOf(graph), known: knownSizes(graph) };
  const seen = new Set<string>();
  const layers = maps.flatMap((map) => layerOf(reading, map, seen) ?? []);
  const [first] = layers;
  if (!first) return undefined;
  return {
    perToken: sum(layers.map(({ perToken }) => perToken)),
    tokens: first.tokens,
    bytes: sum(layers.map(({ bytes }) => bytes)),
    ...(first.heads ? { heads: first.heads } : {}),
    span: first.node.span,
  };
}

interface Reading {
  readonly graph: ShapeGraph;
  readonly keeping: Keeping;
  readonly known: Known;
}

function layerOf(reading: Reading, map: AttentionMap, seen: Set<string>): Layer | undefined {
  const { graph, keeping } = reading;
  const operands = operandsOf(graph, map);
  if (!operands) return undefined;
  const keys = keysOf(keeping, operands);
  const values = operands.values.flatMap((value) => cachesOf(keeping, value));
  if (!keys || keys.length === 0 || values.length === 0) return undefined;
  const measured = [...keys, ...values].map((found) => measure(reading, found, operands.keys));
  const known = measured.filter((each) => each !== undefined);
  if (known.length < measured.length) return undefined;
  const distinct = [...new Map(known.map((each) => [each.found.id, each])).values()].filter(({ found }) => !seen.has(found.id));
  const [first] = distinct;
  const node = graph.nodes[first?.found.ref.node ?? -1];
  if (!first || !node) return undefined;
  for (const { found } of distinct) seen.add(found.id);
  const times = (node.times === undefined ? undefined : parse(node.times)) ?? constant(1);
  const heads = headsOf(reading, map, operands, known.slice(0, keys.length), known.slice(keys.length));
  return {
    node,
    perToken: multiply(times, sum(distinct.map((one) => eachOf(graph, one)))),
    tokens: first.tokens,
    bytes: multiply(times, sum(distinct.map((one) => wholeOf(reading, one, first.tokens)))),
    ...(heads ? { heads } : {}),
  };
}

/** Bytes of one token of one sample. */
const eachOf = (graph: ShapeGraph, { found, sizes }: Measured): Dim => multiply(product(sizes), constant(BYTES[typeOf(graph, found.kept)?.dtype ?? 'float32']));

/** All bytes: of memory that is written as it is, of others by the tokens, as many as the first has. */
function wholeOf({ graph, known }: Reading, one: Measured, first: Dim): Dim {
  const { way, ref, axes } = one.found;
  const { shape = null, dtype = 'float32' } = typeOf(graph, ref) ?? {};
  if (way === 'written') return bytesOf({ shape: shape && axes.flatMap((axis) => shape[axis] ?? []), dtype });
  return multiply(multiply(eachOf(graph, one), one.samples), isSame(one.tokens, first, known) ? first : one.tokens);
}

/** What is kept of the keys; undefined where queries come of something kept as well. */
function keysOf(keeping: Keeping, { scores }: AttentionOperands): readonly Found[] | undefined {
  const found: Found[] = [];
  for (const { sides } of scores) {
    const [left, right] = [cachesOf(keeping, sides[0]), cachesOf(keeping, sides[1])];
    if (left.length > 0 && right.length > 0) return undefined;
    found.push(...left, ...right);
  }
  return found;
}

interface Measured {
  readonly found: Found;
  /** What makes up the elements for one token of one sample. */
  readonly sizes: readonly Dim[];
  /** How many tokens the call adds, and how many are kept after it. */
  readonly added: Dim;
  readonly tokens: Dim;
  readonly samples: Dim;
}

function measure(reading: Reading, found: Found, keys: Dim): Measured | undefined {
  const { graph } = reading;
  const [whole, read, made] = [found.ref, found.read, found.added].map((ref) => typeOf(graph, ref)?.shape ?? undefined);
  const along = read && alongOf(reading, found, read, keys);
  const axis = found.axes[along ?? -1];
  if (!whole || !read || !made || along === undefined || axis === undefined) return undefined;
  // What is written may have fewer axes than what it is written into.
  const added = made[axis - (whole.length - made.length)];
  const others = found.way === 'written' ? read.toSpliced(along, 1) : made.filter((_, at) => at !== axis && found.axes.includes(at));
  const samples = added && samplesOf(reading, found.added, others, added);
  const tokens = found.way === 'written' ? whole[axis] : tokensOf(reading, found, axis, read[along] ?? keys);
  return samples && tokens && { found, added, tokens, samples: samples.count, sizes: samples.rest };
}

/** The axis of the keys among those that are read: what grows has its own; one that is written or read in part before one that is not, a later one before the samples'. */
function alongOf({ known }: Reading, { way, axis, axes, sliced }: Found, read: readonly Dim[], keys: Dim): number | undefined {
  const fitting = read.flatMap((size, at) => (isSame(size, keys, known) ? [at] : []));
  if (axis !== undefined) return fitting.find((at) => axes[at] === axis);
  const inPart = axes.flatMap((each, at) => (at > 0 && sliced.includes(each) ? [at] : []));
  const only = way === 'written' && inPart.length === 1 ? inPart[0] : undefined;
  return fitting.find((at) => inPart.includes(at)) ?? only ?? fitting.find((at) => at > 0) ?? fitting[0];
}

/**
 * Sizes without that of the samples, which the first axis of an input with tokens says, or the second where tokens come first; none where what comes in has
 * no such axis. Undefined where the samples are not to be found among them.
 */
function samplesOf(
  { graph, known }: Reading,
  made: ValueRef,
  sizes: readonly Dim[],
  added: Dim,
): { readonly count: Dim; readonly rest: readonly Dim[] } | undefined {
  const origins = ancestors(graph, [made]);
  const counts = graph.inputs.flatMap(({ ref }) => {
    const { shape, dtype } = typeOf(graph, ref) ?? {};
    const [first, second] = shape ?? [];
    const isBatch = shape && shape.length >= (dtype?.startsWith('int') ? 2 : 3) && origins.has(ref.node);
    return isBatch && first && second ? [isSame(first, added, known) ? second : first] : [];
  });
  if (counts.length === 0) return { count: ONE, rest: sizes };
  for (const count of counts) {
    const rest = without(sizes, [count], known);
    if (rest) return { count, rest };
  }
  return undefined;
}

/** How many tokens what outlives the call holds: of what has grown perhaps a part. */
function tokensOf({ graph, known }: Reading, { kept, ref }: Found, axis: number, read: Dim): Dim | undefined {
  const [shape, whole] = [typeOf(graph, kept)?.shape, typeOf(graph, ref)?.shape];
  if (!shape || !whole) return undefined;
  return shape.length === whole.length ? shape[axis] : shape.find((size) => isSame(size, read, known));
}

/** Heads of keys and values, and of queries. What holds keys and values in one is told apart only where both are as wide. */
function headsOf(reading: Reading, map: AttentionMap, operands: AttentionOperands, keys: readonly Measured[], values: readonly Measured[]) {
  const { known } = reading;
  const [[key, ...otherKeys], [value, ...otherValues]] = [keys, values];
  const depth = operands.scores[0]?.depth;
  if (!key || !value || otherKeys.length + otherValues.length > 0 || !depth || !operands.width) return undefined;
  const isShared = key.found.id === value.found.id;
  const keyValue = headsIn(isShared ? without([product(key.sizes)], [sum([depth, operands.width])], known) : without(key.sizes, [depth], known));
  if (!keyValue || (!isShared && !isSame(headsIn(without(value.sizes, [operands.width], known)), keyValue, known))) return undefined;
  const query = queryHeads(reading, map, operands, key);
  return query && { keyValue, query };
}

const headsIn = (sizes: readonly Dim[] | undefined): Dim | undefined => sizes && product(sizes);

/** What is left of the sizes of the map, or of fused queries, without samples and tokens. */
function queryHeads({ graph, known }: Reading, { kind, ref }: AttentionMap, { scores, keys }: AttentionOperands, key: Measured): Dim | undefined {
  const query: ValueRef | undefined = kind === 'fused' ? scores[0]?.sides[0] : ref;
  const { shape = null } = (query && typeOf(graph, query)) ?? {};
  const width = kind === 'fused' ? scores[0]?.depth : keys;
  return shape === null || !width ? undefined : headsIn(without(shape, [width, key.samples, key.added], known));
}
