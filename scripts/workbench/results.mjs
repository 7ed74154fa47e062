// What a suite came to: said line by line, and kept for the sum of all suites.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './folders.mjs';

/** Prints the outcomes (`title`, and `error` where it failed), keeps their numbers, and gives the exit code. None at all is a failure. */
export function report(suite, outcomes) {
  const all = outcomes.length > 0 ? outcomes : [{ title: suite, error: 'no test ran' }];
  for (const { title, error } of all) console.log(error === undefined ? `  ✓ ${title}` : `  ✗ ${title}\n      ${error.replaceAll('\n', '\n      ')}`);
  const failed = all.filter(({ error }) => error !== undefined).length;
  const passed = all.length - failed;
  mkdirSync(cached('results'), { recursive: true });
  writeFileSync(join(cached('results'), `${suite}.json`), JSON.stringify({ passed, failed }));
  console.log(`${suite}: ${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}
