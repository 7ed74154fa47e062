import { describe, expect, test } from 'vitest';
import type { Statement } from '../../../src/program/types';
import { lowered, printed } from './lower';

/** Sources, and what they lower to. */
const CASES: { readonly [about: string]: readonly (readonly [string, string])[] } = {
  literals: [
    ['x = 1_000 + 0xff + 0o17 + 017 + 1e-5 + .5 + 10L', 'var x = ((((((1000 + 255) + 15) + 15) + 0.00001) + 0.5) + 10)'],
    ['x = 3j', 'var x = unknown(complex numbers are not read)'],
    ['x = True, False, None, ...', 'var x = (true, false, null, Ellipsis,)'],
    [`x = 'a' "b\\n" r'\\d' b'c'`, 'var x = "ab\\n\\\\dc"'],
    ["x = '\\x41\\u00e9\\101\\\n\\q'", 'var x = "AéA\\\\q"'],
    ["x = f'a{b}{{}}{c!r:>{w}}{d=}{e:02d}'", 'var x = `a{b}{}{format(repr(c), `>{w}`)}d={repr(d)}{format(e, "02d")}`'],
    ["x = f'{a}' 'b' rf'\\{c}'", 'var x = `{a}b\\{c}`'],
    ['x = f"{a["b"]}"', 'var x = `{a["b"]}`'],
    ['x = """a\n"b" """', 'var x = "a\\n\\"b\\" "'],
    [
      'x = [a, *b, *c.d]; y = {1, *a}; z = (*a, b); w = (); v = []',
      'var x = [a, ...b, ...c.d]\nvar y = set([1, ...a])\nvar z = (...a, b,)\nvar w = (,)\nvar v = []',
    ],
    ["x = {'a': 1, b: 2, **c, f'{d}': 3}", 'var x = {a: 1, [b]: 2, ...c, [`{d}`]: 3}'],
  ],
  operators: [
    ['x = -a ** 2 // b % c @ d & e | f ^ g << 1 >> ~h', 'var x = ((((((-(a ** 2)) // b) % c) @ d) & e) | (f ^ ((g << 1) >> (~h))))'],
    ['x = not a < b <= c and d is not None or e not in f', 'var x = (((not ((a < b) and (b <= c))) and (d is not null)) or (e not in f))'],
    ['x = a if b else c if d else e', 'var x = (b ? a : (d ? c : e))'],
    ['x = 1 \\\n  + 2', 'var x = (1 + 2)'],
    ['x = a, \\\r\n  "b", \\\n  "c"', 'var x = (a, "b", "c",)'],
    ['x = (1 + # one\n  2) # two', 'var x = (1 + 2) # two'],
    ['x = a <> b', 'var x = (a != b)'],
  ],
  access: [
    ['a.b.c(d)(e).f[0].g', 'a.b.c(d)(e).f[0].g'],
    ['x[..., None, 1:, :-1, ::2, a:b:c]; x[m]; x[0][1]', 'x[..., null, 1:, :(-1), ::2, a:b:c]\nx[m]\nx[0][1]'],
    ['x[b,]; x[(1, 2)]; x[*i, 0]', 'x[(b,)]\nx[(1, 2,)]\nx[(...i, 0,)]'],
    ['f(*a.shape[:2], -1, *b, k=1, **c.d); f(a for a in b)', 'f(...a.shape[:2], (-1), ...b, k=1, **c.d)\nf(generator(a for a in b))'],
  ],
  comprehensions: [
    ['x = [a for b, in c if d if e for f, (g, *h) in i]', 'var x = list(a for [b] in c if d if e for [f, [g, ...h]] in i)'],
    ['x = {a: b for a in c}; y = {a for a in b}', 'var x = dict(a: b for a in c)\nvar y = set(a for a in b)'],
    ['x = [a for a in b, c]', 'var x = list(a for a in (b, c,))'],
  ],
  assignments: [
    ['x = y = z = 1', 'var x = y = z = 1'],
    ['(a, b), *c = d; [e, self.f] = g', 'var [[a, b], ...c] = d\nvar [e, self.f] = g'],
    ['b, n, _, h = *x.shape, self.heads', 'var [b, n, _, h] = (...x.shape, self.heads,)'],
    ['x.a = 1; x[0] = 2', 'x.a = 1\nx[0] = 2'],
    ['x += 1; x @= y; x //= 2; x **= 2; x >>= 1; x.a -= 1; x[0] *= 2', 'x += 1\nx @= y\nx //= 2\nx **= 2\nx >>= 1\nx.a -= 1\nx[0] *= 2'],
    ['x: int = 1\ny: Tensor', 'var x: int = 1'],
    ['if (n := f()) > 1: g(n)', 'if ((n = f()) > 1):\n  g(n)'],
    ['del a, b.c, d[0]', 'delete a, b.c, d[0]'],
    ['type X = list[int]', 'type X = list<int>'],
  ],
  statements: [
    ['if a: b()\nelif c: d()\nelif e: pass\nelse: f()', 'if a:\n  b()\nelse:\n  if c:\n    d()\n  else:\n    if e:\n      pass\n    else:\n      f()'],
    ['for i, (a, b) in c: f(i)\nelse: g()', 'for var [i, [a, b]] of c:\n  f(i)\nelse:\n  g()'],
    ['for self.i in a, b: continue', 'for self.i of (a, b,):\n  continue'],
    ['while a: break\nelse: b()', 'while a:\n  break\nelse:\n  b()'],
    ['with a as b, c(d) as (e, f), g: h()', 'with a as b, c(d) as [e, f], g:\n  h()'],
    ['with (a(b) as c, d): e()', 'with a(b) as c, d:\n  e()'],
    [
      'try:\n  a()\nexcept (A, B) as e:\n  b()\nexcept C: c()\nexcept: d()\nelse:\n  e()\nfinally:\n  f()',
      'try:\n  a()\ncatch A B e:\n  b()\ncatch C:\n  c()\ncatch:\n  d()\nelse:\n  e()\nfinally:\n  f()',
    ],
    ["assert a == b, f'{a}'; assert c", 'assert (a == b), `{a}`\nassert c'],
    ['raise A(b) from c; raise', 'throw A(b)\nthrow'],
    ['a, b', '(a, b,)'],
    ['pass; ...', ''],
  ],
  imports: [
    ['import a; import a.b; import a.b.c as d', 'import a: * as a\nimport a: * as a\nimport a.b: \nimport a.b.c: * as d'],
    ['from a import b, c as d; from . import e; from .m import *', 'import a: b, c as d\nimport .: e\nimport .m: * as *'],
    ['from ..f.g import (h, # one\n  i as j,)', 'import ..f.g: h, i as j'],
    ['from __future__ import annotations', ''],
  ],
  functions: [
    ['def f(a, b=1, /, c: int = 2, *args, d, e=3, **kw) -> Tensor: pass', 'function f(a, b = 1, c: int = 2, *args, d, e = 3, **kw) -> Tensor:\n  pass'],
    ['x = lambda a, *b, c=1, **d: a', 'var x = arrow (a, *b, c = 1, **d) { return a }'],
    [
      'async def f():\n  async with a as b: await c\n  async for d in e: yield d',
      'async function* f():\n  with a as b:\n    (await c)\n  for var d of e:\n    (yield d)',
    ],
    ['def f():\n  x = yield\n  def g(): return 1', 'function* f():\n  var x = (yield null)\n  function g():\n    return 1'],
    ['def f():\n  def g(): yield from h', 'function f():\n  function* g():\n    (yield from h)'],
    [
      'def f():\n  global a, b\n  a = 1\n  c, a = 2\n  def g():\n    nonlocal c\n    c = 3\n    a = 4\n  for b in c: pass',
      'function f():\n  global a, b\n  a = 1\n  [c, a] = 2\n  function g():\n    nonlocal c\n    c = 3\n    var a = 4\n  for b of c:\n    pass',
    ],
    ['@torch.no_grad()\n@a.b\ndef f(): """Doc."""', '@torch.no_grad()\n@a.b\nfunction f():\n  pass'],
    ['def f[T](x: T) -> T: return x', 'function f(x: T) -> T:\n  return x'],
  ],
  types: [
    ['def f(a: Float[Tensor, "b c h w"]): pass', 'function f(a: Float<Tensor, "b c h w">):\n  pass'],
    ["def f(a: 'Tensor', b: 'List[A | None]', c: List['A']): pass", 'function f(a: Tensor, b: List<A | None>, c: List<A>):\n  pass'],
    [
      'def f(a: Optional[int] = None, b: Union[A, B, None] = 1, c: torch.Tensor | None = None): pass',
      'function f(a: int | None = null, b: A | B | None = 1, c: torch.Tensor | None = null):\n  pass',
    ],
    [
      "def f(a: Literal['x', 'y'], b: tuple[int, ...], c: Callable[[int], str]): pass",
      "function f(a: Literal<'x', 'y'>, b: tuple<int, ...>, c: Callable<tuple<int>, str>):\n  pass",
    ],
    ['def f(*a: int, **k: Any): pass', 'function f(*a: int, **k: Any):\n  pass'],
  ],
  classes: [
    [
      'class A(nn.Module, B[int], metaclass=M):\n  """Doc."""\n  n: int\n  k: int = 3\n  p = 4\n  q = r = 5\n  a, b = 1, 2\n  p += 1\n  if k:\n    def g(self): pass\n  class D: pass',
      'class A(nn.Module, B[int]):\n  static n: int\n  static k: int = 3\n  static p = 4\n  var q = r = 5\n  var [a, b] = (1, 2,)\n  p += 1\n  if k:\n    function g(self):\n      pass\n  class D:\n    pass',
    ],
    [
      'class A(B):\n  def __init__(self, a):\n    super().__init__(a)\n    super(A, self).__init__()\n    self.f = super().f(1)',
      'class A(B):\n  constructor __init__(a):\n    super(a)\n    super()\n    self.f = super.f(1)',
    ],
    [
      'class A:\n  @property\n  def w(self): return 1\n  @w.setter\n  def w(self, v): pass\n  @w.deleter\n  def w(self): pass\n  @functools.cached_property\n  def c(me): return 2',
      'class A:\n  getter w():\n    return 1\n  setter w(v):\n    pass\n  getter c():\n    return 2',
    ],
    [
      'class A:\n  @staticmethod\n  def s(x): pass\n  @classmethod\n  @other\n  def k(cls, x): pass\n  def __new__(cls): pass\n  def v(*args): pass\n  def n(): pass',
      'class A:\n  static method s(x):\n    pass\n  @other\n  static method k(x):\n    pass\n  static method __new__():\n    pass\n  method v(*args):\n    pass\n  method n():\n    pass',
    ],
    ['@dataclass\n@foo(1)\nclass A: x: int = 1', '@dataclass\n@foo(1)\nclass A:\n  static x: int = 1'],
  ],
  match: [
    [
      "match x:\n  case 1 | -2: a()\n  case 'b' if c: d()\n  case None: e()\n  case A.b as k: f()\n  case Foo(): g()\n  case n if n > 3: h(n)\n  case _: i()",
      'if ((x == 1) or (x == (-2))):\n  a()\nelse:\n  if ((x == "b") and c):\n    d()\n  else:\n    if (x is null):\n      e()\n    else:\n      if (x == A.b):\n        var k = x\n        f()\n      else:\n        if isinstance(x, Foo):\n          g()\n        else:\n          if ((n = x); (n > 3)):\n            var n = x\n            h(n)\n          else:\n            if true:\n              i()',
    ],
    [
      'match x, y:\n  case [a, *_]: f(a)\n  case Foo(b=c): g(c)',
      'if unknown(what this pattern asks is not read):\n  var a = unknown(what this pattern asks is not read)\n  f(a)\nelse:\n  if unknown(what this pattern asks is not read):\n    var c = unknown(what this pattern asks is not read)\n    g(c)',
    ],
    ['match = 1\nmatch.case(match)', 'var match = 1\nmatch.case(match)'],
  ],
  'Python 2': [
    ['print "a", b', 'print("a", b)'],
    ['print >>f, x', 'print(x)'],
    ['exec "c"', 'unknown(what `exec` runs is not read)'],
    ['x = `a`', 'var x = unknown(backquotes are Python 2)'],
    ['try: a()\nexcept A, e: b()', 'try:\n  a()\ncatch A e:\n  b()'],
  ],
};

for (const [about, cases] of Object.entries(CASES)) {
  describe(about, () => {
    for (const [source, expected] of cases) {
      test(source, () => {
        expect(printed(source)).toBe(expected);
        if (about !== 'Python 2') expect(lowered(source).syntaxProblems).toEqual([]);
      });
    }
  });
}

const place = ({ span }: Statement): string => `${span.line}:${span.column}-${span.endLine}:${span.endColumn}`;

/** The definition of the only class of a source. */
function classIn(text: string) {
  const [statement] = lowered(text).body;
  if (statement?.kind !== 'classDefinition') throw new Error('no class');
  return statement.definition;
}

test('methods know their receiver; it is none of the parameters', () => {
  const { methods } = classIn(
    'class A:\n  def f(this, x): pass\n  @staticmethod\n  def g(x): pass\n  @classmethod\n  def h(cls, x): pass\n  def __init__(self): pass\n  def v(*args): pass',
  );
  expect(methods.map(({ receiver }) => receiver)).toEqual(['this', undefined, 'cls', 'self', undefined]);
  expect(methods.map(({ parameters }) => parameters.length)).toEqual([1, 1, 1, 0, 1]);
});

test('parameters say how they may be given', () => {
  const [statement] = lowered('def f(a, /, b, *, c=1, **d): pass').body;
  const parameters = statement?.kind === 'functionDefinition' ? statement.definition.parameters : [];
  expect(parameters.map(({ positionalOnly, keywordOnly, rest }) => [positionalOnly, keywordOnly, rest])).toEqual([
    [true, undefined, undefined],
    [undefined, undefined, undefined],
    [undefined, true, undefined],
    [undefined, undefined, 'dict'],
  ]);
});

test('docstrings lose the margin that their lines share', () => {
  const { doc, methods } = classIn("class A:\n  r'''One.\n\n    Two\n      three\n  '''\n  def f(self):\n    'Does.'\n    return 1");
  expect(doc).toBe('One.\n\nTwo\n  three');
  expect([methods[0]?.doc, methods[0]?.body.length]).toEqual(['Does.', 1]);
});

test('comments stand beside their statements and parameters', () => {
  const text =
    'class A:\n  def f(\n    self,\n    x,  # b n c\n    y=None, # mask\n  ):\n    # above\n    q = x\n\n    # far\n\n    k = x # (b, n)\n    if k: # head\n      pass\n';
  const [method] = classIn(text).methods;
  expect(method?.parameters.map(({ comment }) => comment?.text)).toEqual(['b n c', 'mask']);
  expect(method?.body.map(({ comment }) => comment?.text)).toEqual(['above', '(b, n)', 'head']);
  expect(lowered(text).comments.map(({ text: words }) => words)).toEqual(['b n c', 'mask', 'above', 'far', '(b, n)', 'head']);
});

test('a comment behind a head belongs to the parameter that it names, else to the only one', () => {
  const commentsOf = (head: string) => {
    const [method] = classIn(`class A:\n  ${head}\n    pass`).methods;
    return method?.parameters.map(({ comment }) => comment?.text);
  };
  expect(commentsOf('def f(self, x):  # [B, N, C]')).toEqual(['[B, N, C]']);
  expect(commentsOf('def f(self, x, mask=None):  # x: B N C')).toEqual(['x: B N C', undefined]);
  expect(commentsOf('def f(self, q, k):  # all of them')).toEqual([undefined, undefined]);
});

test('spans count UTF-16 units from 1, whatever ends the lines', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const { body, syntaxProblems } = lowered(`\ufeffé = '𝑥' # 𝑦${end}def f(x):${end}\tif x:${end}\t\treturn '𝑥', x${end}`);
    expect(syntaxProblems).toEqual([]);
    expect(body.map(place)).toEqual(['1:2-1:10', '2:1-4:17']);
    const [, definition] = body;
    const inner = definition?.kind === 'functionDefinition' ? definition.definition.body[0] : undefined;
    expect(inner && place(inner)).toBe('3:2-4:17');
    expect(inner?.kind === 'if' && inner.then[0] && place(inner.then[0])).toBe('4:3-4:17');
  }
});

test('a decorated definition stands where it is defined', () => {
  const [statement] = lowered('@a\n@b(1)\nclass C:\n  pass').body;
  expect(statement && place(statement)).toBe('3:1-4:7');
  expect(statement?.kind === 'classDefinition' && statement.definition.nameSpan.column).toBe(7);
});

test('dictionaries are keyed, and all names at the top can be imported', () => {
  const module = lowered("x = {'a': 1}");
  const [statement] = module.body;
  expect(statement?.kind === 'assign' && statement.value?.kind === 'dict' && statement.value.keyed).toBe(true);
  expect([module.exportsAll, module.language]).toEqual([true, 'python']);
});
