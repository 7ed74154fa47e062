/** The TypeScript and JavaScript front end: source text to the small language. Syntax only; it never throws. */
import { ts } from 'ts-morph';
import type { SourceModule, Span, SyntaxProblem } from '../../program/types';
import { classOf } from './classes';
import { expressionOf } from './expressions';
import { functionOf, parametersOf } from './functions';
import { linesOf, positionAt } from './lines';
import type { Reader } from './reader';
import { remarksOf } from './remarks';
import { statementsOf } from './statements';
import { targetOf } from './targets';
import { tokensOf } from './tokens';
import { typeNote } from './types';

/** How deep expressions and statements may nest: beyond, they are unknown. Bounds every later walk too. */
const DEPTH = 200;

function scriptKind(path: string): ts.ScriptKind {
  if (/\.tsx$/i.test(path)) return ts.ScriptKind.TSX;
  if (/\.[cm]?ts$/i.test(path)) return ts.ScriptKind.TS;
  return ts.ScriptKind.JSX;
}

function parse(path: string, text: string): ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(path, text, options, false, scriptKind(path));
}

function parseDiagnostics(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as ts.SourceFile & { readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
}

function readerOf(path: string, text: string, file: ts.SourceFile): Reader {
  const lines = linesOf(text);
  const between = (start: number, end: number): Span => {
    const from = positionAt(lines, start);
    const to = positionAt(lines, end);
    return { file: path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
  let depth = 0;
  const reader: Reader = {
    file,
    remarks: remarksOf(text, lines, tokensOf(text), between),
    between,
    span: (node) => between(node.getStart(file), node.end),
    missing: (node) => node.pos === node.end,
    text: (node) => node.getText(file),
    nested(read, otherwise) {
      if (depth >= DEPTH) return otherwise();
      depth++;
      const result = read();
      depth--;
      return result;
    },
    expression: (node) => expressionOf(reader, node),
    target: (node) => targetOf(reader, node),
    statements: (nodes) => nodes.flatMap((node) => statementsOf(reader, node)),
    body: (node) => (ts.isBlock(node) ? reader.statements(node.statements) : statementsOf(reader, node)),
    parameters: (nodes) => parametersOf(reader, nodes),
    function: (node, named) => functionOf(reader, node, named),
    class: (node, named) => classOf(reader, node, named),
    type: (node) => typeNote(node, (part) => part.getText(file)),
  };
  return reader;
}

/** Lowers one file. */
export function lowerTypeScript(path: string, text: string): SourceModule {
  const file = parse(path, text);
  const reader = readerOf(path, text, file);
  const syntaxProblems: SyntaxProblem[] = parseDiagnostics(file).map(({ start, length, messageText }) => ({
    span: reader.between(start, start + length),
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
  return { path, language: 'typescript', body: reader.statements(file.statements), syntaxProblems, comments: reader.remarks.all };
}
