/** Loads a module and the files it needs: those inside the root transformed, other ES modules compiled as they are, the rest by Node. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import type { Journal, Reporter } from './journal';
import { type Compiled, compile, IMPORT_META, RECORDER } from './transform';

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
/** What an import of a compiled file may stand for in TypeScript source. */
const SOURCES: Readonly<Record<string, readonly string[]>> = { '.js': ['.ts', '.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'], '.jsx': ['.tsx'] };

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

function localFile(path: string): string | undefined {
  const extension = extname(path);
  const swapped = (SOURCES[extension] ?? []).map((other) => path.slice(0, -extension.length) + other);
  const candidates = [path, ...swapped, ...EXTENSIONS.map((other) => path + other), ...EXTENSIONS.map((other) => resolve(path, `index${other}`))];
  return candidates.find(isFile);
}

interface LoadedModule {
  exports: unknown;
}

export interface LoaderOptions {
  readonly root: string;
  readonly exclude: readonly string[];
  /** Code to put at the end of the entry file. */
  readonly appendix: string;
}

/** Files already compiled in this process: many modules of a package share most of them. */
const compiled = new Map<string, Compiled & { readonly text: string }>();

function compileOnce(text: string, path: string, name: string, reporting: boolean): Compiled {
  const key = `${reporting} ${name} ${path}`;
  const known = compiled.get(key);
  if (known?.text === text) return known;
  const fresh = { ...compile(text, path, name, reporting), text };
  compiled.set(key, fresh);
  return fresh;
}

const moduleKinds = new Map<string, boolean>();

/** Node reads CommonJS itself; files that it would take for CommonJS though they are ES modules are compiled here. */
function isEsModule(path: string): boolean {
  const known = moduleKinds.get(path);
  if (known !== undefined) return known;
  const found = /\.(mjs|m?ts|tsx)$/.test(path) || (/\.js$/.test(path) && /^[ \t]*(import|export)\b/m.test(readFileSync(path, 'utf8')));
  moduleKinds.set(path, found);
  return found;
}

/** A loader over its own module cache; `load` runs the entry file and gives what its appendix says. */
export function createLoader<T>(journal: Journal<T>, options: LoaderOptions) {
  const cache = new Map<string, LoadedModule>();
  const nameOf = (path: string) => relative(options.root, path).split(sep).join('/');
  const isOurs = (path: string) => {
    const name = nameOf(path);
    return !name.startsWith('../') && !name.includes('node_modules/') && !options.exclude.some((prefix) => name.startsWith(prefix));
  };

  function run(path: string): LoadedModule {
    const known = cache.get(path);
    if (known) return known;
    const module: LoadedModule = { exports: {} };
    cache.set(path, module);
    if (path.endsWith('.json')) module.exports = JSON.parse(readFileSync(path, 'utf8'));
    else evaluate(module, path, '');
    return module;
  }

  function evaluate(module: LoadedModule, path: string, appendix: string): Reporter {
    const { code, sites } = compileOnce(readFileSync(path, 'utf8') + appendix, path, nameOf(path), isOurs(path));
    const reporter = journal.reporter(sites);
    const body = vm.compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname', RECORDER, IMPORT_META], { filename: path });
    body.call(module.exports, module.exports, requireFrom(path), module, path, dirname(path), reporter, { url: pathToFileURL(path).href });
    return reporter;
  }

  function load(path: string): Reporter {
    const module: LoadedModule = { exports: {} };
    cache.set(path, module);
    return evaluate(module, path, options.appendix);
  }

  function requireFrom(importer: string) {
    const native = createRequire(importer);
    return (specifier: string): unknown => {
      if (isBuiltin(specifier)) return native(specifier);
      const isRelative = /^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..';
      const path = isRelative ? localFile(resolve(dirname(importer), specifier)) : native.resolve(specifier);
      if (path === undefined) throw new Error(`${nameOf(importer)} needs ${specifier}, which is not there`);
      if (path.endsWith('.json') || (isRelative && isOurs(path)) || isEsModule(path)) return run(path).exports;
      return native(path);
    };
  }

  return { load };
}
