/** A table of values as colours, with a legend; the pointer or the arrow keys read single values. */
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { paint, type Scale, scaleOf } from '../colours';
import { value } from '../format';
import { indexOf, type Slice, type SliceChoice } from '../slice';
import { say } from '../words';
import { shared } from './styles';

/** The most cells drawn along one side. */
const MOST_CELLS = 1024;
const LEGEND = 128;
/** The map's own border. */
const EDGE = 2;

interface Cell {
  readonly row: number;
  readonly column: number;
}

@customElement('attention-heat-map')
export class AttentionHeatMap extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 6px;
        min-height: 0;
      }

      .frame {
        flex: 1;
        min-height: 80px;
        overflow: hidden;
        position: relative;
      }

      canvas {
        border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
        image-rendering: pixelated;
      }

      .map {
        cursor: crosshair;
        left: 0;
        position: absolute;
        top: 0;
      }

      .legend {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }

      .legend canvas {
        height: 10px;
        width: 110px;
      }

      output {
        margin-left: auto;
      }
    `,
  ];

  @property({ attribute: false }) slice!: Slice;
  @property({ attribute: false }) choice!: SliceChoice;
  @state() private cell: Cell | undefined;
  /** Undefined: as the values suggest. */
  @state() bent: boolean | undefined;
  private scale: Scale = scaleOf([]);

  private get step(): number {
    return Math.max(1, Math.ceil(Math.max(this.slice.rows, this.slice.columns) / MOST_CELLS));
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('slice') || changed.has('bent')) this.scale = scaleOf(this.slice.values, this.bent);
    if (this.cell && (this.cell.row >= this.slice.rows || this.cell.column >= this.slice.columns)) this.cell = undefined;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('slice') || changed.has('bent')) this.draw();
  }

  private draw(): void {
    const { rows, columns, values } = this.slice;
    const [canvas, legend] = [this.renderRoot.querySelector<HTMLCanvasElement>('.map'), this.renderRoot.querySelector<HTMLCanvasElement>('.legend canvas')];
    if (!canvas || !legend) return;
    canvas.width = Math.ceil(columns / this.step);
    canvas.height = Math.ceil(rows / this.step);
    canvas.getContext('2d')?.putImageData(
      paint(canvas.width, canvas.height, this.scale, (row, column) => values[row * this.step * columns + column * this.step] ?? Number.NaN),
      0,
      0,
    );
    this.fit(canvas);
    legend.width = LEGEND;
    legend.height = 1;
    const { least, most } = this.scale;
    legend.getContext('2d')?.putImageData(
      paint(LEGEND, 1, this.scale, (_, column) => least + ((most - least) * column) / (LEGEND - 1)),
      0,
      0,
    );
  }

  /** Whole pixels a cell as far as there is room; a very long or flat map is stretched so that it can be seen. */
  private fit(canvas: HTMLCanvasElement): void {
    const frame = this.renderRoot.querySelector<HTMLElement>('.frame');
    const [room, height] = [(frame?.clientWidth ?? 0) - EDGE, (frame?.clientHeight ?? 0) - EDGE];
    if (room <= 0) return;
    const scale = Math.min(room / canvas.width, height / canvas.height, 28);
    canvas.style.width = `${EDGE + Math.max(Math.min(room, 40), canvas.width * scale)}px`;
    canvas.style.height = `${EDGE + Math.max(Math.min(height, 24), canvas.height * scale)}px`;
  }

  override firstUpdated(): void {
    const frame = this.renderRoot.querySelector<HTMLElement>('.frame');
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('.map');
    if (frame && canvas) new ResizeObserver(() => this.fit(canvas)).observe(frame);
  }

  private pointed(event: PointerEvent): void {
    const box = (event.currentTarget as HTMLCanvasElement).getBoundingClientRect();
    const { rows, columns } = this.slice;
    const at = (place: number, extent: number, cells: number) => Math.min(cells - 1, Math.max(0, Math.floor((place / extent) * cells)));
    this.cell = { row: at(event.clientY - box.top, box.height, rows), column: at(event.clientX - box.left, box.width, columns) };
  }

  private keyed(event: KeyboardEvent): void {
    const { row = 0, column = 0 } = this.cell ?? {};
    const moved = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      Home: [row, 0],
      End: [row, this.slice.columns - 1],
    }[event.key];
    if (!moved) return;
    event.preventDefault();
    const [down = 0, across = 0] = moved;
    this.cell = this.cell
      ? { row: Math.min(this.slice.rows - 1, Math.max(0, down)), column: Math.min(this.slice.columns - 1, Math.max(0, across)) }
      : { row: 0, column: 0 };
  }

  private bendBox() {
    const toggle = (event: Event) => {
      this.bent = (event.target as HTMLInputElement).checked;
    };
    return html`<vscode-checkbox label=${say('bend')} ?checked=${this.scale.bent} @change=${toggle}></vscode-checkbox>`;
  }

  private reading() {
    if (!this.cell) return nothing;
    const { row, column } = this.cell;
    return say('cell', {
      index: indexOf(this.choice, row, column).join(', '),
      value: value(this.slice.values[row * this.slice.columns + column] ?? Number.NaN),
    });
  }

  override render() {
    const { rows, columns } = this.slice;
    const [least, most] = [value(this.scale.least), value(this.scale.most)];
    return html`
      <div class="frame">
        <canvas
          class="map"
          role="img"
          tabindex="0"
          aria-label=${say('heatMap', { rows, columns })}
          @pointermove=${this.pointed}
          @pointerleave=${() => (this.cell = undefined)}
          @keydown=${this.keyed}
        ></canvas>
      </div>
      <div class="legend mono">
        <span>${least}</span><canvas role="img" aria-label=${say('scale', { least, most })}></canvas><span>${most}</span>
        ${this.scale.peaked || this.scale.bent ? this.bendBox() : nothing}
        ${this.step > 1 ? html`<span class="quiet">${say('sampled', { step: this.step })}</span>` : nothing}
        <output aria-live="polite">${this.reading()}</output>
      </div>
    `;
  }
}
