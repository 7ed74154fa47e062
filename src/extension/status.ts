/** The language status item and the keys that menus ask for: both speak of the active editor. */
import { type Command, commands, Disposable, type LanguageStatusItem, LanguageStatusSeverity, l10n, languages, type TextDocument, window } from 'vscode';
import type { Documents, State } from './documents';
import { isOurs, SELECTOR } from './languages';

interface Saying {
  readonly text: string;
  readonly detail?: string;
  readonly severity?: LanguageStatusSeverity;
  readonly command?: Command;
  readonly busy?: boolean;
}

const LOG: Command = { command: 'attentionShapes.showLog', title: l10n.t('Show Log') };
const LIMIT: Command = { command: 'workbench.action.openSettings', title: l10n.t('Change Limit'), arguments: ['attentionShapes.maxFileKilobytes'] };

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} kB`;

function doneSaying(documents: Documents, document: TextDocument): Saying {
  const modules = documents.last(document)?.modules ?? [];
  const attention = modules.filter((module) => module.attention).length;
  const findings = documents.last(document)?.diagnostics.filter(({ severity }) => severity === 'error').length ?? 0;
  return {
    text: modules.length === 1 ? l10n.t('1 block') : l10n.t('{0} blocks', modules.length),
    detail: l10n.t('with attention: {0}, shape errors: {1}', attention, findings),
    command: LOG,
  };
}

function saying(documents: Documents, document: TextDocument, state: State): Saying {
  switch (state.kind) {
    case 'waiting':
    case 'running':
      return { text: l10n.t('Reading shapes'), busy: true };
    case 'done':
      return doneSaying(documents, document);
    case 'unconcerned':
      return { text: l10n.t('No tensors here') };
    case 'too-large':
      return {
        text: l10n.t('File too large'),
        detail: l10n.t('{0}, the limit is {1}', kilobytes(state.bytes), kilobytes(state.limit)),
        severity: LanguageStatusSeverity.Warning,
        command: LIMIT,
      };
    case 'failed':
      return { text: l10n.t('Analysis failed'), detail: state.reason, severity: LanguageStatusSeverity.Error, command: LOG };
  }
}

function say(item: LanguageStatusItem, { text, detail, severity, command, busy }: Saying): void {
  item.text = `$(symbol-array) ${text}`;
  item.detail = detail ?? '';
  item.severity = severity ?? LanguageStatusSeverity.Information;
  item.command = command;
  item.busy = busy ?? false;
}

/** Shows the state of the active document's analysis. */
export function showStatus(documents: Documents): Disposable {
  const item = languages.createLanguageStatusItem('attentionShapes.status', SELECTOR);
  item.name = 'Attention Shapes';
  const keys = new Map<string, boolean>();

  function setKey(key: string, value: boolean): void {
    if (keys.get(key) === value) return;
    keys.set(key, value);
    void commands.executeCommand('setContext', `attentionShapes.${key}`, value);
  }

  function update(): void {
    const document = window.activeTextEditor?.document;
    const modules = (document && documents.last(document)?.modules) ?? [];
    setKey('hasModules', modules.length > 0);
    setKey(
      'hasAttention',
      modules.some((module) => module.attention),
    );
    if (document && isOurs(document)) say(item, saying(documents, document, documents.state(document)));
  }

  update();
  return Disposable.from(
    item,
    window.onDidChangeActiveTextEditor(update),
    documents.onAnalysed((document) => {
      if (document === window.activeTextEditor?.document) update();
    }),
  );
}
