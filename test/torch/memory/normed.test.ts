/** Weights that are worked out on each call, and checkpoints: what torch holds of them, byte for byte. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../../src/analysis/analyze';
import { AS_WRITTEN, priceOf } from '../../../src/analysis/pricing/index';
import type { Figures } from '../../../src/analysis/types';

interface Truth {
  readonly module: string;
  readonly x: readonly number[];
  readonly macs: number;
  readonly parameters: number;
  readonly peak: number;
  readonly saved: number;
  readonly training: number;
}

const at = (name: string): string => join(import.meta.dirname, name);

const truthsOf = (name: string): Truth[] =>
  readFileSync(at(`${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Truth);

function analysed(name: string) {
  const path = at(`${name}.py`);
  const source = readFileSync(path, 'utf8');
  return analyzeFile(
    path,
    createAnalyser(async (asked) => (asked === path ? source : undefined), import.meta.dirname),
  );
}

const [normed, checked] = [analysed('normed'), analysed('checked')];

async function moduleOf(file: ReturnType<typeof analysed>, name: string) {
  return (await file)?.modules.find((one) => one.name === name) ?? expect.fail(`no ${name}`);
}

async function figuresOf(file: ReturnType<typeof analysed>, { module, x }: Truth): Promise<Figures> {
  const names = x.length === 4 ? ['b', 'c', 'h', 'w'] : ['b', 'n', 'c'];
  const sizes = Object.fromEntries(names.map((name, axis) => [name, x[axis] ?? 1]));
  const { figures, reason } = priceOf(await moduleOf(file, module), { ...AS_WRITTEN, sizes: { ...sizes, channels: sizes.c ?? 1 } });
  expect(reason).toBeUndefined();
  return figures;
}

const exact = ({ peakInference, saved, parameters, macs }: Figures) => [peakInference.value, saved.value, parameters.value, macs.value];

describe('weights that are worked out on each call', () => {
  it.each(truthsOf('normed'))('$module of $x', async (truth) => {
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
  it.each(truthsOf('checked'))('$module of $x', async (truth) => {
    const figures = await figuresOf(checked, truth);
    expect([...exact(figures), figures.peakTraining.value]).toEqual([truth.peak, truth.saved, truth.parameters, truth.macs, truth.training]);
  });

  it('have no peak of training where it may be that they run a backward of their own', async () => {
    const path = at('checked.py');
    const source = readFileSync(path, 'utf8').replaceAll(', use_reentrant=False', '');
    const found = await analyzeFile(
      path,
      createAnalyser(async (asked) => (asked === path ? source : undefined), import.meta.dirname),
    );
    const block = found?.modules.find(({ name }) => name === 'Blocks') ?? expect.fail('no Blocks');
    const { saved, peakTraining } = priceOf(block, { ...AS_WRITTEN, sizes: { b: 1, n: 64, c: 16, channels: 16 } }).figures;
    expect([saved.value, peakTraining.value]).toEqual([16896, undefined]);
    expect(peakTraining.unknown).toBe('backward runs the steps of a checkpoint once more: that is followed where `use_reentrant` is False');
  });
});
