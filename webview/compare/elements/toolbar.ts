/** What the chart shows: which figure, along which size from where to where, under which limit. */
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { FigureName } from '../../../src/analysis/types';
import { isSize } from '../../../src/graph/bind';
import { shared } from '../../elements/styles';
import { type Along, DRAWN, type View } from '../state';
import { alongChoices, sameSymbols, sizeName } from '../sweep';
import { say } from '../words';
import { fields, placeList } from './styles';

/** The memory that GPUs usually have. */
const USUAL = [8, 12, 16, 24, 40, 48, 80];

@customElement('compare-toolbar')
export class CompareToolbar extends LitElement {
  static override readonly styles = [
    shared,
    fields,
    css`
      .bar {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 14px;
      }

      vscode-single-select {
        width: 12em;
      }

      vscode-single-select.short {
        width: 7em;
      }

      vscode-textfield {
        width: 4.8em;
      }

      .usual {
        display: inline-flex;
        flex-wrap: wrap;
      }

      .usual button {
        background: none;
        border: 1px solid transparent;
        border-radius: 4px;
        color: var(--vscode-textLink-foreground);
        cursor: pointer;
        font: inherit;
        padding: 1px 5px;
      }

      .usual button:hover {
        background: var(--vscode-toolbar-hoverBackground);
        border-color: var(--vscode-contrastActiveBorder, transparent);
      }

      .usual button[aria-pressed='true'] {
        border-color: currentColor;
        color: inherit;
      }

      @media (forced-colors: active) {
        .usual button {
          border-color: Canvas;
        }

        .usual button[aria-pressed='true'] {
          border-color: CanvasText;
        }
      }
    `,
  ];

  @property({ attribute: false }) view!: View;
  @property({ attribute: false }) along!: Along;

  private tell<Detail>(name: 'figure' | 'along' | 'memory', detail: Detail): void {
    this.dispatchEvent(new CustomEvent<Detail>(name, { detail }));
  }

  private pickFigure(event: Event): void {
    const picked = DRAWN.find((name) => name === (event.target as HTMLSelectElement).value);
    if (picked) this.tell<FigureName>('figure', picked);
  }

  private pickAlong(event: Event, choices: readonly Along[]): void {
    const picked = choices.find((one) => sizeName(one) === (event.target as HTMLSelectElement).value);
    if (picked && !sameSymbols(picked.symbols, this.along.symbols)) this.tell<Along>('along', picked);
  }

  /** What is being typed stands, whatever is drawn anew meanwhile: hence no `live` value. */
  private end(end: 'from' | 'to') {
    const edited = (event: Event): void => {
      const field = event.target as HTMLInputElement & { invalid: boolean };
      const size = Number(field.value);
      const isFit = isSize(size) && size >= 1;
      field.invalid = !isFit;
      if (isFit) this.tell<Along>('along', { ...this.along, [end]: size });
    };
    const label = say(end);
    return html`<span class="field"><span aria-hidden="true">${label}</span>
      <vscode-textfield data-end=${end} type="number" min="1" step="1" .label=${`${label} ${sizeName(this.along)}`} .value=${String(this.along[end])} @change=${edited}></vscode-textfield>
    </span>`;
  }

  private memory() {
    const { gib } = this.view;
    const edited = (event: Event): void => {
      const field = event.target as HTMLInputElement & { invalid: boolean };
      const size = Number(field.value);
      const isFit = Number.isFinite(size) && size > 0;
      field.invalid = !isFit;
      if (isFit) this.tell<number>('memory', size);
    };
    return html`<span class="field"><span aria-hidden="true">${say('memory')}</span>
      <vscode-textfield id="memory" type="number" min="1" step="1" .label=${`${say('memory')}, ${say('gib')}`} .value=${String(gib)} @change=${edited}></vscode-textfield>
      <span aria-hidden="true">${say('gib')}</span>
      <span class="usual" role="group" aria-label=${say('usual')}>
        ${USUAL.map((size) => html`<button aria-pressed=${size === gib} aria-label=${say('limit', { gib: size })} @click=${() => this.tell<number>('memory', size)}>${size}</button>`)}
      </span>
    </span>`;
  }

  override render() {
    const { view, along } = this;
    const prices = view.blocks.flatMap(({ key }) => view.told.get(key)?.prices ?? []);
    const offered = alongChoices(prices);
    const choices = offered.some(({ symbols }) => sameSymbols(symbols, along.symbols)) ? offered : [along, ...offered];
    const name = sizeName(along);
    return html`<div class="bar">
      <span class="field"><span aria-hidden="true">${say('figure')}</span>
        <vscode-single-select id="figure" @pointerdown=${placeList} @keydown=${placeList} .label=${say('figure')} .value=${live(view.figure)} @change=${(event: Event) => this.pickFigure(event)}>
          ${DRAWN.map((each) => html`<vscode-option value=${each} ?selected=${each === view.figure}>${say(each as 'map')}</vscode-option>`)}
        </vscode-single-select></span>
      <span class="field"><span aria-hidden="true">${say('along')}</span>
        <vscode-single-select class="short" id="along" @pointerdown=${placeList} @keydown=${placeList} .label=${say('along')} .value=${live(name)} @change=${(event: Event) => this.pickAlong(event, choices)}>
          ${choices.map((each) => html`<vscode-option value=${sizeName(each)} ?selected=${sizeName(each) === name}>${sizeName(each)}</vscode-option>`)}
        </vscode-single-select></span>
      ${this.end('from')} ${this.end('to')} ${this.memory()}
    </div>`;
  }
}
