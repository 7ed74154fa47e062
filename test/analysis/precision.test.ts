/** Lenses and hovers price in the number type that the user chose, and say so where it is not the usual one. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { inlayHints } from '../../src/analysis/hints';
import { hoverAt } from '../../src/analysis/hover';
import { lenses } from '../../src/analysis/lenses';
import { moduleHover } from '../../src/analysis/moduleHover';
import type { Precision, View } from '../../src/analysis/types';

const FILE = '/attention.py';
const SOURCE = `import torch
import torch.nn as nn


class Attention(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        attn = (q @ k.transpose(1, 2)).softmax(dim=-1)
        return attn @ v
`;

const TFJS_FILE = '/attention.ts';
const TFJS = `import * as tf from '@tensorflow/tfjs';

export function attention(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D) {
  const attn = tf.softmax(tf.matMul(q, k, false, true));
  return tf.matMul(attn, v);
}
`;

const project = createAnalyser(async (path) => (path === FILE ? SOURCE : path === TFJS_FILE ? TFJS : undefined), '/');
const viewIn = (precision: Precision): View => ({ hintStyle: 'short', precision, sizesOf: () => ({ b: 2, n: 128, c: 64, dim: 64 }) });

async function told(file: string, precision: Precision) {
  const analysis = (await analyzeFile(file, project)) ?? expect.fail('it is not read');
  const [module] = analysis.modules;
  const hover = moduleHover(module ?? expect.fail('no module is read'), viewIn(precision));
  return {
    title: lenses(analysis, viewIn(precision)).find(({ action }) => action === 'none')?.title ?? '',
    hover: hover.lines.join('\n').replaceAll('\u00a0', ' '),
  };
}

/** What the hover says over the first mention of a name, and the hint behind it. */
async function saidOf(name: string, precision: Precision) {
  const analysis = (await analyzeFile(FILE, project)) ?? expect.fail('it is not read');
  const line = SOURCE.split('\n').findIndex((text) => text.includes(`${name} = `)) + 1;
  const column = (SOURCE.split('\n')[line - 1] ?? '').indexOf(name) + 1;
  const hover = hoverAt(analysis, line, column, viewIn(precision)) ?? expect.fail('no hover');
  const hints = inlayHints(analysis, { ...viewIn(precision), hintStyle: 'full' });
  return { hover: hover.lines.join('\n').replaceAll('\u00a0', ' '), hint: hints.find((hint) => hint.line === line)?.label ?? '' };
}

describe('a value in a number type', () => {
  it.each([
    ['float32', 'float32', '128 KiB'],
    ['bfloat16', 'bfloat16', '64.0 KiB'],
    // Under autocast a softmax is computed in float32.
    ['autocast-float16', 'float32', '128 KiB'],
  ] as const)('has its own bytes: %s', async (precision, dtype, bytes) => {
    const { hover, hint } = await saidOf('attn', precision);
    expect(hover).toContain(`attn: (b, n, n) ${dtype}`);
    expect(hover).toContain(` · ${bytes} at `);
    expect(hover).toMatch(/^Alive from /m);
    expect(hint).toBe(`: (b, n, n) = (2, 128, 128) ${dtype}`);
  });
});

describe('a module in a number type', () => {
  it('is priced in float32 unless another is chosen, without a word on it', async () => {
    const { title, hover } = await told(FILE, 'float32');
    expect(title).toContain('map 128 KiB');
    expect(title).not.toContain('float');
    expect(hover).toMatch(/^At `dim=64 /m);
    expect(hover).not.toContain('float32');
  });

  it('has a map of half the bytes in float16', async () => {
    const { title, hover } = await told(FILE, 'float16');
    expect(title).toContain('map 64.0 KiB');
    expect(title).toMatch(/ · in float16$/);
    expect(hover).toMatch(/^At `.*`, in float16$/m);
    expect(hover).toContain('**64.0 KiB**');
  });

  it('has a map of float32 under autocast, whose softmax is computed in it', async () => {
    const { title, hover } = await told(FILE, 'autocast-bfloat16');
    expect(title).toContain('map 128 KiB');
    expect(title).toMatch(/ · under autocast to bfloat16$/);
    expect(hover).toMatch(/^At `.*`, under autocast to bfloat16$/m);
  });

  it('is the same in tfjs whatever is chosen', async () => {
    expect(await told(TFJS_FILE, 'float16')).toEqual(await told(TFJS_FILE, 'float32'));
  });
});
