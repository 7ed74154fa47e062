/** Quick fixes: a finding can be silenced on its line and in its file. */
import { CodeAction, CodeActionKind, type Diagnostic, type Disposable, l10n, languages, Position, type TextDocument, WorkspaceEdit } from 'vscode';
import { SOURCE } from './diagnostics';
import { SELECTOR } from './languages';
import { commentsOf, type Insertion, silenceInFile, silenceOnLine } from './silenceText';

const linesOf = (document: TextDocument): string[] => document.getText().split(/\r?\n/);

function editOf(document: TextDocument, { line, column, text }: Insertion): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  edit.insert(document.uri, new Position(line, column), text);
  return edit;
}

/** Whether a finding is one of ours. */
export const isOurFinding = (diagnostic: Diagnostic): boolean => diagnostic.source === SOURCE && typeof diagnostic.code === 'string';

function action(title: string, document: TextDocument, diagnostic: Diagnostic, insertion: Insertion): CodeAction {
  const fix = new CodeAction(title, CodeActionKind.QuickFix);
  fix.diagnostics = [diagnostic];
  fix.edit = editOf(document, insertion);
  return fix;
}

/** The two ways of silencing a finding. */
export function silencingActions(document: TextDocument, diagnostic: Diagnostic): readonly CodeAction[] {
  const code = String(diagnostic.code);
  const lines = linesOf(document);
  const comments = commentsOf(document.languageId);
  return [
    action(l10n.t('Silence {0} on this line', code), document, diagnostic, silenceOnLine(lines, diagnostic.range.start.line, code, comments)),
    action(l10n.t('Silence {0} in this file', code), document, diagnostic, silenceInFile(lines, code, comments)),
  ];
}

/** Offers them beside each squiggle. */
export function offerActions(): Disposable {
  return languages.registerCodeActionsProvider(
    SELECTOR,
    {
      provideCodeActions: (document, _range, context) =>
        context.diagnostics.filter(isOurFinding).flatMap((diagnostic) => silencingActions(document, diagnostic)),
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
}
