/** The blocks to compare, read from their files. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { analyzeFile, createAnalyser } from '../../analysis/analyze';
import type { ChosenSizes, FileAnalysis, ModuleAnalysis, Setting } from '../../analysis/types';
import { Failure } from '../failure';
import { ENDINGS, isSupported, readText, rootOf, toPosix } from '../files';
import type { Options } from '../options';
import { type Change, changeOf } from '../setting';
import { alike, ownName } from './alike';
import { NOTHING, type Target, targetOf } from './targets';

export interface Block {
  /** Unlike all others' of the comparison. */
  readonly label: string;
  readonly module: ModuleAnalysis;
  readonly setting: Setting;
}

interface Found {
  readonly target: Target;
  readonly module: ModuleAnalysis;
}

const isFile = (file: string): boolean => existsSync(file) && statSync(file).isFile();

/** Reads the options' targets; each file once. */
export async function readBlocks(options: Options): Promise<readonly Block[]> {
  const targets = options.paths.map((text) => targetOf(text, isFile));
  const read = reader(options.root);
  const found: Found[] = [];
  for (const target of targets) found.push(...(await modulesOf(target, read)));
  const wanted = unique(found);
  const forAll = changeOf('--set', options.pricing.set);
  checkNames(forAll.sizes, wanted);
  const settings = alike(wanted.map((one) => ({ module: one.module, setting: settingOf(one, forAll, options) })));
  const labels = labelsOf(wanted);
  return wanted.flatMap(({ module }, at) => {
    const [label, setting] = [labels[at], settings[at]];
    return label === undefined || !setting ? [] : [{ label, module, setting }];
  });
}

type Read = (target: Target) => Promise<FileAnalysis>;

function reader(root: string | undefined): Read {
  const projects = new Map<string, ReturnType<typeof createAnalyser>>();
  const known = new Map<string, Promise<FileAnalysis | undefined>>();
  return async ({ path: given, name }) => {
    const file = path.resolve(given);
    if (!existsSync(file)) throw new Failure('not-found', `no such file: ${given}`);
    if (!isSupported(file) || !isFile(file)) throw new Failure('no-source', `${given} is not a file that is read: ${ENDINGS}`);
    const top = toPosix(root === undefined ? rootOf(file) : path.resolve(root));
    const project = projects.get(top) ?? createAnalyser(readText, top);
    projects.set(top, project);
    const key = `${file}\n${name ?? ''}`;
    const analysis = known.get(key) ?? analyzeFile(toPosix(file), project, { bindings: { training: false }, ...(name === undefined ? {} : { name }) });
    known.set(key, analysis);
    return (await analysis) ?? Promise.reject(new Failure('not-found', `${given} cannot be read`));
  };
}

async function modulesOf(target: Target, read: Read): Promise<readonly Found[]> {
  const { modules } = await read(target);
  const { path: given, name } = target;
  if (name !== undefined && modules.length === 0) {
    const others = (await read({ path: given, change: NOTHING })).modules.map((module) => module.name);
    throw new Failure('no-such-class', `${given} has no class or function '${name}'${others.length > 0 ? `; it has ${others.join(', ')}` : ''}`);
  }
  const wanted = name === undefined ? modules.filter(({ attention }) => attention) : modules;
  if (wanted.length === 0) {
    const others = modules.map((module) => `${given}:${module.name}`);
    throw new Failure('no-such-class', `${given} has no attention module${others.length > 0 ? `; name what to compare: ${others.join(', ')}` : ''}`);
  }
  return wanted.map((module) => ({ target, module }));
}

const changeText = ({ sizes, ...ways }: Change): string => {
  const pairs = [...Object.entries(sizes), ...Object.entries(ways)].map(([name, value]) => `${name === 'precision' ? 'dtype' : name}=${value}`);
  return pairs.length === 0 ? '' : `[${pairs.join(',')}]`;
};

/** What was named twice is one. */
function unique(found: readonly Found[]): readonly Found[] {
  const keys = found.map(({ module, target }) => JSON.stringify([module.span.file, module.name, changeText(target.change)]));
  return found.filter((_, at) => keys.indexOf(keys[at] ?? '') === at);
}

/** Names, with what was changed, and with the file where that leaves two alike. */
function labelsOf(found: readonly Found[]): readonly string[] {
  const short = found.map(({ module, target }) => `${module.name}${changeText(target.change)}`);
  const byFile = found.map(({ module }, at) => `${short[at]} (${path.posix.basename(module.span.file)})`);
  const byPath = found.map(({ module }, at) => `${short[at]} (${path.relative('', module.span.file)})`);
  return short.map(
    (label, at) => [label, byFile[at], byPath[at]].find((one, way) => one !== undefined && isOnly([short, byFile, byPath][way] ?? [], one)) ?? label,
  );
}

const isOnly = (all: readonly string[], one: string): boolean => all.indexOf(one) === all.lastIndexOf(one);

/** What the block has of the changes for all, then its own. */
function settingOf({ module, target }: Found, forAll: Change, options: Options): Setting {
  const shared = Object.entries(forAll.sizes).flatMap(([wanted, size]) => {
    const name = ownName(module, wanted);
    return name === undefined ? [] : [[name, size] as const];
  });
  const own = Object.entries(target.change.sizes).map(([wanted, size]) => {
    const name = ownName(module, wanted);
    if (name === undefined) throw new Failure('bad-argument', `${module.name} has no size or argument '${wanted}'; it has ${symbolsText([module])}`);
    return [name, size] as const;
  });
  const { precision, attention } = options.pricing;
  const { sizes: _all, ...ways } = forAll;
  const { sizes: _own, ...ownWays } = target.change;
  return { precision, attention, training: options.bindings.training, ...ways, ...ownWays, sizes: Object.fromEntries([...shared, ...own]) };
}

const symbolsText = (modules: readonly ModuleAnalysis[]): string =>
  [...new Set(modules.flatMap(({ graph }) => graph.symbols.map(({ name }) => name)))].join(', ') || 'none';

/** What no block has was mistyped. */
function checkNames(sizes: ChosenSizes, found: readonly Found[]): void {
  const modules = found.map(({ module }) => module);
  for (const name of Object.keys(sizes))
    if (!modules.some((module) => ownName(module, name) !== undefined))
      throw new Failure('bad-argument', `--set: no block has a size or argument '${name}'; there are ${symbolsText(modules)}`);
}
