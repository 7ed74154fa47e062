/** What a file has at its top, without reading it all: a statement is lowered when something needs a name that it binds. */
import type { SourceModule, Statement } from '../../program/types';
import { namesOf } from '../../program/walk';
import { loweredPiece, type Page, pageOf } from './page';
import type { Parse } from './parser';
import { type Piece, piecesOf } from './pieces';
import { type Line, scanOf } from './scan';

/** A name, with the members that are asked of it. */
export type Words = readonly string[];

/** One statement at the top of a file. */
export interface OutlinePiece {
  /** The names that it binds there. */
  readonly binds: readonly string[];
  /** It binds nothing, or more than it says: what it does, it does to what others bind. */
  readonly acts: boolean;
  readonly isImport: boolean;
  /** The imports that stand within it. */
  imports(): readonly Statement[];
  /** Its length in UTF-16 units. */
  readonly size: number;
  /** What it speaks of where it stands: names, each with the members that are asked of it. Of a class, without its methods. */
  words(): readonly Words[];
  /** Of these what it cannot be without: a class's bases and decorators, all of a short assignment, nothing of anything else. */
  vital(): readonly Words[];
  /** A class's methods, each with what it speaks of. */
  methods(): readonly OutlineMethod[];
  /** The statement, lowered; of a class, without the methods that are left out. */
  statements(without?: ReadonlySet<string>): readonly Statement[];
}

export interface OutlineMethod {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  words(): readonly Words[];
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
  const whole = once(() => loweredAlone(page, parse, piece));
  const parts = once(() => partsOf(page.text, piece));
  const statements = (without: ReadonlySet<string> = NONE) =>
    without.size === 0 ? whole() : loweredAlone(blanked(page, parts().methods, without), parse, piece);
  const imports = once(() => (piece.lines.length > 1 ? piece.lines.flatMap((line) => importAt(page, parse, line)) : []));
  const common = {
    size: piece.end - piece.start,
    words: once(() => wordsIn(withoutImports(parts().own))),
    vital: once(() => wordsIn(parts().vital)),
    methods: () => parts().methods,
    imports,
    statements,
  };
  if (known !== undefined) return { ...common, binds: [known], acts: false, isImport: false };
  const own = whole();
  const isImport = own.length > 0 && own.every(({ kind }) => kind === 'import');
  const isDead = runsAsProgram(page.text, piece);
  return { ...common, binds: isDead ? [] : own.flatMap(bindsOf), acts: !isImport && !isDead && !isDry(own), isImport };
}

const NONE: ReadonlySet<string> = new Set();

/** The import that a line is. */
function importAt(page: Page, parse: Parse, line: Line): readonly Statement[] {
  if (!/^(?:from|import)\b/.test(page.text.slice(line.start, line.start + 7))) return [];
  return (loweredPiece(page, parse, { lines: [line], start: line.start, end: line.end }, false)?.statements ?? []).filter(({ kind }) => kind === 'import');
}

/** The page with blanks for some methods: what stands beside them keeps its place. */
function blanked(page: Page, methods: readonly OutlineMethod[], without: ReadonlySet<string>): Page {
  let text = '';
  let from = 0;
  for (const { name, start, end } of methods) {
    if (!without.has(name)) continue;
    text += `${page.text.slice(from, start)}pass${page.text.slice(start + 4, end).replace(/[^\n]/g, ' ')}`;
    from = end;
  }
  return { ...page, text: text + page.text.slice(from) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

interface Parts {
  readonly own: string;
  readonly vital: string;
  readonly methods: readonly OutlineMethod[];
}

/** An assignment that makes one thing, in UTF-16 units. */
const SHORT = 200;

/** A class's text without its methods, and these; of anything else, the text. */
function partsOf(text: string, { lines, start, end }: Piece): Parts {
  const head = lines.findIndex((line) => text[line.start] !== '@');
  const first = lines[head + 1];
  const own = text.slice(start, end);
  const kind = /^(?:class|def|async)\b/.exec(text.slice(lines[head]?.start ?? 0, (lines[head]?.start ?? 0) + 6))?.[0];
  if (!first || kind !== 'class') return { own, vital: kind === undefined && own.length < SHORT && BINDING.test(own) ? own : '', methods: [] };
  return classParts(text, lines.slice(head + 1), text.slice(start, first.start));
}

function classParts(text: string, body: Piece['lines'], vital: string): Parts {
  const methods: OutlineMethod[] = [];
  let own = vital;
  for (const member of piecesOf(text, body, false)) {
    const name = boundBy(text, member);
    const written = text.slice(member.start, member.end);
    if (name === undefined || member.lines.length === 1) own += `${written}\n`;
    else methods.push({ name, start: member.start, end: member.end, words: once(() => wordsIn(withoutImports(written))) });
  }
  return { own, vital, methods };
}

/** The name that a definition or a plain assignment binds, as it is written. */
function boundBy(text: string, { lines }: Piece): string | undefined {
  const head = lines.find(({ start }) => text[start] !== '@');
  if (!head) return undefined;
  const line = text.slice(head.start, Math.min(head.end, head.start + 400));
  return (DEFINITION.exec(line) ?? (lines.length === 1 ? BINDING.exec(line) : null))?.[1];
}

/** What runs only where the file is the program. */
const runsAsProgram = (text: string, { start }: Piece): boolean => /^if\s+__name__\s*==/.test(text.slice(start, start + 40));

/** A call for its effect on what it is told of, such as a registration. */
function isDry(statements: readonly Statement[]): boolean {
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

/** What an import within a statement binds is not yet spoken of. */
const withoutImports = (text: string): string => text.replace(/^[ \t]+(?:from[ \t]+[\w.]+[ \t]+)?import\b(?:[ \t]*\([^)]*\)|.*)/gm, '');

const WORD = /#[^\n]*|("""|''')([\s\S]*?)\1|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\p{L}_][\p{L}\p{N}_]*(?:\s*\.\s*[\p{L}_][\p{L}\p{N}_]*)*/gu;

/** The names that a text speaks of, with their members; a name in quotes counts, what else is quoted does not. */
export function wordsIn(text: string): readonly Words[] {
  const found = new Set<string>();
  for (const [word] of text.matchAll(WORD)) {
    const quoted = /^(["'])([\p{L}_][\p{L}\p{N}_.]*)\1$/u.exec(word)?.[2];
    if (quoted !== undefined) found.add(quoted);
    else if (/^[\p{L}_]/u.test(word)) found.add(word.replace(/\s+/g, ''));
  }
  return [...found].map((chain) => chain.split('.'));
}
