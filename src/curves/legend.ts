/** The lines' names below a chart that is too narrow to name them at their ends. */
import { cut, type TextWidth } from './geometry';
import type { ChartText, CurveStyle, LegendEntry, NamedCurve } from './types';

const ROW = 20;
const SAMPLE = 30;
const GAP = 18;
const FONT_SIZE = 12;

interface Entry {
  readonly style: CurveStyle;
  readonly x: number;
  readonly row: number;
  readonly text: string;
}

export interface LegendRows {
  readonly entries: readonly Entry[];
  readonly height: number;
}

/** Names in rows, from left to right, each with a sample of its line. */
export function legendRows(curves: readonly (NamedCurve & { readonly style: CurveStyle })[], width: number, textWidth: TextWidth): LegendRows {
  const entries: Entry[] = [];
  let [x, row] = [0, 0];
  for (const { label, style } of curves) {
    const text = cut(label, width - SAMPLE - 6, FONT_SIZE, textWidth);
    const needed = SAMPLE + 6 + textWidth(text, FONT_SIZE);
    if (x > 0 && x + needed > width) [x, row] = [0, row + 1];
    entries.push({ style, x, row, text });
    x += needed + GAP;
  }
  return { entries, height: curves.length === 0 ? 0 : (row + 1) * ROW };
}

/** The rows at their place. */
export const legendAt = ({ entries }: LegendRows, left: number, top: number): readonly LegendEntry[] =>
  entries.map(({ style, x, row, text }) => {
    const y = top + row * ROW + ROW / 2;
    const label: ChartText = { x: left + x + SAMPLE + 6, y: y + FONT_SIZE * 0.35, text, anchor: 'start', fontSize: FONT_SIZE };
    return { style, from: { x: left + x, y }, to: { x: left + x + SAMPLE, y }, label };
  });
