/** What an edited module does when it is run: throws, and where; makes outputs of other sizes; or nothing that sizes tell. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { record } from '../recorder/recorder';
import { compile } from '../recorder/transform';
import type { RecordRequest, Truth } from '../recorder/types';

export type Outcome =
  | { readonly kind: 'throws'; readonly message: string; readonly places: readonly { readonly file: string; readonly line: number }[] }
  | { readonly kind: 'outputs'; readonly outputs: string }
  | { readonly kind: 'rows' }
  | { readonly kind: 'same' };

const CACHE = resolve(import.meta.dirname, '../../.cache');

/** A copy of a module's folder in which its file can be edited and run. */
export function workingCopy(request: RecordRequest, id: string) {
  const root = resolve(request.root ?? dirname(request.file));
  const folder = join(CACHE, `mutants-${process.pid}`, id);
  mkdirSync(folder, { recursive: true });
  cpSync(root, folder, { recursive: true });
  const file = join(folder, relative(root, request.file));
  const run = async (text: string): Promise<Truth | Error> => {
    writeFileSync(file, text);
    try {
      return await quietly(() => record({ ...request, file, root: folder }));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  return { folder, file, run, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** tfjs warns of much. */
async function quietly<T>(body: () => Promise<T>): Promise<T> {
  const { warn, log } = console;
  console.warn = () => undefined;
  console.log = () => undefined;
  try {
    return await body();
  } finally {
    Object.assign(console, { warn, log });
  }
}

const outputsOf = (truth: Truth): string => JSON.stringify(truth.outputs.map(({ sizes }) => sizes));
const rowsOf = (truth: Truth): string => JSON.stringify(truth.values.map(({ name, sizes }) => [name, sizes]));

/** The outcome of a run beside the run of the module as it was. */
export function outcomeOf(result: Truth | Error, base: Truth, folder: string): Outcome {
  if (result instanceof Error) return { kind: 'throws', message: result.message.split('\n')[0] ?? '', places: placesIn(result, folder) };
  if (outputsOf(result) !== outputsOf(base)) return { kind: 'outputs', outputs: outputsOf(result) };
  return rowsOf(result) === rowsOf(base) ? { kind: 'same' } : { kind: 'rows' };
}

/** The user's lines on an error's stack, as they stand in the source. */
function placesIn(error: Error, folder: string): { file: string; line: number }[] {
  const frames = [...(error.stack ?? '').matchAll(/(\/[^\s():]+):(\d+):(\d+)/g)];
  return frames.flatMap(([, path = '', line, column]) => {
    if (!path.startsWith(folder)) return [];
    const name = relative(folder, path);
    const { map } = compile(readFileSync(path, 'utf8'), path, name, true);
    const entry = new SourceMap(JSON.parse(map)).findEntry(Number(line) - 1, Number(column) - 1);
    return 'originalLine' in entry ? [{ file: name, line: entry.originalLine + 1 }] : [];
  });
}
