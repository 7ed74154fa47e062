/** Sizes that the user typed and that the host has not told back: what it says of before does not take them away. */
import { isSize } from '../src/graph/bind';
import type { Sizes } from '../src/graph/index';

export interface Typed {
  /** `before` is what stood there until now. */
  note(symbol: string, before: number, size: number): void;
  /** The host's sizes, with what was typed since in place of what it says of before. */
  over(given: Sizes): Sizes;
  /** The sizes with what is none as it was before it was typed. */
  withoutUnfit(sizes: Sizes): Sizes;
  forget(): void;
}

interface Entry {
  readonly size: number;
  /** What stood there since the host last agreed: its answers may still speak of any of these. */
  readonly before: ReadonlySet<number>;
}

/** Nothing typed yet. */
export function createTyped(): Typed {
  const entries = new Map<string, Entry>();

  function over(given: Sizes): Sizes {
    const sizes: Record<string, number> = { ...given };
    for (const [symbol, { size, before }] of entries) {
      const told = given[symbol];
      if (told !== undefined && told !== size && before.has(told)) sizes[symbol] = size;
      else entries.delete(symbol);
    }
    return sizes;
  }

  const lastFit = (symbol: string): number | undefined => [...(entries.get(symbol)?.before ?? [])].findLast(isSize);

  return {
    note(symbol, before, size) {
      entries.set(symbol, { size, before: new Set([...(entries.get(symbol)?.before ?? []), before]) });
    },
    over,
    withoutUnfit: (sizes) => Object.fromEntries(Object.entries(sizes).map(([symbol, size]) => [symbol, isSize(size) ? size : (lastFit(symbol) ?? size)])),
    forget: () => entries.clear(),
  };
}
