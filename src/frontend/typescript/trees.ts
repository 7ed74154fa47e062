/** The trees of the texts parsed last: the compiler's incremental parser makes the next one of them, and reads again only what changed. */
import { ts } from 'ts-morph';
import { LARGEST_KEPT, recentOf } from '../common/recent';

/** A text is parsed as it is and as it was mended, whole and without a piece: one tree is kept of each. */
export type Slot = 'plain' | 'mended' | 'rest' | 'mendedRest';

/** Four trees of a file, each many times larger than its text. */
const kept = recentOf<ts.SourceFile>(16);

function scriptKind(path: string): ts.ScriptKind {
  if (/\.tsx$/i.test(path)) return ts.ScriptKind.TSX;
  return /\.[cm]?ts$/i.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JSX;
}

/** Parses a text afresh. */
function parseAfresh(path: string, text: string): ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  return ts.createSourceFile(path, text, options, false, scriptKind(path));
}

/** Parses a text; the tree that this slot gave before is used up by it. */
export function parse(path: string, text: string, slot: Slot): ts.SourceFile {
  const key = `${slot}:${path}`;
  // A parse that does not come to its end leaves the old tree half changed: it is taken out first.
  const before = kept.take(key);
  const file = before ? updated(before, text) : parseAfresh(path, text);
  if (text.length <= LARGEST_KEPT) kept.put(key, file);
  return file;
}

function updated(before: ts.SourceFile, text: string): ts.SourceFile {
  const { start, end, length } = difference(before.text, text);
  return ts.updateSourceFile(before, text, { span: { start, length: end - start }, newLength: length });
}

/** The one stretch [start, end) of the old text that another of `length` characters stands for. */
function difference(before: string, after: string): { start: number; end: number; length: number } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let behind = 0;
  while (behind < most - start && before.charCodeAt(before.length - 1 - behind) === after.charCodeAt(after.length - 1 - behind)) behind++;
  return { start, end: before.length - behind, length: after.length - behind - start };
}

/** The parser keeps state between files that a stack overflow leaves behind: an empty file clears it. */
export function resetParser(): void {
  kept.clear();
  parseAfresh('empty.ts', '');
}
