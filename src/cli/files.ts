/** Finding and reading files for the command line. */
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';
import { Failure } from './failure';

const SUPPORTED = /\.(?:py|tsx?|jsx?|mjs|cjs)$/i;
/** The endings of the files that are read, for words. */
export const ENDINGS = '.py .ts .tsx .js .jsx .mjs .cjs';
const SKIPPED = new Set(['node_modules', '.git', '.hg', '.svn', 'venv', '.venv', '.tox', '.nox', '__pycache__', 'site-packages']);

/** Whether a file is one that is read, by its ending. */
export const isSupported = (file: string): boolean => SUPPORTED.test(file);

export const toPosix = (file: string): string => file.split(path.sep).join('/');

/** Reads a file's text; undefined where there is none. */
export const readText = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

export interface FoundFiles {
  readonly files: readonly string[];
  /** Folders and files beneath a PATH that were passed over. */
  readonly skipped: number;
  /** Those among them that could not be read, in words. */
  readonly unreadable: readonly string[];
}

/** Lists a folder; throws where it may not be read. */
type List = (folder: string) => readonly Dirent[];

const listFolder: List = (folder) => readdirSync(folder, { withFileTypes: true });

/** The supported files of the paths; what a PATH itself names is never skipped, unless it cannot be read. */
export function findFiles(paths: readonly string[], list: List = listFolder): FoundFiles {
  const found = new Set<string>();
  const unreadable: string[] = [];
  const tryList: List = (folder) => {
    try {
      return list(folder);
    } catch (error) {
      unreadable.push(`${toPosix(path.relative('', folder)) || '.'} cannot be read: ${reasonOf(error)}`);
      return [];
    }
  };
  let skipped = 0;
  for (const one of paths) {
    const full = path.resolve(one);
    if (!existsSync(full)) throw new Failure('not-found', `no such file or folder: ${one}`);
    if (statSync(full).isFile()) {
      if (isSupported(full)) found.add(full);
      continue;
    }
    skipped += walk(full, ignoredIn(full), found, tryList);
  }
  if (found.size === 0) throw new Failure('no-source', [`there is no file that is read: ${ENDINGS}`, ...unreadable].join('; '));
  return { files: [...found].map(toPosix), skipped: skipped + unreadable.length, unreadable };
}

const REASONS: { readonly [code: string]: string } = { EACCES: 'permission denied', EPERM: 'permission denied', ENOENT: 'it is gone' };

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ('code' in error && REASONS[String(error.code)]) || error.message;
}

/** Whether git ignores a path: by the rules of the repository that holds the folder, and of folders beneath. */
function ignoredIn(folder: string): (file: string, isFolder: boolean) => boolean {
  const top = repositoryOf(folder) ?? folder;
  const rules = new Map<string, ReturnType<typeof ignore>>();
  const rulesOf = (at: string) => {
    const known = rules.get(at);
    if (known) return known;
    const own = ignore();
    const text = textOf(path.join(at, '.gitignore'));
    if (text !== undefined) own.add(text);
    rules.set(at, own);
    return own;
  };
  return (file, isFolder) => {
    for (let at = path.dirname(file); ; at = path.dirname(at)) {
      const relative = toPosix(path.relative(at, file));
      if (relative !== '' && rulesOf(at).ignores(isFolder ? `${relative}/` : relative)) return true;
      if (at === top || at === path.dirname(at)) return false;
    }
  };
}

/** A text where there is one that may be read. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (at === path.dirname(at)) return undefined;
  }
}

/** What venv and virtualenv make, and what conda makes. */
const isEnvironment = (folder: string): boolean => ['pyvenv.cfg', 'conda-meta'].some((mark) => existsSync(path.join(folder, mark)));

function walk(folder: string, ignored: (file: string, isFolder: boolean) => boolean, found: Set<string>, list: List): number {
  let skipped = 0;
  for (const entry of [...list(folder)].sort((a, b) => a.name.localeCompare(b.name))) {
    const full = path.join(folder, entry.name);
    const isFolder = entry.isDirectory();
    if (!isFolder && !(entry.isFile() && isSupported(entry.name))) continue;
    if ((isFolder && (SKIPPED.has(entry.name) || isEnvironment(full))) || ignored(full, isFolder)) skipped++;
    else if (isFolder) skipped += walk(full, ignored, found, list);
    else found.add(full);
  }
  return skipped;
}

const PROJECT_FILES = ['package.json', 'pyproject.toml', 'setup.py', 'setup.cfg', 'tsconfig.json', '.git'];

/** The nearest folder upward with a project file, else the file's folder. */
export function rootOf(file: string): string {
  const start = path.dirname(path.resolve(file));
  for (let at = start; ; at = path.dirname(at)) {
    if (PROJECT_FILES.some((name) => existsSync(path.join(at, name)))) return at;
    if (at === path.dirname(at)) return start;
  }
}

/** A path as the output shows it. */
export const relativeTo =
  (root: string) =>
  (file: string): string =>
    toPosix(path.relative(root, file)) || path.basename(file);
