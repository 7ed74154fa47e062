/** What the elements of this panel share: colours of curves, fields, icons. */
import { css } from 'lit';

/** Colours by their number in a curve's style. Forced colours leave dashes and marks to tell curves apart. */
export const palette = css`
  :host {
    --curve-0: var(--vscode-charts-blue);
    --curve-1: var(--vscode-charts-orange);
    --curve-2: var(--vscode-charts-green);
    --curve-3: var(--vscode-charts-purple);
    --curve-4: var(--vscode-charts-red);
    --curve-5: var(--vscode-terminal-ansiCyan, var(--vscode-charts-foreground));
    --curve-6: var(--vscode-charts-yellow);
    --curve-7: var(--vscode-terminal-ansiMagenta, var(--vscode-charts-foreground));
  }

  @media (forced-colors: active) {
    :host {
      --curve-0: CanvasText;
      --curve-1: CanvasText;
      --curve-2: CanvasText;
      --curve-3: CanvasText;
      --curve-4: CanvasText;
      --curve-5: CanvasText;
      --curve-6: CanvasText;
      --curve-7: CanvasText;
    }
  }

  .swatch {
    flex: none;
    height: 14px;
    overflow: visible;
    vertical-align: -2px;
    width: 30px;
  }
`;

export const fields = css`
  .field {
    align-items: center;
    display: inline-flex;
    gap: 5px;
  }

  vscode-textfield {
    width: 4.7em;
  }

  vscode-textfield[data-long] {
    width: 9em;
  }

  vscode-single-select {
    width: 12.5em;
  }

  vscode-single-select[data-setting='precision'] {
    width: 10.5em;
  }

  button.icon {
    background: none;
    border: 0;
    border-radius: 5px;
    color: var(--vscode-icon-foreground, inherit);
    cursor: pointer;
    display: inline-flex;
    padding: 3px;
  }

  button.icon:hover {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent);
  }

  button.icon:active {
    background: var(--vscode-toolbar-activeBackground);
  }

  button.icon svg {
    fill: none;
    height: 16px;
    stroke: currentColor;
    stroke-width: 1.2;
    width: 16px;
  }

  button.icon[disabled] {
    cursor: default;
    opacity: 0.4;
  }
`;

/** Room that a list of choices takes. */
const LIST = 170;

/** A list that would open below the page opens above its field. */
export function placeList({ currentTarget }: Event): void {
  const select = currentTarget as HTMLElement & { position: 'above' | 'below' };
  const { top, bottom } = select.getBoundingClientRect();
  select.position = bottom + LIST > window.innerHeight && top > LIST ? 'above' : 'below';
}
