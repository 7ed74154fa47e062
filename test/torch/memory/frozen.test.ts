/** Weights that are frozen, steps that autograd does not follow: what torch holds of them, byte for byte. */
import { describe, expect, it } from 'vitest';
import { AS_WRITTEN, priceOf } from '../../../src/analysis/pricing/index';
import type { Figures } from '../../../src/analysis/types';
import { linesOf } from '../truths';
import { analysed, sizesOf } from './reading';

interface Truth {
  readonly module: string;
  readonly x: readonly number[];
  readonly parameters: number;
  readonly peak: number;
  readonly saved: number;
  readonly training: number;
}

const TRUTHS = linesOf<Truth>('memory/frozen.jsonl');
const gallery = analysed('frozen.py');

describe('what is frozen', () => {
  it.each(TRUTHS)('$module of $x', async ({ module, x, parameters, peak, saved, training }) => {
    const found = (await gallery)?.modules.find(({ name }) => name === module) ?? expect.fail('no module');
    const sizes = sizesOf(x);
    const { figures, reason } = priceOf(found, { ...AS_WRITTEN, sizes: { ...sizes, channels: sizes.c ?? 1 } });
    expect([reason, figures.peakInference.value, figures.saved.value, figures.parameters.value]).toEqual([undefined, peak, saved, parameters]);
    expect(figures.peakTraining.value).toBe(training);
  });
});

const HEAD = 'import torch\nimport torch.nn as nn\n\n\nclass M(nn.Module):\n';

/** The figures of a module whose constructor and forward are given. */
async function figuresOf(settings: string, made: readonly string[], forward: readonly string[]): Promise<Figures> {
  const lines = [
    `    def __init__(self, channels${settings}):`,
    '        super().__init__()',
    '        self.a = nn.Linear(channels, channels)',
    ...made.map((line) => `        ${line}`),
    '',
    '    def forward(self, x):',
    ...forward.map((line) => `        ${line}`),
  ];
  const [found] = (await analysed('frozen.py', `${HEAD}${lines.join('\n')}\n`))?.modules ?? [];
  if (!found) return expect.fail('no module');
  return priceOf(found, { ...AS_WRITTEN, sizes: { b: 2, n: 8, c: 16, channels: 16 } }).figures;
}

describe('where it is not decided what is followed', () => {
  it('says so of training alone', async () => {
    const figures = await figuresOf(
      '',
      [],
      ['with torch.set_grad_enabled(not self.training):', '    y = self.a(x)', 'with torch.set_grad_enabled(self.training):', '    z = self.a(y)', 'return z'],
    );
    expect(figures.peakInference.value).toBe(3 * 4 * 2 * 8 * 16);
    expect([figures.saved.value, figures.saved.unknown]).toEqual([undefined, 'whether gradients are followed under `set_grad_enabled` is not known']);
  });

  it('says which test the training of a weight depends on', async () => {
    const figures = await figuresOf('', ['if torch.cuda.is_available():', '    self.a.requires_grad_(False)'], ['return self.a(x)']);
    expect(figures.peakInference.value).toBe(2 * 4 * 2 * 8 * 16);
    expect(figures.saved.unknown).toMatch(/^whether a weight is trained depends on .*is_available/);
  });

  it('says that what is made in inference mode cannot be kept', async () => {
    const figures = await figuresOf('', [], ['with torch.inference_mode():', '    y = torch.tanh(x)', 'return self.a(x) * y']);
    expect(figures.peakTraining).toMatchObject({ unknown: 'torch keeps nothing for backward that was made in inference mode' });
    const unused = await figuresOf('', [], ['with torch.inference_mode():', '    y = torch.tanh(x)', 'return self.a(x) + y']);
    expect(unused.saved.value).toBe(4 * 2 * 8 * 16);
  });

  it('says that a weight whose training the forward changes is not followed', async () => {
    const figures = await figuresOf('', [], ['self.a.weight.requires_grad = False', 'return self.a(x)']);
    expect(figures.saved.unknown).toBe('whether a gradient is wanted changes on the way');
  });
});
