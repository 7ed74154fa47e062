/** What the elements' styles share. */
import { css } from 'lit';

export const shared = css`
  :host {
    box-sizing: border-box;
    display: block;
    min-width: 0;
    position: relative;
  }

  :host([hidden]) {
    display: none;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h2 {
    color: var(--vscode-descriptionForeground);
    font-size: 0.85em;
    font-weight: 600;
    letter-spacing: 0.04em;
    margin: 0;
    text-transform: uppercase;
  }

  p {
    line-height: 1.45;
    margin: 0;
  }

  code,
  .mono {
    font-family: var(--vscode-editor-font-family);
    font-variant-numeric: tabular-nums;
  }

  .quiet {
    color: var(--vscode-descriptionForeground);
  }

  .bad {
    color: var(--vscode-errorForeground);
  }

  .offscreen {
    clip-path: inset(50%);
    height: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
    width: 1px;
  }

  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }

  @media (forced-colors: active) {
    :focus-visible {
      outline: 2px solid Highlight;
    }
  }
`;
