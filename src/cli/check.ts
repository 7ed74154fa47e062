/** `check`: diagnostics for files and folders. */
import path from 'node:path';
import { analyzeFile, createAnalyser } from '../analysis/analyze';
import { tracedCounts } from '../analysis/counts';
import type { Diagnostic, FileAnalysis } from '../analysis/types';
import { Failure } from './failure';
import { findFiles, readText, relativeTo, toPosix } from './files';
import { checkUnused, requestOf } from './modules';
import type { Options } from './options';
import { sarif } from './sarif';
import { asText } from './text';

export interface CheckedFile {
  readonly file: string;
  readonly diagnostics: readonly CheckedDiagnostic[];
}

export interface CheckedDiagnostic {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: string;
  readonly code: string;
  readonly module: string;
  readonly message: string;
  readonly related: readonly { readonly file: string; readonly line: number; readonly column: number; readonly message: string }[];
}

export interface Summary {
  files: number;
  modules: number;
  values: number;
  unknown: number;
  errors: number;
  warnings: number;
  skipped: number;
}

/** Runs `check`; gives the exit code. */
export async function check(options: Options): Promise<number> {
  const input = options.stdin ? await stdinFile(options) : undefined;
  const { files, skipped, unreadable } = input ? { files: [input.file], skipped: 0, unreadable: [] } : findFiles(options.paths);
  for (const words of unreadable) process.stderr.write(`attention-shapes: ${words}\n`);
  const root = path.resolve(options.root ?? '.');
  const project = createAnalyser(async (file) => (input && file === input.file ? input.text : readText(file)), toPosix(root));
  const summary: Summary = { files: files.length, modules: 0, values: 0, unknown: 0, errors: 0, warnings: 0, skipped };
  const checked = new Map<string, Diagnostic[]>();
  for (const file of files) {
    const analysis = await analysed(file, project, options);
    if (options.className !== undefined && analysis.modules.length === 0 && files.length === 1)
      throw new Failure('no-such-class', `no class or function '${options.className}'`);
    if (files.length === 1) checkUnused(analysis, options);
    count(summary, analysis);
    checked.set(file, [...(checked.get(file) ?? [])]);
    for (const diagnostic of analysis.diagnostics) addOnce(checked, diagnostic);
  }
  const output = [...checked].map(([file, diagnostics]) => toOutput(file, diagnostics, relativeTo(root)));
  for (const { diagnostics } of output)
    for (const { severity } of diagnostics) summary[severity === 'error' ? 'errors' : 'warnings'] += severity === 'error' || severity === 'warning' ? 1 : 0;
  print(options, output, summary);
  const failing = options.failOn === 'none' ? 0 : summary.errors + (options.failOn === 'warning' ? summary.warnings : 0);
  return failing > 0 ? 1 : 0;
}

/** A failure of our own on one file is said there and leaves the others. */
async function analysed(file: string, project: ReturnType<typeof createAnalyser>, options: Options): Promise<FileAnalysis> {
  const none = { file, modules: [], diagnostics: [], dependencies: [] };
  try {
    return (await analyzeFile(file, project, await requestOf(options, file))) ?? none;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const words = { code: 'internal', args: { message } };
    return {
      ...none,
      diagnostics: [
        {
          span: { file, line: 1, column: 1, endLine: 1, endColumn: 1 },
          severity: 'warning',
          code: 'internal',
          module: '',
          message: `this file could not be analysed: ${message}`,
          words,
          related: [],
        },
      ],
    };
  }
}

function count(summary: Summary, analysis: FileAnalysis): void {
  const { values, unknown } = tracedCounts(analysis);
  summary.modules += analysis.modules.length;
  summary.values += values;
  summary.unknown += unknown;
}

/** A finding in a helper's file is seen from every file that imports it. */
function addOnce(checked: Map<string, Diagnostic[]>, diagnostic: Diagnostic): void {
  const { file, line, column } = diagnostic.span;
  const found = checked.get(file) ?? [];
  if (found.some((one) => one.code === diagnostic.code && one.span.line === line && one.span.column === column)) return;
  checked.set(file, [...found, diagnostic]);
}

function toOutput(file: string, diagnostics: readonly Diagnostic[], relative: (file: string) => string): CheckedFile {
  return {
    file: relative(file),
    diagnostics: diagnostics.map((one) => checkedDiagnostic(one, relative)).sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

/** A diagnostic as JSON shows it. */
export function checkedDiagnostic(one: Diagnostic, relative: (file: string) => string): CheckedDiagnostic {
  const { line, column, endLine, endColumn } = one.span;
  return {
    line,
    column,
    endLine,
    endColumn,
    severity: one.severity,
    code: one.code,
    module: one.module,
    message: one.message,
    related: one.related.map(({ span, message }) => ({ file: relative(span.file), line: span.line, column: span.column, message })),
  };
}

async function stdinFile(options: Options): Promise<{ file: string; text: string }> {
  if (options.stdinFilename === undefined) throw new Failure('usage', '--stdin needs --stdin-filename NAME');
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return { file: toPosix(path.resolve(options.stdinFilename)), text: Buffer.concat(parts).toString('utf8') };
}

function print(options: Options, files: readonly CheckedFile[], summary: Summary): void {
  if (options.json) process.stdout.write(`${JSON.stringify({ version: 1, files, summary })}\n`);
  else if (options.format === 'sarif') process.stdout.write(`${JSON.stringify(sarif(files), null, 2)}\n`);
  else process.stdout.write(asText(files, summary, process.stdout.isTTY === true));
}
