import { describe, expect, test } from 'vitest';
import { printModule } from '../../src/program/print';
import { createProject, loadProgram } from '../../src/project/index';

type Files = { [path: string]: string };

/** A project over files in memory, which notes what it reads. */
function memory(files: Files, options: { root?: string; mostFiles?: number; mostCharacters?: number } = {}) {
  const reads: string[] = [];
  const read = async (path: string) => {
    reads.push(path);
    return files[path];
  };
  return { reads, project: createProject({ read, ...options }) };
}

const load = (files: Files, entry = '/app/src/a.py', options = {}) => loadProgram(entry, memory(files, options).project);

/** What is left of the other files, by their paths. */
async function partsOf(files: Files, entry = '/app/a.py') {
  const program = await load(files, entry);
  const others = [...program.modules].filter(([path]) => path !== entry);
  return Object.fromEntries(others.map(([path, module]) => [path, printModule(module)]));
}

const FILES: Files = {
  '/app/pyproject.toml': '',
  '/app/top.py': 'x = 1',
  '/app/pkg/__init__.py': 'x = 1',
  '/app/pkg/m.py': 'x = 1',
  '/app/pkg/sub/n.py': 'x = 1',
  '/app/lib.py': 'x = 1',
  '/app/lib/__init__.py': 'x = 1',
  '/app/src/b.py': 'x = 1',
  '/app/src/inner/__init__.py': 'x = 1',
  '/app/src/inner/c.py': 'x = 1',
  '/app/torch/__init__.py': 'x = 1',
  '/app/math.py': 'x = 1',
};

/** Where an import of /app/src/a.py leads. */
const RESOLVED: readonly (readonly [string, string, string | undefined])[] = [
  ['from b import x', 'b', '/app/src/b.py'],
  ['import b', 'b', '/app/src/b.py'],
  ['from .b import x', '.b', '/app/src/b.py'],
  ['from . import b\nb.x', '.b', '/app/src/b.py'],
  ['from .inner.c import x', '.inner.c', '/app/src/inner/c.py'],
  ['from .inner import c\nc.x', '.inner.c', '/app/src/inner/c.py'],
  ['from .inner import x', '.inner', '/app/src/inner/__init__.py'],
  ['from ..pkg.m import x', '..pkg.m', '/app/pkg/m.py'],
  ['from .. import top\ntop.x', '..top', '/app/top.py'],
  ['from pkg.m import x', 'pkg.m', '/app/pkg/m.py'],
  ['from pkg import m\nm.x', 'pkg.m', '/app/pkg/m.py'],
  ['import pkg.m as n\nn.x', 'pkg.m', '/app/pkg/m.py'],
  ['from pkg.sub.n import x', 'pkg.sub.n', '/app/pkg/sub/n.py'],
  ['from pkg.sub import n\nn.x', 'pkg.sub.n', '/app/pkg/sub/n.py'],
  ['from lib import x', 'lib', '/app/lib/__init__.py'],
  ['from inner.c import x', 'inner.c', '/app/src/inner/c.py'],
  ['def f():\n  from pkg.m import x\n  return x', 'pkg.m', '/app/pkg/m.py'],
  ['try:\n  from pkg.m import x\nexcept ImportError: x = 1', 'pkg.m', '/app/pkg/m.py'],
  ['import torch', 'torch', undefined],
  ['import math', 'math', undefined],
  ['from nowhere.at import all', 'nowhere.at', undefined],
  ['from .nowhere import x', '.nowhere', undefined],
];

describe('imports', () => {
  for (const [source, specifier, expected] of RESOLVED) {
    test(`${source} leads to ${expected ?? 'none of the files'}`, async () => {
      const program = await load({ ...FILES, '/app/src/a.py': source });
      expect(program.resolve('/app/src/a.py', specifier)).toBe(expected);
      expect(program.missing.map((one) => one.specifier)).toEqual(specifier === '.nowhere' ? ['.nowhere'] : []);
    });
  }
});

test('a member of a package without a file of its own', async () => {
  const entry = '/app/a.py';
  const program = await load({ [entry]: 'import pkg.sub.n\npkg.sub.n.f()', '/app/pkg/sub/n.py': 'def f(): pass\ndef g(): pass' }, entry);
  const top = program.resolve(entry, 'pkg') ?? '';
  const sub = program.resolve(top, '.sub') ?? '';
  expect([top, sub, program.resolve(sub, '.n')]).toEqual(['/app/pkg/__init__.py', '/app/pkg/sub/__init__.py', '/app/pkg/sub/n.py']);
  expect(program.module('/app/pkg/sub/n.py')?.body).toHaveLength(1);
});

test('the root that is given, and the folder above the outermost package', async () => {
  const files = {
    '/site/timm/__init__.py': '',
    '/site/timm/layers/__init__.py': '',
    '/site/timm/layers/a.py': 'from timm.layers.b import x\nfrom other.c import y',
    '/site/timm/layers/b.py': 'x = 1',
    '/other/c.py': '',
    '/site/other/c.py': 'y = 1',
  };
  const entry = '/site/timm/layers/a.py';
  expect((await load(files, entry)).resolve(entry, 'timm.layers.b')).toBe('/site/timm/layers/b.py');
  expect((await load(files, entry, { root: '/site' })).resolve(entry, 'other.c')).toBe('/site/other/c.py');
  const own = { '/site/einops/__init__.py': '', '/site/einops/a.py': 'from einops.b import x', '/site/einops/b.py': 'x = 1' };
  expect((await load(own, '/site/einops/a.py')).resolve('/site/einops/a.py', 'einops.b')).toBe('/site/einops/b.py');
});

describe('of other files, what is needed', () => {
  test('a definition with what it speaks of', async () => {
    const files = {
      '/app/a.py': 'from m import f\nf(1)',
      '/app/m.py':
        'import torch\nimport math, os\nfrom n import g, h\nK = 2\nL = 3\ndef f(x): return g(x, K) * math.pi\ndef unused(x): return h(L)\nclass C: pass\n',
      '/app/n.py': 'def g(): pass\ndef h(): pass',
    };
    expect(await partsOf(files)).toEqual({
      '/app/m.py': 'import math: * as math\nimport n: g\nvar K = 2\nfunction f(x):\n  return (g(x, K) * math.pi)',
      '/app/n.py': 'function g():\n  pass',
    });
  });

  test('through the packages that hand a name on, by name and by star', async () => {
    const files = {
      '/app/a.py': 'from pkg import Attention, Mlp\nAttention(); Mlp()',
      '/app/pkg/__init__.py': 'from .attention import Attention as Attention, Other\nfrom .mlp import *\nfrom .heavy import *\nfrom .unused import Thing',
      '/app/pkg/attention.py': 'from .helpers import pair\nclass Base: pass\nclass Attention(Base):\n  def __init__(self): self.p = pair(1)\nclass Other: pass',
      '/app/pkg/mlp.py': "__all__ = ['Mlp']\nclass Mlp: pass\nclass Glu: pass",
      '/app/pkg/heavy.py': 'class Heavy: pass',
      '/app/pkg/helpers.py': 'def pair(x): return (x, x)',
      '/app/pkg/unused.py': 'class Thing: pass',
    };
    const parts = await partsOf(files);
    expect(Object.keys(parts).sort()).toEqual(['/app/pkg/__init__.py', '/app/pkg/attention.py', '/app/pkg/helpers.py', '/app/pkg/mlp.py']);
    expect(parts['/app/pkg/__init__.py']).toBe('import .attention: Attention\nimport .mlp: * as *');
    expect(parts['/app/pkg/attention.py']).not.toContain('Other');
    expect(parts['/app/pkg/mlp.py']).toBe('var __all__ = ["Mlp"]\nclass Mlp:\n  pass');
  });

  test("members of a module, and of a package's files", async () => {
    const files = {
      '/app/a.py': 'import m as n\nfrom pkg import layers\nn.f(); layers.inner.g()',
      '/app/m.py': 'def f(): pass\ndef other(): pass',
      '/app/pkg/__init__.py': '',
      '/app/pkg/layers/__init__.py': 'from . import inner',
      '/app/pkg/layers/inner.py': 'def g(): pass\ndef other(): pass',
    };
    const parts = await partsOf(files);
    expect([parts['/app/m.py'], parts['/app/pkg/layers/inner.py']]).toEqual(['function f():\n  pass', 'function g():\n  pass']);
  });

  test('what changes it where it stands, not what registers it or runs it as a program', async () => {
    const files = {
      '/app/a.py': 'from m import C',
      '/app/m.py':
        "C = {}\nC['a'] = 1\nC.update(b=2)\nD = []\nD.append(1)\nregister(C)\nif __name__ == '__main__':\n  C = 2\ntry:\n  C['t'] = 1\nexcept E: pass",
    };
    const [part = ''] = Object.values(await partsOf(files));
    expect(part).toBe('var C = {}\nC["a"] = 1\nC.update(b=2)\ntry:\n  C["t"] = 1\ncatch E:\n  pass');
  });

  test('of a large class, the methods that something speaks of', async () => {
    const big = `  def unused(self):\n    return far()\n${'    x = 1 + 2\n'.repeat(3000)}`;
    const files = {
      '/app/a.py': 'from m import C\nclass D(C):\n  def forward(self, x): return self.helper(x)',
      '/app/m.py': `from n import near, far\nclass C:\n  n: int = 1\n  def __init__(self): pass\n  def helper(self, x): return near(x)\n${big}`,
      '/app/n.py': 'def near(x): pass\ndef far(): pass',
    };
    const parts = await partsOf(files);
    expect(parts['/app/m.py']).toBe(
      'import n: near\nclass C:\n  static n: int = 1\n  constructor __init__():\n    pass\n  method helper(x):\n    return near(x)',
    );
    expect(parts['/app/n.py']).toBe('function near(x):\n  pass');
  });

  test('where there is no room for all, a class is not left without its bases, nor what is small for what is large', async () => {
    const long = (name: string, characters: number) => `def ${name}(x):\n${'  x = x + 1\n'.repeat(characters / 12)}`;
    const files = {
      '/app/a.py': 'from m import f, C, big, small\nf(C(big, small))',
      '/app/m.py': `from n import Base\nfrom k import near\n${long('big', 310_000)}\ndef f(x):\n  return near(x)\nclass C(Base):\n  pass\ndef small(x):\n  pass`,
      '/app/n.py': 'class Base:\n  pass',
      '/app/k.py': Array.from({ length: 80 }, (_, at) => long(`part${at}`, 12_000))
        .concat(`def near(x):\n${Array.from({ length: 80 }, (_, at) => `  part${at}(x)`).join('\n')}`)
        .join('\n'),
    };
    const program = await load(files, '/app/a.py');
    const names = (path: string) => (program.module(path)?.body ?? []).flatMap((one) => ('definition' in one ? one.definition.name : []));
    expect(names('/app/n.py')).toEqual(['Base']);
    expect(names('/app/m.py')).toEqual(['big', 'f', 'C', 'small']);
    expect(names('/app/k.py').length).toBeGreaterThan(10);
    expect(names('/app/k.py').length).toBeLessThan(80);
  });

  test('imports that a taken statement holds lead somewhere, needed or not', async () => {
    const files = {
      '/app/a.py': 'from m import f',
      '/app/m.py': 'try:\n  from n import f\n  from k import g\nexcept ImportError:\n  f = None',
      '/app/n.py': 'def f(): pass',
      '/app/k.py': 'def g(): pass',
    };
    const program = await load(files, '/app/a.py');
    expect([program.resolve('/app/m.py', 'n'), program.resolve('/app/m.py', 'k')]).toEqual(['/app/n.py', '/app/k.py']);
    expect(program.module('/app/k.py')?.body).toEqual([]);
  });
});

test('circles end', async () => {
  const files = {
    '/app/a.py': 'from b import f\nfrom a import g\ndef g(): pass',
    '/app/b.py': 'from a import g\nfrom c import *\ndef f(): return g() + h()',
    '/app/c.py': 'from b import *\nfrom c import *\ndef h(): pass',
  };
  const program = await load(files, '/app/a.py');
  expect(program.circular).toBe(true);
  expect(program.resolve('/app/b.py', 'a')).toBe('/app/a.py');
  expect([...program.modules.keys()].sort()).toEqual(['/app/a.py', '/app/b.py', '/app/c.py']);
  expect((await load({ '/app/a.py': 'from b import f', '/app/b.py': 'def f(): pass' }, '/app/a.py')).circular).toBe(false);
});

test('what did not change is the same, and what is needed anew is there', async () => {
  const files: Files = { '/app/a.py': 'from m import f', '/app/m.py': 'def f(): pass\ndef g(): pass' };
  const { project } = memory(files);
  const first = await loadProgram('/app/a.py', project);
  files['/app/a.py'] = 'from m import f\n# more';
  const second = await loadProgram('/app/a.py', project);
  expect(second.module('/app/m.py')).toBe(first.module('/app/m.py'));
  files['/app/a.py'] = 'from m import g';
  const third = await loadProgram('/app/a.py', project);
  expect(printModule(third.module('/app/m.py') ?? { path: '', language: 'python', body: [], syntaxProblems: [], comments: [] })).toBe('function g():\n  pass');
  const whole = await loadProgram('/app/m.py', project);
  expect(whole.module('/app/m.py')?.body).toHaveLength(2);
});

test('a program that is typed in needs what it would need when it is opened', async () => {
  const files: Files = {
    '/app/a.py': 'from m import C\nimport n\nx = C()',
    '/app/m.py': 'from n import f, g\nclass C:\n  def one(self): return f()\n  def two(self): return g()',
    '/app/n.py': 'def f(): pass\ndef g(): pass\ndef h(): pass',
  };
  const { project } = memory(files);
  const shown = (program: Awaited<ReturnType<typeof loadProgram>>) => [...program.modules].map(([path, module]) => `${path}\n${printModule(module)}`).sort();
  for (const line of ['', 'x.one()', 'y = 1', 'x.two()', 'n.h()', 'from n import h', '', 'z = 3']) {
    files['/app/a.py'] = `from m import C\nimport n\nx = C()\n${line}`;
    expect(shown(await loadProgram('/app/a.py', project))).toEqual(shown(await load(files, '/app/a.py')));
  }
  files['/app/n.py'] = 'def f(): return 2';
  files['/app/a.py'] += '\nx.one()';
  expect(shown(await loadProgram('/app/a.py', project))).toEqual(shown(await load(files, '/app/a.py')));
  delete files['/app/n.py'];
  expect(shown(await loadProgram('/app/a.py', project))).toEqual(shown(await load(files, '/app/a.py')));
});

test('files and characters are bounded', async () => {
  const files: Files = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [`/f${at}.py`, `from f${at + 1} import x${at + 1}\ndef x${at}(): return x${at + 1}()`]),
  );
  const few = await load({ ...files, '/a.py': 'from f0 import x0' }, '/a.py', { mostFiles: 5 });
  expect(few.modules.size).toBeLessThanOrEqual(7);
  expect(few.missing.some(({ reason }) => reason === 'too-many-files')).toBe(true);
  const short = await load({ ...files, '/a.py': 'from f0 import x0' }, '/a.py', { mostCharacters: 300 });
  expect(short.missing.some(({ reason }) => reason === 'too-large')).toBe(true);
});

test('broken files, files that are not there, a star from nowhere', async () => {
  const files = { '/app/a.py': 'from m import f\nfrom .nowhere import *\nfrom . import gone\n', '/app/m.py': 'x = (\ndef f(): return 1\n' };
  const program = await load(files, '/app/a.py');
  expect(program.missing.map(({ specifier }) => specifier)).toContain('.nowhere');
  expect(program.resolve('/app/a.py', '.gone')).toBeUndefined();
  expect((await load({}, '/app/a.py')).modules.size).toBe(0);
});
