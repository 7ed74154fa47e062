/** `check` of one file as a whole process, against a process that only loads ts-morph. */
import { execFileSync } from 'node:child_process';
import { line, median, spread, timed } from './statistics';

const PAIRS = 15;
const run = (args: readonly string[]) => timed(() => execFileSync('node', args, { stdio: 'ignore' }));

export async function measure(): Promise<string[]> {
  const [check, load, python]: [number[], number[], number[]] = [[], [], []];
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    const [ours, alone] = [await run(['dist/cli.js', 'check', 'media/gallery/typescript/selfAttention.ts']), await run(['-e', "require('ts-morph')"])];
    // The first pair only warms the disk.
    if (pair > 0) check.push(ours);
    if (pair > 0) load.push(alone);
    const other = await run(['dist/cli.js', 'check', 'media/gallery/pytorch/selfAttention.py']);
    if (pair > 0) python.push(other);
  }
  const above = check.map((ms, at) => ms - (load[at] ?? 0));
  return [
    line('check of one gallery file, whole process, ms', spread(check, 0)),
    line('the same of a Python file, which does not load ts-morph', spread(python, 0), '≤ 300'),
    line('a process that only loads ts-morph, ms', spread(load, 0)),
    line(
      'check above loading ts-morph, ms, interleaved pairs',
      `${spread(above, 0)}, ratio ${(median(check) / median(load)).toFixed(2)}, of ${PAIRS}`,
      '≤ 300',
    ),
  ];
}
