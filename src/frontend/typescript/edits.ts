/** Edits of a text, and the way back to the text as it was. */
export interface Edit {
  readonly at: number;
  readonly insert: string;
  /** Characters taken out behind `at`. */
  readonly drop: number;
  /** What the edit mends, in words. */
  readonly message: string;
}

/** Makes an edit. */
export const edit = (at: number, insert: string, message: string, drop = 0): Edit => ({ at, insert, drop, message });

/** The text with the edits (in order of place). */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const { at, insert, drop } of edits) {
    result += text.slice(from, at) + insert;
    from = at + drop;
  }
  return result + text.slice(from);
}

/** What was put in: the stretches of the edited text. */
export function insertedRanges(edits: readonly Edit[]): { readonly start: number; readonly end: number }[] {
  let shift = 0;
  return edits.map(({ at, insert, drop }) => {
    const start = at + shift;
    shift += insert.length - drop;
    return { start, end: start + insert.length };
  });
}

/** Where an offset of the edited text stands in the text before. */
export function originalOffset(edits: readonly Edit[], offset: number): number {
  let shift = 0;
  for (const { at, insert, drop } of edits) {
    if (offset <= at + shift) break;
    if (offset <= at + shift + insert.length) return at;
    shift += insert.length - drop;
  }
  return offset - shift;
}
