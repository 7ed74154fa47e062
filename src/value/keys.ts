/** Keys of a DictValue that is a Map or Set, as texts: a string is its own key, other plain values are marked, objects are told apart by identity. */
import { asNumber, boolean, list, NULL, number, string, UNDEFINED, unknown } from './make';
import type { Value } from './types';

const MARK = '\u0000';
/** What begins the key of a value that is always the same, though not known. */
const CONSTANT = `${MARK}constant:`;
const identities = new WeakMap<object, string>();
let next = 1;

/** The key of a value, or undefined where it is not known whether it equals another. */
export function keyOf(value: Value): string | undefined {
  if (value.kind === 'string') return value.value.startsWith(MARK) ? undefined : value.value;
  if (value.kind === 'unknown') return value.constant ? `${CONSTANT}${value.reason}` : undefined;
  if (value.kind === 'shape') return undefined;
  if (value.kind === 'null' || value.kind === 'undefined') return `${MARK}${value.kind}`;
  if (value.kind === 'boolean') return `${MARK}boolean:${value.value}`;
  if (value.kind === 'number') {
    const known = asNumber(value);
    return known === undefined ? undefined : `${MARK}number:${known}`;
  }
  if (value.kind === 'list' && value.tuple) return tupleKey(value);
  const known = identities.get(value) ?? `${MARK}object:${next++}`;
  identities.set(value, known);
  return known;
}

/** A tuple equals another of equal items. */
function tupleKey({ items, open, times }: Value & { kind: 'list' }): string | undefined {
  const keys = open === undefined && times === undefined ? items.map(keyOf) : [undefined];
  return keys.every((key) => key !== undefined) ? `${MARK}tuple:${JSON.stringify(keys)}` : undefined;
}

/** Whether it is not known if a key that is not among those of a mapping equals one of them. */
export const mayBeAmong = (key: string, keys: Iterable<string>): boolean =>
  key.startsWith(CONSTANT) ? [...keys].length > 0 : [...keys].some((one) => one.startsWith(CONSTANT));

/** The value that a key stands for. */
export function valueOfKey(key: string): Value {
  if (!key.startsWith(MARK)) return string(key);
  const mark = key.slice(MARK.length);
  const at = mark.indexOf(':');
  const [kind, text] = at < 0 ? [mark, ''] : [mark.slice(0, at), mark.slice(at + 1)];
  if (kind === 'number') return number(Number(text));
  if (kind === 'boolean') return boolean(text === 'true');
  if (kind === 'tuple') return list((JSON.parse(text) as string[]).map(valueOfKey), true);
  if (kind === 'constant') return { ...unknown(text), constant: true };
  if (kind === 'null') return NULL;
  return kind === 'undefined' ? UNDEFINED : unknown('objects as keys are not listed');
}
