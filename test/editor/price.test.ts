import { describe, expect, it } from 'vitest';
import { makeCore } from '../../src/analysis/core';
import { createSession, type MakeCore } from '../../src/analysis/session';
import type { Setting } from '../../src/analysis/types';
import { cancellable } from '../../src/protocol/channel';
import type { PriceRequest } from '../../src/protocol/compareMessages';
import type { AnalysisOptions } from '../../src/protocol/messages';

const MODEL = `import torch
from torch import nn
from widths import NARROW

class Attention(nn.Module):
  def __init__(self, dim: int, heads: int = 4):
    super().__init__()
    self.heads = heads
    self.qkv = nn.Linear(dim, 3 * dim * NARROW)
    self.out = nn.Linear(dim * NARROW, dim)

  def forward(self, x):
    b, n, c = x.shape
    q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
    attn = (q @ k.transpose(-2, -1)).softmax(dim=-1)
    return self.out((attn @ v).transpose(1, 2).reshape(b, n, -1))

class Broken(nn.Module):
  def forward(self, x):
    b, n, c = x.shape
    return torch.softmax(x @ x.transpose(1, 2), dim=-1) @ torch.zeros(b, 7, 3) @ torch.zeros(4, 5)
`;

const OPTIONS: AnalysisOptions = { sizes: {}, hintStyle: 'short', severities: {}, maxFileBytes: 1e6 };
const WAITING = cancellable().cancellation;
const AS_WRITTEN: Setting = { sizes: {}, precision: 'float32', attention: 'written', training: true };

function open() {
  const files: { [file: string]: string } = { '/model.py': MODEL, '/widths.py': 'NARROW = 1\n' };
  let analyses = 0;
  const counting: MakeCore = (read) => {
    const core = makeCore(read);
    return {
      ...core,
      analyze(file, options) {
        analyses += 1;
        return core.analyze(file, options);
      },
    };
  };
  const session = createSession(counting, async (file) => files[file] ?? null);
  const price = (more: Partial<PriceRequest> = {}, cancellation = WAITING) =>
    Promise.resolve(session.price({ kind: 'price', file: '/model.py', module: 'Attention', options: OPTIONS, setting: AS_WRITTEN, ...more }, cancellation));
  const sized = (sizes: Setting['sizes'], more: Partial<PriceRequest> = {}) => price({ setting: { ...AS_WRITTEN, sizes }, ...more });
  return { files, session, price, sized, analyses: () => analyses };
}

const SIZES = { b: 2, n: 64, dim: 32, heads: 4 };

describe('a price', () => {
  it('is given for a file that was not read before, and reads it once', async () => {
    const { sized, analyses } = open();
    const priced = await sized(SIZES);
    // Every head holds an n by n map of four-byte numbers.
    expect(priced?.prices.figures.map.value).toBe(4 * 2 * 4 * 64 * 64);
    expect((await sized({ ...SIZES, heads: 8 }))?.prices.figures.map.value).toBe(4 * 2 * 8 * 64 * 64);
    expect(analyses()).toBe(1);
  });

  it('follows a change of the file, and of a file that it imports', async () => {
    const { files, session, sized, analyses } = open();
    const before = (await sized(SIZES))?.prices.figures.parameters.value;
    expect(before).toBe(32 * 96 + 96 + 32 * 32 + 32);
    files['/widths.py'] = 'NARROW = 2\n';
    await session.changed({ kind: 'changed', file: '/widths.py', text: null }, WAITING);
    expect((await sized(SIZES))?.prices.figures.parameters.value).toBe(32 * 192 + 192 + 64 * 32 + 32);
    files['/model.py'] = MODEL.replace('class Attention', 'class Renamed');
    await session.changed({ kind: 'changed', file: '/model.py', text: null }, WAITING);
    expect(await sized(SIZES)).toBeNull();
    expect(analyses()).toBe(3);
  });

  it('starts from the sizes that the user chose for the module', async () => {
    const { price, sized } = open();
    const options = { ...OPTIONS, sizes: { '*': { b: 3 }, Attention: { n: 16, heads: 2, dim: 8 } } };
    expect((await price({ options }))?.prices.figures.map.value).toBe(4 * 3 * 2 * 16 * 16);
    expect((await sized({ n: 32 }, { options }))?.prices.figures.map.value).toBe(4 * 3 * 2 * 32 * 32);
  });

  it('says which need the sizes break', async () => {
    const priced = await open().sized({ ...SIZES, heads: 5 });
    expect(priced?.prices.reason).toMatch(/heads|5/);
    expect(priced?.prices.figures.map.value).toBeUndefined();
  });

  it('comes with a curve and with what fits, where they are asked for', async () => {
    const { sized } = open();
    const fit = { symbols: ['n'], bytes: 2 ** 20, figure: 'map' } as const;
    const priced = await sized(SIZES, { sweep: { symbols: ['n'], values: [16, 32] }, fits: [fit, { ...fit, symbols: ['depth', 'width'] }] });
    expect(priced?.curve?.points.map(({ at, values }) => [at, values.map])).toEqual([
      [16, 4 * 2 * 4 * 256],
      [32, 4 * 2 * 4 * 1024],
    ]);
    expect(priced?.fits?.[0]).toMatchObject({ size: 181, bytes: 4 * 2 * 4 * 181 * 181 });
    expect(Object.keys((await sized(SIZES)) ?? {})).toEqual(['prices', 'ties']);
  });

  it('says which sizes hold together, and its formulas as a person writes them', async () => {
    const priced = await open().sized(SIZES);
    expect(priced?.ties).toContainEqual({ symbols: ['c', 'dim'], plain: ['c', 'dim'] });
    expect(priced?.prices.figures.map.formula).toBe('4·b·heads·n²');
  });

  it('is given up where nobody waits for it', async () => {
    const { price, analyses } = open();
    const { cancellation, cancel } = cancellable();
    const dropped = price({}, cancellation);
    cancel();
    await expect(dropped).rejects.toThrow('cancelled');
    expect(analyses()).toBe(0);
  });
});

it('lists the modules of a file without keeping it', async () => {
  const { session, analyses } = open();
  const ask = () => session.modules({ kind: 'modules', file: '/model.py', options: OPTIONS }, WAITING);
  expect(await ask()).toEqual([
    { name: 'Attention', line: 5, attention: true, faulty: false },
    { name: 'Broken', line: 18, attention: true, faulty: true },
  ]);
  expect(await session.graph({ kind: 'graph', file: '/model.py', module: 'Attention' }, WAITING)).toBeNull();
  await session.analyze({ kind: 'analyze', file: '/model.py', options: OPTIONS }, WAITING);
  await ask();
  expect(analyses()).toBe(2);
});
