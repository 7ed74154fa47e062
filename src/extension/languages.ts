/** Which documents are ours to read. */
import type { DocumentSelector } from 'vscode';

/** The ending that says a language to those who know only a file's name. */
const ENDINGS: { readonly [language: string]: string } = {
  typescript: '.ts',
  typescriptreact: '.tsx',
  javascript: '.js',
  javascriptreact: '.jsx',
  python: '.py',
};

const LANGUAGES = Object.keys(ENDINGS);

/** What an analysis may read besides open documents, as a watcher's pattern: files that an import leads to, and configurations that say where it leads. */
export const WATCHED = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,json,py}';

export const SELECTOR: DocumentSelector = LANGUAGES.map((language) => ({ language }));

/** Diff views and the like show old text under other schemes: their findings would only double those of the file. */
const PASSING_SCHEMES = new Set(['git', 'gitfs', 'output', 'vscode-scm', 'conflictResolution', 'review', 'comment']);

/** A document as far as it tells whether it is ours. */
export interface Told {
  readonly languageId: string;
  readonly uri: { readonly scheme: string };
}

/** Whether a document is in a language that we read. */
export const isOurs = (document: Told): boolean => LANGUAGES.includes(document.languageId) && !PASSING_SCHEMES.has(document.uri.scheme);

/** A cheap test of the text: a file that names no tensor library is read only where another imports it. */
export const namesTensors = (text: string): boolean => /tensorflow|\btfjs\b|\btf\s*\.|\btf\b\s*[,}]|\btorch\w*\b|\bein(?:ops|x)\b/.test(text);

/** The ending of a language's files; none where it is not ours. */
export const endingOf = (language: string): string => ENDINGS[language] ?? '';
