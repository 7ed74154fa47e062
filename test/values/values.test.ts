/** The numbers: modules run as the code that they are against their graphs, with the same weights and inputs. */
import { beforeAll, describe, expect, it } from 'vitest';
import { CORPUS, GALLERY } from '../corpus/cases';
import { type Outcome, runBothWays } from './values';

const MINUTES = 60_000;
const CLOSE = 1e-5;

async function all(items: typeof CORPUS): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const item of items) outcomes.set(item.id, await runBothWays(item));
  return outcomes;
}

/** Where tfjs's CPU kernel itself is wrong: it cycles the values of full-rank statistics along the last axis, where its other back ends broadcast them. */
const CPU_KERNEL_DIFFERS = new Set(['layers-batch-normalization-axis1']);

const wrong = ({ differences }: Outcome): readonly number[] => differences.filter((one) => !(one <= CLOSE));

describe('the gallery', () => {
  let outcomes = new Map<string, Outcome>();
  beforeAll(async () => {
    outcomes = await all(GALLERY);
  }, 5 * MINUTES);

  it.each(GALLERY.map(({ id }) => id))('%s gives the numbers of its code', (id) => {
    const { refused, problem, differences = [] } = outcomes.get(id) as Outcome;
    expect(refused ?? problem).toBeUndefined();
    expect(differences.length).toBeGreaterThan(0);
    expect(differences.filter((one) => !(one <= CLOSE))).toEqual([]);
  });
});

describe('the corpus', () => {
  let outcomes = new Map<string, Outcome>();
  beforeAll(async () => {
    outcomes = await all(CORPUS);
    const list = [...outcomes.values()];
    const ran = list.filter(({ refused }) => refused === undefined);
    const same = ran.filter((outcome) => outcome.problem === undefined && wrong(outcome).length === 0);
    console.log(`corpus: ${same.length} of ${list.length} modules give the numbers of their code; ${list.length - ran.length} cannot be run`);
    for (const { id, refused } of list) if (refused !== undefined) console.log(`  ${id}: ${refused}`);
  }, 10 * MINUTES);

  it.each(CORPUS.map(({ id }) => id))('%s gives the numbers of its code, or says why it does not run', (id) => {
    const outcome = outcomes.get(id) as Outcome;
    expect(outcome.problem).toBeUndefined();
    if (CPU_KERNEL_DIFFERS.has(id)) expect(wrong(outcome)).not.toEqual([]);
    else expect(wrong(outcome)).toEqual([]);
    if (outcome.refused === undefined) expect(outcome.differences.length).toBeGreaterThan(0);
  });

  it('runs for the greater part', () => {
    const ran = [...outcomes.values()].filter(({ refused }) => refused === undefined);
    expect(ran.length / CORPUS.length).toBeGreaterThanOrEqual(0.8);
  });
});
