/** `cost` under other sizes, arguments, number types and ways of attention, and what fits. */
import { beforeAll, describe, expect, it } from 'vitest';
import { build, cli, cliJson, folderOf } from './command';
import type { ErrorDocument } from './documents';

beforeAll(build, 120_000);

const BLOCK = `from torch import nn


class Block(nn.Module):
    def __init__(self, dim, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        attn = (q @ k.transpose(-2, -1)).softmax(dim=-1)
        return (attn @ v).transpose(1, 2).reshape(b, n, c)
`;

interface CostDocument {
  readonly modules: readonly {
    readonly sizes: { readonly [symbol: string]: number };
    readonly dtype: string;
    readonly attention: string;
    readonly notes?: readonly string[];
    readonly attentionMaps: readonly { readonly bytes: number; readonly fused?: true }[];
    readonly peakTraining: { readonly bytes: number };
    readonly fits?: readonly { readonly figure: string; readonly of: string; readonly size: number; readonly bytes: number }[];
  }[];
}

const DECODER = `import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self, dim=64, heads=8, kept=2):
        super().__init__()
        self.heads, self.kept, self.wide = heads, kept, dim // heads
        self.q = nn.Linear(dim, heads * self.wide)
        self.kv = nn.Linear(dim, 2 * kept * self.wide)

    def forward(self, x, past_k, past_v):
        b, n, c = x.shape
        q = self.q(x).view(b, n, self.heads, self.wide).transpose(1, 2)
        k, v = self.kv(x).view(b, n, 2, self.kept, self.wide).permute(2, 0, 3, 1, 4)
        k, v = torch.cat([past_k, k], dim=2), torch.cat([past_v, v], dim=2)
        scores = q @ k.repeat_interleave(self.heads // self.kept, 1).transpose(-2, -1)
        y = scores.softmax(-1) @ v.repeat_interleave(self.heads // self.kept, 1)
        return y.transpose(1, 2).reshape(b, n, c), (k, v)
`;

interface CacheDocument {
  readonly modules: readonly { readonly kvCache: { readonly [key: string]: number | string | null } | null }[];
}

const folder = folderOf({ 'block.py': BLOCK, 'decoder.py': DECODER });
const cost = async (...args: readonly string[]) => {
  const { code, document } = await cliJson<CostDocument>(['cost', 'block.py', '--class', 'Block', ...args], { cwd: folder });
  return { code, module: document.modules[0] ?? expect.fail('no module') };
};

describe('cost --set', () => {
  it('takes sizes and arguments', async () => {
    const { module } = await cost('--set', 'heads=2,b=3,n=50,c=32');
    expect(module.sizes).toMatchObject({ heads: 2, b: 3, n: 50, c: 32, dim: 32 });
    expect(module.attentionMaps.map(({ bytes }) => bytes)).toEqual([4 * 3 * 2 * 50 * 50]);
  });

  it('takes the number type and the way of attention', async () => {
    const { module } = await cost('--set', 'n=50,dtype=float16');
    const { module: typed } = await cost('--set', '{"n":50}', '--dtype', 'float16');
    expect([module.dtype, module.attentionMaps]).toEqual(['float16', typed.attentionMaps]);
    expect(module.attentionMaps[0]?.bytes).toBe(2 * 2 * 4 * 50 * 50);
    const { module: fused } = await cost('--set', 'n=50', '--attention', 'fused');
    expect([fused.attention, fused.attentionMaps[0]]).toMatchObject(['fused', { bytes: 0, fused: true }]);
  });

  it.each([
    ['width=3', 'Block has no size or argument'],
    ['heads=many', 'heads is a whole number'],
    ['dtype=int8', 'dtype is one of'],
    ['heads', 'name=number'],
    ['{"heads":', 'is not JSON'],
    ['n=99999999999999999999', 'n is a whole number from 0 to 2147483647'],
    ['heads=0', 'no module can be priced so: '],
  ])('refuses %s', async (set, words) => {
    const { code, document } = await cliJson<ErrorDocument>(['cost', 'block.py', '--class', 'Block', '--set', set], { cwd: folder });
    expect([code, document.error.code]).toEqual([2, 'bad-argument']);
    expect(document.error.message).toContain(words);
  });
});

describe('cost refuses', () => {
  it.each([
    ["compare's limit", ['--limit', '3GiB'], 'usage', 'cost takes --fits, not --limit'],
    ["compare's sweep", ['--sweep', 'n=1..8'], 'usage', 'cost takes no --sweep: it is for compare'],
    ['a size that the module has not', ['--sizes', '{"zzz":4}'], 'bad-argument', "--sizes: Block has no size or argument 'zzz': it has "],
    ['two sizes for one', ['--set', 'b=3', '--sizes', '{"b":4}'], 'bad-argument', '--set and --sizes differ: b is 3 and 4'],
  ])('%s', async (_, args, code, words) => {
    const found = await cliJson<ErrorDocument>(['cost', 'block.py', '--class', 'Block', ...args], { cwd: folder });
    expect([found.code, found.document.error.code]).toEqual([2, code]);
    expect(found.document.error.message).toContain(words);
  });
});

describe('cost of very large sizes', () => {
  it('says which figures cannot be counted', async () => {
    const { stdout } = await cli(['cost', 'block.py', '--class', 'Block', '--set', 'n=2147483647'], { cwd: folder });
    expect(stdout).toMatch(/attention map +\? .*larger than can be counted exactly/);
  });
});

describe('cost --fits', () => {
  it('finds the largest batch and the largest length', async () => {
    const { module } = await cost('--set', 'n=64,c=64,heads=4', '--fits', '1GiB');
    const found = module.fits ?? expect.fail('nothing');
    expect(found.map(({ figure, of }) => [of, figure])).toEqual([
      ['b', 'peakInference'],
      ['b', 'peakTraining'],
      ['n', 'peakInference'],
      ['n', 'peakTraining'],
    ]);
    const [, batch] = found;
    const { module: more } = await cost('--set', `n=64,c=64,heads=4,b=${(batch?.size ?? 0) + 1}`);
    expect(batch?.bytes).toBeLessThanOrEqual(2 ** 30);
    expect(more.peakTraining.bytes).toBeGreaterThan(2 ** 30);
  });

  it('is a line in the text', async () => {
    const { stdout } = await cli(['cost', 'block.py', '--class', 'Block', '--fits', '512MiB'], { cwd: folder });
    expect(stdout).toMatch(/fits in 512 MiB +inference +b ≤ \d+ {2}\(\d+/);
  });

  it.each(['much', '0GiB', '12 parsecs'])('refuses %s', async (memory) => {
    const { code, stderr } = await cli(['cost', 'block.py', '--fits', memory], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('--fits takes a size of memory: 24GiB, 512MiB');
  });
});

describe('the key/value cache', () => {
  const INPUTS = JSON.stringify({ x: [3, 1, 64], past_k: [3, 2, 16, 8], past_v: [3, 2, 16, 8] });
  const cacheOf = async (...args: readonly string[]) => (await cliJson<CacheDocument>(['cost', ...args], { cwd: folder })).document.modules[0]?.kvCache;

  it('is told with bytes per token and heads, at the line that joins it', async () => {
    const line = DECODER.split('\n').findIndex((text) => text.includes('torch.cat')) + 1;
    // Keys and values of two heads of eight numbers: one token more, and seventeen of three samples.
    const expected = { bytesPerToken: 2 * 2 * 8 * 4, tokens: 17, bytes: 3 * 17 * 2 * 2 * 8 * 4, keyValueHeads: 2, queryHeads: 8, file: 'decoder.py', line };
    expect(await cacheOf('decoder.py', '--inputs', INPUTS)).toMatchObject(expected);
    expect(await cacheOf('decoder.py', '--inputs', INPUTS, '--dtype', 'float16')).toMatchObject({ bytesPerToken: 2 * 2 * 8 * 2 });
  });

  it('is a formula in the names of the code', async () => {
    expect(await cacheOf('decoder.py')).toMatchObject({ formula: '8*kept*(c//heads)' });
    expect((await cli(['cost', 'decoder.py'], { cwd: folder })).stdout).toMatch(/^ {2}KV cache per token +128 B +8·kept·\(c\/\/heads\)/m);
  });

  it('is null where nothing is kept', async () => {
    expect(await cacheOf('block.py')).toBeNull();
  });
});
