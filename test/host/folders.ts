/** Several folders in one workspace: each with its own files and its own settings. */
import { equal, ok } from 'node:assert/strict';
import { DiagnosticSeverity } from 'vscode';
import { findings, open, until, uriOf } from './editor';

export function folderSuite(): void {
  describe('two folders', () => {
    it('import their own files', async () => {
      await open('two/attention.ts');
      await until('an error in the second', () => findings(uriOf('two/attention.ts'), DiagnosticSeverity.Error).length > 0);
      await open('one/attention.ts');
      equal(findings(uriOf('one/attention.ts'), DiagnosticSeverity.Error).length, 0);
    });

    it('have their own settings', async () => {
      await open('one/slip.ts');
      await open('two/slip.ts');
      const [one, two] = await until('both findings', () => {
        const found = ['one/slip.ts', 'two/slip.ts'].map((path) => findings(uriOf(path))[0]);
        return found.every(Boolean) && found;
      });
      ok(one && two);
      equal(one.severity, DiagnosticSeverity.Error);
      equal(two.severity, DiagnosticSeverity.Warning);
    });
  });
}
