/** The page that holds a panel. Plain text: no editor needed. */

/** Addresses that the webview may load, as it sees them. */
export interface PanelPage {
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** The folder of tfjs's wasm programs, with its last `/`: only the panel that runs blocks has one. */
  readonly wasm?: string;
  readonly language: string;
  readonly title: string;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const policy = ({ cspSource, nonce, wasm }: PanelPage): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'${wasm === undefined ? '' : " 'wasm-unsafe-eval'"}`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} blob: data:`,
    ...(wasm === undefined ? [] : [`connect-src ${cspSource}`]),
  ].join('; ');

/** Writes the page. */
export function panelHtml(page: PanelPage): string {
  return `<!DOCTYPE html>
<html lang="${escaped(page.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy(page))}">
<title>${escaped(page.title)}</title>
<link rel="stylesheet" href="${escaped(page.style)}" id="vscode-codicon-stylesheet">
</head>
<body${page.wasm === undefined ? '' : ` data-wasm="${escaped(page.wasm)}"`}>
<main id="panel"></main>
<script type="module" nonce="${escaped(page.nonce)}" src="${escaped(page.script)}"></script>
</body>
</html>
`;
}
