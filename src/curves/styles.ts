/** How curves are told apart: by colour, by dashes and by the marks on their points. */
import type { CurveStyle, Marker } from './types';

/** How many colours there are. */
export const COLOURS = 8;

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [14, 4], [5, 2, 1, 2, 1, 2]];
const MARKERS: readonly Marker[] = ['circle', 'square', 'triangle', 'diamond', 'cross', 'star'];

/** The style of a curve by its place among the others. */
export const styleOf = (at: number): CurveStyle => ({
  colour: at % COLOURS,
  dash: DASHES[at % DASHES.length] ?? [],
  marker: MARKERS[at % MARKERS.length] ?? 'circle',
});

const corners = (radius: number, count: number, inner: number): string =>
  Array.from({ length: count }, (_, at) => {
    const [angle, from] = [(Math.PI * 2 * at) / count - Math.PI / 2, at % 2 === 0 ? radius : radius * inner];
    return `${at === 0 ? 'M' : 'L'}${(from * Math.cos(angle)).toFixed(2)},${(from * Math.sin(angle)).toFixed(2)}`;
  }).join('');

/** A mark's outline around 0,0, as SVG path data. */
export function markerPath(marker: Marker, radius: number): string {
  const r = radius;
  switch (marker) {
    case 'circle':
      return `M${-r},0A${r},${r} 0 1 1 ${r},0A${r},${r} 0 1 1 ${-r},0Z`;
    case 'square':
      return `M${-r},${-r}H${r}V${r}H${-r}Z`;
    case 'triangle':
      return `${corners(1.25 * r, 6, 0.5)}Z`;
    case 'diamond':
      return `${corners(1.3 * r, 4, 1)}Z`;
    case 'cross':
      return `M${-r},${-r}L${r},${r}M${-r},${r}L${r},${-r}`;
    case 'star':
      return `${corners(1.4 * r, 10, 0.45)}Z`;
  }
}
