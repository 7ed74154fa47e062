/** Findings: where, what, why, and how severe. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { type CodeAction, ConfigurationTarget, commands, DiagnosticSeverity, workspace } from 'vscode';
import { find, findings, open, until, uriOf } from './editor';

export function diagnosticSuite(): void {
  describe('findings', () => {
    it('stand on the operator, with a stable code and both shapes', async () => {
      const { document } = await open('one/slip.ts');
      const [finding] = await until('a finding', () => findings(document.uri).length > 0 && findings(document.uri));
      equal(finding?.code, 'matmul-mismatch');
      equal(finding?.severity, DiagnosticSeverity.Error);
      equal(finding?.range.start.line, find(document, 'return tf.matMul').start.line);
      match(finding?.message ?? '', /\(b, n, c\).*\(b, n, 2\*c\)/);
    });

    it('say where both sizes were born', async () => {
      const { document } = await open('one/slip.ts');
      const [finding] = await until('a finding', () => findings(document.uri).length > 0 && findings(document.uri));
      const related = finding?.relatedInformation ?? [];
      ok(related.length > 0);
      const lines = related.map(({ location }) => location.range.start.line);
      ok(lines.includes(find(document, 'const k').start.line), JSON.stringify(lines));
      ok(related.every(({ location }) => location.uri.toString() === document.uri.toString()));
    });

    it('are none on code that is right', async () => {
      const { document } = await open('one/attention.ts');
      await commands.executeCommand('vscode.executeCodeLensProvider', document.uri);
      deepEqual(
        findings(document.uri).filter(({ severity }) => severity <= DiagnosticSeverity.Warning),
        [],
      );
    });

    it('take the severity that is set for their code', async () => {
      const { document } = await open('one/slip.ts');
      const configuration = () => workspace.getConfiguration('attentionShapes');
      const severityIs = (severity: DiagnosticSeverity) => findings(document.uri).some((one) => one.severity === severity);
      await until('an error', () => severityIs(DiagnosticSeverity.Error));
      await configuration().update('diagnostics.severity', { 'matmul-mismatch': 'information' }, ConfigurationTarget.Workspace);
      await until('an information', () => severityIs(DiagnosticSeverity.Information));
      await configuration().update('diagnostics.severity', { 'matmul-mismatch': 'off' }, ConfigurationTarget.Workspace);
      await until('nothing', () => findings(document.uri).length === 0);
      await configuration().update('diagnostics.severity', undefined, ConfigurationTarget.Workspace);
      await until('an error again', () => severityIs(DiagnosticSeverity.Error));
    });

    it('go when they are switched off', async () => {
      const { document } = await open('one/slip.ts');
      const configuration = () => workspace.getConfiguration('attentionShapes');
      await until('a finding', () => findings(document.uri).length > 0);
      await configuration().update('diagnostics.enabled', false, ConfigurationTarget.Workspace);
      await until('no finding', () => findings(document.uri).length === 0);
      await configuration().update('diagnostics.enabled', undefined, ConfigurationTarget.Workspace);
      await until('a finding again', () => findings(document.uri).length > 0);
    });

    it('offer to be silenced', async () => {
      const { document } = await open('one/slip.ts');
      const [finding] = await until('a finding', () => findings(document.uri).length > 0 && findings(document.uri));
      const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', document.uri, finding?.range, 'quickfix');
      const ours = actions.filter(({ title }) => title.startsWith('Silence'));
      equal(ours.length, 2);
      ok(uriOf('one/slip.ts').path.endsWith('slip.ts'));
    });
  });
}
