/** The steps as a table: predicted and real shape, time, bytes, and what the values are like. */
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shapeAt } from '../../src/graph/bind';
import { bytesText } from '../../src/graph/quantities';
import type { RanOutput, RanStep } from '../../src/run/types';
import { shape, time, value } from '../format';
import { roleWord, type StepView } from '../steps';
import type { View } from '../view';
import { say, type WordKey } from '../words';
import { shared } from './styles';
import { tableStyle } from './tableStyle';

/** A step was chosen. */
export interface StepChoice {
  readonly step: number;
  readonly reveal: boolean;
}

const TICK = 'M1.5,5.5 4,8 8.5,2';
const CROSS = 'M2,2 8,8 M8,2 2,8';

const agrees = ({ predicted, ran }: RanOutput): boolean => !predicted || shape(predicted) === shape(ran);

@customElement('attention-table')
export class AttentionTable extends LitElement {
  static override readonly styles = [shared, tableStyle];

  @property({ attribute: false }) view!: View;

  private choose(step: number): void {
    this.dispatchEvent(new CustomEvent<StepChoice>('choose', { detail: { step, reveal: true } }));
  }

  private move(event: KeyboardEvent, index: number): void {
    const steps = this.view.block?.steps ?? [];
    const places: { readonly [key: string]: number } = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: steps.length - 1 };
    const next = steps[places[event.key] ?? -1];
    if (event.key === 'Enter' || event.key === ' ') this.choose(steps[index]?.id ?? 0);
    else if (next) this.dispatchEvent(new CustomEvent<StepChoice>('choose', { detail: { step: next.id, reveal: false } }));
    else return;
    event.preventDefault();
    void this.updateComplete.then(() => this.rowOf(next?.id ?? this.view.selected)?.focus());
  }

  private rowOf(step: number | undefined): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`tr[data-step="${step}"]`);
  }

  /** Within the table alone: the page stays where the reader is. */
  private bringIntoSight(row: HTMLElement | null): void {
    const [frame, head] = [this.renderRoot.querySelector('.scroll'), this.renderRoot.querySelector('thead')];
    if (!row || !frame || !head) return;
    const [{ top, bottom }, around] = [row.getBoundingClientRect(), frame.getBoundingClientRect()];
    const first = around.top + head.getBoundingClientRect().height;
    if (top < first) frame.scrollTop -= first - top;
    else if (bottom > around.bottom) frame.scrollTop += bottom - around.bottom;
  }

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get('view');
    if (before && before.selected !== this.view.selected) this.bringIntoSight(this.rowOf(this.view.selected));
  }

  private shapes(step: StepView) {
    const node = this.view.block?.graph.nodes[step.id];
    const sizes = (node?.outputs ?? []).map((type) => shapeAt(type, this.view.sizes));
    const numbers = sizes.map((each) => (each ? shape(each) : ''));
    return html`<td class="mono shape" role="gridcell" data-head=${say('predicted')}><span>${step.shapes.join(' ')}</span>${numbers.join('') === step.shapes.join('') ? nothing : html`<br /><span class="quiet">${numbers.join(' ')}</span>`}</td>`;
  }

  private ranCell(ran: RanStep | undefined) {
    const head = say('ranColumn');
    if (!ran) return html`<td role="gridcell" data-head=${head}></td>`;
    if (ran.error !== undefined) return html`<td class="shape bad" role="gridcell" data-head=${head}>${say('stepFailed', { reason: ran.error })}</td>`;
    const good = ran.outputs.every(agrees);
    const mark = good ? say('asPredicted') : say('differs');
    return html`<td class=${good ? 'mono shape' : 'mono shape bad'} role="gridcell" data-head=${head} title=${mark}>
      ${ran.outputs.map((output) => shape(output.ran)).join(' ')}&nbsp;<svg class="mark" viewBox="0 0 10 10" aria-hidden="true"><path d=${good ? TICK : CROSS}></path></svg><span class="offscreen">${mark}</span>
    </td>`;
  }

  /** Only what ran of itself takes time: inputs and weights stand before. */
  private timeOf(ran: RanStep | undefined): string {
    if (ran?.ms !== undefined) return time(ran.ms);
    const op = this.view.block?.graph.nodes[ran?.node ?? -1]?.op;
    return this.view.outcome?.timedRuns === 0 && ran && op !== 'input' && op !== 'parameter' ? say('notTimedCell') : '';
  }

  private numbers(ran: RanStep | undefined) {
    const [first] = ran?.outputs ?? [];
    // An empty tensor has no least and no most value.
    const statistics = first?.statistics && !Number.isNaN(first.statistics.min) ? first.statistics : undefined;
    const total = ran?.outputs.reduce((sum, output) => sum + output.bytes, 0);
    const finite = ran?.outputs.every((output) => output.statistics?.finite ?? true);
    const masked = ran?.outputs.every((output) => output.statistics?.finite || output.statistics?.masked);
    const told = finite ? 'yes' : masked ? 'maskedCell' : 'no';
    const cell = (key: WordKey, text: string, kind = 'number') => html`<td class=${kind} role="gridcell" data-head=${say(key)}>${text}</td>`;
    return html`
      ${cell('time', this.timeOf(ran))} ${cell('bytes', total ? bytesText(total) : '')}
      ${cell('least', statistics ? value(statistics.min) : '')} ${cell('most', statistics ? value(statistics.max) : '')}
      ${cell('mean', statistics ? value(statistics.mean) : '')} ${cell('finite', first?.statistics ? say(told) : '', told === 'no' && ran ? 'bad' : '')}
    `;
  }

  private row(step: StepView, index: number) {
    const { selected, ran } = this.view;
    const chosen = step.id === selected;
    const word = roleWord(step);
    return html`<tr
      role="row"
      data-step=${step.id}
      class=${chosen ? 'chosen' : ''}
      aria-selected=${chosen}
      tabindex=${chosen || (selected === undefined && index === 0) ? 0 : -1}
      @click=${() => this.choose(step.id)}
      @keydown=${(event: KeyboardEvent) => this.move(event, index)}
    >
      <th scope="row" role="rowheader">
        <span class="title">${step.title}</span>${word ? html` <span class=${`tag ${step.role}`}>${word}</span>` : nothing}${step.title === step.op ? nothing : html`<br /><span class="quiet mono">${step.op}</span>`}
      </th>
      ${this.shapes(step)} ${this.ranCell(ran.get(step.id))} ${this.numbers(ran.get(step.id))}
    </tr>`;
  }

  override render() {
    const heads = [say('step'), say('predicted'), say('ranColumn'), say('time'), say('bytes'), say('least'), say('most'), say('mean'), say('finite')];
    const runs = this.view.outcome?.timedRuns ?? 0;
    const titles: readonly string[] = ['', '', '', runs > 1 ? say('timeTitle', { runs }) : ''];
    return html`
      <div class="scroll" tabindex="-1">
        <table role="grid" aria-label=${say('table')}>
          <thead><tr>${heads.map((head, index) => html`<th scope="col" title=${titles[index] || nothing} class=${index >= 3 && index <= 7 ? 'number' : ''}>${head}</th>`)}</tr></thead>
          <tbody>${(this.view.block?.steps ?? []).map((step, index) => this.row(step, index))}</tbody>
        </table>
      </div>
    `;
  }
}
