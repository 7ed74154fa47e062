/** The user's files: executed once, their exports looked up by name. */
import type { ExportedName, ImportedName, Statement } from '../../program/types';
import { type ModuleValue, native, object, string, unknown, type Value } from '../../value/index';
import { textOf } from '../expressions/arithmetic';
import { evaluate, Spent } from '../expressions/evaluate';
import { member } from '../expressions/members';
import type { LoadedModule, Run } from '../run';
import { Thrown } from '../statements/branch';
import { execute, hoist } from '../statements/execute';
import { begin, keep, redo, takeBack, takeBackTo, write } from '../statements/journal';
import { findCell, functionScope, newScope, ownCell, type Scope } from '../statements/scope';

/** Executes a file's own statements, once; a cycle of imports sees what is there so far. */
export function loadModule(run: Run, path: string): LoadedModule | undefined {
  const loaded = run.modules.get(path);
  if (loaded) return loaded;
  const source = run.program.module(path);
  if (!source) return undefined;
  const scope = newScope(undefined, true);
  const exports: LoadedModule['exports'] = new Map();
  const module: LoadedModule = {
    path,
    scope,
    exports,
    done: false,
    waiting: [],
    asked: new Set(),
    value: { kind: 'module', name: path, get: (name) => exported(run, module, name) },
  };
  run.modules.set(path, module);
  if (source.exportsAll) ownCell(scope, '__name__').value = string(run.entry === 'file' && run.modules.size === 1 ? '__main__' : path);
  else declareCommonJs(run, path, scope);
  const { recording } = run;
  // Of a script its own statements are what is read.
  run.recording = run.entry === 'file' && run.modules.size === 1;
  run.frames.push({ name: '', callback: true, definition: source, returned: [], turns: [], scope });
  hoist(run, source.body, scope);
  hoistExported(source.body, module);
  for (const statement of source.body) runTopLevel(run, statement, scope);
  run.frames.pop();
  run.recording = recording;
  module.done = true;
  for (const bind of module.waiting) bind();
  return module;
}

/** Steps of one statement of a file. */
const MOST_STEPS = 20_000;

/** Statements that take more steps than are followed, a training loop for one: what they change is no module's, and they are left out. */
const ENDLESS = new WeakSet<Statement>();

/** A file's own statement that fails leaves the others; files' statements together have a budget of their own. */
function runTopLevel(run: Run, statement: Statement, scope: Scope): void {
  if (run.entry !== 'file' && ENDLESS.has(statement)) return;
  const { budget } = run;
  const given = Math.min(run.fileBudget, MOST_STEPS);
  run.budget = given;
  const { length } = run.frames;
  const depth = begin(run.journal);
  try {
    execute(run, statement, scope);
    keep(run.journal);
  } catch (error) {
    if (!(error instanceof Thrown || error instanceof Spent)) throw error;
    run.frames.length = length;
    takeBackTo(run.journal, depth + 1);
    const changes = takeBack(run.journal);
    if (error instanceof Spent && given === MOST_STEPS) ENDLESS.add(statement);
    else redo(run.journal, changes);
  }
  run.fileBudget -= Math.min(given, given - run.budget);
  run.budget = budget;
}

/** Exports of names that are declared further down are there from the start: files import each other in circles. */
function hoistExported(body: readonly Statement[], module: LoadedModule): void {
  for (const statement of body) if (statement.kind === 'export' && statement.from === undefined) for (const name of statement.names) exportLocal(module, name);
}

function exportLocal(module: LoadedModule, name: ExportedName): void {
  const { local, exported: as } = name;
  if (as === undefined || typeof local !== 'string') return;
  module.exports.set(as, () => findCell(module.scope, local)?.value ?? unknown(`\`${local}\` is not there yet`));
}

/** `require`, `module`, `exports` of a CommonJS file. */
function declareCommonJs(run: Run, path: string, scope: Scope): void {
  const exports = object();
  ownCell(scope, 'exports').value = exports;
  ownCell(scope, 'module').value = object([
    ['exports', exports],
    ['id', string(path)],
  ]);
  ownCell(scope, 'require').value = native('require', (args) => {
    const specifier = args.positional[0] ? textOf(args.positional[0]) : undefined;
    return specifier === undefined ? unknown('what is required is not known') : required(run, path, specifier);
  });
  ownCell(scope, '__filename').value = string(path);
  ownCell(scope, '__dirname').value = string(path.replace(/\/[^/]*$/, ''));
}

/** What `require` gives: a library, a file's `module.exports`, or its ES exports. */
function required(run: Run, from: string, specifier: string): Value {
  const module = moduleFor(run, from, specifier);
  if (module.kind !== 'user') return module.kind === 'library' ? module.value : unknown(module.reason);
  return commonJsExports(module.module) ?? module.module.value;
}

function commonJsExports(module: LoadedModule): Value | undefined {
  const holder = findCell(module.scope, 'module')?.value;
  const exports = holder?.kind === 'dict' ? holder.entries.get('exports') : undefined;
  const isEmpty = exports?.kind === 'dict' && exports.entries.size === 0;
  return exports && !(isEmpty && module.exports.size > 0) ? exports : undefined;
}

type Found = { kind: 'library'; value: ModuleValue } | { kind: 'user'; module: LoadedModule } | { kind: 'missing'; reason: string };

function moduleFor(run: Run, from: string, specifier: string): Found {
  const path = run.program.resolve(from, specifier);
  const module = path === undefined ? undefined : loadModule(run, path);
  if (module) return { kind: 'user', module };
  const library = run.surroundings.library(specifier);
  if (library) return { kind: 'library', value: library };
  return { kind: 'missing', reason: `\`${specifier}\` is not read` };
}

/** An export by name: ES first, then a member of `module.exports`. */
function exported(run: Run, module: LoadedModule, name: string): Value | undefined {
  const own = module.exports.get(name);
  // A name that is handed on in a circle is nowhere.
  if (module.asked.has(name)) return undefined;
  module.asked.add(name);
  try {
    return own ? (typeof own === 'function' ? own() : own) : handedOn(run, module, name);
  } finally {
    module.asked.delete(name);
  }
}

function handedOn(run: Run, module: LoadedModule, name: string): Value | undefined {
  const plain = run.program.module(module.path)?.exportsAll ? plainExport(run, module, name) : undefined;
  if (plain) return plain;
  const exports = commonJsExports(module);
  if (name === 'default' && exports && module.exports.size === 0) return exports;
  const found = exports && exports.kind !== 'undefined' ? member(run, exports, name) : undefined;
  if (found && found.kind !== 'undefined') return found;
  for (const all of starsOf(run, module)) {
    const through = all.get(name, run.host);
    if (through) return through;
  }
  return module.done ? undefined : unknown(`\`${name}\` is not there yet`);
}

/** A name at the file's top, or a file beside a package's own. */
function plainExport(run: Run, module: LoadedModule, name: string): Value | undefined {
  const own = findCell(module.scope, name)?.value;
  if (own) return own;
  const path = run.program.resolve(module.path, `.${name}`);
  return path === undefined || path === module.path || !isPackage(module.path) ? undefined : loadModule(run, path)?.value;
}

const isPackage = (path: string): boolean => /(?:^|\/)__init__\.py$/.test(path);

function starsOf(run: Run, module: LoadedModule): ModuleValue[] {
  const source = run.program.module(module.path);
  const stars =
    source?.body.flatMap((statement) =>
      statement.kind === 'export' && statement.from !== undefined && statement.names.some((name) => name.exported === undefined) ? [statement.from] : [],
    ) ?? [];
  return stars.flatMap((from) => {
    const found = moduleFor(run, module.path, from);
    return found.kind === 'user' ? [found.module.value] : found.kind === 'library' ? [found.value] : [];
  });
}

/** `import … from`. */
export function executeImport(run: Run, statement: Statement & { kind: 'import' }, scope: Scope): void {
  const { file } = statement.span;
  const found = moduleFor(run, file, statement.from);
  if (found.kind === 'missing' && run.caught.imports > 0 && statement.names.length > 0) throw new Thrown();
  const holder = functionScope(scope);
  const bind = (): void => {
    for (const name of statement.names) {
      if (name.local !== undefined) write(run.journal, ownCell(holder, name.local), 'value', imported(run, found, name, statement.from, file));
      else if (name.imported === '*') bindAll(run, found, holder);
    }
  };
  bind();
  // Files that import each other see in the end what is there then.
  if (found.kind === 'user' && !found.module.done) found.module.waiting.push(bind);
}

/** `from m import *`: what the file says it gives, else all names that do not begin with an underscore. */
function bindAll(run: Run, found: Found, scope: Scope): void {
  if (found.kind !== 'user') {
    if (found.kind === 'library') scope.libraries = [...(scope.libraries ?? []), found.value];
    return;
  }
  const { cells } = found.module.scope;
  const listed = cells.get('__all__')?.value;
  const names = listed?.kind === 'list' && listed.open === undefined ? listed.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])) : undefined;
  for (const name of names ?? [...cells.keys()].filter((each) => !/^[_%]/.test(each))) {
    const value = found.module.value.get(name, run.host);
    if (value) write(run.journal, ownCell(scope, name), 'value', value);
  }
  const { libraries } = found.module.scope;
  if (libraries) scope.libraries = [...(scope.libraries ?? []), ...libraries];
}

/** `from package import name` may mean a file of the package. */
function submodule(run: Run, from: string, name: string, file: string): Value | undefined {
  const path = run.program.resolve(file, /\.$/.test(from) ? `${from}${name}` : `${from}.${name}`);
  return path === undefined ? undefined : loadModule(run, path)?.value;
}

function imported(run: Run, found: Found, name: ImportedName, from: string, file: string): Value {
  const beside = () => (run.program.module(file)?.exportsAll && name.imported !== '*' ? submodule(run, from, name.imported, file) : undefined);
  if (found.kind === 'missing') return beside() ?? run.surroundings.copied?.(name.imported) ?? unknown(found.reason);
  const module = found.kind === 'user' ? found.module.value : found.value;
  if (name.imported === '*') return module;
  const { packageName } = run.program;
  const modelled = found.kind === 'user' && packageName !== undefined ? run.surroundings.within(packageName, name.imported) : undefined;
  const value = modelled ?? module.get(name.imported, run.host) ?? beside();
  if (value) return value;
  return name.imported === 'default' && found.kind === 'library' ? module : unknown(`\`${from}\` has no \`${name.imported}\` that is known`);
}

/** `export …`. */
export function executeExport(run: Run, statement: Statement & { kind: 'export' }, scope: Scope): void {
  const module = run.modules.get(statement.span.file);
  if (!module) return;
  for (const name of statement.names) {
    if (statement.from !== undefined) exportThrough(run, module, statement.from, name);
    else if (typeof name.local === 'string') exportLocal(module, name);
    else module.exports.set(name.exported ?? 'default', evaluate(run, name.local, scope));
  }
}

function exportThrough(run: Run, module: LoadedModule, from: string, name: ExportedName): void {
  const { local, exported: as } = name;
  if (as === undefined || typeof local !== 'string') return;
  module.exports.set(as, () => imported(run, moduleFor(run, module.path, from), { imported: local, local, span: name.span }, from, module.path));
}
