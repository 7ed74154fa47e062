/** How the tables of this panel look: a row a block; where it is narrow, a small sheet a block. */
import { css } from 'lit';

export const tableStyle = css`
  .scroll {
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 4px;
    container-type: inline-size;
    overflow: auto;
  }

  table {
    border-collapse: separate;
    border-spacing: 0;
    width: 100%;
  }

  th,
  td {
    font-weight: normal;
    padding: 4px 8px;
    text-align: right;
    vertical-align: top;
    white-space: nowrap;
  }

  thead th {
    color: var(--vscode-descriptionForeground);
    font-size: 0.9em;
    vertical-align: bottom;
    white-space: normal;
  }

  tbody > tr > * {
    border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
  }

  th:first-child {
    overflow-wrap: break-word;
    text-align: left;
    white-space: normal;
  }

  td {
    font-variant-numeric: tabular-nums;
  }

  .value {
    font-weight: 600;
  }

  .small {
    font-size: 0.9em;
  }

  td .why {
    display: block;
    font-size: 0.9em;
    max-width: 18em;
    white-space: normal;
  }

  @container (max-width: 740px) {
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

    tbody > tr {
      border-top: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
      display: grid;
      gap: 2px 16px;
      grid-template-columns: repeat(auto-fill, minmax(9.5em, 1fr));
      padding: 6px 10px;
    }

    tbody > tr:first-child {
      border-top: 0;
    }

    tbody > tr > *,
    th:first-child {
      border: 0;
      padding: 0;
      text-align: left;
      white-space: normal;
    }

    tbody th:first-child,
    td[colspan] {
      grid-column: 1 / -1;
    }

    tbody td[data-head]::before {
      color: var(--vscode-descriptionForeground);
      content: attr(data-head);
      display: block;
      font-size: 0.9em;
    }
  }
`;
