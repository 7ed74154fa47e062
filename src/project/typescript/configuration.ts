/** What `tsconfig.json` and `jsconfig.json` say of imports: `baseUrl` and `paths`. */
import { folderOf, foldersUpward, join } from '../paths';
import type { Read } from '../project';

/** Where non-relative imports may be found. */
export interface Configuration {
  /** Patterns as written (`@/*`), each with its places, most specific first. */
  readonly paths: readonly { readonly before: string; readonly after: string; readonly exact: boolean; readonly places: readonly string[] }[];
  readonly baseUrl?: string;
}

const NONE: Configuration = { paths: [] };
/** How many configurations may extend one another. */
const CHAIN = 8;

interface Options {
  readonly baseUrl?: string;
  readonly paths?: { readonly [pattern: string]: readonly string[] };
  /** The folder that `paths` are relative to, without `baseUrl`. */
  readonly pathsFrom?: string;
}

/** JSON with comments and trailing commas, as these files are written; undefined where it is none. */
export function parseJsonc(text: string): unknown {
  const plain = text.replace(/^\ufeff/, '').replace(/"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*.*?\*\//gs, (found) => (found.startsWith('"') ? found : ' '));
  const clean = plain.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])/g, (found) => (found.startsWith('"') ? found : ''));
  try {
    return JSON.parse(clean);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The configuration that holds for a folder: that of the nearest folder upward that has one. */
export async function configurationFor(folder: string, read: Read): Promise<Configuration> {
  for (const at of foldersUpward(folder)) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const path = join(at, name);
      const text = await read(path);
      if (text !== undefined) return configurationOf(await optionsOf(path, text, read, CHAIN));
    }
  }
  return NONE;
}

/** The name of the package that a folder is in: that of the nearest `package.json` upward that has one. */
export async function packageOf(folder: string, read: Read): Promise<string | undefined> {
  for (const at of foldersUpward(folder)) {
    const text = await read(join(at, 'package.json'));
    const json = text === undefined ? undefined : parseJsonc(text);
    if (isRecord(json) && typeof json.name === 'string') return json.name;
  }
  return undefined;
}

async function optionsOf(path: string, text: string, read: Read, chain: number): Promise<Options> {
  const json = parseJsonc(text);
  if (!isRecord(json)) return {};
  const folder = folderOf(path);
  const compiler = isRecord(json.compilerOptions) ? json.compilerOptions : {};
  const bases = Array.isArray(json.extends) ? json.extends : [json.extends];
  let options: Options = {};
  for (const base of bases)
    if (typeof base === 'string' && base.startsWith('.') && chain > 0) options = { ...options, ...(await extended(join(folder, base), read, chain)) };
  return {
    ...options,
    ...(typeof compiler.baseUrl === 'string' ? { baseUrl: join(folder, compiler.baseUrl) } : {}),
    ...(isRecord(compiler.paths) ? { paths: stringLists(compiler.paths), pathsFrom: folder } : {}),
  };
}

async function extended(path: string, read: Read, chain: number): Promise<Options> {
  for (const candidate of path.endsWith('.json') ? [path] : [`${path}.json`, path]) {
    const text = await read(candidate);
    if (text !== undefined) return optionsOf(candidate, text, read, chain - 1);
  }
  return {};
}

function stringLists(record: { readonly [key: string]: unknown }): { readonly [pattern: string]: readonly string[] } {
  const lists = Object.entries(record).map(([key, value]) => [key, Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []] as const);
  return Object.fromEntries(lists);
}

function configurationOf({ baseUrl, paths = {}, pathsFrom = '' }: Options): Configuration {
  const patterns = Object.entries(paths).map(([pattern, places]) => {
    const star = pattern.indexOf('*');
    const [before, after] = star < 0 ? [pattern, ''] : [pattern.slice(0, star), pattern.slice(star + 1)];
    return { before, after, exact: star < 0, places: places.map((place) => join(baseUrl ?? pathsFrom, place)) };
  });
  patterns.sort((a, b) => Number(b.exact) - Number(a.exact) || b.before.length - a.before.length);
  return baseUrl === undefined ? { paths: patterns } : { paths: patterns, baseUrl };
}

/** Where a non-relative import may be, in order. */
export function placesOf({ paths, baseUrl }: Configuration, specifier: string): string[] {
  const pattern = paths.find(({ before, after, exact }) => {
    if (exact) return specifier === before;
    return specifier.length >= before.length + after.length && specifier.startsWith(before) && specifier.endsWith(after);
  });
  const middle = pattern && !pattern.exact ? specifier.slice(pattern.before.length, specifier.length - pattern.after.length) : '';
  const places = pattern?.places.map((place) => place.replace('*', () => middle)) ?? [];
  return baseUrl === undefined ? places : [...places, join(baseUrl, specifier)];
}
