/** The language status item and the keys that menus ask for: both speak of the active editor. */
import { type Command, commands, Disposable, type LanguageStatusItem, LanguageStatusSeverity, l10n, languages, window } from 'vscode';
import type { Documents, State } from './documents';
import { SELECTOR } from './languages';
import { type Unit, unitOf } from './units';

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

function doneSaying(documents: Documents, unit: Unit): Saying {
  const modules = documents.last(unit)?.modules ?? [];
  const attention = modules.filter((module) => module.attention).length;
  const findings = documents.last(unit)?.diagnostics.filter(({ severity }) => severity === 'error').length ?? 0;
  return {
    text: modules.length === 1 ? l10n.t('1 block') : l10n.t('{0} blocks', modules.length),
    detail: l10n.t('with attention: {0}, shape errors: {1}', attention, findings),
    command: LOG,
  };
}

function saying(documents: Documents, unit: Unit, state: State): Saying {
  switch (state.kind) {
    case 'waiting':
    case 'running':
      return { text: l10n.t('Reading shapes'), busy: true };
    case 'done':
      return doneSaying(documents, unit);
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

  const activeUnit = (): Unit | undefined => window.activeTextEditor && unitOf(window.activeTextEditor.document);

  function update(): void {
    const unit = activeUnit();
    const modules = (unit && documents.last(unit)?.modules) ?? [];
    setKey('hasModules', modules.length > 0);
    setKey(
      'hasAttention',
      modules.some((module) => module.attention),
    );
    if (unit) say(item, saying(documents, unit, documents.state(unit)));
  }

  update();
  return Disposable.from(
    item,
    window.onDidChangeActiveTextEditor(update),
    documents.onAnalysed((unit) => {
      if (unit === activeUnit()) update();
    }),
  );
}
