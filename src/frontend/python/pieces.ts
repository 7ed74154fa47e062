/** Logical lines grouped into statements, by their margins alone. */
import type { Line } from './scan';

/** One statement with what stands within it, or several simple ones after each other. */
export interface Piece {
  readonly lines: readonly Line[];
  readonly start: number;
  readonly end: number;
}

/** A head with the lines beneath it: one of the clauses that a statement with bodies consists of. */
export interface Clause {
  /** Decorators and the head itself. */
  readonly heads: readonly Line[];
  readonly body: readonly Line[];
}

/** How many simple statements are read at once. */
const TOGETHER = 40;

const wordAt = (text: string, { start }: Line): string => /^[@\w]\w*/.exec(text.slice(start, start + 12))?.[0] ?? '';

const CONTINUES = /^(?:elif|else|except|finally|case)$/;
const COMPOUND = /^(?:def|class|if|for|while|with|try|async|elif|else|except|finally|case|match)$/;

/** The line has a body beneath it, or may have one. */
function isHead(text: string, line: Line): boolean {
  const word = wordAt(text, line);
  return COMPOUND.test(word) && ((word !== 'match' && word !== 'case') || text[line.end - 1] === ':');
}

const isDecorator = (text: string, { start }: Line): boolean => text[start] === '@';

const pieceOf = (lines: readonly Line[]): Piece => ({ lines, start: lines[0]?.start ?? 0, end: lines.at(-1)?.end ?? 0 });

/** Groups lines into statements; simple ones are read together where `together` says so. */
export function piecesOf(text: string, lines: readonly Line[], together: boolean): Piece[] {
  const pieces: Piece[] = [];
  let simple: Line[] = [];
  const flush = () => {
    if (simple.length > 0) pieces.push(pieceOf(simple));
    simple = [];
  };
  for (let at = 0; at < lines.length; ) {
    const end = statementEnd(text, lines, at);
    const own = lines.slice(at, end);
    const [first] = own;
    if (together && own.length === 1 && first && !isHead(text, first)) {
      simple.push(first);
      if (simple.length >= TOGETHER) flush();
    } else {
      flush();
      pieces.push(pieceOf(own));
    }
    at = end;
  }
  flush();
  return pieces;
}

/** Behind the last line of the statement that begins at the index. */
function statementEnd(text: string, lines: readonly Line[], from: number): number {
  const first = lines[from];
  if (!first) return from + 1;
  let at = from;
  while (lines[at] && isDecorator(text, lines[at] ?? first)) at++;
  const head = lines[at];
  if (!head) return at;
  at++;
  if (!isHead(text, head)) return at;
  for (;;) {
    let next = lines[at];
    while (next && next.indent > first.indent) next = lines[++at];
    const word = next && next.indent === first.indent ? wordAt(text, next) : '';
    if (!CONTINUES.test(word) || /^(?:def|class|with|match|case)$/.test(wordAt(text, head)) || word === 'case') return at;
    at++;
  }
}

/** The clauses of a statement with bodies. */
export function clausesOf(text: string, { lines }: Piece): Clause[] {
  const [first] = lines;
  const clauses: { heads: Line[]; body: Line[] }[] = [];
  let decorated = false;
  for (const line of lines) {
    const last = clauses.at(-1);
    if (first && line.indent <= first.indent) {
      if (decorated && last) last.heads.push(line);
      else clauses.push({ heads: [line], body: [] });
      decorated = isDecorator(text, line);
    } else last?.body.push(line);
  }
  return clauses;
}

/** The piece is one statement with a head. */
export const isCompound = (text: string, { lines }: Piece): boolean => {
  const head = lines.find((line) => !isDecorator(text, line));
  return head !== undefined && isHead(text, head);
};
