// Sums what the suites wrote into .cache/results and says it on one last line: `node .ci/results.mjs SUITE…`.
// A suite that left no results, or none that ran, counts as one failure.
import { readFileSync } from 'node:fs';

function resultOf(suite) {
  try {
    const { passed, failed } = JSON.parse(readFileSync(`.cache/results/${suite}.json`, 'utf8'));
    return passed + failed > 0 ? { passed, failed } : { passed: 0, failed: 1, why: 'ran no tests' };
  } catch {
    return { passed: 0, failed: 1, why: 'left no results' };
  }
}

const results = process.argv.slice(2).map((suite) => ({ suite, ...resultOf(suite) }));
for (const { suite, passed, failed, why } of results) console.log(`${suite}: ${why ?? `${passed} passed, ${failed} failed`}`);
const total = (field) => results.reduce((sum, result) => sum + result[field], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') > 0 ? 1 : 0;
