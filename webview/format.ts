/** Times and values as the panel writes them. */

/** Milliseconds; a page's clock counts tenths of them, so that what is nothing is less than that. */
export const time = (ms: number): string =>
  ms === 0 ? '<0.1 ms' : ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms >= 100 ? 0 : ms >= 10 ? 1 : 2)} ms`;

/** A value to four digits. */
export function value(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  if (Number.isInteger(number) && Math.abs(number) < 1e6) return String(number);
  const size = Math.abs(number);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? number.toExponential(2) : number.toPrecision(4);
}

/** A shape. */
export const shape = (sizes: readonly (number | string)[]): string => `(${sizes.join(', ')})`;
