/** A text as it is read: its places, its comments, and its pieces lowered one by one. */
import type { Span, Statement, SyntaxProblem } from '../../program/types';
import { type Lines, linesOf, positionAt } from '../common/lines';
import { unread } from '../common/nodes';
import { withoutConflicts } from './conflicts';
import { expressionOf } from './expressions';
import { functionOf } from './functions';
import type { Parse } from './parser';
import type { Piece } from './pieces';
import type { Reader } from './reader';
import { parsePiece, type Recovery, recoveredPiece } from './recover';
import { type Remarks, remarksOf } from './remarks';
import { type Line, scanOf } from './scan';
import { statementsOf } from './statements';
import { targetOf } from './targets';
import type { Node } from './tree';
import { typeNote } from './types';

/** How deep expressions and statements may nest: beyond, they are unknown. Bounds every later walk too. */
const DEPTH = 200;

/** A text with what is told of its places. */
export interface Page {
  readonly path: string;
  readonly text: string;
  readonly lines: Lines;
  readonly remarks: Remarks;
  /** What is told of the text as a whole. */
  readonly problems: readonly SyntaxProblem[];
  /** Its logical lines. */
  readonly logical: readonly Line[];
  span(start: number, end: number): Span;
}

/** The statements of a piece, and what was told of it. */
export interface Lowered {
  readonly statements: readonly Statement[];
  readonly problems: readonly SyntaxProblem[];
}

/** Lays a text out. */
export function pageOf(path: string, original: string): Page {
  // A lone carriage return ends a line for Python, for editors and not for the parser.
  const { text, marks } = withoutConflicts(original.replace(/\r(?!\n)/g, '\n'));
  const lines = linesOf(text);
  const span = (start: number, end: number): Span => {
    const from = positionAt(lines, start);
    const to = positionAt(lines, end);
    return { file: path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
  const { lines: logical, remarks } = scanOf(text);
  const problems = marks.map(({ start, end }) => ({ span: span(start, end), message: 'a merge left this mark: its first side is read' }));
  return { path, text, lines, logical, remarks: remarksOf(text, lines, remarks, span), problems, span };
}

/** Lowers a piece; undefined where it does not parse and was not read carefully. */
export function loweredPiece(page: Page, parse: Parse, piece: Piece, careful: boolean): Lowered | undefined {
  const problems: SyntaxProblem[] = [];
  const recovery: Recovery = {
    text: page.text,
    parse,
    problem: (start, end, message) => void problems.push({ span: page.span(start, end), message }),
    told: () => problems.length,
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
