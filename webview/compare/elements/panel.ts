/** The whole panel: blocks with their settings, their figures, curves, and what fits. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FigureName, Setting } from '../../../src/analysis/types';
import { shared } from '../../elements/styles';
import type { Controller } from '../controller';
import type { Change } from '../edits';
import { labelsOf } from '../labels';
import type { Along, Block, View } from '../state';
import { alongOf } from '../sweep';
import { say } from '../words';
import { type BlockAction, fieldsOf } from './block';
import './block';
import type { Fields } from './settings';
import './chart';
import './fits';
import './settings';
import './table';
import './toolbar';

/** The value that all have; undefined where they differ. */
const common = <Value>(values: readonly Value[]): Value | undefined => (values.every((value) => value === values[0]) ? values[0] : undefined);

/** What can be set for all blocks: the symbols that more than one has. */
function sharedFields({ blocks, told }: View): Fields {
  const all = blocks.map((block) => fieldsOf(block, told.get(block.key) ?? {}).symbols);
  const names = [...new Set(all.flat().map(({ name }) => name))];
  const symbols = names.flatMap((name) => {
    const own = all.flatMap((each) => each.filter((symbol) => symbol.name === name));
    const value = common(own.map((symbol) => symbol.value));
    return own.length < 2
      ? []
      : [{ name, role: own.every(({ role }) => role === 'argument') ? ('argument' as const) : ('data' as const), ...(value === undefined ? {} : { value }) }];
  });
  const settings = blocks.map(({ setting }) => setting);
  const of = <Key extends keyof Setting>(key: Key): Setting[Key] | undefined => common(settings.map((setting) => setting[key]));
  return { symbols, precision: of('precision'), attention: of('attention'), training: of('training') };
}

@customElement('compare-panel')
export class ComparePanel extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host {
        height: 100%;
        overflow: auto;
      }

      .empty {
        display: grid;
        gap: 10px;
        justify-items: start;
        padding: 24px 20px;
      }

      .page {
        display: grid;
        gap: 14px;
        grid-template-columns: minmax(0, 1fr);
        padding: 12px 16px 20px;
      }

      .head {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
      }

      h1 {
        flex: 1 1 auto;
        font-size: 1.25em;
        font-weight: 600;
        margin: 0;
      }

      section {
        display: grid;
        gap: 6px;
        grid-template-columns: minmax(0, 1fr);
      }

      .results {
        align-content: start;
        display: grid;
        gap: 14px;
        grid-template-columns: minmax(0, 1fr);
      }

      .all {
        padding: 2px 10px 4px;
      }

      .all h3 {
        font-size: 1em;
        font-weight: 600;
        margin: 0 0 4px;
      }

      @media (min-width: 1150px) {
        .page {
          grid-template-columns: minmax(0, 5fr) minmax(0, 9fr);
        }

        .head {
          grid-column: 1 / -1;
        }

        .blocks {
          align-content: start;
        }
      }
    `,
  ];

  @property({ attribute: false }) controller!: Controller;

  private act(block: Block, action: BlockAction): void {
    this.controller[action](block.key);
  }

  private head(view: View) {
    return html`<div class="head">
      <h1>${say('title')}</h1>
      <span role="status" class="quiet">${view.said ?? ''}</span>
      <vscode-button id="add" @click=${() => this.controller.choose()}>${say('add')}</vscode-button>
      <vscode-button id="copy" secondary ?disabled=${view.blocks.length === 0} @click=${() => this.controller.copy()}>${say('copy')}</vscode-button>
    </div>`;
  }

  private all(view: View) {
    if (view.blocks.length < 2) return nothing;
    return html`<div class="all" title=${say('allTitle')}>
      <h3>${say('all')}</h3>
      <compare-settings shared .fields=${sharedFields(view)} name=${say('all')} @settings=${({ detail }: CustomEvent<Change>) => this.controller.change(undefined, detail)}></compare-settings>
    </div>`;
  }

  private blocks(view: View) {
    const labels = labelsOf(view.blocks, view.told);
    return html`<section class="blocks" aria-label=${say('blocks')}>
      <h2>${say('blocks')}</h2>
      ${this.all(view)}
      ${repeat(
        view.blocks,
        ({ key }) => key,
        (block, at) => html`<compare-block
          data-block=${block.key}
          .block=${block}
          .told=${view.told.get(block.key) ?? {}}
          .label=${labels.get(block.key) ?? ''}
          .place=${at}
          @act=${({ detail }: CustomEvent<BlockAction>) => this.act(block, detail)}
          @settings=${({ detail }: CustomEvent<Change>) => this.controller.change(block.key, detail)}
        ></compare-block>`,
      )}
    </section>`;
  }

  private curves(view: View, along: Along) {
    return html`<section aria-label=${say('curves')}>
      <h2>${say('curves')}</h2>
      <compare-toolbar
        .view=${view}
        .along=${along}
        @figure=${({ detail }: CustomEvent<FigureName>) => this.controller.setFigure(detail)}
        @along=${({ detail }: CustomEvent<Along>) => this.controller.setAlong(detail)}
        @memory=${({ detail }: CustomEvent<number>) => this.controller.setMemory(detail)}
      ></compare-toolbar>
      <compare-chart .view=${view} .along=${along}></compare-chart>
    </section>`;
  }

  override render() {
    const view = this.controller.view();
    if (view.blocks.length === 0) {
      return html`<div class="empty">
        <h1>${say('title')}</h1>
        <p class="quiet">${say('noneHelp')}</p>
        <vscode-button id="add" @click=${() => this.controller.choose()}>${say('add')}</vscode-button>
      </div>`;
    }
    const along = alongOf(
      view.along,
      view.blocks.flatMap(({ key }) => view.told.get(key)?.prices ?? []),
    );
    return html`<div class="page">
      ${this.head(view)} ${this.blocks(view)}
      <div class="results">
        <section aria-label=${say('table')}>
          <h2>${say('table')}</h2>
          <compare-table .view=${view}></compare-table>
        </section>
        ${this.curves(view, along)}
        <section aria-label=${say('fits', { gib: view.gib })}>
          <h2>${say('fits', { gib: view.gib })}</h2>
          <compare-fits .view=${view} .along=${along}></compare-fits>
        </section>
      </div>
    </div>`;
  }
}
