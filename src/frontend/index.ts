/** The front ends' door: each language's is loaded only when a file of that language needs it. */
import type { LanguageId, SourceModule } from '../program/types';
import type { PythonFrontEnd } from './python/index';

export type { Outline, OutlineMethod, OutlinePiece, Words } from './python/index';

export type FrontEnd = (path: string, text: string) => SourceModule;

const loaded = new Map<LanguageId, Promise<FrontEnd>>();

/** The language of a path by its extension, or undefined where it is none that we read. */
export function languageOf(path: string): LanguageId | undefined {
  if (/\.pyi?$/i.test(path)) return 'python';
  return /\.(?:tsx?|jsx?|mjs|cjs|mts|cts)$/i.test(path) ? 'typescript' : undefined;
}

let python: Promise<PythonFrontEnd> | undefined;

/** What reads Python, loaded once. */
export function pythonFrontEnd(): Promise<PythonFrontEnd> {
  python ??= import('./python/index').then(({ loadPython }) => loadPython());
  return python;
}

async function load(language: LanguageId): Promise<FrontEnd> {
  if (language === 'python') return (await pythonFrontEnd()).lower;
  return (await import('./typescript/index')).lowerTypeScript;
}

/** The front end of a language, loaded once; lowering itself is synchronous. */
export function frontEnd(language: LanguageId): Promise<FrontEnd> {
  const known = loaded.get(language) ?? load(language);
  loaded.set(language, known);
  return known;
}

/** Lowers one file by its extension. */
export async function lower(path: string, text: string): Promise<SourceModule> {
  return (await frontEnd(languageOf(path) ?? 'typescript'))(path, text);
}
