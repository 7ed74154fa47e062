/** The compiler's parser over a text, mended first where it is half typed. */
import { ts } from 'ts-morph';
import type { Span, SyntaxProblem } from '../../program/types';
import { linesOf, positionAt } from './lines';
import { type Remarks, remarksOf } from './remarks';
import { type Edit, insertedRanges, mend, originalOffset } from './repair';
import { tokensOf } from './tokens';

/** A parsed text; offsets are those of the text that was parsed. */
export interface Parsed {
  readonly file: ts.SourceFile;
  readonly remarks: Remarks;
  readonly problems: readonly SyntaxProblem[];
  /** Where the stretch stands in the user's text. */
  between(start: number, end: number): Span;
  /** The stretch was put in by the repair. */
  inserted(start: number, end: number): boolean;
}

/** Problems told of one file, and texts larger than are mended, in UTF-16 units. */
const MOST_PROBLEMS = 50;
const MENDED_SIZE = 1_000_000;

function scriptKind(path: string): ts.ScriptKind {
  if (/\.tsx$/i.test(path)) return ts.ScriptKind.TSX;
  return /\.[cm]?ts$/i.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JSX;
}

function parse(path: string, text: string): ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(path, text, options, false, scriptKind(path));
}

/** The parser keeps state between files that a stack overflow leaves behind: an empty file clears it. */
export function resetParser(): void {
  parse('empty.ts', '');
}

function diagnosticsOf(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as ts.SourceFile & { readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
}

/** Parses; where the mended text reads no worse than the text as it is, that is what is read. */
export function parseSource(path: string, text: string): Parsed {
  const plain = parse(path, text);
  if (text.length > MENDED_SIZE) return parsedOf(path, text, plain, []);
  const broken = diagnosticsOf(plain).length;
  const { text: mended, edits } = mend(text, broken > 0);
  if (edits.length === 0) return parsedOf(path, text, plain, []);
  const file = parse(path, mended);
  return diagnosticsOf(file).length <= broken ? parsedOf(path, text, file, edits) : parsedOf(path, text, plain, []);
}

function parsedOf(path: string, text: string, file: ts.SourceFile, edits: readonly Edit[]): Parsed {
  const lines = linesOf(text);
  const parsedLines = edits.length === 0 ? lines : linesOf(file.text);
  const inserted = insertedRanges(edits);
  const original = (start: number, end: number): Span => {
    const from = positionAt(lines, start);
    const to = positionAt(lines, end);
    return { file: path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
  const between = edits.length === 0 ? original : (start: number, end: number) => original(originalOffset(edits, start), originalOffset(edits, end));
  return {
    file,
    remarks: remarksOf(file.text, parsedLines, tokensOf(file.text), between),
    problems: problemsOf(file, edits, original, between).slice(0, MOST_PROBLEMS),
    between,
    inserted: (start, end) => inserted.some((range) => range.start <= start && end <= range.end && start < end),
  };
}

type Place = (start: number, end: number) => Span;

function problemsOf(file: ts.SourceFile, edits: readonly Edit[], original: Place, between: Place): SyntaxProblem[] {
  const mended = edits.map(({ at, drop, message }) => ({ span: original(at, at + drop), message }));
  const told = diagnosticsOf(file).map(({ start, length, messageText }) => ({
    span: between(start, start + length),
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
  return [...mended, ...told].sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
}
