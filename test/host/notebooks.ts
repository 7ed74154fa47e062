/** Notebooks: what one cell defines, the cells below it use. */
import { equal, match, ok } from 'node:assert/strict';
import {
  commands,
  DiagnosticSeverity,
  NotebookCellData,
  NotebookCellKind,
  type NotebookDocument,
  NotebookEdit,
  NotebookRange,
  type TextDocument,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import { hintsOf, hoverAt, lensesOf } from './asked';
import { find, findings, replace, until, uriOf } from './editor';

async function openNotebook(): Promise<NotebookDocument> {
  const notebook = await workspace.openNotebookDocument(uriOf('one/tokens.ipynb'));
  await window.showNotebookDocument(notebook);
  return notebook;
}

/** The cell that a text stands in. */
function cellWith(notebook: NotebookDocument, text: string): TextDocument {
  const found = notebook.getCells().find(({ document }) => document.getText().includes(text));
  if (!found) throw new Error(`no cell with ${text}`);
  return found.document;
}

const errors = (document: TextDocument) => findings(document.uri, DiagnosticSeverity.Error);

async function editCells(notebook: NotebookDocument, ...edits: readonly NotebookEdit[]): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.set(notebook.uri, [...edits]);
  await workspace.applyEdit(edit);
}

export function notebookSuite(): void {
  describe('a notebook', () => {
    it('has shapes on hover and as hints, in the cell where they are', async () => {
      const notebook = await openNotebook();
      const definition = cellWith(notebook, 'class TokenAttention');
      ok((await hoverAt(definition, 'scores')).includes('b, n, n'));
      const hints = await hintsOf(definition);
      ok(hints.get(find(definition, 'scores').start.line)?.includes('(b, n, n)'), JSON.stringify([...hints]));
    });

    it('has a lens above a class in its cell', async () => {
      const definition = cellWith(await openNotebook(), 'class TokenAttention');
      const run = (await lensesOf(definition)).find(({ command }) => command?.command === 'attentionShapes.run');
      equal(run?.range.start.line, find(definition, 'class TokenAttention').start.line);
    });

    it('is underlined where a class of one cell is used wrongly in another, and says in which cell', async () => {
      const notebook = await openNotebook();
      const definition = cellWith(notebook, 'class TokenAttention');
      const use = cellWith(notebook, 'torch.randn(2, 10, 48)');
      const [finding] = await until('an error', () => errors(definition).length > 0 && errors(definition));
      equal(finding?.range.start.line, find(definition, 'self.query(x)').start.line);
      match(finding?.message ?? '', /48/);
      const related = finding?.relatedInformation ?? [];
      ok(
        related.some(({ location }) => location.uri.toString() === use.uri.toString() && location.range.start.line === find(use, '48').start.line),
        JSON.stringify(related.map(({ location, message }) => [location.uri.toString(), location.range, message])),
      );
      equal(errors(use).length, 0);
    });

    it('is read anew when one of its cells is edited, moved away, or comes', async () => {
      const notebook = await openNotebook();
      const definition = cellWith(notebook, 'class TokenAttention');
      const use = cellWith(notebook, 'torch.randn(2, 10, 48)');
      await until('an error', () => errors(definition).length > 0);
      await replace(use, '48', '64');
      await until('no error', () => errors(definition).length === 0);
      await until('the shape in the cell of its use', async () => [...(await hintsOf(use)).values()].some((text) => text.includes('(2, 10, 64)')));
      const data = new NotebookCellData(NotebookCellKind.Code, 'w = attention(torch.randn(2, 10, 32))', 'python');
      await editCells(notebook, NotebookEdit.insertCells(notebook.cellCount, [data]));
      await until('an error again', () => errors(definition).length > 0);
      await editCells(notebook, NotebookEdit.deleteCells(new NotebookRange(notebook.cellCount - 1, notebook.cellCount)));
      await until('none again', () => errors(definition).length === 0);
      const top = new NotebookCellData(NotebookCellKind.Code, '%%time\n\n\n', 'python');
      await editCells(notebook, NotebookEdit.insertCells(0, [top]));
      await until('the shape in its cell', async () => (await hoverAt(definition, 'scores')).includes('b, n, n'));
      await editCells(notebook, NotebookEdit.deleteCells(new NotebookRange(0, 1)));
      await replace(use, '2, 10, 64))', '2, 10, 48))');
      await until('the error of the beginning', () => errors(definition).length > 0);
      ok(await notebook.save());
    });

    it('has nothing to say of its words', async () => {
      const notebook = await openNotebook();
      const words = cellWith(notebook, '# Attention over tokens');
      equal(findings(words.uri).length, 0);
      equal((await hintsOf(words)).size, 0);
    });

    it('gives its blocks to the panel', async () => {
      const notebook = await openNotebook();
      const definition = cellWith(notebook, 'class TokenAttention');
      const run = (await lensesOf(definition)).find(({ command }) => command?.command === 'attentionShapes.run')?.command;
      ok(run);
      await commands.executeCommand(run.command, ...(run.arguments ?? []));
      const tab = await until('the panel', () => window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'TokenAttention'));
      await window.tabGroups.close(tab);
    });
  });
}
