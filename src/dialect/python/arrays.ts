/** Arrays of numpy as far as numbers flow through them: lists whose arithmetic goes item by item. */
import { type ListValue, list, type Value } from '../../value/index';
import { openList, repeated } from './reading';

const ARRAYS = new WeakSet<ListValue>();

/** Marks a list as an array of numpy. */
export function asArray(made: ListValue): ListValue {
  ARRAYS.add(made);
  return made;
}

/** Whether a value is an array of numpy. */
export const isArray = (value: Value): boolean => value.kind === 'list' && ARRAYS.has(value);

/** `left operator right` item by item; a number goes with each. */
export function overArrays(left: Value, right: Value, apply: (left: Value, right: Value) => Value): ListValue {
  const [a, b] = [left, right].map((value) => (value.kind === 'list' ? value : undefined));
  const one = a ?? b;
  if (!one) return asArray(openList('it is no array'));
  const open = a?.open ?? b?.open;
  if (open !== undefined) return asArray(openList(open));
  const [counts, other] = [a ?? one, b ?? one];
  if (counts.items.length !== other.items.length || counts.times?.text !== other.times?.text) return asArray(openList('the lengths of the arrays differ'));
  const made = one.items.map((_, at) => apply(a?.items[at] ?? left, b?.items[at] ?? right));
  const [each] = made;
  return asArray(one.times && each ? repeated(each, one.times) : list(made));
}
