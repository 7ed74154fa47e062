/** What comes after a test that nothing decides is read for either side on its own: a slip there is told, and the correct code beside it is left alone. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import type { Diagnostic } from '../../src/analysis/types';

async function analysed(body: string) {
  const text = `import * as tf from '@tensorflow/tfjs';\n${body}\n`;
  const analysis = await analyzeFile(
    '/sides.ts',
    createAnalyser(async (file) => (file === '/sides.ts' ? text : undefined)),
  );
  return analysis ?? { modules: [], diagnostics: [] };
}

async function told(body: string): Promise<readonly Diagnostic[]> {
  return (await analysed(body)).diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning');
}

const grouped = (order: string) => `export class Grouped {
  constructor({ dim, heads, kvHeads }) {
    Object.assign(this, { dim, heads, kvHeads, groups: heads / kvHeads, headDim: dim / heads });
    this.wq = tf.variable(tf.zeros([dim, dim]));
    this.wk = tf.variable(tf.zeros([dim, kvHeads * this.headDim]));
  }
  repeat(x) {
    const [b, kv, t, d] = x.shape;
    if (this.groups === 1) return x;
    return x.expandDims(2).tile([1, 1, this.groups, 1, 1]).reshape(${order});
  }
  call(x) {
    const [b, t] = x.shape;
    const flat = x.reshape([b * t, this.dim]);
    const split = (w, count) => flat.matMul(w).reshape([b, t, count, this.headDim]).transpose([0, 2, 1, 3]);
    return split(this.wq, this.heads).matMul(this.repeat(split(this.wk, this.kvHeads)), false, true);
  }
}`;

const axial = (back: string, last: string) => `export class Axial {
  constructor(channels, axis) {
    this.axis = axis;
    this.gain = tf.variable(tf.zeros([channels, channels]));
  }
  call(x: tf.Tensor4D) {
    const rows = this.axis === 'width' ? x : x.transpose([0, 2, 1, 3]);
    const [n, outer, inner, c] = rows.shape;
    const out = rows.reshape([n * outer * inner, c]).matMul(this.gain).reshape(${last});
    return (this.axis === ${back} ? out : out.transpose([0, 2, 1, 3])).add(x);
  }
}`;

const flagged = (test: string) => `export class Flagged {
  constructor(heads, multi) {
    this.heads = heads;
    this.multi = multi;
  }
  call(x: tf.Tensor3D) {
    const [b, n, c] = x.shape;
    const split = this.multi ? x.reshape([b, n, this.heads, c / this.heads]) : x;
    return ${test} ? split.transpose([0, 2, 1, 3]).reshape([b, this.heads * n, c / this.heads]) : split;
  }
}`;

const CASES: readonly (readonly [string, string, string, string])[] = [
  ['keys repeated in another order', grouped('[b, t, kv * this.groups, d]'), 'batch-mismatch', grouped('[b, kv * this.groups, t, d]')],
  ['sizes changed round after a turn', axial("'width'", '[n, inner, outer, c]'), 'broadcast-mismatch', axial("'width'", '[n, outer, inner, c]')],
];

describe('a slip after a test that nothing decides', () => {
  it.each(CASES)('is told: %s', async (_, slip, code, right) => {
    expect((await told(slip)).map((one) => one.code)).toContain(code);
    expect((await told(right)).map((one) => one.message)).toEqual([]);
  });

  it('is none where another test excludes it', async () => {
    expect(await told(flagged('this.multi'))).toEqual([]);
    expect(await told(flagged('!!this.multi'))).toEqual([]);
    expect(await told(flagged('this.multi === true'))).toEqual([]);
    expect(
      await told(axial("'height'", '[n, inner, outer, c]').replace("=== 'height'", "!== 'height'").replace('[n, inner, outer, c]', '[n, outer, inner, c]')),
    ).toEqual([]);
  });

  it('keeps what is right on both sides, whichever returns first', async () => {
    const { modules } = await analysed(grouped('[b, kv * this.groups, t, d]'));
    const shapes = modules.flatMap(({ graph }) =>
      graph.outputs.map((output) => (output.kind === 'tensor' ? graph.nodes[output.ref.node]?.outputs[output.ref.output]?.shape : null)),
    );
    expect(shapes.map((shape) => shape?.map(({ text }) => text))).toEqual([['b', 'heads', 't', 't']]);
  });
});

const pooled = (width: string, last: string) => `export class Pooled {
  pool = null;
  constructor(dim = 64, stride = 2) {
    this.dim = dim;
    this.project = tf.layers.dense({ units: dim });
    if (stride > 1) this.pool = tf.layers.averagePooling1d({ poolSize: stride, strides: stride });
  }
  call(x) {
    const [b, n] = x.shape;
    const h = this.project.apply(x);
    if (!this.pool) return h.reshape([b, n, ${last}]);
    const y = this.pool.apply(h);
    const s = tf.matMul(h, y, false, true).softmax();
    return tf.matMul(s, y).reshape([b, n, ${width}]);
  }
}`;

describe('a layer that is there by the default of an argument', () => {
  it('is read with, and all that comes after has its shape', async () => {
    const { modules, diagnostics } = await analysed(pooled('this.dim', 'this.dim'));
    expect(diagnostics.filter(({ severity }) => severity !== 'information')).toEqual([]);
    const last = modules[0]?.graph.nodes.at(-1)?.outputs[0]?.shape;
    expect(last?.map(({ text }) => text)).toEqual(['b', 'n', 'dim']);
  });

  it('hides no slip', async () => {
    expect((await told(pooled('2 * this.dim', 'this.dim'))).map(({ span }) => span.line)).toEqual([15]);
  });

  it('is told as taken for granted where the sides differ', async () => {
    const { modules } = await analysed(pooled('this.dim', '1, this.dim'));
    expect(modules[0]?.assumed?.filter(({ kind }) => kind === 'side')).toEqual([{ kind: 'side', name: 'stride > 1', holds: true }]);
  });
});
