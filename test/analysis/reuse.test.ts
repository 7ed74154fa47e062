import { expect, test } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import type { ShapeGraph } from '../../src/graph/types';

/** Analyses one text after the other under one name: what the last step gives. */
async function steps(...texts: readonly string[]): Promise<readonly string[]> {
  let text = '';
  const project = createAnalyser(async (path) => (path === '/a.ts' ? text : undefined));
  const results: string[] = [];
  for (const next of texts) {
    text = next;
    const analysis = await analyzeFile('/a.ts', project);
    results.push((analysis?.modules ?? []).map(({ name, graph }) => `${name}@${graph.span.line} ${result(graph)}`).join('; '));
  }
  return results;
}

/** The shape of the module's last step. */
const result = ({ nodes }: ShapeGraph): string => `(${(nodes.at(-1)?.outputs[0]?.shape ?? []).map(({ text }) => text).join(', ')})`;

const HEAD = "import * as tf from '@tensorflow/tfjs';\n";
const block = (units: number): string => `export function f(x: tf.Tensor3D) {\n  const y = tf.matMul(x, tf.ones([2, 8, ${units}]));\n  return y;\n}\n`;

test('a module behind another statement on its line is read again when it changes', async () => {
  const [before, after] = await steps(`${HEAD}const a = 1; ${block(3)}`, `${HEAD}const a = 1; ${block(4)}`);
  expect([before, after]).toEqual(['f@2 (2, n, 3)', 'f@2 (2, n, 4)']);
});

test('what a module reaches by name through others, and what acts on that, is read with it', async () => {
  const helper = (size: number): string => `let size = 8;\nfunction units() {\n  return size;\n}\nsize = ${size};\n`;
  const own = 'export function f(x: tf.Tensor2D) {\n  const y = tf.matMul(x, tf.ones([8, units()]));\n  return y;\n}\n';
  const found = await steps(HEAD + helper(3) + own, HEAD + helper(5) + own, `${HEAD}const other = 1;\n${helper(5)}${own}`);
  expect(found).toEqual(['f@7 (n, 3)', 'f@7 (n, 5)', 'f@8 (n, 5)']);
});
