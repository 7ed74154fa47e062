/** The comments that silence a finding, as edits of a text's lines. Plain data: no editor needed. */

/** Text to put in before the given column (from 0) of a line (from 0). */
export interface Insertion {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

const MARK = 'attention-shapes-disable';

/** How a language writes comments. */
interface Comments {
  readonly mark: string;
  /** What stands before a comment that follows code. */
  readonly gap: string;
  /** What begins one, outside of strings. */
  readonly begins: RegExp;
  /** The first lines that something else reads: nothing is put before them. */
  readonly first: RegExp;
}

const SLASHES: Comments = { mark: '//', gap: ' ', begins: /\/[/*]/, first: /^#!/ };
const HASHES: Comments = { mark: '#', gap: '  ', begins: /#/, first: /^(?:#!|%%|\s*#.*coding[:=])/ };

/** Python's, or those of the languages with slashes. */
export const commentsOf = (language: string): Comments => (language === 'python' ? HASHES : SLASHES);

/** Whether nothing can follow on the line: a comment stands there, or the next line goes on with it. */
const isTaken = (line: string, { begins }: Comments): boolean => begins.test(line.replace(/(['"`])(?:\\.|(?!\1).)*\1/g, '')) || line.endsWith('\\');

/** Silences one code on one line: behind it, or above where a comment stands behind it already. */
export function silenceOnLine(lines: readonly string[], line: number, code: string, comments: Comments): Insertion {
  const text = lines[line] ?? '';
  const there = text.indexOf(`${MARK}-line `);
  if (there >= 0) return { line, column: there + `${MARK}-line `.length, text: `${code} ` };
  if (!isTaken(text, comments)) return { line, column: text.length, text: `${comments.gap}${comments.mark} ${MARK}-line ${code}` };
  const indent = /^\s*/.exec(text)?.[0] ?? '';
  return { line, column: 0, text: `${indent}${comments.mark} ${MARK}-next-line ${code}\n` };
}

/** Silences one code in the whole file: in its first line, or behind those that something else reads first. */
export function silenceInFile(lines: readonly string[], code: string, { mark, first }: Comments): Insertion {
  const at = lines.findIndex((line) => !first.test(line));
  return { line: Math.max(0, at), column: 0, text: `${mark} ${MARK} ${code}\n` };
}
