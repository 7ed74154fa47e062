/** The comments of a source, and which statement or parameter each belongs to. */
import type { Comment, Span } from '../../program/types';
import { type Lines, lineAt } from '../common/lines';
import type { Remark } from './scan';

export interface Remarks {
  readonly all: readonly Comment[];
  /** The comment behind the end of [start, end) on its line, else the one alone on the line above its start. */
  of(start: number, end: number): Comment | undefined;
  /** The comment behind the offset on its line. */
  behind(end: number): Comment | undefined;
}

/** Where a comment may follow: nothing but closing marks stands between. */
const CLOSING = /^[\s;,)\]}:\\]*$/;

/** Orders the comments by their lines. */
export function remarksOf(text: string, lines: Lines, remarks: readonly Remark[], span: (start: number, end: number) => Span): Remarks {
  const behind = new Map<number, { readonly start: number; readonly comment: Comment }>();
  const alone = new Map<number, Comment>();
  const all = remarks.map(({ start, end, alone: isAlone }) => {
    const comment = { span: span(start, end), text: text.slice(start, end).replace(/^#+/, '').trim() };
    const line = comment.span.line - 1;
    if (isAlone) alone.set(line, comment);
    else behind.set(line, { start, comment });
    return comment;
  });
  const behindOf = (end: number): Comment | undefined => {
    const found = behind.get(lineAt(lines, end));
    return found && found.start >= end && CLOSING.test(text.slice(end, found.start)) ? found.comment : undefined;
  };
  return {
    all,
    behind: behindOf,
    of(start, end) {
      const found = behindOf(end);
      if (found) return found;
      const line = lineAt(lines, start);
      const above = alone.get(line - 1);
      return above && text.slice(lines.starts[line], start).trim() === '' ? above : undefined;
    },
  };
}
