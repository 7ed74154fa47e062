/** Buffers that were never saved count, those of imported files too. */
import { equal, ok } from 'node:assert/strict';
import { commands, DiagnosticSeverity, type Hover, MarkdownString, workspace } from 'vscode';
import { find, findings, open, replace, restore, until, uriOf } from './editor';

const errors = (path: string) => findings(uriOf(path), DiagnosticSeverity.Error);

export function typingSuite(): void {
  describe('unsaved text', () => {
    it('is underlined when it goes wrong and cleared when it is right again', async () => {
      const { document } = await open('one/attention.ts');
      const text = document.getText();
      try {
        await replace(document, 'tf.matMul(q, k, false, true)', 'tf.matMul(q, k)');
        await until('an error or warning', () => findings(document.uri).some(({ severity }) => severity <= DiagnosticSeverity.Warning));
        ok(document.isDirty);
      } finally {
        await restore(document, text);
      }
      await until('none', () => findings(document.uri).every(({ severity }) => severity > DiagnosticSeverity.Warning));
    });

    it('of an imported file counts, and no longer once it is put back', async () => {
      const { document } = await open('one/attention.ts');
      await until('no error', () => errors('one/attention.ts').length === 0);
      const imported = await workspace.openTextDocument(uriOf('one/weights.ts'));
      const text = imported.getText();
      try {
        await replace(imported, '[64, 32]', '[64, 48]');
        ok(imported.isDirty);
        const [finding] = await until('an error', () => errors('one/attention.ts').length > 0 && errors('one/attention.ts'));
        equal(finding?.range.start.line, find(document, 'const k').start.line);
      } finally {
        await restore(imported, text);
      }
      await until('no error', () => errors('one/attention.ts').length === 0);
    });

    it('half typed keeps the shapes of what stands before it', async () => {
      const { document } = await open('one/attention.ts');
      const text = document.getText();
      try {
        await replace(document, 'return tf.matMul(weights, x);', 'return tf.matMul(weights, ');
        await until('the shape in a hover', async () => {
          const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, find(document, 'scores').start);
          const words = hovers.flatMap(({ contents }) => contents.map((content) => (content instanceof MarkdownString ? content.value : String(content))));
          return words.join('').includes('b, n, n');
        });
      } finally {
        await restore(document, text);
      }
    });

    it('of a file that has never been saved is read', async () => {
      const content = (await workspace.openTextDocument(uriOf('one/slip.ts'))).getText();
      const document = await workspace.openTextDocument({ language: 'typescript', content });
      await until('a finding', () => findings(document.uri).some(({ code }) => code === 'matmul-mismatch'));
    });
  });
}
