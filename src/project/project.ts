/** The user's files, over an injected read: disk, an editor's buffers or a virtual workspace. */
import { frontEnd, languageOf } from '../frontend/index';
import type { SourceModule } from '../program/types';
import { type Configuration, configurationFor, packageOf, placesOf } from './configuration';
import { specifiersOf } from './imports';
import { folderOf, join } from './paths';

/** A file's text, or undefined where there is none. */
export type Read = (path: string) => Promise<string | undefined>;

export interface ProjectOptions {
  readonly read: Read;
  /** The folder that imports starting with `/` are relative to, besides the file system's own root. */
  readonly root?: string;
  /** Bounds of one program. */
  readonly mostFiles?: number;
  readonly mostCharacters?: number;
}

/** Keeps what was lowered between programs, by path and text. */
export interface Project {
  readonly options: ProjectOptions;
  readonly lowered: Map<string, { readonly text: string; readonly module: SourceModule; readonly specifiers: readonly string[] }>;
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

const MOST_FILES = 300;
const MOST_CHARACTERS = 20_000_000;
const EXTENSIONS = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts'];
/** What may be written for a TypeScript file: the name of what it is compiled to. */
const COMPILED: { readonly [extension: string]: readonly string[] } = { '.js': ['.ts', '.tsx', '.jsx'], '.jsx': ['.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'] };

/** A project without any file read yet. */
export const createProject = (options: ProjectOptions): Project => ({ options, lowered: new Map() });

/** The paths that an import of `path` may mean, in order. */
export function candidatesOf(path: string): string[] {
  const extension = /\.[^./]+$/.exec(path)?.[0] ?? '';
  const compiled = (COMPILED[extension] ?? []).map((other) => path.slice(0, -extension.length) + other);
  const own = languageOf(path) ? [path] : [];
  return [...own, ...compiled, ...EXTENSIONS.map((other) => path + other), ...EXTENSIONS.map((other) => join(path, `index${other}`))];
}

const isRelative = (specifier: string): boolean => /^\.{1,2}(?:\/|$)/.test(specifier);
/** Only a relative or rooted import that is not found is missing: other names are libraries. */
const isOwn = (specifier: string): boolean => isRelative(specifier) || specifier.startsWith('/');

interface Loading {
  readonly project: Project;
  readonly reads: Map<string, Promise<string | undefined>>;
  readonly configurations: Map<string, Promise<Configuration>>;
  readonly modules: Map<string, SourceModule>;
  readonly resolved: Map<string, string | undefined>;
  readonly missing: MissingImport[];
  characters: number;
}

function readOnce({ project, reads }: Loading, path: string): Promise<string | undefined> {
  // A read that fails is a file that is not there: the rest of the program does not suffer.
  const known = reads.get(path) ?? project.options.read(path).catch(() => undefined);
  reads.set(path, known);
  return known;
}

/** Loads an entry and, breadth first, all of the user's files that it imports. */
export async function loadProgram(entry: string, project: Project): Promise<LoadedProgram> {
  const loading: Loading = { project, reads: new Map(), configurations: new Map(), modules: new Map(), resolved: new Map(), missing: [], characters: 0 };
  const start = join('', entry);
  let wave = [start];
  while (wave.length > 0) wave = await nextWave(loading, wave);
  const packageName = await packageOf(folderOf(start), (path) => readOnce(loading, path));
  const { modules, resolved, missing, reads } = loading;
  return {
    entry: start,
    ...(packageName === undefined ? {} : { packageName }),
    modules,
    module: (path) => modules.get(path),
    resolve: (from, specifier) => {
      const path = resolved.get(key(from, specifier));
      return path !== undefined && modules.has(path) ? path : undefined;
    },
    missing,
    asked: [...reads.keys()],
  };
}

const key = (from: string, specifier: string): string => `${from}\n${specifier}`;

/** Lowers the files of one wave; gives those that they import and that are not there yet. */
async function nextWave(loading: Loading, wave: readonly string[]): Promise<string[]> {
  const next = new Set<string>();
  for (const path of wave) {
    const lowered = await lowerFile(loading, path);
    if (!lowered) continue;
    loading.modules.set(path, lowered.module);
    const targets = await Promise.all(lowered.specifiers.map((specifier) => resolveImport(loading, path, specifier)));
    lowered.specifiers.forEach((specifier, at) => {
      const target = targets[at];
      loading.resolved.set(key(path, specifier), target);
      if (target === undefined && isOwn(specifier)) loading.missing.push({ from: path, specifier, reason: 'not-found' });
      if (target === undefined || loading.modules.has(target) || wave.includes(target)) return;
      next.add(target);
    });
  }
  return bounded(
    loading,
    [...next].filter((path) => !loading.modules.has(path)),
  );
}

/** As many of the next files as the bounds leave room for. */
function bounded(loading: Loading, paths: readonly string[]): string[] {
  const room = Math.max(0, (loading.project.options.mostFiles ?? MOST_FILES) - loading.modules.size);
  for (const path of paths.slice(room)) giveUp(loading, path, 'too-many-files');
  return paths.slice(0, room);
}

function giveUp({ missing, resolved }: Loading, path: string, reason: MissingImport['reason']): void {
  for (const [place, target] of resolved) {
    if (target !== path) continue;
    const [from = '', specifier = ''] = place.split('\n');
    missing.push({ from, specifier, reason });
  }
}

async function lowerFile(loading: Loading, path: string) {
  const { lowered, options } = loading.project;
  const text = await readOnce(loading, path);
  const language = languageOf(path);
  if (text === undefined || !language) return undefined;
  loading.characters += text.length;
  if (loading.characters > (options.mostCharacters ?? MOST_CHARACTERS)) {
    giveUp(loading, path, 'too-large');
    return undefined;
  }
  const known = lowered.get(path);
  if (known?.text === text) return known;
  const module = (await frontEnd(language))(path, text);
  const fresh = { text, module, specifiers: specifiersOf(module) };
  lowered.set(path, fresh);
  return fresh;
}

/** The user's file that an import means. */
async function resolveImport(loading: Loading, from: string, specifier: string): Promise<string | undefined> {
  for (const place of await placesFor(loading, folderOf(from), specifier)) {
    for (const candidate of candidatesOf(place)) if ((await readOnce(loading, candidate)) !== undefined) return candidate;
  }
  return undefined;
}

async function placesFor(loading: Loading, folder: string, specifier: string): Promise<string[]> {
  if (specifier === '') return [];
  if (isRelative(specifier)) return [join(folder, specifier)];
  const known = loading.configurations.get(folder) ?? configurationFor(folder, (path) => readOnce(loading, path));
  loading.configurations.set(folder, known);
  const places = placesOf(await known, specifier);
  if (!specifier.startsWith('/')) return places;
  const { root } = loading.project.options;
  return [...places, ...(root === undefined ? [] : [join(root, specifier.slice(1))]), specifier];
}
