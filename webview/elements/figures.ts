/** What the block costs at its sizes: each figure under its name, with what is counted in it. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isSize } from '../../src/graph/bind';
import { type CostFigure, costOf, type GraphCost } from '../../src/graph/cost';
import { bytesText, countText } from '../../src/graph/quantities';
import type { ShapeGraph } from '../../src/graph/types';
import { heldNote, heldTitle } from '../held';
import type { View } from '../view';
import { say, type WordKey } from '../words';
import { shared } from './styles';

/** A figure as it is shown. */
interface Shown {
  readonly id: string;
  readonly name: WordKey;
  readonly title: string;
  readonly value: string;
  readonly note?: string;
}

type Write = (value: number) => string;

const MOST = Number.MAX_SAFE_INTEGER;
const UNKNOWN = '?';

/** The value; where there is none, why. `isOver`: it is known to be beyond what can be counted. */
function shownValue({ value, formula }: CostFigure, write: Write, isOver = formula !== UNKNOWN): Pick<Shown, 'value' | 'note'> {
  if (value !== undefined) return { value: write(value) };
  return isOver ? { value: say('over', { most: write(MOST) }), note: say('overNote') } : { value: say('noFigure'), note: say('noFigureNote') };
}

function mapFigure({ attentionMaps }: GraphCost): readonly Shown[] {
  if (attentionMaps.length === 0) return [];
  const held = attentionMaps.filter(({ map }) => map.kind !== 'fused');
  const values = (held.length > 0 ? held : attentionMaps.slice(0, 1)).map((map) =>
    shownValue(map, map.map.kind === 'fused' ? (value) => `${bytesText(value)} (fused)` : bytesText),
  );
  const note = values.find((one) => one.note !== undefined)?.note;
  const title = say('mapTitle', { formula: attentionMaps.map(({ formula }) => formula).join(', ') });
  return [{ id: 'map', name: 'mapFigure', title, value: values.map(({ value }) => value).join(' + '), ...(note === undefined ? {} : { note }) }];
}

/** What a run holds here, with the weights beside it: this is what the limit is for. */
function peakFigure({ peakAsRun }: GraphCost, { forecast, block }: View): Shown {
  const title = say('peakTitle', { formula: peakAsRun.formula });
  const shown = { id: 'forecast', name: 'peakFigure', title } as const;
  if (!forecast || !block) return { ...shown, ...shownValue(peakAsRun, bytesText) };
  const note = say('peakNote', { total: bytesText(forecast.totalBytes), limit: bytesText(block.limits.maxBytes) });
  return { ...shown, value: bytesText(forecast.peakBytes), note: forecast.unknown ? `${note}; ${say('peakMore')}` : note };
}

/** What WebGL really held in the run, beside what was predicted of it. */
function webglFigure({ outcome, block }: View): readonly Shown[] {
  const textures = outcome?.textures;
  if (!textures || !block) return [];
  const value = bytesText(textures.measured.bytes);
  return [{ id: 'webgl', name: 'webglFigure', title: heldTitle(textures, block.graph), value, note: heldNote(textures, block.graph) }];
}

function writtenFigure({ peakAsWritten }: GraphCost, { forecast }: View): Shown {
  const value = shownValue(peakAsWritten, bytesText, (forecast?.peakBytes ?? 0) > MOST);
  return { id: 'written', name: 'writtenFigure', title: say('writtenTitle', { formula: peakAsWritten.formula }), note: say('writtenNote'), ...value };
}

function parameterFigure({ parameters }: GraphCost, { forecast }: View): Shown {
  const bytes = forecast && forecast.parameterBytes > 0 ? { note: say('parameterNote', { bytes: bytesText(forecast.parameterBytes) }) } : {};
  return {
    id: 'parameters',
    name: 'parameterFigure',
    title: say('parameterTitle', { formula: parameters.formula }),
    ...bytes,
    ...shownValue(parameters, countText),
  };
}

function macFigure({ macs, flops }: GraphCost): Shown {
  const note = flops.value === undefined ? {} : { note: say('macNote', { flops: countText(flops.value) }) };
  return { id: 'macs', name: 'macFigure', title: say('macTitle', { formula: macs.formula }), ...note, ...shownValue(macs, countText) };
}

/** What it costs; as run here, tfjs says what is a view, whatever the block was written for. */
function costHere(graph: ShapeGraph, sizes: View['sizes']): GraphCost {
  const cost = costOf(graph, sizes);
  return graph.runtime === 'tfjs' ? cost : { ...cost, peakAsRun: costOf({ ...graph, runtime: 'tfjs' }, sizes).peakAsRun };
}

const figuresOf = (cost: GraphCost, view: View): readonly Shown[] => [
  ...mapFigure(cost),
  peakFigure(cost, view),
  // PyTorch has neither tidy nor dispose: its tensors go with their last name.
  ...(view.block?.graph.runtime === 'torch' ? [] : [writtenFigure(cost, view)]),
  parameterFigure(cost, view),
  macFigure(cost),
  // It comes with a run and goes with the next: last, it moves no other.
  ...webglFigure(view),
];

@customElement('attention-figures')
export class AttentionFigures extends LitElement {
  static override readonly styles = [
    shared,
    css`
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 28px;
        margin: 2px 0 0;
      }

      dl > div {
        min-width: 6.5em;
      }

      dt,
      .note {
        color: var(--vscode-descriptionForeground);
        font-size: 0.9em;
      }

      dd {
        margin: 0;
      }

      .value {
        font-size: 1.15em;
        font-variant-numeric: tabular-nums;
        font-weight: 600;
        line-height: 1.5;
      }

      .costs {
        align-items: end;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 28px;
      }

      @container (max-width: 420px) {
        dl {
          display: grid;
          gap: 8px 16px;
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }

      :host {
        container-type: inline-size;
      }
    `,
  ];

  @property({ attribute: false }) view!: View;
  private cost: { readonly block: View['block']; readonly sizes: View['sizes']; readonly value: GraphCost } | undefined;

  /** Costs change with the block and its sizes alone. */
  private costs(): GraphCost | undefined {
    const { block, sizes, broken } = this.view;
    const fit = Object.values(sizes).every(isSize);
    if (!block || broken.length > 0 || !fit) return undefined;
    if (this.cost?.block !== block || this.cost.sizes !== sizes) this.cost = { block, sizes, value: costHere(block.graph, sizes) };
    return this.cost.value;
  }

  override render() {
    const cost = this.costs();
    if (!cost) return nothing;
    return html`<div class="costs"><dl id="costs" aria-label=${say('figures')}>
      ${figuresOf(cost, this.view).map(
        ({ id, name, title, value, note }) => html`<div id=${id} title=${title}>
          <dt>${say(name)}</dt>
          <dd class="value">${value}</dd>
          ${note === undefined ? nothing : html`<dd class="note">${note}</dd>`}
        </div>`,
      )}
    </dl>
      <vscode-button id="compare" secondary title=${say('whatIfTitle')} @click=${() => this.dispatchEvent(new CustomEvent('compare'))}>${say('whatIf')}</vscode-button>
    </div>`;
  }
}
