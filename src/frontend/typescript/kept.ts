/** Top statements that were lowered before: what stands at the same place, written the same, lowers to the same. */
import { ts } from 'ts-morph';
import type { Statement } from '../../program/types';
import { LARGEST_KEPT, recentOf } from '../common/recent';
import type { Parsed } from './parse';

type Lowered = ReadonlyMap<string, readonly Statement[]>;

const kept = recentOf<Lowered>(8);

/** Lowers a file's statements, of those that stand as they stood in the file's last text what they were lowered to. What had cuts says them anew. */
export function loweredBody(path: string, parsed: Parsed, lower: (node: ts.Statement) => readonly Statement[], cuts: () => number): Statement[] {
  const { statements, text } = parsed.file;
  if (text.length > LARGEST_KEPT) return statements.flatMap(lower);
  const before = kept.take(path);
  const now = new Map<string, readonly Statement[]>();
  const body = statements.flatMap((node, at) => {
    const id = identity(parsed, node, statements[at + 1]);
    const cutsBefore = cuts();
    const lowered = (id === undefined ? undefined : before?.get(id)) ?? lower(node);
    if (id !== undefined && cuts() === cutsBefore) now.set(id, lowered);
    return lowered;
  });
  kept.put(path, now);
  return body;
}

/** Where the statement stands and its text, with the comments before it and behind it; none where a mend is in it. */
function identity({ file, between, mended }: Parsed, node: ts.Statement, next: ts.Statement | undefined): string | undefined {
  const end = next?.getStart(file) ?? file.text.length;
  if (mended(node.pos, end)) return undefined;
  const { line, column } = between(node.pos, node.pos);
  return `${line}:${column}:${ts.isExternalModule(file)}:${file.text.slice(node.pos, end)}`;
}
