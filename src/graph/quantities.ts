/** Bytes and counts as a reader sees them: in the editor, in the panel and on the command line alike. */

const BYTES = [' B', ' KiB', ' MiB', ' GiB', ' TiB', ' PiB', ' EiB', ' ZiB', ' YiB'];
const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

/** Three figures at most, and a unit; what would round up to the next unit takes it, and what is beyond the last is a power of ten of it. */
function scaled(value: number, base: number, units: readonly string[]): string {
  const steps = units.map((_, step) => value / base ** step);
  const step = steps.findIndex((number, at) => Math.round(number) < base || at === units.length - 1);
  const number = steps[step] ?? value;
  if (Math.round(number) >= base) return `${number.toExponential(1).replace('e+', '·10^')}${units[step]}`;
  return `${step === 0 ? value : number.toFixed(number < 99.95 ? 1 : 0)}${units[step]}`;
}

/** `3.3 MiB`. */
export const bytesText = (bytes: number): string => scaled(bytes, 1024, BYTES);

/** `262 k`; with a unit of its own, `1.2 GMACs`. */
export const countText = (count: number, unit = ''): string =>
  scaled(
    count,
    1000,
    PREFIXES.map((prefix) => ` ${prefix}${unit}`.trimEnd()),
  );
