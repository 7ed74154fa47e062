/** Masks whose diagonal is worked out of sizes: their shape is plain. */
import { expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

const SOURCE = `
import torch
from torch import nn

class Cross(nn.Module):
    def forward(self, x, ctx):
        i, j = x.shape[1], ctx.shape[1]
        scores = x @ ctx.transpose(1, 2)
        mask = torch.ones(i, j, dtype=torch.bool, device=x.device).triu(j - i + 1)
        below = torch.tril(torch.ones(i, j), diagonal=j - i)
        return (scores.masked_fill(mask, float('-inf')) * below).softmax(-1) @ ctx
`;

it('triu and tril keep the shape whatever the diagonal is', async () => {
  const analysis = await analyzeFile(
    '/block.py',
    createAnalyser(async (file) => (file === '/block.py' ? SOURCE : undefined)),
  );
  const graph = analysis?.modules[0]?.graph ?? expect.fail('no module');
  const shapes = graph.nodes.filter(({ op }) => op === 'bandPart').map(({ outputs }) => outputs[0]?.shape?.map(({ text }) => text));
  expect(shapes).toEqual([
    ['i', 'j'],
    ['i', 'j'],
  ]);
  expect(graph.nodes.flatMap(({ outputs }) => outputs.flatMap(({ unknown }) => unknown ?? []))).toEqual([]);
});
