/** The panel's head: which block, on which back end, how it went; run and cancel. */
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { bytesText } from '../../src/graph/quantities';
import type { Forecast } from '../../src/run/types';
import { time } from '../format';
import { TIMED_RUNS_MS } from '../runner';
import type { Outcome, View } from '../view';
import { say } from '../words';
import { shared } from './styles';
import './notice';

/** No more of the code's errors are told: the editor shows them all. */
const MOST_ERRORS = 2;

/** What a block takes once the device is ready; the time that making it ready took is named as such. */
function timeWords({ backend, ms, cold, timedRuns }: Outcome): string {
  const least = timedRuns > 1 ? say('leastOf', { runs: timedRuns }) : '';
  if (!cold) return say('ran', { backend, ms: time(ms), least });
  return say(cold.only ? 'ranCold' : 'ranWarm', { backend, ms: time(ms), least, cold: time(cold.ms), count: cold.shaders });
}

/** So much apart is as predicted. */
const NEAR = 0.01;

/** What was held and what was predicted of it: on WebGL of textures, elsewhere of tensors. */
function heldWords({ peakBytes, textures }: Outcome, forecast: Forecast | undefined): string {
  const held = textures?.measured.bytes ?? peakBytes;
  const predicted = textures ? textures.foreseen.bytes : forecast?.unknown ? undefined : forecast?.peakBytes;
  if (predicted === undefined) return say('held', { bytes: bytesText(held) });
  const isNear = Math.abs(held - predicted) <= predicted * NEAR;
  return isNear ? say('heldAsPredicted') : say('heldOther', { bytes: bytesText(held), predicted: bytesText(predicted) });
}

const FINITE_WORDS = { all: 'allFinite', masked: 'masked', no: 'notFinite' } as const;

const outcomeWords = (outcome: Outcome, forecast: Forecast | undefined): readonly string[] => [
  timeWords(outcome),
  ...(outcome.timedRuns === 0 ? [say('notTimed', { limit: time(TIMED_RUNS_MS) })] : []),
  heldWords(outcome, forecast),
  outcome.disagreements === 0 ? say('shapesAgree', { count: outcome.shapes }) : say('shapesDiffer', { count: outcome.disagreements }),
  say(FINITE_WORDS[outcome.finite]),
];

@customElement('attention-header')
export class AttentionHeader extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .line {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
      }

      h1 {
        font-size: 1.25em;
        font-weight: 600;
        margin: 0;
        overflow-wrap: anywhere;
      }

      .file {
        flex: 1 1 0;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      attention-notice {
        margin-top: 6px;
      }

      .status {
        margin-top: 6px;
        min-height: 1.45em;
      }

      .track {
        height: 2px;
        margin-top: 4px;
      }

      [hidden] {
        display: none;
      }
    `,
  ];

  @property({ attribute: false }) view!: View;

  private ask(name: 'run' | 'cancel'): void {
    this.dispatchEvent(new CustomEvent(name));
  }

  private statusWords(): readonly string[] {
    const { running, ran, block, outcome, forecast } = this.view;
    if (running) return [say('running', { done: Math.min(ran.size, block?.graph.nodes.length ?? 0), all: block?.graph.nodes.length ?? 0 })];
    return outcome ? outcomeWords(outcome, forecast) : [];
  }

  /** What was found wrong in the code stands before what is said of the run. */
  private errors() {
    const errors = this.view.block?.errors ?? [];
    if (errors.length === 0) return nothing;
    const head = errors.length === 1 ? say('foundError') : say('foundErrors', { count: errors.length });
    const lines = errors.slice(0, MOST_ERRORS).map(({ line, message }) => say('errorLine', { line, message }));
    return html`<attention-notice id="errors" kind="error" text=${[head, ...lines, ...(errors.length > MOST_ERRORS ? ['…'] : [])].join(' ')}></attention-notice>`;
  }

  private badge() {
    const { backend } = this.view;
    if (!backend) return nothing;
    return html`<vscode-badge role="status" aria-label=${say('backend', { backend: backend.name })}>${backend.name}</vscode-badge>`;
  }

  override render() {
    const { block, running } = this.view;
    const file = block?.file.split('/').at(-1) ?? '';
    return html`
      <div class="line">
        <h1>${block?.graph.name ?? ''}</h1>
        <span class="file quiet" title=${block?.file ?? ''}>${file}</span>
        ${this.badge()}
        <vscode-button id="run" title=${say('runTitle')} ?hidden=${running} @click=${() => this.ask('run')}>${say('run')}</vscode-button>
        <vscode-button id="cancel" secondary ?hidden=${!running} @click=${() => this.ask('cancel')}>${say('cancel')}</vscode-button>
      </div>
      ${this.errors()}
      <p class="status" role="status">${this.statusWords().join(' ')}</p>
      <div class="track">${running ? html`<vscode-progress-bar indeterminate aria-label=${say('run')}></vscode-progress-bar>` : nothing}</div>
    `;
  }
}
