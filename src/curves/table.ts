/** A table that copies as Markdown: a row a block, a column a figure. */
import type { Figure, FigureName } from '../analysis/types';
import { countText } from '../graph/quantities';
import { quantityText } from './curve';
import type { TableRow } from './types';
import { CURVE_WORDS, type CurveWords, QUANTITIES } from './words';

const BYTES: readonly FigureName[] = ['map', 'peakInference', 'saved', 'peakTraining'];

/** Signs that Markdown would take for its own, outside of code. */
const SIGNS = /[\\*<[\]]|(?<!\w)_|_(?!\w)/g;

const line = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ');

const plain = (text: string): string =>
  line(text)
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 === 0 ? part.replace(SIGNS, '\\$&') : part))
    .join('');

/** A bar ends a cell, even in code. */
const cell = (text: string): string => plain(text).replaceAll('|', '\\|');

const sizesText = (row: TableRow): string =>
  Object.entries(row.sizes)
    .map(([name, size]) => `${name}=${size}`)
    .join(' ');

/** The table, and a note for each reason why a figure is not known. */
export function markdownTable(rows: readonly TableRow[], words: CurveWords = CURVE_WORDS): string {
  const reasons: string[] = [];
  const marked = (reason: string | undefined): string => {
    if (reason === undefined) return '?';
    const known = reasons.indexOf(reason);
    return `? (${known < 0 ? reasons.push(reason) : known + 1})`;
  };
  const shown = (row: TableRow, text: (value: number) => string, figure: Figure | undefined): string =>
    figure?.value === undefined ? marked(figure?.unknown ?? row.reason) : text(figure.value);
  const column = (row: TableRow, name: FigureName): string => shown(row, (value) => quantityText(value, QUANTITIES[name].quantity), row.figures?.[name]);
  const heads = [words.block, ...BYTES.map((name) => words[name]), words.parameters, 'MACs', 'FLOPs', words.sizes];
  const lines = rows.map((row) => [
    row.label,
    ...BYTES.map((name) => column(row, name)),
    column(row, 'parameters'),
    column(row, 'macs'),
    shown(row, (value) => countText(2 * value), row.figures?.macs),
    sizesText(row),
  ]);
  const ruler = heads.map((_, at) => (at === 0 || at === heads.length - 1 ? '---' : '---:'));
  const table = [heads, ruler, ...lines].map((cells) => `| ${cells.map(cell).join(' | ')} |\n`).join('');
  return reasons.length === 0 ? table : `${table}\n${reasons.map((reason, at) => `(${at + 1}) ${plain(reason)}  \n`).join('')}`;
}
