/** Small readers of untrusted JSON: each checks one thing and says where it failed. */

/** Reads a value found at `path`, or throws a `DecodeError`. */
export type Decode<T> = (value: unknown, path: string) => T;

/** What is wrong with the JSON, and where. */
export class DecodeError extends Error {
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.name = 'DecodeError';
  }
}

const LONGEST_LIST = 1_000_000;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** Fails, naming what was wanted and what stands there. */
export function wanted(path: string, what: string, value: unknown): never {
  throw new DecodeError(path, `expected ${what}, found ${shown(value)}`);
}

export const text: Decode<string> = (value, path) => (typeof value === 'string' ? value : wanted(path, 'a text', value));

/** A whole number from 0 on. */
export const count: Decode<number> = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : wanted(path, 'a whole number', value);

/** A JSON object; its fields are read one by one with `field`. */
export const record: Decode<{ readonly [name: string]: unknown }> = (value, path) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [name: string]: unknown }) : wanted(path, 'an object', value);

/** A list whose items are all read by `item`. */
export const list =
  <T>(item: Decode<T>): Decode<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) return wanted(path, 'a list', value);
    if (value.length > LONGEST_LIST) throw new DecodeError(path, `has ${value.length} items, more than ${LONGEST_LIST}`);
    return value.map((each, index) => item(each, `${path}[${index}]`));
  };

/** One of some texts. */
export const oneOf =
  <T extends string | number>(...options: readonly T[]): Decode<T> =>
  (value, path) =>
    options.includes(value as T) ? (value as T) : wanted(path, options.map((option) => JSON.stringify(option)).join(' or '), value);

/** An own field of a record. */
export function field<T>(of: { readonly [name: string]: unknown }, name: string, decode: Decode<T>, path: string): T {
  return decode(Object.hasOwn(of, name) ? of[name] : undefined, `${path}.${name}`);
}

/** The same where the field may be left out: an object to spread, empty without it. */
export function optional<K extends string, T>(of: { readonly [name: string]: unknown }, name: K, decode: Decode<T>, path: string): { readonly [key in K]?: T } {
  if (!Object.hasOwn(of, name) || of[name] === undefined) return {};
  return { [name]: decode(of[name], `${path}.${name}`) } as { readonly [key in K]?: T };
}
