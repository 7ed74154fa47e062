/** The host's side of the run panel: which block it shows, and what it is told when that block changes. */
import {
  Disposable,
  env,
  type LogOutputChannel,
  l10n,
  type TextEditorSelectionChangeEvent,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import type { FromPanel, ModuleForRun, PanelState, ToPanel } from '../protocol/messages';
import type { Ask } from './analyser';
import type { Documents } from './documents';
import { isModuleArgument } from './modules';
import { panelHtml } from './panelHtml';
import { panelWords } from './panelWords';
import { reveal } from './reveal';
import { runLimits } from './settings';
import type { SizeStore } from './sizes';
import { placeIn, type Unit, unitOf, unitOfFile } from './units';
import { pickWeights, weightsOf } from './weightsFile';

const VIEW_TYPE = 'attentionShapes.panel';
const CURSOR_MS = 50;

export interface Panel extends Disposable {
  /** Shows a module beside the editor, in the panel that is open or a new one. */
  show(target: PanelState): void;
}

interface Services {
  readonly extension: Uri;
  readonly documents: Documents;
  readonly ask: Ask;
  readonly store: SizeStore;
  readonly log: LogOutputChannel;
  /** Shows a block where its figures can be changed and compared. */
  compare(block: PanelState): void;
}

/** One open panel and what it shows. */
interface Shown {
  readonly view: WebviewPanel;
  target: PanelState;
  ready: boolean;
  /** The last `show`, as text: the same is not sent twice. */
  last?: string | undefined;
  /** Why what is shown is old, where it is. */
  stale?: string | undefined;
  /** The file of weights that the user picked, and for which block. */
  weights?: { readonly uri: Uri; readonly target: PanelState } | undefined;
}

/** What the panel is told of errors, as the reader of the unit's documents knows their lines. */
function asRead(unit: Unit, module: ModuleForRun): ModuleForRun {
  const lineOf = (line: number): number => unit.locate({ file: unit.file, line, column: 1, endLine: line, endColumn: 1 }).range.start.line + 1;
  const errors = module.errors?.map(({ line, message }) => ({ line: lineOf(line), message: unit.words(message) }));
  return errors ? { ...module, errors } : module;
}

/** Registers the panel: one at a time, revived with the window. */
export function createPanel(services: Services): Panel {
  const { documents, ask, store, log } = services;
  const folder = Uri.joinPath(services.extension, 'dist');
  let shown: Shown | undefined;
  let cursorTimer: ReturnType<typeof setTimeout> | undefined;
  let shows = 0;

  const post = (of: Shown, message: ToPanel): void => void of.view.webview.postMessage(message);

  // ---- what it shows ----

  function page(view: WebviewPanel): string {
    const at = (...parts: string[]): string => view.webview.asWebviewUri(Uri.joinPath(folder, ...parts)).toString();
    return panelHtml({
      cspSource: view.webview.cspSource,
      nonce: crypto.randomUUID().replaceAll('-', ''),
      script: at('webview', 'main.js'),
      style: at('webview', 'style.css'),
      wasm: `${at('wasm')}/`,
      language: env.language,
      title: view.title,
    });
  }

  function stale(of: Shown, reason: string): void {
    if (!of.ready || of.stale === reason) return;
    of.stale = reason;
    post(of, { kind: 'stale', reason });
  }

  function gone(of: Shown, reason: string): void {
    of.last = undefined;
    post(of, { kind: 'gone', reason });
  }

  /** Sends the block as it is now. What was overtaken by another target, or by a closed panel, is dropped. */
  async function update(of: Shown): Promise<void> {
    const { target } = of;
    const overtaken = (): boolean => shown !== of || of.target !== target || !of.ready;
    try {
      const unit = await unitOfFile(target.file);
      if (!unit) return gone(of, l10n.t('{0} is no longer in this file.', target.module));
      const analysis = await documents.current(unit, 'now');
      const { version } = unit;
      const module = await ask({ kind: 'graph', file: target.file, module: target.module });
      if (overtaken() || version !== unit.version) return;
      const state = documents.state(unit);
      if (!module && state.kind === 'failed') return stale(of, state.reason);
      // A half-typed text may hide it: the panel stays as it is, and stale.
      if (!module && analysis?.diagnostics.some(({ code }) => code === 'syntax')) return stale(of, l10n.t('The code does not parse.'));
      if (!module) return gone(of, l10n.t('{0} is no longer in this file.', target.module));
      const content = JSON.stringify({ target, module });
      if (content === of.last && of.stale === undefined) return;
      of.last = content;
      of.stale = undefined;
      shows += 1;
      post(of, { kind: 'show', file: target.file, version: shows, module: asRead(unit, module), limits: runLimits(unit.uri), words: panelWords() });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn(`panel: ${reason}`);
      if (!overtaken()) gone(of, reason);
    }
  }

  async function sendWeights(of: Shown): Promise<void> {
    const { weights } = of;
    const file = weights && (await weightsOf(weights.uri, weights.target));
    if (file && of.weights === weights && of.ready) post(of, { kind: 'weights', ...file });
  }

  // ---- what it says ----

  async function chooseWeights(of: Shown, target: PanelState): Promise<void> {
    const uri = await pickWeights(target);
    if (!uri) return;
    of.weights = { uri, target };
    await sendWeights(of);
  }

  async function received(of: Shown, message: FromPanel): Promise<void> {
    switch (message.kind) {
      case 'ready':
        of.ready = true;
        of.last = undefined;
        // The weights come first, so that the first run is with them.
        await sendWeights(of);
        return update(of);
      case 'loadWeights':
        return chooseWeights(of, { file: message.file, module: message.module });
      case 'dropWeights':
        of.weights = undefined;
        return;
      case 'reveal':
        return reveal({ file: message.file, line: message.line, column: message.column, endLine: message.line, endColumn: message.column }, { select: false });
      case 'sizes':
        return store.choose(message.file, message.module, message.sizes);
      case 'compare':
        return services.compare({ file: message.file, module: message.module });
      case 'ran':
        return log.info(
          `${message.module} ran on ${message.backend} in ${message.ms.toFixed(1)} ms: ${message.disagreements} disagreements, ${message.finite ? 'finite' : 'not finite'}`,
        );
      case 'failed':
        return log.warn(`${message.module} did not run: ${message.reason}`);
      case 'log':
        return log[message.level](`panel: ${message.text}`);
    }
  }

  function adopt(view: WebviewPanel, target: PanelState): void {
    const of: Shown = { view, target, ready: false };
    shown = of;
    view.iconPath = Uri.joinPath(services.extension, 'media', 'icon.png');
    view.webview.onDidReceiveMessage((message: FromPanel) => void received(of, message).catch((error: unknown) => log.error(String(error))));
    view.onDidDispose(() => {
      if (shown === of) shown = undefined;
    });
    // A hidden panel is taken down by the editor: it says that it is ready when it comes back.
    view.onDidChangeViewState(() => {
      if (!view.visible) of.ready = false;
    });
    view.webview.options = { enableScripts: true, localResourceRoots: [Uri.joinPath(folder, 'webview'), Uri.joinPath(folder, 'wasm')] };
    view.webview.html = page(view);
  }

  // ---- what happens in the editor ----

  function edited(file: string): void {
    if (shown?.target.file === file) stale(shown, l10n.t('The code has changed.'));
  }

  function closed(file: string): void {
    if (shown?.target.file === file) stale(shown, l10n.t('The file was closed. This is the block as it was.'));
  }

  function cursorMoved({ textEditor, selections }: TextEditorSelectionChangeEvent): void {
    const of = shown;
    const position = selections[0]?.active;
    const unit = unitOf(textEditor.document);
    if (!of?.ready || !position || unit?.file !== of.target.file) return;
    clearTimeout(cursorTimer);
    cursorTimer = setTimeout(() => post(of, { kind: 'cursor', line: placeIn(unit, textEditor.document, position).line }), CURSOR_MS);
  }

  function show(target: PanelState): void {
    if (!shown) {
      adopt(window.createWebviewPanel(VIEW_TYPE, target.module, { viewColumn: ViewColumn.Beside, preserveFocus: true }), target);
      return;
    }
    shown.target = target;
    shown.view.title = target.module;
    shown.view.reveal(undefined, true);
    if (shown.ready) void update(shown);
  }

  const registrations = Disposable.from(
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(view, state: unknown) {
        if (isModuleArgument(state) && !shown) adopt(view, { file: state.file, module: state.module });
        else view.dispose();
      },
    }),
    window.onDidChangeTextEditorSelection(cursorMoved),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const unit = contentChanges.length > 0 ? unitOf(document) : undefined;
      if (unit) edited(unit.file);
    }),
    documents.onAnalysed((unit) => {
      if (unit.isClosed) closed(unit.file);
      else if (shown?.ready && shown.target.file === unit.file) void update(shown);
    }),
  );

  return {
    show,
    dispose() {
      clearTimeout(cursorTimer);
      registrations.dispose();
      shown?.view.dispose();
    },
  };
}
