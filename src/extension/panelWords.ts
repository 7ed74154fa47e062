/** The panel's words in the user's language, by their English form: the webview asks for what it shows. */
import { l10n } from 'vscode';

/** Words are looked up once a panel is shown. */
export const panelWords = (): { readonly [key: string]: string } => ({ ...(l10n.bundle ?? {}) });
