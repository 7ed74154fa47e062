/** The gallery's files as its command lists them. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { headOf, twinsOf } from '../../src/extension/galleryHead';

const SHELVES = ['pytorch', 'typescript'].map((name) => ({ name, folder: `media/gallery/${name}` }));
const namesIn = (folder: string) => readdirSync(folder).filter((name) => /\.(?:ts|py)$/.test(name));

describe('the head of a file', () => {
  it('is its first comment or docstring: a sentence, and the rest', () => {
    const head = { title: 'What it does', more: ['How, too', 'A Paper', 'Its Authors, 2018'] };
    expect(headOf('/**\n * What it does. How, too\n *\n * A Paper\n * Its Authors, 2018\n */\nimport x;')).toEqual(head);
    expect(headOf('"""\nWhat it does. How, too\n\nA Paper\nIts Authors, 2018\n"""\nimport x')).toEqual(head);
    expect(headOf('"""\nCBAM: which channels matter.\n"""')).toEqual({ title: 'CBAM', more: ['which channels matter.'] });
    expect(headOf('"""One line"""')).toEqual({ title: 'One line', more: [] });
    expect(headOf('import torch')).toBeUndefined();
  });

  it('names a paper in every file that is a mechanism', () => {
    for (const { folder } of SHELVES)
      for (const name of namesIn(folder).filter((one) => !/helpers|Slips/.test(one)))
        expect([name, headOf(readFileSync(`${folder}/${name}`, 'utf8'))?.more.at(-1)]).toEqual([name, expect.stringMatching(/^https:/)]);
  });
});

describe('twins', () => {
  it('have one base name', () => {
    expect(twinsOf(['b.py', 'a.py', 'alone.py'], ['a.ts', 'b.ts', 'helpers.ts'])).toEqual([
      { name: 'a.py', beside: 'a.ts' },
      { name: 'b.py', beside: 'b.ts' },
    ]);
  });

  it('say the same of themselves', () => {
    const [pytorch = [], typescript = []] = SHELVES.map(({ folder }) => namesIn(folder));
    const twins = twinsOf(pytorch, typescript);
    expect(twins.length).toBeGreaterThanOrEqual(12);
    for (const { name, beside } of twins) {
      const heads = [`media/gallery/pytorch/${name}`, `media/gallery/typescript/${beside}`].map((file) => headOf(readFileSync(file, 'utf8')));
      expect(heads[0]).toEqual(heads[1]);
    }
  });
});
