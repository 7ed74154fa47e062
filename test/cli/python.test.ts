/** The command line on Python files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type NamedTensors, readTensors, type TensorData, writeTensors } from '../../src/run/index';
import { build, cli, cliJson, folderOf } from './command';
import type { CheckDocument, ErrorDocument, RunDocument, TraceDocument } from './documents';

beforeAll(build, 120_000);

const BAD = `import torch\n\n\ndef scores(x):\n    b, n, c = x.shape\n    k = torch.cat([x, x], dim=2)\n    return x @ k.transpose(1, 2)\n`;
const BLOCK = `from torch import nn


class Block(nn.Module):
    def __init__(self, dim, heads=4, norm_layer=nn.Identity, ratios=(1, 2), drop=None):
        super().__init__()
        self.heads = heads
        self.norm = norm_layer(dim)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.drop = nn.Dropout(drop) if drop is not None else nn.Identity()

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        attn = (q @ k.transpose(-2, -1)).softmax(dim=-1)
        out = (attn @ v).transpose(1, 2).reshape(b, n, c)
        return self.drop(out)
`;

describe('check', () => {
  const folder = folderOf({
    'pyproject.toml': '',
    '.gitignore': 'build/\n',
    'src/bad.py': BAD,
    'src/good.py': BLOCK,
    'build/bad.py': BAD,
    'env/pyvenv.cfg': '',
    'env/lib/bad.py': BAD,
    'conda/conda-meta/history': '',
    'conda/bad.py': BAD,
    '.venv/bad.py': BAD,
    'src/__pycache__/bad.py': BAD,
  });

  it('finds Python files, and passes by virtual environments and what git ignores', async () => {
    const { code, document } = await cliJson<CheckDocument>(['check', '.'], { cwd: folder });
    expect(code).toBe(1);
    expect(document.files.map(({ file }) => file)).toEqual(['src/bad.py', 'src/good.py']);
    expect(document.summary).toMatchObject({ files: 2, modules: 2, errors: 1, warnings: 0, skipped: 5 });
    const [error] = document.files[0]?.diagnostics.filter(({ severity }) => severity === 'error') ?? [];
    expect(error).toMatchObject({ line: 7, column: 12, code: 'matmul-mismatch', module: 'scores' });
  });

  it('reads a virtual environment that is named', async () => {
    const { document } = await cliJson<CheckDocument>(['check', 'env'], { cwd: folder });
    expect(document.summary.files).toBe(1);
  });

  it('reads one from stdin under its name', async () => {
    const { code, document } = await cliJson<CheckDocument>(['check', '--stdin', '--stdin-filename', 'src/typed.py'], { cwd: folder, stdin: BAD });
    expect(code).toBe(1);
    expect(document.files.map(({ file }) => file)).toEqual(['src/typed.py']);
  });

  it('is SARIF with a rule for what it finds', async () => {
    const { stdout } = await cli(['check', 'src', '--format', 'sarif'], { cwd: folder });
    const [run] = (JSON.parse(stdout) as { runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] }[] }).runs;
    const result = run?.results.find(({ ruleId }) => ruleId === 'matmul-mismatch');
    expect(run?.tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe('matmul-mismatch');
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect([ruleId, run?.tool.driver.rules[ruleIndex]?.id]).toEqual([ruleId, ruleId]);
  });
});

describe('trace', () => {
  const folder = folderOf({
    'block.py': BLOCK,
    'pkg/__init__.py': '',
    'pkg/model.py':
      'from pkg.layers import Scale\nimport torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.scale = Scale(8)\n\n    def forward(self, x):\n        b, n, c = x.shape\n        y = self.scale(x)\n        return y\n',
    'pkg/layers.py':
      'import torch.nn as nn\n\nclass Scale(nn.Module):\n    def __init__(self, dim):\n        super().__init__()\n        self.fc = nn.Linear(dim, 2 * dim)\n\n    def forward(self, x):\n        z = self.fc(x)\n        return z\n',
  });
  const trace = (...args: readonly string[]) => cliJson<TraceDocument>(['trace', ...args], { cwd: folder });

  it('says that it is Python, and has the rows of the forward', async () => {
    const { document } = await trace('block.py', '--class', 'Block', '--args', '{"dim":32}', '--inputs', '{"x":[2,5,32]}');
    const [module] = document.modules;
    expect(module).toMatchObject({ name: 'Block', language: 'python', line: 4, outputs: [{ sizes: [2, 5, 32] }] });
    expect(module?.values.find(({ name }) => name === 'attn')).toMatchObject({ function: 'Block.forward', sizes: [2, 4, 5, 5], dtype: 'float32' });
  });

  it('makes the module by an expression of the file, with a library that the file does not import', async () => {
    const { document } = await trace('block.py', '--new', 'Block(dim=24, heads=2, norm_layer=torch.nn.LayerNorm)', '--inputs', '{"x":[2,5,24]}');
    expect(document.modules[0]?.values.find(({ name }) => name === 'attn')).toMatchObject({ sizes: [2, 2, 5, 5] });
    const { document: lambda } = await trace(
      'block.py',
      '--new',
      'Block(24, norm_layer=lambda d: torch.nn.LayerNorm(d, eps=1e-6))',
      '--inputs',
      '{"x":[2,5,24]}',
    );
    expect(lambda.modules[0]?.outputs).toMatchObject([{ sizes: [2, 5, 24] }]);
  });

  it('takes JSON for Python’s values', async () => {
    const { code, document } = await trace(
      'block.py',
      '--class',
      'Block',
      '--args',
      '{"dim":16,"heads":2,"ratios":[1,2],"drop":null}',
      '--inputs',
      '{"x":[1,3,16]}',
    );
    expect(code).toBe(0);
    expect(document.modules[0]?.outputs).toMatchObject([{ sizes: [1, 3, 16] }]);
  });

  it('refuses what is no expression, and arguments that nothing takes', async () => {
    const refused = (...args: readonly string[]) => cliJson<ErrorDocument>(['trace', 'block.py', ...args], { cwd: folder });
    expect((await refused('--new', 'Block(dim=')).document.error.code).toBe('bad-argument');
    expect((await refused('--class', 'Block', '--args', '{"dims":3}')).document.error).toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('dims'),
    });
    expect((await refused('--class', 'Nowhere')).document.error.code).toBe('no-such-class');
  });

  it('finds the user’s own package from its root', async () => {
    const { document } = await trace('pkg/model.py', '--root', '.');
    const rows = document.modules.find(({ name }) => name === 'Net')?.values ?? [];
    expect(rows.find(({ name }) => name === 'z')).toMatchObject({ file: 'pkg/layers.py', function: 'Scale.forward', shape: ['b', 'n', '16'] });
    expect(rows.find(({ name }) => name === 'y')).toMatchObject({ file: 'pkg/model.py', shape: ['b', 'n', '16'] });
  });
});

describe('run', () => {
  const MODULES = `import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, dim=4):
        super().__init__()
        self.fc = nn.Linear(dim, 3)
        self.unused = nn.Linear(2, 2)
        self.norm = nn.BatchNorm1d(3)

    def forward(self, x):
        return self.norm(self.fc(x))


def parts(x, ids):
    return {'twice': 2 * x, 'list': [x, None, ids + 1], 'mask': ids > 1}


def joined(xs):
    return torch.cat(xs, dim=0), None, xs[0].sum()
`;
  const folder = folderOf({ 'net.py': MODULES });
  const floats = (shape: readonly number[], ...data: readonly number[]): TensorData => ({ shape, dtype: 'float32', data: Float32Array.from(data) });
  const wholes = (shape: readonly number[], ...data: readonly number[]): TensorData => ({ shape, dtype: 'int64', data: Int32Array.from(data) });
  const file = (name: string, tensors: NamedTensors) => {
    writeFileSync(join(folder, name), writeTensors(tensors));
    return name;
  };
  const run = <Document = RunDocument>(...args: readonly string[]) => cliJson<Document>(['run', 'net.py', ...args], { cwd: folder });
  const written = (name: string): NamedTensors => {
    const read = readTensors(readFileSync(join(folder, name)), name);
    return 'tensors' in read ? read.tensors : new Map();
  };
  const state: NamedTensors = new Map([
    ['fc.weight', floats([3, 4], 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)],
    ['fc.bias', floats([3], 0.5, 0.5, 0.5)],
    ['unused.weight', floats([2, 2], 0, 0, 0, 0)],
    ['unused.bias', floats([2], 0, 0)],
    ['norm.weight', floats([3], 1, 1, 1)],
    ['norm.bias', floats([3], 0, 0, 0)],
    ['norm.running_mean', floats([3], 0.5, 0.5, 0.5)],
    ['norm.running_var', floats([3], 1, 1, 1)],
    ['norm.num_batches_tracked', wholes([], 7)],
  ]);
  const net = ['--class', 'Net', '--inputs', '{"x":[2,4]}'];
  const inputs = ['--tensors', file('x.safetensors', new Map([['x', floats([2, 4], 1, 2, 3, 4, 5, 6, 7, 8)]]))];

  it('loads a whole state dict, also what the forward does not use', async () => {
    const { code } = await run(...net, ...inputs, '--weights', file('state.safetensors', state), '--out', 'out.safetensors');
    expect(code).toBe(0);
    const output = written('out.safetensors').get('output');
    expect(output?.shape).toEqual([2, 3]);
    for (const [at, value] of [1, 2, 3, 5, 6, 7].entries()) expect(output?.data[at]).toBeCloseTo(value, 4);
  });

  it('names everything that does not fit', async () => {
    const wrong = new Map([...state, ['norm.running_mean', floats([4], 0, 0, 0, 0)] as const, ['head.bias', floats([1], 0)] as const]);
    wrong.delete('unused.bias');
    const { code, document } = await run<ErrorDocument>(...net, '--weights', file('wrong.safetensors', wrong));
    expect({ code, of: document.error.code }).toEqual({ code: 2, of: 'bad-argument' });
    for (const words of ['`norm.running_mean` has shape [4], but [3] is needed', '`unused.bias` is missing', '`head.bias` belongs to nothing'])
      expect(document.error.message).toContain(words);
  });

  it('says what is wrong with a file of another kind', async () => {
    writeFileSync(join(folder, 'model.pt'), Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.alloc(80)]));
    const { code, document } = await run<ErrorDocument>(...net, '--weights', 'model.pt');
    expect({ code, of: document.error.code }).toEqual({ code: 2, of: 'bad-argument' });
    expect(document.error.message).toMatch(/model\.pt is a PyTorch file, no safetensors file/);
  });

  it('writes dicts and lists by their places, in their types', async () => {
    const tensors = file(
      'parts-in.safetensors',
      new Map([
        ['x', floats([2], 1, 2)],
        ['ids', wholes([3], 0, 1, 2)],
      ]),
    );
    const given = '{"x":[2],"ids":{"shape":[3],"dtype":"int64"}}';
    const { code } = await run('--class', 'parts', '--inputs', given, '--tensors', tensors, '--out', 'parts.safetensors');
    expect(code).toBe(0);
    const out = written('parts.safetensors');
    expect([...out.keys()].sort()).toEqual(['output.list.0', 'output.list.2', 'output.mask', 'output.twice']);
    expect(out.get('output.list.2')).toEqual(wholes([3], 1, 2, 3));
    expect(out.get('output.mask')).toEqual({ shape: [3], dtype: 'bool', data: Uint8Array.of(0, 0, 1) });
  });

  it('takes a list of tensors by number', async () => {
    const tensors = file(
      'xs.safetensors',
      new Map([
        ['xs.0', floats([1, 2], 1, 2)],
        ['xs.1', floats([2, 2], 3, 4, 5, 6)],
      ]),
    );
    const { code } = await run('--class', 'joined', '--inputs', '{"xs":{"tensors":[[1,2],[2,2]]}}', '--tensors', tensors, '--out', 'joined.safetensors');
    expect(code).toBe(0);
    const out = written('joined.safetensors');
    expect([...out.keys()].sort()).toEqual(['output.0', 'output.2']);
    expect([...(out.get('output.0')?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(out.get('output.2')).toEqual(floats([], 3));
  });
});
