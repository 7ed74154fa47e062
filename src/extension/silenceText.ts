/** The comments that silence a finding, as edits of a text's lines. Plain data: no editor needed. */

/** Text to put in before the given column (from 0) of a line (from 0). */
export interface Insertion {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

const MARK = 'attention-shapes-disable';

const hasComment = (line: string): boolean => /\/[/*]/.test(line.replace(/(['"`])(?:\\.|(?!\1).)*\1/g, ''));

/** Silences one code on one line: behind it, or above where a comment stands behind it already. */
export function silenceOnLine(lines: readonly string[], line: number, code: string): Insertion {
  const text = lines[line] ?? '';
  const there = text.indexOf(`${MARK}-line `);
  if (there >= 0) return { line, column: there + `${MARK}-line `.length, text: `${code} ` };
  if (!hasComment(text)) return { line, column: text.length, text: ` // ${MARK}-line ${code}` };
  const indent = /^\s*/.exec(text)?.[0] ?? '';
  return { line, column: 0, text: `${indent}// ${MARK}-next-line ${code}\n` };
}

/** Silences one code in the whole file: in its first line, or the second where the first says what runs it. */
export function silenceInFile(lines: readonly string[], code: string): Insertion {
  return { line: lines[0]?.startsWith('#!') ? 1 : 0, column: 0, text: `// ${MARK} ${code}\n` };
}
