/** A chart's rooms: the plot, and around it ticks, names, legend and notes. */
import { guessedWidth, type TextWidth, wrapped } from './geometry';
import { type LegendRows, legendRows } from './legend';
import { type Domain, rungs, scale, tickText, widened } from './scale';
import type { Box, ChartRoom, ChartSource, CurveStyle, NamedCurve } from './types';
import { type CurveWords, fill } from './words';

/** Sizes of letters: of the title, of names and ticks, of notes. */
export const FONT = { title: 15, text: 12, note: 11 };
export const MARGIN = 12;
/** Between names one below the other, and between a line's end and its name. */
export const NAME_LINE = 17;
export const NAME_GAP = 26;
const NOTE_LINE = 16;
/** Ticks and the title below the plot. */
const UNDER_PLOT = 44;
const LEAST_PLOT = 140;
/** From this width on lines are named at their ends. */
const LEAST_NAMED = 480;
/** A limit that is further away than this many times is told, not drawn. */
const FARTHEST_LIMIT = 2 ** 8;
/** Between the plot's sides and the first and the last point. */
const INSET = 10;

/** A curve that can be drawn, and how. */
export interface StyledCurve extends NamedCurve {
  readonly style: CurveStyle;
}

export interface Frame {
  readonly height: number;
  readonly plot: Box;
  readonly sizes: readonly number[];
  readonly sizeDomain: Domain;
  readonly valueDomain: Domain;
  readonly valueTicks: readonly number[];
  readonly limit?: NonNullable<ChartSource['limit']>;
  /** How wide names at the lines' ends may be; none where the legend names them. */
  readonly nameWidth?: number;
  readonly legend: LegendRows;
  readonly legendTop: number;
  readonly notes: readonly string[];
  readonly notesTop: number;
  readonly textWidth: TextWidth;
  x(size: number): number;
  y(value: number): number;
}

/** Divides the room: the plot gets what the words leave, and a chart that is too low for both grows. */
export function frameOf(source: ChartSource, curves: readonly StyledCurve[], room: ChartRoom, words: CurveWords): Frame {
  const textWidth = room.textWidth ?? guessedWidth;
  const names = curves.map(({ label }) => label);
  const isNamed = curves.length > 0 && room.width >= LEAST_NAMED && names.length * NAME_LINE <= room.height * 0.6;
  const nameWidth = isNamed ? Math.min(room.width * 0.34, Math.max(...names.map((name) => textWidth(name, FONT.text)))) : undefined;
  const domains = domainsOf(source, curves, Math.max(2, Math.floor(room.height / 48)));
  const left = MARGIN + Math.max(0, ...domains.valueTicks.map((tick) => textWidth(tickText(tick, source.quantity), FONT.text))) + 8;
  const legend = legendRows(isNamed ? [] : curves, room.width - left - MARGIN, textWidth);
  const notes = notesOf(source, curves.length > 0 && domains.limit === undefined, words).flatMap((note) =>
    wrapped(note, room.width - 2 * MARGIN, FONT.note, textWidth),
  );
  const top = MARGIN + FONT.title + (source.unit === undefined ? 14 : 30);
  const below = UNDER_PLOT + legend.height + notes.length * NOTE_LINE + (notes.length > 0 ? MARGIN : 0);
  const right = nameWidth === undefined ? MARGIN + 4 : NAME_GAP + nameWidth + MARGIN / 2;
  const plot = { x: left, y: top, width: room.width - left - right, height: Math.max(LEAST_PLOT, room.height - top - below) };
  const legendTop = plot.y + plot.height + UNDER_PLOT;
  return {
    ...domains,
    height: plot.y + plot.height + below,
    plot,
    ...(nameWidth === undefined ? {} : { nameWidth }),
    legend,
    legendTop,
    notes,
    notesTop: legendTop + legend.height + FONT.note,
    textWidth,
    x: scale(domains.sizeDomain, [plot.x + INSET, plot.x + plot.width - INSET]),
    y: scale(domains.valueDomain, [plot.y + plot.height, plot.y]),
  };
}

function domainsOf({ quantity, limit: asked }: ChartSource, curves: readonly StyledCurve[], most: number) {
  const points = curves.flatMap((curve) => curve.points);
  const values = points.length > 0 ? points.map(({ value }) => value) : [1];
  const isNear = asked !== undefined && asked.value <= Math.max(...values) * FARTHEST_LIMIT && asked.value >= Math.min(...values) / FARTHEST_LIMIT;
  const limit = isNear && points.length > 0 ? asked : undefined;
  const sizes = [...new Set(points.map(({ at }) => at))].sort((a, b) => a - b);
  const { domain, ticks } = rungs(limit ? [...values, limit.value] : values, quantity, most);
  const sizeDomain = widened([sizes[0] ?? 1, sizes.at(-1) ?? 1]);
  return { sizes, sizeDomain, valueDomain: domain, valueTicks: points.length > 0 ? ticks : [], ...(limit ? { limit } : {}) };
}

function notesOf(source: ChartSource, isLimitAway: boolean, words: CurveWords): readonly string[] {
  const without = (source.without ?? []).map((one) => fill(words.without, one));
  const beyond = source.limit && isLimitAway ? [fill(words.beyond, { limit: source.limit.label })] : [];
  return [...beyond, ...(source.notes ?? []), ...without];
}
