/** The recorder on small modules: which rows there are, under which names, with what in them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { record } from './recorder';
import type { RecordRequest, Truth } from './types';

// Inside the repository, so that the modules find tfjs.
const CACHE = resolve(import.meta.dirname, '../../.cache');
let folder = '';

beforeAll(() => {
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, 'recorder-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the files and records the first. */
async function recorded(files: Readonly<Record<string, string>>, request: Omit<RecordRequest, 'file' | 'root'>): Promise<Truth> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const [first = ''] = Object.keys(files);
  return record({ ...request, file: join(folder, first), root: folder });
}

const brief = (truth: Truth) =>
  truth.values.map((row) => `${row.line}:${row.column} ${row.function} ${row.name} ${JSON.stringify(row.sizes)}${row.times > 1 ? ` x${row.times}` : ''}`);

const IMPORT = "import * as tf from '@tensorflow/tfjs';";

describe('rows', () => {
  it('come from declarations, assignments, attributes, elements and loops', async () => {
    const text = `${IMPORT}
export function f(x: tf.Tensor) {
  const a = x.mul(2),
    b = tf.sum(a, 1);
  let c;
  c = (b as tf.Tensor).expandDims(0);
  const [d, , e] = tf.split(x, 3, 1);
  const { mean, variance: spread } = tf.moments(x, 1);
  const list = [];
  list[0] = d;
  for (const part of [d, e]) list.push(part);
  for (let i = 0; i < 2; i++) {
    c = c.tile([2, 1]);
  }
  const size = x.shape[0] * 2;
  c ??= x;
  [c] = [d];
  return mean.add(spread).mul(size);
}`;
    const truth = await recorded({ 'all.ts': text }, { class: 'f', inputs: { x: [2, 6] } });
    expect(brief(truth)).toEqual([
      '3:9 f a [2,6]',
      '3:5 f b [2]',
      '6:3 f c [1,2]',
      '7:10 f d [2,2]',
      '7:15 f e [2,2]',
      '8:11 f mean [2]',
      '8:27 f spread [2]',
      '10:3 f list [[2,2]]',
      '11:14 f part [2,2] x2',
      '13:5 f c [2,2]',
      '13:5 f c [4,2]',
      '17:4 f c [2,2]',
      '18:3 f return [2]',
    ]);
    expect(truth.outputs).toEqual([{ sizes: [2], dtype: 'float32' }]);
    expect(truth.inputs).toEqual([{ name: 'x', sizes: [2, 6], dtype: 'float32' }]);
  });

  it('go under the function that holds a closure; callbacks of tidy and map return none', async () => {
    const text = `${IMPORT}
class Block {
  forward(x) {
    const halve = (t) => t.div(2);
    return tf.tidy(() => {
      const parts = [x, x].map((t) => { const y = halve(t); return y; });
      return tf.concat(parts);
    });
  }
}`;
    const truth = await recorded({ 'closure.js': text }, { new: 'new Block()', inputs: { x: [2, 3] } });
    expect(brief(truth)).toEqual([
      '4:26 Block.forward return [2,3] x2',
      '6:47 Block.forward y [2,3] x2',
      '6:13 Block.forward parts [[2,3],[2,3]]',
      '5:5 Block.forward return [4,3]',
    ]);
  });

  it('leave out construction and build, and what these call; they follow bases and helpers in other files', async () => {
    const files = {
      'layer.ts': `${IMPORT}
import { Base } from './lib/base.js';
export class Scale extends Base {
  static className = 'Scale' + Math.random();
  private kept = tf.zeros([3]);
  call(inputs: tf.Tensor | tf.Tensor[]) {
    const x = this.one(inputs);
    this.last = x.mul(this.scale.read());
    return this.last;
  }
  last?: tf.Tensor;
}`,
      'lib/base.ts': `${IMPORT}
import { start } from '../start';
export class Base extends tf.layers.Layer {
  scale!: tf.LayerVariable;
  constructor() { super({}); const unseen = tf.ones([2]); unseen.dispose(); }
  build(shape: tf.Shape) {
    const begun = start(shape);
    this.scale = this.addWeight('scale', [shape[1]!], 'float32', tf.initializers.ones());
    begun.dispose();
    super.build(shape);
  }
  one(inputs: tf.Tensor | tf.Tensor[]) {
    return Array.isArray(inputs) ? inputs[0] : inputs;
  }
}`,
      'start.ts': `${IMPORT}
export function start(shape: tf.Shape) { const begun = tf.zeros([shape[1]!]); return begun; }`,
    };
    const truth = await recorded(files, { new: 'new Scale()', inputs: { inputs: [2, 3] }, values: true });
    expect(truth.values.map((row) => `${row.file} ${row.function} ${row.name}`)).toEqual([
      'lib/base.ts Base.one return',
      'layer.ts Scale.call x',
      'layer.ts Scale.call this.last',
      'layer.ts Scale.call return',
    ]);
    expect(truth.weights?.map(({ path, shape, data }) => ({ path, shape, data }))).toEqual([{ path: 'scale', shape: [3], data: [1, 1, 1] }]);
  });

  it('tell what the symbolic tensors of a model were, nested ones too', async () => {
    const text = `${IMPORT}
function inner(units) {
  const given = tf.input({ shape: [null, units] });
  const twice = tf.layers.dense({ units: 2 * units }).apply(given);
  return tf.model({ inputs: given, outputs: twice });
}
export function outer(units = 3) {
  const x = tf.input({ shape: [null, units] });
  const y = inner(units).apply(x);
  return tf.model({ inputs: x, outputs: y });
}`;
    const truth = await recorded({ 'model.js': text }, { class: 'outer', args: { units: 4 }, inputs: { x: [2, 5, 4] } });
    expect(brief(truth)).toEqual(['8:9 outer x [2,5,4]', '3:9 inner given [2,5,4]', '4:9 inner twice [2,5,8]', '9:9 outer y [2,5,8]']);
    expect(truth.outputs).toEqual([{ sizes: [2, 5, 8], dtype: 'float32' }]);
  });
});

describe('modules', () => {
  it('may be CommonJS, with a factory that is not exported', async () => {
    const text = `const tf = require('@tensorflow/tfjs');
const make = ({ units }) => ({ apply(x) { const y = tf.ones([units]).mul(x); return { y, note: 'n' }; } });
module.exports = {};`;
    const truth = await recorded({ 'factory.cjs': text }, { new: 'make({ units: 3 })', inputs: { x: [2, 1] } });
    expect(brief(truth)).toEqual(['2:49 make y [2,3]', '2:78 make return [[2,3]]']);
    expect(truth.values.map((row) => row.kind)).toEqual(['tensor', 'dict']);
  });

  it('take lists, fields, values and dtypes, and arguments by name', async () => {
    const text = `${IMPORT}
export class Attend {
  constructor(config, scale = 1) { this.units = config.units; this.scale = scale; }
  call([q, k], { mask }, { training, index }) {
    const scores = tf.matMul(q, k, false, true).mul(this.scale);
    const masked = training ? scores : tf.where(mask, scores, tf.zerosLike(scores));
    const picked = tf.gather(masked, index);
    return picked;
  }
}`;
    const truth = await recorded(
      { 'named.mjs': text },
      {
        class: 'Attend',
        args: { config: { units: 4 }, scale: 2 },
        inputs: {
          q: [2, 3, 4],
          k: [2, 5, 4],
          mask: { shape: [2, 3, 5], dtype: 'bool' },
          training: { value: false },
          index: { shape: [6], dtype: 'int32', high: 2 },
        },
      },
    ).catch((error: Error) => error.message);
    // A list that is taken apart in the parameters has no name to be given by.
    expect(truth).toMatch(/iterable/);
    const fixed = text.replace('[q, k]', 'pair').replace('const scores', 'const [q, k] = pair; const scores');
    const second = await recorded(
      { 'named.mjs': fixed },
      {
        class: 'Attend',
        args: { config: { units: 4 }, scale: 2 },
        inputs: {
          pair: {
            tensors: [
              [2, 3, 4],
              [2, 5, 4],
            ],
          },
          mask: { shape: [2, 3, 5], dtype: 'bool' },
          training: { value: false },
          index: { shape: [6], dtype: 'int32', high: 2 },
        },
      },
    );
    expect(second.outputs).toEqual([{ sizes: [6, 3, 5], dtype: 'float32' }]);
    expect(second.inputs.map(({ name, dtype }) => `${name} ${dtype}`)).toEqual(['pair.0 float32', 'pair.1 float32', 'mask bool', 'index int32']);
  });

  it('compute the same with and without the recorder inside', async () => {
    const files = { 'same.ts': `${IMPORT}\nexport const f = (x: tf.Tensor) => { let y = x; for (let i = 0; i < 3; i++) y = y.square().sub(0.5); return y; };` };
    const seen = await recorded(files, { new: 'f', inputs: { x: [3, 4] }, values: true });
    const unseen = await recorded(files, { new: 'f', inputs: { x: [3, 4] }, values: true, exclude: ['same.ts'] });
    expect(seen.values.length).toBeGreaterThan(0);
    expect(unseen.values).toEqual([]);
    expect(unseen.outputs).toEqual(seen.outputs);
  });

  it('leave no variables behind, also when they throw', async () => {
    const files = {
      'throws.ts': `${IMPORT}\nexport class T { w = tf.variable(tf.ones([2]), true, 'kept'); apply(x: tf.Tensor) { return x.matMul(this.w.expandDims(0)); } }`,
    };
    const attempt = () => recorded(files, { new: 'new T()', inputs: { x: [3, 4] } });
    await expect(attempt()).rejects.toThrow(/inner shapes/);
    await expect(attempt()).rejects.toThrow(/inner shapes/);
  });
});

describe('weights', () => {
  it('are found in fields, layers and models, in the order of their making, and moved', async () => {
    const text = `${IMPORT}
export class All {
  first = tf.variable(tf.zeros([2]));
  dense = tf.layers.dense({ units: 3, name: 'late' });
  mlp = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3], name: 'inner' }), tf.layers.batchNormalization({ name: 'norm' })] });
  apply(x: tf.Tensor) { return this.mlp.apply(this.dense.apply(x.add(this.first))); }
}`;
    const request = { new: 'new All()', inputs: { x: [5, 2] }, values: true, warm: true } as const;
    const truth = await recorded({ 'weights.ts': text }, { ...request, moveWeights: true });
    const paths = [
      'first',
      'mlp.inner.kernel',
      'mlp.inner.bias',
      'mlp.norm.gamma',
      'mlp.norm.beta',
      'mlp.norm.moving_mean',
      'mlp.norm.moving_variance',
      'dense.kernel',
      'dense.bias',
    ];
    expect(truth.weights?.map(({ path }) => path.replace('movingMean', 'moving_mean').replace('movingVariance', 'moving_variance'))).toEqual(paths);
    expect(truth.weights?.find(({ path }) => path === 'first')?.data.every((value) => value !== 0)).toBe(true);
    expect(truth.weights?.at(6)?.data.every((value) => value > 0)).toBe(true);
  });
});

describe('the command line', () => {
  it('prints one JSON document', () => {
    writeFileSync(join(folder, 'cli.ts'), `${IMPORT}\nexport const twice = (x: tf.Tensor) => x.mul(2);`);
    const command = resolve(import.meta.dirname, 'record.mjs');
    const printed = execFileSync(process.execPath, [command, join(folder, 'cli.ts'), '--new', 'twice', '--inputs', '{"x":[2,3]}'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(JSON.parse(printed)).toMatchObject({
      version: 1,
      file: 'cli.ts',
      outputs: [{ sizes: [2, 3] }],
      values: [{ line: 2, name: 'return', sizes: [2, 3], times: 1 }],
    });
  });
});
