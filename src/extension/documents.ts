/** The open documents and what is known of each: when to analyse which, and which answer is too old to be shown. */
import {
  type CancellationToken,
  Disposable,
  type Event,
  EventEmitter,
  type LogOutputChannel,
  type TextDocument,
  type TextDocumentChangeEvent,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { Cancelled, cancellable } from '../protocol/channel';
import type { AnalysisOptions, WorkerAnalysis } from '../protocol/messages';
import type { Analyser } from './analyser';
import { carried, shifted } from './carry';
import { fileOf, fileOfDocument } from './files';
import { isOurs, namesTensors, WATCHED } from './languages';
import { analysisOptions, maxFileBytes } from './settings';

/** What can be said of a document's analysis. */
export type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done' }
  /** It names no tensor library, and nothing that does imports it. */
  | { readonly kind: 'unconcerned' }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly limit: number }
  | { readonly kind: 'failed'; readonly reason: string };

export interface Documents extends Disposable {
  /** The analysis of the document as it is now, once there; undefined where there is none or the asker gave up. `soon` waits for a pause in the typing. */
  current(document: TextDocument, when: 'now' | 'soon', token?: CancellationToken): Promise<WorkerAnalysis | undefined>;
  /** What was known last, perhaps of an older version, with lenses moved along. */
  last(document: TextDocument): WorkerAnalysis | undefined;
  state(document: TextDocument): State;
  /** Everything is analysed anew: the settings have changed. */
  renewAll(): void;
  /** The file is analysed anew: its sizes have changed. */
  renew(file: string): void;
  /** An analysis has ended, or a document has left. */
  readonly onAnalysed: Event<TextDocument>;
}

interface Tracked {
  readonly document: TextDocument;
  readonly file: string;
  state: State;
  result?: WorkerAnalysis;
  /** The result's document version; undefined once anything else that it rests on has changed. */
  version?: number | undefined;
  timer?: ReturnType<typeof setTimeout> | undefined;
}

/** A pause in typing that is long enough to look. */
const PAUSE_MS = 250;

const NOTHING: WorkerAnalysis = { diagnostics: [], hints: [], lenses: [], modules: [], dependencies: [], ms: 0 };

/** Follows the workspace's documents. `chosen` are the sizes that the user chose, by file. */
export function followDocuments(analyser: Analyser, chosen: (file: string) => AnalysisOptions['sizes'], log: LogOutputChannel): Documents {
  const tracked = new Map<string, Tracked>();
  const queue = new Set<Tracked>();
  /** Files whose text the worker knows from before they changed. */
  const untold = new Set<string>();
  const analysed = new EventEmitter<TextDocument>();
  let busy: { readonly of: Tracked; cancel(): void } | undefined;

  // ---- what is due ----

  const isCurrent = (one: Tracked): boolean => one.version === one.document.version;
  const isImported = (file: string): boolean => [...tracked.values()].some((one) => one.result?.dependencies.includes(file));

  function expire(one: Tracked): void {
    one.version = undefined;
    if (busy?.of === one) busy.cancel();
  }

  function soon(one: Tracked, delay = PAUSE_MS): void {
    clearTimeout(one.timer);
    one.timer = setTimeout(() => {
      one.timer = undefined;
      queue.add(one);
      void work();
    }, delay);
  }

  function renewWhere(concerns: (one: Tracked) => boolean): void {
    for (const one of tracked.values()) {
      if (!concerns(one)) continue;
      expire(one);
      soon(one);
    }
  }

  /** A file's text has changed: in the editor, on disk, or by coming or going. */
  function fileChanged(file: string): void {
    untold.add(file);
    renewWhere((one) => one.file !== file && (one.result?.dependencies.includes(file) ?? false));
  }

  // ---- the work: one analysis at a time, what is looked at first ----

  function next(): Tracked | undefined {
    const active = window.activeTextEditor?.document;
    const visible = new Set(window.visibleTextEditors.map((editor) => editor.document));
    const waiting = [...queue];
    const one = waiting.find(({ document }) => document === active) ?? waiting.find(({ document }) => visible.has(document)) ?? waiting[0];
    if (one) queue.delete(one);
    return one;
  }

  async function work(): Promise<void> {
    if (busy) return;
    for (let one = next(); one; one = next()) {
      if (tracked.get(one.file) === one && !isCurrent(one)) await analyse(one);
    }
  }

  function settle(one: Tracked, version: number, state: State, result: WorkerAnalysis): void {
    one.state = state;
    one.version = version;
    one.result = { ...result, lenses: carried(one.result?.lenses ?? [], result.lenses, result.diagnostics) };
    analysed.fire(one.document);
    if (result.dependencies.length > 0) welcome(result.dependencies);
  }

  /** A document that was passed by is read after all once another imports it. */
  function welcome(dependencies: readonly string[]): void {
    renewWhere((one) => one.state.kind === 'unconcerned' && dependencies.includes(one.file));
  }

  async function tell(): Promise<void> {
    const files = [...untold];
    untold.clear();
    await Promise.all(files.map((file) => analyser.ask({ kind: 'changed', file, text: null })));
  }

  async function analyse(one: Tracked): Promise<void> {
    const { document, file } = one;
    const { version } = document;
    const text = document.getText();
    const limit = maxFileBytes(document.uri);
    if (text.length > limit) return settle(one, version, { kind: 'too-large', bytes: text.length, limit }, NOTHING);
    if (!namesTensors(text) && !isImported(file)) return settle(one, version, { kind: 'unconcerned' }, NOTHING);
    const { cancellation, cancel } = cancellable();
    busy = { of: one, cancel };
    one.state = { kind: 'running' };
    try {
      await tell();
      const result = await analyser.ask({ kind: 'analyze', file, options: analysisOptions(document.uri, chosen(file)) }, cancellation);
      if (cancellation.cancelled || document.isClosed || version !== document.version) return;
      log.debug(`${file}: ${result.modules.length} modules, ${result.diagnostics.length} findings in ${result.ms.toFixed(0)} ms`);
      settle(one, version, { kind: 'done' }, result);
    } catch (error) {
      if (error instanceof Cancelled) return;
      const reason = error instanceof Error ? error.message : String(error);
      log.error(`${file}: ${reason}`);
      if (version === document.version) settle(one, version, { kind: 'failed', reason }, NOTHING);
    } finally {
      busy = undefined;
    }
  }

  // ---- the editor's events ----

  function opened(document: TextDocument): Tracked | undefined {
    if (!isOurs(document)) return undefined;
    const file = fileOfDocument(document);
    const known = tracked.get(file);
    if (known?.document === document) return known;
    const one: Tracked = { document, file, state: { kind: 'waiting' } };
    tracked.set(file, one);
    soon(one, 0);
    return one;
  }

  function closed(document: TextDocument): void {
    const file = fileOfDocument(document);
    const one = tracked.get(file);
    if (one?.document !== document) return;
    clearTimeout(one.timer);
    queue.delete(one);
    tracked.delete(file);
    if (busy?.of === one) busy.cancel();
    // What was not saved is gone with it.
    fileChanged(file);
    if (one.result) void analyser.ask({ kind: 'forget', file }).catch((error: unknown) => log.debug(String(error)));
    analysed.fire(document);
  }

  function changed({ document, contentChanges }: TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const one = opened(document);
    if (!one) return;
    if (busy?.of === one) busy.cancel();
    if (one.result) {
      const edits = contentChanges.map(({ range, text }) => ({
        line: range.start.line + 1,
        endLine: range.end.line + 1,
        endColumn: range.end.character + 1,
        lines: text.split('\n').length,
      }));
      one.result = { ...one.result, lenses: edits.reduce(shifted, one.result.lenses) };
    }
    fileChanged(one.file);
    soon(one);
  }

  /** On disk: what is open is read from the editor. A path that an import led to in vain is a dependency too. */
  function stored(uri: Uri): void {
    if (!tracked.has(fileOf(uri))) fileChanged(fileOf(uri));
  }

  const watcher = workspace.createFileSystemWatcher(WATCHED);
  const all = Disposable.from(
    watcher,
    watcher.onDidChange(stored),
    watcher.onDidCreate(stored),
    watcher.onDidDelete(stored),
    workspace.onDidOpenTextDocument((document) => void opened(document)),
    workspace.onDidCloseTextDocument(closed),
    workspace.onDidChangeTextDocument(changed),
    analyser.onEnd(() => renewWhere((one) => one.state.kind !== 'failed')),
    analysed,
  );
  for (const document of workspace.textDocuments) opened(document);

  return {
    onAnalysed: analysed.event,
    last: (document) => tracked.get(fileOfDocument(document))?.result,
    state: (document) => tracked.get(fileOfDocument(document))?.state ?? { kind: 'waiting' },
    renewAll: () => renewWhere(() => true),
    renew: (file) => renewWhere((one) => one.file === file),
    async current(document, when, token) {
      const one = opened(document);
      if (!one) return undefined;
      if (!isCurrent(one) && (when === 'now' || !one.timer)) soon(one, when === 'now' ? 0 : PAUSE_MS);
      while (!isCurrent(one)) {
        if (token?.isCancellationRequested || tracked.get(one.file) !== one) return undefined;
        await settledOnce(token);
      }
      return one.result;
    },
    dispose() {
      for (const one of tracked.values()) clearTimeout(one.timer);
      tracked.clear();
      busy?.cancel();
      all.dispose();
    },
  };

  /** Resolves when the next analysis of any document ends, or the asker gives up. */
  function settledOnce(token?: CancellationToken): Promise<void> {
    return new Promise((resolve) => {
      const listeners = [analysed.event(done), token?.onCancellationRequested(done)];
      function done(): void {
        for (const listener of listeners) listener?.dispose();
        resolve();
      }
    });
  }
}
