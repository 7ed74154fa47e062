/** Nested lists of numbers as constants. */
import { constant, type Dim, type Real } from '../../dim/index';
import type { DType } from '../../ops/operator';
import { reasonOf } from '../common/reading';
import { asNumber, type Host, UNKNOWN_SIZE, type Value } from '../common/values';
import { numberType } from './operands';

/** What a nested list holds. */
export interface Literal {
  readonly shape: readonly Dim[];
  readonly dtype: DType;
  readonly values: readonly (number | Real)[] | null;
}

/** The list as a literal, or the reason why it is none. A list of unknown length has an unknown size. */
export function literalOf(value: Value, host: Host): Literal | string {
  const dtype = numberType(value);
  if (dtype !== undefined) return { shape: [], dtype, values: scalarValues(value) };
  if (value.kind === 'tensor') return value.shape === null ? reasonOf(value, 'the tensor') : { shape: value.shape, dtype: value.dtype, values: null };
  if (value.kind === 'shape') return { shape: [UNKNOWN_SIZE], dtype: 'int64', values: null };
  if (value.kind === 'unknown' && value.type === 'number') return { shape: [], dtype: 'float32', values: null };
  if (value.kind !== 'list') return reasonOf(value, 'the tensor');
  if (value.times !== undefined) return repeated(value.items, value.times, host);
  return nested(value.items, value.open !== undefined, host);
}

function scalarValues(value: Value): readonly (number | Real)[] | null {
  if (value.kind === 'boolean') return [Number(value.value)];
  return value.kind === 'number' ? [asNumber(value) ?? value.real] : null;
}

function repeated(items: readonly Value[], times: Dim, host: Host): Literal | string {
  const item = items[0] === undefined ? 'the list is empty' : literalOf(items[0], host);
  return typeof item === 'string' ? item : { shape: [times, ...item.shape], dtype: item.dtype, values: null };
}

/** The dtype that holds the values of both. */
const wider = (a: DType, b: DType): DType => (a === 'float32' || b === 'float32' ? 'float32' : a === 'bool' ? b : a);

function nested(items: readonly Value[], open: boolean, host: Host): Literal | string {
  const parts = items.map((item) => literalOf(item, host));
  const bad = parts.find((part) => typeof part === 'string');
  if (typeof bad === 'string') return bad;
  const held = parts.filter((part) => typeof part !== 'string');
  const [first] = held;
  if (first === undefined) return open ? 'the length of the list is not known' : { shape: [constant(0)], dtype: 'float32', values: [] };
  if (held.some(({ shape }) => shape.length !== first.shape.length)) return 'the list is not regular';
  const values = open || held.some((part) => part.values === null) ? null : held.flatMap((part) => part.values ?? []);
  const dtype = held.map((part) => part.dtype).reduce(wider);
  return { shape: [open ? UNKNOWN_SIZE : constant(items.length), ...first.shape], dtype, values };
}
