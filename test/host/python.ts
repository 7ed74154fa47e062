/** Python files, as everything else. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { commands, DiagnosticSeverity, env, Selection, type TextDocument, window, workspace } from 'vscode';
import { hintsOf, hoverAt, lensesOf } from './asked';
import { find, findings, open, replace, restore, until, uriOf } from './editor';

const MODULE = 'one/token_attention.py';
const errors = (document: TextDocument) => findings(document.uri, DiagnosticSeverity.Error);

export function pythonSuite(): void {
  describe('a Python file', () => {
    it('has shapes on hover, and follows its imports', async () => {
      const { document } = await open(MODULE);
      const words = await hoverAt(document, 'scores');
      ok(words.includes('b, heads, n, n'), words);
      match(words, /matmul|@/);
      ok((await hoverAt(document, 'k = ')).includes('b, heads, n, c//heads'));
    });

    it('has hints behind assigned names', async () => {
      const { document } = await open(MODULE);
      const hints = await hintsOf(document);
      ok(hints.get(find(document, 'scores').start.line)?.includes('(b, heads, n, n)'), JSON.stringify([...hints]));
    });

    it('has a lens above its attention module that runs it', async () => {
      const { document } = await open(MODULE);
      const lenses = await until('lenses', async () => {
        const found = await lensesOf(document);
        return found.length > 0 && found;
      });
      const run = lenses.find(({ command }) => command?.command === 'attentionShapes.run');
      equal(run?.range.start.line, find(document, 'class TokenAttention').start.line);
      const words = lenses.map(({ command }) => command?.title ?? '').join(' ');
      for (const word of [/→/, /map/i, /param/i, /MAC/]) match(words, word);
    });

    it('is underlined where sizes cannot meet, and nowhere where all is well', async () => {
      const wrong = (await open('one/slip.py')).document;
      const [finding] = await until('an error', () => errors(wrong).length > 0 && errors(wrong));
      equal(finding?.code, 'matmul-mismatch');
      equal(finding?.range.start.line, find(wrong, 'return x @ k').start.line);
      ok(finding?.relatedInformation?.some(({ location }) => location.range.start.line === find(wrong, 'torch.cat').start.line));
      const { document } = await open(MODULE);
      await lensesOf(document);
      deepEqual(
        findings(document.uri).filter(({ severity }) => severity <= DiagnosticSeverity.Warning),
        [],
      );
    });

    it('is read anew as it is typed in, and when a file that it imports is', async () => {
      const { document } = await open(MODULE);
      const text = document.getText();
      try {
        await replace(document, 'k.transpose(-2, -1)', 'torch.cat([k, k], -1).transpose(-2, -1)');
        await until('an error', () => errors(document).length > 0);
      } finally {
        await restore(document, text);
      }
      await until('no error', () => errors(document).length === 0);
      const imported = await workspace.openTextDocument(uriOf('one/keys.py'));
      const before = imported.getText();
      try {
        await replace(imported, 'nn.Linear(dim, dim)', 'nn.Linear(dim, 2 * dim)');
        await until('an error', () => errors(document).length > 0);
      } finally {
        await restore(imported, before);
      }
      await until('no error again', () => errors(document).length === 0);
    });

    it('is silenced by a comment of its own kind', async () => {
      const { document } = await open('one/slip.py');
      const text = document.getText();
      await until('an error', () => errors(document).length > 0);
      try {
        await replace(document, 'return x @ k.transpose(1, 2)', 'return x @ k.transpose(1, 2)  # attention-shapes-disable-line matmul-mismatch');
        await until('silence', () => errors(document).length === 0);
      } finally {
        await restore(document, text);
      }
    });

    it('gives its shapes to the commands, and its blocks to the panel', async () => {
      const editor = await open(MODULE);
      const { start } = find(editor.document, 'scores');
      editor.selection = new Selection(start, start);
      await env.clipboard.writeText('');
      await commands.executeCommand('attentionShapes.copyShape');
      match(await until('a shape in the clipboard', () => env.clipboard.readText().then((copied) => copied || undefined)), /^\W?b, heads, n, n\W?$/);
      await commands.executeCommand('attentionShapes.run');
      const tab = await until('the panel', () => window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'TokenAttention'));
      await window.tabGroups.close(tab);
    });

    it('that was never saved is read, too', async () => {
      const content = (await workspace.openTextDocument(uriOf('one/slip.py'))).getText();
      const document = await workspace.openTextDocument({ language: 'python', content });
      await until('a finding', () => findings(document.uri).some(({ code }) => code === 'matmul-mismatch'));
    });
  });
}
