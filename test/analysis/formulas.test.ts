/** Formulas of costs in the names that a person would write them in. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { readable } from '../../src/graph/formula';
import { costOf } from '../../src/graph/index';

async function macsOf(source: string): Promise<string> {
  const analysis = await analyzeFile(
    '/block.py',
    createAnalyser(async (file) => (file === '/block.py' ? `import torch\nfrom torch import nn\n${source}` : undefined)),
  );
  const graph = analysis?.modules[0]?.graph ?? expect.fail('no module');
  return readable(costOf(graph).macs.formula, graph).text;
}

describe('sizes that must be one', () => {
  it('go by the name that the first input has for them', async () => {
    const cross = `
class Cross(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.q = nn.Linear(width, width)
        self.kv = nn.Linear(width, 2 * width)
        self.heads = heads

    def forward(self, x, y):
        B, N, C = x.shape
        M = y.shape[1]
        q = self.q(x).view(B, N, self.heads, C // self.heads).transpose(1, 2)
        k, v = self.kv(y).view(B, M, 2, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        return ((q @ k.transpose(-2, -1)).softmax(-1) @ v).transpose(1, 2).reshape(B, N, C)
`;
    expect(await macsOf(cross)).toBe('2·B·C²·M + B·C²·N + 2·B·C·M·N');
  });

  it('of inputs and arguments go by the input’s, and of arguments by the first', async () => {
    const twoArguments = `
class Pair(nn.Module):
    def __init__(self, inner, outer):
        super().__init__()
        self.first = nn.Linear(inner, inner)
        self.second = nn.Linear(outer, outer)

    def forward(self, x):
        b, n, c = x.shape
        return self.second(self.first(x))
`;
    expect(await macsOf(twoArguments)).toBe('2·b·c²·n');
  });

  it('go by the part of others that they must be', async () => {
    const kept = `
class Kept(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(dim, dim)

    def forward(self, x, keys):
        b, n, c = x.shape
        _, _, m, d = keys.shape
        q = self.q(x).view(b, n, self.heads, c // self.heads).transpose(1, 2)
        return (q @ keys.transpose(-2, -1)).softmax(-1) @ keys
`;
    expect(await macsOf(kept)).toBe('2·b·c·m·n + b·c²·n');
  });
});

describe('images', () => {
  it('have a letter each for their places', async () => {
    const gate = `
class Gate(nn.Module):
    def __init__(self, skip_channels, gate_channels, inner):
        super().__init__()
        self.theta = nn.Conv2d(skip_channels, inner, 1)
        self.phi = nn.Conv2d(gate_channels, inner, 1)

    def forward(self, x, gate):
        b, c, h, w = x.shape
        _, d, height, width = gate.shape
        return self.theta(x).flatten(2), self.phi(gate).flatten(2)
`;
    expect(await macsOf(gate)).toBe('b·c·n·inner + b_gate·d·N·inner');
  });
});
