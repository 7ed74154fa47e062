/** The extension's door: activation registers, and does nothing else. */
import { commands, type Disposable, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { offerActions } from './actions';
import { createAnalyser } from './analyser';
import { changeSizes } from './commands/changeSizes';
import { openGallery } from './commands/gallery';
import { copyShape, goToLine, goToSize } from './commands/shape';
import { silence } from './commands/silence';
import { createCompare } from './compare';
import { showDiagnostics } from './diagnostics';
import { followDocuments } from './documents';
import { showMemory } from './gutter';
import { showHints } from './hints';
import { hoverAsker, showHovers } from './hover';
import { showLenses } from './lenses';
import { chooseModule, isModuleArgument } from './modules';
import { createPanel } from './panel';
import { maxFileBytes, toggleHints, toggleMemory, touches } from './settings';
import { sizeStore } from './sizes';
import { showStatus } from './status';
import { readText } from './units';
import { startWorker } from './workerPort';

/** Registers everything; the worker starts when the first document is read. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Attention Shapes', { log: true });
  const store = sizeStore(context.workspaceState);
  const script = Uri.joinPath(context.extensionUri, 'dist', 'worker.js').fsPath;
  const analyser = createAnalyser(
    () => startWorker(script),
    (file) => readText(file, maxFileBytes),
    log,
  );
  const documents = followDocuments(analyser, store.of, log);
  const askHover = hoverAsker(documents, analyser.ask);
  const services = { extension: context.extensionUri, documents, ask: analyser.ask, store, log };
  const compare = createCompare(services);
  const panel = createPanel({ ...services, compare: (block) => compare.add([block]) });

  async function run(argument: unknown): Promise<void> {
    const chosen = await chooseModule(documents, argument);
    if (chosen) panel.show({ file: chosen.unit.file, module: chosen.module });
  }

  const register = (name: string, command: (argument: unknown) => unknown): Disposable => commands.registerCommand(`attentionShapes.${name}`, command);
  context.subscriptions.push(
    log,
    analyser,
    documents,
    panel,
    compare,
    showDiagnostics(documents),
    showHovers(askHover),
    showHints(documents),
    showLenses(documents),
    showMemory(documents, analyser.ask),
    showStatus(documents),
    offerActions(),
    store.onChange(documents.renew),
    workspace.onDidChangeConfiguration((change) => touches(change) && documents.renewAll()),
    register('run', run),
    register('compare', (argument) => (isModuleArgument(argument) ? compare.add([argument]) : compare.choose())),
    register('openGallery', () => openGallery(context.extensionUri)),
    register('changeSizes', (argument) => changeSizes(documents, analyser.ask, store, argument)),
    register('copyShape', (argument) => copyShape(askHover, argument)),
    register('goToSize', (argument) => goToSize(askHover, argument)),
    register('goToLine', goToLine),
    register('silence', silence),
    register('toggleHints', toggleHints),
    register('toggleMemory', toggleMemory),
    register('showLog', () => log.show()),
    register('restart', () => analyser.restart()),
  );
}
