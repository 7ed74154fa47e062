/** Fused attention taken step by step: what torch holds of it with its fused kernels switched off, byte for byte. */
import { describe, expect, it } from 'vitest';
import { AS_WRITTEN, priceOf } from '../../../src/analysis/pricing/index';
import { linesOf } from '../truths';
import { analysed } from './reading';

interface Truth {
  readonly module: string;
  readonly b: number;
  readonly n: number;
  readonly dim: number;
  readonly heads: number;
  readonly peak: number;
  readonly saved: number;
  readonly training: number;
}

const TRUTHS = linesOf<Truth>('memory/stepwise.jsonl');
const file = analysed('stepwise.py');

describe('attention taken step by step', () => {
  it.each(TRUTHS)('$module at b=$b n=$n dim=$dim heads=$heads', async ({ module, b, n, dim, heads, peak, saved, training }) => {
    const found = (await file)?.modules.find(({ name }) => name === module) ?? expect.fail('no module');
    const { figures, notes, reason } = priceOf(found, { ...AS_WRITTEN, sizes: { b, n, c: dim, dim, heads }, attention: 'stepwise' });
    expect([reason, notes]).toEqual([undefined, []]);
    expect([figures.peakInference.value, figures.saved.value, figures.map.value]).toEqual([peak, saved, 4 * b * heads * n * n]);
    expect(Math.abs((figures.peakTraining.value ?? 0) / training - 1)).toBeLessThan(0.01);
  });
});
