/** What torch holds of more modules, and of its own attention of many heads, byte for byte: sizes bound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, parseExpression } from '../../../src/analysis/analyze';
import { costOf, trainingCostOf } from '../../../src/graph/cost';
import type { ShapeGraph } from '../../../src/graph/types';
import { linesOf } from '../truths';
import { bindingOf, type Given } from './reading';

/** `macs`: where torch's counter knows all steps. `map`: the bytes of all attention maps, where told. `training`: where the peak is held to torch's. */
interface Truth {
  readonly new: string;
  readonly inputs: { readonly [name: string]: Given };
  readonly parameters: number;
  readonly macs?: number;
  readonly map?: number;
  readonly peak: number;
  readonly saved: number;
  readonly training?: number;
}

describe.each(['modules2', 'modules3', 'modules4', 'modules5', 'heads'])('%s', (set) => {
  const file = join(import.meta.dirname, `${set}.py`);
  const source = readFileSync(file, 'utf8');
  const project = createAnalyser(async (path) => (path === file ? source : undefined), import.meta.dirname);
  const truths = linesOf<Truth>(`memory/${set}.jsonl`);

  async function read(truth: Truth, training: boolean): Promise<ShapeGraph> {
    const inputs = new Map(Object.entries(truth.inputs).map(([name, given]) => [name, bindingOf(given)] as const));
    const expression = (await parseExpression(file, truth.new)) ?? expect.fail(truth.new);
    const analysis = await analyzeFile(file, project, { bindings: { training, inputs }, expression });
    return analysis?.modules[0]?.graph ?? expect.fail(`${truth.new} is not read`);
  }

  it.each(truths.map((truth) => [`${truth.new} ${JSON.stringify(truth.inputs)}`, truth] as const))('%s', async (_, truth) => {
    const { parameters, macs, attentionMaps, peakAsWritten } = costOf(await read(truth, false), {});
    expect([parameters.value, peakAsWritten.value]).toEqual([truth.parameters, truth.peak]);
    if (truth.macs !== undefined) expect(macs.value).toBe(truth.macs);
    if (truth.map !== undefined) expect(attentionMaps.reduce((all, { value }) => all + (value ?? Number.NaN), 0)).toBe(truth.map);
    const cost = trainingCostOf(await read(truth, true), {}, true);
    expect(cost?.saved.value).toBe(truth.saved);
    if (truth.training !== undefined) expect(Math.abs((cost?.peak.value ?? 0) / truth.training - 1)).toBeLessThan(0.01);
  });
});
