/** Inlay hints behind assigned names. While a document is typed in, the editor keeps those it has until ours have come. */
import { Disposable, EventEmitter, InlayHint, InlayHintKind, languages, MarkdownString, type Position, type Range, type TextDocument } from 'vscode';
import type { InlayHint as Hint } from '../analysis/types';
import type { Documents } from './documents';
import { SELECTOR } from './languages';
import { isOn } from './settings';
import { rangeWithin, type Unit, unitOf } from './units';

function hintOf(unit: Unit, hint: Hint, position: Position): InlayHint {
  const inlay = new InlayHint(position, hint.label, InlayHintKind.Type);
  inlay.tooltip = new MarkdownString(unit.words(hint.tooltip));
  return inlay;
}

/** The hints of one of the unit's documents that stand in a range of it. */
function hintsIn(unit: Unit, document: TextDocument, hints: readonly Hint[], range: Range): InlayHint[] {
  return hints.flatMap((hint) => {
    const position = rangeWithin(unit, document, { ...hint, endLine: hint.line, endColumn: hint.column })?.start;
    return position && range.contains(position) ? [hintOf(unit, hint, position)] : [];
  });
}

/** Shows the shapes of assigned names in the text. */
export function showHints(documents: Documents): Disposable {
  const changed = new EventEmitter<void>();
  const provider = languages.registerInlayHintsProvider(SELECTOR, {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, range, token) {
      const unit = unitOf(document);
      if (!unit || !isOn(unit.uri, 'hints')) return [];
      const analysis = await documents.current(unit, 'soon', token);
      return analysis && hintsIn(unit, document, analysis.hints, range);
    },
  });
  return Disposable.from(
    changed,
    provider,
    documents.onAnalysed(() => changed.fire()),
  );
}
