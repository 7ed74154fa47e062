/** Reading an einsum equation. */

/** The labels of each operand and of the output, one letter each; the axes under an ellipsis are labelled by digits, counted from their end. */
export interface Equation {
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** The equation for operands of these ranks, or why it cannot be read. */
export function readEquation(text: string, ranks: readonly number[]): Equation | { readonly reason: string } {
  const [left = '', right, ...more] = text.replace(/\s/g, '').split('->');
  const terms = left.split(',');
  if (more.length > 0) return { reason: 'more than one arrow' };
  if (terms.length !== ranks.length) return { reason: `${terms.length} operands in the equation, ${ranks.length} given` };
  if (![...terms, right ?? ''].every((term) => /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term))) return { reason: 'a label that is not a letter' };
  const operands = terms.map((term, at) => labelsOf(term, ranks[at] ?? 0));
  const short = operands.findIndex((labels, at) => labels.length !== ranks[at]);
  if (short >= 0) return { reason: `${letters(terms[short] ?? '')} axes in "${terms[short]}", ${ranks[short]} in the operand` };
  const covered = Math.max(0, ...operands.map((labels) => labels.filter(isDigit).length));
  const output = right === undefined ? impliedOutput(operands, covered) : labelsOf(right, letters(right) + (right.includes('...') ? covered : 0));
  const unheard = output.find((label) => !operands.some((labels) => labels.includes(label)));
  if (unheard !== undefined) return { reason: `label "${unheard}" stands in no operand` };
  if (new Set(output).size !== output.length) return { reason: 'a label stands twice in the output' };
  return { operands, output };
}

const letters = (term: string): number => term.replace('...', '').length;

const isDigit = (label: string): boolean => !/[A-Za-z]/.test(label);

function labelsOf(term: string, rank: number): string[] {
  const [before = '', after] = term.split('...');
  if (after === undefined) return [...before];
  const covered = Math.max(0, rank - before.length - after.length);
  return [...before, ...under(covered), ...after];
}

/** Labels of the axes under an ellipsis: the last is 0. */
const under = (covered: number): string[] => Array.from({ length: covered }, (_, at) => String(covered - 1 - at));

/** Without an arrow: the axes under the ellipsis, then the labels that stand once, in alphabetical order. */
function impliedOutput(operands: readonly (readonly string[])[], covered: number): string[] {
  const all = operands.flat().filter((label) => !isDigit(label));
  const once = [...new Set(all)].filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  return [...under(covered), ...once.sort()];
}
