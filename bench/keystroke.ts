/** A keystroke in a file of a thousand lines, to its new diagnostics. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { makeCore } from '../src/analysis/core';
import { createSession } from '../src/analysis/session';
import { setWasm } from '../src/frontend/python/wasm';
import { cancellable } from '../src/protocol/channel';
import { line, quantile, spread, timed } from './statistics';
import { GALLERY, PYTHON, placeToType, placeToTypeInPython, TYPED, thousandLines, thousandPythonLines } from './thousand';

setWasm((name) => readFile(join('node_modules', name.replace(/\.wasm$/, ''), name)));

interface Typing {
  readonly file: string;
  readonly text: string;
  readonly mark: number;
  readonly typed: string;
}
const OPTIONS = { sizes: {}, hintStyle: 'short', severities: {}, maxFileBytes: 2 ** 20 } as const;

export async function measure(): Promise<string[]> {
  const [text, python] = [thousandLines(), thousandPythonLines()];
  return [
    ...(await measured({ file: join(GALLERY, 'thousand.ts'), text, mark: placeToType(text), typed: `${TYPED}\n` })),
    ...(await measured({ file: join(PYTHON.gallery, 'thousand.py'), text: python, mark: placeToTypeInPython(python), typed: `${PYTHON.typed}\n` })),
  ];
}

async function measured({ file, text, mark, typed }: Typing): Promise<string[]> {
  const session = createSession(makeCore, async (file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return null;
    }
  });
  const { cancellation } = cancellable();
  const analyse = () => session.analyze({ kind: 'analyze', file, options: OPTIONS }, cancellation);
  const change = (next: string) => session.changed({ kind: 'changed', file, text: next }, cancellation);
  await change(text);
  const first = await timed(analyse);
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
      `keystroke in ${text.split('\n').length} lines of ${extname(file)} → diagnostics, ms`,
      `${spread(times)}, p99 ${quantile(times, 0.99).toFixed(1)}, of ${times.length}; the first reading ${first.toFixed(0)}`,
      'median ≤ 50',
    ),
    line('  the same as processor time of all threads, ms', spread(work)),
  ];
}
