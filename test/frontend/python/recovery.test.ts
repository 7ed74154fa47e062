import { describe, expect, test } from 'vitest';
import { lowered, printed } from './lower';

/** A class whose second method has `lines` in its middle, and a class and a function behind it. */
const around = (lines: string) => `import torch

class First(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        before = self.proj(x)
${lines}
        after = before + x
        return after

    def extra(self):
        return {'dim': self.dim}

class Second(nn.Module):
    def forward(self, x):
        return x.softmax(-1)

def last(x):
    return x
`;

const KEPT = [
  'constructor __init__(dim)',
  'self.proj = nn.Linear(dim, dim)',
  'method forward(x)',
  'var before = self.proj(x)',
  'var after = (before + x)',
  'return after',
  'method extra()',
  'class Second(nn.Module)',
  'return x.softmax((-1))',
  'function last(x)',
];

const MISSING = 'unknown(an expression is missing here)';
const NAME = 'unknown(a name is missing here)';

/** Half-typed lines, and what they must lower to. */
const HALF_TYPED: readonly (readonly [string, string, ...string[]])[] = [
  ['an open call', '        q = torch.matmul(x, ', `var q = torch.matmul(x, ...${MISSING})`],
  ['an open call before an assignment', '        q = torch.matmul(x,\n        self.k = x', `var q = torch.matmul(x, ...${MISSING})`, 'self.k = x'],
  ['an open call before a plain assignment', '        q = torch.matmul(x,\n        k = x', `var q = torch.matmul(x, ...${MISSING})`, 'var k = x'],
  ['a call just opened', '        q = torch.matmul(', `var q = torch.matmul(...${MISSING})`],
  ['nested open calls', '        q = torch.matmul(self.proj(x', `var q = torch.matmul(self.proj(x, ...${MISSING}), ...${MISSING})`],
  ['a keyword without a value', '        q = x.sum(dim=', `var q = x.sum(dim=${MISSING}, ...${MISSING})`],
  ['a dot before an assignment', '        attn = attn.\n        x = attn @ v', `var attn = ${NAME}`, 'var x = (attn @ v)'],
  ['a dot before a call', '        q = x.\n        f(x)', `var q = ${NAME}`, 'f(x)'],
  ['a dot alone', '        x.', NAME],
  ['no value yet', '        q =', `var q = ${MISSING}`],
  ['no value before an assignment', '        q =\n        self.k = x', `var q = ${MISSING}`, 'self.k = x'],
  ['half an operation', '        q = x.shape[0] *\n        k = x', `var q = (x.shape[0] * ${MISSING})`, 'var k = x'],
  ['an open subscript', '        q = x.shape[', `var q = x.shape[${MISSING}]`],
  ['an open slice', '        q = x[:, 1:', 'var q = x[:, 1:]'],
  ['an open list', '        q = torch.cat([x, x', `var q = torch.cat([x, x], ...${MISSING})`],
  ['an open dictionary', "        q = {'a': x,", 'var q = {a: x}'],
  ['a condition begun', '        if x', 'if x'],
  ['a condition without its colon', '        if x\n            k = x', 'if x', 'var k = x'],
  ['an open condition', '        if f(x:\n            k = x', `if f(x, ...${MISSING})`, 'var k = x'],
  ['a loop begun', '        for i in range(3', `for var i of range(3, ...${MISSING})`],
  ['a loop over nothing', '        for i in\n            k = x', `for var i of ${MISSING}`, 'var k = x'],
  ['half a condition', '        q = x if y', `var q = (y ? x : ${MISSING})`],
  ['a lambda begun', '        q = lambda t', 'var q = arrow (t)'],
  ['an open string', "        q = f('same)", `var q = f(${MISSING}, ...${MISSING})`],
  ['an open triple string', '        q = """same', `var q = ${MISSING}`],
  ['one parenthesis too many', '        q = self.proj(x))', 'var q = self.proj(x)'],
  ['two signs', '        q = = x', `var q = ${MISSING}`],
  ['a return of nonsense', '        return x y z', `return ${MISSING}`],
  ['a statement of nonsense', '        x y z', 'var before'],
  ['Python 2', '        print "%d" % x', 'print(("%d" % x))'],
  ['an `else` alone', '        else:\n            k = x', `if ${MISSING}`, 'var k = x'],
  ['an `except` that is not finished', '        try:\n            k = x\n        except (A,\n            pass', 'try', 'catch', 'var k = x'],
  [
    'a broken `elif`',
    '        if a:\n            k = x\n        elif b ==:\n            q = x\n        else:\n            r = x',
    'if a',
    'var k = x',
    'var q = x',
    'var r = x',
  ],
  ['a broken head with a broken body', '        with f(:\n            k = x.\n            q = x', 'with f(', `var k = ${NAME}`, 'var q = x'],
  ['an indent that nothing asks for', '        q = x\n            k = x y\n        r = x', 'var q = x', 'var r = x'],
  ['a nested function begun', '        def inner(t, u\n            return t', 'function inner(t, u)', 'return t'],
  ['a merge conflict', '<<<<<<< HEAD\n        q = x\n=======\n        k = x\n>>>>>>> other', 'var q = x'],
];

describe('half-typed lines cost themselves alone', () => {
  for (const [about, lines, ...expected] of HALF_TYPED) {
    test(about, () => {
      const text = printed(around(lines));
      for (const line of [...KEPT, ...expected]) expect(text).toContain(line);
      expect(lowered(around(lines)).syntaxProblems.length).toBeGreaterThan(0);
    });
  }
});

describe('broken heads', () => {
  const classOf = (head: string) => `${head}\n    def forward(self, x):\n        return x\n\ndef last(x): return x\n`;
  test('of classes', () => {
    for (const head of ['class A(nn.Module', 'class A(nn.', 'class A(', 'class A', 'class A(nn.Module)', 'class A(B) C:']) {
      const text = printed(classOf(head));
      expect(text).toContain('class A');
      expect(text).toContain('method forward(x)');
      expect(text).toContain('function last(x)');
    }
  });
  test('of functions', () => {
    for (const head of ['def f(a, b', 'def f(a, b)', 'def f(a, b,', 'def f(a, b=', 'def f(a b):', 'def f']) {
      const text = printed(`${head}\n    return x\n\ndef last(x): return x\n`);
      expect(text).toMatch(/function f\(/);
      expect(text).toContain('return x');
      expect(text).toContain('function last(x)');
    }
  });
  test('of decorators', () => {
    expect(printed('@a(\ndef f(x): return x\n\ndef g(x): return x')).toContain('function g(x)');
  });
});

test('a problem says where it is, and the rest of a file is clean', () => {
  const { syntaxProblems } = lowered(around('        q = x y'));
  expect(syntaxProblems.map(({ span }) => [span.line, span.column, span.endLine, span.endColumn])).toEqual([[10, 9, 10, 16]]);
});

test('a conflict is read as its first side, with each mark told', () => {
  const { syntaxProblems } = lowered('<<<<<<< HEAD\na = 1\n||||||| base\nb = 1\n=======\nc = 1\n>>>>>>> x\nd = 1');
  expect(syntaxProblems.map(({ span }) => span.line)).toEqual([1, 3, 5, 7]);
  expect(printed('<<<<<<< HEAD\na = 1\n||||||| base\nb = 1\n=======\nc = 1\n>>>>>>> x\nd = 1')).toBe('var a = 1\nvar d = 1');
});

test('valid source after a broken piece is read as it is', () => {
  const valid = "x = foo(\n    a,\n    b=1,\n)\ntext = '''\nclass A:\n'''\ny = [\n  1,\n  # two\n  2,\n]\nz = a if b else c\n";
  expect(printed(`q = (\ndef f(): pass\n${valid}`)).toContain(printed(valid));
});

test('a string that is left open does not turn the file inside out', () => {
  const text =
    'class A:\n    """Doc.\n\n    def f(self):\n        """Does f."""\n        return 1\n\n    def g(self):\n        """Does g."""\n        return 2\n\nclass B:\n    """Doc."""\n    def h(self): return 3\n';
  expect(printed(text)).toContain('class B');
  expect(printed(text)).toContain('return 3');
});
