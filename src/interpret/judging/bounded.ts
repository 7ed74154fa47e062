/** Sizes that are cut off at another: `x[:, :n]` has min(n, size), which is n where n is at most the size. */
import { type Dim, same } from '../../dim/index';

/** What must hold for a size to equal the least (or greatest) of itself and others: pairs, the first at most the second. */
export function boundsOf(left: Dim, right: Dim): readonly (readonly [Dim, Dim])[] | undefined {
  return boundedBy(left, right) ?? boundedBy(right, left);
}

function boundedBy(extreme: Dim, size: Dim): readonly (readonly [Dim, Dim])[] | undefined {
  const [term, ...more] = extreme.terms ?? [];
  const [factor, ...others] = term?.factors ?? [];
  if (!term || !factor || more.length > 0 || others.length > 0 || term.coefficient !== 1 || factor.power !== 1) return undefined;
  const { atom } = factor;
  if ((atom.kind !== 'min' && atom.kind !== 'max') || !atom.args.some((arg) => same(arg, size))) return undefined;
  const rest = atom.args.filter((arg) => !same(arg, size));
  return rest.map((arg) => (atom.kind === 'min' ? ([size, arg] as const) : ([arg, size] as const)));
}
