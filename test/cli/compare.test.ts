/** `compare` as people run it, against formulas worked out on paper. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { elementsOf, parseXml, textOf } from '../curves/xml';
import { build, cli, cliJson, folderOf, REPOSITORY } from './command';
import type { ErrorDocument } from './documents';

beforeAll(build, 60_000);

const HEAD = 'import torch\nfrom torch import nn\nfrom einops import rearrange\n\n\n';

/** Position attention of DANet: a map of all places by all places. Named as the published formula counts it. */
const POSITION = `class Position(nn.Module):
    def __init__(self, channels, reduction=8):
        super().__init__()
        self.query = nn.Conv2d(channels, channels // reduction, 1)
        self.key = nn.Conv2d(channels, channels // reduction, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        b, c, h, w = x.shape
        q = self.query(x).flatten(2).transpose(1, 2)
        k = self.key(x).flatten(2)
        v = self.value(x).flatten(2)
        attn = torch.softmax(torch.bmm(q, k), dim=-1)
        out = torch.bmm(v, attn.transpose(1, 2)).view(b, c, h, w)
        return self.gamma * out + x
`;

/** Criss-cross attention: a map of all places by their rows and columns. */
const CRISS_CROSS = `class CrissCross(nn.Module):
    def __init__(self, channels, reduction=8):
        super().__init__()
        self.query = nn.Conv2d(channels, channels // reduction, 1)
        self.key = nn.Conv2d(channels, channels // reduction, 1)
        self.value = nn.Conv2d(channels, channels, 1)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.query(x), self.key(x), self.value(x)
        q_h = q.permute(0, 3, 2, 1).reshape(b * w, h, -1)
        k_h = k.permute(0, 3, 1, 2).reshape(b * w, -1, h)
        v_h = v.permute(0, 3, 1, 2).reshape(b * w, -1, h)
        q_w = q.permute(0, 2, 3, 1).reshape(b * h, w, -1)
        k_w = k.permute(0, 2, 1, 3).reshape(b * h, -1, w)
        v_w = v.permute(0, 2, 1, 3).reshape(b * h, -1, w)
        mask = torch.diag(torch.full((h,), float("inf"), device=x.device, dtype=x.dtype))
        e_h = (torch.bmm(q_h, k_h) - mask).view(b, w, h, h).permute(0, 2, 1, 3)
        e_w = torch.bmm(q_w, k_w).view(b, h, w, w)
        attn = torch.softmax(torch.cat([e_h, e_w], dim=-1), dim=-1)
        a_h = attn[..., :h].permute(0, 2, 1, 3).reshape(b * w, h, h)
        a_w = attn[..., h:].reshape(b * h, w, w)
        out_h = torch.bmm(v_h, a_h.transpose(1, 2)).view(b, w, c, h).permute(0, 2, 3, 1)
        out_w = torch.bmm(v_w, a_w.transpose(1, 2)).view(b, h, c, w).permute(0, 2, 1, 3)
        return self.gamma * (out_h + out_w) + x
`;

const WINDOWS = `class Windows(nn.Module):
    def __init__(self, dim, window=7):
        super().__init__()
        self.window = window
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        b, h, w, c = x.shape
        s = self.window
        x = x.view(b, h // s, s, w // s, s, c).transpose(2, 3).reshape(-1, s * s, c)
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        return (q @ k.transpose(1, 2)).softmax(-1) @ v
`;

const TOKENS = `class Tokens(nn.Module):
    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        batch, n, c = x.shape
        q, k, v = self.qkv(x).reshape(batch, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        attn = (q @ k.transpose(-2, -1)).softmax(-1)
        return (attn @ v).transpose(1, 2).reshape(batch, n, c)
`;

/** What another package returns is not known. */
const UNKNOWN = `from elsewhere import mixed


class Unknown(nn.Module):
    def forward(self, x):
        b, c, h, w = x.shape
        q = mixed(x)
        return (q @ q.transpose(1, 2)).softmax(-1) @ q
`;

const folder = folderOf({
  'pyproject.toml': '',
  'blocks.py': HEAD + [POSITION, CRISS_CROSS, WINDOWS, TOKENS].join('\n\n'),
  'odd.py': HEAD + UNKNOWN,
  'plain.py': `${HEAD}class Plain(nn.Module):\n    def forward(self, x):\n        b, c = x.shape\n        return torch.relu(x)\n`,
  'other/blocks.py': HEAD + TOKENS,
});
const at = { cwd: folder };

interface CompareDocument {
  readonly sweep: { readonly symbols: readonly string[]; readonly values: readonly number[] };
  readonly limitBytes?: number;
  readonly blocks: readonly {
    readonly label: string;
    readonly file: string;
    readonly meaning?: string;
    readonly reason?: string;
    readonly notes: readonly string[];
    readonly points: readonly { readonly at: number; readonly sizes: Readonly<Record<string, number>>; readonly values: Readonly<Record<string, number>> }[];
  }[];
  readonly figures: readonly {
    readonly figure: string;
    readonly crossings: readonly { readonly smaller: string; readonly larger: string; readonly at: number; readonly exact: boolean }[];
    readonly passings: readonly { readonly label: string; readonly at: number; readonly direction: string; readonly exact: boolean }[];
    readonly unknown: readonly { readonly label: string; readonly reason: string }[];
  }[];
}

const compared = async (...args: readonly string[]) => (await cliJson<CompareDocument>(['compare', ...args], at)).document;

/** The published formulas, of h = w = s: bytes of the peak, and multiply-accumulates, with queries and keys of an eighth of the channels. */
const [b, c] = [2, 64];
const peakOf = {
  Position: (s: number) => 8 * b * s ** 4 + 9 * b * c * s ** 2,
  CrissCross: (s: number) => 20 * b * s ** 3 + 35 * b * c * s ** 2 + 4 * s ** 2,
};
const projections = (s: number) => b * s ** 2 * (2 * c * (c / 8) + c * c);
const macsOf = {
  Position: (s: number) => projections(s) + b * s ** 4 * (c / 8 + c),
  CrissCross: (s: number) => projections(s) + b * s ** 2 * 2 * s * (c / 8 + c),
};
/** The first whole size from one on of which something is so. */
const first = (from: number, holds: (size: number) => boolean): number => {
  let size = from;
  while (!holds(size)) size++;
  return size;
};

const BOTH = ['blocks.py:Position', 'blocks.py:CrissCross'];
/** Above it the formulas' regimes hold: a map that is larger than the values. */
const FROM = 14;

describe('the figures', () => {
  it('are those of the formulas at every size of the sweep', async () => {
    const { sweep, blocks } = await compared(...BOTH, '--sweep', 'h=w=16..128');
    expect(sweep.symbols).toEqual(['h', 'w']);
    for (const { label, points } of blocks) {
      const [peak, macs] = label === 'Position' ? [peakOf.Position, macsOf.Position] : [peakOf.CrissCross, macsOf.CrissCross];
      expect(points.map((point) => point.at)).toEqual(sweep.values);
      expect(points.map(({ values }) => values.peakInference)).toEqual(sweep.values.map(peak));
      expect(points.map(({ values }) => values.macs)).toEqual(sweep.values.map(macs));
      expect(points.map(({ values }) => values.map)).toEqual(sweep.values.map((s) => 4 * b * (label === 'Position' ? s ** 4 : 2 * s ** 3)));
    }
  });

  it('cross at the very size from which on one is smaller', async () => {
    const { figures } = await compared(...BOTH, '--sweep', 'h=w=14..100', '--figure', 'peakInference');
    const size = first(FROM, (s) => peakOf.CrissCross(s) < peakOf.Position(s));
    expect(size).toBeGreaterThan(FROM);
    expect(figures[0]?.crossings).toEqual([{ smaller: 'CrissCross', larger: 'Position', at: size, exact: true }]);
    const { stdout } = await cli(['compare', ...BOTH, '--sweep', 'h=w=14..100', '--figure', 'peakInference'], at);
    expect(stdout).toContain(`CrissCross is smaller than Position from h = w = ${size} on\n`);
  });

  it('cross in the order of the sizes that are told', async () => {
    const OTHERS = ['blocks.py:Tokens', 'blocks.py:Position[reduction=2]', 'blocks.py:CrissCross[reduction=2]', 'blocks.py:Tokens[heads=1]'];
    const { figures } = await compared(...BOTH, ...OTHERS, '--sweep', 'h=w=2..128', '--figure', 'macs,map,peakInference');
    const told = figures.map(({ crossings }) => crossings.map((crossing) => crossing.at));
    expect(Math.max(...told.map(({ length }) => length))).toBeGreaterThan(2);
    for (const sizes of told) expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
  });

  it('that are equal for a while cross where they part', async () => {
    // Rows and columns are as many as all places of two by two.
    const size = first(1, (s) => macsOf.CrissCross(s) < macsOf.Position(s));
    expect(size).toBe(3);
    const { figures } = await compared(...BOTH, '--sweep', 'h=w=1,2,4,8', '--figure', 'macs,map');
    expect(figures.map(({ crossings }) => crossings)).toEqual(Array(2).fill([{ smaller: 'CrissCross', larger: 'Position', at: 3, exact: true }]));
  });

  it('pass the limit at the very size from which on they are above', async () => {
    const { figures, limitBytes } = await compared(...BOTH, '--sweep', 'h=w=16..128', '--limit', '1GiB', '--figure', 'peakInference', '--figure', 'macs');
    expect(limitBytes).toBe(2 ** 30);
    expect(figures[0]?.passings).toEqual([{ label: 'Position', at: first(FROM, (s) => peakOf.Position(s) > 2 ** 30), direction: 'up', exact: true }]);
    expect(figures[1]?.passings).toEqual([]);
    const { stdout } = await cli(['compare', BOTH[0] ?? '', '--sweep', 'h=w=64..128', '--limit', '1 MiB'], at);
    expect(stdout).toContain('Position is above 1 MiB at all these sizes\n');
  });

  it('are taken at the nearest sizes that a block allows, which are said', async () => {
    const { blocks } = await compared('blocks.py:Windows', '--sweep', 'h=w=16,32,64');
    expect(blocks[0]?.points.map((point) => point.at)).toEqual([14, 35, 63]);
    const { stdout } = await cli(['compare', 'blocks.py:Windows', '--sweep', 'h=w=16,32,64', '--figure', 'macs'], at);
    expect(stdout).toMatch(/^ +16 +\S+ \S+ \(at 14\)$/m);
  });
});

describe('blocks', () => {
  it('of tokens have as many as an image has places', async () => {
    const { blocks } = await compared(...BOTH, 'blocks.py:Tokens', '--sweep', 'h=w=16,32');
    expect(blocks[2]?.meaning).toBe('n = h·w');
    expect(blocks[2]?.points.map(({ sizes }) => sizes.n)).toEqual([256, 1024]);
    expect(blocks[2]?.points.map(({ values }) => values.map)).toEqual([256, 1024].map((n) => 4 * b * 4 * n * n));
  });

  it('get the input of the first, whatever they call its sizes', async () => {
    const { blocks } = await compared('blocks.py:Position', 'blocks.py:Tokens', '--set', '{"b":3,"c":128}', '--sweep', 'h=w=16,32');
    expect(blocks.map(({ points }) => points[0]?.sizes)).toEqual([
      { b: 3, c: 128, h: 16, w: 16, channels: 128, reduction: 8 },
      expect.objectContaining({ batch: 3, n: 256, dim: 128, heads: 4 }),
    ]);
    const { blocks: own } = await compared('blocks.py:Tokens[dim=96,batch=5]', 'blocks.py:Position', '--sweep', 'h=w=16,32');
    expect(own[1]?.points[0]?.sizes).toMatchObject({ b: 5, c: 96, channels: 96 });
    // Its heads do not divide 90 channels: it keeps both.
    const { blocks: kept } = await compared('blocks.py:Position[channels=90,b=5]', 'blocks.py:Tokens', '--sweep', 'h=w=16,32');
    expect(kept[1]?.points[0]?.sizes).toMatchObject({ batch: 5, dim: 64, heads: 4 });
  });

  it('are compared with themselves, changed', async () => {
    const { blocks } = await compared('blocks.py:Tokens', 'blocks.py:Tokens[heads=8]', 'blocks.py:Tokens[attention=fused]', '--sweep', 'n=64..4096');
    expect(blocks.map(({ label }) => label)).toEqual(['Tokens', 'Tokens[heads=8]', 'Tokens[attention=fused]']);
    const maps = blocks.map(({ points }) => points.at(-1)?.values.map ?? Number.NaN);
    expect(maps).toEqual([4 * b * 4 * 4096 ** 2, 4 * b * 8 * 4096 ** 2, 0]);
    const half = await compared('blocks.py:Tokens', '--sweep', 'n=64..4096', '--dtype', 'float16');
    expect(half.blocks[0]?.points.at(-1)?.values.map).toBe((maps[0] ?? 0) / 2);
  });

  it('of a FILE alone are its attention modules; names that are alike have their files', async () => {
    const { blocks } = await compared('blocks.py', join('other', 'blocks.py'), 'blocks.py:Position', '--sweep', 'h=w=16,32');
    expect(blocks.map(({ label }) => label)).toEqual(['Position', 'CrissCross', 'Windows', 'Tokens (blocks.py)', `Tokens (${join('other', 'blocks.py')})`]);
    expect(blocks.map(({ file }) => file)).toEqual([...Array(4).fill('blocks.py'), 'other/blocks.py']);
  });

  it('that cannot be priced say why, and the others stand', async () => {
    const { code, stdout } = await cli(['compare', 'odd.py:Unknown', 'blocks.py:Position', '--sweep', 'h=w=16,32'], at);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Unknown is not known: .*elsewhere/m);
    expect(stdout).toMatch(/^ +h = w +Position$/m);
    const { figures, blocks } = await compared('odd.py:Unknown', 'blocks.py:Position', '--sweep', 'h=w=16,32');
    expect(figures[0]?.unknown).toEqual([{ label: 'Unknown', reason: expect.stringContaining('elsewhere') }]);
    expect(blocks[1]?.points).toHaveLength(2);
    const { blocks: swept } = await compared('blocks.py:Position', 'blocks.py:Windows', '--sweep', 'window=2..8');
    expect(swept[0]).toMatchObject({ reason: 'it has no size window', points: [] });
  });

  it('of tfjs have no figures of training, which is said', async () => {
    const { code, stdout } = await cli(['compare', join(REPOSITORY, 'media/gallery/typescript/cbam.ts:Cbam'), '--figure', 'saved', '--sweep', 'h=w=16,32'], at);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Cbam is not known: .*gradient/m);
  });

  it('of tfjs beside some of PyTorch have peaks of another kind, which is said', async () => {
    const tfjs = join(REPOSITORY, 'media/gallery/typescript/cbam.ts:Cbam');
    const both = await cli(['compare', tfjs, 'blocks.py:Position', '--sweep', 'h=w=16,32'], at);
    expect(both.stdout).toMatch(/^ {2}Peaks here are of two kinds: .*PyTorch.*TensorFlow\.js/m);
    expect((await cli(['compare', tfjs, '--sweep', 'h=w=16,32'], at)).stdout).not.toContain('two kinds');
  });
});

describe('what is written', () => {
  it('fits a narrow terminal block by block', async () => {
    const args = ['compare', ...BOTH, 'blocks.py:Tokens', '--sweep', 'h=w=16..64', '--figure', 'macs'];
    const wide = (await cli(args, at)).stdout.split('\n');
    expect(wide[1]).toMatch(/^ +h = w +Position +CrissCross +Tokens$/);
    process.env.COLUMNS = '40';
    const narrow = (await cli(args, at)).stdout.split('\n');
    delete process.env.COLUMNS;
    expect(narrow.slice(0, 3)).toEqual(['Multiply-accumulates, by h = w', 'Position', expect.stringMatching(/^ +16 +\d/)]);
  });

  it('is a Markdown table a size', async () => {
    const { stdout } = await cli(['compare', ...BOTH, '--sweep', 'h=w=32,64', '--format', 'markdown'], at);
    const parts = stdout.split(/^\*\*(.*)\*\*$/m);
    expect([parts[1], parts[3]]).toEqual(['h = w = 32', 'h = w = 64']);
    const rows = (parts[4] ?? '')
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ); // prettier-ignore
    expect(rows[0]).toEqual([
      'Block',
      'Attention map',
      'Peak memory, inference',
      'Saved for backward',
      'Peak memory, training ≈',
      'Parameters',
      'MACs',
      'FLOPs',
      'Sizes',
    ]);
    const mebi = (bytes: number) => `${(bytes / 2 ** 20).toFixed(bytes < 99.95 * 2 ** 20 ? 1 : 0)} MiB`;
    expect(rows.slice(2).map(([block, map, peak]) => [block, map, peak])).toEqual([
      ['Position', mebi(4 * b * 64 ** 4), mebi(peakOf.Position(64))],
      ['CrissCross', mebi(8 * b * 64 ** 3), mebi(peakOf.CrissCross(64))],
    ]);
    const giga = (count: number) => `${(count / 1e9).toFixed(1)} G`;
    expect(rows[2]?.slice(6)).toEqual([giga(macsOf.Position(64)), giga(2 * macsOf.Position(64)), 'channels=64 reduction=8 b=2 c=64 h=64 w=64']);
  });

  it('is an SVG with a chart a figure, beside the text where --out names a file', async () => {
    const { code, stdout } = await cli(['compare', ...BOTH, '--sweep', 'h=w=16..128', '--limit', '1GiB', '--out', 'blocks.svg'], at);
    expect({ code, isText: stdout.startsWith('Peak memory, inference\n') }).toEqual({ code: 0, isText: true });
    const written = readFileSync(join(folder, 'blocks.svg'), 'utf8');
    const root = parseXml(written);
    const texts = elementsOf(root, 'text').map(textOf);
    for (const text of ['Peak memory, inference', 'Multiply-accumulates', 'Position', 'CrissCross', '1 GiB', 'h = w', 'MACs']) expect(texts).toContain(text);
    const titles = elementsOf(root, 'title').map(textOf);
    expect(titles).toContain('Position: 17.1 MiB, h = w = 32');
    // Crossings are those of the text.
    const said = [...stdout.matchAll(/from (h = w = \d+) on$/gm)].map(([, size]) => size);
    expect(texts.filter((text) => /^h = w [=≈] \d/.test(text))).toEqual(said);
    const piped = await cli(['compare', ...BOTH, '--sweep', 'h=w=16..128', '--limit', '1GiB', '--format', 'svg'], at);
    expect(piped.stdout).toBe(written);
    expect((await cli(['compare', ...BOTH, '--format', 'svg', '--out', 'quiet.svg'], at)).stdout).toBe('');
  });
});

describe('what cannot be compared', () => {
  it.each([
    ['no path', [], 'usage', /needs a path/],
    ['a file that is not there', ['gone.py:Position'], 'not-found', /no such file: gone\.py/],
    ['a file that is not read', ['pyproject.toml'], 'no-source', /not a file that is read/],
    ['a class that is not there', ['blocks.py:Nothing'], 'no-such-class', /no class or function 'Nothing'; it has Position, CrissCross/],
    ['a file without attention', ['plain.py'], 'no-such-class', /no attention module; name what to compare: plain\.py:Plain/],
    ['a sweep that is none', ['blocks.py', '--sweep', '16..256'], 'bad-argument', /--sweep 16\.\.256: it is written h=w=16\.\.256/],
    ['a sweep that goes down', ['blocks.py', '--sweep', 'h=w=256..16'], 'bad-argument', /the first size is not below the last/],
    ['a sweep without numbers', ['blocks.py', '--sweep', 'h=w=a,b'], 'bad-argument', /'a' is not a whole number/],
    ['a figure that is none', ['blocks.py', '--figure', 'peak'], 'bad-argument', /no figure 'peak'; there are peakInference, /],
    ['a limit that is none', ['blocks.py', '--limit', 'much'], 'bad-argument', /24GiB/],
    ['a sweep that no block has', ['blocks.py', '--sweep', 'q=16..32'], 'bad-argument', /no block can be priced so: it has no size q$/],
    ['no heads', ['blocks.py:Tokens[heads=0]'], 'bad-argument', /no block can be priced so: .*heads/],
    ['a size beyond all tensors', ['blocks.py', '--set', 'n=99999999999999999999'], 'bad-argument', /n is a whole number from 0 to 2147483647/],
    ["cost's memory", ['blocks.py', '--fits', '3GiB'], 'usage', /compare takes --limit, not --fits/],
    ["cost's sizes", ['blocks.py', '--sizes', '{"b":1}'], 'usage', /compare takes --set, not --sizes/],
    ['a size that is two', ['blocks.py', '--set', 'b=1,b=2'], 'bad-argument', /b is both 1 and 2/],
    ['a size that no block has', ['blocks.py', '--set', '{"depth":2}'], 'bad-argument', /no block has a size or argument 'depth'/],
    ['a change that the block has not', ['blocks.py:Tokens[depth=2]'], 'bad-argument', /Tokens has no size or argument 'depth'; it has /],
    ['a change that is none', ['blocks.py:Tokens[heads]'], 'bad-argument', /heads=4/],
    ['a number type that is none', ['blocks.py', '--dtype', 'int8'], 'usage', /float32, float16/],
    ['a format that is none', ['blocks.py', '--format', 'sarif'], 'usage', /text, markdown, json, svg/],
    ["another command's options", ['blocks.py', '--class', 'Position'], 'usage', /FILE:CLASS/],
    ['a picture that is no SVG', ['blocks.py', '--out', 'blocks.png'], 'usage', /\.svg/],
    ['a picture in no folder', ['blocks.py:Tokens', '--sweep', 'h=w=8,16', '--out', 'gone/blocks.svg'], 'bad-argument', /cannot be written/],
  ] as const)('%s is told, and ends with 2', async (_, args, errorCode, message) => {
    const { code, document } = await cliJson<ErrorDocument>(['compare', ...args], at);
    expect({ code, error: document.error }).toEqual({ code: 2, error: expect.objectContaining({ code: errorCode, message: expect.stringMatching(message) }) });
  });
});
