/** A comparison as Markdown: a table for each of a few sizes, and under them what there is to say. */
import { CURVE_WORDS, markdownTable } from '../../curves/index';
import type { TableRow } from '../../curves/types';
import type { Asked } from './asked';
import { type Compared, figuresAt, pointAt } from './compared';
import { gapsOf, marksOf, notesOf, sizeName } from './sentences';

/** As many sizes have a table of their own; of more, the first, the middle one and the last. */
const MOST_TABLES = 4;

export function asMarkdown(blocks: readonly Compared[], asked: Asked): string {
  const { values } = asked.sweep;
  const shown = values.length <= MOST_TABLES ? values : [values[0], values[Math.floor(values.length / 2)], values.at(-1)];
  const tables = shown.flatMap((size) =>
    size === undefined ? [] : [`**${sizeName(asked)} = ${size}**\n\n${markdownTable(blocks.map((block) => rowOf(block, size)))}`],
  );
  const said = asked.figures.flatMap((figure) => {
    const sentences = [...marksOf(blocks, figure, asked), ...gapsOf(blocks, figure).map(({ label, reason }) => `${label} is not known: ${reason}`)];
    return sentences.map((sentence) => `- ${CURVE_WORDS[figure]}: ${sentence}\n`);
  });
  const notes = notesOf(blocks).map((note) => `- ${note}\n`);
  return [...tables, ...(said.length + notes.length > 0 ? [[...said, ...notes].join('')] : [])].join('\n');
}

function rowOf(block: Compared, size: number): TableRow {
  const point = pointAt(block, size);
  if (!point) return { label: block.label, sizes: {}, reason: block.reason ?? 'it is not known' };
  return { label: block.label, sizes: point.sizes, figures: figuresAt(block, point) };
}
