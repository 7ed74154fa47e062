/** What speaks against a size that is claimed. */
import { compare, type Dim, format, symbolsOf } from '../../dim/index';
import type { Span } from '../../program/types';
import type { Run } from '../run';

/** The needs that tied a size to something else: where it surely differs from what is claimed all of them; else those that name another argument. */
export function against(run: Run, size: Dim, claimed: Dim): { readonly need: string; readonly span: Span }[] {
  const differs = compare(size, claimed, run.known.facts) === 'different';
  if (!differs && compare(size, claimed, run.known.facts) === 'equal') return [];
  return [...run.needs.values()].flatMap(({ text, left, right, relation, span }) => {
    const other = left.text === size.text ? right : right.text === size.text ? left : undefined;
    const isOther = other !== undefined && relation === '==' && (differs || (isFree(run, other) && isFree(run, claimed) && other.text !== claimed.text));
    return isOther ? [{ need: text, span }] : [];
  });
}

/** One argument that has no default. */
function isFree(run: Run, size: Dim): boolean {
  const [name] = symbolsOf(size);
  const record = name === undefined ? undefined : run.symbols.get(name);
  return name === format(size) && record?.role === 'argument' && record.example === undefined;
}
