/** Patterns of einops: what torch holds of their reshapes and orders, byte for byte. */
import { describe, expect, it } from 'vitest';
import { AS_WRITTEN, priceOf } from '../../../src/analysis/pricing/index';
import { linesOf } from '../truths';
import { analysed } from './reading';

interface Truth {
  readonly module: string;
  readonly x: readonly [number, number, number, number];
  readonly peak: number;
  readonly saved: number;
  readonly training?: number;
}

const TRUTHS = linesOf<Truth>('memory/patterns.jsonl');
const file = analysed('patterns.py');

describe('patterns of einops', () => {
  it.each(TRUTHS)('$module of $x', async ({ module, x: [b, c, h, w], peak, saved, training }) => {
    const found = (await file)?.modules.find(({ name }) => name === module) ?? expect.fail('no module');
    const { figures, reason } = priceOf(found, { ...AS_WRITTEN, sizes: { b, c, h, w, dim: c, heads: 4 } });
    expect([reason, figures.peakInference.value, figures.saved.value]).toEqual([undefined, peak, saved]);
    if (training !== undefined) expect(figures.peakTraining.value).toBe(training);
  });
});
