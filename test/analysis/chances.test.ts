/** Sizes that only chance would make agree, without any size given: each slip is told, and the correct code beside it is left alone. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import type { Diagnostic } from '../../src/analysis/types';

async function told(body: string): Promise<readonly Diagnostic[]> {
  const text = `import * as tf from '@tensorflow/tfjs';\n${body}\n`;
  const analysis = await analyzeFile(
    '/chances.ts',
    createAnalyser(async (file) => (file === '/chances.ts' ? text : undefined)),
  );
  return (analysis?.diagnostics ?? []).filter(({ severity }) => severity === 'error' || severity === 'warning');
}

const layer = (build: string, call: string) => `export class Scaled extends tf.layers.Layer {
  static className = 'Scaled';
  constructor() {
    super({});
  }
  build(inputShape) {
    const channels = inputShape[3];
    ${build}
  }
  call(inputs) {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      ${call}
    });
  }
}`;

const gated = (size: string) =>
  layer(
    `this.kernel = this.addWeight('kernel', [1, 1, channels, channels], 'float32', tf.initializers.zeros());
    this.gamma = this.addWeight('gamma', [${size}], 'float32', tf.initializers.zeros());`,
    "return tf.conv2d(x, this.kernel.read(), 1, 'same').mul(this.gamma.read());",
  );

const heads = (order: string) => `export class Heads {
  constructor(heads, dim) {
    this.heads = heads;
    this.dim = dim;
  }
  call(q, bias) {
    const [b, n, c] = q.shape;
    const split = q.reshape([b, n, this.heads, this.dim]).transpose(${order});
    return split.add(tf.ones([this.heads, 1, 1]));
  }
}`;

const weights = (shape: string) => `export class Lifted {
  constructor(nHeads, dModel, dHead) {
    this.first = tf.variable(tf.zeros([nHeads, dModel, dHead]));
    this.second = tf.variable(tf.zeros(${shape}));
    this.nHeads = nHeads;
  }
  call(x) {
    const [b, n] = x.shape;
    const lifted = x.expandDims(1).tile([1, this.nHeads, 1, 1]);
    const q = lifted.matMul(this.first.expandDims(0));
    return q.matMul(lifted.matMul(this.second.expandDims(0)), false, true).reshape([b, -1, n, n]);
  }
}`;

const inner = (chosen: string) => `export function residual(x: tf.Tensor3D, channels: number) {
  const inner = Math.max(1, Math.floor(channels / 2));
  const y = tf.layers.dense({ units: inner }).apply(x) as tf.Tensor;
  const z = tf.layers.dense({ units: channels }).apply(y) as tf.Tensor;
  return z.add(tf.zeros([${chosen}]));
}`;

const crossed = (axis: number) => `export function crossed(x: tf.Tensor3D, context: tf.Tensor3D, dim: number) {
  const [b, n] = x.shape;
  const m = context.shape[${axis}];
  const d = context.shape[2];
  return x.reshape([b, n, dim]).matMul(context.reshape([b, m, d]), false, true);
}`;

const claimed = (width: string) => `export class Claimed extends tf.layers.Layer {
  static className = 'Claimed';
  constructor(args) {
    super({});
    this.queryDim = args.queryDim;
    this.contextDim = args.contextDim;
  }
  build() {
    this.first = this.addWeight('first', [${width}, 8], 'float32', tf.initializers.zeros());
    this.last = this.addWeight('last', [8, this.queryDim], 'float32', tf.initializers.zeros());
  }
  call(inputs) {
    const [b, n, d] = inputs.shape;
    const lifted = inputs.reshape([b * n, d]).matMul(this.first.read());
    return lifted.matMul(this.last.read()).reshape([b, n, this.queryDim]);
  }
  computeOutputShape(inputShape) {
    return inputShape;
  }
}`;

const shape = (index: string) => `export function flat(x: tf.Tensor3D, units: number) {
  const kernel = tf.zeros([8, units]);
  return x.reshape([-1, 8]).matMul(kernel).reshape([x.shape[0], x.shape[1], kernel.shape[${index}]]);
}`;

const sliced = (size: string) => `export class Masked {
  constructor(nHead, blockSize) {
    this.nHead = nHead;
    this.mask = tf.zeros([blockSize, ${size}]);
  }
  call(x) {
    const [B, T, C] = x.shape;
    const q = x.reshape([B, T, this.nHead, C / this.nHead]).transpose([0, 2, 1, 3]);
    return q.matMul(q, false, true).add(this.mask.slice([0, 0], [T, T]));
  }
}`;

const windows = (count: string) => `export function windows(x: tf.Tensor4D) {
  const [b, h, w, c] = x.shape;
  return x.reshape([${count}, h, w, -1]);
}`;

const fused = (shape: string, names: string) => `export const fused = (x: tf.Tensor3D, heads: number) => {
  const [batch, length, width] = x.shape;
  const ${names};
  const parts = x.reshape(${shape});
  const [q, k, v] = tf.unstack(parts, 2).map((t) => t.transpose([0, 2, 1, 3]));
  return tf.matMul(tf.matMul(q, k, false, true), v);
};`;

const halved = (axis: number) => `export class Halved {
  constructor(dim) {
    this.kernel = tf.variable(tf.zeros([dim, 2 * dim]));
    this.dim = dim;
  }
  call(x: tf.Tensor3D) {
    const [b, n, c] = x.shape;
    const wide = x.reshape([b * n, c]).matMul(this.kernel).reshape([b, n, 2 * this.dim]);
    const [value, gate] = tf.split(wide, 2, ${axis});
    return value.mul(gate.sigmoid());
  }
}`;

const projected = (shape: string) => `export class Projected {
  constructor({ dim }) {
    this.kernel = tf.variable(tf.zeros([dim, dim]));
    this.dim = dim;
  }
  call(x: tf.Tensor3D) {
    const [b, n] = x.shape;
    return x.reshape([b * n, this.dim]).matMul(this.kernel).reshape(${shape});
  }
}`;

const lifted = (kernel: string) => `export class Lifted {
  constructor(queryDim, heads, headDim) {
    this.kernel = tf.variable(tf.zeros(${kernel}));
    this.heads = heads;
    this.headDim = headDim;
  }
  call(x: tf.Tensor3D) {
    const [b, n, c] = x.shape;
    return x.reshape([b * n, c]).matMul(this.kernel).reshape([b, n, this.heads, this.headDim]);
  }
}`;

const windowed = (order: string) => `export class Windowed {
  constructor(windowSize, numHeads) {
    const area = windowSize * windowSize;
    this.numHeads = numHeads;
    this.bias = tf.variable(tf.zeros([area, area, numHeads]));
  }
  call(q: tf.Tensor4D) {
    const [windows, heads, n] = q.shape;
    const split = q.reshape([windows, this.numHeads, n, -1]);
    return split.matMul(split, false, true).add(this.bias.transpose(${order}).expandDims(0));
  }
}`;

const CASES: readonly (readonly [rule: string, slip: string, code: string, right: string])[] = [
  ['a weight of a written size beside weights that fit any', gated('3'), 'broadcast-mismatch', gated('1')],
  ['how long it is for how many heads', heads('[0, 1, 2, 3]'), 'broadcast-mismatch', heads('[0, 2, 1, 3]')],
  ['heads for a width', weights('[dModel, nHeads, dHead]'), 'matmul-mismatch', weights('[nHeads, dModel, dHead]')],
  ['an equation that hardly any size solves', inner('inner'), 'broadcast-mismatch', inner('channels')],
  ['the batch for how long another input is', crossed(0), 'reshape-mismatch', crossed(1)],
  ['a claim against what the weights take', claimed('this.contextDim'), 'output-shape-claim', claimed('this.queryDim')],
  ['a size that a shape does not have', shape('2'), 'undefined-size', shape('1')],
  ['a negative index', shape('-1'), 'undefined-size', shape('kernel.shape.length - 1')],
  ['heads that bound a length', sliced('nHead'), 'slice-out-of-range', sliced('blockSize')],
  ['a number of elements that hardly divides', windows('b + 1'), 'reshape-mismatch', windows('b')],
  [
    'parts of the sequence',
    fused('[batch, 3, length, heads, d]', 'd = width / heads / 3'),
    'unpack-mismatch',
    fused('[batch, length, 3, heads, d]', 'd = width / heads / 3'),
  ],
  ['halves of the sequence', halved(1), 'split-mismatch', halved(2)],
  ['a width of one', projected('[b, n]'), 'reshape-mismatch', projected('[b, n, this.dim]')],
  ['a weight turned', lifted('[heads * headDim, queryDim]'), 'reshape-mismatch', lifted('[queryDim, heads * headDim]')],
  ['heads that are places of a window', windowed('[0, 2, 1]'), 'broadcast-mismatch', windowed('[2, 0, 1]')],
];

describe('a slip whose sizes only chance makes agree', () => {
  it.each(CASES)('is told: %s', async (_, slip, code, right) => {
    expect((await told(slip)).map((one) => one.code)).toContain(code);
    expect((await told(right)).map((one) => one.message)).toEqual([]);
  });

  it('names what tied a size before', async () => {
    const [claim] = (await told(claimed('this.contextDim'))).filter(({ code }) => code === 'output-shape-claim');
    expect(claim?.related.map(({ message }) => message)).toEqual(['d == contextDim is needed here']);
  });

  it('names the step that made a size which no reshape has room for', async () => {
    const [found] = await told(`export const f = (x: tf.Tensor3D) => {
  const [b, n, c] = x.shape;
  const wide = x.concat(x, 2);
  return wide.relu().reshape([b * n, c]);
};`);
    expect(found?.related.map(({ span }) => span.line)).toContain(4);
  });

  it('names the line on which a size was tied to another', async () => {
    const [found] = await told(`export class Tied {
  constructor(dim, heads) {
    this.kernel = tf.variable(tf.zeros([dim, dim]));
    this.dim = dim;
  }
  call(x: tf.Tensor3D) {
    const [b, n, c] = x.shape;
    const split = x.reshape([b * n, 2 * this.dim]);
    return split.slice([0, 0], [-1, this.dim]).matMul(this.kernel).reshape([b, n, this.dim]).add(x);
  }
}`);
    expect(found?.related.map(({ span }) => span.line)).toContain(9);
  });

  it('is told for each call of a chain', async () => {
    const found = await told('export const f = (x: tf.Tensor3D) => x.mul(tf.ones([2, 3])).mul(tf.ones([2, 4])).add(tf.ones([5]));');
    expect(found.map(({ code }) => code)).toEqual(['broadcast-mismatch', 'broadcast-mismatch']);
  });

  it('leaves an optional size alone', async () => {
    expect(await told('export const f = (x: tf.Tensor3D) => { const k = tf.ones([3, 4]); return x.reshape([-1, k.shape[2] ?? 4]); };')).toEqual([]);
  });
});
