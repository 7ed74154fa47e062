/** Small calls in every form of their arguments, against what torch made of them: shapes and types exactly, values closely; nothing of them is an error. */
import { beforeAll, describe, expect, it } from 'vitest';
import { asConstant } from '../../src/dim/index';
import { outputRefs, typeOf } from '../../src/graph/index';
import type { ShapeGraph } from '../../src/graph/types';
import { prepareRun, type RanOutput, refusalText } from '../../src/run/index';
import { tf, webglLimited } from '../ops/limits';
import { errorsOf, read } from './reading';
import { type Call, calls, difference, numbersOf, tensorsOf } from './truths';

const CLOSE = 1e-4;

beforeAll(() => tf.setBackend('cpu'));

/** The graph's results as `dtype[sizes]`. */
const typesOf = (graph: ShapeGraph): readonly string[] =>
  outputRefs(graph).map((ref) => {
    const type = typeOf(graph, ref);
    return `${type?.dtype}[${type?.shape?.map((size) => asConstant(size) ?? '?') ?? '…'}]`;
  });

async function ran(graph: ShapeGraph, { inputs, weights, train = false }: Call): Promise<readonly RanOutput[]> {
  const given = { inputs: tensorsOf(inputs), ...(weights ? { weights: tensorsOf(weights) } : {}) };
  const ready = prepareRun(graph, {}, { tf: webglLimited, training: train, ...given });
  if ('refusal' in ready) throw new Error(refusalText(ready.refusal));
  const outcome = await ready.prepared.run();
  ready.prepared.dispose();
  if ('refusal' in outcome) throw new Error(refusalText(outcome.refusal));
  return outcome.result.outputs;
}

describe('a call that torch runs', () => {
  it.each(calls().map((call) => [call.id, call] as const))('%s has the shapes and values that it has in torch', async (_, call) => {
    const module = await read(call, true);
    expect(errorsOf(module).join('\n')).toBe('');
    expect(typesOf(module.graph)).toEqual(call.outputs.map(({ shape, dtype }) => `${dtype}[${shape}]`));
    const before = tf.memory().numTensors;
    const outputs = await ran(module.graph, call);
    const far = call.outputs.map((output, at) => difference(numbersOf(output), outputs[at]?.values?.data ?? [])).filter((each) => !(each <= CLOSE));
    expect(far).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(calls().map((call) => [call.id, call] as const))('%s is no error from symbolic sizes', async (_, call) => {
    expect(errorsOf(await read(call, false)).join('\n')).toBe('');
  });
});
