/** The TypeScript and JavaScript front end: source text to the small language. Syntax only; it never throws. */
import { ts } from 'ts-morph';
import type { SourceModule, SyntaxProblem } from '../../program/types';
import { unread } from '../common/nodes';
import { classOf } from './classes';
import { expressionOf } from './expressions';
import { functionOf, parametersOf } from './functions';
import { loweredBody } from './kept';
import { nestingOf, scanOf } from './layout';
import { type Parsed, parseSource } from './parse';
import type { Reader } from './reader';
import { statementsOf } from './statements';
import { targetOf } from './targets';
import { resetParser } from './trees';
import { typeNote } from './types';

/** How deep expressions and statements may nest: beyond, they are unknown. Bounds every later walk too. */
const DEPTH = 200;

/** How often a file says that it nests too deeply. */
const MOST_CUTS = 20;

/** How deep brackets may nest: the compiler's parser recurses. */
const NESTING = 250;

function readerOf(parsed: Parsed, cuts: SyntaxProblem[]): Reader {
  const { file, between } = parsed;
  let depth = 0;
  const reader: Reader = {
    file,
    remarks: parsed.remarks,
    between,
    span: (node) => between(node.getStart(file), node.end),
    missing: (node) => node.pos === node.end || parsed.inserted(node.getStart(file), node.end),
    unclosed: (node) => parsed.inserted(node.end - 1, node.end),
    text: (node) => node.getText(file),
    nested(read, otherwise, levels = 1) {
      if (depth + levels > DEPTH) return otherwise();
      const before = depth;
      depth += levels;
      const result = read();
      depth = before;
      return result;
    },
    tooDeep(span) {
      if (cuts.at(-1)?.span.line !== span.line) cuts.push({ span, message: 'the source nests too deeply here' });
      return unread('the source is nested too deeply here', span);
    },
    expression: (node) => expressionOf(reader, node),
    target: (node) => targetOf(reader, node),
    statements: (nodes) => nodes.flatMap((node) => statementsOf(reader, node)),
    body: (node) => (ts.isBlock(node) ? reader.statements(node.statements) : statementsOf(reader, node)),
    parameters: (nodes, doc) => parametersOf(reader, nodes, doc),
    function: (node, named) => functionOf(reader, node, named),
    class: (node, named) => classOf(reader, node, named),
    type: (node) => typeNote(node, (part) => part.getText(file)),
  };
  return reader;
}

/** A file that cannot be read at all, and why. */
function unreadable(path: string, message: string): SourceModule {
  const span = { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { path, language: 'typescript', body: [], syntaxProblems: [{ span, message }], comments: [] };
}

/** Lowers one file. */
export function lowerTypeScript(path: string, text: string): SourceModule {
  const scan = scanOf(text);
  if (nestingOf(scan) > NESTING) return unreadable(path, `brackets nest more than ${NESTING} deep: the file is not read`);
  // The compiler's parser recurses: a source that nests too deeply in other ways ends its stack, or the text that stood here before did.
  return attempt(path, scan) ?? attempt(path, scan) ?? unreadable(path, 'the source nests too deeply: the file is not read');
}

/** Undefined where the stack ended: the next attempt parses from the start. */
function attempt(path: string, scan: ReturnType<typeof scanOf>): SourceModule | undefined {
  try {
    return lowered(path, scan);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    resetParser();
    return undefined;
  }
}

function lowered(path: string, scan: ReturnType<typeof scanOf>): SourceModule {
  const parsed = parseSource(path, scan);
  const cuts: SyntaxProblem[] = [];
  const reader = readerOf(parsed, cuts);
  const body = loweredBody(
    path,
    parsed,
    (node) => reader.statements([node]),
    () => cuts.length,
  );
  return { path, language: 'typescript', body, syntaxProblems: [...parsed.problems, ...cuts.slice(0, MOST_CUTS)], comments: reader.remarks.all };
}
