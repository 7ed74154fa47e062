/**
 * A light scan of JavaScript's tokens: where comments stand, how deep brackets nest, what a half-typed text left open.
 * It needs no parser, never recurses and reads any text.
 */

export type TokenKind = 'word' | 'number' | 'string' | 'template' | 'regexp' | 'comment' | 'punctuator';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** A string, template or comment that the text ends before its closing mark. */
  readonly open?: boolean;
}

const LINE = /[^\r\n]*/y;
/** Joiners may stand in a name. */
const WORD = /(?:[\p{ID_Continue}$#@\\]|\u200c|\u200d)+/uy;
const NUMBER = /0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?/y;
const PUNCTUATOR =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|\*\*|./suy;
const REGEXP = /\/(?![*/])(?:[^\\/[\r\n]|\\[^\r\n]|\[(?:[^\]\\\r\n]|\\[^\r\n])*\])+\/[a-z]*/y;
/** Words after which an expression starts, so that a `/` opens a regular expression. */
const BEFORE_OPERAND = new Set(['return', 'typeof', 'instanceof', 'in', 'of', 'new', 'delete', 'void', 'throw', 'case', 'do', 'else', 'await', 'yield']);

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The end of a quoted string that starts at `at`; a line's end closes it as open. */
function stringEnd(text: string, at: number): { end: number; open: boolean } {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i += text[i + 1] === '\r' && text[i + 2] === '\n' ? 2 : 1;
    else if (char === quote) return { end: i + 1, open: false };
    else if (char === '\n' || char === '\r') return { end: i, open: true };
  }
  return { end: text.length, open: true };
}

/** The end of a template's chunk: behind its closing back quote, or behind `${`. */
function chunkEnd(text: string, at: number): { end: number; hole: boolean; open: boolean } {
  for (let i = at; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '`') return { end: i + 1, hole: false, open: false };
    else if (char === '$' && text[i + 1] === '{') return { end: i + 2, hole: true, open: false };
  }
  return { end: text.length, hole: false, open: true };
}

/** Whether an operand can end with this token, so that what follows is an operator. */
export function endsOperand(text: string, token: Token | undefined): boolean {
  if (!token) return false;
  if (token.kind === 'punctuator') return [')', ']', '}', '++', '--'].includes(text.slice(token.start, token.end));
  if (token.kind === 'template') return text[token.end - 1] === '`';
  return token.kind !== 'word' || !BEFORE_OPERAND.has(text.slice(token.start, token.end));
}

/** All tokens of the text, in order; `from` starts in the middle (outside of any literal). */
export function tokensOf(text: string, from = 0): Token[] {
  const tokens: Token[] = [];
  /** For each open `{`: whether its `}` goes on with a template. */
  const braces: boolean[] = [];
  let last: Token | undefined;
  let at = text.startsWith('#!') ? text.search(/[\r\n]|$/) : from;
  const push = (kind: TokenKind, end: number, open = false) => {
    const token: Token = open ? { kind, start: at, end, open } : { kind, start: at, end };
    tokens.push(token);
    if (kind !== 'comment') last = token;
    at = end;
  };
  const chunk = (start: number) => {
    const { end, hole, open } = chunkEnd(text, start);
    if (hole) braces.push(true);
    push('template', end, open);
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    if (/\s/.test(char) || char === '\ufeff') at++;
    else if (text.startsWith('//', at)) {
      push('comment', match(LINE, text, at) ?? text.length);
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      push('comment', end < 0 ? text.length : end + 2, end < 0);
    } else if (char === '"' || char === "'") {
      const { end, open } = stringEnd(text, at);
      push('string', end, open);
    } else if (char === '`') chunk(at + 1);
    else if (char === '}' && braces.pop()) chunk(at + 1);
    else if (/\d/.test(char) || (char === '.' && /\d/.test(text[at + 1] ?? ''))) push('number', match(NUMBER, text, at) ?? at + 1);
    else {
      const word = match(WORD, text, at);
      const regexp = word === undefined && char === '/' && !endsOperand(text, last) ? match(REGEXP, text, at) : undefined;
      if (word !== undefined) push('word', word);
      else if (regexp !== undefined) push('regexp', regexp);
      else {
        if (char === '{') braces.push(false);
        push('punctuator', match(PUNCTUATOR, text, at) ?? at + 1);
      }
    }
  }
  return tokens;
}
