/** The settings of a block, or of all blocks at once, to be changed in place. */
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, LitElement, noChange, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { BlockSymbol, Setting } from '../../../src/analysis/types';
import { isSize } from '../../../src/graph/bind';
import { shared } from '../../elements/styles';
import type { Change } from '../edits';
import { say, type WordKey } from '../words';
import { fields, placeList } from './styles';

/** What the fields show; undefined where blocks differ, or where there is no value. */
export interface Fields {
  readonly symbols: readonly BlockSymbol[];
  readonly precision: Setting['precision'] | undefined;
  readonly attention: Setting['attention'] | undefined;
  readonly training: boolean | undefined;
}

const PRECISIONS = ['float32', 'float16', 'bfloat16', 'autocast-float16', 'autocast-bfloat16'] as const satisfies readonly Setting['precision'][];
const PATHS = ['written', 'fused', 'stepwise'] as const satisfies readonly Setting['attention'][];
const LONG = 1e5;

@customElement('compare-settings')
export class CompareSettings extends LitElement {
  static override readonly styles = [
    shared,
    fields,
    css`
      .fields {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
      }
    `,
  ];

  @property({ attribute: false }) fields!: Fields;
  /** What the fields are of, for those who hear them. */
  @property() name = '';
  /** Whether they are of all blocks. */
  @property({ type: Boolean }) shared = false;
  /** Fields in which something stands that is no size: it is left as it was typed. */
  private readonly unread = new Set<string>();

  private tell(detail: Change): void {
    this.dispatchEvent(new CustomEvent<Change>('settings', { detail, bubbles: true, composed: true }));
  }

  private edited(symbol: string, event: Event): void {
    const text = (event.target as HTMLInputElement).value.trim();
    const size = text === '' ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN;
    const isFit = size === null || (isSize(size) && size >= 1);
    if (isFit) this.unread.delete(symbol);
    else this.unread.add(symbol);
    if (isFit) this.tell({ sizes: { [symbol]: size } });
    else this.requestUpdate();
  }

  private size({ name, role, value }: BlockSymbol) {
    const label = say(this.shared ? 'sizeOfAll' : role === 'argument' ? 'argumentOf' : 'sizeOf', { name });
    const isUnread = this.unread.has(name);
    return html`<span class="field" title=${label}>
      <code aria-hidden="true">${name}</code>
      <vscode-textfield
        data-symbol=${name}
        ?data-long=${(value ?? 0) >= LONG}
        type="number"
        min="1"
        step="1"
        placeholder=${value === undefined && this.shared ? '≠' : ''}
        .label=${[label, this.name, ...(value === undefined && this.shared ? [say('several')] : [])].join(', ')}
        .value=${isUnread ? noChange : live(value === undefined ? '' : String(value))}
        ?invalid=${isUnread}
        @input=${(event: Event) => this.edited(name, event)}
      ></vscode-textfield>
    </span>`;
  }

  private select<Value extends WordKey>(kind: 'precision' | 'attention', values: readonly Value[], chosen: Value | undefined, change: (value: Value) => void) {
    const pick = (event: Event): void => {
      const picked = values.find((value) => value === (event.target as HTMLSelectElement).value);
      if (picked !== undefined) change(picked);
    };
    const text = (value: Value): string => (kind === 'attention' ? say('attentionAs', { way: say(value) }) : say(value));
    return html`<span class="field">
      <vscode-single-select data-setting=${kind} @pointerdown=${placeList} @keydown=${placeList} title=${say(kind)} .label=${`${say(kind)}, ${this.name}`} .value=${live(chosen ?? '')} @change=${pick}>
        ${chosen === undefined ? html`<vscode-option value="" selected>${say('mixed')}</vscode-option>` : nothing}
        ${values.map((value) => html`<vscode-option value=${value} ?selected=${value === chosen}>${text(value)}</vscode-option>`)}
      </vscode-single-select>
    </span>`;
  }

  override render() {
    const { symbols, precision, attention, training } = this.fields;
    const sorted = [...symbols.filter(({ role }) => role === 'argument'), ...symbols.filter(({ role }) => role !== 'argument')];
    return html`<div class="fields" role="group" aria-label=${this.name}>
      ${sorted.map((symbol) => this.size(symbol))}
      ${this.select('precision', PRECISIONS, precision, (value) => this.tell({ precision: value }))}
      ${this.select('attention', PATHS, attention, (value) => this.tell({ attention: value }))}
      <vscode-checkbox
        data-setting="training"
        title=${say('trainingTitle')}
        .label=${say('training')}
        .checked=${live(training ?? false)}
        ?indeterminate=${training === undefined}
        @change=${(event: Event) => this.tell({ training: (event.target as HTMLInputElement).checked })}
      ></vscode-checkbox>
    </div>`;
  }
}
