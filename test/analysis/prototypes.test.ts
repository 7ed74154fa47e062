/** A function whose prototype is given a forward is a class: made as its user would, then called. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

async function analysed(body: string) {
  const text = `const tf = require('@tensorflow/tfjs');\n${body}\n`;
  const analysis = await analyzeFile(
    '/prototypes.js',
    createAnalyser(async (file) => (file === '/prototypes.js' ? text : undefined)),
  );
  const modules = (analysis?.modules ?? []).map(({ graph }) => ({
    name: graph.name,
    output: graph.outputs.map((output) =>
      output.kind === 'tensor' ? graph.nodes[output.ref.node]?.outputs[output.ref.output]?.shape?.map(({ text: size }) => size) : [],
    ),
  }));
  return { modules, codes: (analysis?.diagnostics ?? []).filter(({ severity }) => severity !== 'information').map(({ code }) => code) };
}

const attention = (units: string) => `function Attention(opts) {
  if (!(this instanceof Attention)) return new Attention(opts);
  opts = opts || {};
  this.dim = opts.dim;
  this.weights = { query: tf.variable(tf.zeros([this.dim, this.dim])), key: tf.variable(tf.zeros([this.dim, ${units}])) };
}
Attention.prototype.project = function (x, name) {
  var s = x.shape;
  return tf.matMul(x.reshape([-1, s[2]]), this.weights[name]).reshape([s[0], s[1], -1]);
};
Attention.prototype.forward = function (x) {
  var that = this;
  return tf.tidy(function () {
    return tf.matMul(that.project(x, 'query'), that.project(x, 'key'), false, true).softmax();
  });
};`;

describe('prototypes', () => {
  it('are read as one module, with what the constructor made', async () => {
    expect(await analysed(attention('this.dim'))).toEqual({ modules: [{ name: 'Attention', output: [['b', 'n', 'n']] }], codes: [] });
  });

  it('are checked', async () => {
    expect((await analysed(attention('2 * this.dim'))).codes).toEqual(['matmul-mismatch']);
  });

  it('without a forward leave their functions on their own', async () => {
    const { modules } = await analysed('function Norm() {}\nNorm.prototype.centre = function (x) { return x.sub(x.mean(-1, true)); };');
    expect(modules).toEqual([{ name: 'centre', output: [['b', 'n', 'c']] }]);
  });
});
