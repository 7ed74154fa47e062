/** The blocks that can be compared: attention modules of the active file, of the workspace, and of the gallery. */
import { FileType, type LogOutputChannel, l10n, ProgressLocation, type QuickPickItem, QuickPickItemKind, Uri, window, workspace } from 'vscode';
import type { BlockName } from '../protocol/compareMessages';
import type { ModuleEntry } from '../protocol/messages';
import type { Ask } from './analyser';
import type { Documents } from './documents';
import { fileOf } from './files';
import { headOf } from './galleryHead';
import { namesTensors } from './languages';
import { analysisOptions, maxFileBytes } from './settings';
import { placeIn, readText, unitOf } from './units';

/** What finding blocks needs. */
export interface Sources {
  readonly extension: Uri;
  readonly documents: Documents;
  readonly ask: Ask;
  readonly log: LogOutputChannel;
}

interface Choice extends QuickPickItem {
  readonly block?: BlockName;
}

/** Whether what is found is still wanted. */
type Wanted = () => boolean;

const SOURCES = '**/*.{py,ts,tsx,mts,cts,js,jsx,mjs,cjs}';
const PASSED_BY = '**/{node_modules,bower_components,dist,build,out,site-packages,__pycache__,venv,.*}/**';
/** No more files are looked at for a tensor library's name, and of those that have one no more are read. */
const MOST_FILES = 4000;
const MOST_READ = 300;

const SHELVES = [
  { folder: 'pytorch', language: 'PyTorch' },
  { folder: 'typescript', language: 'TensorFlow.js' },
] as const;

// ---- the active file ----

/** The attention module at the cursor, or the only one. */
const meant = (modules: readonly ModuleEntry[], line: number): ModuleEntry | undefined =>
  modules.length === 1 ? modules[0] : modules.findLast((module) => module.line <= line);

async function inActive({ documents }: Sources): Promise<readonly Choice[]> {
  const editor = window.activeTextEditor;
  const unit = editor && unitOf(editor.document);
  const analysis = unit && (await documents.current(unit, 'now'));
  if (!editor || !analysis) return [];
  const attention = analysis.modules.filter((module) => module.attention).sort((a, b) => a.line - b.line);
  const picked = meant(attention, placeIn(unit, editor.document, editor.selection.active).line);
  return attention.map((module) => ({
    label: module.name,
    description: unit.words(l10n.t('line {0}', module.line)),
    picked: module === picked,
    block: { file: unit.file, module: module.name },
  }));
}

// ---- other files ----

/** The attention modules of a file; undefined where it names no tensor library, is too large, or could not be read. */
async function inFile({ ask, log }: Sources, uri: Uri): Promise<readonly ModuleEntry[] | undefined> {
  const file = fileOf(uri);
  const text = await readText(file, maxFileBytes);
  if (text === null || text.length > maxFileBytes(uri) || !namesTensors(text)) return undefined;
  try {
    return (await ask({ kind: 'modules', file, options: analysisOptions(uri, {}) })).filter((module) => module.attention);
  } catch (error) {
    log.warn(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function onShelf(sources: Sources, uri: Uri, language: string): Promise<readonly Choice[]> {
  const sound = ((await inFile(sources, uri)) ?? []).filter(({ faulty }) => !faulty);
  const title = headOf((await readText(fileOf(uri), maxFileBytes)) ?? '')?.title;
  return sound.map(({ name }) => ({
    label: name,
    description: title === undefined ? language : `${language} · ${title}`,
    block: { file: fileOf(uri), module: name },
  }));
}

async function inGallery(sources: Sources, wanted: Wanted): Promise<readonly Choice[]> {
  const found: Choice[] = [];
  for (const { folder, language } of SHELVES) {
    const shelf = Uri.joinPath(sources.extension, 'media', 'gallery', folder);
    const files = (await workspace.fs.readDirectory(shelf)).filter(([name, type]) => type === FileType.File && /\.(?:ts|py)$/.test(name));
    for (const [name] of files) if (wanted()) found.push(...(await onShelf(sources, Uri.joinPath(shelf, name), language)));
  }
  return found;
}

async function inWorkspace(sources: Sources, wanted: Wanted, tell: (done: number, all: number) => void): Promise<readonly Choice[]> {
  const found: Choice[] = [];
  const active = window.activeTextEditor?.document.uri.toString();
  const files = (await workspace.findFiles(SOURCES, PASSED_BY, MOST_FILES)).filter((uri) => uri.toString() !== active);
  let read = 0;
  for (const [done, uri] of files.sort((a, b) => (a.path < b.path ? -1 : 1)).entries()) {
    if (!wanted() || read === MOST_READ) break;
    tell(done, files.length);
    const modules = await inFile(sources, uri);
    if (modules) read += 1;
    for (const { name, line } of modules ?? []) {
      const description = `${workspace.asRelativePath(uri)}, ${l10n.t('line {0}', line)}`;
      found.push({ label: name, description, block: { file: fileOf(uri), module: name } });
    }
  }
  return found;
}

// ---- the list ----

const section = (label: string, items: readonly Choice[]): readonly Choice[] =>
  items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items];

/** What was found so far, by where. */
interface Found {
  active: readonly Choice[];
  workspace: readonly Choice[];
  gallery: readonly Choice[];
}

const listed = ({ active, workspace: others, gallery }: Found): readonly Choice[] => [
  ...section(l10n.t('This file'), active),
  ...section(l10n.t('Workspace'), others),
  ...section(l10n.t('Gallery'), gallery),
];

/** Finds all that can be chosen: `show` gets the list as it grows. What was found so far stands where the user has waited long enough. */
async function find(sources: Sources, isOpen: Wanted, show: (choices: readonly Choice[]) => void): Promise<void> {
  const found: Found = { active: [], workspace: [], gallery: [] };
  const add = (more: Partial<Found>): void => {
    if (isOpen()) show(listed(Object.assign(found, more)));
  };
  add({ active: await inActive(sources) });
  add({ gallery: await inGallery(sources, isOpen) });
  if (!isOpen()) return;
  const options = { location: ProgressLocation.Notification, title: l10n.t('Looking for attention blocks'), cancellable: true };
  await window.withProgress(options, async (progress, token) => {
    const wanted = (): boolean => isOpen() && !token.isCancellationRequested;
    add({ workspace: await inWorkspace(sources, wanted, (done, all) => progress.report({ message: l10n.t('{0} of {1} files', done, all) })) });
  });
}

/** Lets the user choose blocks, those of the active file at once and the others as they are found; none where they changed their mind. */
export async function chooseBlocks(sources: Sources): Promise<readonly BlockName[]> {
  const picker = window.createQuickPick<Choice>();
  Object.assign(picker, {
    canSelectMany: true,
    matchOnDescription: true,
    keepScrollPosition: true,
    title: l10n.t('Compare Attention Blocks'),
    placeholder: l10n.t('Blocks to compare'),
    busy: true,
  });
  let isOpen = true;
  const chosen = new Promise<readonly Choice[]>((resolve) => {
    picker.onDidAccept(() => resolve(picker.selectedItems));
    picker.onDidHide(() => {
      isOpen = false;
      resolve([]);
    });
  });
  const show = (choices: readonly Choice[]): void => {
    const selected = picker.items.length === 0 ? choices.filter(({ picked }) => picked) : picker.selectedItems;
    picker.items = choices;
    picker.selectedItems = selected;
  };
  picker.show();
  void find(sources, () => isOpen, show)
    .catch((error: unknown) => sources.log.error(String(error)))
    .finally(() => {
      if (isOpen) picker.busy = false;
    });
  const blocks = (await chosen).flatMap(({ block }) => (block ? [block] : []));
  isOpen = false;
  picker.dispose();
  return blocks;
}
