/** The table as it is copied: figures, and under which settings they hold. */
import { areOfTwoKinds, markdownTable } from '../../src/curves/index';
import type { TableRow } from '../../src/curves/types';
import { labelsOf, settingText } from './labels';
import { type Block, languagesOf, type Told, type View } from './state';
import { curveWords } from './words';

function rowOf(label: string, { prices, problem }: Told): TableRow {
  const sizes = Object.fromEntries((prices?.symbols ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
  const reason = problem?.reason ?? prices?.reason;
  return { label, sizes, ...(prices && { figures: prices.figures }), ...(reason !== undefined && { reason }) };
}

function settingsUnder(blocks: readonly Block[], labelOf: (block: Block) => string): string {
  const texts = [...new Set(blocks.map(({ setting }) => settingText(setting)))];
  return texts.length === 1 ? `${texts[0]}.\n` : blocks.map((block) => `${labelOf(block)}: ${settingText(block.setting)}.  \n`).join('');
}

/** The view's table as Markdown. */
export function markdownOf({ blocks, told }: View): string {
  const labels = labelsOf(blocks, told);
  const labelOf = ({ key }: Block): string => labels.get(key) ?? '';
  const rows = blocks.map((block) => rowOf(labelOf(block), told.get(block.key) ?? {}));
  const peaks = areOfTwoKinds(languagesOf(told)) ? `\n${curveWords().peaks}\n` : '';
  return `${markdownTable(rows, curveWords())}\n${settingsUnder(blocks, labelOf)}${peaks}`;
}
