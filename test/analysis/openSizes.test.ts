/** A shape in which some size is not known yet still tells how many axes there are: ranks follow from it. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import type { FileAnalysis } from '../../src/analysis/types';

async function analysed(body: string): Promise<FileAnalysis> {
  const text = `import * as tf from '@tensorflow/tfjs';\n${body}\n`;
  const analysis = await analyzeFile(
    '/open.ts',
    createAnalyser(async (file) => (file === '/open.ts' ? text : undefined)),
  );
  if (!analysis) throw new Error('no analysis');
  return analysis;
}

const findings = ({ diagnostics }: FileAnalysis) => diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning');

const inputsOf = ({ modules }: FileAnalysis) =>
  modules.flatMap(({ graph }) => graph.inputs.map(({ name, ref }) => [name, graph.nodes[ref.node]?.outputs[ref.output]?.shape?.length]));

describe('sizes that are not known yet', () => {
  it('leave the rank of a reshape, which a mask then has', async () => {
    const analysis = await analysed(`export function scores(x: tf.Tensor, mask: tf.Tensor, heads: number) {
  const [batch, length, width] = x.shape;
  const q = x.reshape([batch, length, heads, width / heads]).transpose([0, 2, 1, 3]);
  return q.matMul(q, false, true).add(mask);
}`);
    expect(inputsOf(analysis)).toEqual([
      ['x', 3],
      ['mask', 4],
    ]);
    expect(findings(analysis)).toEqual([]);
  });

  it('leave the rank of a projection, which its result is taken apart by', async () => {
    const analysis = await analysed(`const linear = (x, w) => tf.dot(x.reshape([-1, w.shape[0]]), w).reshape([...x.shape.slice(0, -1), w.shape[1]]);
export function project(x, { wq, wk }) {
  const [q, k] = [wq, wk].map((w) => {
    const y = linear(x, w);
    const [b, n, d] = y.shape;
    return y.reshape([b, n, 2, d / 2]);
  });
  return q.matMul(k, false, true);
}`);
    expect(inputsOf(analysis).slice(-3)).toEqual([
      ['x', 3],
      ['wq', 2],
      ['wk', 2],
    ]);
    expect(findings(analysis)).toEqual([]);
  });
});

describe('a rank that is not known yet', () => {
  it('is that of the one input that both sides of a branch follow', async () => {
    const analysis = await analysed(`export function padded(image, flip, to) {
  let resized;
  if (flip) resized = tf.image.resizeBilinear(tf.reverse(image, 1), [to.height, to.width]);
  else resized = tf.image.resizeBilinear(image, [to.height, to.width]);
  return tf.pad3d(resized, [[1, 1], [2, 2], [0, 0]]);
}`);
    expect(inputsOf(analysis)).toEqual([['image', 3]]);
    expect(findings(analysis)).toEqual([]);
  });
});
