/** What stands where a tensor is wanted: tensors, and numbers beside them. */
import { isWholeNumber } from '../../dim/index';
import { isFloating, isInteger } from '../../ops/dtypes';
import type { DType } from '../../ops/operator';
import { reasonOf } from '../common/reading';
import { asNumber, type Host, type TensorValue, type Value } from '../common/values';

const rankOfType = (dtype: DType): number => (dtype === 'bool' ? 0 : isInteger(dtype) ? 1 : isFloating(dtype) ? 2 : 3);

/** The dtype that torch takes a plain number or flag for. */
export function numberType(value: Value): DType | undefined {
  if (value.kind === 'boolean') return 'bool';
  if (value.kind !== 'number') return undefined;
  return isWholeNumber(value.real) && !value.floating ? 'int64' : 'float32';
}

/** A number beside tensors, as a constant without axes: it takes their dtype where that is of its sort or above. */
function weakConstant(value: Value, dtype: DType, beside: readonly TensorValue[], host: Host): TensorValue {
  const types = beside.map((tensor) => tensor.dtype).sort((a, b) => rankOfType(b) - rankOfType(a));
  const taken = types[0] !== undefined && rankOfType(types[0]) >= rankOfType(dtype) ? types[0] : dtype;
  const known = value.kind === 'boolean' ? Number(value.value) : value.kind === 'number' ? (asNumber(value) ?? value.real) : undefined;
  return host.constant([], taken, known === undefined ? null : [known], true);
}

/** The value as a tensor: what is none becomes an unknown tensor with its reason. */
export function asTensor(value: Value, host: Host, beside: readonly TensorValue[] = []): TensorValue {
  if (value.kind === 'tensor') return value;
  const dtype = numberType(value);
  if (dtype !== undefined) return weakConstant(value, dtype, beside, host);
  if (value.kind === 'unknown' && value.type === 'number') return host.constant([], beside[0]?.dtype ?? 'float32', null, true);
  return host.unknownTensor(
    reasonOf(value, 'the tensor'),
    [],
    value.kind === 'unknown' && (value.type === 'boolean' || value.compared !== undefined) ? 'bool' : 'float32',
  );
}
