/** Lines that words name, as links: the words carry a number, the answer carries the places, and who shows them makes the links. */
import type { Span } from '../program/types';

/** Places that an answer's words lead to, in the order of their numbers. */
export interface Places {
  /** `line 41`, as a link to it. */
  line(span: Span): string;
  /** The same with other words. */
  link(words: string, span: Span): string;
  readonly all: readonly Span[];
}

const isSame = (a: Span, b: Span): boolean =>
  a.file === b.file && a.line === b.line && a.column === b.column && a.endLine === b.endLine && a.endColumn === b.endColumn;

/** No places yet. */
export function createPlaces(): Places {
  const all: Span[] = [];
  const link = (words: string, span: Span): string => {
    const known = all.findIndex((one) => isSame(one, span));
    return `[${words}](place:${known < 0 ? all.push(span) - 1 : known})`;
  };
  return { all, link, line: (span) => link(`line ${span.line}`, span) };
}
