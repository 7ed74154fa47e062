/** Prints how many slips are caught, what is missed, and false alarms: `node test/mutations/report.mjs [part of an id] [--slips n] [--kind part] [--seed n] [-v]`. */
import { parseArgs } from 'node:util';
import { GALLERY, STYLES } from '../corpus/cases';
import { MODULES } from './cases';
import { type Mutant, rates, type Score, scoreCase } from './scoring';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    slips: { type: 'string' },
    controls: { type: 'string' },
    seed: { type: 'string' },
    kind: { type: 'string' },
    verbose: { type: 'boolean', short: 'v' },
    only: { type: 'string' },
  },
});
const [part = ''] = positionals;
const bounds = {
  slips: Number(values.slips ?? 40),
  controls: Number(values.controls ?? 12),
  seed: Number(values.seed ?? 1),
  ...(values.kind === undefined ? {} : { kind: values.kind }),
};

Error.stackTraceLimit = 80;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function describe({ id, edit, before, outcome, symbolic, bound, findings }: Mutant): string {
  const what =
    outcome.kind === 'throws'
      ? `${outcome.message.slice(0, 110)} @${[...new Set(outcome.places.map(({ file, line }) => `${file}:${line}`))].join(' ')}`
      : outcome.kind === 'outputs'
        ? `→ ${outcome.outputs}`
        : '';
  const said = findings
    .map((one) => `\n      said ${one.places.map(({ file, line }) => `${file}:${line}`).join(',')} ${one.code}: ${one.message.slice(0, 150)}`)
    .join('');
  return `  ${symbolic}/${bound} ${id}:${edit.line} ${edit.kind}: ${before.slice(0, 70).replaceAll(/\s+/g, ' ')} ⇒ ${edit.text.slice(0, 70).replaceAll(/\s+/g, ' ')}\n      ${what}${said}`;
}

const scores: Score[] = [];
const kinds = new Map<string, { all: number; caught: number }>();
for (const item of [
  ...(values.only === 'modules' || values.only === 'styles' ? [] : GALLERY),
  ...(values.only === 'gallery' || values.only === 'styles' ? [] : MODULES),
  ...(values.only === undefined || values.only === 'styles' ? STYLES : []),
].filter(({ id }) => id.includes(part))) {
  const score = await scoreCase(item, bounds).catch((error: unknown) => {
    console.log(`${item.id}: ${error instanceof Error ? (values.verbose ? error.stack : error.message) : String(error)}`);
    return undefined;
  });
  if (!score) continue;
  scores.push(score);
  const one = rates([score]);
  console.log(
    `${item.id}: symbolic ${percent(one.symbolic)} of ${one.throwing}, bound ${percent(one.bound)}; outputs changed ${one.changing} (${percent(one.changingSymbolic)}); alarms ${one.alarms} of ${one.controls}`,
  );
  for (const mutant of score.mutants.filter(({ outcome }) => outcome.kind === 'throws')) {
    const kind = kinds.get(mutant.edit.kind) ?? { all: 0, caught: 0 };
    kinds.set(mutant.edit.kind, { all: kind.all + 1, caught: kind.caught + (mutant.symbolic === 'caught' ? 1 : 0) });
    if (mutant.symbolic !== 'caught' || mutant.bound !== 'caught') console.log(describe(mutant));
  }
  if (values.verbose) for (const mutant of score.mutants.filter(({ outcome }) => outcome.kind === 'outputs')) console.log(describe(mutant));
  for (const { edit, how, findings } of score.alarms) {
    console.log(`  ALARM ${how} ${edit ? `${item.id}:${edit.line} ${edit.kind} ${edit.text}` : 'on the module as it is'}`);
    for (const one of findings)
      console.log(`      ${one.severity} ${one.places.map(({ file, line }) => `${file}:${line}`).join(',')} ${one.code}: ${one.message.slice(0, 220)}`);
  }
}
console.log(
  [...kinds]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([kind, { all, caught }]) => `${kind} ${caught}/${all}`)
    .join(', '),
);
const all = rates(scores);
console.log(
  `all: caught symbolically ${percent(all.symbolic)} of ${all.throwing} that throw (elsewhere ${all.elsewhere}), bound ${percent(all.bound)}; of ${all.changing} that change outputs ${percent(all.changingSymbolic)}; false alarms ${all.alarms} of ${all.controls} harmless`,
);
