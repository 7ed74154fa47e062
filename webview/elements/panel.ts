/** The whole panel. */
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Controller } from '../controller';
import type { View } from '../view';
import { say } from '../words';
import type { SizeEdit } from './sizes';
import { shared } from './styles';
import type { StepChoice } from './table';
import './figures';
import './header';
import './inspector';
import './notice';
import './picture';
import './sizes';
import './table';
import './weights';

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
        }

        attention-inspector {
          height: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) controller!: Controller;
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
          <attention-weights .view=${view} @load=${() => controller.loadWeights()} @drop=${() => controller.dropWeights()}></attention-weights>
          <attention-figures .view=${view} @compare=${() => controller.compare()}></attention-figures>
        </div>
        <attention-picture .steps=${view.block.steps} .selected=${view.selected ?? -1} @choose=${choose}></attention-picture>
        <attention-inspector .view=${view} @keep=${({ detail }: CustomEvent<number>) => controller.run(detail)}></attention-inspector>
        <attention-table .view=${view} @choose=${choose}></attention-table>
      </div>
    `;
  }
}
