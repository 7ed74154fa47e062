/** A chart's lines, each with its name at its end. */
import { FONT, type Frame, NAME_GAP, NAME_LINE, type StyledCurve } from './frame';
import { cut, spread } from './geometry';
import type { ChartLine, ChartText, Place } from './types';

const at = ({ x, y }: Place): string => `${x.toFixed(1)},${y.toFixed(1)}`;

/** Straight lines through places, as SVG path data. */
export const pathOf = (places: readonly Place[]): string => places.map((place, index) => `${index === 0 ? 'M' : 'L'}${at(place)}`).join('');

/** The curves drawn in their frame. */
export function chartLines(curves: readonly StyledCurve[], frame: Frame): readonly ChartLine[] {
  const lines = curves.map(({ label, style, points }) => {
    const places = points.map((point) => ({ ...point, x: frame.x(point.at), y: frame.y(point.value) }));
    return { label, style, path: pathOf(places), points: places };
  });
  const { nameWidth, plot } = frame;
  if (nameWidth === undefined) return lines;
  const ends = lines.map(({ points }) => points.at(-1)?.y ?? plot.y);
  const heights = spread(ends, NAME_LINE, [plot.y + FONT.text / 2, plot.y + plot.height - FONT.text / 2]);
  return lines.map((line, index) => ({ ...line, ...named(line, heights[index] ?? plot.y, frame, nameWidth) }));
}

/** A name, and a leader to it from the line's end: straight out of the plot, then to the name's height. */
function named({ label, points }: Omit<ChartLine, 'name'>, y: number, { plot, textWidth }: Frame, width: number): { name: ChartText; leader?: string } {
  const side = plot.x + plot.width;
  const name: ChartText = { x: side + NAME_GAP, y: y + FONT.text * 0.35, text: cut(label, width, FONT.text, textWidth), anchor: 'start', fontSize: FONT.text };
  const end = points.at(-1);
  return end
    ? {
        name,
        leader: pathOf([
          { x: end.x + 5, y: end.y },
          { x: Math.max(side, end.x + 5), y: end.y },
          { x: side + NAME_GAP - 8, y },
          { x: side + NAME_GAP - 4, y },
        ]),
      }
    : { name };
}
