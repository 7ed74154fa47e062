/** Readings of plain arguments: a value as an operator's attribute, or why it is none. */
import { UNKNOWN } from '../../dim/index';
import type { Attribute } from '../../ops/operator';
import { asNumber, type Host, type Value } from '../../value/index';

/** An attribute; or the reason why it is not known; or what the library wants in its place, where the argument surely fails. */
export type Reading = { readonly value: Attribute } | { readonly unknown: string } | { readonly wants: string };
export type Read = (value: Value, host: Host) => Reading;

/** Why a value is not known, as a phrase. */
export function reasonOf(value: Value, what: string): string {
  if (value.kind === 'unknown') return value.reason;
  if (value.kind === 'shape') return value.of.reason ?? 'the rank of the tensor is not known';
  return `${what} is not known`;
}

/** The reading of a value that is not known. */
export const unread = (value: Value, what: string): Reading => ({ unknown: reasonOf(value, what) });

/** Kinds that are surely not a number, string or list of them. */
const isOther = (value: Value): boolean => value.kind === 'string' || value.kind === 'dict' || value.kind === 'function';

/** A whole number that is known: an axis, a count of axes. */
export const whole: Read = (given, host) => {
  const value = host.expect(given, 'constant');
  const known = asNumber(value);
  if (known !== undefined && Number.isInteger(known)) return { value: known };
  return isOther(value) ? { wants: 'a whole number' } : unread(value, 'the number');
};

/** A real number, possibly over sizes. */
export const realNumber: Read = (given, host) => {
  const value = host.expect(given, 'number');
  if (value.kind === 'number') return { value: value.real };
  if (value.kind === 'boolean') return { value: value.value ? 1 : 0 };
  return unread(value, 'the number');
};

/** A flag: what is missing counts as false, a number but 0 as true. */
export const flagged: Read = (value) => {
  if (value.kind === 'boolean') return { value: value.value };
  if (value.kind === 'undefined' || value.kind === 'null') return { value: false };
  const known = asNumber(value);
  return known !== undefined ? { value: known !== 0 } : unread(value, 'the flag');
};

/** A word. */
export const word: Read = (value) => (value.kind === 'string' ? { value: value.value } : unread(value, 'the option'));

/** One of the words. */
export const oneOf =
  (...words: readonly string[]): Read =>
  (value) => {
    if (value.kind !== 'string') return unread(value, 'the option');
    return words.includes(value.value) ? { value: value.value } : { wants: words.map((item) => `'${item}'`).join(' or ') };
  };

/** A list of what `read` reads. */
export const listOf =
  (read: Read, what: string): Read =>
  (given, host) => {
    const value = host.expect(given, 'list');
    if (value.kind === 'shape') return { unknown: reasonOf(value, what) };
    if (value.kind !== 'list') return value.kind === 'number' ? { wants: 'an array' } : unread(value, what);
    if (value.open !== undefined || value.times !== undefined) return { unknown: value.open ?? 'the length of the list is not known' };
    const items: Attribute[] = [];
    for (const item of value.items) {
      const reading = read(item, host);
      if (!('value' in reading)) return reading;
      items.push(reading.value);
    }
    return { value: items };
  };

/** One value, or a list of them, as a list. */
export const oneOrList =
  (read: Read, what: string): Read =>
  (value, host) => {
    if (value.kind === 'list') return listOf(read, what)(value, host);
    const reading = read(value, host);
    return 'value' in reading ? { value: [reading.value] } : reading;
  };

/** One axis or several, as a list. */
export const someAxes: Read = oneOrList(whole, 'the axis');

/** A size; null is a size that is not known. */
export const sized: Read = (given, host) => {
  const value = host.expect(given, 'number');
  if (value.kind === 'number') return { value: value.real };
  return isOther(value) ? { wants: 'a number' } : unread(value, 'the size');
};

/** A whole number, possibly over sizes; one that nothing tells is left open. */
export const distance: Read = (given, host) => {
  const known = whole(given, host);
  if ('value' in known) return known;
  const value = host.expect(given, 'number');
  if (value.kind === 'number') return asNumber(value) === undefined ? { value: value.real } : known;
  return isOther(value) ? known : { value: { kind: 'size', size: UNKNOWN } };
};

/** A size of a shape: one that nothing tells leaves the others, and how many there are. */
const openSize: Read = (given, host) => {
  const reading = sized(given, host);
  return 'unknown' in reading ? { value: { kind: 'size', size: UNKNOWN } } : reading;
};

/** A shape: a list of sizes. */
export const shaped: Read = listOf(openSize, 'the shape');

/** Sizes by axis, one standing for all: `count` of them. */
export const perAxis =
  (count: number, read: Read = sized): Read =>
  (value, host) => {
    if (value.kind === 'list') return listOf(read, 'the size')(value, host);
    const reading = read(value, host);
    return 'value' in reading ? { value: Array.from({ length: count }, () => reading.value) } : reading;
  };

/** Pairs of sizes, before and after. */
export const pairs: Read = listOf(shaped, 'the padding');
