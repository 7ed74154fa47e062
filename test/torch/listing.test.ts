/** A listing as people paste it from an article: a base class of a library, helpers of a file that did not come with it, a branch on versions. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, parseExpression } from '../../src/analysis/analyze';
import { traceModule } from '../../src/analysis/trace';
import type { ModuleAnalysis } from '../../src/analysis/types';
import type { Bindings } from '../../src/interpret/index';
import { list, number } from '../../src/value/index';

const LISTING = `import torch.nn as nn
from mmcv.cnn import Conv2d, build_norm_layer
from mmcv.cnn.bricks.transformer import MultiheadAttention
from mmseg import digit_version, mmcv_version
from .helpers import nlc_to_nchw, nchw_to_nlc


class ReducedAttention(MultiheadAttention):
    def __init__(self, embed_dims, num_heads, ratio=1, norm_cfg=dict(type='LN'), batch_first=True):
        super().__init__(embed_dims, num_heads, batch_first=batch_first)
        self.ratio = ratio
        if ratio > 1:
            self.reduce = Conv2d(embed_dims, embed_dims, kernel_size=ratio, stride=ratio)
            self.norm = build_norm_layer(norm_cfg, embed_dims)[1]
        if mmcv_version < digit_version('1.3.17'):
            self.forward = self.old_forward

    def forward(self, x, hw_shape):
        source = x
        if self.ratio > 1:
            source = nlc_to_nchw(x, hw_shape)
            source = self.reduce(source)
            source = nchw_to_nlc(source)
            source = self.norm(source)
        query = x
        if self.batch_first:
            query = query.transpose(0, 1)
            source = source.transpose(0, 1)
        out = self.attn(query=query, key=source, value=source)[0]
        if self.batch_first:
            out = out.transpose(0, 1)
        return x + self.dropout_layer(self.proj_drop(out))
`;

const FILE = '/listing/attention.py';

async function read(bindings: Bindings, made?: string): Promise<ModuleAnalysis> {
  const project = createAnalyser(async (path) => (path === FILE ? LISTING : undefined), '/listing');
  const expression = made === undefined ? undefined : await parseExpression(FILE, made);
  const analysis = await analyzeFile(FILE, project, { bindings, ...(expression ? { expression } : { name: 'ReducedAttention' }) });
  const [module] = analysis?.modules ?? [];
  if (!module) throw new Error('no module is read');
  return module;
}

const rowsOf = (module: ModuleAnalysis, bound: boolean) => traceModule(module, bound, (file) => file, []).values;

describe('a pasted listing', () => {
  it('is known in each of its rows from symbolic sizes', async () => {
    const module = await read({ training: false });
    expect(module.diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning')).toEqual([]);
    const rows = rowsOf(module, false);
    expect(rows.filter(({ shape }) => shape === null || shape.includes('?'))).toEqual([]);
    expect(rows.at(-1)).toMatchObject({ name: 'return', shape: ['b', 'n', 'c'] });
  });

  it('is known at its sizes', async () => {
    const inputs = new Map([
      ['x', { kind: 'tensor', shape: [2, 96, 64], dtype: 'float32' } as const],
      ['hw_shape', { kind: 'value', value: list([number(8), number(12)]) } as const],
    ]);
    const rows = rowsOf(await read({ training: false, inputs }, 'ReducedAttention(64, 2, ratio=4)'), true);
    const sizes = rows.filter(({ name }) => name === 'source').map((row) => row.sizes);
    expect(sizes).toEqual([
      [2, 96, 64],
      [2, 64, 8, 12],
      [2, 64, 2, 3],
      [2, 6, 64],
      [2, 6, 64],
      [6, 2, 64],
    ]);
    expect(rows.at(-1)?.sizes).toEqual([2, 96, 64]);
  });
});
