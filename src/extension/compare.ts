/** The host's side of the panel that compares blocks: it carries questions to the worker, and says which files have changed. */
import { Disposable, env, type LogOutputChannel, l10n, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { Cancelled, cancellable } from '../protocol/channel';
import type { BlockName, FromCompare, NewBlock, Priced, ToCompare } from '../protocol/compareMessages';
import type { WorkerAnalysis } from '../protocol/messages';
import type { Ask } from './analyser';
import { chooseBlocks } from './compareBlocks';
import type { Documents } from './documents';
import { uriOf } from './files';
import { panelHtml } from './panelHtml';
import { panelWords } from './panelWords';
import { reveal } from './reveal';
import { analysisOptions, precision } from './settings';
import type { SizeStore } from './sizes';
import { type Unit, unitOfFile } from './units';

const VIEW_TYPE = 'attentionShapes.compare';

export interface Compare extends Disposable {
  /** Shows these beside those that are shown, in the panel that is open or a new one. */
  add(blocks: readonly BlockName[]): void;
  /** Lets the user choose what to add. */
  choose(): Promise<void>;
}

interface Services {
  readonly extension: Uri;
  readonly documents: Documents;
  readonly ask: Ask;
  readonly store: SizeStore;
  readonly log: LogOutputChannel;
}

type Price = Extract<FromCompare, { kind: 'price' }>;

/** One open panel. */
interface Shown {
  readonly view: WebviewPanel;
  ready: boolean;
  /** Blocks that wait for the page. */
  waiting: readonly BlockName[];
  /** Questions that are not answered yet, by what they are of: how to give them up. */
  readonly open: Map<string, () => void>;
  /** The analysis that each file's last price is of. */
  readonly seen: Map<string, WorkerAnalysis | undefined>;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Registers the panel: one at a time, revived with the window. */
export function createCompare(services: Services): Compare {
  const { documents, ask, store, log } = services;
  const folder = Uri.joinPath(services.extension, 'dist', 'webview');
  let shown: Shown | undefined;

  /** A block that comes is priced as the lens of its file prices it. */
  const fresh = (blocks: readonly BlockName[]): readonly NewBlock[] => blocks.map((block) => ({ ...block, precision: precision(uriOf(block.file)) }));

  const post = (of: Shown, message: ToCompare): void => void of.view.webview.postMessage(message);

  // ---- prices ----

  type Found = { readonly priced: Priced } | { readonly reason: string; readonly passing: boolean };

  /** Why the file has no such block. A half-typed text may hide it: what was told of it stands. */
  function missing(unit: Unit, { module }: BlockName, analysis: WorkerAnalysis | undefined): Found {
    const state = documents.state(unit);
    if (state.kind === 'failed') return { reason: state.reason, passing: true };
    if (state.kind === 'too-large') return { reason: l10n.t('This file is too large to be analysed.'), passing: false };
    if (analysis?.diagnostics.some(({ code }) => code === 'syntax')) return { reason: l10n.t('The code does not parse.'), passing: true };
    return { reason: l10n.t('{0} is no longer in this file.', module), passing: false };
  }

  async function priceIn(unit: Unit, question: Price, of: Shown, cancellation: ReturnType<typeof cancellable>['cancellation']): Promise<Found> {
    const { file, module, setting, sweep, fits } = question;
    const analysis = await documents.current(unit, 'now');
    of.seen.set(file, analysis);
    const options = analysisOptions(unit.uri, store.of(file));
    const priced = await ask({ kind: 'price', file, module, options, setting, ...(sweep && { sweep }), ...(fits && { fits }) }, cancellation);
    return priced ? { priced } : missing(unit, question, analysis);
  }

  async function answer(of: Shown, question: Price): Promise<void> {
    const { id, file } = question;
    const { cancellation, cancel } = cancellable();
    of.open.get(question.of)?.();
    of.open.set(question.of, cancel);
    try {
      const unit = await unitOfFile(file);
      const found = unit ? await priceIn(unit, question, of, cancellation) : { reason: l10n.t('The file is gone.'), passing: false };
      if (cancellation.cancelled || !of.ready) return;
      post(of, 'priced' in found ? { kind: 'priced', id, priced: found.priced } : { kind: 'unpriced', id, ...found });
    } catch (error) {
      if (error instanceof Cancelled || cancellation.cancelled) return;
      log.warn(`compare: ${reasonOf(error)}`);
      post(of, { kind: 'unpriced', id, reason: reasonOf(error), passing: false });
    } finally {
      if (of.open.get(question.of) === cancel) of.open.delete(question.of);
    }
  }

  /** What is asked of a file awaits its newest analysis by itself. */
  function analysed(unit: Unit): void {
    const of = shown;
    if (!of?.ready || unit.isClosed || !of.seen.has(unit.file)) return;
    const analysis = documents.last(unit);
    if (of.seen.get(unit.file) === analysis) return;
    of.seen.set(unit.file, analysis);
    post(of, { kind: 'changed', file: unit.file });
  }

  // ---- what the panel says ----

  async function show({ file, module }: BlockName): Promise<void> {
    const unit = await unitOfFile(file);
    const found = unit && (await documents.current(unit, 'now'))?.modules.find(({ name }) => name === module);
    if (found) await reveal({ file, line: found.line, column: 1, endLine: found.line, endColumn: 1 }, { select: false });
    else void window.showWarningMessage(l10n.t('{0} is no longer there.', module));
  }

  async function received(of: Shown, message: FromCompare): Promise<void> {
    switch (message.kind) {
      case 'ready':
        of.ready = true;
        post(of, { kind: 'words', words: panelWords() });
        if (of.waiting.length > 0) post(of, { kind: 'add', blocks: fresh(of.waiting) });
        of.waiting = [];
        return;
      case 'price':
        return answer(of, message);
      case 'choose':
        return choose();
      case 'copy':
        return env.clipboard.writeText(message.text);
      case 'reveal':
        return show(message);
      case 'log':
        return log[message.level](`compare: ${message.text}`);
    }
  }

  // ---- the panel ----

  function page(view: WebviewPanel): string {
    const at = (name: string): string => view.webview.asWebviewUri(Uri.joinPath(folder, name)).toString();
    return panelHtml({
      cspSource: view.webview.cspSource,
      nonce: crypto.randomUUID().replaceAll('-', ''),
      script: at('compare.js'),
      style: at('style.css'),
      language: env.language,
      title: view.title,
    });
  }

  function leave(of: Shown): void {
    of.ready = false;
    for (const cancel of of.open.values()) cancel();
    of.open.clear();
    of.seen.clear();
  }

  function adopt(view: WebviewPanel, waiting: readonly BlockName[]): void {
    const of: Shown = { view, ready: false, waiting, open: new Map(), seen: new Map() };
    shown = of;
    view.iconPath = Uri.joinPath(services.extension, 'media', 'icon.png');
    view.webview.onDidReceiveMessage((message: FromCompare) => void received(of, message).catch((error: unknown) => log.error(String(error))));
    view.onDidDispose(() => {
      leave(of);
      if (shown === of) shown = undefined;
    });
    // A hidden panel is taken down by the editor: it says that it is ready when it comes back.
    view.onDidChangeViewState(() => {
      if (!view.visible) leave(of);
    });
    view.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    view.webview.html = page(view);
  }

  function add(blocks: readonly BlockName[]): void {
    const of = shown;
    if (!of) {
      adopt(window.createWebviewPanel(VIEW_TYPE, l10n.t('Compare Attention Blocks'), { viewColumn: ViewColumn.Beside, preserveFocus: true }), blocks);
      return;
    }
    if (of.ready) post(of, { kind: 'add', blocks: fresh(blocks) });
    else of.waiting = [...of.waiting, ...blocks];
    of.view.reveal(undefined, true);
  }

  async function choose(): Promise<void> {
    const blocks = await chooseBlocks(services);
    if (blocks.length > 0) add(blocks);
  }

  const registrations = Disposable.from(
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(view) {
        if (shown) view.dispose();
        else adopt(view, []);
      },
    }),
    documents.onAnalysed(analysed),
  );

  return {
    add,
    choose,
    dispose() {
      registrations.dispose();
      shown?.view.dispose();
    },
  };
}
