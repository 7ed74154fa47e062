/** Slips in attention modules, each found on its line with no size given; the module without it is silent. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

const HEAD = 'import math\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';

interface Case {
  readonly source: string;
  /** What is written instead of what, and a part of the line that it is told on, or beside. */
  readonly slips: readonly (readonly [before: string, after: string, line: string])[];
}

const CASES: { readonly [name: string]: Case } = {
  'a residual of another width': {
    source: `
class Attention(nn.Module):
    def __init__(self, heads, d_model, d_k):
        super().__init__()
        self.heads, self.d_k = heads, d_k
        self.w_q = nn.Linear(d_model, heads * d_k)
        self.w_k = nn.Linear(d_model, heads * d_k)
        self.fc = nn.Linear(heads * d_k, d_model)

    def forward(self, q, k):
        b, n, m = q.size(0), q.size(1), k.size(1)
        residual = q
        q = self.w_q(q).view(b, n, self.heads, self.d_k).transpose(1, 2)
        k = self.w_k(k).view(b, m, self.heads, self.d_k).transpose(1, 2)
        a = torch.softmax(q @ k.transpose(2, 3), dim=-1) @ k
        return self.fc(a.transpose(1, 2).reshape(b, n, -1)) + residual`,
    slips: [['self.w_q = nn.Linear(d_model, heads', 'self.w_q = nn.Linear(d_model * 2, heads', 'self.w_q(q)']],
  },
  'an input that is repeated along a new axis': {
    source: `
class Additive(nn.Module):
    def __init__(self, encoded, decoded):
        super().__init__()
        self.attn = nn.Linear(encoded * 2 + decoded, decoded)
        self.v = nn.Linear(decoded, 1, bias=False)

    def forward(self, hidden, encoder_outputs):
        src_len = encoder_outputs.shape[0]
        hidden = hidden.unsqueeze(1).repeat(1, src_len, 1)
        encoder_outputs = encoder_outputs.permute(1, 0, 2)
        energy = torch.tanh(self.attn(torch.cat((hidden, encoder_outputs), dim=2)))
        return F.softmax(self.v(energy).squeeze(2), dim=1)`,
    slips: [['dim=1)', 'dim=2)', 'F.softmax']],
  },
  'heads of a width of their own': {
    source: `
class Attention(nn.Module):
    def __init__(self, d_model, d_k, h):
        super().__init__()
        self.fc_q = nn.Linear(d_model, h * d_k)
        self.fc_k = nn.Linear(d_model, h * d_k)
        self.fc_o = nn.Linear(h * d_k, d_model)
        self.d_k, self.h = d_k, h

    def forward(self, queries, keys):
        b, n = queries.shape[:2]
        m = keys.shape[1]
        q = self.fc_q(queries).view(b, n, self.h, self.d_k).permute(0, 2, 1, 3)
        k = self.fc_k(keys).view(b, m, self.h, self.d_k).permute(0, 2, 3, 1)
        att = torch.softmax(torch.matmul(q, k), -1)
        out = torch.matmul(att, k.transpose(2, 3)).permute(0, 2, 1, 3).contiguous().view(b, n, self.h * self.d_k)
        return self.fc_o(out)`,
    slips: [
      ['view(b, m, self.h, self.d_k)', 'view(b, m, self.d_k, self.h)', 'torch.matmul(q, k)'],
      ['nn.Linear(h * d_k, d_model)', 'nn.Linear(d_model, h * d_k)', 'self.fc_o(out)'],
      ['self.d_k).permute(0, 2, 1, 3)', 'self.d_k)', 'torch.matmul(q, k)'],
    ],
  },
  'channels of another convolution': {
    source: `
class Double(nn.Module):
    def __init__(self, in_channels, c_m, c_n):
        super().__init__()
        self.a = nn.Conv2d(in_channels, c_m, 1)
        self.b = nn.Conv2d(in_channels, c_n, 1)
        self.last = nn.Conv2d(c_m, in_channels, 1)
        self.c_m, self.c_n = c_m, c_n

    def forward(self, x):
        b, c, h, w = x.shape
        maps = F.softmax(self.b(x).view(b, self.c_n, -1), dim=-1)
        gathered = torch.bmm(self.a(x).view(b, self.c_m, -1), maps.permute(0, 2, 1))
        z = gathered.matmul(maps).view(b, self.c_m, h, w)
        return self.last(z)`,
    slips: [
      ['view(b, self.c_m, h, w)', 'view(b, h, self.c_m, w)', 'self.last(z)'],
      ['nn.Conv2d(in_channels, c_m, 1)', 'nn.Conv2d(c_m, in_channels, 1)', 'self.a(x)'],
    ],
  },
  'a gate over what is at a place': {
    source: `
class Gate(nn.Module):
    def __init__(self, kernel_size=7):
        super().__init__()
        self.spatial = nn.Conv2d(2, 1, kernel_size, stride=1, padding=(kernel_size - 1) // 2)

    def forward(self, x):
        pooled = torch.cat((torch.max(x, 1)[0].unsqueeze(1), torch.mean(x, 1).unsqueeze(1)), dim=1)
        return x * torch.sigmoid(self.spatial(pooled))`,
    slips: [
      ['nn.Conv2d(2, 1,', 'nn.Conv2d(1, 2,', 'self.spatial(pooled)'],
      ['nn.Conv2d(2, 1,', 'nn.Conv2d(4, 1,', 'self.spatial(pooled)'],
    ],
  },
  'shares of the heads, joined along the batch': {
    source: `
class Block(nn.Module):
    def __init__(self, dim_q, dim_k, dim_v, num_heads):
        super().__init__()
        self.dim_v, self.num_heads = dim_v, num_heads
        self.fc_q = nn.Linear(dim_q, dim_v)
        self.fc_k = nn.Linear(dim_k, dim_v)
        self.norm = nn.LayerNorm(dim_v)

    def forward(self, q, k):
        q, k = self.fc_q(q), self.fc_k(k)
        each = self.dim_v // self.num_heads
        q_ = torch.cat(q.split(each, 2), 0)
        k_ = torch.cat(k.split(each, 2), 0)
        a = torch.softmax(q_.bmm(k_.transpose(1, 2)) / math.sqrt(self.dim_v), 2)
        return self.norm(torch.cat((q_ + a.bmm(k_)).split(q.size(0), 0), 2))`,
    slips: [
      ['k_.transpose(1, 2)', 'k_.transpose(0, 2)', 'q_.bmm'],
      ['nn.LayerNorm(dim_v)', 'nn.LayerNorm(dim_v * 2)', 'self.norm('],
    ],
  },
};

async function findings(body: string) {
  const text = HEAD + body;
  const analysis = await analyzeFile(
    '/m.py',
    createAnalyser(async (file) => (file === '/m.py' ? text : undefined)),
  );
  const lines = text.split('\n');
  const told = (analysis?.diagnostics ?? []).filter(({ severity }) => severity === 'error' || severity === 'warning');
  return told.map(({ span, related, message }) => ({ message, lines: [span, ...related.map((one) => one.span)].map(({ line }) => lines[line - 1] ?? '') }));
}

describe.each(Object.entries(CASES))('%s', (_, { source, slips }) => {
  it('is silent where it is right', async () => {
    expect(await findings(source)).toEqual([]);
  });
  it.each(slips)('%s → %s', async (before, after, line) => {
    expect(source).toContain(before);
    const found = await findings(source.replace(before, after));
    expect(found.flatMap(({ lines }) => lines).filter((one) => one.includes(line))).not.toEqual([]);
  });
});
