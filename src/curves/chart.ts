/** A log-log chart laid out as plain data: drawn as SVG on the command line, and under the pointer in the panel. */
import { horizontalAxis, verticalAxis } from './axes';
import { crossings } from './crossings';
import { drawn } from './curve';
import { description } from './description';
import { FONT, type Frame, frameOf, MARGIN } from './frame';
import { cut } from './geometry';
import { legendAt } from './legend';
import { chartLines } from './lines';
import { chartCrossings, limitOf } from './marks';
import { styleOf } from './styles';
import type { Chart, ChartRoom, ChartSource, ChartText } from './types';
import { CURVE_WORDS, type CurveWords } from './words';

/** Lays out a chart in the room that it has; one that is too low for its words grows. */
export function chart(source: ChartSource, room: ChartRoom, words: CurveWords = CURVE_WORDS): Chart {
  const curves = source.curves.map((curve, at) => ({ label: curve.label, points: drawn(curve), style: styleOf(at) })).filter(({ points }) => points.length > 0);
  const frame = frameOf(source, curves, room, words);
  const lines = chartLines(curves, frame);
  const limit = limitOf(lines, frame);
  return {
    width: room.width,
    height: frame.height,
    title: titleOf(source.title, room.width, frame),
    quantity: source.quantity,
    ...(source.unit === undefined ? {} : { unit: source.unit }),
    size: source.size,
    description: description(source, words),
    plot: frame.plot,
    horizontal: horizontalAxis(frame, source.size),
    vertical: verticalAxis(frame, source),
    lines,
    ...(limit ? { limit } : {}),
    crossings: chartCrossings(source.crossings ?? crossings(curves), lines, limit, frame, source.size),
    legend: legendAt(frame.legend, frame.plot.x, frame.legendTop),
    notes: frame.notes.map((text, at) => ({ x: MARGIN, y: frame.notesTop + at * 16, text, anchor: 'start', fontSize: FONT.note })),
    ...(curves.length === 0 ? { empty: inMiddle(frame, words.empty) } : {}),
  };
}

const titleOf = (title: string, width: number, { textWidth }: Frame): ChartText => ({
  x: MARGIN,
  y: MARGIN + FONT.title * 0.85,
  text: cut(title, width - 2 * MARGIN, FONT.title, textWidth),
  anchor: 'start',
  fontSize: FONT.title,
});

const inMiddle = ({ plot }: Frame, text: string): ChartText => ({
  x: plot.x + plot.width / 2,
  y: plot.y + plot.height / 2,
  text,
  anchor: 'middle',
  fontSize: FONT.text,
});
