/** A notebook's cells as one text, and back: what one cell defines, the cells below it use. Plain data: no editor needed. */
import { withoutMagics } from './magics';

/** One cell of code. */
export interface Cell<Key> {
  readonly key: Key;
  readonly text: string;
}

/** Where a cell stands in the joined text. */
export interface CellPlace<Key> {
  readonly key: Key;
  /** Lines before the cell. */
  readonly before: number;
  readonly lines: number;
}

export interface Joined<Key> {
  readonly text: string;
  readonly places: readonly CellPlace<Key>[];
}

/** Joins cells in order, line by line: columns stay what they are. */
export function joinCells<Key>(cells: readonly Cell<Key>[], language: string): Joined<Key> {
  const texts = cells.map(({ text }) => text.replace(/\r\n?/g, '\n'));
  const places: CellPlace<Key>[] = [];
  let before = 0;
  for (const [at, { key }] of cells.entries()) {
    const lines = (texts[at] ?? '').split('\n').length;
    places.push({ key, before, lines });
    before += lines;
  }
  return { text: texts.map((text) => (language === 'python' ? withoutMagics(text) : text)).join('\n'), places };
}

/** The cell of a line of the joined text, counted from 1, and the line in it. */
export function cellAt<Key>({ places }: Joined<Key>, line: number): { readonly key: Key; readonly cell: number; readonly line: number } | undefined {
  const cell = places.findIndex(({ before, lines }) => line > before && line <= before + lines);
  const place = places[cell];
  return place && { key: place.key, cell, line: line - place.before };
}

/** Words that name lines of the joined text, as a reader of cells knows them: `cell 3, line 2`. Another file's lines stay what they are. */
export function inCells<Key>(words: string, joined: Joined<Key>): string {
  return words.replace(/(\.\w+ )?\bline (\d+)\b/g, (found, file: string | undefined, line: string) => {
    const at = file === undefined ? cellAt(joined, Number(line)) : undefined;
    return at ? `cell ${at.cell + 1}, line ${at.line}` : found;
  });
}
