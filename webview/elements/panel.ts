/** The whole panel. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { costOf, type GraphCost } from '../../src/graph/cost';
import { bytesText, countText } from '../../src/graph/quantities';
import type { Controller } from '../controller';
import type { View } from '../view';
import { say } from '../words';
import type { SizeEdit } from './sizes';
import { shared } from './styles';
import type { StepChoice } from './table';
import './header';
import './inspector';
import './notice';
import './picture';
import './sizes';
import './table';

function costWords(cost: GraphCost): string {
  const shown = (figure: { readonly value?: number; readonly formula: string }, write: (value: number) => string) =>
    figure.value === undefined ? figure.formula : write(figure.value);
  const maps = cost.attentionMaps.map((map) => shown(map, bytesText)).join(' + ');
  const figures = {
    peak: shown(cost.peakAsRun, bytesText),
    written: shown(cost.peakAsWritten, bytesText),
    parameters: shown(cost.parameters, countText),
    macs: shown(cost.macs, countText),
  };
  return maps ? say('costs', { ...figures, map: maps }) : say('costsWithoutMap', figures);
}

@customElement('attention-panel')
export class AttentionPanel extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host {
        height: 100%;
        overflow: auto;
      }

      .waiting {
        padding: 16px;
      }

      .panel {
        display: grid;
        gap: 12px;
        grid-template-columns: minmax(0, 1fr);
        padding: 12px 16px 16px;
      }

      .top {
        display: grid;
        gap: 8px;
      }

      attention-picture {
        height: 340px;
      }

      attention-inspector {
        height: 380px;
      }

      @media (min-width: 900px) {
        :host {
          overflow: hidden;
        }

        .panel {
          grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
          grid-template-rows: auto minmax(0, 5fr) minmax(0, 4fr);
          height: 100%;
          min-height: 560px;
        }

        .top {
          grid-column: 1 / -1;
        }

        attention-picture {
          grid-row: 2 / span 2;
          height: auto;
        }

        attention-inspector {
          height: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) controller!: Controller;
  private costs: { readonly of: View['sizes']; readonly block: View['block']; readonly words: string } | undefined;

  /** Costs change with the block and its sizes alone. */
  private costLine(view: View): string {
    const { block, sizes, broken } = view;
    if (!block || broken.length > 0) return '';
    if (this.costs?.block !== block || this.costs.of !== sizes) this.costs = { of: sizes, block, words: costWords(costOf(block.graph, sizes)) };
    return this.costs.words;
  }

  private notices(view: View) {
    const { backend, notice } = view;
    return html`
      ${backend?.why ? html`<attention-notice id="fallback" kind="warning" text=${say('fallback', { backend: backend.name, why: backend.why })}></attention-notice>` : nothing}
      ${notice ? html`<attention-notice id="notice" kind="warning" text=${notice}></attention-notice>` : nothing}
    `;
  }

  override render() {
    const { controller } = this;
    const view = controller.view();
    if (view.problem) return html`<div class="waiting"><attention-notice kind="error" text=${view.problem}></attention-notice></div>`;
    if (!view.block) return html`<p class="waiting quiet">${view.notice ?? say('waiting')}</p>`;
    const choose = ({ detail }: CustomEvent<StepChoice>) => controller.select(detail.step, detail.reveal);
    return html`
      <div class="panel">
        <div class="top">
          <attention-header .view=${view} @run=${() => controller.run()} @cancel=${() => controller.cancel()}></attention-header>
          ${this.notices(view)}
          <attention-sizes .view=${view} @size=${({ detail }: CustomEvent<SizeEdit>) => controller.setSize(detail.symbol, detail.size)}></attention-sizes>
          <p class="quiet" id="costs">${this.costLine(view)}</p>
        </div>
        <attention-picture .steps=${view.block.steps} .selected=${view.selected ?? -1} @choose=${choose}></attention-picture>
        <attention-inspector .view=${view} @keep=${({ detail }: CustomEvent<number>) => controller.run(detail)}></attention-inspector>
        <attention-table .view=${view} @choose=${choose}></attention-table>
      </div>
    `;
  }
}
