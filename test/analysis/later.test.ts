import { expect, test } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

async function lastShape(body: string): Promise<readonly string[]> {
  const text = `import * as tf from '@tensorflow/tfjs';\n${body}\n`;
  const analysis = await analyzeFile(
    '/later.ts',
    createAnalyser(async (file) => (file === '/later.ts' ? text : undefined)),
  );
  const map = analysis?.modules[0]?.graph.nodes.find(({ op }) => op === 'reshape');
  return (map?.outputs[0]?.shape ?? []).map(({ text }) => text);
}

const unfold = (after: string): string =>
  `export function unfold(x: tf.Tensor3D, height: number, width: number) {
  const c = x.shape[2];
  const map = x.reshape([-1, height, width, c]);
  ${after}
}`;

test('a quotient is told as what is needed further on makes of it', async () => {
  expect(await lastShape(unfold('return map;'))).toEqual(['b*n//(height*width)', 'height', 'width', 'c']);
  expect(await lastShape(unfold('return map.reshape([-1, height * width, c]).add(x);'))).toEqual(['b', 'height', 'width', 'c']);
});

test('what would have to be one number makes nothing plainer', async () => {
  const halves = 'export function halves(x: tf.Tensor2D) { const [b, n] = x.shape; const y = x.reshape([b, Math.floor(n / 2), 2]); return y.squeeze([1]); }';
  expect(await lastShape(halves)).toEqual(['b', 'n//2', '2']);
});
