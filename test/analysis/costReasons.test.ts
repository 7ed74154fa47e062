/** A cost without a number says why: a value of unknown size, or more than can be counted. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { costOf } from '../../src/graph/cost';
import { exampleSizes } from '../../src/graph/example';
import type { ShapeGraph } from '../../src/graph/types';

async function graph(body: string, x?: readonly number[]): Promise<ShapeGraph> {
  const text = `import * as tf from '@tensorflow/tfjs';\n${body}\n`;
  const inputs = x && { inputs: new Map([['x', { kind: 'tensor', shape: x, dtype: 'float32' } as const]]) };
  const analysis = await analyzeFile(
    '/cost.ts',
    createAnalyser(async (file) => (file === '/cost.ts' ? text : undefined)),
    { bindings: { training: false, ...inputs } },
  );
  return analysis?.modules[0]?.graph ?? expect.fail('no module');
}

function costs(of: ShapeGraph) {
  const example = exampleSizes(of);
  return costOf(of, 'sizes' in example ? example.sizes : undefined);
}

const SELF = 'export const f = (x: tf.Tensor3D) => tf.matMul(x, x, false, true);';

describe('a cost that is not known', () => {
  it('names the value whose size is not known', async () => {
    const found = costs(await graph('export const f = (x: tf.Tensor3D) => x.add(tf.image.rgbToGrayscale(x).sum());'));
    expect(found.peakAsWritten).toMatchObject({ formula: '?', unknown: 'no rule for `tf.image.rgbToGrayscale`' });
    expect(found.parameters.unknown).toBeUndefined();
  });

  it('is too large to be counted', async () => {
    const found = costs(await graph(SELF, [1, 1e9, 1e9]));
    expect([found.macs.unknown, found.flops.unknown, found.peakAsWritten.unknown]).toEqual(Array(3).fill('it is larger than can be counted exactly'));
  });

  it('has no reason where it is known', async () => {
    const found = costs(await graph(SELF));
    expect([found.macs, found.peakAsWritten, found.peakAsRun].map(({ unknown, value }) => [unknown, typeof value])).toEqual(
      Array(3).fill([undefined, 'number']),
    );
  });
});
