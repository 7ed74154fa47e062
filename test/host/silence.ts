/** The quick fixes that silence a finding do so. */
import { ok } from 'node:assert/strict';
import { type CodeAction, commands, type TextDocument, workspace } from 'vscode';
import { findings, open, restore, until } from './editor';

async function silenceWith(document: TextDocument, part: string): Promise<void> {
  const [finding] = await until('a finding', () => findings(document.uri).length > 0 && findings(document.uri));
  const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', document.uri, finding?.range, 'quickfix');
  const action = actions.find(({ title }) => title.startsWith('Silence') && title.includes(part));
  ok(action?.edit, `no action with ${part}`);
  await workspace.applyEdit(action.edit);
}

export function silenceSuite(): void {
  describe('silencing', () => {
    for (const part of ['on this line', 'in this file']) {
      it(`works ${part}, and is undone with its comment`, async () => {
        const { document } = await open('one/slip.ts');
        const text = document.getText();
        try {
          await silenceWith(document, part);
          ok(document.getText().includes('attention-shapes-disable'));
          await until('silence', () => findings(document.uri).length === 0);
        } finally {
          await restore(document, text);
        }
        await until('the finding again', () => findings(document.uri).length > 0);
      });
    }
  });
}
