/** A line that the user should see: a warning, an error, or plain words. */
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shared } from './styles';

@customElement('attention-notice')
export class AttentionNotice extends LitElement {
  static override readonly styles = [
    shared,
    css`
      p {
        border: 1px solid var(--vscode-inputValidation-infoBorder, var(--vscode-widget-border));
        border-left-width: 3px;
        border-radius: 3px;
        padding: 5px 9px;
      }

      .info {
        background: var(--vscode-inputValidation-infoBackground, transparent);
      }

      .warning {
        background: var(--vscode-inputValidation-warningBackground, transparent);
        border-color: var(--vscode-inputValidation-warningBorder, var(--vscode-editorWarning-foreground));
      }

      .error {
        background: var(--vscode-inputValidation-errorBackground, transparent);
        border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground));
      }
    `,
  ];

  @property() kind: 'info' | 'warning' | 'error' = 'info';
  @property() text = '';

  override render() {
    return html`<p class=${this.kind} role=${this.kind === 'info' ? 'status' : 'alert'}>${this.text}</p>`;
  }
}
