import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printModule } from '../../../src/program/print';
import { partsOf } from '../../../src/program/walk';
import { lowered } from './lower';

const SOURCE = `"""Attention."""
import torch
from torch import nn  # modules

@register('a')
class Attention(nn.Module):
    """Attends.

    Args: x (B, N, C)
    """
    fused: bool = True
    def __init__(self, dim: int, heads=8, *, bias: Optional[bool] = None, **kw):
        super().__init__()
        self.heads, self.scale = heads, (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, dim * 3, bias=bias or False)

    def forward(self, x: Float[Tensor, "b n c"], mask=None):  # x: [B, N, C]
        b, n, _, h = *x.shape, self.heads
        q, k, v = map(lambda t: rearrange(t, 'b n (h d) -> b h n d', h=h), self.qkv(x).chunk(3, dim=-1))
        attn = (q @ k.transpose(-2, -1)) * self.scale  # (b, h, n, n)
        if mask is not None and not self.training:
            attn = attn.masked_fill(mask[:, None, ...] == 0, float('-inf'))
        elif f'{n:02d}{mask!r}' in {'a': 1}: raise ValueError(f"no {mask}")
        else:
            attn = attn[..., :n:2, 0]
        try:
            with torch.no_grad() as g, foo(): attn = attn.softmax(-1)
        except (A, B) as e:
            pass
        return [y for y in attn if y] \\
            or {1: 2}
`;

const REPEATED: readonly (readonly [string, (n: number) => string])[] = [
  ['parentheses', (n) => `a = ${'('.repeat(n)}b${')'.repeat(n)}`],
  ['open parentheses', (n) => '('.repeat(n)],
  ['brackets', (n) => `a = ${'['.repeat(n)}${']'.repeat(n)}`],
  ['open braces', (n) => '{'.repeat(n)],
  ['closing parentheses', (n) => ')'.repeat(n)],
  ['a sum', (n) => `a = ${Array(n).fill('b').join(' + ')}`],
  ['powers', (n) => `a = ${Array(n).fill('b').join(' ** ')}`],
  ['negations', (n) => `a = ${'not '.repeat(n)}b`],
  ['minus signs', (n) => `a = ${'-'.repeat(n)}b`],
  ['members', (n) => `a${'.b'.repeat(n)}`],
  ['calls', (n) => `a${'()'.repeat(n)}`],
  ['subscripts', (n) => `a${'[0]'.repeat(n)}`],
  ['comparisons', (n) => Array(n).fill('a').join(' < ')],
  ['conditions', (n) => `a = ${'b if c else '.repeat(n)}d`],
  ['lambdas', (n) => `a = ${'lambda: '.repeat(n)}b`],
  ['assignments', (n) => Array(n).fill('a').join(' = ')],
  ['strings', (n) => `a = ${'"b" '.repeat(n)}`],
  ['quotes', (n) => '"""'.repeat(n)],
  ['odd quotes', (n) => `${'"""'.repeat(n)}"`],
  ['bodies', (n) => Array.from({ length: Math.min(n, 600) }, (_, at) => `${' '.repeat(at)}if a:`).join('\n')],
  ['broken bodies', (n) => Array.from({ length: Math.min(n, 300) }, (_, at) => `${' '.repeat(at)}if a =`).join('\n')],
  ['elif', (n) => `if a: b()\n${'elif a: b()\n'.repeat(n)}`],
  ['decorators', (n) => `${'@a\n'.repeat(n)}def f(): pass`],
  ['decorators of nothing', (n) => '@a\n'.repeat(n)],
  ['dots', (n) => `from ${'.'.repeat(n)} import a`],
  ['types', (n) => `def f(a: ${'A['.repeat(Math.min(n, 240))}B${']'.repeat(Math.min(n, 240))}): pass`],
  ['quoted types', (n) => `def f(a: '${'A['.repeat(n)}B${']'.repeat(n)}'): pass`],
  ['awaits', (n) => `async def f():\n  ${'await '.repeat(n)}b`],
  ['stars', (n) => `a = ${'*'.repeat(n)}b`],
  ['f-strings', (n) => `a = ${'f"{'.repeat(n)}`],
  ['backslashes', (n) => 'a = \\\n'.repeat(n)],
  ['patterns', (n) => `match a:\n  case ${'['.repeat(Math.min(n, 200))}b${']'.repeat(Math.min(n, 200))}: pass`],
  ['conflicts', (n) => '<<<<<<< a\n=======\n'.repeat(n)],
  ['broken definitions', (n) => 'def f(\n'.repeat(Math.min(n, 2000))],
];

describe('source that nests without end', () => {
  for (const [name, source] of REPEATED) {
    test(name, () => {
      for (const n of [200, 1000, 5000]) {
        const module = lowered(source(n));
        expect(printModule(module).length).toBeGreaterThanOrEqual(0);
        expect(module.syntaxProblems.length).toBeLessThanOrEqual(50);
      }
    });
  }
});

test('twenty thousand lines', () => {
  const text = `${SOURCE}\n`.repeat(620);
  const { body, syntaxProblems } = lowered(text);
  expect(body.filter(({ kind }) => kind === 'classDefinition')).toHaveLength(620);
  expect(syntaxProblems).toEqual([]);
});

/** All spans lie in the text, and none ends before it begins. */
function spansHold(text: string, root: object): void {
  const lines = text.split(/\r\n|\r|\n/);
  for (const { span } of partsOf(root)) {
    if (!span) continue;
    const { line, column, endLine, endColumn } = span as { line: number; column: number; endLine: number; endColumn: number };
    expect(endLine > line || (endLine === line && endColumn >= column)).toBe(true);
    expect(line >= 1 && endLine <= lines.length && column >= 1 && endColumn <= (lines[endLine - 1]?.length ?? 0) + 1).toBe(true);
  }
}

describe('mangled source', () => {
  test('with a stretch taken out, put twice or put elsewhere', () => {
    const cut = fc.tuple(fc.nat(SOURCE.length), fc.nat(60), fc.nat(SOURCE.length), fc.constantFrom('drop', 'double', 'move', 'crlf'));
    fc.assert(
      fc.property(cut, ([from, length, to, what]) => {
        const piece = SOURCE.slice(from, from + length);
        const rest = SOURCE.slice(0, from) + SOURCE.slice(from + length);
        const mangled =
          what === 'drop' ? rest : what === 'double' ? SOURCE.slice(0, to) + piece + SOURCE.slice(to) : rest.slice(0, to) + piece + rest.slice(to);
        const text = what === 'crlf' ? mangled.replaceAll('\n', '\r\n') : mangled;
        const module = lowered(text);
        printModule(module);
        spansHold(text, module.body);
        spansHold(text, module.syntaxProblems);
      }),
      { numRuns: 100 },
    );
  });
  test('with marks put in', () => {
    const marks = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '"""',
      ':',
      ',',
      '.',
      '=',
      '@',
      '*',
      '\\',
      '\n',
      '\t',
      '\r',
      '#',
      'def ',
      'class ',
      'else:',
      '<<<<<<< a\n',
      '\0',
      '𝑥',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(SOURCE.length), marks), { minLength: 1, maxLength: 4 }), (edits) => {
        const text = edits.reduce((so, [at, mark]) => so.slice(0, at) + mark + so.slice(at), SOURCE);
        const module = lowered(text);
        printModule(module);
        spansHold(text, module.body);
      }),
      { numRuns: 100 },
    );
  });
  test('that is no source at all', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => {
        printModule(lowered(text));
      }),
      { numRuns: 100 },
    );
  });
});

test('a text typed into lowers to what it lowers to when it is opened', () => {
  const path = 'typed.py';
  let text = SOURCE.repeat(2);
  for (const [at, word] of [
    [700, 'q'],
    [701, ' = f('],
    [900, '\n'],
    [40, '# a\n'],
    [1500, '"""'],
    [1500, ')'],
  ] as const) {
    text = text.slice(0, at) + word + text.slice(at);
    const typed = lowered(text, path);
    const opened = lowered(text, `other${at}${word.length}.py`);
    expect(printModule(typed)).toBe(printModule(opened));
    const places = (module: typeof typed) => [...partsOf(module)].flatMap(({ span }) => (span ? [{ ...(span as object), file: '' }] : []));
    expect(places(typed)).toEqual(places(opened));
  }
});
