/** The sizes of the block, to be edited. */
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, LitElement, noChange, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { isSize, symbolNames } from '../../src/graph/bind';
import type { View } from '../view';
import { say } from '../words';
import { shared } from './styles';
import './notice';

/** What the user typed as a size; NaN where it is none. */
export interface SizeEdit {
  readonly symbol: string;
  readonly size: number;
}

/** A size from which on its digits want more room. */
const LONG = 1e6;

@customElement('attention-sizes')
export class AttentionSizes extends LitElement {
  static override readonly styles = [
    shared,
    css`
      fieldset {
        border: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 14px;
        margin: 0;
        padding: 0;
      }

      legend {
        padding: 0;
      }

      .size {
        align-items: center;
        display: inline-flex;
        gap: 6px;
      }

      vscode-textfield {
        width: 6.5em;
      }

      vscode-textfield[data-long] {
        width: 10em;
      }

      p,
      attention-notice {
        margin-top: 6px;
      }
    `,
  ];

  @property({ attribute: false }) view!: View;
  /** Fields in which something stands that is no size: it is left as it was typed. */
  private readonly unread = new Set<string>();

  private edited(symbol: string, event: Event): void {
    const { value } = event.target as HTMLInputElement;
    const size = /^\d+$/.test(value.trim()) ? Number(value) : Number.NaN;
    if (Number.isNaN(size)) this.unread.add(symbol);
    else this.unread.delete(symbol);
    this.dispatchEvent(new CustomEvent<SizeEdit>('size', { detail: { symbol, size } }));
  }

  private field(name: string, origin: string) {
    const size = this.view.sizes[name] ?? Number.NaN;
    const label = say('sizeOf', { name, origin });
    return html`<span class="size" title=${label}>
      <code aria-hidden="true">${name}</code>
      <vscode-textfield
        data-symbol=${name}
        ?data-long=${size >= LONG}
        type="number"
        min="0"
        step="1"
        .label=${label}
        .value=${Number.isNaN(size) && this.unread.has(name) ? noChange : live(Number.isNaN(size) ? '' : String(size))}
        ?invalid=${!isSize(size)}
        @input=${(event: Event) => this.edited(name, event)}
      ></vscode-textfield>
    </span>`;
  }

  override render() {
    const { block, broken, refusal } = this.view;
    if (!block) return nothing;
    const origins = new Map(block.graph.symbols.map(({ name, origin }) => [name, origin]));
    const names = symbolNames(block.graph);
    return html`
      ${names.length === 0 ? nothing : html`<fieldset><legend class="offscreen">${say('sizes')}</legend>${names.map((name) => this.field(name, origins.get(name) ?? name))}</fieldset>`}
      ${block.reason ? html`<attention-notice kind="warning" text=${say('noExample', { reason: block.reason })}></attention-notice>` : nothing}
      ${broken.length > 0 ? html`<attention-notice id="broken" kind="error" text=${say('needs', { needs: broken.join(', ') })}></attention-notice>` : nothing}
      ${refusal && broken.length === 0 ? html`<attention-notice id="refusal" kind="error" text=${refusal}></attention-notice>` : nothing}
    `;
  }
}
