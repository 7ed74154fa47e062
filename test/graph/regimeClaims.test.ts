/** What is said of a peak at other sizes: each formula at its own borders, within its range and at small sizes is what the steps there give. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, graphAt } from '../../src/analysis/analyze';
import { exampleOfModule } from '../../src/analysis/example';
import { type Dim, evaluate, format, parse } from '../../src/dim/index';
import { needHolds, type Sizes } from '../../src/graph/bind';
import { costOf, trainingCostOf } from '../../src/graph/cost';
import { inferenceRegimes, type PeakRegimes, type Regimes, trainingRegimes } from '../../src/graph/memory/regimes';
import { placesOf } from '../../src/graph/places';
import type { ShapeGraph } from '../../src/graph/types';

const GALLERY = join(import.meta.dirname, '../../media/gallery/pytorch');
const OWN = join(import.meta.dirname, 'claims.py');

/** Channels last, inputs with a batch each, heads that share keys, weights larger than small images. */
const CODE = `
import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import rearrange


class Windows(nn.Module):
    def __init__(self, dim, ws=7, heads=3):
        super().__init__()
        self.ws, self.heads = ws, heads
        self.table = nn.Parameter(torch.zeros((2 * ws - 1) ** 2, heads))
        self.register_buffer('index', torch.zeros(ws * ws, ws * ws, dtype=torch.long))
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        B, H, W, C = x.shape
        s = self.ws
        shifted = torch.roll(x, shifts=(-(s // 2), -(s // 2)), dims=(1, 2))
        win = shifted.view(B, H // s, s, W // s, s, C).permute(0, 1, 3, 2, 4, 5).reshape(-1, s * s, C)
        q, k, v = self.qkv(win).reshape(-1, s * s, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        bias = self.table[self.index.view(-1)].view(s * s, s * s, -1).permute(2, 0, 1).contiguous()
        attn = (q @ k.transpose(-2, -1) + bias.unsqueeze(0)).softmax(-1)
        y = self.proj((attn @ v).transpose(1, 2).reshape(-1, s * s, C))
        return y.view(B, H // s, W // s, s, s, C).permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, C)


class Cross(nn.Module):
    def __init__(self, dim, ctx_dim, heads=8, dim_head=64):
        super().__init__()
        self.scale, self.heads = dim_head ** -0.5, heads
        self.to_q = nn.Linear(dim, dim_head * heads, bias=False)
        self.to_kv = nn.Linear(ctx_dim, dim_head * heads * 2, bias=False)
        self.to_out = nn.Linear(dim_head * heads, dim)

    def forward(self, x, context):
        b, n, _ = x.shape
        m = context.shape[1]
        q = self.to_q(x).view(b, n, self.heads, -1).transpose(1, 2)
        k, v = self.to_kv(context).chunk(2, dim=-1)
        k = k.view(b, m, self.heads, -1).transpose(1, 2)
        v = v.view(b, m, self.heads, -1).transpose(1, 2)
        attn = (torch.einsum('bhid,bhjd->bhij', q, k) * self.scale).softmax(dim=-1)
        return self.to_out(torch.einsum('bhij,bhjd->bhid', attn, v).transpose(1, 2).reshape(b, n, -1))


class Beside(nn.Module):
    def __init__(self, channels, heads=2):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, channels * 3, bias=False)
        self.tau = nn.Parameter(torch.ones(heads, 1, 1))

    def forward(self, x, context):
        x = torch.cat([x, context], dim=1)
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        attn = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
        attn = (attn * self.tau.clamp(max=4.6).exp()).softmax(-1)
        return (attn @ v).transpose(1, 2).reshape(b, n, c)


class Linear(nn.Module):
    def __init__(self, dim, heads=4, dim_head=32):
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Conv2d(dim, heads * dim_head * 3, 1, bias=False)
        self.to_out = nn.Sequential(nn.Conv2d(heads * dim_head, dim, 1), nn.GroupNorm(1, dim))

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = [rearrange(t, 'b (h c) x y -> b h c (x y)', h=self.heads) for t in self.to_qkv(x).chunk(3, dim=1)]
        ctx = torch.einsum('b h d n, b h e n -> b h d e', k.softmax(dim=-1), v)
        out = torch.einsum('b h d e, b h d n -> b h e n', ctx, q.softmax(dim=-2))
        return self.to_out(rearrange(out, 'b h c (x y) -> b (h c) x y', h=self.heads, x=h, y=w))


class Shared(nn.Module):
    def __init__(self, d, nh=8, nkv=2):
        super().__init__()
        self.nh, self.nkv, self.hd = nh, nkv, d // nh
        self.wq = nn.Linear(d, d, bias=False)
        self.wkv = nn.Linear(d, 2 * nkv * self.hd, bias=False)
        self.wo = nn.Linear(d, d, bias=False)

    def forward(self, x):
        b, t, d = x.shape
        q = self.wq(x).view(b, t, self.nh, self.hd).transpose(1, 2)
        k, v = self.wkv(x).view(b, t, 2, self.nkv, self.hd).permute(2, 0, 3, 1, 4)
        k = k.repeat_interleave(self.nh // self.nkv, dim=1)
        v = v.repeat_interleave(self.nh // self.nkv, dim=1)
        s = q @ k.transpose(2, 3)
        s = s.masked_fill(torch.ones(t, t, dtype=torch.bool).triu(1), float('-inf'))
        return self.wo((F.softmax(s, dim=-1) @ v).transpose(1, 2).contiguous().view(b, t, d))
`;

interface Case {
  readonly name: string;
  readonly graph: ShapeGraph;
  readonly sizes: Sizes;
}

const project = createAnalyser(async (path) => (path === OWN ? CODE : path.startsWith(GALLERY) ? readFileSync(path, 'utf8') : undefined), GALLERY);

async function casesIn(file: string): Promise<readonly Case[]> {
  const analysis = await analyzeFile(file, project);
  return (analysis?.modules ?? []).flatMap((module) => {
    const example = exampleOfModule(module);
    return 'sizes' in example ? [{ name: module.name, graph: graphAt(module, example.sizes), sizes: example.sizes }] : [];
  });
}

const gallery = readdirSync(GALLERY).filter((name) => name.endsWith('.py'));
const files = [OWN, ...gallery.map((name) => join(GALLERY, name))];
const cases = (await Promise.all(files.map(casesIn))).flat();

/** Where every formula is looked at, beside its borders. */
const LOOKED_AT = [1, 2, 3, 4, 5, 7, 8, 12, 14, 16, 25, 28, 30, 49, 56, 64, 98, 112, 196, 224, 448, 1024];

/** Sizes at a number of a ray: a product in several ways. */
function sizesAt(sizes: Sizes, { symbols, kind }: Pick<Regimes, 'symbols' | 'kind'>, x: number): readonly Sizes[] {
  if (kind === 'alike') return [{ ...sizes, ...Object.fromEntries(symbols.map((name) => [name, x])) }];
  const [first = '', second = ''] = symbols;
  const heights = [1, 2, 3, 4, 7, 8, x].filter((height) => height <= x && x % height === 0);
  return [...new Set(heights)].map((height) => ({ ...sizes, [first]: height, [second]: x / height }));
}

/** The formulas that are said to go along each ray, and at which numbers. */
function claims(main: Dim, { along }: PeakRegimes, graph: ShapeGraph) {
  if (along.length === 0) {
    const { image, sequence } = placesOf(graph);
    const symbols = image.length > 0 ? image : sequence.slice(0, 1);
    return symbols.length === 0 ? [] : [{ ray: { symbols, kind: 'alike' as const }, formula: main, numbers: LOOKED_AT }];
  }
  return along.flatMap((ray) =>
    ray.regimes.map(({ formula, from = 1, to = Number.POSITIVE_INFINITY }) => {
      const numbers = [...LOOKED_AT, from, from + 1, to - 1, to, Math.round(Math.sqrt(from * to)), from * 6].filter((x) => x >= from && x <= to);
      return { ray, formula, numbers: [...new Set(numbers)].filter(Number.isFinite) };
    }),
  );
}

function broken({ graph, sizes }: Case, main: string, found: PeakRegimes, peakAt: (sizes: Sizes) => number | undefined): readonly string[] {
  const read = (formula: Dim | string): Dim => parse(typeof formula === 'string' ? formula : format(formula)) ?? expect.fail();
  const allowed = (at: Sizes): boolean => graph.needs.every((need) => needHolds(need, at) !== false);
  return claims(read(main), found, graph).flatMap(({ ray, formula, numbers }) => {
    const printed = read(formula);
    return numbers
      .flatMap((x) => sizesAt(sizes, ray, x))
      .filter(allowed)
      .flatMap((at) => {
        const [said, real] = [evaluate(printed, at), peakAt(at)];
        return said === real ? [] : [`${ray.symbols.map((name) => `${name}=${at[name]}`).join(' ')}: ${said}, not ${real}`];
      });
  });
}

describe.each(cases)('$name', (one) => {
  const { graph, sizes } = one;

  it('has the peaks of inference that are said', () => {
    const peakAt = (at: Sizes) => costOf(graph, at).peakAsWritten.value;
    expect(broken(one, costOf(graph, sizes).peakAsWritten.formula, inferenceRegimes(graph, sizes), peakAt)).toEqual([]);
  });

  it('has the peaks of training that are said', () => {
    const main = trainingCostOf(graph, sizes, true)?.peak.formula ?? expect.fail();
    const peakAt = (at: Sizes) => trainingCostOf(graph, at, true)?.peak.value;
    expect(broken(one, main, trainingRegimes(graph, sizes, true), peakAt)).toEqual([]);
  });
});

describe('one sample', () => {
  const of = (name: string): Case => cases.find((one) => one.name === name) ?? expect.fail();

  it('is one of each input that must have as many', () => {
    const { graph, sizes } = of('Beside');
    const { batch } = inferenceRegimes(graph, sizes);
    expect(batch?.symbols).toEqual(['b', 'b_context']);
    const one = { ...sizes, b: 1, b_context: 1 };
    expect(batch && evaluate(batch.formula, one)).toBe(costOf(graph, one).peakAsWritten.value);
  });

  it.each(['efficient_attention', 'Cross'])('is told only where its formula is another: not of %s', (name) => {
    const { graph, sizes } = of(name);
    const first = graph.symbols.filter(({ name: symbol }) => /^b(_|$)/.test(symbol)).map(({ name: symbol }) => symbol);
    const one = { ...sizes, ...Object.fromEntries(first.map((symbol) => [symbol, 1])) };
    const { formula } = costOf(graph, sizes).peakAsWritten;
    expect(inferenceRegimes(graph, sizes).batch).toBeUndefined();
    expect(evaluate(parse(formula) ?? expect.fail(), one)).toBe(costOf(graph, one).peakAsWritten.value);
  });
});

describe('sides of an image whose channels come last', () => {
  it('grow together', () => {
    const { graph, sizes } = cases.find(({ name }) => name === 'Windows') ?? expect.fail();
    expect(trainingRegimes(graph, sizes, true).along.map(({ symbols, kind }) => [symbols, kind])).toEqual([[['H', 'W'], 'alike']]);
  });
});
