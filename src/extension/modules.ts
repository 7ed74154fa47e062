/** Which module a command means: the one it was given, the one at the cursor, or the one that the user picks. */
import { l10n, window } from 'vscode';
import type { ModuleEntry } from '../protocol/messages';
import type { Documents } from './documents';
import { placeIn, type Unit, unitOf, unitOfFile } from './units';

/** What a lens gives its command. */
export interface ModuleArgument {
  readonly file: string;
  readonly module: string;
}

export interface ChosenModule {
  readonly unit: Unit;
  readonly module: string;
}

export const isModuleArgument = (value: unknown): value is ModuleArgument =>
  typeof value === 'object' && value !== null && 'file' in value && 'module' in value && typeof value.file === 'string' && typeof value.module === 'string';

/** The nearest module that begins above the cursor. */
export const above = (modules: readonly ModuleEntry[], line: number): ModuleEntry | undefined =>
  modules
    .filter((module) => module.line <= line)
    .reduce<ModuleEntry | undefined>((nearest, module) => (nearest && nearest.line > module.line ? nearest : module), undefined);

async function pick(unit: Unit, modules: readonly ModuleEntry[]): Promise<string | undefined> {
  const items = modules.map(({ name, line }) => ({ label: name, description: unit.words(l10n.t('line {0}', line)) }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which block?') }))?.label;
}

/** What the cursor is in, attention or not; above all of them, the one block with attention. */
async function atCursor(unit: Unit, line: number, modules: readonly ModuleEntry[]): Promise<string | undefined> {
  const near = above(modules, line);
  if (near) return near.name;
  const attention = modules.filter((module) => module.attention);
  const candidates = attention.length > 0 ? attention : modules;
  return candidates.length === 1 ? candidates[0]?.name : pick(unit, candidates);
}

/** Finds the module that a command is about; says why where there is none. */
export async function chooseModule(documents: Documents, argument: unknown): Promise<ChosenModule | undefined> {
  if (isModuleArgument(argument)) {
    const unit = await unitOfFile(argument.file);
    return unit && { unit, module: argument.module };
  }
  const editor = window.activeTextEditor;
  const unit = editor && unitOf(editor.document);
  if (!editor || !unit) return void window.showWarningMessage(l10n.t('Open a file with an attention module first.'));
  const analysis = await documents.current(unit, 'now');
  if (!analysis || analysis.modules.length === 0) return void window.showWarningMessage(noModule(documents, unit));
  const module = await atCursor(unit, placeIn(unit, editor.document, editor.selection.active).line, analysis.modules);
  return module === undefined ? undefined : { unit, module };
}

function noModule(documents: Documents, unit: Unit): string {
  const state = documents.state(unit);
  if (state.kind === 'failed') return state.reason;
  if (state.kind === 'too-large')
    return l10n.t('This file is too large to be analysed: {0} kB, the limit is {1} kB.', Math.ceil(state.bytes / 1024), Math.floor(state.limit / 1024));
  return l10n.t('No module or function here works on tensors.');
}
