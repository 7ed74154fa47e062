/** Squiggles: the findings of each open document, those that it has in other files among them. */
import { Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Disposable, type Location, languages, type Uri } from 'vscode';
import type { Diagnostic as Finding } from '../analysis/types';
import type { Documents } from './documents';
import { isOn } from './settings';
import { locationOf, openUnit, type Unit } from './units';

/** What findings are signed with. */
export const SOURCE = 'Attention Shapes';

const SEVERITIES: { readonly [severity in Finding['severity']]: DiagnosticSeverity } = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

interface Placed {
  readonly location: Location;
  readonly diagnostic: Diagnostic;
}

function placed(finding: Finding): Placed {
  const words = (text: string): string => openUnit(finding.span.file)?.words(text) ?? text;
  const location = locationOf(finding.span);
  const diagnostic = new Diagnostic(location.range, words(finding.message), SEVERITIES[finding.severity]);
  diagnostic.source = SOURCE;
  diagnostic.code = finding.code;
  diagnostic.relatedInformation = finding.related.map(({ span, message }) => new DiagnosticRelatedInformation(locationOf(span), words(message)));
  return { location, diagnostic };
}

const placeOf = ({ code, span }: Finding): string => `${code} ${span.line}:${span.column}-${span.endLine}:${span.endColumn}`;

/** Shows findings as they come; a document that is closed takes its own away. */
export function showDiagnostics(documents: Documents): Disposable {
  const collection = languages.createDiagnosticCollection(SOURCE);
  /** Findings by the file whose analysis found them. */
  const found = new Map<string, readonly Finding[]>();
  /** Where those of each file are shown: of a notebook its cells. */
  const shown = new Map<string, readonly Uri[]>();

  function findingsIn(file: string): readonly Finding[] {
    const own = found.get(file);
    const all = own ? [own, ...[...found].filter(([by]) => by !== file).map(([, findings]) => findings)] : [...found.values()];
    const here = all.flat().filter(({ span }) => span.file === file);
    return [...new Map(here.map((finding) => [placeOf(finding), finding])).values()];
  }

  function show(file: string): void {
    const now = findingsIn(file).map(placed);
    const places = new Map([...(shown.get(file) ?? []), ...now.map(({ location }) => location.uri)].map((uri) => [uri.toString(), uri]));
    for (const [key, uri] of places)
      collection.set(
        uri,
        now.filter(({ location }) => location.uri.toString() === key).map(({ diagnostic }) => diagnostic),
      );
    shown.set(file, [...places.values()]);
  }

  function update(unit: Unit): void {
    const by = unit.file;
    const before = found.get(by) ?? [];
    const now = !unit.isClosed && isOn(unit.uri, 'diagnostics') ? (documents.last(unit)?.diagnostics ?? []) : [];
    if (now.length > 0) found.set(by, now);
    else found.delete(by);
    for (const file of new Set([...before, ...now].map(({ span }) => span.file))) show(file);
  }

  return Disposable.from(collection, documents.onAnalysed(update));
}
