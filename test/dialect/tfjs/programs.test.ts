/** Whole programs through the interpreter: layers of the user's own, models, and the findings that are tfjs's. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../../src/analysis/analyze';
import { traceModule } from '../../../src/analysis/trace';

const HEAD = "import * as tf from '@tensorflow/tfjs';\n";

interface Read {
  /** The outputs of the module, in words. */
  readonly outputs: string;
  /** The shapes of its rows by name, the last of each. */
  readonly rows: Readonly<Record<string, string>>;
  /** Errors and warnings: `code@line`, the import being line 1. */
  readonly findings: readonly string[];
}

async function read(source: string, name: string): Promise<Read> {
  const project = createAnalyser(async (path) => (path === '/m.ts' ? HEAD + source : undefined));
  const analysis = await analyzeFile('/m.ts', project);
  const module = analysis?.modules.find((one) => one.name === name);
  if (!analysis || !module) throw new Error(`no module ${name}`);
  const trace = traceModule(module, false, (file) => file, []);
  return {
    outputs: trace.outputs.map((output) => JSON.stringify(output.shape)).join(' '),
    rows: Object.fromEntries(trace.values.map((row) => [row.name, JSON.stringify(row.shape)])),
    findings: analysis.diagnostics.filter((one) => one.severity === 'error' || one.severity === 'warning').map((one) => `${one.code}@${one.span.line}`),
  };
}

const layer = (members: string, head = "static className = 'L';"): string => `class L extends tf.layers.Layer {\n${head}\n${members}\n}`;

const WEIGHTED = `constructor(units: number) { super({}); this.units = units; }
build(shape) { this.w = this.addWeight('w', [shape[shape.length - 1], this.units], 'float32', tf.initializers.heNormal()); super.build(shape); }`;

describe('layers of the user', () => {
  it('are built from the shape of their input, then called', async () => {
    const { outputs, findings } = await read(
      layer(
        `${WEIGHTED}\ncall(inputs) { const x = Array.isArray(inputs) ? inputs[0] : inputs; const [b, t, c] = x.shape; return tf.dot(x.reshape([b * t, c]), this.w.read()).reshape([b, t, this.units]); }`,
      ),
      'L',
    );
    expect(outputs).toBe('["b","t","units"]');
    expect(findings).toEqual([]);
  });

  it('that take their input apart are given an array', async () => {
    const { outputs } = await read(
      layer('constructor() { super({}); }\ncall([q, k]) { const [b, n, d] = q.shape; const m = k.reshape([b, -1, d]); return tf.matMul(q, m, false, true); }'),
      'L',
    );
    expect(outputs).toMatch(/^\["b","n",/);
  });

  it('have their claim compared with what call gives', async () => {
    const { findings } = await read(
      layer(
        `${WEIGHTED}\ncomputeOutputShape(s) {\n  return [s[0], this.units * 2];\n}\ncall(inputs) { const x = inputs[0]; return tf.dot(x, this.w.read()); }`,
      ),
      'L',
    );
    expect(findings).toEqual(['output-shape-claim@7']);
  });

  it('may claim what their base class does', async () => {
    const { findings } = await read(
      layer('constructor() { super({}); }\ncomputeOutputShape(s) { return s; }\ncall(x) { const [b, n] = x.shape; return x.mul(tf.ones([n])); }'),
      'L',
    );
    expect(findings).toEqual([]);
  });

  it('need a class name, and initializers and variables as tfjs takes them', async () => {
    const source = layer(
      "constructor() { super({}); }\nbuild(s) { this.w = this.addWeight('w', [s[1], 4], 'float32', 'zeros'); }\ncall(x) { const [b, n] = x.shape; return tf.matMul(x, this.w); }",
      '',
    );
    expect([...(await read(source, 'L')).findings].sort()).toEqual(['argument-type@5', 'layer-class-name@4', 'layer-variable@6']);
  });

  it('are named by their configuration too', async () => {
    const source = layer("constructor() { super({ name: 'mine' }); }\ncall(x) { const [b, n] = x.shape; return x.relu(); }", '');
    expect((await read(source, 'L')).findings).toEqual([]);
  });
});

describe('models', () => {
  const MODEL = `const input = tf.input({ shape: [10, 4] });
  const hidden = tf.layers.dense({ units: 8 }).apply(input);
  const output = tf.layers.add().apply([hidden, tf.layers.dense({ units: 8 }).apply(input)]);
  const model = tf.model({ inputs: input, outputs: output });`;

  it('have the outputs of their last layer', async () => {
    const { outputs, rows } = await read(`function make() {\n${MODEL}\nreturn model;\n}`, 'make');
    expect(outputs).toBe('["b","10","8"]');
    expect(rows).toMatchObject({ hidden: '["b","10","8"]' });
  });

  it('run again on other tensors', async () => {
    const { rows } = await read(
      `function make(x) {\n${MODEL}\nconst [n] = x.shape;\nconst y = model.predict(tf.zeros([n, 10, 4]));\nconst z = model.apply(tf.zeros([3, 10, 4]));\nreturn y;\n}`,
      'make',
    );
    expect(rows).toMatchObject({ y: '["n","10","8"]', z: '["3","10","8"]' });
  });

  it('begin a recurrence with the states that they are given, either way, and run again so', async () => {
    const source = `function make() {
  const words = tf.input({ shape: [9, 4] });
  const [seen, hidden, carry] = tf.layers.lstm({ units: 6, returnSequences: true, returnState: true }).apply(words);
  const answer = tf.input({ shape: [5, 3] });
  const told = tf.layers.lstm({ units: 6, returnSequences: true }).apply(answer, { initialState: [hidden, carry] });
  const beside = tf.layers.lstm({ units: 6 }).apply([answer, hidden, carry]);
  const looked = tf.layers.dot({ axes: [2, 2] }).apply([told, seen]);
  const model = tf.model({ inputs: [words, answer], outputs: [looked, beside] });
  const [map, last] = model.predict([tf.zeros([2, 9, 4]), tf.zeros([2, 5, 3])]);
  return model;
}`;
    const { outputs, rows, findings } = await read(source, 'make');
    expect(outputs).toBe('["b","5","9"] ["b","6"]');
    expect(rows).toMatchObject({ map: '["2","5","9"]', last: '["2","6"]' });
    expect(findings).toEqual([]);
  });

  it('say where a recurrence begins with states of another width', async () => {
    const source = `function make(x: tf.Tensor3D) {
  const first = tf.zeros([x.shape[0], 7]);
  return tf.layers.gru({ units: 6 }).apply(x, { initialState: first });
}`;
    expect((await read(source, 'make')).findings).toEqual([expect.stringMatching(/@4$/)]);
  });

  it('in a sequence begin with what the first layer declares', async () => {
    const source = `function make() {
  const model = tf.sequential({ layers: [tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [28, 28, 1] })] });
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 1, activation: 'softmax' }));
  const y = model.predict(tf.zeros([5, 28, 28, 1]));
  return model;
}`;
    const { outputs, rows, findings } = await read(source, 'make');
    expect(outputs).toBe('["b","1"]');
    expect(rows).toMatchObject({ y: '["5","1"]' });
    expect(findings).toEqual(['softmax-single@6']);
  });

  it.each([
    ['embedding({ inputDim: 100, outputDim: 32, inputLength: 20 })', '["b","20"]', '["b","20","32"]'],
    ['embedding({ inputDim: 100, outputDim: 32 })', '["b","c"]', '["b","c","32"]'],
    ['embedding({ inputDim: 100, outputDim: 32, inputLength: [4, 5] })', '["b","4","5"]', '["b","4","5","32"]'],
    ['embedding({ inputDim: 100, outputDim: 32, inputShape: [7] })', '["b","7"]', '["b","7","32"]'],
    ['embedding({ inputDim: 100, outputDim: 32, batchInputShape: [3, 7], inputLength: 9 })', '["3","7"]', '["3","7","32"]'],
    ['dense({ units: 4, inputDim: 10 })', '["b","10"]', '["b","4"]'],
    ['dense({ units: 4, inputDim: 10, inputShape: [6, 5] })', '["b","6","5"]', '["b","6","4"]'],
    ['dense({ units: 4, inputDim: 10, batchSize: 2 })', '["2","10"]', '["2","4"]'],
  ])('in a sequence take from %s what tfjs takes', async (made, input, output) => {
    const source = `function make() {\nconst m = tf.sequential();\nm.add(tf.layers.${made});\nconst inside = m.inputs[0];\nreturn m;\n}`;
    const { outputs, rows, findings } = await read(source, 'make');
    expect([rows.inside, outputs]).toEqual([input, output]);
    expect(findings).toEqual([]);
  });

  it('in a sequence flatten the words that an embedding gave', async () => {
    const source = `function make() {
  const m = tf.sequential();
  m.add(tf.layers.embedding({ inputDim: 100, outputDim: 32, inputLength: 20 }));
  m.add(tf.layers.reshape({ targetShape: [20 * 32] }));
  return m;
}`;
    expect(await read(source, 'make')).toMatchObject({ outputs: '["b","640"]', findings: [] });
  });

  it('do not take a symbolic tensor into a function', async () => {
    const { findings } = await read('function make() {\nconst x = tf.input({ shape: [4] });\nconst y = tf.relu(x);\nreturn y;\n}', 'make');
    expect(findings).toEqual(['symbolic-tensor@4']);
  });

  it('say on the line of a layer that its input does not fit', async () => {
    const source = `function make() {
  const x = tf.input({ shape: [10, 4] });
  const y = tf.layers.conv2d({ filters: 2, kernelSize: 1 }).apply(x);
  return tf.model({ inputs: x, outputs: y });
}`;
    expect((await read(source, 'make')).findings).toEqual(['layer-rank@4']);
  });
});

describe('functions', () => {
  it('that are not modelled give a tensor that says so', async () => {
    const { rows, findings } = await read('function f(x: tf.Tensor2D) { const y = tf.spectral.rfft(x); const z = y.add(1); return z; }', 'f');
    expect(rows).toMatchObject({ y: 'null', z: 'null' });
    expect(findings).toEqual([]);
  });

  it('run what is given to tidy, customGrad and profile', async () => {
    const { rows } = await read(
      'function f(x: tf.Tensor2D) { const y = tf.tidy(() => x.transpose()); const g = tf.customGrad((a, save) => ({ value: a.sum(1), gradFunc: (dy) => dy })); const z = g(x); return z; }',
      'f',
    );
    expect(rows).toMatchObject({ y: '["c","n"]', z: '["n"]' });
  });

  it('lack no argument that tfjs needs', async () => {
    const { findings } = await read('function f(x: tf.Tensor2D) {\nconst y = tf.matMul(x);\nreturn y;\n}', 'f');
    expect(findings).toEqual(['missing-argument@3']);
  });
});

describe('what is known beside what is not', () => {
  it('a reshape to known sizes of what has no known shape', async () => {
    const { outputs } = await read(
      `export function regroup(x: tf.Tensor3D, tries: number[]) {
  const [b, n, c] = x.shape;
  let groups = 1;
  for (const one of tries) if (c % one === 0) groups *= 2;
  const split = tf.reshape(x, groups > 1 ? [b, n, groups, c / groups] : [b, n * c]);
  return tf.reshape(split.mul(2), [b, n, c]);
}`,
      'regroup',
    );
    expect(outputs).toBe('["b","n","c"]');
  });

  it('a range up to half of a size', async () => {
    const { outputs, rows, findings } = await read(
      `export function turned(x: tf.Tensor3D) {
  const [b, n, d] = x.shape;
  const free = tf.range(0, d / 2);
  const angles = tf.outerProduct(tf.range(0, n), free).expandDims(0);
  const [left, right] = tf.split(x, 2, 2);
  return tf.concat([left.mul(angles.cos()), right.mul(angles.sin())], 2);
}`,
      'turned',
    );
    expect(rows.free).toBe('["d//2"]');
    expect(outputs).toBe('["b","n","d"]');
    expect(findings).toEqual([]);
  });

  it('rows of numbers, each of which is the one or the other', async () => {
    const { rows } = await read(
      `export function waves(x: tf.Tensor3D, swapped: boolean) {
  const [, n, c] = x.shape;
  const rows = Array.from({ length: n }, (_, at) =>
    Array.from({ length: c }, (_, i) => {
      if (swapped) { return i % 2 ? Math.sin(at) : Math.cos(at); }
      return i % 2 ? Math.cos(at) : Math.sin(at);
    }));
  const table = tf.tensor2d(rows);
  return x.add(table);
}`,
      'waves',
    );
    expect(rows.table).toBe('["n","c"]');
  });

  it('as many models side by side as a size says', async () => {
    const { outputs } = await read(
      `function head(width: number, units: number) {
  const input = tf.input({ shape: [null, width] });
  return tf.model({ inputs: input, outputs: tf.layers.dense({ units }).apply(input) as tf.SymbolicTensor });
}
export function heads(count: number, width: number, units: number) {
  const input = tf.input({ shape: [null, width] });
  const all = Array.from({ length: count }, () => head(width, units));
  const joined = tf.layers.concatenate({ axis: -1 }).apply(all.map((one) => one.apply(input) as tf.SymbolicTensor)) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: joined });
}`,
      'heads',
    );
    expect(outputs).toMatch(/,"count\*units"\]$/);
  });

  it('keys shared by groups of heads, repeated only where there are several', async () => {
    const { outputs, rows } = await read(
      `export function shared(x: tf.Tensor3D, heads: number, pairs: number) {
  const [b, n, c] = x.shape;
  const width = c / pairs;
  const each = heads / pairs;
  let keys = x.reshape([b, n, pairs, width]);
  if (each > 1) keys = keys.expandDims(3).tile([1, 1, 1, each, 1]).reshape([b, n, heads, width]);
  const turned = keys.transpose([0, 2, 1, 3]);
  return turned;
}`,
      'shared',
    );
    expect(rows.turned).toBe('["b","heads","n","c//pairs"]');
    expect(outputs).toBe('["b","heads","n","c//pairs"]');
  });

  it('a mask that is written number by number, and kept by its length', async () => {
    const { outputs, rows, findings } = await read(
      `const kept = new Map<number, tf.Tensor2D>();
function maskOf(length: number) {
  let mask = kept.get(length);
  if (!mask) {
    const table = tf.buffer([length, length], 'float32');
    for (let i = 0; i < length; i++) for (let j = i + 1; j < length; j++) table.set(-1e9, i, j);
    mask = table.toTensor() as tf.Tensor2D;
    kept.set(length, mask);
  }
  return mask;
}
export function masked(x: tf.Tensor3D) {
  const [, n] = x.shape;
  const first = tf.matMul(x, x, false, true).add(maskOf(n));
  const second = first.mul(2).add(maskOf(n));
  return second;
}`,
      'masked',
    );
    expect(rows).toMatchObject({ first: '["b","n","n"]', second: '["b","n","n"]' });
    expect(outputs).toBe('["b","n","n"]');
    expect(findings).toEqual([]);
  });
});
