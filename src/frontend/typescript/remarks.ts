/** The comments of a source, and which statement or declaration each belongs to. */
import type { Comment, Span } from '../../program/types';
import { lineAt } from '../common/lines';
import type { Scan } from './layout';

interface Remark extends Comment {
  readonly start: number;
  readonly end: number;
  readonly doc: boolean;
}

export interface Remarks {
  readonly all: readonly Comment[];
  /** The comment behind the end of [start, end) on its line, else the one alone on the line above its start. */
  of(start: number, end: number): Comment | undefined;
  /** The text of the doc comment between the two offsets (a node's full start and its start). */
  doc(from: number, to: number): string | undefined;
}

function withoutMarks(text: string): string {
  if (text.startsWith('//')) return text.replace(/^\/\/+/, '').trim();
  const inner = text.replace(/^\/\*+/, '').replace(/\*+\/$/, '');
  return inner
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** The index of the first comment that starts at the offset or behind it. */
function firstFrom(remarks: readonly Remark[], offset: number): number {
  let low = 0;
  let high = remarks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((remarks[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reads the comments among the tokens. */
export function remarksOf({ text, lines, all: tokens, firsts }: Scan, span: (start: number, end: number) => Span): Remarks {
  const remarks: Remark[] = [];
  const lastOfLine = new Map<number, Remark>();
  const alone = new Map<number, Remark>();
  for (const token of tokens) {
    const { kind, start, end } = token;
    if (kind !== 'comment') continue;
    const raw = text.slice(start, end);
    const remark = { span: span(start, end), text: withoutMarks(raw), start, end, doc: raw.startsWith('/**') };
    remarks.push(remark);
    const line = lineAt(lines, start);
    lastOfLine.set(line, remark);
    if (firsts.has(token)) alone.set(lineAt(lines, end), remark);
  }
  const comment = ({ span, text }: Remark): Comment => ({ span, text });
  return {
    all: remarks.map(comment),
    of(start, end) {
      const behind = lastOfLine.get(lineAt(lines, end));
      if (behind && behind.start >= end && /^[\s;,)\]}]*$/.test(text.slice(end, behind.start))) return comment(behind);
      const line = lineAt(lines, start);
      if (text.slice(lines.starts[line], start).trim() !== '') return undefined;
      const above = alone.get(line - 1);
      return above && comment(above);
    },
    doc(from, to) {
      let at = firstFrom(remarks, to) - 1;
      while (at >= 0 && remarks[at]?.doc === false) at--;
      const remark = remarks[at];
      return remark && remark.start >= from ? remark.text : undefined;
    },
  };
}
