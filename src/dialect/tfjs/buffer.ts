/** `tf.buffer`: numbers that the code writes one by one. What they are is not followed, only how many there are. */
import { type Dim, product } from '../../dim/index';
import type { DType } from '../../ops/operator';
import { fn, type InstanceValue, type NativeObject, number, size, sizesValue, string, UNDEFINED, unknown, type Value } from '../common/values';

const WRITTEN = 'the values of a buffer are not followed';

/** A buffer of the shape. */
export function bufferOf(shape: readonly Dim[], dtype: DType): InstanceValue {
  const members: Readonly<Record<string, () => Value>> = {
    shape: () => sizesValue(shape),
    rank: () => number(shape.length),
    dtype: () => string(dtype),
    size: () => size(product(shape)),
    values: () => unknown(WRITTEN),
    set: () => fn('set', () => UNDEFINED),
    get: () => fn('get', () => unknown(WRITTEN, 'number')),
    toTensor: () => fn('toTensor', (_, host) => host.constant(shape, dtype, null)),
  };
  const kind: NativeObject = { name: 'TensorBuffer', member: (_, name) => (Object.hasOwn(members, name) ? members[name]?.() : undefined) };
  return { kind: 'instance', native: kind, members: new Map(), state: new Map() };
}
