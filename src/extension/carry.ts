/** Keeps lenses where they belong while a file is typed in. Plain data: no editor needed. */
import type { Diagnostic, Lens } from '../analysis/types';

/** An edit: the place where it starts and ends in the text before it, counted from 1, and how many lines its new text has. */
export interface LineEdit {
  readonly line: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly lines: number;
}

function moved(line: number, column: number, edit: LineEdit): number {
  const after = line > edit.endLine || (line === edit.endLine && column >= edit.endColumn);
  if (after) return line + edit.lines - (edit.endLine - edit.line + 1);
  return Math.min(line, edit.line);
}

/** Moves lenses along with their lines. */
export function shifted(lenses: readonly Lens[], edit: LineEdit): readonly Lens[] {
  return lenses.map((lens) => {
    if (lens.span.endLine < edit.line) return lens;
    const line = moved(lens.span.line, lens.span.column, edit);
    return { ...lens, span: { ...lens.span, line, endLine: lens.span.endLine + line - lens.span.line } };
  });
}

/** The new lenses; in a text that does not parse whole, a module that is not found keeps those it had. */
export function carried(old: readonly Lens[], fresh: readonly Lens[], diagnostics: readonly Diagnostic[]): readonly Lens[] {
  if (!diagnostics.some((diagnostic) => diagnostic.code === 'syntax')) return fresh;
  const found = new Set(fresh.map((lens) => lens.module));
  return [...fresh, ...old.filter((lens) => !found.has(lens.module))];
}
