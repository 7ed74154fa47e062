/** Serves a panel's page as the editor would, with its policy, and a stand-in for the editor's side. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import { panelHtml } from '../../src/extension/panelHtml';

const TYPES: { readonly [extension: string]: string } = { '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
const WASM = join('node_modules', '@tensorflow', 'tfjs-backend-wasm', 'dist');

/** Keeps what the panel posts, its state, and what the policy stopped. */
const STAND_IN = `
  window.posted = [];
  window.stopped = [];
  let state = JSON.parse(sessionStorage.getItem('state') ?? 'null');
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.stopped.push(violatedDirective + ' ' + blockedURI));
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => {
      window.posted.push(message);
      window.asked?.(message);
    },
    getState: () => state,
    setState: (next) => { state = next; sessionStorage.setItem('state', JSON.stringify(next)); },
  });
`;

/** A panel by the entry of its page. */
export type PanelEntry = 'webview/main.ts' | 'webview/compare/main.ts';

async function bundle(entry: PanelEntry): Promise<ReadonlyMap<string, string>> {
  const made = await build({
    entryPoints: { main: entry, style: 'webview/style.css' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: '/',
    write: false,
    logLevel: 'error',
  });
  return new Map(made.outputFiles.map((file) => [file.path, file.text]));
}

function page(origin: string, entry: PanelEntry): string {
  const html = panelHtml({
    cspSource: origin,
    nonce: 'once',
    script: `${origin}/main.js`,
    style: `${origin}/style.css`,
    ...(entry === 'webview/main.ts' ? { wasm: `${origin}/wasm/` } : {}),
    language: 'en',
    title: 'panel',
  });
  return html.replace('<script', '<script nonce="once" src="/standIn.js"></script><script');
}

async function contentOf(path: string, origin: string, files: ReadonlyMap<string, string>, entry: PanelEntry): Promise<string | Buffer | undefined> {
  if (path === '/') return page(origin, entry);
  if (path === '/standIn.js') return STAND_IN;
  if (path.startsWith('/wasm/')) return readFile(join(WASM, normalize(path.slice('/wasm'.length))));
  return files.get(path);
}

export interface PanelServer {
  readonly url: string;
  close(): void;
}

/** Builds a panel and serves it. */
export async function servePanel(entry: PanelEntry = 'webview/main.ts'): Promise<PanelServer> {
  const files = await bundle(entry);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const content = await contentOf(path, `http://${request.headers.host}`, files, entry).catch(() => undefined);
    response.statusCode = content === undefined ? 404 : 200;
    response.setHeader('content-type', TYPES[extname(path)] ?? 'text/html');
    response.end(content);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}
