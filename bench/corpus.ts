/** Every file below a folder, checked: how fast, how much is known, and what is found in it. `npm run bench -- --corpus DIR [--findings] [--json FILE] [--jobs N]`. */
import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { findFiles } from '../src/cli/files';
import type { Report } from './corpusReader';
import { line, quantile } from './statistics';

/** A file that failed, ended its process, or took longer than any should. */
interface Failed {
  readonly file: string;
  readonly failed: string;
}

type Outcome = Report | Failed;

/** A process reads so many files before another takes its place. */
const BATCH = 40;
/** Beyond this the process is ended, whatever it does. */
const PATIENCE_MS = 120_000;
const HEAP_MB = 2048;

const READER = path.resolve('.cache/bench/corpusReader.cjs');

async function buildReader(): Promise<void> {
  await build({
    entryPoints: ['bench/corpusReader.ts'],
    outfile: READER,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
    supported: { 'dynamic-import': false },
    logLevel: 'error',
  });
}

const startReader = (root: string): ChildProcess =>
  fork(READER, [root, path.resolve('node_modules')], {
    execArgv: [`--max-old-space-size=${HEAP_MB}`, '--stack-size=3900'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });

/** One file in a process; what ends the process is said of the file. */
function readIn(reader: ChildProcess, file: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      reader.removeAllListeners();
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      reader.kill('SIGKILL');
      end({ file, failed: `it takes longer than ${PATIENCE_MS / 1000} s` });
    }, PATIENCE_MS);
    reader.once('message', (outcome: Outcome) => end(outcome));
    reader.once('exit', (code, signal) => end({ file, failed: `its process ended with ${code ?? signal}` }));
    reader.send(file);
  });
}

/** Takes files from the list until none is left. */
async function work(files: string[], root: string, outcomes: Outcome[]): Promise<void> {
  while (files.length > 0) {
    const reader = startReader(root);
    for (const file of files.splice(0, BATCH)) {
      const target = reader.connected ? reader : undefined;
      if (!target) {
        files.unshift(file);
        continue;
      }
      outcomes.push(await readIn(target, file));
      if (outcomes.length % BATCH === 0) process.stderr.write(`${outcomes.length} read, ${files.length} to come\n`);
    }
    reader.kill('SIGKILL');
  }
}

const isFailed = (outcome: Outcome): outcome is Failed => 'failed' in outcome;
const relative = (folder: string, file: string): string => path.relative(folder, file);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** The package's folder, where the folder is a package: absolute imports name it. */
const rootOf = (folder: string, files: readonly string[]): string => (files.includes(`${folder}/__init__.py`) ? path.dirname(folder) : folder);

export async function measure(args: readonly string[]): Promise<string[]> {
  const optionOf = (flag: string): string | undefined => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const [given = '.'] = args.filter((arg, at) => !arg.startsWith('--') && !['--json', '--jobs'].includes(args[at - 1] ?? ''));
  const [json, jobs] = [optionOf('--json'), Number(optionOf('--jobs') ?? availableParallelism())];
  const folder = path.resolve(given);
  await buildReader();
  const { files, skipped } = findFiles([folder]);
  const outcomes: Outcome[] = [];
  const started = performance.now();
  const queue = [...files];
  await Promise.all(Array.from({ length: jobs }, () => work(queue, rootOf(folder, files), outcomes)));
  const seconds = (performance.now() - started) / 1000;
  const reports = outcomes.filter((outcome): outcome is Report => !isFailed(outcome));
  const failed = outcomes.filter(isFailed);
  if (json !== undefined) writeFileSync(json, JSON.stringify(outcomes, null, 1));
  return [
    ...summary(folder, { files: files.length, skipped, seconds, jobs, reports, failed }),
    ...(args.includes('--findings') ? listed(folder, reports) : []),
  ];
}

interface Result {
  readonly files: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly jobs: number;
  readonly reports: readonly Report[];
  readonly failed: readonly Failed[];
}

const LINES = 10;

function summary(folder: string, { files, skipped, seconds, jobs, reports, failed }: Result): string[] {
  const all = new Map(reports.flatMap(({ findings }) => findings.map((one) => [`${one.file}:${one.line}:${one.code}`, one] as const)));
  const count = (is: (finding: Report['findings'][number]) => boolean): number => [...all.values()].filter(is).length;
  const [values, unknown] = [sum(reports.map((one) => one.values)), sum(reports.map((one) => one.unknown))];
  const slowest = [...reports].sort((one, other) => other.ms - one.ms).slice(0, LINES);
  const share = values === 0 ? 'no values' : `${((100 * (values - unknown)) / values).toFixed(1)} % of ${values}`;
  return [
    line(`files below ${folder}`, `${files} of ${sum(reports.map((one) => one.lines))} lines, ${skipped} passed over`),
    line('  time', `${seconds.toFixed(1)} s, ${(files / seconds).toFixed(1)} files a second, ${jobs} at once`),
    line(
      '  a file, ms',
      reports.length === 0 ? 'none' : `median ${quantile(times(reports), 0.5).toFixed(0)}, p99 ${quantile(times(reports), 0.99).toFixed(0)}`,
    ),
    line('  values known', `${share}, in ${sum(reports.map((one) => one.modules))} modules`),
    line('  most memory of a process', `${(Math.max(0, ...reports.map((one) => one.peakBytes)) / 2 ** 20).toFixed(0)} MiB`),
    line('  errors', `${count(({ severity }) => severity === 'error')}`, '0 in code that runs'),
    line('  warnings', `${count(({ severity, code }) => severity === 'warning' && code !== 'internal')}`),
    line('  failures of our own', `${count(({ code }) => code === 'internal') + failed.length}`, '0'),
    line('  modules that take more steps than are followed', `${sum(reports.map((one) => one.stopped))}`),
    ...failed.map(({ file, failed: why }) => `  FAILED ${relative(folder, file)}: ${why.split('\n')[0]}`),
    '  slowest files:',
    ...slowest.map(({ file, ms, modules }) => `    ${(ms / 1000).toFixed(2).padStart(7)} s  ${relative(folder, file)} (${modules} modules)`),
  ];
}

const times = (reports: readonly Report[]): number[] => reports.map(({ ms }) => ms);

/** Every error, warning and failure, once. */
function listed(folder: string, reports: readonly Report[]): string[] {
  const found = reports.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error' || severity === 'warning'));
  return [...new Set(found.map((one) => `  ${relative(folder, one.file)}:${one.line} ${one.severity} ${one.code} ${one.message}`))].sort();
}
