/** Blocks compared along a size, as plain data: curves, where they cross, and a chart laid out in pixels that anything can draw. */
import type { ChosenSizes, Figures } from '../analysis/types';

/** What a curve's values count: bytes read in KiB, MiB and GiB (1024), counts in k, M and G (1000). */
export type Quantity = 'bytes' | 'count';

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** One block's figure along a sweep, sizes ascending. */
export interface NamedCurve {
  readonly label: string;
  readonly points: readonly Point[];
}

/** Where two curves cross: just after `at`, `between[0]` is the smaller of the two. */
export interface Crossing {
  readonly between: readonly [string, string];
  readonly at: number;
  readonly value: number;
  /** The very size from which on it is so, where sizes between those of the curves were priced. */
  readonly first?: number;
}

/** Where a curve passes a limit: upwards, above it after `at`; downwards, below it. */
export interface Passing {
  readonly label: string;
  readonly at: number;
  readonly direction: 'up' | 'down';
}

/** One row of a table: a block at one setting. */
export interface TableRow {
  readonly label: string;
  readonly sizes: ChosenSizes;
  readonly figures?: Figures;
  /** Why there are no figures at all. */
  readonly reason?: string;
}

/** What a chart shows, before it is laid out. */
export interface ChartSource {
  /** `Peak memory in inference`. */
  readonly title: string;
  readonly quantity: Quantity;
  /** What values are counted in beside the scale's own prefix: `MACs`; none for bytes. */
  readonly unit?: string;
  /** The swept size: `h = w`. */
  readonly size: string;
  readonly curves: readonly NamedCurve[];
  /** Where the curves cross, if more is known of it than they tell. */
  readonly crossings?: readonly Crossing[];
  readonly limit?: { readonly value: number; readonly label: string };
  /** Said under the chart, a line each. */
  readonly notes?: readonly string[];
  /** `{label}: no curve, {reason}` is a note of the chart's own. */
  readonly without?: readonly { readonly label: string; readonly reason: string }[];
}

/** How much room a chart has, and how wide a text is at a font size; a guess for sans-serif where none is given. */
export interface ChartRoom {
  readonly width: number;
  readonly height: number;
  readonly textWidth?: (text: string, fontSize: number) => number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Place {
  readonly width: number;
  readonly height: number;
}

/** A text at its baseline. */
export interface ChartText extends Place {
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly fontSize: number;
}

/** A grid line's place along its axis, and its label where there is room for it. */
export interface Tick {
  readonly value: number;
  readonly position: number;
  readonly label?: ChartText;
}

export interface Axis {
  /** The swept size; upwards, the unit where values have one. */
  readonly title?: ChartText;
  readonly ticks: readonly Tick[];
  /** The first and the last value that it shows. */
  readonly domain: readonly [number, number];
}

export type Marker = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'star';

/** How a curve is told from the others: never by its colour alone. */
export interface CurveStyle {
  /** A number from 0 into the palette. */
  readonly colour: number;
  /** Dashes and gaps in pixels; empty for an unbroken line. */
  readonly dash: readonly number[];
  readonly marker: Marker;
}

export interface ChartLine {
  readonly label: string;
  readonly style: CurveStyle;
  /** SVG path data. */
  readonly path: string;
  readonly points: readonly (Place & Point)[];
  /** The direct label behind the line's end, cut to its room where it must be; none where the legend names the lines. */
  readonly name?: ChartText;
  /** From the line's end to a label that had to move away from it. */
  readonly leader?: string;
}

export interface ChartLimit {
  readonly value: number;
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly label: ChartText;
}

export interface ChartCrossing extends Place {
  readonly crossing: Crossing;
  /** `h = w ≈ 47`, `h = w = 48`; none where it would cover something or stand at another's mark. */
  readonly label?: ChartText;
}

export interface LegendEntry {
  readonly style: CurveStyle;
  /** Where the sample of the line begins and ends. */
  readonly from: Place;
  readonly to: Place;
  readonly label: ChartText;
}

/** A log-log chart laid out: every position in pixels from the top left. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly title: ChartText;
  /** As in what it was laid out from: what values at the pointer are written with. */
  readonly quantity: Quantity;
  readonly unit?: string;
  readonly size: string;
  /** The chart in words, for those who do not see it. */
  readonly description: string;
  readonly plot: Box;
  readonly horizontal: Axis;
  readonly vertical: Axis;
  readonly lines: readonly ChartLine[];
  readonly limit?: ChartLimit;
  readonly crossings: readonly ChartCrossing[];
  readonly legend: readonly LegendEntry[];
  readonly notes: readonly ChartText[];
  /** Said in the middle of the plot where there is nothing to draw. */
  readonly empty?: ChartText;
}
