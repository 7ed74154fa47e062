/** What torch holds of modules, byte for byte: peak of inference, what is kept for backward, peak of training; from symbolic sizes, and with them bound. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, graphAt, parseExpression } from '../../../src/analysis/analyze';
import type { ModuleAnalysis } from '../../../src/analysis/types';
import { valueOfJson } from '../../../src/cli/bindings';
import { evaluate, parse } from '../../../src/dim/index';
import { symbolNames } from '../../../src/graph/bind';
import { type CostFigure, costOf, type GraphCost, trainingCostOf } from '../../../src/graph/cost';
import type { InputBinding } from '../../../src/interpret/index';
import { linesOf } from '../truths';

interface Truth {
  readonly module: string;
  readonly b: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
  readonly inputs: { readonly [name: string]: readonly number[] | number };
  readonly parameters: number;
  readonly macs: number;
  readonly peak: number;
  readonly saved: number;
  readonly training: number;
}

const FILE = join(import.meta.dirname, 'modules.py');
const SOURCE = readFileSync(FILE, 'utf8');
const TRUTHS = linesOf<Truth>('memory/memory.jsonl');

const project = createAnalyser(async (path) => (path === FILE ? SOURCE : undefined), import.meta.dirname);

const bindingOf = (given: readonly number[] | number): InputBinding =>
  typeof given === 'number' ? { kind: 'value', value: valueOfJson(given) } : { kind: 'tensor', shape: given, dtype: 'float32' };

/** The module made with so many channels, its inputs bound or symbolic. */
async function read({ module, c, inputs }: Truth, training: boolean): Promise<ModuleAnalysis> {
  const bindings = { training, inputs: new Map(Object.entries(inputs).map(([name, given]) => [name, bindingOf(given)] as const)) };
  const expression = (await parseExpression(FILE, `${module}(${c})`)) ?? expect.fail(module);
  const analysis = await analyzeFile(FILE, project, { bindings, expression });
  return analysis?.modules[0] ?? expect.fail(`${module} is not read`);
}

const values = ({ parameters, macs, peakAsWritten }: GraphCost) => ({ parameters: parameters.value, macs: macs.value, peak: peakAsWritten.value });

describe.each(TRUTHS.map((truth) => [`${truth.module}, b=${truth.b} c=${truth.c} ${truth.h}×${truth.w}`, truth] as const))('%s', (_, truth) => {
  it('is priced as torch counts it', async () => {
    const { graph } = await read(truth, false);
    expect(values(costOf(graph, {}))).toEqual({ parameters: truth.parameters, macs: truth.macs, peak: truth.peak });
  });

  it('keeps for backward what torch keeps', async () => {
    const cost = trainingCostOf((await read(truth, true)).graph, {}, true);
    expect(cost?.saved.value).toBe(truth.saved);
    expect(Math.abs((cost?.peak.value ?? 0) / truth.training - 1)).toBeLessThan(0.01);
  });
});

/** The sizes of a symbolic reading that give the truth's inputs. */
function sizesOf({ graph }: ModuleAnalysis, { c, h, w, inputs }: Truth): { readonly [name: string]: number } {
  const told = new Map(Object.entries({ channels: c, h, w }));
  for (const { name, ref } of graph.inputs) {
    const given = inputs[name];
    graph.nodes[ref.node]?.outputs[ref.output]?.shape?.forEach(({ text }, axis) => {
      if (Array.isArray(given)) told.set(text, given[axis]);
    });
  }
  const defaults = new Map(graph.symbols.map(({ name, example }) => [name, example] as const));
  return Object.fromEntries(symbolNames(graph).map((name) => [name, told.get(name) ?? defaults.get(name) ?? expect.fail(`no size for ${name}`)]));
}

const formulaAt = ({ formula }: CostFigure, sizes: { readonly [name: string]: number }) => evaluate(parse(formula) ?? expect.fail(formula), sizes);

const CLASSES = [...new Set(TRUTHS.map(({ module }) => module))];

describe.each(CLASSES)('%s from symbols', (name) => {
  it('has formulas that give the bytes', async () => {
    const analysis = await analyzeFile(FILE, project, { name, bindings: { training: false } });
    const module = analysis?.modules[0] ?? expect.fail(`${name} is not read`);
    const rows = TRUTHS.filter((truth) => truth.module === name);
    for (const truth of rows) {
      const sizes = sizesOf(module, truth);
      const { peakAsWritten } = costOf(graphAt(module, sizes), sizes);
      expect([peakAsWritten.value, formulaAt(peakAsWritten, sizes)]).toEqual([truth.peak, truth.peak]);
    }
  });
});
