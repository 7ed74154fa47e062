/** The Python front end: source text to the small language. Syntax only; it never throws. */
import type { SourceModule, Statement, SyntaxProblem } from '../../program/types';
import { positionAt } from '../common/lines';
import { LARGEST_KEPT, recentOf } from '../common/recent';
import { type Outline, outlineOf, type Words, wordsIn } from './outline';
import { type Lowered, loweredPiece, type Page, pageOf } from './page';
import { loadParser, type Parse } from './parser';
import { type Piece, piecesOf } from './pieces';
import { scanOf } from './scan';

export type { Outline, OutlineMethod, OutlinePiece, Words } from './outline';

/** Problems told of one file. */
const MOST_PROBLEMS = 50;

/** What reads Python. */
export interface PythonFrontEnd {
  /** Lowers one file. */
  lower(path: string, text: string): SourceModule;
  /** What a file has at its top, lowered by need. */
  outline(path: string, text: string): Outline;
  /** The names that a text speaks of, each with the members that are asked of it. */
  words(text: string): readonly Words[];
}

/** Loads the parser with its grammar. */
export async function loadPython(): Promise<PythonFrontEnd> {
  const parse = await loadParser();
  return { lower: (path, text) => lowered(parse, path, text), outline: (path, text) => outlineOf(parse, path, text), words: wordsIn };
}

const kept = recentOf<ReadonlyMap<string, Lowered>>(8);

function lowered(parse: Parse, path: string, text: string): SourceModule {
  const page = pageOf(path, text);
  const problems = [...page.problems];
  const body = bodyOf(page, parse, problems);
  problems.sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
  return { path, language: 'python', body, syntaxProblems: problems.slice(0, MOST_PROBLEMS), comments: page.remarks.all, exportsAll: true };
}

/** Lowers piece by piece; of those that stand as they stood in the file's last text, what they were lowered to is kept. */
function bodyOf(page: Page, parse: Parse, problems: SyntaxProblem[]): Statement[] {
  const before = page.text.length > LARGEST_KEPT ? undefined : kept.take(page.path);
  const now = new Map<string, Lowered>();
  const statements: Statement[] = [];
  let careful = false;
  let end = 0;
  let pieces = piecesOf(page.text, page.logical, true);
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] as Piece;
    const id = identity(page, piece, end, pieces[at + 1]?.start, careful);
    const known = before?.get(id) ?? loweredPiece(page, parse, piece, careful);
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
    problems.push(...known.problems);
  }
  if (page.text.length <= LARGEST_KEPT) kept.put(page.path, now);
  return statements;
}

/** Where a piece stands and its text, with the comments before it and behind it. */
function identity({ text, lines }: Page, piece: Piece, from: number, to: number | undefined, careful: boolean): string {
  const { line, column } = positionAt(lines, from);
  return `${line}:${column}:${piece.start - from}:${careful}:${text.slice(from, to ?? text.length)}`;
}
