/** The suite's door inside the extension host: runs all that is imported here under Mocha and writes what came of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Mocha from 'mocha';
import { suites } from './suites';

interface Outcome {
  readonly title: string;
  readonly error?: string;
}

/** A test that was passed over counts as one that failed: nothing is skipped in silence. */
function outcomes(runner: Mocha.Runner): Outcome[] {
  const found: Outcome[] = [];
  runner.on('pass', (test) => found.push({ title: test.fullTitle() }));
  runner.on('pending', (test) => found.push({ title: test.fullTitle(), error: 'was not run' }));
  runner.on('fail', (test, error: Error) => found.push({ title: test.fullTitle(), error: error.stack ?? String(error) }));
  return found;
}

/** Called by the editor. */
export async function run(): Promise<void> {
  const results = process.env['ATTENTION_SHAPES_RESULTS'];
  if (!results) throw new Error('ATTENTION_SHAPES_RESULTS names no file');
  mkdirSync(dirname(results), { recursive: true });
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'base' });
  mocha.suite.emit('pre-require', globalThis, 'host', mocha);
  suites();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const found = outcomes(runner);
    runner.on('end', () => writeFileSync(results, JSON.stringify(found)));
  });
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
