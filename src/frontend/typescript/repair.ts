/**
 * Half-typed source. The compiler's parser goes on after a mistake, but an open bracket, string or `x.` at a line's end lets it read
 * the lines and methods that follow as part of the open one. Indentation tells what was meant: this puts the missing marks in,
 * and keeps the way back to the text as it is.
 */
import { bracketEdits } from './brackets';
import { applyEdits, type Edit, originalOffset } from './edits';
import { type Scan, scanOf } from './layout';
import { literalEdit } from './literals';

/** The edits that mend a text; a text without syntax errors is only looked at for `x.` before a new statement. */
export function mend(scan: Scan, broken: boolean): { readonly text: string; readonly edits: readonly Edit[] } {
  const literals: Edit[] = [];
  let current = scan;
  // Each edit ends one literal: as many rounds as may be worth it.
  for (let round = 0; broken && round < 8; round++) {
    const next = literalEdit(current);
    if (!next) break;
    literals.push(next);
    current = scanOf(applyEdits(current.text, [next]));
  }
  const edits = bracketEdits(current, broken);
  return { text: applyEdits(current.text, edits), edits: combine(literals, edits) };
}

/** Edits made one after the other, each in the text that the ones before left, as edits of the first text, in order. */
function combine(literals: readonly Edit[], edits: readonly Edit[]): Edit[] {
  const placed: Edit[] = [];
  for (const next of literals) {
    placed.push({ ...next, at: originalOffset(placed, next.at) });
    placed.sort((a, b) => a.at - b.at);
  }
  const mapped = edits.map((next) => ({ ...next, at: originalOffset(placed, next.at) }));
  return [...placed, ...mapped].sort((a, b) => a.at - b.at);
}
