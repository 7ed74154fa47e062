/** What a file has at its top, without reading it all: a statement is lowered when something needs a name that it binds. */
import type { SourceModule, Statement } from '../../program/types';
import { namesOf } from '../../program/walk';
import { loweredPiece, type Page, pageOf } from './page';
import type { Parse } from './parser';
import { type Piece, piecesOf } from './pieces';
import { scanOf } from './scan';

/** One statement at the top of a file. */
export interface OutlinePiece {
  /** The names that it binds there. */
  readonly binds: readonly string[];
  /** It binds nothing, or more than it says: what it does, it does to what others bind. */
  readonly acts: boolean;
  readonly isImport: boolean;
  /** What it speaks of: names, each with the members that are asked of it. */
  words(): readonly (readonly string[])[];
  /** The statement, lowered. */
  statements(): readonly Statement[];
}

export interface Outline {
  readonly pieces: readonly OutlinePiece[];
  /** The file with these statements alone. */
  module(body: readonly Statement[]): SourceModule;
}

/** Lays a file out. */
export function outlineOf(parse: Parse, path: string, text: string): Outline {
  const page = pageOf(path, text);
  return {
    pieces: piecesOf(page.text, page.logical, false).map((piece) => pieceOf(page, parse, piece)),
    module: (body) => ({ path, language: 'python', body, syntaxProblems: [], comments: page.remarks.all, exportsAll: true }),
  };
}

const DEFINITION = /^(?:async[ \t]+)?(?:def|class)[ \t]+([^\W\d][\w\u0080-\uffff]*)/;
const BINDING = /^([A-Za-z_][\w\u0080-\uffff]*)[ \t]*(?::[^=\n]*)?=(?!=)/;

function pieceOf(page: Page, parse: Parse, piece: Piece): OutlinePiece {
  const known = boundBy(page.text, piece);
  let lowered: readonly Statement[] | undefined;
  let spoken: readonly (readonly string[])[] | undefined;
  const statements = () => {
    lowered ??= loweredAlone(page, parse, piece);
    return lowered;
  };
  const words = () => {
    spoken ??= wordsIn(page.text.slice(piece.start, piece.end));
    return spoken;
  };
  if (known !== undefined) return { binds: [known], acts: false, isImport: false, words, statements };
  const own = statements();
  const isImport = own.length > 0 && own.every(({ kind }) => kind === 'import');
  return { binds: own.flatMap(bindsOf), acts: !isImport && !isDry(page.text, piece, own), isImport, words, statements };
}

/** The name that a definition or a plain assignment binds, as it is written. */
function boundBy(text: string, { lines }: Piece): string | undefined {
  const head = lines.find(({ start }) => text[start] !== '@');
  if (!head) return undefined;
  const line = text.slice(head.start, Math.min(head.end, head.start + 400));
  return (DEFINITION.exec(line) ?? (lines.length === 1 ? BINDING.exec(line) : null))?.[1];
}

/** A call for its effect on what it is told of, such as a registration, or what runs only where the file is the program. */
function isDry(text: string, { start, end }: Piece, statements: readonly Statement[]): boolean {
  if (/^if\s+__name__\s*==/.test(text.slice(start, Math.min(end, start + 40)))) return true;
  const [only, more] = statements;
  return !more && (!only || (only.kind === 'expression' && only.expression.kind !== 'assignment' && !callsMember(only.expression)));
}

const callsMember = (expression: { readonly kind: string; readonly callee?: { readonly kind: string } }): boolean =>
  expression.kind === 'call' && expression.callee?.kind === 'attribute';

function loweredAlone(page: Page, parse: Parse, piece: Piece): readonly Statement[] {
  const whole = loweredPiece(page, parse, piece, false);
  if (whole) return whole.statements;
  const careful = piecesOf(page.text, scanOf(page.text, true, piece.start, piece.end).lines, false);
  return careful.flatMap((part) => loweredPiece(page, parse, part, true)?.statements ?? []);
}

/** The names that a statement binds where it stands, in its branches too. */
function bindsOf(statement: Statement): string[] {
  const names: string[] = [];
  const rest: Statement[] = [statement];
  for (let at = rest.pop(); at; at = rest.pop()) {
    if (at.kind === 'functionDefinition' || at.kind === 'classDefinition') names.push(at.definition.name);
    else if (at.kind === 'import') names.push(...at.names.flatMap(({ local }) => local ?? []));
    else if (at.kind === 'assign') names.push(...at.targets.flatMap(namesOf).map(({ name }) => name));
    else if (at.kind === 'typeDefinition') names.push(at.name);
    else if (at.kind === 'if') rest.push(...at.then, ...at.otherwise);
    else if (at.kind === 'try') rest.push(...at.body, ...at.handlers.flatMap(({ body }) => body), ...at.otherwise, ...at.finally);
    else if (at.kind === 'with' || at.kind === 'for' || at.kind === 'while') rest.push(...at.body);
    if (at.kind === 'for') names.push(...namesOf(at.target).map(({ name }) => name));
  }
  return [...new Set(names)];
}

const WORD = /#[^\n]*|("""|''')([\s\S]*?)\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\p{L}_][\p{L}\p{N}_]*(?:\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*/gu;

/** The names that a text speaks of, with their members; a name in quotes counts, what else is quoted does not. */
export function wordsIn(text: string): readonly (readonly string[])[] {
  const found = new Set<string>();
  for (const [word] of text.matchAll(WORD)) {
    const quoted = /^(["'])([\p{L}_][\p{L}\p{N}_.]*)\1$/u.exec(word)?.[2];
    if (quoted !== undefined) found.add(quoted);
    else if (/^[\p{L}_]/u.test(word)) found.add(word.replace(/\s+/g, ''));
  }
  return [...found].map((chain) => chain.split('.'));
}
