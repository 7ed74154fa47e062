/** A module without any bound sizes: the share of its rows that are known, and the findings, which correct code must not have. */
import { resolve } from 'node:path';
import { parseOptions } from '../../src/cli/options';
import { trace as traceCommand } from '../../src/cli/trace';
import { type CorpusCase, requestOf } from '../corpus/cases';
import { printed, traceArguments } from './tracing';

interface Finding {
  readonly severity: string;
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

interface Document {
  readonly modules: readonly {
    readonly values: readonly { readonly file: string; readonly line: number; readonly name: string; readonly shape: unknown }[];
    readonly unknown: readonly { readonly file: string; readonly line: number; readonly name: string; readonly reason: string }[];
    readonly diagnostics: readonly Finding[];
  }[];
}

async function documentOf(args: readonly string[]): Promise<Document> {
  const options = parseOptions([...args]);
  if (options === 'help' || options === 'version') throw new Error('these are not arguments of trace');
  return JSON.parse(await printed(() => traceCommand(options))) as Document;
}

const alarms = (document: Document): Finding[] =>
  document.modules.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning'));

/** What is said of a case with its sizes bound that correct code must not have. */
export const boundAlarms = async (item: CorpusCase): Promise<Finding[]> => alarms(await documentOf(traceArguments(item)));

export interface SymbolicResult {
  readonly file: string;
  readonly rows: number;
  readonly known: number;
  /** Places whose shape, or a size of it, is not known, with the reason. */
  readonly unknown: readonly string[];
  readonly alarms: readonly Finding[];
}

const hasUnknown = (shape: unknown): boolean => shape === null || shape === '?' || (Array.isArray(shape) && shape.some(hasUnknown));

/** Every module of a file from its own symbolic entry. */
export async function readSymbolically(file: string, root: string): Promise<SymbolicResult> {
  const document = await documentOf(['trace', resolve(root, file), '--root', root, '--json']);
  const rows = document.modules.flatMap(({ values }) => values.filter(({ name }) => name !== 'return'));
  return {
    file,
    rows: rows.length,
    known: rows.filter(({ shape }) => !hasUnknown(shape)).length,
    unknown: [...new Set(document.modules.flatMap(({ unknown }) => unknown.map((one) => `${one.file}:${one.line} ${one.name}: ${one.reason}`)))],
    alarms: alarms(document),
  };
}

/** The files of some cases, each once. */
export const filesOf = (items: readonly CorpusCase[]): { readonly file: string; readonly root: string }[] => [
  ...new Map(items.map(requestOf).map(({ file, root = '.' }) => [file, { file, root }])).values(),
];
