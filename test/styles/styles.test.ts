/** Modules in many people's styles: each runs, is traced as it ran, and is correct code of which nothing bad is said, with its sizes and without. */
import { beforeAll, describe, expect, it } from 'vitest';
import { boundAlarms, filesOf, readSymbolically, type SymbolicResult } from '../accuracy/symbolic';
import { compareCase, type Result } from '../accuracy/tracing';
import { requestOf, STYLES } from '../corpus/cases';
import { describePlaces } from '../corpus/comparison';

const MINUTE = 60_000;
const FILES = filesOf(STYLES);
const said = (finding: { readonly file: string; readonly line: number; readonly code: string; readonly message: string }): string =>
  `${finding.file}:${finding.line} ${finding.code} ${finding.message}`;

describe('with sizes', () => {
  const results = new Map<string, Result>();
  beforeAll(async () => {
    for (const item of STYLES) results.set(item.id, await compareCase(item));
  }, 2 * MINUTE);

  it.each(STYLES.map(({ id }) => id))('%s is traced as it ran', (id) => {
    const { wrong = [], unknown = [], missing = [], outputs, error } = results.get(id) ?? {};
    expect(error).toBeUndefined();
    expect(describePlaces([...wrong, ...unknown, ...missing])).toEqual([]);
    expect(outputs).toBe(true);
  });

  it.each(STYLES.map((item) => [item.id, item] as const))('nothing bad is said of %s', async (_, item) => {
    expect((await boundAlarms(item)).map(said)).toEqual([]);
  });
});

describe('without sizes', () => {
  const results = new Map<string, SymbolicResult>();
  beforeAll(async () => {
    for (const { file, root } of FILES) results.set(file, await readSymbolically(file, root));
  }, 2 * MINUTE);

  it.each(FILES.map(({ file, root }) => [file.slice(root.length + 1), file] as const))('nothing bad is said of %s', (_, file) => {
    expect(results.get(file)?.alarms.map(said)).toEqual([]);
  });

  it('is known for the most part', () => {
    const all = [...results.values()];
    const [rows, known] = [all.reduce((sum, one) => sum + one.rows, 0), all.reduce((sum, one) => sum + one.known, 0)];
    console.log(`styles without sizes: ${known} of ${rows} rows known in ${STYLES.map(requestOf).length} cases, ${FILES.length} files`);
    expect(known / rows).toBeGreaterThanOrEqual(0.85);
  });
});
