/** Where the weights come from: drawn, or a file that the user picks. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { View } from '../view';
import { say } from '../words';
import { shared } from './styles';
import './notice';

@customElement('attention-weights')
export class AttentionWeights extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .line {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
      }

      .name {
        min-width: 0;
        overflow-wrap: anywhere;
      }

      attention-notice {
        margin-top: 6px;
      }

      [hidden] {
        display: none;
      }
    `,
  ];

  @property({ attribute: false }) view!: View;

  private ask(name: 'load' | 'drop'): void {
    this.dispatchEvent(new CustomEvent(name));
  }

  override render() {
    const { block, weights, weightsProblem } = this.view;
    if (!block?.graph.nodes.some(({ op }) => op === 'parameter')) return nothing;
    return html`
      <div class="line">
        <span class="quiet">${say('weights')}</span>
        <span class="name ${weights === undefined ? 'quiet' : 'mono'}" role="status" title=${weights ?? say('weightsDrawnTitle')}>${weights ?? say('weightsDrawn')}</span>
        <vscode-button id="load" secondary title=${say('loadWeightsTitle')} @click=${() => this.ask('load')}>${say('loadWeights')}</vscode-button>
        <vscode-button id="drop" secondary title=${say('dropWeightsTitle')} ?hidden=${weights === undefined} @click=${() => this.ask('drop')}>
          ${say('dropWeights')}
        </vscode-button>
      </div>
      ${weightsProblem ? html`<attention-notice id="weightsProblem" kind="error" text=${weightsProblem}></attention-notice>` : nothing}
    `;
  }
}
