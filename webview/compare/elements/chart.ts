/** The curves: drawn with both axes logarithmic, read by pointer and by key, their crossings told in words. */
import { css, html, LitElement, nothing, type PropertyValues, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { chart, marksText, named, QUANTITIES, quantityText } from '../../../src/curves/index';
import type { Chart, ChartLine, ChartSource, ChartText, Point } from '../../../src/curves/types';
import { shared } from '../../elements/styles';
import { labelsOf } from '../labels';
import type { Along, View } from '../state';
import { sizeName } from '../sweep';
import { curveWords, say } from '../words';
import { palette } from './styles';
import { mark, stroke, swatch } from './swatch';

const HEIGHT = 340;
const GIB = 2 ** 30;

/** The chart's content: a curve a block, so that each keeps its colour, and why some have none. */
export function sourceOf({ blocks, told, figure, gib }: View, along: Along): ChartSource {
  const labels = labelsOf(blocks, told);
  const words = curveWords();
  const { quantity, unit } = QUANTITIES[figure];
  const all = blocks.map(({ key }) => ({ label: labels.get(key) ?? '', ...told.get(key) }));
  const curves = all.map(({ label, curve }) => (curve ? named(label, curve, figure) : { label, points: [] }));
  const without = all.flatMap(({ label, curve, prices, problem }, at) => {
    if (!curve || (curves[at]?.points.length ?? 0) > 0) return [];
    const reason =
      curve.reason ?? problem?.reason ?? prices?.figures[figure].unknown ?? prices?.reason ?? (curve.points.length > 0 ? say('zero') : say('noValue'));
    return [{ label, reason }];
  });
  return {
    title: words[figure],
    quantity,
    ...(unit === undefined ? {} : { unit }),
    size: sizeName(along),
    curves,
    ...(quantity === 'bytes' ? { limit: { value: gib * GIB, label: say('limit', { gib }) } } : {}),
    notes: all.flatMap(({ label, curve }) => (curve?.meaning === undefined ? [] : [say('means', { label, meaning: curve.meaning })])),
    without,
  };
}

@customElement('compare-chart')
export class CompareChart extends LitElement {
  static override readonly styles = [
    shared,
    palette,
    css`
      figure {
        border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
        border-radius: 4px;
        margin: 0;
        padding: 0 0 8px;
      }

      svg.chart {
        cursor: crosshair;
        display: block;
        font-family: var(--vscode-font-family);
        outline-offset: -2px;
      }

      text {
        fill: var(--vscode-foreground);
      }

      text.quiet {
        fill: var(--vscode-descriptionForeground);
      }

      .title {
        font-weight: 600;
      }

      .grid {
        fill: none;
        stroke: var(--vscode-descriptionForeground);
        stroke-opacity: 0.25;
      }

      .limit {
        fill: none;
        stroke: var(--vscode-foreground);
        stroke-dasharray: 1 4;
        stroke-linecap: round;
        stroke-width: 1.5;
      }

      .guide {
        stroke: var(--vscode-foreground);
        stroke-opacity: 0.6;
      }

      .crossing {
        fill: var(--vscode-editor-background);
        stroke: var(--vscode-foreground);
        stroke-width: 1.5;
      }

      .leader {
        stroke-opacity: 0.6;
      }

      figcaption {
        display: grid;
        gap: 4px;
        padding: 0 12px;
      }

      .values {
        display: grid;
        gap: 2px 18px;
        grid-template-columns: repeat(auto-fill, minmax(min(19em, 100%), 1fr));
      }

      .values > span {
        align-items: center;
        display: flex;
        gap: 6px;
      }

      .values strong {
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      ul {
        margin: 0;
        padding-left: 18px;
      }

      @media (forced-colors: active) {
        text,
        text.quiet {
          fill: CanvasText;
        }

        .grid {
          stroke: CanvasText;
        }

        .limit,
        .guide,
        .crossing {
          stroke: CanvasText;
        }

        .crossing {
          fill: Canvas;
        }
      }
    `,
  ];

  @property({ attribute: false }) view!: View;
  @property({ attribute: false }) along!: Along;
  /** The size that is pointed at. */
  @state() private at: number | undefined;
  @state() private width = 0;
  private readonly observer = new ResizeObserver(([entry]) => {
    // Less the border.
    if (entry) this.width = Math.floor(entry.contentRect.width) - 2;
  });
  private letters: CanvasRenderingContext2D | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('along')) this.at = undefined;
  }

  /** As wide as the text will be in the editor's own font. */
  private readonly textWidth = (text: string, fontSize: number): number => {
    this.letters ??= document.createElement('canvas').getContext('2d');
    if (!this.letters) return text.length * fontSize * 0.6;
    this.letters.font = `${fontSize}px ${getComputedStyle(this).fontFamily}`;
    return this.letters.measureText(text).width;
  };

  // ---- reading values ----

  /** All sizes that some line has a point at, with their places. */
  private stops({ lines }: Chart): readonly { readonly at: number; readonly x: number }[] {
    const places = new Map(lines.flatMap(({ points }) => points.map(({ at, x }) => [at, x] as const)));
    return [...places].map(([at, x]) => ({ at, x })).sort((a, b) => a.at - b.at);
  }

  private point(event: PointerEvent, shown: Chart): void {
    const { left } = (event.currentTarget as Element).getBoundingClientRect();
    const x = event.clientX - left;
    const near = this.stops(shown).reduce<{ at: number; x: number } | undefined>(
      (best, stop) => (best && Math.abs(best.x - x) <= Math.abs(stop.x - x) ? best : stop),
      undefined,
    );
    this.at = near?.at;
  }

  private step(event: KeyboardEvent, shown: Chart): void {
    const stops = this.stops(shown);
    const now = stops.findIndex(({ at }) => at === this.at);
    const last = stops.length - 1;
    const places: { readonly [key: string]: number } = {
      ArrowRight: Math.min(last, now + 1),
      ArrowLeft: now < 0 ? last : Math.max(0, now - 1),
      Home: 0,
      End: last,
    };
    const next = stops[places[event.key] ?? -1];
    if (event.key === 'Escape') this.at = undefined;
    else if (next) this.at = next.at;
    else return;
    event.preventDefault();
  }

  private nearest(points: ChartLine['points']): ChartLine['points'][number] | undefined {
    const { at } = this;
    if (at === undefined) return undefined;
    const distance = (point: Point): number => Math.abs(Math.log(point.at / at));
    return points.reduce<ChartLine['points'][number] | undefined>((best, point) => (best && distance(best) <= distance(point) ? best : point), undefined);
  }

  private reading({ points }: ChartLine, { quantity, unit }: Chart) {
    const point = this.nearest(points);
    if (!point) return nothing;
    const away = point.at === this.at ? nothing : html` <span class="quiet">(${say('nearest', { at: point.at })})</span>`;
    return html`<strong>${quantityText(point.value, quantity, unit)}</strong>${away}`;
  }

  /** All lines by name, with what they hold at the size that is pointed at: the room is the same with and without. */
  private values(shown: Chart, labels: readonly string[]) {
    if (shown.lines.length === 0) return nothing;
    return html`<output>
      <div class=${this.at === undefined ? 'quiet' : ''}>${this.at === undefined ? say('chartHelp') : say('at', { size: shown.size, at: this.at })}</div>
      <div class="values">${shown.lines.map((line) => html`<span>${swatch(labels.indexOf(line.label))}<span>${line.label} ${this.reading(line, shown)}</span></span>`)}</div>
    </output>`;
  }

  // ---- drawing ----

  private text({ x, y, text, anchor, fontSize }: ChartText, kind = '') {
    return svg`<text class=${kind} x=${x} y=${y} text-anchor=${anchor} font-size=${fontSize}>${text}</text>`;
  }

  private axes({ plot, horizontal, vertical }: Chart) {
    const [right, bottom] = [plot.x + plot.width, plot.y + plot.height];
    const lines = [
      ...horizontal.ticks.map(({ position }) => `M${position},${plot.y}V${bottom}`),
      ...vertical.ticks.map(({ position }) => `M${plot.x},${position}H${right}`),
      `M${plot.x},${plot.y}V${bottom}H${right}`,
    ];
    const words = [...horizontal.ticks, ...vertical.ticks].flatMap(({ label }) => (label ? [label] : []));
    const titles = [horizontal.title, vertical.title].flatMap((title) => (title ? [title] : []));
    return svg`<path class="grid" d=${lines.join('')}></path>${[...words, ...titles].map((each) => this.text(each, 'quiet'))}`;
  }

  private line({ label, style, path, points, name, leader }: ChartLine) {
    const near = this.nearest(points);
    return svg`<g data-curve=${label}>
      ${leader === undefined ? nothing : svg`<path class="leader" d=${leader} fill="none" stroke=${`var(--curve-${style.colour})`}></path>`}
      ${stroke(path, style)}
      ${points.map((point) => mark(point, style, point === near ? 6 : undefined))}
      ${name ? this.text(name) : nothing}
    </g>`;
  }

  private guide(shown: Chart) {
    const stop = this.stops(shown).find(({ at }) => at === this.at);
    return stop ? svg`<path class="guide" d=${`M${stop.x},${shown.plot.y}V${shown.plot.y + shown.plot.height}`}></path>` : nothing;
  }

  private drawing(shown: Chart) {
    const { width, height, title, lines, limit, crossings, legend, notes, empty } = shown;
    return html`<svg
      class="chart"
      width=${width}
      height=${height}
      viewBox=${`0 0 ${width} ${height}`}
      role="img"
      tabindex="0"
      aria-label=${say('chartLabel', { description: shown.description })}
      @pointermove=${(event: PointerEvent) => this.point(event, shown)}
      @pointerleave=${() => {
        this.at = undefined;
      }}
      @keydown=${(event: KeyboardEvent) => this.step(event, shown)}
    >
      ${this.text(title, 'title')} ${this.axes(shown)}
      ${limit ? svg`<path class="limit" d=${`M${limit.from},${limit.y}H${limit.to}`}></path>${this.text(limit.label)}` : nothing}
      ${this.guide(shown)}
      ${lines.map((line) => this.line(line))}
      ${crossings.map(({ x, y, label }) => svg`<circle class="crossing" cx=${x} cy=${y} r="4.5"></circle>${label ? this.text(label) : nothing}`)}
      ${legend.map(({ style, from, to, label }) => svg`${stroke(`M${from.x},${from.y}L${to.x},${to.y}`, style)}${mark({ x: (from.x + to.x) / 2, y: from.y }, style)}${this.text(label)}`)}
      ${notes.map((note) => this.text(note, 'quiet'))} ${empty ? this.text(empty, 'quiet') : nothing}
    </svg>`;
  }

  override render() {
    if (this.width <= 0) return html`<figure></figure>`;
    const source = sourceOf(this.view, this.along);
    const words = curveWords();
    const shown = chart(source, { width: this.width, height: HEIGHT, textWidth: this.textWidth }, words);
    const marks = marksText(source.curves, source.size, source.limit, words);
    const labels = source.curves.map(({ label }) => label);
    return html`<figure>
      ${this.drawing(shown)}
      <figcaption>
        ${this.values(shown, labels)}
        ${marks.length > 0 ? html`<ul id="marks">${marks.map((each) => html`<li>${each}.</li>`)}</ul>` : nothing}
      </figcaption>
    </figure>`;
  }
}
