/** Squiggles: the findings of each open document, those that it has in other files among them. */
import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Disposable, languages, type TextDocument } from 'vscode';
import type { Diagnostic as Finding } from '../analysis/types';
import type { Documents } from './documents';
import { fileOfDocument, uriOf } from './files';
import { locationOf, rangeOf } from './positions';
import { isOn } from './settings';

/** What findings are signed with. */
export const SOURCE = 'Attention Shapes';

const SEVERITIES: { readonly [severity in Finding['severity']]: DiagnosticSeverity } = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

function diagnosticOf(finding: Finding): Diagnostic {
  const diagnostic = new Diagnostic(rangeOf(finding.span), finding.message, SEVERITIES[finding.severity]);
  diagnostic.source = SOURCE;
  diagnostic.code = finding.code;
  diagnostic.relatedInformation = finding.related.map(({ span, message }) => new DiagnosticRelatedInformation(locationOf(span), message));
  return diagnostic;
}

const placeOf = ({ code, span }: Finding): string => `${code} ${span.line}:${span.column}-${span.endLine}:${span.endColumn}`;

/** Shows findings as they come; a document that is closed takes its own away. */
export function showDiagnostics(documents: Documents): Disposable {
  const collection = languages.createDiagnosticCollection(SOURCE);
  /** Findings by the document whose analysis found them. */
  const found = new Map<string, readonly Finding[]>();

  function findingsIn(file: string): readonly Finding[] {
    const own = found.get(file);
    const all = own ? [own, ...[...found].filter(([by]) => by !== file).map(([, findings]) => findings)] : [...found.values()];
    const here = all.flat().filter(({ span }) => span.file === file);
    return [...new Map(here.map((finding) => [placeOf(finding), finding])).values()];
  }

  function update(document: TextDocument): void {
    const by = fileOfDocument(document);
    const before = found.get(by) ?? [];
    const now = !document.isClosed && isOn(document.uri, 'diagnostics') ? (documents.last(document)?.diagnostics ?? []) : [];
    if (now.length > 0) found.set(by, now);
    else found.delete(by);
    for (const file of new Set([...before, ...now].map(({ span }) => span.file))) collection.set(uriOf(file), findingsIn(file).map(diagnosticOf));
  }

  return Disposable.from(collection, documents.onAnalysed(update));
}
