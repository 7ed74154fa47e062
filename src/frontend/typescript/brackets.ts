/** Brackets and lines that are left open, by what their indentation says. */

import { lineAt } from '../common/lines';
import { type Edit, edit } from './edits';
import { closesOf, firstOnLine, imbalance, indentOf, isIndented, openerOf, type Scan, textOf } from './layout';
import { endsOperand, type Token } from './tokens';

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

/** The edits that close what a text leaves open; `broken`: it has syntax errors. */
export function bracketEdits(scan: Scan, broken: boolean): readonly Edit[] {
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
