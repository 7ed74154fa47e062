/** Blocks that ask for the mode: inference costs what evaluation does, training holds what the mode that it is in does. Bytes as torch counts them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ALL, analyzeFile, createAnalyser, graphAt } from '../../../src/analysis/analyze';
import { moduleHover } from '../../../src/analysis/moduleHover';
import { AS_WRITTEN, curveOf, largestOf, priceOf } from '../../../src/analysis/pricing/index';
import { moduleInMode } from '../../../src/analysis/readAgain';
import type { ModuleAnalysis, Setting, View } from '../../../src/analysis/types';
import { evaluate, parse } from '../../../src/dim/index';
import { bytesText } from '../../../src/graph/quantities';

const FILE = join(import.meta.dirname, 'modes.py');
const SOURCE = readFileSync(FILE, 'utf8');
const SIZES = { b: 2, n: 24, c: 16, dim: 16, heads: 2 };

const modules = new Map<string, ModuleAnalysis>();
beforeAll(async () => {
  const project = createAnalyser(async (path) => (path === FILE ? SOURCE : undefined));
  for (const module of (await analyzeFile(FILE, project, ALL))?.modules ?? []) modules.set(module.name, module);
});

const named = (name: string): ModuleAnalysis => modules.get(name) ?? expect.fail(`${name} is not read`);
const with_ = (setting: Partial<Setting>): Setting => ({ ...AS_WRITTEN, sizes: SIZES, ...setting });

function values(name: string, setting: Partial<Setting>) {
  const { figures, reason } = priceOf(named(name), with_(setting));
  expect(reason).toBeUndefined();
  return [figures.peakInference.value, figures.saved.value, figures.peakTraining.value];
}

/** What torch counts: the peak of inference; what is saved and the peak of training, in training mode and in evaluation. */
const TRUTHS = [
  { name: 'Dropped', attention: 'written', inference: 30720, train: [39936, 58376], evaluated: [21504, 43016] },
  { name: 'Branched', attention: 'written', inference: 12288, train: [15360, 30732], evaluated: [10752, 26120] },
  { name: 'Renamed', attention: 'written', inference: 12288, train: [13824, 26120], evaluated: [10752, 26120] },
  { name: 'Encoder', attention: 'stepwise', inference: 33792, train: [83712, 97864], evaluated: [46848, 67144] },
] as const;

describe.each(TRUTHS)('$name', ({ name, attention, inference, train, evaluated }) => {
  it('is priced in the mode that it is trained in', () => {
    expect(values(name, { attention, training: true })).toEqual([inference, ...train]);
    expect(values(name, { attention, training: false })).toEqual([inference, ...evaluated]);
  });

  it('has formulas in its own symbols that give the bytes', () => {
    const { figures } = priceOf(named(name), with_({ attention }));
    const at = [figures.peakInference, figures.saved, figures.peakTraining].map(({ formula }) => evaluate(parse(formula) ?? expect.fail(formula), SIZES));
    expect(at).toEqual([inference, ...train]);
  });

  it('is priced so along a sweep', () => {
    const [point] = curveOf(named(name), with_({ attention }), { symbols: ['n'], values: [24] }).points;
    expect(point?.values).toMatchObject({ peakInference: inference, saved: train[0], peakTraining: train[1] });
  });

  it('fits as far as its figures say', () => {
    for (const [figure, bytes] of [['peakInference', inference] as const, ['peakTraining', train[1]] as const])
      expect(largestOf(named(name), with_({ attention }), ['n'], bytes, figure)).toMatchObject({ size: 24, bytes });
  });
});

describe('the hover', () => {
  const view: View = { hintStyle: 'short', sizesOf: () => SIZES };
  const rowsOf = (name: string): string => moduleHover(named(name), view).lines.join('\n').replaceAll('\u00a0', ' ');

  it.each(TRUTHS.filter(({ attention }) => attention === 'written'))(
    'of $name tells training in training mode',
    ({ name, inference, train: [saved, peak] }) => {
      const text = rowsOf(name);
      expect(text).toMatch(new RegExp(`\\| inference peak[^|]*\\| \\*\\*${bytesText(inference)}\\*\\*`));
      expect(text).toContain(`| saved for backward | **${bytesText(saved)}** |`);
      expect(text).toContain(`| training peak, about | **${bytesText(peak)}** |`);
    },
  );

  it('names what is kept in training alone, at its line', () => {
    const line = SOURCE.split('\n').findIndex((text) => text.includes('alike = ')) + 1;
    expect(rowsOf('Branched')).toMatch(new RegExp(`Saved for backward: .*line ${line + 1}`));
  });
});

describe('the reading in training mode', () => {
  it('is the same where nothing asks for it', () => {
    const plain = named('Plain');
    expect(moduleInMode(plain, true)).toBe(plain);
    expect(values('Plain', { training: true })).toEqual([12288, 19968, 33800]);
    expect(values('Plain', { training: false })).toEqual([12288, 10752, 26120]);
  });

  it('is read once', () => {
    const module = named('Dropped');
    expect(moduleInMode(module, true)).toBe(moduleInMode(module, true));
    expect(graphAt(moduleInMode(module, true), SIZES)).toBe(graphAt(moduleInMode(module, true), SIZES));
    expect(moduleInMode(module, false)).toBe(module);
    expect(moduleInMode(moduleInMode(module, true), true)).toBe(moduleInMode(module, true));
  });

  it('keeps the number type', () => {
    const [whole, half] = (['float32', 'bfloat16'] as const).map((precision) => priceOf(named('Branched'), with_({ precision })).figures.peakInference.value);
    expect(half).toBe((whole ?? 0) / 2);
    const trained = priceOf(named('Dropped'), with_({ precision: 'bfloat16' })).figures.saved.value;
    const evaluated = priceOf(named('Dropped'), with_({ precision: 'bfloat16', training: false })).figures.saved.value;
    expect((trained ?? 0) - (evaluated ?? 0)).toBe((39936 - 21504) / 2);
  });

  it('leaves unknown what needs other sizes, and says which', () => {
    const { figures, reason } = priceOf(named('Halved'), with_({ sizes: { ...SIZES, n: 25 } }));
    expect([reason, figures.peakInference.value]).toEqual([undefined, expect.any(Number)]);
    expect(figures.saved).toEqual({ formula: '?', unknown: 'in training mode it needs n % 2 == 0' });
    expect(values('Halved', { training: true })).toEqual([6144, 6144, 18440]);
  });
});
