/** The editor's side, as the panel sees it. */
import type { FromPanel, ToPanel } from '../src/protocol/messages';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** What is kept while the panel is hidden, and over a restart; `file` and `module` let the editor revive it. */
export interface SavedState {
  readonly file: string;
  readonly module: string;
  readonly selected?: number;
  readonly sizes?: { readonly [symbol: string]: number };
}

export interface Host {
  post(message: FromPanel): void;
  listen(listener: (message: ToPanel) => void): void;
  saved(): SavedState | undefined;
  save(state: SavedState): void;
}

function isSaved(state: unknown): state is SavedState {
  return (
    typeof state === 'object' && state !== null && 'file' in state && 'module' in state && typeof state.file === 'string' && typeof state.module === 'string'
  );
}

/** Opens the way to the editor; once a page. */
export function openHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => listener(data)),
    saved: () => {
      const state = api.getState();
      return isSaved(state) ? state : undefined;
    },
    save: (state) => api.setState(state),
  };
}
