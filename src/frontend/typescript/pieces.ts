/** Pieces of a source by its layout: a class's member, or a statement outside of all. What garbles the rest is left out whole. */
import { ts } from 'ts-morph';
import { lineAt, linesOf } from '../common/lines';

const CLASS = /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\b/;

interface Line {
  readonly start: number;
  readonly text: string;
  /** -1 where it is blank. */
  readonly indent: number;
}

function layoutOf(text: string): { readonly lines: readonly Line[]; at(offset: number): number } {
  const index = linesOf(text);
  const lines = index.starts.map((start, at) => {
    const line = text.slice(start, index.starts[at + 1] ?? text.length);
    return { start, text: line, indent: line.trim() === '' ? -1 : line.search(/\S/) };
  });
  return { lines, at: (offset) => lineAt(index, offset) };
}

/** The first line of the member or statement around a line: outward, until a class holds it. */
function startOf(lines: readonly Line[], from: number): number {
  let start = from;
  while (start > 0 && lines[start]?.indent === -1) start--;
  for (let at = start - 1; at >= 0; at--) {
    const indent = lines[at]?.indent ?? -1;
    if (indent === -1 || indent >= (lines[start]?.indent ?? 0)) continue;
    if (CLASS.test(lines[at]?.text ?? '')) return start;
    start = at;
  }
  return start;
}

/** The text with the piece around an offset blank: all offsets stay. Undefined where a class's own header would go. */
export function withoutPiece(text: string, offset: number): string | undefined {
  const { lines, at } = layoutOf(text);
  const start = startOf(lines, at(Math.min(offset, text.length)));
  const first = lines[start];
  if (!first || first.indent < 0 || CLASS.test(first.text)) return undefined;
  let end = start + 1;
  for (let next = lines[end]; next; next = lines[++end]) {
    if (next.indent === -1 || next.indent > first.indent) continue;
    if (next.indent < first.indent || !/^\s*[)\]}]/.test(next.text)) break;
  }
  const stop = lines[end]?.start ?? text.length;
  return text.slice(0, first.start) + text.slice(first.start, stop).replace(/[^\r\n]/g, ' ') + text.slice(stop);
}

/** How many functions, classes and methods a parsed file has at its top: what a garbled one loses. */
export function outlineSize(file: ts.SourceFile): number {
  let size = 0;
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.body) size++;
    if (ts.isClassDeclaration(statement))
      size += 1 + statement.members.filter((member) => ts.isFunctionLike(member) && 'body' in member && member.body !== undefined).length;
  }
  return size;
}
