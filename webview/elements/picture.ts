/** The block as a picture: its steps from top to bottom, zoomed and moved with the mouse or the keyboard. */
import { html, LitElement, nothing, type PropertyValues, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type Box, INSET, LETTER, type Picture, pictureOf } from '../layout';
import { roleWord, type StepView } from '../steps';
import { say } from '../words';
import { pictureStyle } from './pictureStyle';
import { shared } from './styles';
import type { StepChoice } from './table';

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const ZOOM = 1.25;
/** Units of the picture per pixel, beyond which its words are too small. */
const SMALLEST = 2.5;

/** The text in so many letters; nothing of it where not even its beginning would say anything. */
function cut(text: string, letters: number): string {
  if (text.length <= letters) return text;
  return letters < 3 ? '' : `${text.slice(0, letters - 1)}…`;
}

@customElement('attention-picture')
export class AttentionPicture extends LitElement {
  static override readonly styles = [shared, pictureStyle];

  @property({ attribute: false }) steps: readonly StepView[] = [];
  @property({ type: Number }) selected = -1;
  @state() private frame: Frame | undefined;
  private picture: Picture = { boxes: [], lines: [], width: 0, height: 0, omitted: 0 };
  private grip: { readonly x: number; readonly y: number; readonly frame: Frame } | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('steps')) return;
    this.picture = pictureOf(this.steps);
    this.frame = undefined;
    // Where the page gives it no height, it takes its own.
    this.style.setProperty('--across', String(this.picture.width));
    this.style.setProperty('--down', String(this.picture.height));
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('selected') && !changed.has('steps')) this.bringIntoSight();
  }

  /** All of it, no larger than its natural size. */
  private whole(): Frame {
    const { width, height } = this.picture;
    const box = this.renderRoot.querySelector<SVGSVGElement>('svg.drawing');
    const [least, tall] = [box?.clientWidth ?? 0, box?.clientHeight ?? 0];
    const scale = Math.max(1, least > 0 && tall > 0 ? Math.max(width / least, height / tall) : 1);
    const [across, down] = least > 0 ? [least * scale, tall * scale] : [width, height];
    return { x: (width - across) / 2, y: Math.min(0, (height - down) / 2), width: across || 1, height: down || 1 };
  }

  /** As it opens: all of it where its words can then be read, else its beginning. */
  private opening(): Frame {
    const whole = this.whole();
    const box = this.renderRoot.querySelector<SVGSVGElement>('svg.drawing');
    const [across, down] = [(box?.clientWidth ?? 0) * SMALLEST, (box?.clientHeight ?? 0) * SMALLEST];
    const first = this.picture.boxes[0];
    if (across === 0 || whole.width <= across || !first) return whole;
    const { width } = this.picture;
    const x = width <= across ? (width - across) / 2 : Math.min(width - across, Math.max(0, first.x + first.width / 2 - across / 2));
    return { x, y: 0, width: across, height: down };
  }

  private zoom(factor: number): void {
    const { x, y, width, height } = this.frame ?? this.opening();
    const [across, down] = [width / factor, height / factor];
    this.frame = { x: x + (width - across) / 2, y: y + (height - down) / 2, width: across, height: down };
  }

  /** Moves the frame where the chosen step would be outside of it. */
  private bringIntoSight(): void {
    const box = this.picture.boxes.find(({ step }) => step.id === this.selected);
    if (!box) return;
    const frame = this.frame ?? this.opening();
    const [right, bottom] = [box.x + box.width, box.y + box.height];
    if (box.x >= frame.x && box.y >= frame.y && right <= frame.x + frame.width && bottom <= frame.y + frame.height) return;
    this.frame = { ...frame, x: box.x + box.width / 2 - frame.width / 2, y: box.y + box.height / 2 - frame.height / 2 };
  }

  private choose(step: number, reveal: boolean): void {
    this.dispatchEvent(new CustomEvent<StepChoice>('choose', { detail: { step, reveal } }));
  }

  private keyed(event: KeyboardEvent): void {
    const { boxes } = this.picture;
    const index = boxes.findIndex(({ step }) => step.id === this.selected);
    const next = { ArrowDown: index + 1, ArrowRight: index + 1, ArrowUp: index - 1, ArrowLeft: index - 1, Home: 0, End: boxes.length - 1 }[event.key];
    const chosen = next === undefined ? undefined : boxes[next];
    if (chosen) this.choose(chosen.step.id, false);
    else if (event.key === 'Enter' || event.key === ' ') this.choose(this.selected, true);
    else if (event.key === '+' || event.key === '=') this.zoom(ZOOM);
    else if (event.key === '-') this.zoom(1 / ZOOM);
    else if (event.key === '0') this.frame = this.whole();
    else return;
    event.preventDefault();
    if (chosen) void this.updateComplete.then(() => this.renderRoot.querySelector<SVGElement>(`g[data-step="${chosen.step.id}"]`)?.focus());
  }

  private wheeled(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM);
  }

  private grabbed(event: PointerEvent): void {
    this.grip = { x: event.clientX, y: event.clientY, frame: this.frame ?? this.opening() };
  }

  private dragged(event: PointerEvent): void {
    const box = this.renderRoot.querySelector<SVGSVGElement>('svg.drawing');
    if (!this.grip || !box || event.buttons === 0) return;
    const { frame } = this.grip;
    const scale = Math.max(frame.width / box.clientWidth, frame.height / box.clientHeight);
    const [across, down] = [(event.clientX - this.grip.x) * scale, (event.clientY - this.grip.y) * scale];
    if (Math.abs(across) + Math.abs(down) > 3) this.frame = { ...frame, x: frame.x - across, y: frame.y - down };
  }

  private box({ step, x, y, width, height }: Box) {
    const chosen = step.id === this.selected;
    const shapes = step.shapes.join(' ');
    const label = say('stepLabel', { title: [step.title, step.op, roleWord(step)].filter(Boolean).join(', '), shape: shapes });
    const room = Math.floor((width - 2 * INSET) / LETTER);
    const [title, op] = [cut(step.title, room - (step.role === 'map' ? 2 : 0)), step.title === step.op ? '' : step.op];
    const beside = cut(op, room - title.length - (step.role === 'map' ? 3 : 1));
    return svg`<g
      class=${`box ${step.role} ${chosen ? 'chosen' : ''}`} data-step=${step.id} role="button" aria-label=${label} aria-pressed=${chosen}
      tabindex=${chosen || (this.selected < 0 && step === this.steps[0]) ? 0 : -1} transform=${`translate(${x},${y})`} @click=${() => this.choose(step.id, true)}>
      <title>${label}</title>
      <rect width=${width} height=${height} rx="5"></rect>
      ${step.role === 'map' ? svg`<path class="mark" d=${`M${width - 16},8h3v3h-3z M${width - 12},8h3v3h-3z M${width - 16},12h3v3h-3z M${width - 12},12h3v3h-3z`}></path>` : nothing}
      <svg width=${width} height=${height}>
        <text class="title" x=${INSET} y="16">${title}${beside === '' ? nothing : svg`<tspan class="op" dx="6">${beside}</tspan>`}</text>
        <text class="shape" x=${INSET} y="32">${cut(shapes, room)}</text>
      </svg>
    </g>`;
  }

  private tool(name: 'zoomIn' | 'zoomOut' | 'fit', lines: string, act: () => void) {
    return html`<button type="button" id=${name} title=${say(name)} aria-label=${say(name)} @click=${act}>
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${lines}></path></svg>
    </button>`;
  }

  private drawing() {
    const { boxes, lines } = this.picture;
    const { x, y, width, height } = this.frame ?? this.opening();
    return html`<svg
      class="drawing"
      viewBox=${`${x} ${y} ${width} ${height}`}
      role="group"
      aria-label=${say('picture')}
      aria-describedby="help"
      @keydown=${this.keyed}
      @wheel=${this.wheeled}
      @pointerdown=${this.grabbed}
      @pointermove=${this.dragged}
    >
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0,0 8,4 0,8z"></path></marker>
      </defs>
      ${lines.map((line) => svg`<path class="line" d=${line} marker-end="url(#arrow)"></path>`)} ${boxes.map((box) => this.box(box))}
    </svg>`;
  }

  override firstUpdated(): void {
    new ResizeObserver(() => {
      if (!this.frame) this.requestUpdate();
    }).observe(this);
  }

  override render() {
    const { boxes, omitted } = this.picture;
    const all = boxes.length + omitted;
    if (boxes.length === 0) return all === 0 ? nothing : html`<p class="quiet">${say('pictureNone', { all })}</p>`;
    return html`
      <div class="bar">
        <h2>${say('graph')}</h2>
        <div class="tools" role="toolbar" aria-label=${say('picture')}>
          ${this.tool('zoomIn', 'M8 3v10M3 8h10', () => this.zoom(ZOOM))} ${this.tool('zoomOut', 'M3 8h10', () => this.zoom(1 / ZOOM))}
          ${this.tool('fit', 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10', () => (this.frame = this.whole()))}
        </div>
      </div>
      <p id="help" class="offscreen">${say('pictureHelp')}</p>
      ${this.drawing()} ${omitted > 0 ? html`<p class="quiet">${say('pictureShort', { shown: boxes.length, all })}</p>` : nothing}
    `;
  }
}
