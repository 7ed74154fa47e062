// What both launchers of the suite share: the workspace that it runs in and the file that it writes its results to.
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, temporary, temporaryInside } from '../../scripts/workbench/folders.mjs';

export const TESTS = join(ROOT, 'dist', 'test', 'index.js');

/** A copy of two folders to write in; `env` tells the suite where to write. */
export function prepare() {
  const folder = join(temporaryInside('host'), 'workspace');
  cpSync(join(ROOT, 'test', 'fixtures', 'host'), folder, { recursive: true });
  const results = join(temporary('results'), 'host.json');
  return { workspace: join(folder, 'folders.code-workspace'), results, env: { ATTENTION_SHAPES_RESULTS: results } };
}

/** What the suite wrote. An editor that ended without writing is one failure. */
export function outcomes(results, code) {
  if (!existsSync(results)) return [{ title: 'host', error: `the suite left no results (the editor ended with ${code})` }];
  const found = JSON.parse(readFileSync(results, 'utf8'));
  const failed = found.some(({ error }) => error !== undefined);
  return code === 0 || failed ? found : [...found, { title: 'host', error: `the editor ended with ${code}` }];
}
