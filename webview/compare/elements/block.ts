/** A block: its name and file, what can be changed of it, and why it has no prices. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { BlockSymbol } from '../../../src/analysis/types';
import type { Tie } from '../../../src/protocol/compareMessages';
import { shared } from '../../elements/styles';
import type { Block, Told } from '../state';
import { say, type WordKey } from '../words';
import type { Fields } from './settings';
import { fields, palette } from './styles';
import { breakable, swatch } from './swatch';
import '../../elements/notice';
import './settings';

/** What is asked of a block by its buttons. */
export type BlockAction = 'reveal' | 'duplicate' | 'reset' | 'remove';

const ICONS: { readonly [Each in Exclude<BlockAction, 'reveal'>]: string } = {
  duplicate: 'M5.5,5.5H13.5V13.5H5.5Z M10.5,5.5V2.5H2.5V10.5H5.5',
  reset: 'M3,3V6.5H6.5 M3.3,6.2A5.2,5.2 0 1 1 2.8,9',
  remove: 'M4,4 12,12 M12,4 4,12',
};

/** A size that only repeats an argument under a name of ours: `dim_x` of `dim`. */
const repeats = (name: string, ties: readonly Tie[]): boolean =>
  ties.some(({ plain }) => plain.includes(name) && plain.some((other) => name.startsWith(`${other}_`)));

/** The numbers that stand in the fields: those that were typed over those that were found. */
export function fieldsOf({ setting }: Block, { prices, ties = [] }: Told): Fields {
  const known: readonly BlockSymbol[] = prices?.symbols ?? Object.keys(setting.sizes).map((name) => ({ name, role: 'data' }));
  const symbols = known
    .filter(({ name }) => !repeats(name, ties))
    .map(({ name, role, value: found }): BlockSymbol => {
      const value = setting.sizes[name] ?? found;
      return { name, role, ...(value === undefined ? {} : { value }) };
    });
  return { symbols, precision: setting.precision, attention: setting.attention, training: setting.training };
}

@customElement('compare-block')
export class CompareBlock extends LitElement {
  static override readonly styles = [
    shared,
    fields,
    palette,
    css`
      :host {
        border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
        border-radius: 4px;
        padding: 6px 10px 8px;
      }

      .head {
        align-items: center;
        display: flex;
        gap: 8px;
        margin-bottom: 4px;
      }

      .names {
        align-items: baseline;
        display: flex;
        flex: 1 1 0;
        flex-wrap: wrap;
        gap: 0 8px;
        min-width: 0;
      }

      h3 {
        font-size: 1em;
        font-weight: 600;
        margin: 0;
        overflow-wrap: break-word;
      }

      .file {
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      a {
        color: var(--vscode-textLink-foreground);
        cursor: pointer;
        text-decoration: none;
      }

      a:hover {
        text-decoration: underline;
      }

      .tools {
        display: inline-flex;
        gap: 2px;
      }

      attention-notice,
      .note {
        margin-top: 6px;
      }

      .note {
        font-size: 0.9em;
      }
    `,
  ];

  @property({ attribute: false }) block!: Block;
  @property({ attribute: false }) told: Told = {};
  @property() label = '';
  @property({ type: Number }) place = 0;

  private ask(action: BlockAction): void {
    this.dispatchEvent(new CustomEvent<BlockAction>('act', { detail: action }));
  }

  private tool(action: Exclude<BlockAction, 'reveal'>, disabled = false) {
    const words = say(action as WordKey, { name: this.label });
    return html`<button class="icon" data-action=${action} title=${words} aria-label=${words} ?disabled=${disabled} @click=${() => this.ask(action)}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${ICONS[action]}></path></svg>
    </button>`;
  }

  private words() {
    const { prices, problem } = this.told;
    if (problem?.passing && prices) return html`<attention-notice kind="warning" text=${say('passing', { reason: problem.reason })}></attention-notice>`;
    const reason = problem?.reason ?? prices?.reason;
    if (reason === undefined) return nothing;
    return html`<attention-notice kind="error" text=${say('broken', { reason: reason.replace(/\.$/, '') })}></attention-notice>`;
  }

  override render() {
    const { block, told, label } = this;
    const file = block.file.split('/').slice(-2).join('/');
    const show = (event: Event): void => {
      event.preventDefault();
      this.ask('reveal');
    };
    return html`
      <div class="head">
        ${swatch(this.place)}
        <div class="names">
          <h3>${breakable(label)}</h3>
          <span class="file" title=${block.file}><a href="#" aria-label=${say('open', { name: label })} @click=${show}>${file}</a></span>
        </div>
        <span class="tools">${this.tool('reset', Object.keys(block.setting.sizes).length === 0)}${this.tool('duplicate')}${this.tool('remove')}</span>
      </div>
      <compare-settings .fields=${fieldsOf(block, told)} name=${label}></compare-settings>
      ${this.words()}
      ${(told.prices?.notes ?? []).map((note) => html`<p class="note quiet">${note}</p>`)}
    `;
  }
}
