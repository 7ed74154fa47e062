/** Numbers as the panel writes them. */

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const COUNTS = ['', 'K', 'M', 'G', 'T'] as const;

function scaled(value: number, base: number, units: readonly string[]): string {
  const power = value < base ? 0 : Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(base) + 1e-9));
  const number = value / base ** power;
  const text = power === 0 || number >= 100 ? number.toFixed(0) : number >= 10 ? number.toFixed(1) : number.toFixed(2);
  return units[power] ? `${text} ${units[power]}` : text;
}

/** Bytes in binary units. */
export const bytes = (value: number): string => scaled(value, 1024, BYTES);

/** Counts in decimal units. */
export const count = (value: number): string => scaled(value, 1000, COUNTS);

/** Milliseconds. */
export const time = (ms: number): string => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms >= 100 ? 0 : ms >= 10 ? 1 : 2)} ms`);

/** A value to four digits. */
export function value(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  if (Number.isInteger(number) && Math.abs(number) < 1e6) return String(number);
  const size = Math.abs(number);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? number.toExponential(2) : number.toPrecision(4);
}

/** A shape. */
export const shape = (sizes: readonly (number | string)[]): string => `(${sizes.join(', ')})`;
