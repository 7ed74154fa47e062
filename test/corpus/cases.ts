/** The modules that are run as they are: the gallery's, and those of published packages, found where npm put them. */
import { resolve } from 'node:path';
import type { InputNote, RecordRequest } from '../recorder/types';
import styles from '../styles/cases.json';
import packages from './cases.json';
import gallery from './gallery.json';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** One module: where it is, how it is made, and what it is given. */
export interface CorpusCase {
  readonly id: string;
  /** The npm package; without one it is of a folder of this repository. */
  readonly package?: string;
  /** Of this repository; default: the gallery's. */
  readonly folder?: string;
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

/** The gallery, whole. */
export const GALLERY = gallery as unknown as readonly CorpusCase[];

/** Modules that were not written for this project. */
export const CORPUS = packages as unknown as readonly CorpusCase[];

/** The ways in which people write it. */
export const STYLES = (styles as unknown as readonly CorpusCase[]).map((item): CorpusCase => ({ ...item, folder: 'test/styles/code' }));

/** What to ask the recorder for a case. */
export function requestOf(item: CorpusCase): RecordRequest {
  const { id: _, package: name, root = '.', folder: own = 'media/gallery/typescript', file, ...rest } = item;
  const folder = name === undefined ? resolve(REPOSITORY, own) : resolve(REPOSITORY, 'node_modules', name, root);
  return { ...rest, file: resolve(folder, file), root: folder };
}
