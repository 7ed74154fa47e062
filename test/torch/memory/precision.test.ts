/** What torch holds of modules in halves and under autocast, byte for byte; and what it refuses there has no figure. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, graphAt, parseExpression } from '../../../src/analysis/analyze';
import type { ModuleAnalysis, Precision } from '../../../src/analysis/types';
import { valueOfJson } from '../../../src/cli/bindings';
import { costOf, trainingCostOf } from '../../../src/graph/cost';
import type { InputBinding } from '../../../src/interpret/index';
import { linesOf } from '../truths';

interface Truth {
  readonly file: string;
  readonly module: string;
  readonly dtype: Precision;
  readonly b: number;
  readonly c: number;
  readonly inputs: { readonly [name: string]: readonly number[] | number };
  readonly parameters: number;
  /** Bytes of what its softmaxes give, sorted. */
  readonly maps: readonly number[];
  readonly peak: number;
  readonly saved: number;
  readonly training: number;
}

const FOLDER = import.meta.dirname;
const fileOf = (name: string): string => join(FOLDER, `${name}.py`);
const SOURCES = new Map(['modules', 'precise'].map((name) => [fileOf(name), readFileSync(fileOf(name), 'utf8')] as const));
const TRUTHS = linesOf<Truth>('memory/precision.jsonl');

const project = createAnalyser(async (path) => SOURCES.get(path), FOLDER);

const bindingOf = (given: readonly number[] | number): InputBinding =>
  typeof given === 'number' ? { kind: 'value', value: valueOfJson(given) } : { kind: 'tensor', shape: given, dtype: 'float32' };

/** The module made with so many channels, in its number type. */
async function read({ file, module, dtype, c, inputs }: Pick<Truth, 'file' | 'module' | 'dtype' | 'c' | 'inputs'>, training: boolean): Promise<ModuleAnalysis> {
  const given = new Map(Object.entries(inputs).map(([name, each]) => [name, bindingOf(each)] as const));
  const expression = (await parseExpression(fileOf(file), `${module}(${c})`)) ?? expect.fail(module);
  const analysis = await analyzeFile(fileOf(file), project, { bindings: { training, inputs: given, precision: dtype }, expression });
  return analysis?.modules[0] ?? expect.fail(`${module} is not read`);
}

describe.each(TRUTHS.map((truth) => [`${truth.module} in ${truth.dtype}, b=${truth.b} c=${truth.c}`, truth] as const))('%s', (_, truth) => {
  it('is priced as torch counts it', async () => {
    const { graph } = await read(truth, false);
    const { parameters, peakAsWritten, attentionMaps } = costOf(graph, {});
    expect({ parameters: parameters.value, peak: peakAsWritten.value }).toEqual({ parameters: truth.parameters, peak: truth.peak });
    const ofSoftmax = attentionMaps.filter(({ map }) => graph.nodes[map.ref.node]?.op === 'softmax').map(({ value }) => value ?? -1);
    expect(ofSoftmax.sort((a, b) => a - b)).toEqual(truth.maps);
  });

  it('keeps for backward what torch keeps', async () => {
    const cost = trainingCostOf((await read(truth, true)).graph, {}, true);
    expect(cost?.saved.value).toBe(truth.saved);
    expect(Math.abs((cost?.peak.value ?? 0) / truth.training - 1)).toBeLessThan(0.01);
  });
});

describe('a product of several types, which torch refuses', () => {
  it.each([
    ['Rotary', 'float16', [1, 64, 64]],
    ['CrissCross', 'bfloat16', [1, 64, 8, 8]],
  ] as const)('leaves %s in %s without figures, and says why', async (module, dtype, shape) => {
    const { graph } = await read({ file: 'modules', module, dtype, c: 64, inputs: { x: shape } }, false);
    const { peakAsWritten } = costOf(graph, {});
    expect(peakAsWritten.value).toBeUndefined();
    expect(peakAsWritten.unknown).toMatch(/^torch takes no `.*` of (float32 and b?float16|b?float16 and float32)$/);
  });
});

describe('a module that has been read', () => {
  it('is read again in a number type, once for each', async () => {
    const analysis = await analyzeFile(fileOf('precise'), project, { name: 'UpcastNorm', bindings: { training: false } });
    const module = analysis?.modules[0] ?? expect.fail('it is not read');
    const types = (precision: Precision) =>
      graphAt(module, {}, precision).nodes.flatMap(({ op, outputs }) => (op === 'input' || op === 'parameter' ? [outputs[0]?.dtype] : []));
    expect(types('float32')).toEqual(['float32', 'float32']);
    expect(types('float16')).toEqual(['float16', 'float16']);
    expect(types('autocast-bfloat16')).toEqual(['float32', 'float32']);
    expect(graphAt(module, {}, 'float32')).toBe(module.graph);
    expect(graphAt(module, {}, 'float16')).toBe(graphAt(module, {}, 'float16'));
  });
});
