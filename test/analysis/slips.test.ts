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
