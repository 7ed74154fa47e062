/** A chart's two axes: grid lines, and labels where they have room. */
import { FONT, type Frame, MARGIN } from './frame';
import { boxOf, meet } from './geometry';
import { sizeTicks, tickText } from './scale';
import type { Axis, Box, ChartSource, ChartText, Tick } from './types';

/** Room between two labels. */
const APART = 10;

/** The swept size, from left to right. */
export function horizontalAxis(frame: Frame, size: string): Axis {
  const { plot, sizes, sizeDomain } = frame;
  const taken: Box[] = [];
  const ticks = sizeTicks(sizeDomain, sizes).map((value): Tick => {
    const label: ChartText = { x: frame.x(value), y: plot.y + plot.height + 17, text: String(value), anchor: 'middle', fontSize: FONT.text };
    const box = boxOf(label, frame.textWidth);
    if (taken.some((other) => meet({ ...other, width: other.width + APART }, box))) return { value, position: label.x };
    taken.push(box);
    return { value, position: label.x, label };
  });
  const title: ChartText = { x: plot.x + plot.width / 2, y: plot.y + plot.height + 36, text: size, anchor: 'middle', fontSize: FONT.text };
  return { title, ticks: sizes.length === 0 ? [] : ticks, domain: sizeDomain };
}

/** The figure's values, upwards. */
export function verticalAxis(frame: Frame, { quantity, unit }: ChartSource): Axis {
  const { plot, valueTicks, valueDomain } = frame;
  const ticks = valueTicks.map((value): Tick => {
    const position = frame.y(value);
    return { value, position, label: { x: plot.x - 8, y: position + FONT.text * 0.35, text: tickText(value, quantity), anchor: 'end', fontSize: FONT.text } };
  });
  const title: ChartText | undefined = unit === undefined ? undefined : { x: MARGIN, y: plot.y - 12, text: unit, anchor: 'start', fontSize: FONT.note };
  return { ...(title ? { title } : {}), ticks, domain: valueDomain };
}
