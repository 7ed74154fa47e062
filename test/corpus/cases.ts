/** The corpus: modules of published packages, found where npm put them. */
import { resolve } from 'node:path';
import type { InputNote, RecordRequest } from '../recorder/types';
import list from './cases.json';

/** One module: its package, the file in it, how it is made, and what it is given. */
export interface CorpusCase {
  readonly id: string;
  readonly package: string;
  /** The folder inside the package that rows are named from; default: the package. */
  readonly root?: string;
  /** Relative to the root. */
  readonly file: string;
  readonly new?: string;
  readonly class?: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, InputNote>>;
  readonly method?: string;
  readonly exclude?: readonly string[];
}

/** All cases. */
export const CORPUS = list as unknown as readonly CorpusCase[];

/** What to ask the recorder for a case. */
export function requestOf({ id: _, package: name, root = '.', file, ...rest }: CorpusCase): RecordRequest {
  const folder = resolve(import.meta.dirname, '../../node_modules', name, root);
  return { ...rest, file: resolve(folder, file), root: folder };
}
