/** Autocast that the code itself switches on or off: as the same is read under autocast, or without it. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../../src/analysis/analyze';
import { AS_WRITTEN, priceOf } from '../../../src/analysis/pricing/index';
import type { Figures, Precision } from '../../../src/analysis/types';

const MADE = ['self.q = nn.Linear(channels, channels)', 'self.k = nn.Linear(channels, channels)', 'self.norm = nn.LayerNorm(channels)'];
const BODY = ['y = self.norm(x)', 'a = torch.softmax(self.q(y) @ self.k(y).transpose(1, 2), dim=-1)', 'z = torch.relu(self.q(a @ y))'];

async function figuresOf(forward: readonly string[], precision: Precision = 'float32', decorator?: string): Promise<Figures> {
  const source = [
    'import torch',
    'import torch.nn as nn',
    'class M(nn.Module):',
    '    def __init__(self, channels):',
    '        super().__init__()',
    ...MADE.map((line) => `        ${line}`),
    ...(decorator ? [`    ${decorator}`] : []),
    '    def forward(self, x):',
    ...forward.map((line) => `        ${line}`),
    '',
  ].join('\n');
  const [found] =
    (
      await analyzeFile(
        '/p/m.py',
        createAnalyser(async (path) => (path === '/p/m.py' ? source : undefined), '/p'),
      )
    )?.modules ?? [];
  if (!found) return expect.fail('no module');
  return priceOf(found, { ...AS_WRITTEN, sizes: { b: 2, n: 24, c: 16, channels: 16 }, precision }).figures;
}

const bytes = ({ peakInference, saved, peakTraining, map }: Figures) => [peakInference.value, saved.value, peakTraining.value, map.value];
const inside = (context: string, lines: readonly string[]): string[] => [`with ${context}:`, ...lines.map((line) => `    ${line}`)];

describe('autocast in the code', () => {
  it.each<readonly [string, Precision]>([
    ["torch.autocast('cuda')", 'autocast-float16'],
    ["torch.autocast(device_type='cuda', dtype=torch.bfloat16)", 'autocast-bfloat16'],
    ['torch.autocast(x.device.type, torch.bfloat16)', 'autocast-bfloat16'],
    ['torch.cuda.amp.autocast()', 'autocast-float16'],
    ['torch.cuda.amp.autocast(True, torch.bfloat16)', 'autocast-bfloat16'],
    ["torch.amp.autocast('cuda', dtype=torch.float16, enabled=True)", 'autocast-float16'],
  ])('%s computes as %s does', async (context, precision) => {
    const expected = bytes(await figuresOf([...BODY, 'return z'], precision));
    expect(expected).not.toContain(undefined);
    expect(bytes(await figuresOf(inside(context, [...BODY, 'return z'])))).toEqual(expected);
    expect(expected).not.toEqual(bytes(await figuresOf([...BODY, 'return z'])));
  });

  it('goes for what it decorates', async () => {
    const decorated = await figuresOf([...BODY, 'return z'], 'float32', "@torch.autocast('cuda', dtype=torch.bfloat16)");
    expect(bytes(decorated)).toEqual(bytes(await figuresOf([...BODY, 'return z'], 'autocast-bfloat16')));
  });

  it.each(["torch.autocast('cuda', enabled=False)", 'torch.cuda.amp.autocast(enabled=False)', "torch.autocast('cuda', dtype=torch.float32)"])(
    '%s switches it off',
    async (context) => {
      const plain = bytes(await figuresOf([...BODY, 'return z']));
      expect(bytes(await figuresOf(inside(context, [...BODY, 'return z'])))).toEqual(plain);
      expect(bytes(await figuresOf(inside(context, [...BODY, 'return z']), 'autocast-float16'))).toEqual(plain);
    },
  );

  it('goes on in the type of the one around it', async () => {
    const nested = inside("torch.autocast('cuda', dtype=torch.bfloat16)", inside("torch.autocast('cuda')", [...BODY, 'return z']));
    expect(bytes(await figuresOf(nested))).toEqual(bytes(await figuresOf([...BODY, 'return z'], 'autocast-bfloat16')));
  });

  it('lets lowered weights go with it', async () => {
    // Weights of 16·16 and 16 in halves, lowered within, are gone when the last line runs.
    const within = await figuresOf([...inside("torch.autocast('cuda')", ['y = self.q(x)']), 'w = x + 1', 'u = w + 1', 'return u * w']);
    const [x, half] = [2 * 24 * 16 * 4, 2 * 24 * 16 * 2];
    expect(within.peakInference.value).toBe(4 * x + half);
  });

  it.each([
    ["torch.autocast('cpu', dtype=torch.bfloat16)", 'autocast on `cpu` is not followed'],
    ["torch.autocast('cuda', dtype=self.kind)", 'which type autocast lowers to is not known'],
    ["torch.autocast('cuda', enabled=torch.cuda.is_available())", 'whether autocast is on is not known'],
  ])('%s has no figure, and says why', async (context, reason) => {
    const { peakInference, saved, peakTraining } = await figuresOf(inside(context, [...BODY, 'return z']));
    for (const figure of [peakInference, saved, peakTraining]) expect([figure.value, figure.unknown]).toEqual([undefined, reason]);
  });
});
