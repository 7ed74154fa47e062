/** Lines that are no wider than the terminal. */

/** How wide the terminal is; without one, which no line is too wide for, the width given. */
export const terminalWidth = (otherwise: number): number => process.stdout.columns ?? (Number(process.env.COLUMNS) || otherwise);

/** What stands together: a word, with the sign before it. */
const WORDS = /(?:[+−·≥≤=] )*\S+/g;

/** The text on lines of a width, the first of which begins at a column and the others at the same; a word that is wider stays whole. */
export function wrapped(text: string, column: number, width: number): string {
  const room = Math.max(MOST_NARROW, width - column);
  if (text.length <= room) return text;
  const lines: string[] = [];
  for (const word of text.match(WORDS) ?? []) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join(`\n${' '.repeat(column)}`);
}

/** Less room than this is none: text beside a column of labels would be a word a line. */
const MOST_NARROW = 24;
