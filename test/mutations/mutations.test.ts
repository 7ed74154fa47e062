/** Slips in real modules, each run as it is: the analysis finds those that break a module, without sizes and with, and leaves correct code alone. */
import { beforeAll, describe, expect, it } from 'vitest';
import { GALLERY } from '../corpus/cases';
import { MODULES } from './cases';
import { rates, type Score, scoreCase } from './scoring';

const BOUNDS = { slips: 4, controls: 2, seed: 7 };
const MINUTES = 60_000;

describe('slips in real modules', () => {
  const scores: Score[] = [];
  beforeAll(async () => {
    Error.stackTraceLimit = 80;
    for (const item of [...GALLERY.filter((_, at) => at % 2 === 0), ...MODULES]) scores.push(await scoreCase(item, BOUNDS));
    const { throwing, symbolic, bound, controls, alarms } = rates(scores);
    console.log(
      `of ${throwing} slips ${(100 * symbolic).toFixed(1)} % are caught without sizes, ${(100 * bound).toFixed(1)} % with; ${alarms} false alarms on ${controls} harmless changes`,
    );
  }, 3 * MINUTES);

  it('are many enough to tell', () => expect(rates(scores).throwing).toBeGreaterThanOrEqual(60));
  it('are caught with no size given', () => expect(rates(scores).symbolic).toBeGreaterThanOrEqual(0.8));
  it('are caught with sizes', () => expect(rates(scores).bound).toBeGreaterThanOrEqual(0.95));
  it('are not seen in correct code', () => expect(scores.flatMap(({ alarms }) => alarms)).toEqual([]));
});
