/** How much is alive at each line: as torch holds it and as tfjs's code has it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aliveLines } from '../../src/analysis/aliveLines';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { moduleCost } from '../../src/analysis/figures';
import type { AliveModule, FileAnalysis, View } from '../../src/analysis/types';

const GALLERY = join(import.meta.dirname, '../../media/gallery');
const VIEW: View = { hintStyle: 'short', sizesOf: () => ({}) };

async function read(path: string, source?: string): Promise<FileAnalysis> {
  const file = join(GALLERY, path);
  const readText = async (name: string) => {
    if (name === file && source !== undefined) return source;
    return existsSync(name) ? readFileSync(name, 'utf8') : undefined;
  };
  return (await analyzeFile(file, createAnalyser(readText, GALLERY))) ?? expect.fail(path);
}

const ofModule = (found: readonly AliveModule[], name: string): AliveModule => found.find(({ module }) => module === name) ?? expect.fail(name);

/** The bytes at the line with a text. */
const at = ({ lines }: AliveModule, source: string, text: string): number | undefined => {
  const line = source.split('\n').findIndex((one) => one.includes(text)) + 1;
  return lines.find((one) => one.line === line)?.bytes;
};

const TORCH = `import torch
import torch.nn as nn


def scaled(x):
    return x * 0.125


class Attend(nn.Module):
    def forward(self, x):
        b, n, c = x.shape
        q = scaled(x)
        scores = q @ x.transpose(1, 2)
        weights = scores.softmax(-1)
        del scores
        y = weights @ x
        return y


class Plain(nn.Module):
    def forward(self, x):
        b, n, c = x.shape
        return x + 1
`;

const SIZES: View = { ...VIEW, sizesOf: () => ({ b: 2, n: 16, c: 8 }) };

describe('bytes alive by line, in torch', () => {
  const SIZE = 4;

  it('follow what Python holds', async () => {
    const analysis = await read('made.py', TORCH);
    const { lines, peak } = ofModule(aliveLines(analysis, null, SIZES), 'Attend');
    const module = { module: '', lines, peak };
    const [x, map] = [2 * 16 * 8 * SIZE, 2 * 16 * 16 * SIZE];
    expect(at(module, TORCH, 'return x * 0.125')).toBe(2 * x);
    expect(at(module, TORCH, 'scores = ')).toBe(2 * x + map);
    expect(at(module, TORCH, 'weights = ')).toBe(2 * x + 2 * map);
    expect(at(module, TORCH, 'y = ')).toBe(3 * x + map);
    expect(peak).toBe(2 * x + 2 * map);
  });

  it('mark where the peak is first reached, and which lines are of functions that are called', async () => {
    const { lines } = ofModule(aliveLines(await read('made.py', TORCH), null, SIZES), 'Attend');
    expect(lines.filter(({ isPeak }) => isPeak).map(({ line }) => line)).toEqual([14]);
    expect(lines.filter(({ isOwn }) => !isOwn).map(({ line }) => line)).toEqual([6]);
  });

  it('are of modules with attention, and of the one that is asked for', async () => {
    const analysis = await read('made.py', TORCH);
    expect(aliveLines(analysis, null, VIEW).map(({ module }) => module)).toEqual(['Attend']);
    expect(aliveLines(analysis, 'Plain', VIEW).map(({ module }) => module)).toEqual(['Attend', 'Plain']);
  });

  it('are none where a size is not known', async () => {
    const unknown = TORCH.replace('scores.softmax(-1)', 'mystery(scores).softmax(-1)').replace('import torch\n', 'import torch\nfrom nowhere import mystery\n');
    expect(aliveLines(await read('made.py', unknown), 'Attend', VIEW)).toEqual([]);
  });
});

describe.each(['pytorch/danetPosition.py', 'pytorch/crissCross.py', 'typescript/danetPosition.ts', 'typescript/selfAttention.ts'])('%s', (path) => {
  it('has the peak that is priced, at its line', async () => {
    const analysis = await read(path);
    const found = aliveLines(analysis, null, VIEW);
    expect(found.length).toBeGreaterThan(0);
    for (const { module, peak, lines } of found) {
      const { peakAsWritten } = moduleCost(analysis.modules.find(({ name }) => name === module) ?? expect.fail(module), VIEW);
      expect([module, peak, lines.filter(({ isPeak }) => isPeak).map(({ line }) => line)]).toEqual([module, peakAsWritten.value, [peakAsWritten.span?.line]]);
    }
  });
});
