/** Files of modules that truths are recorded of, as they are read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeFile, createAnalyser } from '../../../src/analysis/analyze';
import type { FileAnalysis } from '../../../src/analysis/types';
import { valueOfJson } from '../../../src/cli/bindings';
import type { InputBinding } from '../../../src/interpret/index';
import type { DType } from '../../../src/ops/operator';

/** A file of this folder. */
export const at = (name: string): string => join(import.meta.dirname, name);

/** A file, or another text in its place, read by itself. */
export function analysed(name: string, source = readFileSync(at(name), 'utf8')): Promise<FileAnalysis | undefined> {
  const path = at(name);
  const project = createAnalyser(async (asked) => (asked === path ? source : undefined), import.meta.dirname);
  return analyzeFile(path, project);
}

/** The sizes of an image or of a sequence by their names. */
export const sizesOf = (x: readonly number[]): Record<string, number> =>
  Object.fromEntries((x.length === 4 ? ['b', 'c', 'h', 'w'] : ['b', 'n', 'c']).map((name, axis) => [name, x[axis] ?? 1]));

/** An input as it is recorded. */
export type Given = readonly number[] | number | { readonly shape: readonly number[]; readonly dtype: DType };

/** An input as it is bound. */
export function bindingOf(given: Given): InputBinding {
  if (typeof given === 'number') return { kind: 'value', value: valueOfJson(given) };
  return 'shape' in given ? { kind: 'tensor', ...given } : { kind: 'tensor', shape: given, dtype: 'float32' };
}
