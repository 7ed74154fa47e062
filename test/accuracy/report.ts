/** Prints what `trace` says against what ran, module by module: `node test/accuracy/report.mjs [gallery|corpus|styles] [part of an id]`. */
import { CORPUS, type CorpusCase, GALLERY, STYLES } from '../corpus/cases';
import { describePlaces } from '../corpus/comparison';
import { boundAlarms, filesOf, readSymbolically } from './symbolic';
import { compareCase, type Result, summary } from './tracing';

const [only, part = ''] = process.argv.slice(2);
const groups: readonly (readonly [string, readonly CorpusCase[]])[] = [
  ['gallery', GALLERY],
  ['corpus', CORPUS],
  ['styles', STYLES],
];

for (const [name, items] of groups.filter(([each]) => only === undefined || only === each)) {
  const results: Result[] = [];
  for (const item of items.filter(({ id }) => id.includes(part))) {
    let result: Result;
    try {
      result = await compareCase(item);
    } catch (error) {
      console.log(item.id, 'DID NOT RUN', String(error).slice(0, 300));
      continue;
    }
    results.push(result);
    const { id, right, unknown, missing, wrong, outputs, error = '' } = result;
    console.log(
      `${id}: right ${right.length}, unknown ${unknown.length}, missing ${missing.length}, wrong ${wrong.length}, outputs ${outputs ? 'right' : 'not right'} ${error}`,
    );
    for (const alarm of await boundAlarms(item)) console.log(`  ALARM ${alarm.file}:${alarm.line} ${alarm.severity} ${alarm.code} ${alarm.message}`);
    for (const verdict of ['wrong', 'missing', 'unknown'] as const) for (const line of describePlaces(result[verdict])) console.log(`  ${verdict} ${line}`);
  }
  console.log(name, summary(results));
}

if (only === 'symbolic') {
  let [rows, known] = [0, 0];
  for (const { file, root } of filesOf([...GALLERY, ...STYLES, ...CORPUS]).filter((one) => one.file.includes(part))) {
    const result = await readSymbolically(file, root);
    rows += result.rows;
    known += result.known;
    console.log(`${file}: ${result.known} of ${result.rows}`);
    for (const alarm of result.alarms) console.log(`  ALARM ${alarm.file}:${alarm.line} ${alarm.severity} ${alarm.code} ${alarm.message}`);
    for (const line of result.unknown) console.log(`  unknown ${line}`);
  }
  console.log('symbolic', { rows, known, share: known / rows });
}
