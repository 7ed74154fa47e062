/** Checkpoints: by which names a module takes its weights, and what it says of one that does not fit. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeGraph, encodeGraph, type GraphState, type ShapeGraph } from '../../src/graph/index';
import type { DType } from '../../src/ops/operator';
import { type NamedTensors, prepareRun, refusalText, type TensorData } from '../../src/run/index';
import { Builder, dim } from '../graph/builder';

beforeAll(() => tf.setBackend('cpu'));

const floats = (shape: readonly number[], value: number): TensorData => ({
  shape,
  dtype: 'float32',
  data: new Float32Array(shape.reduce((all, size) => all * size, 1)).fill(value),
});
const wholes = (shape: readonly number[], value: number): TensorData => ({ ...floats(shape, 0), dtype: 'int64', data: Int32Array.of(value) });

/** `x * scale`, in a module that also holds what its forward does not use. */
function scaled(): ShapeGraph {
  const builder = new Builder();
  builder.symbol('n', 'data');
  const x = builder.input('x', ['n', 3]);
  const scale = builder.parameter('scale', [3]);
  const graph = builder.graph([builder.op('mul', [x, scale])]);
  const state = (name: string, sizes: readonly (string | number)[], dtype: DType, trainable: boolean, node?: number): GraphState => ({
    name,
    type: { shape: sizes.map(dim), dtype },
    trainable,
    ...(node === undefined ? {} : { node }),
  });
  return {
    ...graph,
    state: [
      state('scale', [3], 'float32', true, scale.node),
      state('tied.scale', [3], 'float32', true, scale.node),
      state('norm.count', [], 'int64', false),
      state('unused.weight', [2, 'n'], 'float32', true),
    ],
  };
}

const GOOD: NamedTensors = new Map([
  ['scale', floats([3], 2)],
  ['tied.scale', floats([3], 5)],
  ['norm.count', wholes([], 1)],
  ['unused.weight', floats([2, 4], 0)],
]);

const prepared = (weights: NamedTensors, graph = scaled()) => prepareRun(graph, { n: 4 }, { tf, weights, inputs: new Map([['x', floats([4, 3], 1)]]) });

function refused(weights: NamedTensors): string {
  const made = prepared(weights);
  if ('prepared' in made) throw new Error('it was not refused');
  expect(made.refusal.code).toBe('weights');
  return refusalText(made.refusal);
}

describe('a checkpoint', () => {
  it('gives the weights that the forward uses, and may hold those that it does not', async () => {
    const made = prepared(GOOD);
    if ('refusal' in made) throw new Error(refusalText(made.refusal));
    const ran = await made.prepared.run();
    made.prepared.dispose();
    // Of names that share a weight the last one is loaded last.
    expect('result' in ran && [...new Set(ran.result.outputs[0]?.values?.data)]).toEqual([5]);
  });

  it('fits the graph as JSON, too', () => {
    const decoded = decodeGraph(JSON.parse(JSON.stringify(encodeGraph(scaled()))));
    if ('error' in decoded) throw new Error(decoded.error);
    expect(decoded.graph.state).toEqual(scaled().state);
    const made = prepared(GOOD, decoded.graph);
    expect('prepared' in made).toBe(true);
    if ('prepared' in made) made.prepared.dispose();
  });

  it('is refused with each name that is missing, spare or misshapen', () => {
    const given = new Map([...GOOD, ['unused.weight', floats([2, 5], 0)] as const, ['head.bias', floats([1], 0)] as const]);
    given.delete('tied.scale');
    expect(refused(given)).toBe(
      'weight `tied.scale` is missing; weight `unused.weight` has shape [2, 5], but [2, 4] is needed; weight `head.bias` belongs to nothing',
    );
  });

  it('may hold whole numbers as floating ones, but no trained weight as whole numbers', () => {
    const made = prepared(new Map([...GOOD, ['norm.count', floats([], 7)]]));
    expect('prepared' in made).toBe(true);
    if ('prepared' in made) made.prepared.dispose();
    expect(refused(new Map([...GOOD, ['norm.count', floats([], 0.5)]]))).toBe('weight `norm.count` holds float32, but int64 is needed');
    const counts: TensorData = { shape: [3], dtype: 'int64', data: Int32Array.of(1, 2, 3) };
    expect(refused(new Map([...GOOD, ['scale', counts]]))).toBe('weight `scale` holds int64, but float32 is needed');
  });
});

describe('inputs', () => {
  it('are refused with each that does not fit', () => {
    const inputs: NamedTensors = new Map([
      ['x', floats([3, 4], 1)],
      ['y', floats([1], 0)],
    ]);
    const made = prepareRun(scaled(), { n: 4 }, { tf, inputs });
    expect('refusal' in made && refusalText(made.refusal)).toBe('input `x` has shape [3, 4], but [4, 3] is needed; there is no input `y`');
  });
});
