/** A module's checkpoint: its names are those of `state_dict()`, and what it brings is what runs. */
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareRun, refusalText } from '../../src/run/index';
import { tf } from '../ops/limits';
import { read } from './reading';
import { type RecordedTensor, tensorsOf } from './truths';

const SOURCE = `import torch
import torch.nn as nn


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 2, bias=False)
        self.second = nn.ModuleDict({"tied": self.first, "norm": nn.BatchNorm1d(2)})
        self.unused = nn.Parameter(torch.zeros(3))
        self.register_buffer("shift", torch.arange(2).float())
        self.register_buffer("scratch", torch.zeros(2), persistent=False)

    def forward(self, x):
        return self.first(x) + self.shift
`;

const NAMES = [
  'unused',
  'shift',
  'first.weight',
  'second.tied.weight',
  'second.norm.weight',
  'second.norm.bias',
  'second.norm.running_mean',
  'second.norm.running_var',
  'second.norm.num_batches_tracked',
];

const floats = (shape: readonly number[], data: readonly number[]): RecordedTensor => ({ shape, dtype: 'float32', data });
const CHECKPOINT: Record<string, RecordedTensor> = {
  unused: floats([3], [0, 0, 0]),
  shift: floats([2], [10, 20]),
  'first.weight': floats([2, 2], [1, 2, 3, 4]),
  'second.tied.weight': floats([2, 2], [1, 2, 3, 4]),
  'second.norm.weight': floats([2], [1, 1]),
  'second.norm.bias': floats([2], [0, 0]),
  'second.norm.running_mean': floats([2], [0, 0]),
  'second.norm.running_var': floats([2], [1, 1]),
  'second.norm.num_batches_tracked': { shape: [], dtype: 'int64', data: [7] },
};
const INPUTS = { x: floats([1, 2], [1, 1]) };

beforeAll(() => tf.setBackend('cpu'));

async function prepared(checkpoint: Record<string, RecordedTensor>) {
  const { graph } = await read({ source: SOURCE, new: 'M()', inputs: { x: { shape: [1, 2], dtype: 'float32' } } }, true);
  return { graph, ready: prepareRun(graph, {}, { tf, weights: tensorsOf(checkpoint), inputs: tensorsOf(INPUTS) }) };
}

describe('the state of a module', () => {
  it('has the names of its state_dict, tied weights under each of theirs', async () => {
    const { graph } = await prepared(CHECKPOINT);
    expect(graph.state?.map(({ name }) => name)).toEqual(NAMES);
  });

  it('runs with the buffers that the checkpoint brings, though the code works them out', async () => {
    const { ready } = await prepared(CHECKPOINT);
    if ('refusal' in ready) throw new Error(refusalText(ready.refusal));
    const ran = await ready.prepared.run();
    ready.prepared.dispose();
    expect('result' in ran && Array.from(ran.result.outputs[0]?.values?.data ?? [])).toEqual([13, 27]);
  });

  it.each([
    ['missing', () => Object.fromEntries(Object.entries(CHECKPOINT).filter(([name]) => name !== 'unused')), 'unused'],
    ['spare', () => ({ ...CHECKPOINT, scratch: floats([2], [0, 0]) }), 'scratch'],
    ['misshapen', () => ({ ...CHECKPOINT, shift: floats([3], [1, 2, 3]) }), 'shift'],
  ] as const)('names a weight that is %s', async (_, checkpoint, name) => {
    const { ready } = await prepared(checkpoint());
    expect('refusal' in ready && refusalText(ready.refusal)).toContain(`\`${name}\``);
  });
});
