/** What `trace` says against what ran: the gallery row by row, the corpus with the share of rows known printed. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CORPUS, GALLERY } from '../corpus/cases';
import { describePlaces } from '../corpus/comparison';
import { compareCase, type Result, summary } from './tracing';

const MINUTES = 60_000;

async function compareAll(items: typeof CORPUS): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  for (const item of items) results.set(item.id, await compareCase(item));
  return results;
}

const print = (title: string, results: Iterable<Result>) => {
  const list = [...results];
  const { rows, share, right, unknown, wrong, missing, whole, outputs } = summary(list);
  const percent = (share * 100).toFixed(1);
  console.log(
    `${title}: ${percent} % of ${rows} rows right (${right}); unknown ${unknown}, missing ${missing}, wrong ${wrong}; modules whole ${whole}, outputs ${outputs}, of ${list.length}`,
  );
};

describe('the gallery', () => {
  let results = new Map<string, Result>();
  beforeAll(async () => {
    results = await compareAll(GALLERY);
    print('gallery', results.values());
  }, 5 * MINUTES);

  it.each(GALLERY.map(({ id }) => id))('%s is traced as it ran', (id) => {
    const { wrong = [], unknown = [], missing = [], outputs, error } = results.get(id) ?? {};
    expect(error).toBeUndefined();
    expect(describePlaces([...wrong, ...unknown, ...missing])).toEqual([]);
    expect(outputs).toBe(true);
  });
});

describe('the corpus', () => {
  let results = new Map<string, Result>();
  beforeAll(async () => {
    results = await compareAll(CORPUS);
    print('corpus', results.values());
  }, 10 * MINUTES);

  it.each(CORPUS.map(({ id }) => id))('%s has no wrong row', (id) => {
    expect(describePlaces(results.get(id)?.wrong ?? [])).toEqual([]);
  });

  it('is known for the most part', () => {
    expect(summary([...results.values()]).share).toBeGreaterThanOrEqual(0.9);
  });
});
