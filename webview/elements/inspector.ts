/** The values of one step: which output, which slice, and its heat map. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { bytesText } from '../../src/graph/quantities';
import type { RanOutput, TensorData } from '../../src/run/types';
import { shape, value } from '../format';
import { fittedChoice, type Slice, type SliceChoice, takeSlice, withAxis, withIndex } from '../slice';
import type { StepView } from '../steps';
import type { View } from '../view';
import { say } from '../words';
import { shared } from './styles';
import './heatMap';

@customElement('attention-inspector')
export class AttentionInspector extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
        min-height: 0;
      }

      .head,
      .chooser {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
      }

      .chooser label {
        align-items: center;
        display: inline-flex;
        gap: 5px;
      }

      .name {
        text-transform: none;
      }

      vscode-single-select {
        width: 9em;
      }

      vscode-textfield {
        width: 5em;
      }

      attention-heat-map {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) view!: View;
  @state() private output = 0;
  @state() private choice: SliceChoice = { rows: null, columns: null, at: [] };
  private slice: Slice | undefined;
  private taken: { readonly values: TensorData; readonly choice: SliceChoice } | undefined;

  private get step(): StepView | undefined {
    return this.view.block?.steps.find(({ id }) => id === this.view.selected);
  }

  private get ranOutput(): RanOutput | undefined {
    return this.view.ran.get(this.view.selected ?? -1)?.outputs[this.output];
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('view');
    if (before && before.selected !== this.view.selected) this.output = 0;
    const values = this.ranOutput?.values;
    if (!values) {
      this.slice = undefined;
      this.taken = undefined;
      return;
    }
    const fitted = fittedChoice(this.choice, values.shape);
    if (JSON.stringify(fitted) !== JSON.stringify(this.choice)) this.choice = fitted;
    if (this.taken?.values === values && this.taken.choice === this.choice) return;
    this.taken = { values, choice: this.choice };
    this.slice = takeSlice(values, this.choice);
  }

  private select(label: string, chosen: number | null, options: readonly { readonly value: number; readonly text: string }[], pick: (value: number) => void) {
    return html`<label
      ><span class="quiet">${label}</span>
      <vscode-single-select .label=${label} .value=${String(chosen)} @change=${(event: Event) => pick(Number((event.target as HTMLSelectElement).value))}>
        ${options.map((option) => html`<vscode-option value=${String(option.value)} ?selected=${option.value === chosen}>${option.text}</vscode-option>`)}
      </vscode-single-select></label
    >`;
  }

  private outputs() {
    const outputs = this.step?.shapes ?? [];
    if (outputs.length < 2) return nothing;
    return this.select(
      say('output'),
      this.output,
      outputs.map((text, index) => ({ value: index, text: `${this.step?.names[index] ?? index}: ${text}` })),
      (index) => {
        this.output = index;
      },
    );
  }

  private axes(sizes: readonly number[]) {
    if (sizes.length < 2) return nothing;
    const options = sizes.map((size, axis) => ({ value: axis, text: say('axis', { axis, size }) }));
    const { rows, columns } = this.choice;
    const pick = (side: 'rows' | 'columns') => (axis: number) => {
      this.choice = withAxis(this.choice, side, axis);
    };
    return html`${this.select(say('rows'), rows, options, pick('rows'))} ${this.select(say('columns'), columns, options, pick('columns'))}`;
  }

  private indices(sizes: readonly number[]) {
    const { rows, columns, at } = this.choice;
    return sizes.flatMap((size, axis) => {
      if (axis === rows || axis === columns || size <= 1) return [];
      const label = say('indexOf', { axis, last: size - 1 });
      const pick = (event: Event) => {
        const index = Number((event.target as HTMLInputElement).value);
        if (Number.isInteger(index) && index >= 0 && index < size) this.choice = withIndex(this.choice, axis, index);
      };
      return [
        html`<label title=${label}
          ><span class="quiet">${say('axisIndex', { axis })}</span>
          <vscode-textfield type="number" min="0" max=${size - 1} step="1" .label=${label} .value=${String(at[axis] ?? 0)} @input=${pick}></vscode-textfield
        ></label>`,
      ];
    });
  }

  private keep(): void {
    this.dispatchEvent(new CustomEvent<number>('keep', { detail: this.view.selected ?? 0 }));
  }

  private body(values: TensorData) {
    if (!this.slice || values.data.length === 0) return html`<p class="quiet">${say('empty')}</p>`;
    if (values.shape.length === 0) return html`<p class="mono">${say('single', { value: value(values.data[0] ?? Number.NaN) })}</p>`;
    return html`
      <div class="chooser">${this.axes(values.shape)} ${this.indices(values.shape)}</div>
      <attention-heat-map .slice=${this.slice} .choice=${this.choice}></attention-heat-map>
    `;
  }

  private absent() {
    const ran = this.view.ran.get(this.view.selected ?? -1);
    if (ran?.error !== undefined) return html`<p class="bad">${say('stepFailed', { reason: ran.error })}</p>`;
    const output = this.ranOutput;
    if (!output) return html`<p class="quiet">${say(this.view.outcome ? 'notRun' : 'noValues')}</p>`;
    if (!output.statistics) return html`<p class="quiet">${say('noNumbers', { dtype: output.dtype })}</p>`;
    return html`<p class="quiet">${say('notKept', { bytes: bytesText(output.bytes) })}</p>
      <vscode-button secondary @click=${this.keep}>${say('keep')}</vscode-button>`;
  }

  override render() {
    const { step } = this;
    if (!step) return nothing;
    const values = this.ranOutput?.values;
    // A name stays as it is written, in whatever letters the words around it are.
    const [before, after] = say('inspector', { title: '\n' }).split('\n');
    return html`
      <div class="head">
        <h2>${before}<span class="name">${step.names[this.output] ?? step.title}</span>${after}</h2>
        <span class="mono quiet">${step.shapes[this.output] ?? ''}${values ? ` = ${shape(values.shape)}` : ''}</span>
        ${this.outputs()}
      </div>
      ${values ? this.body(values) : this.absent()}
    `;
  }
}
