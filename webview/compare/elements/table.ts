/** The figures of all blocks at their sizes; each row opens its formulas, and the reasons of what is not known. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Figure, FigureName } from '../../../src/analysis/types';
import { areOfTwoKinds, QUANTITIES, quantityText } from '../../../src/curves/index';
import { countText } from '../../../src/graph/quantities';
import { shared } from '../../elements/styles';
import { labelsOf } from '../labels';
import { type Block, languagesOf, type Told, type View } from '../state';
import { curveWords, say } from '../words';
import { fields, palette } from './styles';
import { breakable, swatch } from './swatch';
import { tableStyle } from './tableStyle';

const COLUMNS: readonly FigureName[] = ['map', 'peakInference', 'saved', 'peakTraining', 'parameters', 'macs'];

const valueText = (name: FigureName, value: number): string => quantityText(value, QUANTITIES[name].quantity);

function formulaText(name: FigureName, { formula, unknown }: Figure): string {
  if (unknown !== undefined) return say('unknown', { reason: unknown });
  return QUANTITIES[name].quantity === 'bytes' ? say('formulaBytes', { formula }) : formula;
}

@customElement('compare-table')
export class CompareTable extends LitElement {
  static override readonly styles = [
    shared,
    palette,
    fields,
    tableStyle,
    css`
      .name {
        align-items: center;
        display: flex;
        gap: 6px;
      }

      button.icon svg {
        transition: transform 0.1s;
      }

      button[aria-expanded='true'] svg {
        transform: rotate(90deg);
      }

      td[colspan] {
        border-top: 0;
        padding-top: 0;
        text-align: left;
        white-space: normal;
      }

      dl {
        display: grid;
        gap: 2px 12px;
        grid-template-columns: max-content minmax(0, 1fr);
        margin: 0 0 4px;
      }

      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }

      .under {
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) view!: View;
  @state() private open: ReadonlySet<string> = new Set();

  private toggle(key: string): void {
    const open = new Set(this.open);
    if (!open.delete(key)) open.add(key);
    this.open = open;
  }

  private cell(name: FigureName, { prices }: Told) {
    const head = say(name);
    const figure = prices?.figures[name];
    if (!figure) return html`<td data-head=${head}>${prices ? '?' : '…'}</td>`;
    const { value } = figure;
    if (value === undefined) return html`<td data-head=${head} title=${figure.unknown ?? prices?.reason ?? ''}>?</td>`;
    const flops = name === 'macs' ? html`<br /><span class="quiet small">${say('flops', { flops: countText(2 * value) })}</span>` : nothing;
    return html`<td data-head=${head} title=${formulaText(name, figure)}><span class="value">${valueText(name, value)}</span>${flops}</td>`;
  }

  private formulas(label: string, { prices }: Told) {
    if (!prices) return nothing;
    return html`<tr class="formulas"><td colspan=${COLUMNS.length + 1}>
      <dl aria-label=${say('formulas', { name: label })}>
        ${COLUMNS.map((name) => html`<dt class="quiet">${say(name)}</dt><dd class="mono">${formulaText(name, prices.figures[name])}</dd>`)}
      </dl>
    </td></tr>`;
  }

  private row(block: Block, at: number, label: string) {
    const told = this.view.told.get(block.key) ?? {};
    const isOpen = this.open.has(block.key);
    const words = say('formulas', { name: label });
    return html`
      <tr data-block=${block.key}>
        <th scope="row"><span class="name">
          <button class="icon" aria-expanded=${isOpen} aria-label=${words} title=${words} ?disabled=${!told.prices} @click=${() => this.toggle(block.key)}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6,4 10,8 6,12"></path></svg>
          </button>
          ${swatch(at)}<span>${breakable(label)}</span>
        </span></th>
        ${COLUMNS.map((name) => this.cell(name, told))}
      </tr>
      ${isOpen ? this.formulas(label, told) : nothing}
    `;
  }

  override render() {
    const { blocks, told } = this.view;
    const labels = labelsOf(blocks, told);
    return html`
      <div class="scroll">
        <table aria-label=${say('table')}>
          <thead><tr><th scope="col">${say('block')}</th>${COLUMNS.map((name) => html`<th scope="col">${say(name)}</th>`)}</tr></thead>
          <tbody>${blocks.map((block, at) => this.row(block, at, labels.get(block.key) ?? ''))}</tbody>
        </table>
      </div>
      <p class="quiet small under">${say('aboutTraining')}</p>
      ${areOfTwoKinds(languagesOf(told)) ? html`<p id="peaks" class="quiet small under">${curveWords().peaks}</p>` : nothing}
    `;
  }
}
