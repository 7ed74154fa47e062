/** `Change Sizes`: the example sizes of a module, by symbol, kept in the workspace. */
import { l10n, window } from 'vscode';
import type { ModuleForRun } from '../../protocol/messages';
import type { Ask } from '../analyser';
import type { Documents } from '../documents';
import { chooseModule } from '../modules';
import type { SizeStore } from '../sizes';
import { formatSizes, parseSizes, type SizesProblem } from '../sizesText';

function wordsOf(problem: SizesProblem, symbols: readonly string[]): string {
  if (problem.code === 'form') return l10n.t('“{0}” is not of the form name=size.', problem.part);
  if (problem.code === 'unknown') return l10n.t('There is no size “{0}” here: {1}.', problem.symbol, symbols.join(', '));
  return l10n.t('The size of “{0}” must be a whole number of at least 0, not “{1}”.', problem.symbol, problem.value);
}

async function ask(module: string, run: ModuleForRun): Promise<string | undefined> {
  const symbols = run.graph.symbols.map(({ name }) => name);
  return window.showInputBox({
    title: l10n.t('Sizes of {0}', module),
    prompt: run.reason ?? l10n.t('Symbols: {0}. Empty: back to the sizes that the code gives.', symbols.join(', ')),
    value: formatSizes(run.sizes ?? Object.fromEntries(run.graph.symbols.map(({ name, example }) => [name, example ?? 1]))),
    validateInput(text) {
      const read = parseSizes(text, symbols);
      return 'problem' in read ? wordsOf(read.problem, symbols) : undefined;
    },
  });
}

/** Asks for sizes and keeps them. */
export async function changeSizes(documents: Documents, askWorker: Ask, store: SizeStore, argument: unknown): Promise<void> {
  const chosen = await chooseModule(documents, argument);
  if (!chosen) return;
  const { file } = chosen.unit;
  await documents.current(chosen.unit, 'now');
  const run = await askWorker({ kind: 'graph', file, module: chosen.module });
  if (!run) return void window.showWarningMessage(l10n.t('{0} is no longer there.', chosen.module));
  const text = await ask(chosen.module, run);
  if (text === undefined) return;
  const read = parseSizes(
    text,
    run.graph.symbols.map(({ name }) => name),
  );
  if ('sizes' in read) await store.choose(file, chosen.module, read.sizes);
}
