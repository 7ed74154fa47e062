/** Which module a command means: the one it was given, the one at the cursor, or the one that the user picks. */
import { l10n, type TextDocument, type TextEditor, window, workspace } from 'vscode';
import type { ModuleEntry } from '../protocol/messages';
import type { Documents } from './documents';
import { openDocument, uriOf } from './files';

/** What a lens gives its command. */
export interface ModuleArgument {
  readonly file: string;
  readonly module: string;
}

export interface ChosenModule {
  readonly document: TextDocument;
  readonly module: string;
}

/** The document of a path, opened (not shown) where it is not. */
export const documentOf = async (file: string): Promise<TextDocument> => openDocument(file) ?? (await workspace.openTextDocument(uriOf(file)));

export const isModuleArgument = (value: unknown): value is ModuleArgument =>
  typeof value === 'object' && value !== null && 'file' in value && 'module' in value && typeof value.file === 'string' && typeof value.module === 'string';

/** The nearest module that begins above the cursor. */
const above = (modules: readonly ModuleEntry[], line: number): ModuleEntry | undefined =>
  modules
    .filter((module) => module.line <= line)
    .reduce<ModuleEntry | undefined>((nearest, module) => (nearest && nearest.line > module.line ? nearest : module), undefined);

async function pick(modules: readonly ModuleEntry[]): Promise<string | undefined> {
  const items = modules.map(({ name, line }) => ({ label: name, description: l10n.t('line {0}', line) }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which block?') }))?.label;
}

/** What the cursor is in, attention or not; above all of them, the one block with attention. */
async function atCursor(editor: TextEditor, modules: readonly ModuleEntry[]): Promise<string | undefined> {
  const near = above(modules, editor.selection.active.line + 1);
  if (near) return near.name;
  const attention = modules.filter((module) => module.attention);
  const candidates = attention.length > 0 ? attention : modules;
  return candidates.length === 1 ? candidates[0]?.name : pick(candidates);
}

/** Finds the module that a command is about; says why where there is none. */
export async function chooseModule(documents: Documents, argument: unknown): Promise<ChosenModule | undefined> {
  if (isModuleArgument(argument)) return { document: await documentOf(argument.file), module: argument.module };
  const editor = window.activeTextEditor;
  if (!editor) return void window.showWarningMessage(l10n.t('Open a file with an attention module first.'));
  const analysis = await documents.current(editor.document, 'now');
  if (!analysis || analysis.modules.length === 0) return void window.showWarningMessage(noModule(documents, editor.document));
  const module = await atCursor(editor, analysis.modules);
  return module === undefined ? undefined : { document: editor.document, module };
}

function noModule(documents: Documents, document: TextDocument): string {
  const state = documents.state(document);
  if (state.kind === 'failed') return state.reason;
  if (state.kind === 'too-large')
    return l10n.t('This file is too large to be analysed: {0} kB, the limit is {1} kB.', Math.ceil(state.bytes / 1024), Math.floor(state.limit / 1024));
  return l10n.t('No module or function here works on tensors.');
}
