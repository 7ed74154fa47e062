/** A sample of a block's line: its colour, dashes and mark, as the chart draws them. */
import { html, svg } from 'lit';
import { markerPath, styleOf } from '../../../src/curves/index';
import type { CurveStyle, Place } from '../../../src/curves/types';

const RADIUS = 3.5;

/** A mark on a point, larger where it is pointed at. */
export const mark = ({ x, y }: Place, { colour, marker }: CurveStyle, radius = RADIUS) =>
  svg`<path d=${markerPath(marker, radius)} transform=${`translate(${x} ${y})`} fill=${marker === 'cross' ? 'none' : `var(--curve-${colour})`} stroke=${`var(--curve-${colour})`} stroke-width=${marker === 'cross' ? 2 : 1}></path>`;

/** The line's own look. */
export const stroke = (path: string, { colour, dash }: CurveStyle) =>
  svg`<path d=${path} fill="none" stroke=${`var(--curve-${colour})`} stroke-width="2" stroke-linejoin="round" stroke-dasharray=${dash.join(' ')}></path>`;

/** The sample for the block at a place among the others. */
export function swatch(at: number) {
  const style = styleOf(at);
  return html`<svg class="swatch" viewBox="0 0 30 14" aria-hidden="true">${stroke('M1,7H29', style)}${mark({ x: 15, y: 7 }, style)}</svg>`;
}

/** A name that may go on in the next line between its words. */
export const breakable = (name: string) => name.split(/(?<=[a-z\d_.])(?=[A-Z(_])/).map((part, at) => (at === 0 ? part : html`<wbr />${part}`));
