/** The open documents and notebooks and what is known of each: when to analyse which, and which answer is too old to be shown. */
import {
  type CancellationToken,
  Disposable,
  type Event,
  EventEmitter,
  type LogOutputChannel,
  type NotebookDocument,
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
import { fileOf } from './files';
import { namesTensors, WATCHED } from './languages';
import { analysisOptions, maxFileBytes } from './settings';
import { type Unit, unitOf, unitsOf } from './units';

/** What can be said of a unit's analysis. */
export type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done' }
  /** It names no tensor library, and nothing that does imports it. */
  | { readonly kind: 'unconcerned' }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly limit: number }
  | { readonly kind: 'failed'; readonly reason: string };

export interface Documents extends Disposable {
  /** The analysis of the unit as it is now, once there; undefined where there is none or the asker gave up. `soon` waits for a pause in the typing. */
  current(unit: Unit, when: 'now' | 'soon', token?: CancellationToken): Promise<WorkerAnalysis | undefined>;
  /** What was known last, perhaps of an older version, with lenses moved along. */
  last(unit: Unit): WorkerAnalysis | undefined;
  state(unit: Unit): State;
  /** Everything is analysed anew: the settings have changed. */
  renewAll(): void;
  /** The file is analysed anew: its sizes have changed. */
  renew(file: string): void;
  /** An analysis has ended, or a unit has left. */
  readonly onAnalysed: Event<Unit>;
}

interface Tracked {
  readonly unit: Unit;
  readonly file: string;
  state: State;
  result?: WorkerAnalysis;
  /** The version that the result is of; undefined once anything else that it rests on has changed. */
  version?: string | undefined;
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
  const analysed = new EventEmitter<Unit>();
  let busy: { readonly of: Tracked; cancel(): void } | undefined;

  // ---- what is due ----

  const isCurrent = (one: Tracked): boolean => one.version === one.unit.version;
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
    const visible = window.visibleTextEditors.map((editor) => unitOf(editor.document));
    const waiting = [...queue];
    const one = waiting.find(({ unit }) => active && unit === unitOf(active)) ?? waiting.find(({ unit }) => visible.includes(unit)) ?? waiting[0];
    if (one) queue.delete(one);
    return one;
  }

  async function work(): Promise<void> {
    if (busy) return;
    for (let one = next(); one; one = next()) {
      if (tracked.get(one.file) === one && !isCurrent(one)) await analyse(one);
    }
  }

  function settle(one: Tracked, version: string, state: State, result: WorkerAnalysis): void {
    one.state = state;
    one.version = version;
    one.result = { ...result, lenses: carried(one.result?.lenses ?? [], result.lenses, result.diagnostics) };
    analysed.fire(one.unit);
    if (result.dependencies.length > 0) welcome(result.dependencies);
  }

  /** A file that was passed by is read after all once another imports it. */
  function welcome(dependencies: readonly string[]): void {
    renewWhere((one) => one.state.kind === 'unconcerned' && dependencies.includes(one.file));
  }

  async function tell(): Promise<void> {
    const files = [...untold];
    untold.clear();
    await Promise.all(files.map((file) => analyser.ask({ kind: 'changed', file, text: null })));
  }

  async function analyse(one: Tracked): Promise<void> {
    const { unit, file } = one;
    const { version } = unit;
    const text = unit.text();
    const limit = maxFileBytes(unit.uri);
    if (text.length > limit) return settle(one, version, { kind: 'too-large', bytes: text.length, limit }, NOTHING);
    if (!namesTensors(text) && !isImported(file)) return settle(one, version, { kind: 'unconcerned' }, NOTHING);
    const { cancellation, cancel } = cancellable();
    busy = { of: one, cancel };
    one.state = { kind: 'running' };
    try {
      await tell();
      const result = await analyser.ask({ kind: 'analyze', file, options: analysisOptions(unit.uri, chosen(file)) }, cancellation);
      if (cancellation.cancelled || unit.isClosed || version !== unit.version) return;
      log.debug(`${file}: ${result.modules.length} modules, ${result.diagnostics.length} findings in ${result.ms.toFixed(0)} ms`);
      settle(one, version, { kind: 'done' }, result);
    } catch (error) {
      if (error instanceof Cancelled) return;
      const reason = error instanceof Error ? error.message : String(error);
      log.error(`${file}: ${reason}`);
      if (version === unit.version) settle(one, version, { kind: 'failed', reason }, NOTHING);
    } finally {
      busy = undefined;
    }
  }

  // ---- the editor's events ----

  function opened(unit: Unit): Tracked {
    const { file } = unit;
    const known = tracked.get(file);
    if (known?.unit === unit) return known;
    const one: Tracked = { unit, file, state: { kind: 'waiting' } };
    tracked.set(file, one);
    soon(one, 0);
    return one;
  }

  function openedDocument(document: TextDocument): Tracked | undefined {
    const unit = unitOf(document);
    return unit && opened(unit);
  }

  const openedNotebook = (notebook: NotebookDocument): void => unitsOf(notebook).forEach(opened);

  /** Cells came, left or changed their kind: what changes in the text of one comes as a change of its document, too. */
  function rearranged(notebook: NotebookDocument): void {
    openedNotebook(notebook);
    for (const one of tracked.values()) {
      if (one.unit.notebook !== notebook || isCurrent(one)) continue;
      fileChanged(one.file);
      soon(one);
    }
  }

  function left(one: Tracked): void {
    const { file } = one;
    clearTimeout(one.timer);
    queue.delete(one);
    tracked.delete(file);
    if (busy?.of === one) busy.cancel();
    // What was not saved is gone with it.
    fileChanged(file);
    if (one.result) void analyser.ask({ kind: 'forget', file }).catch((error: unknown) => log.debug(String(error)));
    analysed.fire(one.unit);
  }

  /** A document is closed, too, where it becomes one of another language. A cell alone is not its notebook. */
  function closedDocument(document: TextDocument): void {
    const one = [...tracked.values()].find(({ unit }) => unit.documents().includes(document));
    if (one?.unit.notebook) rearranged(one.unit.notebook);
    else if (one) left(one);
  }

  function closedNotebook(notebook: NotebookDocument): void {
    for (const one of [...tracked.values()]) if (one.unit.notebook === notebook) left(one);
  }

  function changed({ document, contentChanges }: TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const one = openedDocument(document);
    if (!one) return;
    if (busy?.of === one) busy.cancel();
    if (one.result) {
      const before = one.unit.before(document);
      const edits = contentChanges.map(({ range, text }) => ({
        line: before + range.start.line + 1,
        endLine: before + range.end.line + 1,
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
    workspace.onDidOpenTextDocument((document) => void openedDocument(document)),
    workspace.onDidOpenNotebookDocument(openedNotebook),
    workspace.onDidChangeNotebookDocument(({ notebook }) => rearranged(notebook)),
    workspace.onDidCloseNotebookDocument(closedNotebook),
    workspace.onDidCloseTextDocument(closedDocument),
    workspace.onDidChangeTextDocument(changed),
    analyser.onEnd(() => renewWhere((one) => one.state.kind !== 'failed')),
    analysed,
  );
  for (const document of workspace.textDocuments) openedDocument(document);

  return {
    onAnalysed: analysed.event,
    last: ({ file }) => tracked.get(file)?.result,
    state: ({ file }) => tracked.get(file)?.state ?? { kind: 'waiting' },
    renewAll: () => renewWhere(() => true),
    renew: (file) => renewWhere((one) => one.file === file),
    async current(unit, when, token) {
      if (unit.isClosed) return undefined;
      const one = opened(unit);
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
