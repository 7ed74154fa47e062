/** A function that returns a function, or an object with a forward, is read through what it returns. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

async function modulesOf(body: string) {
  const text = `import * as tf from '@tensorflow/tfjs';\n${body}\n`;
  const analysis = await analyzeFile(
    '/factories.js',
    createAnalyser(async (file) => (file === '/factories.js' ? text : undefined)),
  );
  return (analysis?.modules ?? []).map(({ graph }) => ({
    name: graph.name,
    inputs: graph.inputs.map(({ name }) => name),
    output: graph.outputs.map((output) =>
      output.kind === 'tensor' ? graph.nodes[output.ref.node]?.outputs[output.ref.output]?.shape?.map(({ text }) => text) : [],
    ),
  }));
}

describe('factories', () => {
  it('of a function, one inside the other', async () => {
    const modules = await modulesOf(`const dense = (inputs, units) => {
  const w = tf.variable(tf.zeros([inputs, units]));
  return (x) => x.reshape([-1, inputs]).matMul(w).reshape([...x.shape.slice(0, -1), units]);
};
export function makeAttention({ dim, heads }) {
  const project = dense(dim, 3 * dim);
  return function forward(tokens) {
    const [b, n] = tokens.shape;
    const [q, k, v] = project(tokens).reshape([b, n, 3, heads, dim / heads]).transpose([2, 0, 3, 1, 4]).unstack();
    return q.matMul(k, false, true).softmax().matMul(v);
  };
}`);
    expect(modules).toEqual([
      { name: 'dense', inputs: ['x'], output: [['b', 'n', 'units']] },
      { name: 'makeAttention', inputs: ['tokens'], output: [['b', 'heads', 'n', 'c//heads']] },
    ]);
  });

  it('of an object with a forward', async () => {
    const modules = await modulesOf(`export const makeGate = (dim) => {
  const w = tf.variable(tf.zeros([dim, 1]));
  return { weights: [w], forward(rows) { return rows.mul(tf.sigmoid(tf.matMul(rows, w))); } };
};`);
    expect(modules).toEqual([{ name: 'makeGate', inputs: ['rows'], output: [['b', 'n', 'c']] }]);
  });

  it('are left alone where the names of their parameters meet', async () => {
    const modules = await modulesOf('export const twice = (x) => { const y = x.add(tf.ones([2, 3])); return (x) => x.concat(y); };');
    expect(modules.map(({ inputs }) => inputs)).toEqual([['x']]);
  });
});
