/** The largest batch and the largest size along the sweep with which each block fits in the memory. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Largest } from '../../../src/analysis/types';
import { bytesText } from '../../../src/graph/quantities';
import { shared } from '../../elements/styles';
import { FITTED } from '../asking';
import { labelsOf } from '../labels';
import { batchOf } from '../places';
import type { Along, Block, View } from '../state';
import { sizeName } from '../sweep';
import { say } from '../words';
import { palette } from './styles';
import { breakable, swatch } from './swatch';
import { tableStyle } from './tableStyle';

@customElement('compare-fits')
export class CompareFits extends LitElement {
  static override readonly styles = [
    shared,
    palette,
    tableStyle,
    css`
      td[colspan] {
        text-align: left;
        white-space: normal;
      }

      .help {
        margin-bottom: 6px;
      }

      .name {
        align-items: center;
        display: flex;
        gap: 6px;
      }
    `,
  ];

  @property({ attribute: false }) view!: View;
  @property({ attribute: false }) along!: Along;

  private cell(head: string, size: string, largest: Largest | undefined, without?: string) {
    if (without !== undefined) return html`<td data-head=${head}>?<span class="why quiet">${without}</span></td>`;
    if (!largest) return html`<td data-head=${head}><span class="quiet">…</span></td>`;
    if ('reason' in largest) return html`<td data-head=${head}>?<span class="why quiet">${largest.reason}</span></td>`;
    const sizes = Object.entries(largest.sizes).map(([name, value]) => `${name}=${value}`);
    return html`<td data-head=${head} title=${sizes.join(' ')}>
      <span class="value">${say('fitSize', { size, at: largest.size })}</span><br /><span class="quiet small">${say('fitBytes', { bytes: bytesText(largest.bytes) })}</span>
    </td>`;
  }

  private name(at: number, label: string) {
    return html`<th scope="row"><span class="name">${swatch(at)}<span>${breakable(label)}</span></span></th>`;
  }

  private row(block: Block, at: number, label: string, heads: readonly string[]) {
    const { prices, fits, problem } = this.view.told.get(block.key) ?? {};
    const reason = problem?.passing ? undefined : (problem?.reason ?? prices?.reason);
    if (reason !== undefined) {
      return html`<tr data-block=${block.key}>${this.name(at, label)}<td colspan=${heads.length}>? <span class="quiet">${reason}</span></td></tr>`;
    }
    const batch = prices && batchOf(prices);
    // Answers stand in the order that they were asked for: the batch's, where there is one, then the sweep's.
    const own = batch === undefined ? 0 : FITTED.length;
    const size = sizeName(this.along);
    const batches = FITTED.map((_, figure) =>
      this.cell(heads[figure] ?? '', batch ?? '', fits?.[figure], prices && batch === undefined ? say('noBatch') : undefined),
    );
    const swept = FITTED.map((_, figure) => this.cell(heads[FITTED.length + figure] ?? '', size, fits?.[own + figure]));
    return html`<tr data-block=${block.key}>
      ${this.name(at, label)} ${batches} ${swept}
    </tr>`;
  }

  override render() {
    const { blocks, told, gib } = this.view;
    const labels = labelsOf(blocks, told);
    const headsOf = (size: string): readonly string[] => [say('fitInference', { size }), say('fitTraining', { size })];
    const heads = [...headsOf(say('batch')), ...headsOf(sizeName(this.along))];
    return html`
      <p class="quiet help">${say('fitsHelp', { gib })}</p>
      <div class="scroll">
        <table aria-label=${say('fits', { gib })}>
          <thead><tr><th scope="col">${say('block')}</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${blocks.map((block, at) => this.row(block, at, labels.get(block.key) ?? '', heads))}</tbody>
        </table>
      </div>
    `;
  }
}
