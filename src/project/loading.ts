/** What loading a program has in common, whatever its language: files read once, within bounds. */
import type { SourceModule } from '../program/types';
import type { LoadedProgram, MissingImport, Project } from './project';

const MOST_FILES = 300;
const MOST_CHARACTERS = 20_000_000;

/** One program as it is loaded. */
export interface Loading {
  readonly project: Project;
  readonly reads: Map<string, Promise<string | undefined>>;
  readonly modules: Map<string, SourceModule>;
  /** What imports mean, by the importing file and the specifier. */
  readonly resolved: Map<string, string | undefined>;
  readonly missing: MissingImport[];
  characters: number;
}

/** Nothing read yet. */
export const startLoading = (project: Project): Loading => ({ project, reads: new Map(), modules: new Map(), resolved: new Map(), missing: [], characters: 0 });

/** A file's text, read once. */
export function readOnce({ project, reads }: Loading, path: string): Promise<string | undefined> {
  // A read that fails is a file that is not there: the rest of the program does not suffer.
  const known = reads.get(path) ?? project.options.read(path).catch(() => undefined);
  reads.set(path, known);
  return known;
}

/** An import's place in what is resolved. */
export const importKey = (from: string, specifier: string): string => `${from}\n${specifier}`;

/** How many files more there may be. */
export const roomLeft = ({ project, modules }: Loading, most = MOST_FILES): number => Math.max(0, (project.options.mostFiles ?? most) - modules.size);

/** Counts a text in; false where it is too much. */
export function fits(loading: Loading, text: string): boolean {
  loading.characters += text.length;
  return loading.characters <= (loading.project.options.mostCharacters ?? MOST_CHARACTERS);
}

/** Says of all imports of a file that it is not read. */
export function giveUp({ missing, resolved }: Loading, path: string, reason: MissingImport['reason']): void {
  for (const [place, target] of resolved) {
    if (target !== path) continue;
    const [from = '', specifier = ''] = place.split('\n');
    missing.push({ from, specifier, reason });
  }
}

/** What was loaded, ready for interpretation. */
export function programOf(entry: string, { modules, resolved, missing, reads }: Loading, packageName?: string): LoadedProgram {
  return {
    entry,
    ...(packageName === undefined ? {} : { packageName }),
    modules,
    module: (path) => modules.get(path),
    resolve: (from, specifier) => {
      const path = resolved.get(importKey(from, specifier));
      return path !== undefined && modules.has(path) ? path : undefined;
    },
    circular: [...resolved.values()].includes(entry),
    missing,
    asked: [...reads.keys()],
  };
}
