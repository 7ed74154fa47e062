/** Shows a place in the editor, in the column where its file is already open. */
import { commands, type Location, NotebookRange, Selection, TextEditorRevealType, ViewColumn, window, workspace } from 'vscode';
import type { Span } from '../program/types';
import { locationOf } from './units';

interface How {
  /** Selects the place and goes there with the focus; else the cursor is put before it and the focus stays. */
  readonly select: boolean;
}

/** A cell's notebook is shown, not the cell as a text of its own. */
async function revealCell({ uri, range }: Location, { select }: How): Promise<boolean> {
  const notebook = workspace.notebookDocuments.find((one) => one.getCells().some(({ document }) => document.uri.toString() === uri.toString()));
  const cell = notebook?.getCells().find(({ document }) => document.uri.toString() === uri.toString());
  if (!notebook || !cell) return false;
  const open = window.visibleNotebookEditors.find((editor) => editor.notebook === notebook);
  await window.showNotebookDocument(notebook, {
    viewColumn: open?.viewColumn ?? ViewColumn.One,
    preserveFocus: !select,
    selections: [new NotebookRange(cell.index, cell.index + 1)],
  });
  if (select) await commands.executeCommand('notebook.cell.edit');
  const editor = window.visibleTextEditors.find(({ document }) => document === cell.document);
  if (editor) editor.selection = select ? new Selection(range.start, range.end) : new Selection(range.start, range.start);
  return true;
}

/** Shows a place. */
export async function reveal(span: Span, how: How): Promise<void> {
  const location = locationOf(span);
  if (await revealCell(location, how)) return;
  const { uri, range } = location;
  const open = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  if (how.select) {
    await window.showTextDocument(uri, { selection: range });
    return;
  }
  const editor = await window.showTextDocument(uri, { viewColumn: open?.viewColumn ?? ViewColumn.One, preserveFocus: true });
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(editor.selection, TextEditorRevealType.InCenterIfOutsideViewport);
}
