/** Where Python's absolute imports may be found. */
import { folderOf, foldersUpward, join } from '../paths';

/** Whether there is a file. */
export type Exists = (path: string) => Promise<boolean>;

/** What a folder holds that is a project's top. */
const MARKS = ['pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', '.git/HEAD'];

/** What a dialect knows better than its source: a library, unless the entry is a file of it. */
const MODELLED = new Set(['torch', 'numpy', 'einops', 'einx', 'math']);

/** Python's own library, but for names that users give their own files. */
const STANDARD = new Set(
  `__future__ abc argparse ast asyncio atexit base64 bisect builtins calendar collections concurrent contextlib contextvars copy csv ctypes dataclasses datetime
  decimal difflib enum errno fnmatch fractions functools gc glob gzip hashlib heapq html http importlib inspect io itertools json keyword linecache locale logging
  lzma math multiprocessing numbers operator os pathlib pickle pkgutil platform pprint random re sched shutil signal socket sqlite3 ssl stat string struct subprocess
  sys sysconfig tarfile tempfile textwrap threading time timeit traceback types typing unicodedata unittest urllib uuid warnings weakref xml zipfile zlib`.split(
    /\s+/,
  ),
);

const topOf = (specifier: string): string => specifier.split('.')[0] ?? '';

/** The folders in which a file's absolute imports are looked for, in order. */
export async function placesFor(file: string, root: string | undefined, exists: Exists): Promise<string[]> {
  const own = folderOf(file);
  const above = foldersUpward(own);
  let packages = 0;
  while (packages < above.length - 1 && (await exists(join(above[packages] ?? '', '__init__.py')))) packages++;
  const outer = above[packages] ?? own;
  const marked = await markedFolder(above, exists);
  const roots = [...(root !== undefined && isWithin(file, root) ? [root] : []), ...(marked === undefined ? [] : [marked])];
  const places = [...(packages === 0 ? [own] : []), outer, ...roots, ...roots.map((folder) => join(folder, 'src')), own];
  return [...new Set(places)];
}

async function markedFolder(above: readonly string[], exists: Exists): Promise<string | undefined> {
  for (const folder of above) for (const mark of MARKS) if (await exists(join(folder, mark))) return folder;
  return undefined;
}

const isWithin = (file: string, folder: string): boolean => file.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** An absolute import of a library that is read from no file, in a program that begins at the entry. */
export function isLibrary(specifier: string, entry: string): boolean {
  const top = topOf(specifier);
  return STANDARD.has(top) || (MODELLED.has(top) && !`/${entry}`.includes(`/${top}/`));
}

/** The files that a dotted name may be in a folder: a package before a module. */
export function candidatesOf(folder: string, name: string): string[] {
  const path = join(folder, name.replaceAll('.', '/'));
  return name === '' ? [join(folder, '__init__.py')] : [`${path}/__init__.py`, `${path}.py`];
}

/** The folder that a relative import begins in, and the name behind its dots; undefined for an absolute one. */
export function relativeTo(file: string, specifier: string): { readonly folder: string; readonly name: string } | undefined {
  const dots = /^\.+/.exec(specifier)?.[0].length ?? 0;
  if (dots === 0) return undefined;
  let folder = folderOf(file);
  for (let up = 1; up < dots; up++) folder = folderOf(folder);
  return { folder, name: specifier.slice(dots) };
}
