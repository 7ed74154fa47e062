/** Prints what `trace` says against what ran, module by module: `node test/accuracy/report.mjs [gallery|corpus] [part of an id]`. */
import { CORPUS, type CorpusCase, GALLERY } from '../corpus/cases';
import { describePlaces } from '../corpus/comparison';
import { compareCase, type Result, summary } from './tracing';

const [only, part = ''] = process.argv.slice(2);
const groups: readonly (readonly [string, readonly CorpusCase[]])[] = [
  ['gallery', GALLERY],
  ['corpus', CORPUS],
];

for (const [name, items] of groups.filter(([each]) => only === undefined || only === each)) {
  const results: Result[] = [];
  for (const item of items.filter(({ id }) => id.includes(part))) {
    const result = await compareCase(item);
    results.push(result);
    const { id, right, unknown, missing, wrong, outputs, error = '' } = result;
    console.log(
      `${id}: right ${right.length}, unknown ${unknown.length}, missing ${missing.length}, wrong ${wrong.length}, outputs ${outputs ? 'right' : 'not right'} ${error}`,
    );
    for (const verdict of ['wrong', 'missing', 'unknown'] as const) for (const line of describePlaces(result[verdict])) console.log(`  ${verdict} ${line}`);
  }
  console.log(name, summary(results));
}
