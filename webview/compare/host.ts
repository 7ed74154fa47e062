/** The editor's side, as the panel that compares sees it. */
import type { FromCompare, ToCompare } from '../../src/protocol/compareMessages';
import { type Kept, keptOf } from './state';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

export interface Host {
  post(message: FromCompare): void;
  listen(listener: (message: ToCompare) => void): void;
  kept(): Kept | undefined;
  keep(state: Kept): void;
}

/** Opens the way to the editor; once a page. */
export function openHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => window.addEventListener('message', ({ data }: MessageEvent<ToCompare>) => listener(data)),
    kept: () => keptOf(api.getState()),
    keep: (state) => api.setState(state),
  };
}
