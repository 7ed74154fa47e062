/** Which documents are ours to read. */
import type { DocumentSelector, TextDocument } from 'vscode';

const LANGUAGES = ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'];

/** What an analysis may read besides open documents, as a watcher's pattern: files that an import leads to, and configurations that say where it leads. */
export const WATCHED = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,json}';

export const SELECTOR: DocumentSelector = LANGUAGES.map((language) => ({ language }));

/** Diff views and the like show old text under other schemes: their findings would only double those of the file. */
const PASSING_SCHEMES = new Set(['git', 'gitfs', 'output', 'vscode-scm', 'conflictResolution', 'review', 'comment']);

/** Whether a document is in a language that we read. */
export const isOurs = (document: TextDocument): boolean => LANGUAGES.includes(document.languageId) && !PASSING_SCHEMES.has(document.uri.scheme);

/** A cheap test of the text: a file that names no tensor library is read only where another imports it. */
export const namesTensors = (text: string): boolean => /tensorflow|\btfjs\b|\btf\s*\.|\btf\b\s*[,}]|\btorch\b|\beinops\b/.test(text);

const EXTENSIONS: { readonly [language: string]: string } = { typescript: '.ts', typescriptreact: '.tsx', javascript: '.js', javascriptreact: '.jsx' };

/** The ending that says a language to those who know only the file's name. */
export const extensionOf = (language: string): string => EXTENSIONS[language] ?? '';
