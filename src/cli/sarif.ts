/** Findings as SARIF 2.1.0, for code scanning. https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
import type { CheckedDiagnostic, CheckedFile } from './check';

const LEVEL: { readonly [severity: string]: string } = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** One run with all findings. */
export function sarif(files: readonly CheckedFile[]): unknown {
  const codes = [...new Set(files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].sort();
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'attention-shapes', informationUri: 'https://www.npmjs.com/package/attention-shapes', rules: codes.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap(({ file, diagnostics }) => diagnostics.map((one) => result(file, one))),
      },
    ],
  };
}

const place = (uri: string, region: object) => ({ physicalLocation: { artifactLocation: { uri }, region } });

function result(file: string, one: CheckedDiagnostic): unknown {
  return {
    ruleId: one.code,
    level: LEVEL[one.severity] ?? 'note',
    message: { text: one.message },
    locations: [place(file, { startLine: one.line, startColumn: one.column, endLine: one.endLine, endColumn: one.endColumn })],
    relatedLocations: one.related.map((other, id) => ({
      id,
      message: { text: other.message },
      ...place(other.file, { startLine: other.line, startColumn: other.column }),
    })),
  };
}
