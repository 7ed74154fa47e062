/**
 * Colours of values: data, not decoration, so they are the same in every theme. Values of one sign get viridis (even steps of lightness, safe for the
 * colour-blind), values of both signs a blue and a red that meet at 0. Never the only way to read a value: the numbers are a key press away.
 */

type Colour = readonly [red: number, green: number, blue: number];

const VIRIDIS: readonly Colour[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];
const BOTH_SIGNS: readonly Colour[] = [
  [33, 102, 172],
  [67, 147, 195],
  [146, 197, 222],
  [209, 229, 240],
  [247, 247, 247],
  [253, 219, 199],
  [244, 165, 130],
  [214, 96, 77],
  [178, 24, 43],
];
const NOT_FINITE: Colour = [255, 0, 255];

export interface Scale {
  readonly least: number;
  readonly most: number;
  readonly stops: readonly Colour[];
  /** Most values are small beside the largest: drawn evenly they all look the same. */
  readonly peaked: boolean;
  /** Small values are drawn further apart than large ones. */
  readonly bent: boolean;
}

const PEAKED = 0.08;
const BEND = 1 / 3;

function extremes(values: ArrayLike<number>): { readonly least: number; readonly most: number; readonly mean: number } {
  let [least, most, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
    count += 1;
  }
  return count === 0 ? { least: 0, most: 0, mean: 0 } : { least, most, mean: sum / count };
}

/** The scale that suits these values; `bent` where the user chose, else where they are peaked. */
export function scaleOf(values: ArrayLike<number>, bent?: boolean): Scale {
  const { least, most, mean } = extremes(values);
  if (least < 0 && most > 0) {
    const limit = Math.max(-least, most);
    return { least: -limit, most: limit, stops: BOTH_SIGNS, peaked: false, bent: false };
  }
  const peaked = most > least && (mean - least) / (most - least) < PEAKED;
  return { least, most, stops: VIRIDIS, peaked, bent: bent ?? peaked };
}

/** The colour at a place from 0 to 1. */
function colourAt(stops: readonly Colour[], place: number): Colour {
  const below = Math.floor(place * (stops.length - 1));
  const [from, to] = [stops[below] ?? NOT_FINITE, stops[Math.min(stops.length - 1, below + 1)] ?? NOT_FINITE];
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (to[channel] - from[channel]) * (place * (stops.length - 1) - below));
  return [mix(0), mix(1), mix(2)];
}

const TONES = 256;

/** All colours of a scale, evenly spaced: asking for each cell's anew is slow. */
function tonesOf({ stops }: Scale): Uint8ClampedArray {
  const tones = new Uint8ClampedArray(TONES * 3);
  for (let tone = 0; tone < TONES; tone += 1) tones.set(colourAt(stops, tone / (TONES - 1)), tone * 3);
  return tones;
}

/** Where on the scale a value stands, from 0 to 1. */
function placeOf({ least, most, bent }: Scale, value: number): number {
  const place = most > least ? (value - least) / (most - least) : 0.5;
  return bent ? place ** BEND : place;
}

/** Paints a picture of `width` × `height`, cell by cell. */
export function paint(width: number, height: number, scale: Scale, at: (row: number, column: number) => number): ImageData {
  const image = new ImageData(width, height);
  const tones = tonesOf(scale);
  for (let cell = 0; cell < width * height; cell += 1) {
    const value = at(Math.floor(cell / width), cell % width);
    const tone = Math.round(placeOf(scale, value) * (TONES - 1)) * 3;
    for (let channel = 0; channel < 3; channel += 1)
      image.data[cell * 4 + channel] = (Number.isFinite(value) ? tones[tone + channel] : NOT_FINITE[channel]) ?? 0;
    image.data[cell * 4 + 3] = 255;
  }
  return image;
}
