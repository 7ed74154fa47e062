/** Notebooks: cells joined to one text and its places told back, without an editor. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, inCells, joinCells } from '../../src/extension/notebook/cells';
import { withoutMagics } from '../../src/extension/notebook/magics';

const cells = (...texts: readonly string[]) => texts.map((text, key) => ({ key, text }));

describe('cells', () => {
  const joined = joinCells(cells('import torch', 'class A:\n  pass\n', '', 'a = A()'), 'python');

  it('stand one after the other, in order', () => {
    expect(joined.text).toBe('import torch\nclass A:\n  pass\n\n\na = A()');
  });

  it('know which line of which cell a line is', () => {
    expect([1, 2, 3, 4, 5, 6].map((line) => cellAt(joined, line))).toEqual([
      { key: 0, cell: 0, line: 1 },
      { key: 1, cell: 1, line: 1 },
      { key: 1, cell: 1, line: 2 },
      { key: 1, cell: 1, line: 3 },
      { key: 2, cell: 2, line: 1 },
      { key: 3, cell: 3, line: 1 },
    ]);
    expect([0, 7].map((line) => cellAt(joined, line))).toEqual([undefined, undefined]);
  });

  it('have as many lines together as the joined text, and every line is where it is told to be', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.constantFrom('x = 1', '', '%time y = 2', '!ls', 'f(', '"""', ')'), { maxLength: 5 })), (texts) => {
        const made = joinCells(cells(...texts.map((lines) => lines.join('\r\n'))), 'python');
        const lines = made.text.split('\n');
        if (texts.length > 0) expect(made.places.reduce((sum, place) => sum + place.lines, 0)).toBe(lines.length);
        for (const [at, text] of lines.entries()) {
          const place = cellAt(made, at + 1);
          const original = texts[place?.cell ?? -1]?.[(place?.line ?? 0) - 1] ?? '';
          if (text !== original) expect(original).toMatch(/^[%!]/);
        }
      }),
    );
  });

  it('are named in words that speak of lines, other files are not', () => {
    expect(inCells('made by matmul, line 3 — from line 6 and helpers.py line 3', joined)).toBe(
      'made by matmul, cell 2, line 2 — from cell 4, line 1 and helpers.py line 3',
    );
    expect(inCells('line 99 is nowhere', joined)).toBe('line 99 is nowhere');
  });
});

describe('what is IPython’s own', () => {
  it.each([
    ['%matplotlib inline', '#matplotlib inline'],
    ['!pip install torch', '#pip install torch'],
    ['?torch.nn', '#torch.nn'],
    ['torch.nn.Linear?', '#orch.nn.Linear?'],
    ['torch.nn.Linear??', '#orch.nn.Linear??'],
    ['%time y = attention(x)', '0   ; y = attention(x)'],
    ['files = !ls *.pt', 'files = ... #!ls *.pt'],
    ['a, b = %sql select 1', 'a, b = ... #%sql select 1'],
    ['for x in y:\n    !rm {x}', 'for x in y:\n    pass #!rm {x}'],
    ['if x:\n  %time y = f(x)\n  z = 1', 'if x:\n  0   ; y = f(x)\n  z = 1'],
    ['%%time\nx = 1', '#%time\nx = 1'],
    ['\n%%capture out\n%matplotlib inline\nx = 1', '\n#%capture out\n#matplotlib inline\nx = 1'],
    ['%%bash\nls -l\n\necho "x"', '#%bash\n#s -l\n\n#cho "x"'],
    ['%%html\n<b>', '#%html\n#b>'],
  ])('%j becomes Python', (cell, python) => expect(withoutMagics(cell)).toBe(python));

  it.each([
    ['x = a % b'],
    ['x != y'],
    ['x = (a\n% b)'],
    ['x = a \\\n  % b'],
    ['text = """\n!not a command\n%nor a magic\n"""'],
    ["f('''a''' '''\n%s''' % 1)"],
    ['print("%d" % 3) # (\ny = 1'],
    ['x = y if z else "?"'],
    ['print(1, end="?")'],
    ['s = "(" \ny = 2'],
  ])('%j stays what it is', (cell) => expect(withoutMagics(cell)).toBe(cell));
});
