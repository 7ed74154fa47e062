/** How the picture looks. */
import { css } from 'lit';

export const pictureStyle = css`
  :host {
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 4px;
    display: flex;
    flex-direction: column;
    min-height: 0;
    overflow: hidden;
    position: relative;
  }

  .bar {
    align-items: center;
    border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    display: flex;
    justify-content: space-between;
    padding: 3px 4px 3px 10px;
  }

  .tools {
    display: flex;
    gap: 2px;
  }

  button {
    background: none;
    border: 0;
    border-radius: 5px;
    color: var(--vscode-icon-foreground, inherit);
    cursor: pointer;
    display: flex;
    padding: 3px;
  }

  button:hover {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent);
  }

  button:active {
    background: var(--vscode-toolbar-activeBackground);
  }

  .icon {
    fill: none;
    height: 16px;
    stroke: currentColor;
    stroke-width: 1.2;
    width: 16px;
  }

  .drawing {
    aspect-ratio: var(--across) / var(--down);
    cursor: grab;
    display: block;
    max-height: min(calc(var(--down) * 1px), max(340px, 68vh));
    min-height: 120px;
    touch-action: none;
    user-select: none;
    width: 100%;
  }

  @media (min-width: 900px) {
    .drawing {
      aspect-ratio: auto;
      flex: 1;
      max-height: none;
      min-height: 0;
    }
  }

  .drawing:active {
    cursor: grabbing;
  }

  p {
    padding: 6px 10px;
  }

  .line {
    fill: none;
    stroke: var(--vscode-descriptionForeground);
    stroke-opacity: 0.7;
    stroke-width: 1.2;
  }

  .tip {
    fill: var(--vscode-descriptionForeground);
  }

  .box {
    cursor: pointer;
    outline: none;
  }

  .box rect {
    fill: var(--vscode-editorWidget-background);
    stroke: var(--vscode-widget-border, var(--vscode-descriptionForeground));
    stroke-width: 1;
  }

  .box:hover rect {
    fill: var(--vscode-list-hoverBackground);
  }

  .box.input rect,
  .box.result rect {
    stroke: var(--vscode-charts-blue);
  }

  .box.input rect {
    stroke-dasharray: 4 2;
  }

  .box.map rect {
    stroke: var(--vscode-charts-orange);
    stroke-width: 2;
  }

  .mark {
    fill: var(--vscode-charts-orange);
  }

  .box.chosen rect {
    fill: var(--vscode-list-activeSelectionBackground, var(--vscode-editorWidget-background));
  }

  .box.chosen:not(.map) rect {
    stroke: var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
  }

  .box:focus-visible rect {
    stroke: var(--vscode-focusBorder);
    stroke-width: 2.5;
  }

  text {
    fill: var(--vscode-foreground);
    font-family: var(--vscode-editor-font-family);
    font-size: 12px;
  }

  .title {
    font-weight: 600;
  }

  .op,
  .shape {
    fill: var(--vscode-descriptionForeground);
    font-weight: normal;
  }

  .chosen text,
  .chosen .op {
    fill: var(--vscode-list-activeSelectionForeground, var(--vscode-foreground));
  }

  @media (forced-colors: active) {
    .icon {
      stroke: ButtonText;
    }

    .box rect {
      fill: Canvas;
      stroke: CanvasText;
    }

    .box.chosen rect,
    .box.chosen:not(.map) rect {
      forced-color-adjust: none;
      stroke: Highlight;
      stroke-width: 3.5;
    }

    text,
    .op,
    .shape,
    .tip,
    .chosen text,
    .chosen .op {
      fill: CanvasText;
    }

    .line {
      stroke: CanvasText;
    }
  }
`;
