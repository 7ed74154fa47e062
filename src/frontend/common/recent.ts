/** What is kept of the texts that were read last: those of the files that are being typed in are enough. */

/** A memo of few keys: the one that was put longest ago goes first. */
export interface Recent<T> {
  /** What was put last under the key, which is taken out. */
  take(key: string): T | undefined;
  put(key: string, value: T): void;
  clear(): void;
}

/** Nobody types in a text that is longer, in UTF-16 units: nothing is kept of it. */
export const LARGEST_KEPT = 500_000;

/** An empty memo. */
export function recentOf<T>(most: number): Recent<T> {
  const held = new Map<string, T>();
  return {
    take(key) {
      const value = held.get(key);
      held.delete(key);
      return value;
    },
    put(key, value) {
      held.delete(key);
      held.set(key, value);
      const [oldest] = held.keys();
      if (held.size > most && oldest !== undefined) held.delete(oldest);
    },
    clear: () => held.clear(),
  };
}
