/** What the gallery's modules cost, as torch counts it: parameters and multiply-accumulates of all; memory of those whose attention is no fused kernel. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, parseExpression } from '../../../src/analysis/analyze';
import { costOf, trainingCostOf } from '../../../src/graph/cost';
import type { ShapeGraph } from '../../../src/graph/types';
import { linesOf } from '../truths';
import { bindingOf, type Given } from './reading';

interface Truth {
  readonly file: string;
  readonly new: string;
  readonly inputs: { readonly [name: string]: Given };
  readonly parameters: number;
  readonly macs: number;
  readonly peak?: number;
  readonly saved?: number;
  readonly training?: number;
}

/** The peak of training is within a hundredth; of a criss-cross of three turns at sizes as small as here it is 1.1 %. */
const NEARLY = 0.012;

const GALLERY = resolve(import.meta.dirname, '../../../media/gallery/pytorch');
const TRUTHS = linesOf<Truth>('memory/gallery.jsonl');

const project = createAnalyser(async (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}, GALLERY);

async function read(truth: Truth, training: boolean): Promise<ShapeGraph> {
  const file = join(GALLERY, truth.file);
  const inputs = new Map(Object.entries(truth.inputs).map(([name, given]) => [name, bindingOf(given)] as const));
  const expression = (await parseExpression(file, truth.new)) ?? expect.fail(truth.new);
  const analysis = await analyzeFile(file, project, { bindings: { training, inputs }, expression });
  return analysis?.modules[0]?.graph ?? expect.fail(`${truth.new} is not read`);
}

const named = (truths: readonly Truth[]) => truths.map((truth) => [`${truth.file} ${truth.new}`, truth] as const);

describe.each(named(TRUTHS))('%s', (_, truth) => {
  it('costs what torch counts', async () => {
    const cost = costOf(await read(truth, false), {});
    expect([cost.parameters.value, cost.macs.value]).toEqual([truth.parameters, truth.macs]);
    if (truth.peak !== undefined) expect(cost.peakAsWritten.value).toBe(truth.peak);
  });
});

describe.each(named(TRUTHS.filter(({ saved }) => saved !== undefined)))('%s', (_, truth) => {
  it('keeps what torch keeps', async () => {
    const cost = trainingCostOf(await read(truth, true), {}, true);
    expect(cost?.saved.value).toBe(truth.saved);
    if (truth.training !== undefined) expect(Math.abs((cost?.peak.value ?? 0) / truth.training - 1)).toBeLessThan(NEARLY);
  });
});
