/**
 * Half-typed source. The compiler's parser goes on after a mistake, but an open bracket, string or `x.` at a line's end lets it read
 * the lines and methods that follow as part of the open one. Indentation tells what was meant: this puts the missing marks in,
 * and keeps the way back to the text as it is.
 */
import { type Lines, lineAt, linesOf } from './lines';
import { endsOperand, type Token, tokensOf } from './tokens';

export interface Edit {
  readonly at: number;
  readonly insert: string;
  /** Characters taken out behind `at`. */
  readonly drop: number;
  /** What the edit mends, in words. */
  readonly message: string;
}

/** Stands for an expression or a name that is not typed yet. */
const HOLE = ' _';
const CLOSER: { readonly [opener: string]: string } = { '(': ')', '[': ']', '{': '}', '${': '}`' };
const STATEMENT = new Set(['const', 'let', 'var', 'return', 'if', 'for', 'while', 'throw', 'switch', 'break', 'continue', 'try', 'export']);
const HEADER = new Set(['if', 'while', 'for', 'switch', 'catch']);
const NEEDS_OPERAND = new Set(['new', 'typeof', 'await', 'void', 'instanceof', 'extends', 'in', 'of', 'delete']);
/** Words that a block may follow inside parentheses. */
const NOT_VALUES = new Set(['else', 'try', 'do', 'finally', 'class', 'static', 'switch']);
/** Words that start a value and are often put on a line of their own. */
const VALUE_WORDS = new Set(['function', 'async', 'class', 'new', 'await']);
const CLASS_HEADER = /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\b[^{]*$/;
/** Ends of lines that say nothing of what follows: a list's comma, a label's or case's colon, a type's `>`, `!` behind a value. */
const COMPLETE = new Set([';', ',', ':', '>', '>>', '>>>', '!', '(', '[', '{', ')', ']', '}', '++', '--']);
const CONTINUES = new Set([
  '.',
  '?.',
  '&&',
  '||',
  '??',
  '+',
  '-',
  '*',
  '/',
  '?',
  ':',
  ',',
  '=',
  '=>',
  'of',
  'in',
  'as',
  'instanceof',
  'from',
  'else',
  'catch',
  'finally',
  'case',
  'default',
]);

interface Scan {
  readonly text: string;
  readonly lines: Lines;
  /** Without comments. */
  readonly tokens: readonly Token[];
}

/** A bracket that is open. */
interface Frame {
  readonly opener: string;
  /** The indentation of the statement that it stands in. */
  readonly indent: number;
  /** The word or mark before it. */
  readonly before: string;
  /** The column of the first line inside. */
  inner?: number;
  /** The indentation of the statement inside that is being read: lines that go on with it are deeper. */
  line?: number;
}

const scanOf = (text: string): Scan => ({ text, lines: linesOf(text), tokens: tokensOf(text).filter(({ kind }) => kind !== 'comment') });
const textOf = ({ text }: Scan, token: Token | undefined): string => (token ? text.slice(token.start, token.end) : '');

function indentOf({ text, lines }: Scan, offset: number): number {
  const start = lines.starts[lineAt(lines, offset)] ?? 0;
  return (/^[^\S\r\n]*/.exec(text.slice(start, start + 500))?.[0] ?? '').length;
}

const firstOnLine = (scan: Scan, token: Token): boolean => scan.text.slice(scan.lines.starts[lineAt(scan.lines, token.start)], token.start).trim() === '';
const edit = (at: number, insert: string, message: string, drop = 0): Edit => ({ at, insert, drop, message });

// ---- strings, templates, comments ----

const lineEnd = ({ text }: Scan, from: number): number => {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.length : from + end;
};

/** The line behind a literal's first one is indented no deeper than the line that it starts on. */
function fallsBack(scan: Scan, { start, end }: Token): boolean {
  const next = /[\r\n]+([^\S\r\n]*)\S/.exec(scan.text.slice(start, end));
  return next !== null && (next[1] ?? '').length <= indentOf(scan, start);
}

/** The edit that ends the first literal or comment left open, or undefined where none is. */
function literalEdit(text: string): Edit | undefined {
  const tokens = tokensOf(text);
  const scan = { text, lines: linesOf(text), tokens };
  const swallowed = tokens.find(({ kind, start, end }) => kind === 'comment' && /[\r\n]\s*\/\*\*/.test(text.slice(start, end)));
  const comment = swallowed ?? tokens.find(({ kind, open }) => kind === 'comment' && open);
  if (comment) return edit(lineEnd(scan, comment.start), ' */', '`*/` is missing here');
  const last = tokens.find(({ kind, open }) => kind === 'template' && open);
  const template = last && (tokens.find((token) => token.kind === 'template' && fallsBack(scan, token)) ?? last);
  if (template) return edit(lineEnd(scan, template.start), '`', 'a closing back quote is missing here');
  const string = tokens.find(({ kind, open }) => kind === 'string' && open);
  return string && edit(string.end, text[string.start] ?? '', 'a closing quote is missing here');
}

// ---- brackets ----

/** The bracket that a token opens. */
function openerOf(scan: Scan, token: Token): string | undefined {
  const text = textOf(scan, token);
  if (token.kind === 'template') return text.endsWith('${') ? '${' : undefined;
  return token.kind === 'punctuator' && (text === '(' || text === '[' || text === '{') ? text : undefined;
}

/** The brackets that a token can close. */
function closesOf(scan: Scan, token: Token): string | undefined {
  const text = textOf(scan, token);
  if (token.kind === 'template') return text.startsWith('}') ? '${' : undefined;
  if (token.kind !== 'punctuator') return undefined;
  return text === ')' ? '(' : text === ']' ? '[' : text === '}' ? '{' : undefined;
}

/** How far the brackets are out: unmatched openers, and closers without an opener. */
function imbalance(scan: Scan): { readonly balanced: boolean; readonly excess: number; readonly depth: number } {
  const stack: string[] = [];
  let depth = 0;
  let excess = 0;
  let balanced = true;
  for (const token of scan.tokens) {
    const closes = closesOf(scan, token);
    if (closes && stack.pop() !== closes) balanced = false;
    const opener = openerOf(scan, token);
    if (opener) stack.push(opener);
    depth = Math.max(depth, stack.length);
    if (opener === '{') excess--;
    if (closes === '{') excess++;
  }
  return { balanced: balanced && stack.length === 0, excess, depth };
}

/** The text's layout tells what belongs to what: most lines behind an opening bracket are indented. */
function isIndented(scan: Scan): boolean {
  let votes = 0;
  scan.tokens.forEach((token, at) => {
    const next = scan.tokens[at + 1];
    if (!next || !openerOf(scan, token) || !firstOnLine(scan, next) || closesOf(scan, next)) return;
    votes += indentOf(scan, next.start) > indentOf(scan, token.start) ? 1 : -1;
  });
  return votes >= 0;
}

/** How deep the text's brackets nest. */
export function nestingOf(text: string): number {
  return imbalance(scanOf(text)).depth;
}

/** The walk over the tokens. */
interface Walk {
  readonly scan: Scan;
  /** The text has syntax errors: more may be mended than `x.` at a line's end. */
  readonly broken: boolean;
  /** Its brackets do not match. */
  readonly brackets: boolean;
  readonly edits: Edit[];
  readonly stack: Frame[];
  previous: Token | undefined;
  /** As of a bracket, of what stands outside of all. */
  inner?: number;
  line?: number;
  /** Closing braces that have no opener. */
  excess: number;
}

function bracketEdits(scan: Scan, broken: boolean): readonly Edit[] {
  const { balanced, excess } = imbalance(scan);
  const walk: Walk = { scan, broken, brackets: broken && !balanced && isIndented(scan), edits: [], stack: [], previous: undefined, excess };
  for (const token of scan.tokens) {
    const first = firstOnLine(scan, token);
    if (first && walk.previous) startLine(walk, token);
    bracket(walk, token, first);
    walk.previous = token;
  }
  if (broken && walk.previous && !isComplete(scan, walk.previous)) insert(walk, HOLE, 'an expression is missing here');
  while (walk.brackets && walk.stack.length > 0) closeTop(walk);
  return walk.edits;
}

function insert({ edits, previous }: Walk, text: string, message: string): void {
  edits.push(edit(previous?.end ?? 0, text, message));
}

function startLine(walk: Walk, token: Token): void {
  const { scan, stack } = walk;
  const column = indentOf(scan, token.start);
  for (let top = stack.at(-1); top && walk.brackets && leftOpen(walk, top, token, column); top = stack.at(-1)) closeTop(walk);
  openClass(walk, token, column);
  const place = stack.at(-1) ?? walk;
  const statements = !('opener' in place) || place.opener === '{';
  startStatement(place, column);
  if (place.inner === undefined) place.inner = column;
  else if (column <= place.inner && statements && closesOf(scan, token) === undefined) {
    completeLine(walk, token, !('opener' in place) || column > place.indent);
  }
}

/** A class's header without its brace, over lines that are deeper. */
function openClass(walk: Walk, token: Token, column: number): void {
  const { scan, stack, previous } = walk;
  if (!walk.brackets || !previous || ['{', 'extends', 'implements'].includes(textOf(scan, token))) return;
  const indent = indentOf(scan, previous.start);
  if (column <= indent || !CLASS_HEADER.test(lineTo(scan, previous.end))) return;
  insert(walk, `${isComplete(scan, previous) ? '' : HOLE} {`, '`{` is missing here');
  stack.push({ opener: '{', indent, before: textOf(scan, previous) });
}

/** Notes a line that goes on no deeper than the ones before. */
function startStatement(place: { inner?: number; line?: number }, column: number): void {
  if (place.inner === undefined || column <= place.inner) place.line = column;
}

/** A line that goes on no deeper than its block starts a statement: the one before must be whole. */
function completeLine(walk: Walk, next: Token, indented: boolean): void {
  const { scan, previous } = walk;
  if (!previous) return;
  const whole = isComplete(scan, previous);
  const header = walk.broken && textOf(scan, next) !== '{' && CLASS_HEADER.test(lineTo(scan, previous.end)) ? ' {}' : '';
  if (!whole && (walk.broken || (indented && neverGoesOn(scan, previous, next)))) {
    const dot = ['.', '?.'].includes(textOf(scan, previous));
    insert(walk, HOLE + header, dot ? 'a name is missing here' : 'an expression is missing here');
  } else if (header !== '') insert(walk, header, 'the body of the class is missing here');
}

/** The line that an offset stands on, up to it. */
const lineTo = ({ text, lines }: Scan, offset: number): string => text.slice(lines.starts[lineAt(lines, offset)], offset);

/** Also in source without mistakes: nobody goes on in this way on a line that is no deeper. */
function neverGoesOn(scan: Scan, previous: Token, next: Token): boolean {
  const text = textOf(scan, previous);
  if (text === '.' || text === '?.' || /\n\s*\n/.test(scan.text.slice(previous.end, next.start))) return true;
  return text === '=' && next.kind === 'word' && !VALUE_WORDS.has(textOf(scan, next)) && /^\s*(?:const|let|var)\s/.test(lineTo(scan, previous.end));
}

/** Whether what ends with this token can be whole. */
function isComplete(scan: Scan, token: Token): boolean {
  const text = textOf(scan, token);
  if (token.kind === 'word') return !NEEDS_OPERAND.has(text);
  return token.kind !== 'punctuator' || COMPLETE.has(text);
}

/** The line that starts with the token stands outside of the bracket, so that the bracket was left open. */
function leftOpen({ scan, stack }: Walk, frame: Frame, token: Token, column: number): boolean {
  const text = textOf(scan, token);
  if (frame.opener !== '{' && STATEMENT.has(text) && frame.before !== 'for') return true;
  if (column > frame.indent) return false;
  const closes = closesOf(scan, token);
  if (closes !== undefined) return column < frame.indent && stack.some((other) => other !== frame && other.opener === closes && other.indent === column);
  return column < frame.indent || !CONTINUES.has(text);
}

function closeTop(walk: Walk): void {
  const { scan, edits, previous } = walk;
  const frame = walk.stack.pop();
  if (!frame || !previous) return;
  const mended = edits.at(-1)?.at === previous.end;
  const whole = frame.opener === '(' || frame.opener === '[' ? endsOperand(scan.text, previous) : isComplete(scan, previous);
  const body = frame.opener === '(' && HEADER.has(frame.before) ? ' {}' : '';
  const from = frame.opener === '{' && frame.before === 'import' ? " from ''" : '';
  const closer = CLOSER[frame.opener] ?? '';
  insert(walk, `${mended || whole ? '' : HOLE}${closer}${body}${from}`, `\`${closer}\` is missing here`);
}

function bracket(walk: Walk, token: Token, first: boolean): void {
  const { scan, stack } = walk;
  const closes = closesOf(scan, token);
  if (closes) close(walk, token, closes, first);
  const opener = openerOf(scan, token);
  if (!opener) return;
  if (opener === '{' && walk.brackets) endHeader(walk);
  const column = indentOf(scan, token.start);
  stack.push({ opener, indent: Math.min(column, (stack.at(-1) ?? walk).line ?? column), before: textOf(scan, walk.previous) });
}

/** `if (x {` and `call(x {`: a block cannot follow a value inside parentheses. */
function endHeader(walk: Walk): void {
  const { scan, stack, previous } = walk;
  const top = stack.at(-1);
  if (top?.opener !== '(' || !previous || !endsOperand(scan.text, previous)) return;
  const text = textOf(scan, previous);
  const value = (previous.kind === 'word' && !NOT_VALUES.has(text)) || previous.kind === 'number' || text === ']' || (text === ')' && HEADER.has(top.before));
  if (!value) return;
  stack.pop();
  insert(walk, ')', '`)` is missing here');
}

/** What the mark would close stands outside of a block over several lines: inside of a line nothing ends such a block. */
function leavesBlock(stack: readonly Frame[], closes: string): boolean {
  const opener = stack.findLastIndex((frame) => frame.opener === closes);
  return stack.slice(opener + 1).some((frame) => frame.opener === '{' && frame.inner !== undefined);
}

function close(walk: Walk, token: Token, closes: string, first: boolean): void {
  const { scan, stack } = walk;
  if (!walk.brackets) {
    stack.pop();
    if (first) startStatement(stack.at(-1) ?? walk, indentOf(scan, token.start));
    return;
  }
  const frame = stack.at(-1);
  const deeper = frame !== undefined && indentOf(scan, token.start) > frame.indent;
  // A brace too many: deeper than what it would close, or behind other code while what it would close spans lines.
  const spare = closes === '{' && walk.excess > 0 && (first ? deeper : frame?.opener === '{' && frame.inner !== undefined);
  const stray = spare || !stack.some(({ opener }) => opener === closes) || (!first && closes !== '{' && leavesBlock(stack, closes));
  if (stray && closes === '${') return;
  if (stray) {
    if (closes === '{') walk.excess--;
    walk.edits.push(edit(token.start, '', 'this closes nothing', token.end - token.start));
    return;
  }
  for (let top = stack.at(-1); top && top.opener !== closes; top = stack.at(-1)) closeTop(walk);
  stack.pop();
  if (first) startStatement(stack.at(-1) ?? walk, indentOf(scan, token.start));
}

/** The edits that mend a text; a text without syntax errors is only looked at for `x.` before a new statement. */
export function mend(text: string, broken: boolean): { readonly text: string; readonly edits: readonly Edit[] } {
  const literals: Edit[] = [];
  let current = text;
  // Each edit ends one literal: as many rounds as may be worth it.
  for (let round = 0; broken && round < 8; round++) {
    const next = literalEdit(current);
    if (!next) break;
    literals.push(next);
    current = applyEdits(current, [next]);
  }
  const edits = bracketEdits(scanOf(current), broken);
  return { text: applyEdits(current, edits), edits: combine(literals, edits) };
}

/** Edits made one after the other, each in the text that the ones before left, as edits of the first text, in order. */
function combine(literals: readonly Edit[], edits: readonly Edit[]): Edit[] {
  const placed: Edit[] = [];
  for (const next of literals) {
    placed.push({ ...next, at: originalOffset(placed, next.at) });
    placed.sort((a, b) => a.at - b.at);
  }
  const mapped = edits.map((next) => ({ ...next, at: originalOffset(placed, next.at) }));
  return [...placed, ...mapped].sort((a, b) => a.at - b.at);
}

/** The text with the edits (in order of place). */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const { at, insert, drop } of edits) {
    result += text.slice(from, at) + insert;
    from = at + drop;
  }
  return result + text.slice(from);
}

/** What was put in: the stretches of the edited text. */
export function insertedRanges(edits: readonly Edit[]): { readonly start: number; readonly end: number }[] {
  let shift = 0;
  return edits.map(({ at, insert, drop }) => {
    const start = at + shift;
    shift += insert.length - drop;
    return { start, end: start + insert.length };
  });
}

/** Where an offset of the edited text stands in the text before. */
export function originalOffset(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { at, insert, drop } of edits) {
    if (offset <= at + shift) break;
    if (offset <= at + shift + insert.length) return at;
    shift += insert.length - drop;
  }
  return offset - shift;
}
