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

  .tools {
    display: flex;
    gap: 4px;
    position: absolute;
    right: 8px;
    top: 8px;
    z-index: 1;
  }

  svg {
    cursor: grab;
    display: block;
    flex: 1;
    min-height: 0;
    touch-action: none;
    user-select: none;
    width: 100%;
  }

  svg:active {
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
    fill: var(--vscode-list-activeSelectionBackground);
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
    fill: var(--vscode-list-activeSelectionForeground);
  }

  @media (forced-colors: active) {
    .box rect {
      fill: Canvas;
      stroke: CanvasText;
    }

    .box.chosen rect {
      fill: Highlight;
      forced-color-adjust: none;
    }

    text,
    .op,
    .shape,
    .tip {
      fill: CanvasText;
    }

    .line {
      stroke: CanvasText;
    }

    .chosen text,
    .chosen .op,
    .chosen .shape {
      fill: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
