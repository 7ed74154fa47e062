/** A comparison as text for a terminal: a table a figure, rows of sizes, columns of blocks. */
import type { FigureName } from '../../analysis/types';
import { CURVE_WORDS, QUANTITIES, quantityText } from '../../curves/index';
import type { Asked } from './asked';
import { type Compared, pointAt, unknownOf } from './compared';
import { gapsOf, marksOf, notesOf, sizeName, stayingOf } from './sentences';

const GAP = '  ';

/** All figures, then what the numbers rest on. */
export function asText(blocks: readonly Compared[], asked: Asked, width: number): string {
  const figures = asked.figures.map((figure) => figureText(blocks, figure, asked, width));
  const shown = blocks.map((block) => [block.label, stayingOf(block)] as const).filter(([, sizes]) => sizes !== '');
  const longest = Math.max(0, ...shown.map(([label]) => label.length));
  const sizes = shown.map(([label, text]) => `  ${label.padEnd(longest)}  ${text}\n`);
  const notes = notesOf(blocks).map((note) => `  ${note}\n`);
  return [...figures, ...(sizes.length > 0 ? [`At\n${sizes.join('')}`] : []), ...(notes.length > 0 ? [`Notes\n${notes.join('')}`] : [])].join('\n');
}

function figureText(blocks: readonly Compared[], figure: FigureName, asked: Asked, width: number): string {
  const priced = blocks.filter((block) => unknownOf(block, figure) === undefined);
  const columns = priced.map((block) => [block.label, ...asked.sweep.values.map((size) => cellOf(block, figure, size))]);
  const heads = [sizeName(asked), ...asked.sweep.values.map(String)];
  const whole = table([heads, ...columns]);
  const isWide = (whole.split('\n')[0] ?? '').length > width;
  const tables = isWide
    ? columns.map(([label = '', ...cells]) => `${label}\n${table([heads, ['', ...cells]].map((column) => column.slice(1)))}`).join('\n')
    : whole;
  const said = [...marksOf(blocks, figure, asked), ...gapsOf(blocks, figure).map(({ label, reason }) => `${label} is not known: ${reason}`)];
  return `${CURVE_WORDS[figure]}${isWide && priced.length > 0 ? `, by ${sizeName(asked)}` : ''}\n${priced.length > 0 ? tables : ''}${said.map((sentence) => `${sentence}\n`).join('')}`;
}

/** A value; with its own size where the block does not allow the one asked for. */
function cellOf(block: Compared, figure: FigureName, size: number): string {
  const point = pointAt(block, size);
  const value = point?.values[figure];
  if (!point || value === undefined) return '?';
  const { quantity, unit } = QUANTITIES[figure];
  return `${quantityText(value, quantity, unit)}${point.at === size ? '' : ` (at ${point.at})`}`;
}

/** Columns side by side, their cells at the right. */
function table(columns: readonly (readonly string[])[]): string {
  const padded = columns.map((cells) => {
    const longest = Math.max(...cells.map(({ length }) => length));
    return cells.map((cell) => cell.padStart(longest));
  });
  return (padded[0] ?? []).map((_, row) => `${GAP}${padded.map((cells) => cells[row] ?? '').join(GAP)}\n`).join('');
}
