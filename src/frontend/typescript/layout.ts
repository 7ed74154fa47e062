/** A text's tokens with its lines: brackets, indentation. */
import { type Lines, lineAt, linesOf } from '../common/lines';
import { type Token, tokensOf } from './tokens';

export interface Scan {
  readonly text: string;
  readonly lines: Lines;
  /** Without comments. */
  readonly tokens: readonly Token[];
  /** With comments. */
  readonly all: readonly Token[];
  /** Tokens and comments that nothing stands before on their line. */
  readonly firsts: ReadonlySet<Token>;
}

/** Scans a text. */
export function scanOf(text: string): Scan {
  const lines = linesOf(text);
  const all = tokensOf(text);
  return { text, lines, all, tokens: all.filter(({ kind }) => kind !== 'comment'), firsts: new Set(firstsOf(text, lines, all)) };
}

function firstsOf(text: string, { starts }: Lines, tokens: readonly Token[]): Token[] {
  let line = 0;
  return tokens.filter((token) => {
    const before = line;
    while (token.start >= (starts[line + 1] ?? Infinity)) line++;
    return (line > before || line === 0) && text.slice(starts[line], token.start).trim() === '';
  });
}

/** A token's text. */
export const textOf = ({ text }: Scan, token: Token | undefined): string => (token ? text.slice(token.start, token.end) : '');

/** The indentation of the line that holds the offset. */
export function indentOf({ text, lines }: Scan, offset: number): number {
  const start = lines.starts[lineAt(lines, offset)] ?? 0;
  return (/^[^\S\r\n]*/.exec(text.slice(start, start + 500))?.[0] ?? '').length;
}

/** Nothing stands before the token on its line. */
export const firstOnLine = (scan: Scan, token: Token): boolean => scan.firsts.has(token);

/** The bracket that a token opens. */
export function openerOf(scan: Scan, token: Token): string | undefined {
  const text = textOf(scan, token);
  if (token.kind === 'template') return text.endsWith('${') ? '${' : undefined;
  return token.kind === 'punctuator' && (text === '(' || text === '[' || text === '{') ? text : undefined;
}

/** The brackets that a token can close. */
export function closesOf(scan: Scan, token: Token): string | undefined {
  const text = textOf(scan, token);
  if (token.kind === 'template') return text.startsWith('}') ? '${' : undefined;
  if (token.kind !== 'punctuator') return undefined;
  return text === ')' ? '(' : text === ']' ? '[' : text === '}' ? '{' : undefined;
}

/** How far the brackets are out: unmatched openers, and closers without an opener. */
export function imbalance(scan: Scan): { readonly balanced: boolean; readonly excess: number; readonly depth: number } {
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
export function isIndented(scan: Scan): boolean {
  let votes = 0;
  scan.tokens.forEach((token, at) => {
    const next = scan.tokens[at + 1];
    if (!next || !openerOf(scan, token) || !firstOnLine(scan, next) || closesOf(scan, next)) return;
    votes += indentOf(scan, next.start) > indentOf(scan, token.start) ? 1 : -1;
  });
  return votes >= 0;
}

/** How deep the text's brackets nest. */
export const nestingOf = (scan: Scan): number => imbalance(scan).depth;
