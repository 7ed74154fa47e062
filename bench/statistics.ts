/** Medians and spreads. */

export const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** The value below which a share of the others lies. */
export const quantile = (values: readonly number[], share: number): number =>
  sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** `median (first decile … last decile)`. */
export const spread = (values: readonly number[], digits = 1): string =>
  `${median(values).toFixed(digits)} (${quantile(values, 0.1).toFixed(digits)} … ${quantile(values, 0.9).toFixed(digits)})`;

/** One line: what, how much, and what is wanted of it. */
export function line(what: string, value: string, target = ''): string {
  return `${what.padEnd(58)} ${value}${target === '' ? '' : `   [${target}]`}`;
}

/** Milliseconds that work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
