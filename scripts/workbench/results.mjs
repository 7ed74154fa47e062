// What a suite came to: said line by line, and kept for the sum of all suites.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './folders.mjs';

const indented = (text) => text.replaceAll('\n', '\n      ');

/** One test's line, with what went wrong. */
export const say = ({ title, error }) => console.log(error === undefined ? `  ✓ ${title}` : `  ✗ ${title}\n      ${indented(error)}`);

/** Keeps the numbers of the outcomes (`title`, and `error` where it failed) and gives the exit code. None at all is a failure. */
export function report(suite, outcomes) {
  const failed = outcomes.filter(({ error }) => error !== undefined).length;
  const numbers = { passed: outcomes.length - failed, failed: outcomes.length > 0 ? failed : 1 };
  mkdirSync(cached('results'), { recursive: true });
  writeFileSync(join(cached('results'), `${suite}.json`), JSON.stringify(numbers));
  console.log(`${suite}: ${numbers.passed} passed, ${numbers.failed} failed`);
  return numbers.failed > 0 ? 1 : 0;
}
