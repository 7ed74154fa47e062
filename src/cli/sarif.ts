/** Findings as SARIF 2.1.0, for code scanning. https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
import { DESCRIPTIONS } from '../analysis/words/descriptions';
import type { CheckedDiagnostic, CheckedFile } from './check';

const LEVEL: { readonly [severity: string]: string } = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** Every code that a finding can have, found or not. */
const RULES = Object.entries(DESCRIPTIONS).map(([id, text]) => ({ id, shortDescription: { text } }));
const PLACES = new Map(RULES.map(({ id }, index) => [id, index]));

/** One run with all findings. */
export function sarif(files: readonly CheckedFile[]): unknown {
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'attention-shapes', rules: RULES } },
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
    ruleIndex: PLACES.get(one.code) ?? -1,
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
