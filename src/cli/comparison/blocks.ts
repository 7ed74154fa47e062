/** The blocks to compare, read from their files. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { analyzeFile, createAnalyser } from '../../analysis/analyze';
import type { ChosenSizes, FileAnalysis, ModuleAnalysis, Setting } from '../../analysis/types';
import { Failure } from '../failure';
import { ENDINGS, isSupported, readText, rootOf, toPosix } from '../files';
import type { Options } from '../options';
import { type Target, targetOf } from './targets';

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
  checkSet(options.set, wanted);
  const labels = labelsOf(wanted);
  return wanted.map((one, at) => ({ label: labels[at] ?? one.module.name, module: one.module, setting: settingOf(one, options) }));
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
    const others = (await read({ path: given, change: {} })).modules.map((module) => module.name);
    throw new Failure('no-such-class', `${given} has no class or function '${name}'${others.length > 0 ? `; it has ${others.join(', ')}` : ''}`);
  }
  const wanted = name === undefined ? modules.filter(({ attention }) => attention) : modules;
  if (wanted.length === 0) {
    const others = modules.map((module) => `${given}:${module.name}`);
    throw new Failure('no-such-class', `${given} has no attention module${others.length > 0 ? `; name what to compare: ${others.join(', ')}` : ''}`);
  }
  return wanted.map((module) => ({ target, module }));
}

const changeText = (change: ChosenSizes): string => {
  const pairs = Object.entries(change).map(([name, size]) => `${name}=${size}`);
  return pairs.length === 0 ? '' : `[${pairs.join(',')}]`;
};

/** What was named twice is one. */
function unique(found: readonly Found[]): readonly Found[] {
  const keyOf = ({ module, target }: Found) => JSON.stringify([module.span.file, module.name, Object.entries(target.change).sort()]);
  return [...new Map([...found].reverse().map((one) => [keyOf(one), one])).values()].reverse();
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

const lastPart = (name: string): string => name.split('.').at(-1) ?? name;

/** A block's symbol by its name, or of a configuration's field by the field's. */
function symbolOf({ graph }: ModuleAnalysis, wanted: string): string | undefined {
  const names = graph.symbols.map(({ name }) => name);
  return names.find((name) => name === wanted) ?? names.find((name) => lastPart(name) === wanted);
}

/** What the block has of the sizes and arguments for all, and its own changes. */
function settingOf({ module, target }: Found, options: Options): Setting {
  const forAll = Object.entries(options.set).flatMap(([wanted, size]) => {
    const name = symbolOf(module, wanted);
    return name === undefined ? [] : [[name, size] as const];
  });
  const own = Object.entries(target.change).map(([wanted, size]) => {
    const name = symbolOf(module, wanted);
    if (name === undefined) throw new Failure('bad-argument', `${module.name} has no size or argument '${wanted}'; it has ${symbolsText(module)}`);
    return [name, size] as const;
  });
  const { precision, attention } = options.comparison;
  return { sizes: Object.fromEntries([...forAll, ...own]), precision, attention, training: options.bindings.training };
}

const symbolsText = ({ graph }: ModuleAnalysis): string => graph.symbols.map(({ name }) => name).join(', ') || 'none';

/** What no block has was mistyped. */
function checkSet(set: ChosenSizes, found: readonly Found[]): void {
  for (const name of Object.keys(set))
    if (!found.some(({ module }) => symbolOf(module, name) !== undefined))
      throw new Failure(
        'bad-argument',
        `--set: no block has a size or argument '${name}'; there are ${[...new Set(found.flatMap(({ module }) => module.graph.symbols.map((one) => one.name)))].join(', ')}`,
      );
}
