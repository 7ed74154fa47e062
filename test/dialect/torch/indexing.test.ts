/** Subscripts of tensors give the shapes that torch gave, and are wrong where torch raised. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { setTensorItem, tensorItem } from '../../../src/dialect/torch/indexing';
import type { DType } from '../../../src/ops/operator';
import { type IndexValue, list, NULL, string, type Value } from '../../../src/value/index';
import { sizesOf, tensor, testHost, value } from '../tfjs/host';

type Index =
  | number
  | null
  | string
  | boolean
  | { slice: Index[] }
  | { tensor: number[]; dtype: DType }
  | { list: unknown[] }
  | { tuple: unknown[] }
  | { range: number };
interface Recorded {
  readonly shape: number[];
  readonly index: Index[];
  readonly value?: number[];
  readonly gives: number[] | { readonly error: string };
}

const recorded = JSON.parse(readFileSync(new URL('./indexing.json', import.meta.url), 'utf8')) as { read: Recorded[]; write: Recorded[] };

function part(index: Index): Value {
  if (index === null || typeof index !== 'object') return index === null ? NULL : typeof index === 'string' ? string(index) : value(index);
  if ('tensor' in index) return tensor(index.tensor, index.dtype);
  if ('range' in index) return list(Array.from({ length: index.range }, (_, at) => value(at)));
  return 'tuple' in index ? { ...list(index.tuple.map(value)), tuple: true } : value('list' in index ? index.list : null);
}

function indexOf(index: Index): IndexValue {
  if (index === '...') return { kind: 'ellipsis' };
  if (index === null || typeof index !== 'object' || !('slice' in index)) return { kind: 'item', value: part(index) };
  const [start = NULL, stop = NULL, step = NULL] = index.slice.map(part);
  return { kind: 'slice', start, stop, step };
}

const text = (shape: unknown): string => JSON.stringify(shape);

/** Sizes that values decide are not known: any number does. */
const sameSizes = (ours: unknown, theirs: readonly number[]): boolean =>
  Array.isArray(ours) && ours.length === theirs.length && ours.every((each, axis) => each === '?' || each === theirs[axis]);

const isMask = (index: Index): boolean => typeof index === 'object' && index !== null && 'tensor' in index && index.dtype === 'bool';
const isList = (index: Index): boolean => typeof index === 'object' && index !== null && 'list' in index;

function check(given: Recorded, run: (host: ReturnType<typeof testHost>) => Value) {
  const host = testHost('torch');
  const shape = sizesOf(run(host));
  const problems = host.problems.map(({ code, args }) => `${code} ${text(args)}`);
  const { gives } = given;
  if (Array.isArray(gives)) {
    // Several masks, or one beside indices, are not followed.
    const fits = typeof shape === 'string' ? given.index.some(isMask) : sameSizes(shape, gives);
    expect({ problems, shape }).toSatisfy(() => problems.length === 0 && fits);
    return;
  }
  // What values decide cannot be told: how many a mask takes, which place an index in a list means.
  const byValues = given.index.some(isMask) || (given.index.some(isList) && gives.error.includes('out of bounds'));
  if (!byValues) expect({ error: gives.error, problems }).toSatisfy(() => problems.length > 0);
}

it.each(recorded.read.map((given) => [text(given), given] as const))('%s', (_, given) =>
  check(given, (host) => tensorItem(tensor(given.shape), given.index.map(indexOf), host)),
);

it.each(recorded.write.map((given) => [text(given), given] as const))('%s', (_, given) =>
  check(given, (host) => setTensorItem(tensor(given.shape), given.index.map(indexOf), tensor(given.value ?? []), host)),
);
