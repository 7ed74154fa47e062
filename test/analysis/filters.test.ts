/** A filter that is given has a window whose size nothing tells: a map that keeps its size asks for one of 1. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

async function analysed(reshape: string) {
  const text = `import * as tf from '@tensorflow/tfjs';
export function columns(x, filter) {
  const [b, height, width, c] = x.shape;
  const q = tf.conv2d(x, filter, 1, 'valid');
  return q.transpose([0, 2, 1, 3]).reshape(${reshape});
}
`;
  const analysis = await analyzeFile(
    '/filters.js',
    createAnalyser(async (file) => (file === '/filters.js' ? text : undefined)),
  );
  const findings = analysis?.diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning') ?? [];
  return { findings, needs: analysis?.modules.flatMap(({ graph }) => graph.needs.map(({ text }) => text)) ?? [] };
}

describe('filters that are given', () => {
  it('have a window of one where the map keeps its size', async () => {
    const { findings, needs } = await analysed('[b * width, height, q.shape[3]]');
    expect(findings).toEqual([]);
    expect(needs.filter((need) => need.endsWith('== 1'))).toEqual(['b_filter == 1', 'h == 1']);
  });

  it('are no excuse for a size that is left out or counted twice', async () => {
    for (const reshape of ['[b, height, q.shape[3]]', '[b * width, height, width, q.shape[3]]']) {
      const { findings } = await analysed(reshape);
      expect(findings.map(({ code }) => code)).toEqual(['reshape-mismatch']);
    }
  });
});
