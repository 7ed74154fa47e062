/**
 * Keys and values that a decoder keeps of the tokens before, found by structure and never by names: what goes into the product with queries, and what the
 * map weights, comes of tensors that outlive the call. They grow by what the call makes (a concatenation with what was given), are written into memory that
 * is the module's or the caller's, or are new and given back. What queries come of too is no cache.
 */
import { constant, type Dim, exactDivide, isName, multiply, NO_FACTS, ONE, parse, product, same, substitute, sum, symbolsOf } from '../dim/index';
import { BYTES } from '../ops/dtypes';
import type { Span } from '../program/types';
import { type AttentionMap, attentionMaps } from './attention';
import { type AttentionOperands, operandsOf } from './attentionOperands';
import { cachesOf, type Found, type Keeping, keepingOf } from './outliving';
import type { GraphNode, ShapeGraph, ValueRef } from './types';
import { ancestors, bytesOf, elements, refKey, typeOf } from './values';

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
  const reading: Reading = { graph, keeping: keepingOf(graph), names: namesOf(graph) };
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

type Names = ReadonlyMap<string, Dim>;

interface Reading {
  readonly graph: ShapeGraph;
  readonly keeping: Keeping;
  readonly names: Names;
}

/** Sizes by what the module needs them to be: a symbol goes by what it has to equal. */
function namesOf({ needs }: ShapeGraph): ReadonlyMap<string, Dim> {
  const names = new Map<string, Dim>();
  for (const { relation, left, right } of needs) {
    const [a, b] = [substitute(left, names), substitute(right, names)];
    const [from, to] = isName(a) ? [a, b] : [b, a];
    if (relation !== '==' || !isName(from) || symbolsOf(to).includes(from.text)) continue;
    const one = new Map([[from.text, to]]);
    for (const [name, size] of names) names.set(name, substitute(size, one));
    names.set(from.text, to);
  }
  return names;
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
  const distinct = [...new Map(known.map((each) => [refKey(each.found.ref), each])).values()].filter(({ found }) => !seen.has(refKey(found.ref)));
  const [first] = distinct;
  const node = graph.nodes[first?.found.ref.node ?? -1];
  if (!first || !node) return undefined;
  for (const { found } of distinct) seen.add(refKey(found.ref));
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
function wholeOf({ graph, names }: Reading, one: Measured, first: Dim): Dim {
  const { shape = null, dtype = 'float32' } = typeOf(graph, one.found.kept) ?? {};
  if (one.found.way === 'written') return bytesOf({ shape, dtype });
  return multiply(multiply(eachOf(graph, one), one.samples), isSame(one.tokens, first, names) ? first : one.tokens);
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
  const { graph, names } = reading;
  const read = typeOf(graph, found.read)?.shape;
  if (!read) return undefined;
  const isKeys = (size: Dim): boolean => isSame(size, keys, names);
  const along = found.axis === undefined ? axisOf(read, isKeys, found.sliced) : isKeys(read[found.axis] ?? constant(-1)) ? found.axis : undefined;
  const made = typeOf(graph, found.added)?.shape;
  if (along === undefined || !made) return undefined;
  // What is written may have fewer axes than what it is written into.
  const place = along - (found.way === 'written' ? read.length - made.length : 0);
  const added = made[place];
  if (!added) return undefined;
  const [shape, axis] = found.way === 'written' ? [read, along] : [made, place];
  const others = shape.filter((_, at) => at !== axis);
  const samples = samplesOf(reading, found.added, others, added);
  const tokens = tokensOf(reading, found, read, along);
  return samples && tokens && { found, added, tokens, samples: samples.count, sizes: samples.rest };
}

/** The axis of the keys: one that is written or read in part before one that is not, a later one before the samples'. */
function axisOf(shape: readonly Dim[], isKeys: (size: Dim) => boolean, sliced: readonly number[]): number | undefined {
  const fitting = shape.flatMap((size, at) => (isKeys(size) ? [at] : []));
  return fitting.find((at) => at > 0 && sliced.includes(at)) ?? fitting.find((at) => at > 0) ?? fitting[0];
}

/**
 * Sizes without that of the samples, which the first axis of an input with tokens says, or the second where tokens come first; none where what comes in has
 * no such axis. Undefined where the samples are not to be found among them.
 */
function samplesOf(
  { graph, names }: Reading,
  made: ValueRef,
  sizes: readonly Dim[],
  added: Dim,
): { readonly count: Dim; readonly rest: readonly Dim[] } | undefined {
  const origins = ancestors(graph, [made]);
  const counts = graph.inputs.flatMap(({ ref }) => {
    const { shape, dtype } = typeOf(graph, ref) ?? {};
    const [first, second] = shape ?? [];
    const isBatch = shape && shape.length >= (dtype?.startsWith('int') ? 2 : 3) && origins.has(ref.node);
    return isBatch && first && second ? [isSame(first, added, names) ? second : first] : [];
  });
  if (counts.length === 0) return { count: ONE, rest: sizes };
  for (const count of counts) {
    const rest = without(sizes, [count], names);
    if (rest) return { count, rest };
  }
  return undefined;
}

/** Sizes but for some: one of them each, or a factor of one or of all. */
function without(sizes: readonly Dim[], factors: readonly Dim[], names: Names): readonly Dim[] | undefined {
  let left: readonly Dim[] | undefined = sizes;
  for (const factor of factors) left = left && (leaving(left, factor) ?? factored(left, factor, names));
  return left;
}

function leaving(sizes: readonly Dim[], factor: Dim): readonly Dim[] | undefined {
  const at = sizes.findIndex((size) => same(size, factor));
  return at < 0 ? undefined : sizes.toSpliced(at, 1);
}

function factored(sizes: readonly Dim[], factor: Dim, names: Names): readonly Dim[] | undefined {
  for (const [at, size] of sizes.entries()) {
    const quotient = divided(size, factor, new Map());
    if (quotient) return sizes.with(at, quotient);
  }
  const whole = divided(product(sizes), factor, names);
  return whole && [whole];
}

/** How many tokens what outlives the call holds. */
function tokensOf({ graph, names }: Reading, { kept, ref }: Found, read: readonly Dim[], along: number): Dim | undefined {
  const shape = typeOf(graph, kept)?.shape;
  if (!shape) return undefined;
  const base = typeOf(graph, ref)?.shape;
  if (shape.length === read.length && base?.length === read.length) return shape[along];
  return divided(multiply(elements({ shape }), read[along] ?? constant(1)), elements({ shape: read }), names);
}

/** a over b where that is a whole number whatever the sizes are. */
function divided(a: Dim, b: Dim, names: Names): Dim | undefined {
  for (const [whole, by] of [[a, b] as const, [substitute(a, names), substitute(b, names)] as const]) {
    const found = exactDivide(whole, by, NO_FACTS);
    if (found && !found.needs) return found.quotient;
  }
  return undefined;
}

/** Heads of keys and values, and of queries. What holds keys and values in one is told apart only where both are as wide. */
function headsOf(reading: Reading, map: AttentionMap, operands: AttentionOperands, keys: readonly Measured[], values: readonly Measured[]) {
  const { names } = reading;
  const [[key, ...otherKeys], [value, ...otherValues]] = [keys, values];
  const depth = operands.scores[0]?.depth;
  if (!key || !value || otherKeys.length + otherValues.length > 0 || !depth || !operands.width) return undefined;
  const isShared = refKey(key.found.ref) === refKey(value.found.ref);
  const keyValue = headsIn(isShared ? without([product(key.sizes)], [sum([depth, operands.width])], names) : without(key.sizes, [depth], names));
  if (!keyValue || (!isShared && !isSame(headsIn(without(value.sizes, [operands.width], names)), keyValue, names))) return undefined;
  const query = queryHeads(reading, map, operands, key);
  return query && { keyValue, query };
}

const headsIn = (sizes: readonly Dim[] | undefined): Dim | undefined => sizes && product(sizes);

const isSame = (a: Dim | undefined, b: Dim, names: Names): boolean => a !== undefined && (same(a, b) || same(substitute(a, names), substitute(b, names)));

/** What is left of the sizes of the map, or of fused queries, without samples and tokens. */
function queryHeads({ graph, names }: Reading, { kind, ref }: AttentionMap, { scores, keys }: AttentionOperands, key: Measured): Dim | undefined {
  const query: ValueRef | undefined = kind === 'fused' ? scores[0]?.sides[0] : ref;
  const { shape = null } = (query && typeOf(graph, query)) ?? {};
  const width = kind === 'fused' ? scores[0]?.depth : keys;
  return shape === null || !width ? undefined : headsIn(without(shape, [width, key.samples, key.added], names));
}
