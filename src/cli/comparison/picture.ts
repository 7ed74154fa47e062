/** A comparison as SVG: a chart a figure, one below the other. */
import type { FigureName } from '../../analysis/types';
import { CURVE_WORDS, chart, named, QUANTITIES, svgOf } from '../../curves/index';
import type { Chart } from '../../curves/types';
import { type Asked, limitFor } from './asked';
import { type Compared, crossingsOf, unknownOf } from './compared';
import { gapsOf, notesOf, sizeName, stayingOf } from './sentences';

const ROOM = { width: 860, height: 460 };

export const asPicture = (blocks: readonly Compared[], asked: Asked): string => svgOf(...asked.figures.map((figure) => chartOf(blocks, figure, asked)));

function chartOf(blocks: readonly Compared[], figure: FigureName, asked: Asked): Chart {
  const limit = limitFor(figure, asked.limit);
  const isLast = figure === asked.figures.at(-1);
  return chart(
    {
      title: CURVE_WORDS[figure],
      ...QUANTITIES[figure],
      size: sizeName(asked),
      // All of them, so that a block looks alike in all charts.
      curves: blocks.map((block) => named(block.label, block.curve, figure)),
      crossings: crossingsOf(blocks, figure, asked),
      ...(limit ? { limit } : {}),
      without: [...gapsOf(blocks, figure), ...zeros(blocks, figure)],
      ...(isLast ? { notes: [...notesOf(blocks), ...sizesOf(blocks)] } : {}),
    },
    ROOM,
  );
}

/** A logarithmic axis has no zero. */
const zeros = (blocks: readonly Compared[], figure: FigureName) =>
  blocks.flatMap((block) => {
    const { points } = named(block.label, block.curve, figure);
    const isZero = unknownOf(block, figure) === undefined && points.every(({ value }) => value === 0);
    return isZero ? [{ label: block.label, reason: 'it is 0 at all these sizes' }] : [];
  });

/** What stays; said once where it is the same for several. */
function sizesOf(blocks: readonly Compared[]): readonly string[] {
  const texts = [...new Set(blocks.map(stayingOf))].filter((text) => text !== '');
  return texts.map((text) => `${blocks.flatMap((block) => (stayingOf(block) === text ? [block.label] : [])).join(', ')}: ${text}`);
}
