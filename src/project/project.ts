/** The user's files, over an injected read: disk, an editor's buffers or a virtual workspace. */
import { languageOf, type Outline } from '../frontend/index';
import type { SourceModule } from '../program/types';
import { join } from './paths';
import { loadPythonProgram } from './python/program';
import { loadTypeScriptProgram } from './typescript/program';

/** A file's text, or undefined where there is none. */
export type Read = (path: string) => Promise<string | undefined>;

export interface ProjectOptions {
  readonly read: Read;
  /** The folder that imports are relative to that name no file beside them: in Python the absolute ones, else those that start with `/`. */
  readonly root?: string;
  /** Bounds of one program. */
  readonly mostFiles?: number;
  readonly mostCharacters?: number;
}

/** Keeps what was lowered between programs, by path and text. */
export interface Project {
  readonly options: ProjectOptions;
  readonly lowered: Map<string, { readonly text: string; readonly module: SourceModule; readonly specifiers: readonly string[] }>;
  /** Python files that others import from: laid out, and lowered as far as something needs them. */
  readonly outlines: Map<string, { readonly text: string; readonly outline: Outline; readonly parts: Map<string, SourceModule> }>;
}

/** One entry with all that it imports, ready for interpretation. */
export interface LoadedProgram {
  readonly entry: string;
  /** The name of the package that the entry is a file of. */
  readonly packageName?: string;
  readonly modules: ReadonlyMap<string, SourceModule>;
  module(path: string): SourceModule | undefined;
  /** The user's file that an import means; undefined for a library and for what is missing. */
  resolve(from: string, specifier: string): string | undefined;
  /** One of the files, itself perhaps, imports the entry back. */
  readonly circular: boolean;
  /** Imports of the user's files that were not found or not read, and why. */
  readonly missing: readonly MissingImport[];
  /** Paths that were asked for, found or not: where one of them changes, the program is old. */
  readonly asked: readonly string[];
}

export interface MissingImport {
  readonly from: string;
  readonly specifier: string;
  readonly reason: 'not-found' | 'too-many-files' | 'too-large';
}

/** A project without any file read yet. */
export const createProject = (options: ProjectOptions): Project => ({ options, lowered: new Map(), outlines: new Map() });

/** Loads an entry with what it needs of the user's files that it imports. */
export function loadProgram(entry: string, project: Project): Promise<LoadedProgram> {
  const start = join('', entry);
  return languageOf(start) === 'python' ? loadPythonProgram(start, project) : loadTypeScriptProgram(start, project);
}
