/** What the extension says that it has, it has. */
import { deepEqual, match, ok } from 'node:assert/strict';
import { commands, env, Selection, type TextEditor, window } from 'vscode';
import { extensionUnderTest, find, open, until } from './editor';

const NAME = 'scores';

/** Opens the module with the cursor on a name of it. */
async function atName(name: string): Promise<TextEditor> {
  const editor = await open('one/attention.ts');
  const { start } = find(editor.document, name);
  editor.selection = new Selection(start, start);
  return editor;
}

export function commandSuite(): void {
  describe('commands', () => {
    it('are all registered', async () => {
      const declared = extensionUnderTest().packageJSON.contributes.commands.map(({ command }) => command);
      const registered = new Set(await commands.getCommands(true));
      const missing = declared.filter((command) => !registered.has(command));
      ok(declared.length > 0);
      deepEqual(missing, []);
    });

    it('copy the shape at the cursor', async () => {
      await atName(NAME);
      await env.clipboard.writeText('');
      await commands.executeCommand('attentionShapes.copyShape');
      match(await until('a shape in the clipboard', () => env.clipboard.readText().then((text) => text || undefined)), /^\W?b, n, n\W?$/);
    });

    it('go to where a size was born', async () => {
      const { document } = await atName(NAME);
      const [size] = [find(document, 'x: tf.Tensor3D')];
      await commands.executeCommand('attentionShapes.goToSize', {
        span: {
          file: document.uri.path,
          line: size.start.line + 1,
          column: size.start.character + 1,
          endLine: size.end.line + 1,
          endColumn: size.end.character + 1,
        },
      });
      deepEqual(window.activeTextEditor?.selection.start, size.start);
    });

    it('open a panel for the block at the cursor', async () => {
      await atName(NAME);
      await commands.executeCommand('attentionShapes.run');
      const tab = await until('the panel', () => window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'TokenAttention'));
      await window.tabGroups.close(tab);
    });
  });
}
