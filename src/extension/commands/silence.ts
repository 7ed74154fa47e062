/** `Silence This Finding`: the quick fix, from the palette. */
import { type CodeAction, l10n, languages, type TextEditor, window, workspace } from 'vscode';
import { isOurFinding, silencingActions } from '../actions';

function actionsAt({ document, selection }: TextEditor): readonly CodeAction[] {
  const ours = languages.getDiagnostics(document.uri).filter(isOurFinding);
  const here = ours.filter(({ range }) => range.intersection(selection));
  const near = here.length > 0 ? here : ours.filter(({ range }) => range.start.line <= selection.active.line && range.end.line >= selection.active.line);
  return near.flatMap((diagnostic) => silencingActions(document, diagnostic));
}

/** Lets the user pick how a finding at the cursor is silenced, and does it. */
export async function silence(): Promise<void> {
  const editor = window.activeTextEditor;
  const actions = editor ? actionsAt(editor) : [];
  if (actions.length === 0) return void window.showWarningMessage(l10n.t('There is no finding of Attention Shapes at the cursor.'));
  const items = actions.map((action) => ({ label: action.title, description: action.diagnostics?.[0]?.message ?? '', action }));
  const picked = await window.showQuickPick(items);
  if (picked?.action.edit) await workspace.applyEdit(picked.action.edit);
}
