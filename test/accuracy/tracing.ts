/** `trace` on a module, through the built command line: the door by which every figure of accuracy is taken. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type CorpusCase, requestOf } from '../corpus/cases';
import { type Comparison, compareRows, rowsOf, sameOutputs, type TraceDocument } from '../corpus/comparison';
import { record } from '../recorder/recorder';

const COMMAND = resolve(import.meta.dirname, '../../dist/cli.js');
const LIMIT = 64 * 1024 * 1024;

interface Failure {
  readonly stdout?: string;
  readonly stderr?: string;
}

/** The document that `trace --json` prints for a case. */
export async function trace(item: CorpusCase): Promise<TraceDocument> {
  if (!existsSync(COMMAND)) throw new Error('dist/cli.js is not there: npm run build');
  const { file, root = '.', inputs, new: expression, class: name, args } = requestOf(item);
  const made = expression !== undefined ? ['--new', expression] : ['--class', name ?? '', '--args', JSON.stringify(args ?? {})];
  const given = [COMMAND, 'trace', file, '--root', root, ...made, '--inputs', JSON.stringify(inputs), '--json'];
  const failed = (error: Failure) => ({ stdout: error.stdout ?? '', stderr: error.stderr ?? '' });
  const { stdout, stderr } = await promisify(execFile)(process.execPath, given, { maxBuffer: LIMIT }).catch(failed);
  const document = JSON.parse(stdout || '{}') as TraceDocument & { error?: { message: string } };
  if (!document.modules) throw new Error(`${item.id}: ${document.error?.message ?? stderr}`);
  return document;
}

/** One case, run and traced. */
export interface Result extends Comparison {
  readonly id: string;
  readonly outputs: boolean;
  /** Why there is no trace. */
  readonly error?: string;
}

/** Records the run, traces the source, and compares. A module that cannot be traced has all its rows missing. */
export async function compareCase(item: CorpusCase): Promise<Result> {
  const truth = await record(requestOf(item));
  try {
    const document = await trace(item);
    return { id: item.id, ...compareRows(truth.values, rowsOf(document), { returns: false }), outputs: sameOutputs(truth.outputs, document) };
  } catch (error) {
    return { id: item.id, ...compareRows(truth.values, [], { returns: false }), outputs: false, error: String(error) };
  }
}

/** The figures over many cases. */
export function summary(results: readonly Result[]) {
  const count = (verdict: keyof Comparison) => results.reduce((sum, result) => sum + result[verdict].length, 0);
  const counts = { right: count('right'), unknown: count('unknown'), wrong: count('wrong'), missing: count('missing') };
  const rows = counts.right + counts.unknown + counts.wrong + counts.missing;
  return {
    ...counts,
    rows,
    share: rows === 0 ? 0 : counts.right / rows,
    whole: results.filter((result) => result.outputs && result.unknown.length + result.wrong.length + result.missing.length === 0).length,
    outputs: results.filter((result) => result.outputs).length,
  };
}
