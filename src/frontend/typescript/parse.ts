/** The compiler's parser over a text, mended first where it is half typed. */
import { ts } from 'ts-morph';
import type { Span, SyntaxProblem } from '../../program/types';
import { type Edit, insertedRanges, originalOffset } from './edits';
import { linesOf, positionAt } from './lines';
import { outlineSize, withoutPiece } from './pieces';
import { type Remarks, remarksOf } from './remarks';
import { mend } from './repair';
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

/** One way to read a text. */
interface Attempt {
  readonly file: ts.SourceFile;
  readonly edits: readonly Edit[];
}

/** Parses; where the mended text reads no worse than the text as it is, that is what is read. */
export function parseSource(path: string, text: string): Parsed {
  const plain: Attempt = { file: parse(path, text), edits: [] };
  if (text.length > MENDED_SIZE) return parsedOf(path, text, plain, []);
  const broken = diagnosticsOf(plain.file).length > 0;
  const mended = mendedAttempt(path, text, plain, broken);
  return broken && diagnosticsOf(mended.file).length > 0 ? withoutWorst(path, text, plain, mended) : parsedOf(path, text, mended, []);
}

function mendedAttempt(path: string, text: string, plain: Attempt, broken: boolean): Attempt {
  const { text: mended, edits } = mend(text, broken);
  if (edits.length === 0) return plain;
  const file = parse(path, mended);
  return diagnosticsOf(file).length <= diagnosticsOf(plain.file).length ? { file, edits } : plain;
}

/** Where leaving out one member or statement gives back more than it takes, it is left out. */
function withoutWorst(path: string, text: string, plain: Attempt, mended: Attempt): Parsed {
  const size = outlineSize(mended.file);
  const [first] = diagnosticsOf(plain.file);
  const [left] = diagnosticsOf(mended.file);
  const suspects = [
    ...(first ? [first.start] : []),
    ...mended.edits.slice(0, 1).map(({ at }) => at),
    ...(left ? [originalOffset(mended.edits, left.start)] : []),
  ];
  for (const suspect of new Set(suspects)) {
    const rest = withoutPiece(text, suspect);
    if (rest === undefined) continue;
    const alone: Attempt = { file: parse(path, rest), edits: [] };
    const attempt = mendedAttempt(path, rest, alone, diagnosticsOf(alone.file).length > 0);
    if (outlineSize(attempt.file) > size) return parsedOf(path, text, attempt, diagnosticsOf(plain.file));
  }
  return parsedOf(path, text, mended, []);
}

/** `told` are the problems of the text as it is, where a piece of it was left out. */
function parsedOf(path: string, text: string, { file, edits }: Attempt, told: readonly ts.DiagnosticWithLocation[]): Parsed {
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
    problems: [...problemsOf(told, [], original, original), ...problemsOf(diagnosticsOf(file), edits, original, between)].slice(0, MOST_PROBLEMS),
    between,
    inserted: (start, end) => inserted.some((range) => range.start <= start && end <= range.end && start < end),
  };
}

type Place = (start: number, end: number) => Span;

function problemsOf(diagnostics: readonly ts.DiagnosticWithLocation[], edits: readonly Edit[], original: Place, between: Place): SyntaxProblem[] {
  const mended = edits.map(({ at, drop, message }) => ({ span: original(at, at + drop), message }));
  const told = diagnostics.map(({ start, length, messageText }) => ({
    span: between(start, start + length),
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
  return [...mended, ...told].sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
}
