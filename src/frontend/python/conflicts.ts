/** Marks that a merge left behind: the first side is read, the other is not there. */

export interface Conflict {
  readonly start: number;
  readonly end: number;
}

const MARK = /^(?:<{7}|\|{7}|={7}|>{7})(?:[ \t].*)?$/gm;

/** The text with blanks for the marks and for all but the first side of each conflict, and where the marks stand. */
export function withoutConflicts(text: string): { readonly text: string; readonly marks: readonly Conflict[] } {
  if (!/^(?:<{7}|>{7})/m.test(text)) return { text, marks: [] };
  const marks: Conflict[] = [];
  let result = '';
  let from = 0;
  let dropped = false;
  const blank = (part: string): string => part.replace(/[^\r\n]/g, ' ');
  for (const found of text.matchAll(MARK)) {
    const start = found.index;
    const end = start + found[0].length;
    const part = text.slice(from, start);
    result += (dropped ? blank(part) : part) + blank(found[0]);
    marks.push({ start, end });
    dropped = found[0].startsWith('|') || found[0].startsWith('=');
    from = end;
  }
  return { text: result + text.slice(from), marks };
}
