/** Fused attention taken step by step: what torch holds of it with its fused kernels switched off, byte for byte. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../../src/analysis/analyze';
import { AS_WRITTEN, priceOf } from '../../../src/analysis/pricing/index';

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

const at = (name: string): string => join(import.meta.dirname, name);
const TRUTHS = readFileSync(at('stepwise.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Truth);
const SOURCE = readFileSync(at('stepwise.py'), 'utf8');
const analysed = analyzeFile(
  at('stepwise.py'),
  createAnalyser(async (path) => (path === at('stepwise.py') ? SOURCE : undefined), import.meta.dirname),
);

describe('attention taken step by step', () => {
  it.each(TRUTHS)('$module at b=$b n=$n dim=$dim heads=$heads', async ({ module, b, n, dim, heads, peak, saved, training }) => {
    const found = (await analysed)?.modules.find(({ name }) => name === module) ?? expect.fail('no module');
    const { figures, notes, reason } = priceOf(found, { ...AS_WRITTEN, sizes: { b, n, c: dim, dim, heads }, attention: 'stepwise' });
    expect([reason, notes]).toEqual([undefined, []]);
    expect([figures.peakInference.value, figures.saved.value, figures.map.value]).toEqual([peak, saved, 4 * b * heads * n * n]);
    expect(Math.abs((figures.peakTraining.value ?? 0) / training - 1)).toBeLessThan(0.01);
  });
});
