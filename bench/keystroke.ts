/** A keystroke in a file of a thousand lines, to its new diagnostics. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeCore } from '../src/analysis/core';
import { createSession } from '../src/analysis/session';
import { cancellable } from '../src/protocol/channel';
import { line, quantile, spread, timed } from './statistics';

const GALLERY = resolve('media/gallery/typescript');
const FILE = join(GALLERY, 'thousand.ts');
const OPTIONS = { sizes: {}, hintStyle: 'short', severities: {}, maxFileBytes: 2 ** 20 } as const;

/** The gallery's modules one after the other, with one import of each name, and once more under other names up to a thousand lines. */
function thousandLines(): string {
  const texts = readdirSync(GALLERY)
    .filter((name) => name.endsWith('.ts') && !/slip|mistake|helpers/i.test(name))
    .map((name) => readFileSync(join(GALLERY, name), 'utf8'));
  const body = texts.map((text) => text.replace(/^import .*\n/gm, '')).join('\n');
  const helpers = new Set(
    texts.flatMap((text) => [.../^import \{ (.*) \} from '.\/helpers';$/gm[Symbol.matchAll](text)].flatMap(([, names]) => (names ?? '').split(', '))),
  );
  const head = `import * as tf from '@tensorflow/tfjs';\nimport { ${[...helpers].join(', ')} } from './helpers';\n`;
  let text = head + body;
  for (let copy = 2; text.split('\n').length < 1000; copy += 1) text += body.replace(/\b(class|function) (\w+)/g, `$1 $2Again${copy}`);
  return text
    .split('\n')
    .slice(0, Math.max(1000, head.split('\n').length))
    .join('\n');
}

export async function measure(): Promise<string[]> {
  const session = createSession(makeCore, async (file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return null;
    }
  });
  const { cancellation } = cancellable();
  const text = thousandLines();
  const analyse = () => session.analyze({ kind: 'analyze', file: FILE, options: OPTIONS }, cancellation);
  const change = (next: string) => session.changed({ kind: 'changed', file: FILE, text: next }, cancellation);
  await change(text);
  const first = await timed(analyse);
  const mark = text.indexOf('\n', text.indexOf('const q = ')) + 1;
  const typed = '      const softer = q.mul(0.5).softmax(-1);\n';
  const times: number[] = [];
  const work: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    for (let at = 1; at <= typed.length; at += 1) {
      await change(text.slice(0, mark) + typed.slice(0, at) + text.slice(mark));
      const before = process.cpuUsage();
      times.push(await timed(analyse));
      const { user, system } = process.cpuUsage(before);
      work.push((user + system) / 1000);
    }
  }
  return [
    line(
      `keystroke in ${text.split('\n').length} lines → diagnostics, ms`,
      `${spread(times)}, p99 ${quantile(times, 0.99).toFixed(1)}, of ${times.length}; the first reading ${first.toFixed(0)}`,
      'median ≤ 50',
    ),
    line('  the same as processor time of all threads, ms', spread(work)),
  ];
}
