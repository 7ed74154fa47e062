/** What is marked in a chart: the limit, and where curves cross; their labels stand where nothing is covered. */

import { sizeText } from './curve';
import { FONT, type Frame } from './frame';
import { boxOf, distance, meet, runsThrough, within } from './geometry';
import type { Box, ChartCrossing, ChartLimit, ChartLine, ChartText, Crossing, Place } from './types';

/** The first label that covers no line and no other box and stays in the plot. */
function free(candidates: readonly ChartText[], lines: readonly ChartLine[], taken: readonly Box[], { plot, textWidth }: Frame): ChartText | undefined {
  return candidates.find((label) => {
    const box = boxOf(label, textWidth);
    return within(box, plot) && !taken.some((other) => meet(other, box)) && !lines.some(({ points }) => runsThrough(points, box));
  });
}

/** The limit's line, and its label above or below it. */
export function limitOf(lines: readonly ChartLine[], frame: Frame): ChartLimit | undefined {
  const { limit, plot } = frame;
  if (!limit) return undefined;
  const y = frame.y(limit.value);
  const label = (share: number, below: boolean): ChartText => ({
    x: plot.x + 6 + share * (plot.width - 12),
    y: below ? y + FONT.note + 3 : y - 5,
    text: limit.label,
    anchor: share === 0 ? 'start' : share === 1 ? 'end' : 'middle',
    fontSize: FONT.note,
  });
  const candidates = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [label(share, false), label(share, true)]);
  return { value: limit.value, y, from: plot.x, to: plot.x + plot.width, label: free(candidates, lines, [], frame) ?? label(0, false) };
}

/** Curves' crossings, marked; each with its size where there is room to write it. */
export function chartCrossings(crossings: readonly Crossing[], lines: readonly ChartLine[], limit: ChartLimit | undefined, frame: Frame, size: string) {
  const found = crossings.map((crossing) => ({ crossing, x: frame.x(crossing.at), y: frame.y(crossing.value) }));
  const taken: Box[] = found.map(({ x, y }) => ({ x: x - 6, y: y - 6, width: 12, height: 12 }));
  if (limit) taken.push(boxOf(limit.label, frame.textWidth), { x: limit.from, y: limit.y - 1, width: limit.to - limit.from, height: 2 });
  return found.map((one): ChartCrossing => {
    const { at, first } = one.crossing;
    const text = `${size} ${first === undefined ? '≈' : '='} ${sizeText(first ?? at)}`;
    const candidates = around(one, text).filter((place) => isAt(one, found, boxOf(place, frame.textWidth)));
    const label = free(candidates, lines, taken, frame);
    if (!label) return one;
    taken.push(boxOf(label, frame.textWidth));
    return { ...one, label };
  });
}

/** How much nearer its own mark is to a label than any other, in pixels. */
const NEARER = 6;

/** Whether who reads a label there takes it for this mark's. */
const isAt = (mark: Place, marks: readonly Place[], box: Box): boolean =>
  marks.every((other) => other === mark || distance(other, box) >= distance(mark, box) + NEARER);

/** Places for a crossing's label, nearest first. */
const around = ({ x, y }: Place & { readonly crossing: Crossing }, text: string): readonly ChartText[] =>
  [14, 24, 38].flatMap((far) =>
    [
      { x: x + far, y: y + far + 4, anchor: 'start' as const },
      { x: x - far, y: y - far, anchor: 'end' as const },
      { x, y: y - far, anchor: 'middle' as const },
      { x, y: y + far + 8, anchor: 'middle' as const },
      { x: x + far, y: y + 4, anchor: 'start' as const },
      { x: x - far, y: y + 4, anchor: 'end' as const },
    ].map((place) => ({ ...place, text, fontSize: FONT.note })),
  );
