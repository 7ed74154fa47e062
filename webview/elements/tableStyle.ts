/** How the table of steps looks. */
import { css } from 'lit';

export const tableStyle = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .scroll {
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 4px;
    container-type: inline-size;
    min-height: 0;
    overflow: auto;
    position: relative;
  }

  table {
    border-collapse: separate;
    border-spacing: 0;
    width: 100%;
  }

  th,
  td {
    border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    font-weight: normal;
    padding: 4px 10px;
    text-align: left;
    vertical-align: top;
    white-space: nowrap;
  }

  tbody tr:last-child > * {
    border-bottom: 0;
  }

  thead th {
    background: var(--vscode-editor-background);
    color: var(--vscode-descriptionForeground);
    font-size: 0.9em;
    position: sticky;
    top: 0;
    z-index: 2;
  }

  th:first-child {
    background: var(--vscode-editor-background);
    left: 0;
    position: sticky;
    z-index: 1;
  }

  thead th:first-child {
    z-index: 3;
  }

  /* What is longer than there is room goes on below: no column is pushed out of sight. */
  th:first-child,
  td.shape {
    overflow-wrap: anywhere;
    white-space: normal;
  }

  tbody th:first-child {
    min-width: 8em;
  }

  td.shape {
    min-width: 9em;
  }

  .number {
    font-variant-numeric: tabular-nums;
    text-align: right;
  }

  tbody tr {
    cursor: pointer;
  }

  tbody tr:hover > * {
    background: var(--vscode-list-hoverBackground);
    color: var(--vscode-list-hoverForeground, inherit);
  }

  tbody tr.chosen > * {
    background: var(--vscode-list-activeSelectionBackground);
    color: var(--vscode-list-activeSelectionForeground);
  }

  /* Where the theme has no colour for what is chosen, it has a line. */
  tbody tr.chosen {
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }

  tbody tr.chosen .quiet {
    color: inherit;
    opacity: 0.8;
  }

  .title {
    font-weight: 600;
  }

  .mark {
    fill: none;
    height: 0.8em;
    margin-left: 2px;
    stroke: currentColor;
    stroke-width: 1.6;
    vertical-align: -0.05em;
    width: 0.8em;
  }

  .tag {
    border: 1px solid currentColor;
    border-radius: 8px;
    font-size: 0.8em;
    opacity: 0.85;
    padding: 0 6px;
  }

  .tag.map {
    color: var(--vscode-charts-orange);
    opacity: 1;
  }

  tr.chosen .tag {
    color: inherit;
  }

  @media (forced-colors: active) {
    tbody tr.chosen {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  /* A little too narrow: closer together. */
  @container (max-width: 1000px) {
    th,
    td {
      padding: 4px 5px;
    }

    th:first-child {
      max-width: 12em;
    }
  }

  /* Too narrow for columns: each step is a small sheet, with the heads beside its figures. */
  @container (max-width: 840px) {
    table,
    tbody {
      display: block;
    }

    thead {
      clip-path: inset(50%);
      height: 1px;
      overflow: hidden;
      position: absolute;
      width: 1px;
    }

    tbody tr {
      border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
      display: flex;
      flex-wrap: wrap;
      gap: 1px 14px;
      padding: 6px 10px;
    }

    tbody tr:last-child {
      border-bottom: 0;
    }

    tbody tr > *,
    th:first-child {
      border: 0;
      max-width: none;
      overflow-wrap: anywhere;
      padding: 0;
      position: static;
      text-align: left;
      white-space: normal;
    }

    tbody tr:hover,
    tbody tr:hover > * {
      background: var(--vscode-list-hoverBackground);
    }

    tbody tr.chosen,
    tbody tr.chosen > * {
      background: var(--vscode-list-activeSelectionBackground);
    }

    /* These three fill the first line, so that they stand below each other from step to step. */
    tbody th:first-child {
      flex: 1 1 26%;
      min-width: 8em;
    }

    tbody tr > td:nth-of-type(1) {
      flex: 1 1 35%;
      min-width: 10em;
    }

    tbody tr > td:nth-of-type(2) {
      flex: 1 1 30%;
    }

    tbody tr > td:empty:not(:nth-of-type(2)) {
      display: none;
    }

    tbody tr > td:empty::before {
      display: none;
    }

    tbody tr > td:not(:nth-of-type(1))::before {
      color: var(--vscode-descriptionForeground);
      content: attr(data-head) ' ';
      font-family: var(--vscode-font-family);
      font-size: 0.9em;
    }

    tbody tr.chosen > td::before {
      color: inherit !important;
      opacity: 0.8;
    }

  }

  @container (max-width: 560px) {
    tbody tr > td:nth-of-type(2) {
      flex-basis: 100%;
    }
  }
`;
