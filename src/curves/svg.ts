/** A chart as SVG that stands alone: readable on light and on dark, and by programs that know no style sheets. */
import { quantityText } from './curve';
import { markerPath } from './styles';
import type { Chart, ChartLine, ChartText, CurveStyle, Place } from './types';

/** Colours on light and on dark, each at least three times lighter or darker than the ground. */
export const LIGHT = ['#0969da', '#bc4c00', '#1a7f37', '#8250df', '#cf222e', '#0e7c86', '#7d5c00', '#bf3989'];
export const DARK = ['#58a6ff', '#f0883e', '#3fb950', '#bc8cff', '#ff7b72', '#39c5cf', '#d29922', '#f778ba'];
interface Ink {
  readonly ground: string;
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
}
const INK: { readonly light: Ink; readonly dark: Ink } = {
  light: { ground: '#ffffff', text: '#1f2328', quiet: '#59636e', grid: '#d8dee4' },
  dark: { ground: '#0d1117', text: '#e6edf3', quiet: '#9198a1', grid: '#2b323b' },
};

const ESCAPES: { readonly [sign: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Whether XML allows a sign at all: a tab and line ends of those that only control, no half of a pair. */
const isAllowed = (sign: string): boolean => (sign >= ' ' || '\t\n\r'.includes(sign)) && !/^[\ud800-\udfff\ufffe\uffff]$/.test(sign);

/** A text within SVG. */
const escaped = (text: string): string => [...text].map((sign) => (isAllowed(sign) ? (ESCAPES[sign] ?? sign) : '')).join('');

const number = (value: number): string => String(Math.round(value * 10) / 10);

function rulesOf(palette: readonly string[], { ground, text, quiet, grid }: Ink): string {
  const rule = (name: string, ...declarations: readonly string[]) => `.chart-${name}{${declarations.join(';')}}`;
  const ink = (property: string, name: string, colour: string) => `${property}:var(--chart-${name},${colour})`;
  return [
    rule('ground', ink('fill', 'ground', ground)),
    rule('text', ink('fill', 'text', text)),
    rule('quiet', ink('fill', 'quiet', quiet)),
    rule('grid', ink('stroke', 'grid', grid)),
    rule('limit', ink('stroke', 'text', text)),
    rule('hollow', ink('fill', 'ground', ground), ink('stroke', 'text', text)),
    ...palette.map((colour, at) => rule(`c${at}`, ink('fill', String(at), colour), ink('stroke', String(at), colour))),
  ].join('');
}

const STYLE = `<style>${rulesOf(LIGHT, INK.light)}@media (prefers-color-scheme:dark){${rulesOf(DARK, INK.dark)}}</style>`;

const textOf = ({ x, y, text, anchor, fontSize }: ChartText, kind: 'text' | 'quiet', extra = ''): string =>
  `<text class="chart-${kind}" fill="${INK.light[kind]}" x="${number(x)}" y="${number(y)}" text-anchor="${anchor}" font-size="${fontSize}"${extra}>${escaped(text)}</text>`;

/** A group in a curve's colour. */
const coloured = ({ colour }: CurveStyle, inside: string): string =>
  `<g class="chart-c${colour}" fill="${LIGHT[colour] ?? INK.light.text}" stroke="${LIGHT[colour] ?? INK.light.text}">${inside}</g>`;

const stroke = (path: string, { dash }: CurveStyle): string =>
  `<path d="${path}" fill="none" stroke-width="2" stroke-linejoin="round"${dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : ''}/>`;

/** A mark on a point; crosses have no inside. */
const mark = ({ x, y }: Place, { marker }: CurveStyle, title?: string): string =>
  `<path d="${markerPath(marker, 3.5)}" transform="translate(${number(x)} ${number(y)})" stroke-width="${marker === 'cross' ? 2 : 1}">${title === undefined ? '' : `<title>${escaped(title)}</title>`}</path>`;

function lineOf({ label, style, path, points, name, leader }: ChartLine, { size, quantity, unit }: Chart): string {
  const marks = points.map((point) => mark(point, style, `${label}: ${quantityText(point.value, quantity, unit)}, ${size} = ${point.at}`)).join('');
  const pointer = leader === undefined ? '' : `<path d="${leader}" fill="none" stroke-width="1" stroke-opacity="0.6"/>`;
  const whole = name && name.text !== label ? `<title>${escaped(label)}</title>` : '';
  return `${coloured(style, `${pointer}${stroke(path, style)}${marks}`)}${name ? `<g>${whole}${textOf(name, 'text')}</g>` : ''}`;
}

function axesOf({ plot, horizontal, vertical }: Chart): string {
  const [right, bottom] = [plot.x + plot.width, plot.y + plot.height];
  const grid = [
    ...horizontal.ticks.map(({ position }) => `M${number(position)},${number(plot.y)}V${number(bottom)}`),
    ...vertical.ticks.map(({ position }) => `M${number(plot.x)},${number(position)}H${number(right)}`),
    `M${number(plot.x)},${number(plot.y)}V${number(bottom)}H${number(right)}`,
  ].join('');
  const labels = [...horizontal.ticks, ...vertical.ticks].flatMap(({ label }) => (label ? [textOf(label, 'quiet')] : []));
  const titles = [horizontal.title, vertical.title].flatMap((title) => (title ? [textOf(title, 'quiet')] : []));
  return `<path class="chart-grid" d="${grid}" fill="none" stroke="${INK.light.grid}" stroke-width="1"/>${labels.join('')}${titles.join('')}`;
}

const limitOf = ({ limit }: Chart): string =>
  limit
    ? `<path class="chart-limit" d="M${number(limit.from)},${number(limit.y)}H${number(limit.to)}" fill="none" stroke="${INK.light.text}" stroke-width="1.5" stroke-dasharray="1 4" stroke-linecap="round"/>${textOf(limit.label, 'text')}`
    : '';

const crossingsOf = ({ crossings }: Chart): string =>
  crossings
    .map(
      ({ x, y, label }) =>
        `<circle class="chart-hollow" cx="${number(x)}" cy="${number(y)}" r="4.5" fill="${INK.light.ground}" stroke="${INK.light.text}" stroke-width="1.5"/>${label ? textOf(label, 'text') : ''}`,
    )
    .join('');

const legendOf = ({ legend }: Chart): string =>
  legend
    .map(({ style, from, to, label }) => {
      const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
      const line = stroke(`M${number(from.x)},${number(from.y)}L${number(to.x)},${number(to.y)}`, style);
      return `${coloured(style, `${line}${mark(middle, style)}`)}${textOf(label, 'text')}`;
    })
    .join('');

/** One chart's parts, each a line. */
function partsOf(chart: Chart): readonly string[] {
  const { title, lines, notes, empty } = chart;
  const parts = [
    textOf(title, 'text', ' font-weight="600"'),
    axesOf(chart),
    limitOf(chart),
    ...lines.map((line) => lineOf(line, chart)),
    crossingsOf(chart),
    legendOf(chart),
    notes.map((note) => textOf(note, 'quiet')).join(''),
    empty ? textOf(empty, 'quiet') : '',
  ];
  return parts.filter((part) => part !== '');
}

const FONTS = `font-family="system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"`;

/** Between charts one below the other. */
const BETWEEN = 12;

/** Charts, one below the other, as the text of an SVG file. */
export function svgOf(...charts: readonly Chart[]): string {
  const width = Math.max(0, ...charts.map((chart) => chart.width));
  const tops = charts.map((_, at) => charts.slice(0, at).reduce((sum, { height }) => sum + height + BETWEEN, 0));
  const height = (tops.at(-1) ?? 0) + (charts.at(-1)?.height ?? 0);
  const size = `width="${number(width)}" height="${number(height)}" viewBox="0 0 ${number(width)} ${number(height)}"`;
  const words = [
    `<title>${escaped(charts.map(({ title }) => title.text).join(' · '))}</title>`,
    `<desc>${escaped(charts.map(({ description }) => description).join(' '))}</desc>`,
  ].join('');
  const ground = `<rect class="chart-ground" width="${number(width)}" height="${number(height)}" fill="${INK.light.ground}"/>`;
  const groups = charts.map((chart, at) =>
    at === 0 ? partsOf(chart).join('\n') : `<g transform="translate(0 ${number(tops[at] ?? 0)})">\n${partsOf(chart).join('\n')}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" ${size} ${FONTS}>\n${words}${STYLE}\n${ground}\n${groups.join('\n')}\n</svg>\n`;
}
