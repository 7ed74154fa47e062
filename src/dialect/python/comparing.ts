/** Equality and order of values, as Python has them. */
import { atMost, compareIntegers, isUnknown, numberOfReal, sizeOfReal } from '../../dim/index';
import type { Host, ListValue, NumberValue, Value } from '../../value/index';
import { itemsOf } from './reading';

/** `left == right`; undefined where that is not decided. */
export function isSame(left: Value, right: Value, host: Host, depth = 0): boolean | undefined {
  if (left === right && left.kind !== 'unknown' && left.kind !== 'tensor') return true;
  const [a, b] = [asNumeric(left), asNumeric(right)];
  if ([a, b].some((value) => value.kind === 'unknown' || value.kind === 'tensor' || value.kind === 'shape') || depth > 8) return undefined;
  if (a.kind === 'number' && b.kind === 'number') return sameNumber(a, b, host);
  if (a.kind === 'list' && b.kind === 'list') return a.tuple === b.tuple ? sameItems(a, b, host, depth) : false;
  if (a.kind !== b.kind) return false;
  if ('value' in a && 'value' in b) return a.value === b.value;
  if (a.kind === 'null') return true;
  if (a.kind === 'class' && b.kind === 'class') return a.definition === b.definition;
  return a.kind === 'dict' || a.kind === 'instance' ? undefined : false;
}

const asNumeric = (value: Value): Value => (value.kind === 'boolean' ? { kind: 'number', real: { kind: 'number', value: value.value ? 1 : 0 } } : value);

function sameItems(left: ListValue, right: ListValue, host: Host, depth: number): boolean | undefined {
  const [a, b] = [itemsOf(left, host), itemsOf(right, host)];
  if (typeof a === 'string' || typeof b === 'string') return undefined;
  if (a.length !== b.length) return false;
  const same = a.map((item, at) => (b[at] ? isSame(item, b[at], host, depth + 1) : false));
  return same.includes(false) ? false : same.includes(undefined) ? undefined : true;
}

function sameNumber(left: NumberValue, right: NumberValue, host: Host): boolean | undefined {
  const [x, y] = [numberOfReal(left.real), numberOfReal(right.real)];
  if (x !== undefined && y !== undefined) return x === y;
  const [a, b] = [sizeOfReal(left.real), sizeOfReal(right.real)];
  if (!a || !b || isUnknown(a) || isUnknown(b)) return undefined;
  const verdict = compareIntegers(a, b, host.facts);
  return verdict === 'unknown' ? undefined : verdict === 'equal';
}

/** `left < right`; undefined where that is not decided. */
export function isLess(left: Value, right: Value, host: Host, depth = 0): boolean | undefined {
  const [a, b] = [asNumeric(left), asNumeric(right)];
  if (a.kind === 'string' && b.kind === 'string') return a.value < b.value;
  if (a.kind === 'number' && b.kind === 'number') return lessNumber(a, b, host);
  if (a.kind !== 'list' || b.kind !== 'list' || depth > 8) return undefined;
  const [items, others] = [itemsOf(a, host), itemsOf(b, host)];
  if (typeof items === 'string' || typeof others === 'string') return undefined;
  for (const [at, item] of items.entries()) {
    const other = others[at];
    if (!other) return false;
    const same = isSame(item, other, host, depth + 1);
    if (same === undefined) return undefined;
    if (!same) return isLess(item, other, host, depth + 1);
  }
  return items.length < others.length;
}

function lessNumber(left: NumberValue, right: NumberValue, host: Host): boolean | undefined {
  const [x, y] = [numberOfReal(left.real), numberOfReal(right.real)];
  if (x !== undefined && y !== undefined) return x < y;
  const [a, b] = [sizeOfReal(left.real), sizeOfReal(right.real)];
  if (!a || !b || isUnknown(a) || isUnknown(b)) return undefined;
  const holds = atMost(b, a, host.facts);
  return holds === 'yes' ? false : holds === 'no' ? true : undefined;
}
