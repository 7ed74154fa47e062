/** A block under a setting: attention fused, sizes along a sweep, the largest that fits. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { AS_WRITTEN, curveOf, growingOf, largestOf, priceOf } from '../../src/analysis/pricing/index';
import type { ModuleAnalysis, Setting } from '../../src/analysis/types';

const HEAD = 'import torch\nimport torch.nn.functional as F\nfrom torch import nn\n';

async function moduleOf(body: string, name?: string): Promise<ModuleAnalysis> {
  const analysis = await analyzeFile(
    '/block.py',
    createAnalyser(async (file) => (file === '/block.py' ? HEAD + body : undefined)),
  );
  return analysis?.modules.find((module) => name === undefined || module.name === name) ?? expect.fail('no module');
}

const indented = (lines: readonly string[]): string => lines.map((line) => `        ${line}\n`).join('');

/** A class of many heads whose forward ends with these lines. */
const heads = (lines: readonly string[]): string => `
class Heads(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.drop = nn.Dropout(0.1)
    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
${indented(lines)}`;

const JOIN = 'return y.transpose(1, 2).reshape(b, n, c)';
const WRITTEN = ['attn = (q @ k.transpose(-2, -1)) * (c // self.heads) ** -0.5', 'attn = attn.softmax(dim=-1)', 'y = attn @ v', JOIN];

const with_ = (setting: Partial<Setting>): Setting => ({ ...AS_WRITTEN, ...setting });

describe('attention as if it were fused', () => {
  const FUSED = ['y = F.scaled_dot_product_attention(q, k, v)', JOIN];
  it.each([
    ['written out', WRITTEN],
    ['over scaled queries', ['q = q * 0.5', 'y = (q @ k.transpose(-2, -1)).softmax(-1) @ v', JOIN]],
    ['with dropout', ['attn = self.drop(F.softmax(torch.matmul(q, k.mT) / 8, dim=3))', 'y = torch.matmul(attn, v)', JOIN]],
    ['with its map turned', ['attn = (q @ k.transpose(-2, -1)).softmax(-1)', 'y = (v.transpose(-2, -1) @ attn.transpose(-2, -1)).transpose(-2, -1)', JOIN]],
  ])('%s holds no map, and what it multiplies stays', async (_, lines) => {
    const [own, fused] = [await moduleOf(heads(lines)), await moduleOf(heads(FUSED))];
    const [written, made, one] = [priceOf(own, AS_WRITTEN), priceOf(own, with_({ attention: 'fused' })), priceOf(fused, AS_WRITTEN)];
    expect(made.notes).toEqual([]);
    expect(written.figures.map.value).toBeGreaterThan(0);
    expect(made.figures.map.value).toBe(0);
    expect(made.figures.macs.value).toBe(written.figures.macs.value);
    expect(one.figures.macs.value).toBe(written.figures.macs.value);
    expect(made.figures.saved.value ?? Number.NaN).toBeLessThan(written.figures.saved.value ?? 0);
  });

  it('costs what the fused function costs', async () => {
    const [own, fused] = [await moduleOf(heads(WRITTEN)), await moduleOf(heads(FUSED))];
    const sizes = { b: 2, n: 300, c: 64, dim: 64, heads: 4 };
    const [made, one] = [priceOf(own, with_({ attention: 'fused', sizes })), priceOf(fused, with_({ sizes }))];
    const values = (prices: typeof made) => Object.values(prices.figures).map(({ value }) => value);
    expect(values(made)).toEqual(values(one));
    expect(values(priceOf(own, with_({ sizes })))).not.toEqual(values(one));
  });

  it.each([
    ['its map is handed on', ['attn = (q @ k.transpose(-2, -1)).softmax(-1)', 'return attn @ v, attn']],
    ['its map is used more than once', ['attn = (q @ k.transpose(-2, -1)).softmax(-1)', 'return attn @ v + attn @ k']],
    ['its softmax is not over the keys', ['return (q @ k.transpose(-2, -1)).softmax(-2) @ v']],
    ['it sums over its queries', ['return (q @ k.transpose(-2, -1)).softmax(-1).transpose(-2, -1) @ v']],
    ['`torch.tanh` stands before its softmax', ['return torch.tanh(q @ k.transpose(-2, -1)).softmax(-1) @ v']],
  ])('is not, and says that %s', async (reason, lines) => {
    const module = await moduleOf(heads(lines));
    const made = priceOf(module, with_({ attention: 'fused' }));
    expect(made.notes).toEqual([expect.stringMatching(new RegExp(`is not fused: ${reason}$`))]);
    expect(made.figures).toEqual(priceOf(module, AS_WRITTEN).figures);
  });
});

describe('a sweep', () => {
  it('sets the sizes of an image, and the places of a sequence to their product', async () => {
    const image = await moduleOf(
      'def f(x, weight):\n    b, c, h, w = x.shape\n    q = x.view(b, c, h * w)\n    return (q.transpose(1, 2) @ q).softmax(-1) @ q.transpose(1, 2)\n',
    );
    const sequence = await moduleOf(heads(WRITTEN));
    const sweep = { symbols: ['h', 'w'], values: [8, 16, 32] };
    const [of, along] = [curveOf(image, AS_WRITTEN, sweep), curveOf(sequence, AS_WRITTEN, sweep)];
    expect([of.meaning, along.meaning]).toEqual([undefined, 'n = h·w']);
    expect(of.points.map(({ at }) => at)).toEqual([8, 16, 32]);
    expect(of.points.map(({ at, values }) => (values.map ?? 0) / at ** 4)).toEqual(Array(3).fill(4 * 2));
    expect(along.points.map(({ at, values }) => (values.map ?? 0) / at ** 4)).toEqual(Array(3).fill(4 * 2 * 8));
  });

  it('takes the nearest size that the block allows', async () => {
    const windows = await moduleOf(`
class Windows(nn.Module):
    def __init__(self, window=7):
        super().__init__()
        self.window = window
    def forward(self, x):
        b, h, w, c = x.shape
        s = self.window
        x = x.view(b, h // s, s, w // s, s, c).transpose(2, 3).reshape(-1, s * s, c)
        return (x @ x.transpose(1, 2)).softmax(-1) @ x
`);
    expect(curveOf(windows, AS_WRITTEN, { symbols: ['h', 'w'], values: [16, 24, 64] }).points.map(({ at }) => at)).toEqual([14, 21, 63]);
  });

  it('knows places by their part, not only by their name', async () => {
    const sequence = await moduleOf(heads(WRITTEN));
    const meaning = (module: ModuleAnalysis, ...symbols: string[]) => curveOf(module, AS_WRITTEN, { symbols, values: [16] });
    const sides = await moduleOf('def f(x):\n    n, c, height, width = x.shape\n    return x.view(n, c, height * width).softmax(-1)\n');
    expect(meaning(sides, 'h', 'w')).toMatchObject({ meaning: 'h, w as height, width', points: [{ at: 16, sizes: { height: 16, width: 16 } }] });
    // Of (b, n, d) only n is a length; height and width of tokens are arguments that it follows.
    const plain = await moduleOf('def f(q, k):\n    b, n, d = q.shape\n    b, m, d = k.shape\n    return (q @ k.transpose(1, 2)).softmax(-1) @ k\n');
    expect(meaning(plain, 'h', 'w').points[0]?.sizes).toMatchObject({ n: 256 });
    expect(meaning(plain, 'h', 'w').points[0]?.sizes.d).not.toBe(256);
    // A number of heads or a window is no number of places.
    for (const name of ['window', 'ratio', 'groups']) expect(meaning(sides, name)).toEqual({ reason: `it has no size ${name}`, points: [] });
    expect(meaning(sequence, 'batch').points[0]?.sizes.b).toBe(16);
  });

  describe('over a name that an argument has, too', () => {
    const at = (module: ModuleAnalysis, symbols: readonly string[], value: number) => {
      const { meaning, points } = curveOf(module, AS_WRITTEN, { symbols, values: [value] });
      return { meaning, sizes: points[0]?.sizes };
    };

    it('sets the places, and says so', async () => {
      // Here h is the number of heads, and n the number of codewords.
      const sequence = await moduleOf(heads(WRITTEN).replaceAll('heads', 'h'), 'Heads');
      const own = at(sequence, ['h', 'w'], 24);
      expect(own).toEqual({ meaning: 'n = h·w, not its argument h', sizes: expect.objectContaining({ n: 576 }) });
      expect(own.sizes?.h).not.toBe(24);
      const codes = await moduleOf(`
class Codes(nn.Module):
    def __init__(self, c, n=32):
        super().__init__()
        self.code = nn.Parameter(torch.randn(n, c))
    def forward(self, x):
        b, c, h, w = x.shape
        t = x.flatten(2).transpose(1, 2)
        return (t @ self.code.t()).softmax(-1) @ self.code
`);
      expect(at(codes, ['n'], 400)).toEqual({ meaning: 'h·w = n, not its argument n', sizes: expect.objectContaining({ h: 20, w: 20, n: 32 }) });
      expect(at(codes, ['h', 'w'], 9).meaning).toBeUndefined();
    });

    const WINDOWS = `
class Windows(nn.Module):
    def __init__(self, c, w=4):
        super().__init__()
        self.w = w
        self.q = nn.Linear(c, c)
    def forward(self, x):
        B, C, H, W = x.shape
        s = self.w
        y = x.view(B, C, H // s, s, W // s, s).permute(0, 2, 4, 3, 5, 1).reshape(-1, s * s, C)
        return (self.q(y) @ y.transpose(1, 2)).softmax(-1) @ y
`;

    it('takes both sides, in whatever case; one name just so is the argument', async () => {
      const windows = await moduleOf(WINDOWS);
      expect(at(windows, ['h', 'w'], 24)).toEqual({
        meaning: 'h, w as H, W, not its argument w',
        sizes: expect.objectContaining({ H: 24, W: 24, w: 4 }),
      });
      expect(at(windows, ['w'], 2)).toEqual({ meaning: 'w: an argument, no size of its input', sizes: expect.objectContaining({ w: 2 }) });
      expect(at(windows, ['W'], 8)).toEqual({ meaning: undefined, sizes: expect.objectContaining({ W: 8, w: 4 }) });
      // One of two names is not enough.
      expect(at(windows, ['w', 'depth'], 8).sizes).toBeUndefined();
    });

    it('takes sides that are given beside the tokens, and what must be as large as an argument', async () => {
      const beside = await moduleOf(`
class Beside(nn.Module):
    def __init__(self, c, w=4):
        super().__init__()
        self.q, self.w = nn.Linear(c, c), w
    def forward(self, x, H, W):
        B, N, C = x.shape
        y = self.q(x).transpose(1, 2).reshape(B, C, H, W).flatten(2)
        return (y.transpose(1, 2) @ y).softmax(-1) @ x * self.w
`);
      expect(at(beside, ['h', 'w'], 8).sizes).toMatchObject({ H: 8, W: 8, N: 64 });
      expect(at(beside, ['n'], 400).sizes).toMatchObject({ H: 20, W: 20, N: 400 });
      expect(at(beside, ['c'], 96).sizes).toMatchObject({ c: 96, C: 96 });
      const linear = await moduleOf(`
class Linear(nn.Module):
    def __init__(self, d, n, channels):
        super().__init__()
        self.e, self.q = nn.Parameter(torch.randn(8, n)), nn.Linear(channels, d)
    def forward(self, x):
        b, n, c = x.shape
        return torch.einsum('kn,bnd->bkd', self.e, self.q(x)).softmax(-1)
`);
      expect(at(linear, ['n'], 50)).toEqual({ meaning: undefined, sizes: expect.objectContaining({ n: 50, n_x: 50 }) });
      expect(at(linear, ['c'], 96).sizes).toMatchObject({ c: 96, channels: 96 });
    });

    it('says where a length is a number of samples', async () => {
      const module = await moduleOf('def f(x):\n    n, c, h, w = x.shape\n    return x.view(n, c, h * w).softmax(-1)\n');
      expect(at(module, ['n'], 3)).toEqual({ meaning: 'n, its number of samples', sizes: expect.objectContaining({ n: 3 }) });
    });
  });

  it('sets the places of each of several images', async () => {
    const gate = await moduleOf(`
def f(skip, gate):
    b, c, h, w = skip.shape
    b, c, h_gate, w_gate = gate.shape
    return skip.flatten(2).transpose(1, 2) @ gate.flatten(2)
`);
    const { meaning, points } = curveOf(gate, AS_WRITTEN, { symbols: ['n'], values: [1024] });
    expect(meaning).toBe('h·w = h_gate·w_gate = n');
    expect(points).toEqual([expect.objectContaining({ at: 1024, sizes: expect.objectContaining({ h: 32, w: 32, h_gate: 32, w_gate: 32 }) })]);
  });

  it('says why a block has none', async () => {
    const module = await moduleOf('def f(x, y):\n    return x.softmax(-1) @ y\n');
    expect(curveOf(module, AS_WRITTEN, { symbols: ['window'], values: [2] })).toEqual({ reason: 'it has no size window', points: [] });
  });
});

describe('the largest that fits', () => {
  const GIB = 2 ** 30;
  it.each(['b', 'n', 'heads'])('%s: one more does not', async (symbol) => {
    const module = await moduleOf(heads(WRITTEN));
    const setting = with_({ sizes: { b: 2, n: 1024, c: 96, dim: 96, heads: 3, [symbol]: 3 } });
    const found = largestOf(module, setting, [symbol], GIB, 'peakTraining');
    if ('reason' in found) expect.fail(found.reason);
    const bytesAt = (size: number) => priceOf(module, with_({ sizes: { ...found.sizes, [symbol]: size } })).figures.peakTraining.value;
    expect(bytesAt(found.size)).toBe(found.bytes);
    expect(found.bytes).toBeLessThanOrEqual(GIB);
    const next = [1, 2, 4, 8, 16, 32].map((more) => bytesAt(found.size + more)).find((bytes) => bytes !== undefined);
    if (found.limit === undefined) expect(next).toBeGreaterThan(GIB);
    else expect([symbol, found.limit]).toEqual(['heads', 'its needs allow no more']);
  });

  it('says why there is none', async () => {
    const module = await moduleOf(heads(WRITTEN));
    const setting = with_({ sizes: { b: 2, n: 1024, c: 96, dim: 96, heads: 3 } });
    expect(largestOf(module, setting, ['b'], 1000, 'peakInference')).toEqual({ reason: 'at 1 it takes more already' });
    expect(largestOf(module, setting, ['n'], GIB, 'parameters')).toEqual({ reason: 'it fits at every size' });
  });

  /** Windows of so many places, of which no image is smaller. */
  const windows = (side: number): string => `
def f(x):
    b, c, h, w = x.shape
    x = x.reshape(b, c, h // ${side}, ${side}, w // ${side}, ${side})
    return x.permute(0, 2, 4, 1, 3, 5).softmax(-1) * 2
`;
  it.each([2, 7, 100])('starts from the smallest image that windows of %i allow', async (side) => {
    const module = await moduleOf(windows(side));
    const found = largestOf(module, with_({ sizes: { b: 1, c: 8 } }), ['h', 'w'], GIB, 'peakInference');
    if ('reason' in found) expect.fail(found.reason);
    expect(found.size % side).toBe(0);
    const next = found.size + side;
    expect(priceOf(module, with_({ sizes: { b: 1, c: 8, h: next, w: next } })).figures.peakInference.value).toBeGreaterThan(GIB);
    expect(found.bytes).toBeLessThanOrEqual(GIB);
  });

  it('grows the sides of an image that are given beside its tokens', async () => {
    const module = await moduleOf(`
class Reduced(nn.Module):
    def __init__(self, dim=32, r=4):
        super().__init__()
        self.r, self.sr = r, nn.Linear(r * r * dim, dim)
    def forward(self, x, h, w):
        b, n, c = x.shape
        y = x.reshape(b, h // self.r, self.r, w // self.r, self.r, c).transpose(2, 3)
        y = self.sr(y.reshape(b, -1, self.r * self.r * c))
        return (x @ y.transpose(1, 2)).softmax(-1) @ y
`);
    expect(growingOf(module.graph)).toEqual([
      { what: 'batch', symbols: ['b'] },
      { what: 'resolution', symbols: ['h', 'w'] },
    ]);
    const found = largestOf(module, AS_WRITTEN, ['h', 'w'], GIB, 'peakInference');
    if ('reason' in found) expect.fail(found.reason);
    const sizeOf = (size: number) => priceOf(module, with_({ sizes: { ...found.sizes, h: size, w: size, n: size * size } })).figures.peakInference.value;
    expect(found.sizes).toMatchObject({ h: found.size, w: found.size });
    expect(sizeOf(found.size + 4 - (found.size % 4))).toBeGreaterThan(GIB);
  });

  it('does not grow the widths of weights that are given', async () => {
    const module = await moduleOf('def f(x, wq, wk):\n    q, k = x @ wq, x @ wk\n    return (q @ k.transpose(1, 2)).softmax(-1) @ x\n');
    expect(growingOf(module.graph).map(({ symbols }) => symbols)).toEqual([['b'], ['n']]);
  });

  it('of so many places as an image takes the largest image that windows allow', async () => {
    const module = await moduleOf(windows(7));
    const setting = with_({ sizes: { b: 1, c: 8 } });
    const [places, sides] = [['n'], ['h', 'w']].map((symbols) => largestOf(module, setting, symbols, GIB, 'peakInference'));
    if (!places || !sides || 'reason' in places || 'reason' in sides) expect.fail();
    expect(places.size).toBe(sides.size ** 2);
    expect(places.bytes).toBe(sides.bytes);
  });
});
