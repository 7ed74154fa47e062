/** What torch itself did, recorded once and kept as data: one JSON document a line. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { heldAs } from '../../src/ops/dtypes';
import type { DType } from '../../src/ops/operator';
import type { NamedTensors, TensorData } from '../../src/run/index';

/** JSON has no words for these. */
const WORDS: { readonly [word: string]: number } = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY };

export interface RecordedTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: readonly (number | string)[];
}

/** A tensor, or a plain value. */
export type RecordedInput = RecordedTensor | { readonly value: unknown };

/** A call that runs. */
export interface Call {
  readonly id: string;
  readonly source: string;
  /** The expression that makes the module; without it the function `f` is called. */
  readonly new?: string;
  readonly train?: boolean;
  readonly weights?: { readonly [name: string]: RecordedTensor };
  readonly inputs: { readonly [name: string]: RecordedInput };
  readonly outputs: readonly RecordedTensor[];
}

/** A call that torch refuses, with the line of the source that raises. */
export interface RaisingCall {
  readonly id: string;
  readonly source: string;
  readonly new?: string;
  readonly inputs: { readonly [name: string]: Omit<RecordedTensor, 'data'> | { readonly value: unknown } };
  readonly raises: string;
  readonly message: string;
  readonly line: number;
}

/** One name of a forward and the tensor that it held, `n` times. */
interface GalleryRow {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly var: string;
  readonly n: number;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** A module of the gallery: where each name of its forward stood, and what it held. Its numbers are in `gallery/ID.safetensors`. */
export interface GalleryTruth {
  readonly id: string;
  readonly file: string;
  readonly new: string;
  readonly inputs: { readonly [name: string]: unknown };
  readonly rows: readonly GalleryRow[];
  readonly output: { readonly shape: readonly number[]; readonly dtype: string };
}

/** What a file of truths beside this one holds, a line each. */
export const linesOf = <T>(file: string): readonly T[] =>
  readFileSync(resolve(import.meta.dirname, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

export const calls = (): readonly Call[] => linesOf<Call>('calls.jsonl');
export const raisingCalls = (): readonly RaisingCall[] => linesOf<RaisingCall>('raising.jsonl');
export const galleryTruths = (): readonly GalleryTruth[] => linesOf<GalleryTruth>('gallery.jsonl');

/** The recorded numbers. */
export const numbersOf = ({ data }: RecordedTensor): number[] => data.map((value) => (typeof value === 'string' ? (WORDS[value] ?? Number.NaN) : value));

/** As a run takes it. */
export function dataOf(tensor: RecordedTensor): TensorData {
  const [held, numbers] = [heldAs(tensor.dtype), numbersOf(tensor)];
  const data = held === 'int32' ? Int32Array.from(numbers) : held === 'bool' ? Uint8Array.from(numbers) : Float32Array.from(numbers);
  return { shape: tensor.shape, dtype: tensor.dtype, data };
}

/** The tensors among what is recorded, by name. */
export function tensorsOf(recorded: { readonly [name: string]: RecordedInput }): NamedTensors {
  return new Map(Object.entries(recorded).flatMap(([name, each]) => ('shape' in each ? [[name, dataOf(each)] as const] : [])));
}

/** The greatest difference, relative to values beyond 1; infinite where the counts differ. */
export function difference(truth: readonly number[], ours: ArrayLike<number>): number {
  if (truth.length !== ours.length) return Number.POSITIVE_INFINITY;
  return truth.reduce((most, value, at) => {
    const other = ours[at] ?? Number.NaN;
    if (Object.is(value, other) || value === other) return most;
    const distance = Math.abs(value - other) / Math.max(1, Math.abs(value));
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(most, distance);
  }, 0);
}
