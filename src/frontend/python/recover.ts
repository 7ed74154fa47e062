/** Source that cannot be parsed whole: by class, then by method, then by statement, so that a mistake takes no more with it than itself. */
import { headMendsOf, mendsOf, plainHead } from './mend';
import type { Parse, Parsed } from './parser';
import { type Clause, clausesOf, isCompound, type Piece, piecesOf } from './pieces';
import { HOLE } from './reader';
import type { Line } from './scan';
import type { Node, Source } from './tree';

/** What recovery needs, and what it tells. */
export interface Recovery {
  readonly text: string;
  readonly parse: Parse;
  problem(start: number, end: number, message: string): void;
  /** How many problems were told so far. */
  told(): number;
}

const UNFINISHED = 'this is not finished: it is read as far as it goes';
const UNREADABLE = 'this cannot be read as Python';
/** How deep bodies are looked into, and how long a statement is tried to be mended, in UTF-16 units. */
const DEPTH = 60;
const MENDED_SIZE = 20_000;
/** How deep brackets may nest in what is parsed. */
const NESTING = 250;

/** A stretch of the file, as a text of its own. */
export const stretch = (text: string, start: number, end: number): Source => ({ text: text.slice(start, end), original: (offset) => offset + start });

/** Parses a piece where its brackets allow it. */
export function parsePiece({ text, parse, problem }: Recovery, { lines, start, end }: Piece): Parsed | undefined {
  const deep = lines.find(({ nesting }) => nesting > NESTING);
  if (!deep) return parse(stretch(text, start, end));
  problem(deep.start, deep.end, `brackets nest more than ${NESTING} deep: this is not read`);
  return undefined;
}

/** The statements of lines of which some cannot be parsed. */
export function recovered(recovery: Recovery, lines: readonly Line[], depth = 0): Node[] {
  return piecesOf(recovery.text, lines, false).flatMap((piece) => recoveredPiece(recovery, piece, depth));
}

/** The statements of a piece, which may not parse. */
export function recoveredPiece(recovery: Recovery, piece: Piece, depth = 0): Node[] {
  const parsed = parsePiece(recovery, piece);
  if (!parsed) return piece.lines.length > 1 ? inside(recovery, piece, depth) : [];
  if (!parsed.broken) return [...parsed.root.children];
  return isCompound(recovery.text, piece) || piece.lines.length > 1 ? inside(recovery, piece, depth) : simple(recovery, piece);
}

function inside(recovery: Recovery, piece: Piece, depth: number): Node[] {
  const { text, problem } = recovery;
  if (!isCompound(text, piece)) {
    const alone = piecesOf(text, piece.lines, false);
    if (alone.length > 1) return alone.flatMap((one) => recoveredPiece(recovery, one, depth));
    problem(piece.start, piece.end, UNREADABLE);
    return [];
  }
  if (depth > DEPTH) {
    problem(piece.start, piece.end, 'this nests too deeply: it is not read');
    return [];
  }
  const [only, second] = clausesOf(text, piece);
  if (only && !second && only.body.length === 0) {
    const line = only.heads.at(-1);
    const isInline = line !== undefined && text[line.end - 1] !== ':' && /:\s*\S/.test(text.slice(line.start, line.end));
    const mended = isInline ? simpleMend(recovery, piece) : undefined;
    if (mended) return mended;
  }
  return compound(recovery, piece, depth);
}

/** One line: finished where it is half typed, else as much of it as still means something. */
function simple(recovery: Recovery, { start, end }: Piece): Node[] {
  const mended = simpleMend(recovery, { start, end, lines: [] });
  if (mended) return mended;
  recovery.problem(start, end, UNREADABLE);
  const line = recovery.text.slice(start, end);
  const left = /^[^=!<>()'"#\n]*[^=!<>()'"#\s:+\-*/%@&|^]\s*(?:=(?!=))/.exec(line)?.[0];
  if (left !== undefined) return parsedOr(recovery, start, end, `${left} ${HOLE}`, []);
  return /^return\b/.test(line) ? parsedOr(recovery, start, end, `return ${HOLE}`, []) : [];
}

function simpleMend(recovery: Recovery, { start, end }: Piece): Node[] | undefined {
  if (end - start > MENDED_SIZE) return undefined;
  for (const mend of mendsOf(recovery.text.slice(start, end))) {
    const nodes = parsedOr(recovery, start, end, mend, undefined);
    if (!nodes) continue;
    recovery.problem(start, end, UNFINISHED);
    return nodes;
  }
  return undefined;
}

/** A mended text in place of a stretch: its offsets are the stretch's, as far as that goes. */
function parsedOr<T>({ parse }: Recovery, start: number, end: number, mended: string, otherwise: T): Node[] | T {
  const { root, broken } = parse({ text: mended, original: (offset) => Math.min(start + offset, end) });
  return broken ? otherwise : [...root.children];
}

/** What stands in a text that was put together, and where it comes from. */
interface Part {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Heads on lines of their own, each with an empty body. */
function assembled(parts: readonly Part[]): Source {
  const starts: number[] = [];
  let text = '';
  for (const part of parts) {
    starts.push(text.length);
    text += `${part.text}\n`;
  }
  return {
    text,
    original(offset) {
      let at = starts.length - 1;
      while (at > 0 && (starts[at] ?? 0) > offset) at--;
      const part = parts[at];
      return part ? Math.min(part.start + offset - (starts[at] ?? 0), part.end) : 0;
    },
  };
}

/** A statement with bodies: its heads are parsed with empty bodies, what stands in the bodies is read on its own. */
function compound(recovery: Recovery, piece: Piece, depth: number): Node[] {
  const told = recovery.told();
  const nodes = assembledCompound(recovery, piece, depth);
  const [head] = piece.lines;
  if (recovery.told() === told && head) recovery.problem(head.start, head.end, UNFINISHED);
  return nodes;
}

function assembledCompound(recovery: Recovery, piece: Piece, depth: number): Node[] {
  const clauses = clausesOf(recovery.text, piece);
  const bodies = clauses.map(({ body }) => recovered(recovery, body, depth + 1));
  const own = clauses.map((clause) => headParts(recovery, clause));
  const exact = fitted(recovery, own, bodies);
  if (exact) return exact;
  const mended = clauses.map((clause, at) => headParts(recovery, clause, at > 0));
  const result = fitted(recovery, mended, bodies);
  if (result) return result;
  // Clauses that do not go together: each stands on its own.
  return clauses.flatMap(
    (_, at) => fitted(recovery, [[{ ...(mended[at]?.at(-1) ?? { start: 0, end: 0 }), text: `if ${HOLE}: pass` }]], [bodies[at] ?? []]) ?? [],
  );
}

const colonEnds = (text: string): boolean => /:\s*$/.test(text);

/** The lines of a clause's head, with an empty body. `after` tells that it is to be made readable, and whether it follows another clause. */
function headParts(recovery: Recovery, { heads }: Clause, after?: boolean): Part[] {
  const { text } = recovery;
  return heads.map(({ start, end }, at): Part => {
    const line = text.slice(start, end);
    if (at < heads.length - 1) return { text: line, start, end };
    if (after !== undefined) return { text: readableHead(recovery, line, start, end, after), start, end };
    return { text: colonEnds(line) ? `${line} pass` : line, start, end };
  });
}

/** What a clause cannot do without before it. */
function before(line: string): string {
  if (/^(?:elif|else)\b/.test(line)) return 'if 0: pass\n';
  return /^(?:except|finally)\b/.test(line) ? 'try: pass\n' : '';
}

const behind = (line: string): string => (/^try\b/.test(line) ? '\nfinally: pass' : '');

function readableHead({ parse, problem }: Recovery, line: string, start: number, end: number, after: boolean): string {
  const parses = (head: string): boolean => !parse({ text: `${before(head)}${head}${behind(head)}\n`, original: (offset) => offset }).broken;
  const own = colonEnds(line) ? `${line} pass` : line;
  const follows = before(line) !== '';
  if (follows === after && parses(own)) return own;
  problem(start, end, follows === after ? UNFINISHED : UNREADABLE);
  if (follows !== after) return `if ${HOLE}: pass`;
  const mends = line.length > MENDED_SIZE ? [] : headMendsOf(line);
  const mended = mends.map((head) => `${head} pass`).find(parses);
  return mended ?? `${plainHead(line)} pass`;
}

/** The heads, parsed together, with the bodies in their places; undefined where they do not parse. */
function fitted({ parse }: Recovery, heads: readonly (readonly Part[])[], bodies: readonly (readonly Node[])[]): Node[] | undefined {
  const parts = heads.flat();
  const last = parts.at(-1);
  const isTry = /^try\b/.test(parts[0]?.text ?? '') && !parts.some(({ text }) => /^(?:except|finally)\b/.test(text));
  const all = isTry && last ? [...parts, { text: 'finally: pass', start: last.end, end: last.end }] : parts;
  const { root, broken } = parse(assembled(all));
  if (broken) return undefined;
  let at = 0;
  const replaced = (node: Node): Node => {
    if (node.type === 'block' && node.named) {
      const body = bodies[at++] ?? [];
      // What stands behind a colon on the head's own line goes first.
      const inline = node.children.filter(({ type }) => type !== 'pass_statement');
      return { ...node, children: [...inline, ...body] };
    }
    return { ...node, children: node.children.map(replaced) };
  };
  return root.children.map(replaced);
}
