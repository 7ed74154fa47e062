import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { costOf, decodeGraph, encodeGraph, type ShapeGraph } from '../../src/graph/index';
import { type Prepared, type PrepareOptions, prepareRun, type RunOptions, type RunResult, refusalText, type TensorData } from '../../src/run/index';
import { Builder, dim, selfAttention } from '../graph/builder';

const SIZES = { b: 2, n: 6, c: 8 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Nothing may be left behind, whatever a test did. */
afterEach(() => {
  expect(tf.memory().numTensors).toBe(0);
});

async function withRun<T>(
  graph: ShapeGraph,
  sizes: { readonly [name: string]: number },
  options: Omit<PrepareOptions, 'tf'>,
  use: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  const ready = prepareRun(graph, sizes, { tf, ...options });
  if ('refusal' in ready) throw new Error(refusalText(ready.refusal));
  try {
    return await use(ready.prepared);
  } finally {
    ready.prepared.dispose();
  }
}

async function ran(
  graph: ShapeGraph,
  sizes: { readonly [name: string]: number } = SIZES,
  prepare: Omit<PrepareOptions, 'tf'> = {},
  run: RunOptions = {},
): Promise<RunResult> {
  const outcome = await withRun(graph, sizes, prepare, (prepared) => prepared.run(run));
  if ('refusal' in outcome) throw new Error(refusalText(outcome.refusal));
  return outcome.result;
}

function refusal(graph: ShapeGraph, sizes: { readonly [name: string]: number }, options: Omit<PrepareOptions, 'tf'> = {}) {
  const ready = prepareRun(graph, sizes, { tf, ...options });
  if ('prepared' in ready) {
    ready.prepared.dispose();
    throw new Error('it was not refused');
  }
  return { ...ready.refusal, text: refusalText(ready.refusal) };
}

const tensor = (shape: readonly number[], start: number): TensorData => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, at) => Math.sin(start + at * 0.7)),
});

const given = {
  weights: new Map([
    ['q', tensor([8, 8], 1)],
    ['k', tensor([8, 8], 2)],
    ['v', tensor([8, 8], 3)],
  ]),
  inputs: new Map([['x', tensor([2, 6, 8], 4)]]),
};

function directly(): Float32Array {
  const [x, q, k, v] = [given.inputs.get('x'), given.weights.get('q'), given.weights.get('k'), given.weights.get('v')].map((each) =>
    tf.tensor(each?.data ?? [], [...(each?.shape ?? [])]),
  );
  const out = tf.tidy(() => {
    if (!x || !q || !k || !v) throw new Error('unreachable');
    const [a, b, c] = [q, k, v].map((weight) => tf.reshape(tf.matMul(tf.reshape(x, [12, 8]), weight), [2, 6, 8]));
    if (!a || !b || !c) throw new Error('unreachable');
    return tf.matMul(tf.softmax(tf.div(tf.matMul(a, b, false, true), 4)), c);
  });
  const values = out.dataSync() as Float32Array;
  tf.dispose([x, q, k, v, out]);
  return values;
}

describe('a run', () => {
  it('gives what the same block written by hand gives', async () => {
    const { outputs, backend, disagreements } = await ran(selfAttention(), SIZES, given);
    const expected = directly();
    const values = outputs[0]?.values?.data ?? [];
    expect(values).toHaveLength(expected.length);
    expect(Math.max(...expected.map((value, at) => Math.abs(value - Number(values[at]))))).toBeLessThan(1e-5);
    expect([backend, disagreements]).toEqual(['cpu', []]);
  });

  it('runs a graph that came as JSON', async () => {
    const decoded = decodeGraph(JSON.parse(JSON.stringify(encodeGraph(selfAttention()))));
    if ('error' in decoded) throw new Error(decoded.error);
    expect((await ran(decoded.graph, SIZES, given)).outputs[0]?.values?.data).toEqual((await ran(selfAttention(), SIZES, given)).outputs[0]?.values?.data);
  });

  it('holds at its peak what was predicted', async () => {
    for (const sizes of [SIZES, { b: 1, n: 40, c: 4 }, { b: 3, n: 2, c: 16 }]) {
      const { peakBytes } = await ran(selfAttention(), sizes);
      expect(peakBytes).toBe(costOf(selfAttention(), sizes).peakAsRun.value);
    }
  });

  it('is the same for the same seed, and differs for another', async () => {
    const values = async (seed: number) => [...((await ran(selfAttention(), SIZES, { seed })).outputs[0]?.values?.data ?? [])];
    expect(await values(1)).toEqual(await values(1));
    expect(await values(1)).not.toEqual(await values(2));
  });

  it('runs as often as asked with one set of weights', async () => {
    await withRun(selfAttention(), SIZES, {}, async (prepared) => {
      const first = await prepared.run();
      const second = await prepared.run();
      if (!('result' in first) || !('result' in second)) throw new Error('refused');
      expect(second.result.outputs).toEqual(first.result.outputs);
    });
  });

  it('gives statistics, times and the values that are asked for', async () => {
    const seen: number[] = [];
    const { steps } = await ran(
      selfAttention(),
      SIZES,
      {},
      { timing: true, statistics: true, capture: (_, __, bytes) => bytes === 4 * 2 * 6 * 6, onStep: ({ node }) => seen.push(node) },
    );
    const attention = steps.find(({ node }) => selfAttention().nodes[node]?.op === 'softmax');
    const output = attention?.outputs[0];
    expect(seen).toEqual(steps.map(({ node }) => node));
    expect(output?.ran).toEqual([2, 6, 6]);
    expect(output?.statistics?.finite).toBe(true);
    expect(output?.statistics?.mean).toBeCloseTo(1 / 6, 6);
    expect(output?.values?.shape).toEqual([2, 6, 6]);
    expect(steps.filter(({ ms }) => ms !== undefined && ms >= 0)).toHaveLength(steps.length - 4);
    expect(steps.filter(({ outputs }) => outputs[0]?.values).length).toBe(3);
  });

  it('runs at a size of 0, and finds no values in what is empty', async () => {
    const result = await ran(selfAttention(), { ...SIZES, b: 0 }, {}, { statistics: true, capture: () => true });
    expect(result.disagreements).toEqual([]);
    const empty = result.steps.flatMap(({ outputs }) => outputs.filter(({ ran: shape }) => shape.includes(0)));
    expect(empty.length).toBeGreaterThan(5);
    expect(empty.filter(({ statistics, values }) => !statistics?.finite || values?.data.length !== 0)).toEqual([]);
  });

  it('lets other work go on', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    await ran(selfAttention(), { b: 4, n: 160, c: 32 }, {}, { pauseEvery: 0 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it('says where a prediction and what ran disagree', async () => {
    const graph = selfAttention();
    const softmax = graph.nodes.find(({ op }) => op === 'softmax');
    const nodes = graph.nodes.map((node) =>
      node === softmax ? { ...node, outputs: [{ shape: [dim('b'), dim('n'), dim('n + 1')], dtype: 'float32' as const }] } : node,
    );
    const { disagreements } = await ran({ ...graph, nodes });
    expect(disagreements).toEqual([{ node: softmax?.id, output: 0, predicted: [2, 6, 7], ran: [2, 6, 6] }]);
  });

  it('draws indices that their table holds', async () => {
    const builder = new Builder();
    const ids = builder.input('ids', ['b', 'n'], 'int32');
    const rows = builder.op('gather', [builder.parameter('table', [3, 'c']), ids], { axis: 0, batchDims: 0 });
    const { outputs } = await ran(builder.graph([rows, ids]), { b: 5, n: 20, c: 2 }, {}, { statistics: true });
    expect(outputs[0]?.ran).toEqual([5, 20, 2]);
    expect(outputs[0]?.statistics?.finite).toBe(true);
    expect(new Set(outputs[1]?.values?.data)).toEqual(new Set([0, 1, 2]));
  });

  it('goes on past a step that fails where the result does not need it', async () => {
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    const wrong = builder.node('reshape', [x], { shape: [5] }, [{ shape: [dim(5)], dtype: 'float32' }]);
    builder.name('wrong', wrong);
    builder.name('after', builder.op('neg', [wrong]));
    const { steps, outputs } = await ran(builder.graph([builder.op('exp', [x])]), { n: 3 });
    expect(outputs[0]?.ran).toEqual([3]);
    expect(steps.map(({ error }) => error !== undefined)).toEqual([false, true, true, false]);
  });
});

describe('a run is refused', () => {
  it('over the limit of bytes, before anything is made', () => {
    const { code, text } = refusal(selfAttention(), { b: 2, n: 100_000, c: 64 }, { limits: { maxBytes: 1e9 } });
    expect(code).toBe('memory');
    expect(text).toMatch(/^it would hold \d+ bytes, more than the limit of 1000000000$/);
    expect(tf.memory().numTensors).toBe(0);
  });

  it('over the limit where bytes are too many to count', () => {
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    const square = builder.op('mul', [builder.op('expandDims', [x], { axis: 0 }), builder.op('expandDims', [x], { axis: 1 })]);
    const graph = builder.graph([builder.op('mul', [square, square])]);
    expect(refusal(graph, { n: 100_000_000 }, { limits: { maxBytes: 1e10 } })).toMatchObject({ code: 'memory' });
  });

  it('over the largest texture', () => {
    const refused = refusal(selfAttention(), { b: 1, n: 100, c: 8 }, { limits: { maxTextureSize: 32 } });
    expect(refused).toMatchObject({ code: 'texture', text: 'a tensor of [1, 100, 100] has 10000 values, more than a texture of this device holds (4096)' });
  });

  it('where a size is missing or none', () => {
    expect(refusal(selfAttention(), { b: 2, n: -1, c: 8 }).text).toBe('size `n` must be a whole number from 0 on');
    expect(refusal(selfAttention(), { b: 2, c: 8 })).toMatchObject({ code: 'sizes' });
  });

  it('where a need is broken, by its words', () => {
    const builder = new Builder();
    builder.need('8', 'divides', 'c');
    expect(refusal(selfAttention(builder), { b: 2, n: 3, c: 12 })).toMatchObject({
      code: 'sizes',
      text: '`c % 8 == 0` does not hold: 8 against 12',
      place: { line: 4 },
    });
  });

  it.each([
    ['join', { condition: 'mask != null' }, 'a branch on `mask != null` is not decided, so it cannot be executed'],
    ['unknown', { reason: 'no rule for `tf.fft`' }, 'a step is not known, because no rule for `tf.fft`'],
    ['constant', { values: null }, 'the values of a constant are not known from the source'],
    ['frobnicate', {}, 'there is no kernel for `frobnicate`'],
  ])('at a step `%s` that the result needs, with its place', (op, attributes, text) => {
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    const node = builder.node(op, [x], attributes, [{ shape: [dim('n')], dtype: 'float32' }]);
    expect(refusal(builder.graph([builder.op('exp', [node])]), { n: 3 })).toMatchObject({
      code: 'unsupported',
      operator: op === 'unknown' ? 'tf.fft' : op,
      text,
      place: { line: 11 },
    });
  });

  it('not where only a name needs such a step', async () => {
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    builder.name('y', builder.node('unknown', [x], { reason: 'why' }, [{ shape: null, dtype: 'float32' }]));
    expect((await ran(builder.graph([builder.op('exp', [x])]), { n: 3 })).steps).toHaveLength(2);
  });

  it('for a result that is unknown', () => {
    const builder = new Builder();
    builder.input('x', ['n']);
    expect(refusal(builder.graph([{ kind: 'unknown', reason: 'no rule' }]), { n: 3 })).toMatchObject({
      code: 'unsupported',
      text: 'a result is not known, because no rule',
    });
  });

  it.each([
    [
      'missing',
      new Map([
        ['q', tensor([8, 8], 1)],
        ['k', tensor([8, 8], 1)],
      ]),
      'weight `v` is missing',
    ],
    ['spare', new Map([...given.weights, ['w', tensor([1], 1)]]), 'weight `w` belongs to nothing'],
    ['wrongly shaped', new Map([...given.weights, ['v', tensor([8, 4], 1)]]), 'weight `v` has shape [8, 4], but [8, 8] is needed'],
  ])('for a weight that is %s', (_, weights, text) => {
    expect(refusal(selfAttention(), SIZES, { weights })).toMatchObject({ code: 'weights', text });
  });

  it('for an input that is spare or wrongly shaped', () => {
    expect(refusal(selfAttention(), SIZES, { inputs: new Map([['y', tensor([1], 1)]]) }).text).toBe('there is no input `y`');
    expect(refusal(selfAttention(), SIZES, { inputs: new Map([['x', tensor([1], 1)]]) }).text).toBe('input `x` has shape [1], but [2, 6, 8] is needed');
  });
});

describe('a run ends', () => {
  async function ended(reason: unknown, when: 'before' | 'during') {
    const control = new AbortController();
    if (when === 'before') control.abort(reason);
    const steps: number[] = [];
    const onStep = ({ node }: { readonly node: number }) => {
      steps.push(node);
      control.abort(reason);
    };
    const outcome = await withRun(selfAttention(), SIZES, {}, (prepared) => prepared.run({ signal: control.signal, onStep }));
    return { code: 'refusal' in outcome ? outcome.refusal.code : 'ran', steps: steps.length };
  }

  it('when it is cancelled, and frees what it made', async () => {
    expect(await ended('user', 'during')).toEqual({ code: 'cancelled', steps: 1 });
    expect(await ended('user', 'before')).toEqual({ code: 'cancelled', steps: 0 });
  });

  it('when the device is lost', async () => {
    expect(await ended('lost', 'during')).toEqual({ code: 'lost', steps: 1 });
  });

  it('while values are being read that never come', async () => {
    const control = new AbortController();
    const slow = withRun(selfAttention(), SIZES, {}, async (prepared) => {
      const read = tf.Tensor.prototype.data;
      tf.Tensor.prototype.data = () => new Promise(() => {});
      setTimeout(() => control.abort('lost'), 10);
      try {
        return await prepared.run({ signal: control.signal, statistics: true });
      } finally {
        tf.Tensor.prototype.data = read;
      }
    });
    expect(await slow).toMatchObject({ refusal: { code: 'lost' } });
  });

  it('with the operator and its place when a kernel fails', async () => {
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    const wrong = builder.node('reshape', [x], { shape: [5] }, [{ shape: [dim(5)], dtype: 'float32' }]);
    const outcome = await withRun(builder.graph([wrong]), { n: 3 }, {}, (prepared) => prepared.run());
    expect(outcome).toMatchObject({ refusal: { code: 'failed', operator: 'reshape', place: { line: 11 } } });
  });

  it('refuses a step that tfjs refuses for its types, though the kernel could bring them together', async () => {
    const builder = new Builder();
    const [x, at] = [builder.input('x', ['n', 3]), builder.input('at', [2])];
    const graph = builder.graph([builder.node('gather', [x, at], { axis: 0, batchDims: 0 }, [{ shape: [dim(2), dim(3)], dtype: 'float32' }])]);
    const outcome = await withRun(graph, { n: 4 }, {}, (prepared) => prepared.run());
    expect(() => tf.tidy(() => tf.gather(tf.zeros([4, 3]), tf.zeros([2])))).toThrow('must be int32');
    expect(outcome).toMatchObject({ refusal: { code: 'failed', args: { message: 'float32 is given, int32 is wanted' } } });
  });
});

describe('a step', () => {
  it('may give back its operand, or share it, and frees nothing of others', async () => {
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    const same = builder.op('identity', [x]);
    const view = builder.op('reshape', [same], { shape: [1, -1] });
    const { outputs, peakBytes } = await ran(builder.graph([view, builder.op('add', [same, x]), x]), { n: 4 });
    expect(outputs.map((output) => output.ran)).toEqual([[1, 4], [4], [4]]);
    expect(peakBytes).toBe(32);
  });

  it('has several outputs', async () => {
    const builder = new Builder();
    const x = builder.input('x', ['n', 6]);
    const parts = builder.op('split', [x], { sizes: 3, axis: 1 });
    const sum = builder.op('add', [parts, { node: parts.node, output: 2 }]);
    const { outputs } = await ran(builder.graph([sum]), { n: 4 });
    expect(outputs[0]?.ran).toEqual([4, 2]);
  });
});
