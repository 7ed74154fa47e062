/** Sizes that a block which has come takes from those that are there: only what is counted at the same sizes can be compared. */
import type { ChosenSizes, Prices } from '../../src/analysis/types';

/** By the names of inputs' sizes; the first that has one tells it. */
export function taken(own: Prices, others: readonly Prices[]): ChosenSizes {
  const theirs = new Map(others.flatMap(({ symbols }) => symbols.map(({ name, value }) => [name, value] as const)).reverse());
  return Object.fromEntries(
    own.symbols.flatMap(({ name, role, value }) => {
      const other = theirs.get(name);
      return role === 'data' && other !== undefined && other !== value ? [[name, other]] : [];
    }),
  );
}
