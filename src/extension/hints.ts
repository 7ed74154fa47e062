/** Inlay hints behind assigned names. While a document is typed in, the editor keeps those it has until ours have come. */
import { Disposable, EventEmitter, InlayHint, InlayHintKind, languages, MarkdownString } from 'vscode';
import type { InlayHint as Hint } from '../analysis/types';
import type { Documents } from './documents';
import { SELECTOR } from './languages';
import { positionOf } from './positions';
import { isOn } from './settings';

function hintOf(hint: Hint): InlayHint {
  const inlay = new InlayHint(positionOf(hint), hint.label, InlayHintKind.Type);
  inlay.tooltip = new MarkdownString(hint.tooltip);
  return inlay;
}

/** Shows the shapes of assigned names in the text. */
export function showHints(documents: Documents): Disposable {
  const changed = new EventEmitter<void>();
  const provider = languages.registerInlayHintsProvider(SELECTOR, {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, range, token) {
      if (!isOn(document.uri, 'hints')) return [];
      const analysis = await documents.current(document, 'soon', token);
      return analysis?.hints.map(hintOf).filter((hint) => range.contains(hint.position));
    },
  });
  return Disposable.from(
    changed,
    provider,
    documents.onAnalysed(() => changed.fire()),
  );
}
