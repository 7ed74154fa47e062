/** The compiler's parser over a text, mended first where it is half typed. */
import { ts } from 'ts-morph';
import type { Span, SyntaxProblem } from '../../program/types';
import { positionAt } from '../common/lines';
import { type Edit, insertedRanges, originalOffset } from './edits';
import { type Scan, scanOf } from './layout';
import { outlineSize, withoutPiece } from './pieces';
import { type Remarks, remarksOf } from './remarks';
import { mend } from './repair';
import { parse } from './trees';

/** A parsed text; offsets are those of the text that was parsed. */
export interface Parsed {
  readonly file: ts.SourceFile;
  readonly remarks: Remarks;
  readonly problems: readonly SyntaxProblem[];
  /** Where the stretch stands in the user's text. */
  between(start: number, end: number): Span;
  /** The stretch was put in by the repair. */
  inserted(start: number, end: number): boolean;
  /** The repair put something in or took something out in the stretch or at its ends. */
  mended(start: number, end: number): boolean;
}

/** Problems told of one file, and texts larger than are mended, in UTF-16 units. */
const MOST_PROBLEMS = 50;
const MENDED_SIZE = 1_000_000;

function diagnosticsOf(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as ts.SourceFile & { readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
}

/** One way to read a text. */
interface Attempt {
  readonly file: ts.SourceFile;
  /** Of the text that was parsed. */
  readonly scan: Scan;
  readonly edits: readonly Edit[];
}

/** Parses; where the mended text reads no worse than the text as it is, that is what is read. */
export function parseSource(path: string, scan: Scan): Parsed {
  const { text } = scan;
  const plain: Attempt = { file: parse(path, text, 'plain'), scan, edits: [] };
  if (text.length > MENDED_SIZE) return parsedOf(path, scan, plain, []);
  const broken = diagnosticsOf(plain.file).length > 0;
  const mended = mendedAttempt(plain, broken, (other) => parse(path, other, 'mended'));
  return broken && diagnosticsOf(mended.file).length > 0 ? withoutWorst(path, plain, mended) : parsedOf(path, scan, mended, []);
}

function mendedAttempt(plain: Attempt, broken: boolean, parseMended: (text: string) => ts.SourceFile): Attempt {
  const { text: mended, edits } = mend(plain.scan, broken);
  if (edits.length === 0) return plain;
  const file = parseMended(mended);
  return diagnosticsOf(file).length <= diagnosticsOf(plain.file).length ? { file, scan: scanOf(mended), edits } : plain;
}

/** Where leaving out one member or statement gives back more than it takes, it is left out. */
function withoutWorst(path: string, plain: Attempt, mended: Attempt): Parsed {
  const { text } = plain.scan;
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
    const alone: Attempt = { file: parse(path, rest, 'rest'), scan: scanOf(rest), edits: [] };
    const attempt = mendedAttempt(alone, diagnosticsOf(alone.file).length > 0, (other) => parse(path, other, 'mendedRest'));
    if (outlineSize(attempt.file) > size) return parsedOf(path, plain.scan, attempt, diagnosticsOf(plain.file));
  }
  return parsedOf(path, plain.scan, mended, []);
}

/** `lines` are those of the text as it is; `told` are the problems of the text as it is, where a piece of it was left out. */
function parsedOf(path: string, { lines }: Scan, { file, scan, edits }: Attempt, told: readonly ts.DiagnosticWithLocation[]): Parsed {
  const inserted = insertedRanges(edits);
  const original = (start: number, end: number): Span => {
    const from = positionAt(lines, start);
    const to = positionAt(lines, end);
    return { file: path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
  const between = edits.length === 0 ? original : (start: number, end: number) => original(originalOffset(edits, start), originalOffset(edits, end));
  return {
    file,
    remarks: remarksOf(scan, between),
    problems: [...problemsOf(told, [], original, original), ...problemsOf(diagnosticsOf(file), edits, original, between)].slice(0, MOST_PROBLEMS),
    between,
    inserted: (start, end) => inserted.some((range) => range.start <= start && end <= range.end && start < end),
    mended: (start, end) => inserted.some((range) => range.start <= end && start <= range.end),
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
