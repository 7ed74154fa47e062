/** What our own handlers take of the extension host's thread while a file of a thousand lines is typed in, in a real VS Code. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { temporary } from '../scripts/workbench/folders.mjs';
import { galleryCopy } from '../scripts/workbench/gallery.mjs';
import { runInHost } from '../scripts/workbench/inHost.mjs';
import type { Sample } from './hostClock';
import type { Probed } from './hostProbe';
import { line, quantile, sorted } from './statistics';
import { thousandLines } from './thousand';

const LIMIT_MS = 240_000;
const PROBE = resolve('.cache/bench/hostProbe.cjs');

async function probe(): Promise<Probed> {
  const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' } as const;
  await build({ ...options, external: ['vscode'], entryPoints: ['bench/hostProbe.ts'], outfile: PROBE });
  const folder = galleryCopy();
  const results = join(temporary('bench'), 'host.json');
  writeFileSync(join(folder, 'thousand.ts'), thousandLines());
  const code = await runInHost({ folder, program: PROBE, env: { ATTENTION_SHAPES_RESULTS: results }, limit: LIMIT_MS });
  if (!existsSync(results)) throw new Error(`the editor ended with ${String(code)}`);
  return JSON.parse(readFileSync(results, 'utf8'));
}

/** Whoever else is at work on the machine is not ours to count. */
const own = ({ ms, waited }: Sample): number => Math.max(0, ms - waited);

const figures = (times: readonly number[]): string =>
  `p99 ${quantile(times, 0.99).toFixed(1)}, worst ${sorted(times).at(-1)?.toFixed(1)}, median ${quantile(times, 0.5).toFixed(2)}, of ${times.length}`;

export async function measure(): Promise<string[]> {
  const { lines, keystrokes, samples } = await probe();
  const kinds = [...new Set(samples.map(({ of }) => of))].sort();
  return [
    line(`our handlers on the host’s thread, ${keystrokes} keys in ${lines} lines, ms`, figures(samples.map(own)), 'p99 ≤ 16'),
    ...kinds.map((kind) => line(`  ${kind}`, figures(samples.filter(({ of }) => of === kind).map(own)))),
    line('  with the waiting for a processor', figures(samples.map(({ ms }) => ms))),
  ];
}
