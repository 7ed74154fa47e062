/** Weights that are worked out on each call, and checkpoints: what torch holds of them, byte for byte. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AS_WRITTEN, priceOf } from '../../../src/analysis/pricing/index';
import type { Figures } from '../../../src/analysis/types';
import { linesOf } from '../truths';
import { analysed, at, sizesOf } from './reading';

interface Truth {
  readonly module: string;
  readonly x: readonly number[];
  readonly macs: number;
  readonly parameters: number;
  readonly peak: number;
  readonly saved: number;
  readonly training: number;
}

const [normed, checked] = [analysed('normed.py'), analysed('checked.py')];

async function moduleOf(file: ReturnType<typeof analysed>, name: string) {
  return (await file)?.modules.find((one) => one.name === name) ?? expect.fail(`no ${name}`);
}

async function figuresOf(file: ReturnType<typeof analysed>, { module, x }: Truth): Promise<Figures> {
  const sizes = sizesOf(x);
  const { figures, reason } = priceOf(await moduleOf(file, module), { ...AS_WRITTEN, sizes: { ...sizes, channels: sizes.c ?? 1 } });
  expect(reason).toBeUndefined();
  return figures;
}

const exact = ({ peakInference, saved, parameters, macs }: Figures) => [peakInference.value, saved.value, parameters.value, macs.value];

describe('weights that are worked out on each call', () => {
  it.each(linesOf<Truth>('memory/normed.jsonl'))('$module of $x', async (truth) => {
    const figures = await figuresOf(normed, truth);
    expect([...exact(figures), figures.peakTraining.value]).toEqual([truth.peak, truth.saved, truth.parameters, truth.macs, truth.training]);
  });

  it('are kept in a checkpoint under the names that torch gives them', async () => {
    const { state } = (await moduleOf(normed, 'Discriminator')).graph;
    expect(state?.map(({ name }) => name)).toEqual(
      ['a', 'b'].flatMap((part) => ['bias', 'weight_orig', 'weight_u', 'weight_v'].map((name) => `${part}.${name}`)),
    );
    const parametrised = (await moduleOf(normed, 'WeightedParametrised')).graph.state;
    expect(parametrised?.slice(0, 3).map(({ name }) => name)).toEqual(['a.bias', 'a.parametrizations.weight.original0', 'a.parametrizations.weight.original1']);
  });
});

describe('checkpoints', () => {
  it.each(linesOf<Truth>('memory/checked.jsonl'))('$module of $x', async (truth) => {
    const figures = await figuresOf(checked, truth);
    expect([...exact(figures), figures.peakTraining.value]).toEqual([truth.peak, truth.saved, truth.parameters, truth.macs, truth.training]);
  });

  it('have no peak of training where it may be that they run a backward of their own', async () => {
    const found = await analysed('checked.py', readFileSync(at('checked.py'), 'utf8').replaceAll(', use_reentrant=False', ''));
    const block = found?.modules.find(({ name }) => name === 'Blocks') ?? expect.fail('no Blocks');
    const { saved, peakTraining } = priceOf(block, { ...AS_WRITTEN, sizes: { b: 1, n: 64, c: 16, channels: 16 } }).figures;
    expect([saved.value, peakTraining.value]).toEqual([16896, undefined]);
    expect(peakTraining.unknown).toBe('backward runs the steps of a checkpoint once more: that is followed where `use_reentrant` is False');
  });
});
