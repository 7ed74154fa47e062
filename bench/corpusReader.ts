/** Reads the files that it is sent, one after the other, and tells of each what came of it: a process of its own, so that its memory ends with it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { analyzeFile, createAnalyser } from '../src/analysis/analyze';
import { tracedCounts } from '../src/analysis/counts';
import { setWasm } from '../src/frontend/python/wasm';

/** What is told of one file. */
export interface Report {
  readonly file: string;
  readonly ms: number;
  readonly modules: number;
  readonly values: number;
  readonly unknown: number;
  readonly lines: number;
  readonly findings: readonly { readonly severity: string; readonly code: string; readonly file: string; readonly line: number; readonly message: string }[];
  /** Modules that took more steps than are followed. */
  readonly stopped: number;
  /** Most memory of the process so far, in bytes. */
  readonly peakBytes: number;
}

const [root = '.', wasm = '.'] = process.argv.slice(2);
setWasm((name) => readFile(path.join(wasm, name.replace(/\.wasm$/, ''), name)));
const text = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
// Files of one folder import the same ones: what was lowered is kept for a batch, and goes with the process.
const project = createAnalyser(text, root);

async function report(file: string): Promise<Report> {
  const start = performance.now();
  const analysis = await analyzeFile(file, project);
  const ms = performance.now() - start;
  const modules = analysis?.modules ?? [];
  const { values, unknown } = analysis ? tracedCounts(analysis) : { values: 0, unknown: 0 };
  const stopped = modules.filter(({ graph }) => graph.outputs.some((output) => output.kind === 'unknown' && /more steps/.test(output.reason))).length;
  return {
    file,
    ms,
    modules: modules.length,
    values,
    unknown,
    lines: ((await text(file)) ?? '').split('\n').length,
    findings: (analysis?.diagnostics ?? []).map(({ severity, code, span, message }) => ({ severity, code, file: span.file, line: span.line, message })),
    stopped,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

process.on('message', async (file: string) => {
  try {
    process.send?.(await report(file));
  } catch (error) {
    process.send?.({ file, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
