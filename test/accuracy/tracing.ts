/** `trace` on a module, through the command line: the door by which every figure of accuracy is taken. */
import { parseOptions } from '../../src/cli/options';
import { trace as traceCommand } from '../../src/cli/trace';
import { type CorpusCase, requestOf } from '../corpus/cases';
import { type Comparison, compareRows, rowsOf, sameOutputs, type TraceDocument } from '../corpus/comparison';
import { record } from '../recorder/recorder';

/** The arguments of `trace` for a case. */
export function traceArguments(item: CorpusCase): string[] {
  const { file, root = '.', inputs, new: expression, class: name, args } = requestOf(item);
  const made = expression !== undefined ? ['--new', expression] : ['--class', name ?? '', '--args', JSON.stringify(args ?? {})];
  return ['trace', file, '--root', root, ...made, '--inputs', JSON.stringify(inputs), '--json'];
}

/** What is printed on stdout meanwhile. */
export async function printed(body: () => Promise<unknown>): Promise<string> {
  const write = process.stdout.write;
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  try {
    await body();
    return text;
  } finally {
    process.stdout.write = write;
  }
}

/** The document that `trace --json` prints for a case. */
export async function trace(item: CorpusCase): Promise<TraceDocument> {
  const options = parseOptions(traceArguments(item));
  if (options === 'help' || options === 'version') throw new Error('these are not arguments of trace');
  return JSON.parse(await printed(() => traceCommand(options))) as TraceDocument;
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
