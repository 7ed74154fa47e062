/** Tensor-like arguments: tensors, numbers, flags and nested arrays, which tfjs turns into constants. */
import { constant, type Dim, type Real, same } from '../../dim/index';
import type { DType } from '../../ops/operator';
import { reasonOf } from '../common/reading';
import { asNumber, type Host, type TensorValue, UNKNOWN_SIZE, type Value } from '../common/values';
import { variableTensor } from './variable';

/** What a nested array holds. */
export interface Literal {
  readonly shape: readonly Dim[];
  readonly dtype: DType;
  readonly values: readonly (number | Real)[] | null;
}

const scalarDType = (value: Value): DType | undefined =>
  value.kind === 'number' ? 'float32' : value.kind === 'boolean' ? 'bool' : value.kind === 'string' ? 'string' : undefined;

function scalarValue(value: Value): number | Real | undefined {
  if (value.kind === 'boolean') return value.value ? 1 : 0;
  return value.kind === 'number' ? (asNumber(value) ?? value.real) : undefined;
}

/** The array as a literal, or the reason why it is none. An array of unknown length has an unknown size. */
export function literalOf(value: Value): Literal | string {
  const dtype = scalarDType(value);
  if (dtype !== undefined) {
    const known = scalarValue(value);
    return { shape: [], dtype, values: known === undefined ? null : [known] };
  }
  if (value.kind === 'shape') return { shape: [UNKNOWN_SIZE], dtype: 'float32', values: null };
  if (value.kind === 'unknown' && value.type === 'number') return { shape: [], dtype: 'float32', values: null };
  if (value.kind === 'unknown' && value.options) return eitherLiteral(value.options) ?? value.reason;
  if (value.kind !== 'list') return reasonOf(value, 'the tensor');
  if (value.times !== undefined) return repeatedLiteral(value.items, value.times);
  return nestedLiteral(value.items, value.open !== undefined);
}

/** Of several that it may be, all of one shape and type: that. */
function eitherLiteral(options: readonly Value[]): Literal | undefined {
  const [first, ...others] = options.map(literalOf);
  if (first === undefined || typeof first === 'string') return undefined;
  const isAlike = (other: Literal | string): boolean =>
    typeof other !== 'string' &&
    other.dtype === first.dtype &&
    other.shape.length === first.shape.length &&
    other.shape.every((size, axis) => same(size, first.shape[axis] ?? UNKNOWN_SIZE));
  return others.every(isAlike) ? { ...first, values: null } : undefined;
}

function repeatedLiteral(items: readonly Value[], times: Dim): Literal | string {
  const item = items[0] === undefined ? 'the list is empty' : literalOf(items[0]);
  return typeof item === 'string' ? item : { shape: [times, ...item.shape], dtype: item.dtype, values: null };
}

function nestedLiteral(items: readonly Value[], open: boolean): Literal | string {
  const [first, ...others] = items.map(literalOf);
  if (first === undefined) return open ? 'the length of the array is not known' : { shape: [constant(0)], dtype: 'float32', values: [] };
  if (typeof first === 'string') return first;
  const length = open ? UNKNOWN_SIZE : constant(items.length);
  const values: (number | Real)[] | null = open || first.values === null ? null : [...first.values];
  for (const other of others) {
    if (typeof other === 'string') return other;
    if (other.shape.length !== first.shape.length) return 'the array is not regular';
    if (other.values === null || values === null) return { shape: [length, ...first.shape], dtype: first.dtype, values: null };
    values.push(...other.values);
  }
  return { shape: [length, ...first.shape], dtype: first.dtype, values };
}

/** The value as a tensor: never undefined, for what is none becomes an unknown tensor with its reason. */
export function asTensor(value: Value, host: Host, dtype?: DType): TensorValue {
  if (value.kind === 'tensor') return value;
  const held = variableTensor(value);
  if (held !== undefined) return held;
  const literal = literalOf(value);
  if (typeof literal === 'string') return host.unknownTensor(literal);
  return host.constant(literal.shape, literal.dtype === 'string' ? 'string' : (dtype ?? literal.dtype), literal.values);
}
