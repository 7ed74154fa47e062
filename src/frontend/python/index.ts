/** The Python front end: source text to the small language. Syntax only; it never throws. */
import type { SourceModule, Span, Statement, SyntaxProblem } from '../../program/types';
import { type Lines, linesOf, positionAt } from '../common/lines';
import { unread } from '../common/nodes';
import { LARGEST_KEPT, recentOf } from '../common/recent';
import { withoutConflicts } from './conflicts';
import { expressionOf } from './expressions';
import { functionOf } from './functions';
import { loadParser, type Parse } from './parser';
import { type Piece, piecesOf } from './pieces';
import type { Reader } from './reader';
import { parsePiece, type Recovery, recoveredPiece } from './recover';
import { type Remarks, remarksOf } from './remarks';
import { type Line, scanOf } from './scan';
import { statementsOf } from './statements';
import { targetOf } from './targets';
import type { Node } from './tree';
import { typeNote } from './types';

export { setWasm } from './wasm';

export type LowerPython = (path: string, text: string) => SourceModule;

/** How deep expressions and statements may nest: beyond, they are unknown. Bounds every later walk too. */
const DEPTH = 200;
/** Problems told of one file. */
const MOST_PROBLEMS = 50;

/** Loads the parser; what it gives lowers one file after the other. */
export async function loadPython(): Promise<LowerPython> {
  const parse = await loadParser();
  return (path, text) => lowered(parse, path, text);
}

/** A text with what is told of its places. */
interface Page {
  readonly path: string;
  readonly text: string;
  readonly lines: Lines;
  readonly remarks: Remarks;
  readonly problems: SyntaxProblem[];
  span(start: number, end: number): Span;
}

/** The statements of a piece, and what was told of it. */
interface Kept {
  readonly statements: readonly Statement[];
  readonly problems: readonly SyntaxProblem[];
}

const kept = recentOf<ReadonlyMap<string, Kept>>(8);

function lowered(parse: Parse, path: string, original: string): SourceModule {
  // A lone carriage return ends a line for Python, for editors and not for the parser.
  const whole = original.replace(/\r(?!\n)/g, '\n');
  const { text, marks } = withoutConflicts(whole);
  const lines = linesOf(text);
  const span = (start: number, end: number): Span => {
    const from = positionAt(lines, start);
    const to = positionAt(lines, end);
    return { file: path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
  const scan = scanOf(text);
  const remarks = remarksOf(text, lines, scan.remarks, span);
  const problems: SyntaxProblem[] = marks.map(({ start, end }) => ({ span: span(start, end), message: 'a merge left this mark: its first side is read' }));
  const page: Page = { path, text, lines, remarks, problems, span };
  const body = bodyOf(page, parse, scan.lines);
  problems.sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
  return { path, language: 'python', body, syntaxProblems: problems.slice(0, MOST_PROBLEMS), comments: remarks.all, exportsAll: true };
}

/** Lowers piece by piece; of those that stand as they stood in the file's last text, what they were lowered to is kept. */
function bodyOf(page: Page, parse: Parse, lines: readonly Line[]): Statement[] {
  const before = page.text.length > LARGEST_KEPT ? undefined : kept.take(page.path);
  const now = new Map<string, Kept>();
  const statements: Statement[] = [];
  let careful = false;
  let end = 0;
  let pieces = piecesOf(page.text, lines, true);
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] as Piece;
    const id = identity(page, piece, end, pieces[at + 1]?.start, careful);
    const known = before?.get(id) ?? fresh(page, parse, piece, careful);
    if (!known) {
      // A bracket or a string may have been left open here: what follows is read with that in mind.
      careful = true;
      pieces = piecesOf(page.text, scanOf(page.text, true, piece.start).lines, true);
      at = -1;
      continue;
    }
    end = piece.end;
    now.set(id, known);
    statements.push(...known.statements);
    page.problems.push(...known.problems);
  }
  if (page.text.length <= LARGEST_KEPT) kept.put(page.path, now);
  return statements;
}

/** Where a piece stands and its text, with the comments before it and behind it. */
function identity({ text, lines }: Page, piece: Piece, from: number, to: number | undefined, careful: boolean): string {
  const { line, column } = positionAt(lines, from);
  return `${line}:${column}:${piece.start - from}:${careful}:${text.slice(from, to ?? text.length)}`;
}

/** Lowers a piece; undefined where it does not parse and was not read carefully. */
function fresh(page: Page, parse: Parse, piece: Piece, careful: boolean): Kept | undefined {
  const problems: SyntaxProblem[] = [];
  const recovery: Recovery = {
    text: page.text,
    parse,
    problem: (start, end, message) => void problems.push({ span: page.span(start, end), message }),
  };
  if (!careful) {
    const parsed = parsePiece(recovery, piece);
    if (!parsed || parsed.broken) return undefined;
    return { statements: readerOf(page, problems).block(parsed.root), problems };
  }
  const nodes = recoveredPiece(recovery, piece);
  const reader = readerOf(page, problems);
  return { statements: nodes.flatMap((node) => statementsOf(reader, node)), problems };
}

function readerOf(page: Page, problems: SyntaxProblem[]): Reader {
  let depth = 0;
  let outer: ReadonlySet<string> = new Set();
  const startOf = (node: Node): number => node.source.original(node.start);
  const endOf = (node: Node): number => node.source.original(node.end);
  const problem = (node: Node, message: string) => void problems.push({ span: reader.span(node), message });
  const reader: Reader = {
    span: (node) => page.span(startOf(node), endOf(node)),
    spanOver: (first, last) => page.span(startOf(first), endOf(last)),
    comment: (first, last) => page.remarks.of(startOf(first), endOf(last)),
    commentBehind: (node) => page.remarks.behind(endOf(node)),
    problem,
    nested(read, otherwise, levels = 1) {
      if (depth + levels > DEPTH) return otherwise();
      const before = depth;
      depth += levels;
      const result = read();
      depth = before;
      return result;
    },
    tooDeep(node) {
      const span = reader.span(node);
      if (problems.at(-1)?.span.line !== span.line) problem(node, 'the source nests too deeply here');
      return unread('the source is nested too deeply here', span);
    },
    expression: (node) => expressionOf(reader, node),
    target: (node) => targetOf(reader, node),
    block: (node) => (node?.children ?? []).flatMap((statement) => statementsOf(reader, statement)),
    function: (node, how) => functionOf(reader, node, how),
    type: (node) => typeNote(node),
    within(names, read) {
      const before = outer;
      outer = names;
      const result = read();
      outer = before;
      return result;
    },
    isOuter: (name) => outer.has(name),
  };
  return reader;
}
