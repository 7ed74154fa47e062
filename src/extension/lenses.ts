/** The line above each attention module: run it, what goes in and comes out, what it costs. */
import { CodeLens, type Command, Disposable, EventEmitter, languages, type TextDocument } from 'vscode';
import type { Lens } from '../analysis/types';
import type { Documents } from './documents';
import { fileOfDocument } from './files';
import { SELECTOR } from './languages';
import type { ModuleArgument } from './modules';
import { rangeOf } from './positions';
import { isOn } from './settings';

const COMMANDS: { readonly [action in Lens['action']]: string } = { run: 'attentionShapes.run', sizes: 'attentionShapes.changeSizes', none: '' };

function commandOf(document: TextDocument, { title, tooltip, action, module }: Lens): Command {
  const argument: ModuleArgument = { file: fileOfDocument(document), module };
  return { title, tooltip, command: COMMANDS[action], arguments: [argument] };
}

/** Shows lenses; while a document is typed in, those it has stay until new ones are there. */
export function showLenses(documents: Documents): Disposable {
  const changed = new EventEmitter<void>();
  const provider = languages.registerCodeLensProvider(SELECTOR, {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      if (!isOn(document.uri, 'codeLens')) return [];
      const analysis = await documents.current(document, 'soon', token);
      return analysis?.lenses.map((lens) => new CodeLens(rangeOf(lens.span), commandOf(document, lens)));
    },
  });
  return Disposable.from(
    changed,
    provider,
    documents.onAnalysed(() => changed.fire()),
  );
}
