/** `--set` and sizes of memory as options: `heads=4,sr_ratio=2,dtype=float16,attention=fused`, `24GiB`. */
import { exampleOfModule } from '../analysis/example';
import { symbolNamed, whyUnpriced } from '../analysis/pricing/index';
import type { AttentionPath, ChosenSizes, ModuleAnalysis, Precision } from '../analysis/types';
import { isSize, LARGEST_SIZE, symbolNames } from '../graph/bind';
import { Failure } from './failure';

/** What is changed before a block is priced. */
export interface Change {
  /** By the names that the user gave. */
  readonly sizes: ChosenSizes;
  readonly precision?: Precision;
  readonly attention?: AttentionPath;
}

const PRECISIONS: readonly Precision[] = ['float32', 'float16', 'bfloat16', 'autocast-float16', 'autocast-bfloat16'];
const PATHS: readonly AttentionPath[] = ['written', 'fused', 'stepwise'];

function among<T extends string>(flag: string, name: string, value: string, options: readonly T[]): T {
  const found = options.find((one) => one === value);
  if (!found) throw new Failure('bad-argument', `${flag}: ${name} is one of ${options.join(', ')}`);
  return found;
}

/** A number type by name. */
export const precisionOf = (flag: string, value: string): Precision => among(flag, 'dtype', value, PRECISIONS);

function pairs(flag: string, text: string): readonly (readonly [string, string])[] {
  if (text.trimStart().startsWith('{')) return jsonPairs(flag, text);
  return text.split(/[\s,]+/).flatMap((part) => {
    if (part === '') return [];
    const at = part.indexOf('=');
    if (at < 1) throw new Failure('bad-argument', `${flag} takes name=number, several with commas: heads=4,sr_ratio=2`);
    return [[part.slice(0, at), part.slice(at + 1)] as const];
  });
}

function jsonPairs(flag: string, text: string): readonly (readonly [string, string])[] {
  try {
    return Object.entries(JSON.parse(text) as object).map(([name, value]) => [name, String(value)] as const);
  } catch (error) {
    throw new Failure('bad-argument', `${flag} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function sizeOf(flag: string, name: string, value: string): number {
  const size = value.trim() === '' ? Number.NaN : Number(value);
  if (!isSize(size)) throw new Failure('bad-argument', `${flag}: ${name} is a whole number from 0 to ${LARGEST_SIZE}`);
  return size;
}

/** Reads sizes and arguments, `dtype` and `attention` among them. */
export function changeOf(flag: string, text: string): Change {
  const sizes: { [name: string]: number } = {};
  const made: { precision?: Precision; attention?: AttentionPath } = {};
  for (const [name, value] of pairs(flag, text)) {
    if (name === 'dtype') made.precision = precisionOf(flag, value);
    else if (name === 'attention') made.attention = among(flag, name, value, PATHS);
    else {
      const size = sizeOf(flag, name, value);
      if (sizes[name] !== undefined && sizes[name] !== size) throw new Failure('bad-argument', `${flag}: ${name} is both ${sizes[name]} and ${size}`);
      sizes[name] = size;
    }
  }
  return { sizes, ...made };
}

/** The module's own symbols for the names that the user gave; names that it has not are left out. */
export const ownSizes = ({ graph }: ModuleAnalysis, sizes: ChosenSizes): ChosenSizes =>
  Object.fromEntries(
    Object.entries(sizes).flatMap(([name, size]) => {
      const own = symbolNamed(graph, name);
      return own === undefined ? [] : [[own, size]];
    }),
  );

/** Names that none of the modules has are a mistake. */
export function checkNames(flag: string, modules: readonly ModuleAnalysis[], sizes: ChosenSizes): void {
  for (const name of Object.keys(sizes)) {
    if (modules.length === 0 || modules.some(({ graph }) => symbolNamed(graph, name) !== undefined || symbolNames(graph).includes(name))) continue;
    const [first] = modules;
    const has = modules.length === 1 && first ? `: it has ${first.graph.symbols.map((symbol) => symbol.name).join(', ')}` : '';
    throw new Failure(
      'bad-argument',
      `${flag}: ${modules.length === 1 && first ? first.name : 'no module'} has ${modules.length === 1 ? 'no' : 'a'} size or argument '${name}'${has}`,
    );
  }
}

/** What `--set` and `--sizes` give together; where they contradict each other, neither is meant more. */
export function togetherOf(set: ChosenSizes, sizes: ChosenSizes): ChosenSizes {
  for (const [name, size] of Object.entries(sizes))
    if (set[name] !== undefined && set[name] !== size) throw new Failure('bad-argument', `--set and --sizes differ: ${name} is ${set[name]} and ${size}`);
  return { ...sizes, ...set };
}

/** Sizes that leave no module at all to be priced, where some could be without them. */
export function checkSizes(modules: readonly ModuleAnalysis[], sizes: ChosenSizes): void {
  if (modules.length === 0 || Object.keys(sizes).length === 0) return;
  const reasons = modules.map((module) => whyUnpriced(module, ownSizes(module, sizes)));
  if (reasons.every((reason) => reason !== undefined) && modules.some((module) => 'sizes' in exampleOfModule(module, {})))
    throw new Failure('bad-argument', `no module can be priced so: ${[...new Set(reasons)].join('; ')}`);
}

const UNITS: { readonly [unit: string]: number } = {
  '': 2 ** 30,
  b: 1,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
};

/** A size of memory: `24GiB`, `512 MiB`, `80` (GiB). */
export function memoryOf(flag: string, text: string): number {
  const [, number = '', unit = ''] = /^\s*([\d.]+)\s*([a-zA-Z]*)\s*$/.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  const bytes = Number(number) * (factor ?? Number.NaN);
  if (number === '' || !(bytes > 0)) throw new Failure('bad-argument', `${flag} takes a size of memory: 24GiB, 512MiB`);
  return Math.floor(bytes);
}
