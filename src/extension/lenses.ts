/** The line above each attention module: run it, what goes in and comes out, what it costs. */
import { CodeLens, type Command, Disposable, EventEmitter, languages, type TextDocument } from 'vscode';
import type { Lens } from '../analysis/types';
import type { Documents } from './documents';
import { SELECTOR } from './languages';
import type { ModuleArgument } from './modules';
import { isOn } from './settings';
import { rangeWithin, type Unit, unitOf } from './units';

const COMMANDS: { readonly [action in Lens['action']]: string } = { run: 'attentionShapes.run', sizes: 'attentionShapes.changeSizes', none: '' };

function commandOf(unit: Unit, { title, tooltip, action, module }: Lens): Command {
  const argument: ModuleArgument = { file: unit.file, module };
  return { title, tooltip: unit.words(tooltip), command: COMMANDS[action], arguments: [argument] };
}

/** The lenses of one of the unit's documents. */
function lensesIn(unit: Unit, document: TextDocument, lenses: readonly Lens[]): CodeLens[] {
  return lenses.flatMap((lens) => {
    const range = rangeWithin(unit, document, lens.span);
    return range ? [new CodeLens(range, commandOf(unit, lens))] : [];
  });
}

/** Shows lenses; while a document is typed in, those it has stay until new ones are there. */
export function showLenses(documents: Documents): Disposable {
  const changed = new EventEmitter<void>();
  const provider = languages.registerCodeLensProvider(SELECTOR, {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      const unit = unitOf(document);
      if (!unit || !isOn(unit.uri, 'codeLens')) return [];
      const analysis = await documents.current(unit, 'soon', token);
      return analysis && lensesIn(unit, document, analysis.lenses);
    },
  });
  return Disposable.from(
    changed,
    provider,
    documents.onAnalysed(() => changed.fire()),
  );
}
