/** The logical lines of a source and its comments, by strings and brackets alone: they stand where nothing else can be read. */
import { isLineEnd, stringEnd } from './strings';

/** One line as Python counts them: brackets, strings and backslashes carry it over several lines of text. */
export interface Line {
  readonly start: number;
  /** Behind its last mark; a comment behind it is not part of it. */
  readonly end: number;
  readonly indent: number;
  /** How deep its brackets nest. */
  readonly nesting: number;
}

export interface Remark {
  readonly start: number;
  readonly end: number;
  /** Nothing stands before it on its line. */
  readonly alone: boolean;
}

export interface Scan {
  readonly lines: readonly Line[];
  readonly remarks: readonly Remark[];
}

const TAB = 8;

/** Reads the lines between two offsets. `careful`: brackets and strings may be left open, so that a line that can only begin a statement begins one. */
export function scanOf(text: string, careful = false, from = 0, to = text.length): Scan {
  const lines: Line[] = [];
  const remarks: Remark[] = [];
  let at = from;
  while (at < to) {
    const margin = marginAt(text, at);
    at = margin.at;
    const code = text.charCodeAt(at);
    if (at >= to) break;
    if (isLineEnd(code)) at++;
    else if (code === 35) {
      const end = lineEndAt(text, at);
      remarks.push({ start: at, end, alone: true });
      at = end;
    } else {
      const line = lineFrom(text, at, to, margin.indent, careful, remarks);
      lines.push(line.line);
      at = line.next;
    }
  }
  return { lines, remarks };
}

/** Behind the blanks that begin a line, and how far in that is. */
function marginAt(text: string, from: number): { readonly at: number; readonly indent: number } {
  let indent = 0;
  let at = from;
  for (; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 32) indent++;
    else if (code === 9) indent = (Math.floor(indent / TAB) + 1) * TAB;
    else if (code === 12) indent = 0;
    else if (code !== 0xfeff) return { at, indent };
  }
}

function lineEndAt(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++;
  return at;
}

interface ReadLine {
  readonly line: Line;
  readonly next: number;
}

function lineFrom(text: string, start: number, to: number, indent: number, careful: boolean, remarks: Remark[]): ReadLine {
  let depth = 0;
  let nesting = 0;
  let end = start;
  let at = start;
  const line = (): Line => ({ start, end, indent, nesting });
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code === 34 || code === 39) {
      const string = stringEnd(text, at);
      const stop = Math.min(to, careful && string.triple ? carefulEnd(text, at, string.end, string.closed, indent) : string.end);
      at = stop;
      end = stop;
      continue;
    }
    if (code === 35) {
      const stop = lineEndAt(text, at);
      remarks.push({ start: at, end: stop, alone: isAlone(text, at) });
      at = stop;
      continue;
    }
    if (code === 92 && isLineEnd(text.charCodeAt(at + 1))) {
      at += text.charCodeAt(at + 1) === 13 && text.charCodeAt(at + 2) === 10 ? 3 : 2;
      continue;
    }
    if (isLineEnd(code)) {
      if (depth === 0 || (careful && beginsStatement(text, at + 1, indent, text[end - 1] === ':' && HEAD.test(text.slice(start, start + 8)))))
        return { line: line(), next: at };
    } else if (code === 40 || code === 91 || code === 123) nesting = Math.max(nesting, ++depth);
    else if (code === 41 || code === 93 || code === 125) depth = Math.max(0, depth - 1);
    at++;
    if (code > 32) end = at;
  }
  return { line: line(), next: to };
}

function isAlone(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && (text[before] === ' ' || text[before] === '\t')) before--;
  return before < 0 || isLineEnd(text.charCodeAt(before));
}

/** A triple-quoted string that holds a definition further out than itself is one that was not closed: it ends with its line. */
function carefulEnd(text: string, quote: number, end: number, closed: boolean, indent: number): number {
  const inside = text.slice(quote + 3, end);
  for (const found of inside.matchAll(/^([ \t]*)(?:async[ \t]+def|def|class)[ \t]+\w+.*:/gm)) {
    const margin = marginAt(found[1] ?? '', 0).indent;
    if (margin < indent || !closed) return lineEndAt(text, quote);
  }
  return closed ? end : lineEndAt(text, quote);
}

/** Words that no line within brackets can begin with. */
const STATEMENT =
  /(?:(?:def|class|return|import|raise|assert|while|with|try|del|global|nonlocal|pass|break|continue|elif|except|finally)\b(?!\s*[=,.)])|from\s+[\w.]+\s+import\b|@\w|(?:if|for|else)\b.*:\s*(?:#.*)?$|[\w.]+\.\w+\s*(?:[-+*/@|&^%]|\/\/|\*\*)?=(?!=))/my;

/** What a line with a body begins with. */
const HEAD = /^(?:async|if|elif|for|while|with|except|def|class)\b/;
/** An assignment, as it stands in a body. */
const ASSIGNMENT = /[\w.,*[\] \t]+(?:[-+*/@|&^%]|\/\/|\*\*)?=(?!=)/y;

/** The line of text at the offset, within brackets, can only be a statement of its own. `behindHead`: what looks like a head ends before it. */
function beginsStatement(text: string, from: number, indent: number, behindHead: boolean): boolean {
  const margin = marginAt(text, text.charCodeAt(from) === 10 && text.charCodeAt(from - 1) === 13 ? from + 1 : from);
  const code = text.charCodeAt(margin.at);
  if (Number.isNaN(code) || isLineEnd(code) || code === 35) return false;
  for (const sign of behindHead ? [STATEMENT, ASSIGNMENT] : [STATEMENT]) {
    sign.lastIndex = margin.at;
    if (sign.test(text)) return true;
  }
  return margin.indent <= indent && /[A-Za-z_\u0080-\uffff]/.test(text[margin.at] ?? '');
}
