/** A table as Markdown that reads back: as many cells in every row, and what stood in them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Figure, Figures } from '../../src/analysis/types';
import { markdownTable } from '../../src/curves/index';
import type { TableRow } from '../../src/curves/types';

const known = (value: number): Figure => ({ formula: String(value), value });
const figures = (values: Partial<Figures> = {}): Figures => ({
  map: known(16 * 2 ** 20),
  peakInference: known(1536 * 2 ** 20),
  saved: known(10 * 2 ** 30),
  peakTraining: known(1023),
  parameters: known(49_408),
  macs: known(1_200_000_000),
  ...values,
});

/** Cells as Markdown reads them: split at bars that no backslash stands before, backslashes taken away outside code. */
function cellsOf(line: string): readonly string[] {
  const parts = line.split(/(?<!\\)(?:\\\\)*\|/);
  return parts.slice(1, -1).map((cell) =>
    cell
      .trim()
      .split(/(`[^`]*`)/)
      .map((part, at) => (at % 2 === 0 ? part.replace(/\\([\\|*<[\]_])/g, '$1') : part.replaceAll('\\|', '|')))
      .join(''),
  );
}

const tableOf = (text: string): readonly (readonly string[])[] => (text.split('\n\n')[0] ?? '').trimEnd().split('\n').map(cellsOf);

describe('a Markdown table', () => {
  it('has a row a block and a column a figure, memory in units of 1024, FLOPs twice the MACs', () => {
    const text = markdownTable([{ label: 'SelfAttention', sizes: { b: 2, c: 64, heads: 8 }, figures: figures() }]);
    expect(tableOf(text)).toEqual([
      ['Block', 'Attention map', 'Peak memory, inference', 'Saved for backward', 'Peak memory, training ≈', 'Parameters', 'MACs', 'FLOPs', 'Sizes'],
      ['---', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---'],
      ['SelfAttention', '16.0 MiB', '1.5 GiB', '10.0 GiB', '1023 B', '49.4 k', '1.2 G', '2.4 G', 'b=2 c=64 heads=8'],
    ]);
  });

  it('marks what is unknown, and says each reason once below', () => {
    const unknown: Figure = { formula: '?', unknown: 'no rule for `deform_conv2d`' };
    const text = markdownTable([
      { label: 'one', sizes: {}, figures: figures({ saved: unknown, peakTraining: unknown }) },
      { label: 'two', sizes: {}, figures: figures({ macs: { formula: '?', unknown: 'a loop has no end' } }) },
      { label: 'three', sizes: {}, reason: 'no sizes satisfy its needs' },
    ]);
    const [, , one, two, three] = tableOf(text);
    expect(one?.slice(3, 5)).toEqual(['? (1)', '? (1)']);
    expect(two?.slice(6, 8)).toEqual(['? (2)', '? (2)']);
    expect(new Set(three?.slice(1, 8))).toEqual(new Set(['? (3)']));
    expect(text.split('\n\n')[1]).toBe('(1) no rule for `deform_conv2d`  \n(2) a loop has no end  \n(3) no sizes satisfy its needs  \n');
  });

  it('reads back whatever blocks and sizes are called', () => {
    const name = fc
      .string({ unit: fc.constantFrom('a', 'B', '_', '|', '\\', '*', '<', '[', ' ', '9'), minLength: 1, maxLength: 12 })
      .map((text) => text.trim());
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const rows: TableRow[] = names.map((label) => ({ label, sizes: {}, figures: figures() }));
        const [, , ...read] = tableOf(markdownTable(rows));
        expect(read.map((cells) => cells[0])).toEqual(names);
        expect(read.every(({ length }) => length === 9)).toBe(true);
      }),
    );
  });
});
