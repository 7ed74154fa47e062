/** TypeScript's and JavaScript's programs: an entry and, breadth first, all that it imports. */
import { frontEnd, languageOf } from '../../frontend/index';
import { fits, giveUp, importKey, type Loading, programOf, readOnce, roomLeft, startLoading } from '../loading';
import { folderOf, join } from '../paths';
import type { LoadedProgram, Project } from '../project';
import { type Configuration, configurationFor, packageOf, placesOf } from './configuration';
import { specifiersOf } from './imports';

const EXTENSIONS = ['.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts'];
/** What may be written for a TypeScript file: the name of what it is compiled to. */
const COMPILED: { readonly [extension: string]: readonly string[] } = { '.js': ['.ts', '.tsx', '.jsx'], '.jsx': ['.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'] };

/** The paths that an import of `path` may mean, in order. */
export function candidatesOf(path: string): string[] {
  const extension = /\.[^./]+$/.exec(path)?.[0] ?? '';
  const compiled = (COMPILED[extension] ?? []).map((other) => path.slice(0, -extension.length) + other);
  const own = languageOf(path) === 'typescript' ? [path] : [];
  return [...own, ...compiled, ...EXTENSIONS.map((other) => path + other), ...EXTENSIONS.map((other) => join(path, `index${other}`))];
}

const isRelative = (specifier: string): boolean => /^\.{1,2}(?:\/|$)/.test(specifier);
/** Only a relative or rooted import that is not found is missing: other names are libraries. */
const isOwn = (specifier: string): boolean => isRelative(specifier) || specifier.startsWith('/');

interface Configured extends Loading {
  readonly configurations: Map<string, Promise<Configuration>>;
}

/** Loads an entry and, breadth first, all of the user's files that it imports. */
export async function loadTypeScriptProgram(entry: string, project: Project): Promise<LoadedProgram> {
  const loading: Configured = { ...startLoading(project), configurations: new Map() };
  let wave = [entry];
  while (wave.length > 0) wave = await nextWave(loading, wave);
  return programOf(entry, loading, await packageOf(folderOf(entry), (path) => readOnce(loading, path)));
}

/** Lowers the files of one wave; gives those that they import and that are not there yet. */
async function nextWave(loading: Configured, wave: readonly string[]): Promise<string[]> {
  const next = new Set<string>();
  for (const path of wave) {
    const lowered = await lowerFile(loading, path);
    if (!lowered) continue;
    loading.modules.set(path, lowered.module);
    const targets = await Promise.all(lowered.specifiers.map((specifier) => resolveImport(loading, path, specifier)));
    lowered.specifiers.forEach((specifier, at) => {
      const target = targets[at];
      loading.resolved.set(importKey(path, specifier), target);
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
  const room = roomLeft(loading);
  for (const path of paths.slice(room)) giveUp(loading, path, 'too-many-files');
  return paths.slice(0, room);
}

async function lowerFile(loading: Loading, path: string) {
  const { lowered } = loading.project;
  const text = await readOnce(loading, path);
  const language = languageOf(path);
  if (text === undefined || !language) return undefined;
  if (!fits(loading, text)) {
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
async function resolveImport(loading: Configured, from: string, specifier: string): Promise<string | undefined> {
  for (const place of await placesFor(loading, folderOf(from), specifier)) {
    for (const candidate of candidatesOf(place)) if ((await readOnce(loading, candidate)) !== undefined) return candidate;
  }
  return undefined;
}

async function placesFor(loading: Configured, folder: string, specifier: string): Promise<string[]> {
  if (specifier === '') return [];
  if (isRelative(specifier)) return [join(folder, specifier)];
  const known = loading.configurations.get(folder) ?? configurationFor(folder, (path) => readOnce(loading, path));
  loading.configurations.set(folder, known);
  const places = placesOf(await known, specifier);
  if (!specifier.startsWith('/')) return places;
  const { root } = loading.project.options;
  return [...places, ...(root === undefined ? [] : [join(root, specifier.slice(1))]), specifier];
}
