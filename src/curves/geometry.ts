/** Places on a chart: which boxes are free of lines and of other boxes. */
import type { Box, ChartText, Place } from './types';

/** Widths of letters in parts of the font's size, as wide sans-serif fonts have them: too much room is better than too little. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijlI.,:;'|!·]/, 0.34],
  [/[frt()[\] -]/, 0.42],
  [/[mMW%@]/, 0.98],
  [/[w<>=≈+~&]/, 0.84],
  [/[A-Z]/, 0.72],
];

/** How wide a text is, about. */
export const guessedWidth = (text: string, fontSize: number): number =>
  [...text].reduce((sum, letter) => sum + fontSize * (WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? (letter < '\u2e80' ? 0.64 : 1.05)), 0);

export type TextWidth = (text: string, fontSize: number) => number;

/** The room of a text whose baseline is known. */
export function boxOf({ x, y, text, anchor, fontSize }: ChartText, textWidth: TextWidth): Box {
  const width = textWidth(text, fontSize);
  return { x: x - (anchor === 'start' ? 0 : anchor === 'middle' ? width / 2 : width), y: y - fontSize * 0.85, width, height: fontSize * 1.15 };
}

export const meet = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export const within = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;

/** How far a place is from a box. */
export const distance = ({ x, y }: Place, box: Box): number =>
  Math.hypot(Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height));

/** Whether a straight line from one place to another goes through a box: what is left of it once each side has cut it. */
export function passes(from: Place, to: Place, box: Box): boolean {
  let [start, end] = [0, 1];
  const sides = [
    [from.x, to.x - from.x, box.x, box.x + box.width],
    [from.y, to.y - from.y, box.y, box.y + box.height],
  ] as const;
  for (const [at, way, low, high] of sides) {
    if (way === 0) {
      if (at < low || at > high) return false;
    } else {
      const cuts = [(low - at) / way, (high - at) / way].sort((a, b) => a - b);
      start = Math.max(start, cuts[0] ?? 0);
      end = Math.min(end, cuts[1] ?? 1);
    }
  }
  return start <= end;
}

/** A line through places meets a box. */
export const runsThrough = (places: readonly Place[], box: Box): boolean => places.some((place, at) => passes(places[at - 1] ?? place, place, box));

/** Heights as near to those wanted as they can be with a gap between, in the order wanted, between a first and a last one. */
export function spread(wanted: readonly number[], gap: number, [first, last]: readonly [number, number]): readonly number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  // Less what lies between them, neighbours that come too close fall together and share the mean of what they want.
  const groups: { sum: number; count: number }[] = [];
  for (const [at, index] of order.entries()) {
    let group = { sum: (wanted[index] ?? 0) - at * gap, count: 1 };
    for (let before = groups.at(-1); before && before.sum / before.count > group.sum / group.count; before = groups.at(-1)) {
      groups.pop();
      group = { sum: group.sum + before.sum, count: group.count + before.count };
    }
    groups.push(group);
  }
  const latest = last - (wanted.length - 1) * gap;
  const bases = groups.flatMap(({ sum, count }) => Array.from({ length: count }, () => Math.max(first, Math.min(latest, sum / count))));
  const heights = new Map(order.map((index, at) => [index, (bases[at] ?? first) + at * gap]));
  return wanted.map((_, at) => heights.get(at) ?? first);
}

/** A text cut to a width, with a sign that it was. */
export function cut(text: string, width: number, fontSize: number, textWidth: TextWidth): string {
  if (textWidth(text, fontSize) <= width) return text;
  const letters = [...text];
  const kept = letters.findLastIndex((_, at) => textWidth(`${letters.slice(0, at).join('')}…`, fontSize) <= width);
  return `${letters.slice(0, Math.max(1, kept)).join('')}…`;
}

/** A text in lines of a width, broken between words. */
export function wrapped(text: string, width: number, fontSize: number, textWidth: TextWidth): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, fontSize) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => cut(line, width, fontSize, textWidth));
}
