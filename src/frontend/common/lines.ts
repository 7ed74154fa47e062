/** Offsets of a text as lines and columns that count from 1, in UTF-16 units. */
export interface Lines {
  readonly starts: readonly number[];
}

/** Where each line of the text starts; `\n`, `\r\n` and `\r` end a line. */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return { starts };
}

/** The index of the line that holds the offset. */
export function lineAt(lines: Lines, offset: number): number {
  let low = 0;
  let high = lines.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The offset's line and column. */
export function positionAt(lines: Lines, offset: number): { readonly line: number; readonly column: number } {
  const line = lineAt(lines, offset);
  return { line: line + 1, column: offset - (lines.starts[line] ?? 0) + 1 };
}
