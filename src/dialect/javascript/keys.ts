/** Keys of Map and Set as texts: a string is its own key, other plain values are marked, objects are told apart by identity. */
import { boolean, NULL, number, string, UNDEFINED, unknown, type Value } from '../../value/index';
import { textOf } from './reading';

const MARK = '\u0000';
const identities = new WeakMap<object, string>();
let next = 1;

/** The key of a value, or undefined where it is not known whether it equals another. */
export function keyOf(value: Value): string | undefined {
  if (value.kind === 'string') return value.value.startsWith(MARK) ? undefined : value.value;
  if (value.kind === 'unknown' || value.kind === 'shape') return undefined;
  if (value.kind === 'number' || value.kind === 'boolean' || value.kind === 'null' || value.kind === 'undefined') {
    const text = textOf(value);
    return text === undefined ? undefined : `${MARK}${value.kind}:${text}`;
  }
  const known = identities.get(value) ?? `${MARK}object:${next++}`;
  identities.set(value, known);
  return known;
}

/** The value that a key stands for. */
export function valueOfKey(key: string): Value {
  if (!key.startsWith(MARK)) return string(key);
  const [kind, text = ''] = key.slice(MARK.length).split(':');
  if (kind === 'number') return number(Number(text));
  if (kind === 'boolean') return boolean(text === 'true');
  if (kind === 'null') return NULL;
  return kind === 'undefined' ? UNDEFINED : unknown('objects as keys are not listed');
}
