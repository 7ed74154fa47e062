/** Patterns of einops: what torch holds of their reshapes and orders, byte for byte. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../../src/analysis/analyze';
import { AS_WRITTEN, priceOf } from '../../../src/analysis/pricing/index';

interface Truth {
  readonly module: string;
  readonly x: readonly [number, number, number, number];
  readonly peak: number;
  readonly saved: number;
  readonly training?: number;
}

const at = (name: string): string => join(import.meta.dirname, name);
const TRUTHS = readFileSync(at('patterns.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Truth);
const SOURCE = readFileSync(at('patterns.py'), 'utf8');
const analysed = analyzeFile(
  at('patterns.py'),
  createAnalyser(async (path) => (path === at('patterns.py') ? SOURCE : undefined), import.meta.dirname),
);

describe('patterns of einops', () => {
  it.each(TRUTHS)('$module of $x', async ({ module, x: [b, c, h, w], peak, saved, training }) => {
    const found = (await analysed)?.modules.find(({ name }) => name === module) ?? expect.fail('no module');
    const { figures, reason } = priceOf(found, { ...AS_WRITTEN, sizes: { b, c, h, w, dim: c, heads: 4 } });
    expect([reason, figures.peakInference.value, figures.saved.value]).toEqual([undefined, peak, saved]);
    if (training !== undefined) expect(figures.peakTraining.value).toBe(training);
  });
});
