/** Which of two equal sizes is named for both. */
import type { Dim } from '../../dim/index';
import type { Run, SymbolRecord } from '../run';

/**
 * The sides in the order [what stays, what is replaced by it]: a size of the data stays for an argument, an earlier input's for a later one's,
 * so that shapes go on in the names that they began with.
 */
export function keptFirst(run: Run, left: Dim, right: Dim): [Dim, Dim] {
  const [a, b] = [recordOf(run, left), recordOf(run, right)];
  if (a && b) return precedes(run, b, a) ? [right, left] : [left, right];
  // An expression cannot be replaced; the symbol beside it can.
  return a && !b ? [right, left] : [left, right];
}

const recordOf = (run: Run, size: Dim): SymbolRecord | undefined => run.symbols.get(size.text);

function precedes(run: Run, one: SymbolRecord, other: SymbolRecord): boolean {
  if (one.role !== other.role) return one.role === 'data';
  const order = [...run.symbols.keys()];
  return order.indexOf(one.name) < order.indexOf(other.name);
}
