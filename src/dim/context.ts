/** What the facts come to: made once for each set of facts, with the answers found so far. */
import type { Dim, Term } from './terms';

/** Whether two sizes are equal for all sizes, for none, or it depends. */
export type Verdict = 'equal' | 'different' | 'unknown';

/** Something taken for true, in the user's words. */
export interface Fact {
  readonly relation: '==' | 'divides' | '<=';
  readonly left: Dim;
  readonly right: Dim;
  readonly words: string;
}

/** Immutable, plain data. All symbols are sizes of at least 1 unless a fact gives one a lower bound of its own. */
export interface Facts {
  readonly list: readonly Fact[];
}

export const NO_FACTS: Facts = { list: [] };

/** Rewrites `coefficient` times a product (`lead`) as `rest`, which is smaller. */
export interface Rule {
  readonly lead: Term;
  readonly rest: Dim;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A fact `divisor | dividend` in simplified form. */
export interface Divisibility {
  readonly divisor: Dim;
  readonly dividend: Dim;
}

export interface Context {
  /** What facts say of single symbols. */
  readonly bounds: Map<string, Partial<Interval>>;
  /** Symbols that equalities solve; no solution holds a solved symbol. */
  substitution: ReadonlyMap<string, Dim>;
  /** Equalities that no symbol solves. */
  rules: readonly Rule[];
  divisibilities: readonly Divisibility[];
  /** Each at least 0. */
  inequalities: readonly Dim[];
  readonly simplified: Cache<Dim>;
  readonly intervals: Cache<Interval>;
  readonly refutations: Cache<boolean>;
  readonly relations: Cache<Verdict>;
}

/** A memo that forgets all when full, so that a long session does not grow. */
export interface Cache<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): T;
  clear(): void;
}

/** An empty memo. */
export function cacheOf<T>(limit = 5000): Cache<T> {
  const held = new Map<string, T>();
  return {
    get: (key) => held.get(key),
    clear: () => held.clear(),
    set(key, value) {
      if (held.size >= limit) held.clear();
      held.set(key, value);
      return value;
    },
  };
}

/** A context that knows nothing but that symbols are sizes. */
export function emptyContext(): Context {
  return {
    bounds: new Map(),
    substitution: new Map(),
    rules: [],
    divisibilities: [],
    inequalities: [],
    simplified: cacheOf(),
    intervals: cacheOf(),
    refutations: cacheOf(),
    relations: cacheOf(),
  };
}
