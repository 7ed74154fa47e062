/** torch's dtypes as values: texts such as `torch.float32`. */
import type { DType } from '../../ops/operator';
import { entry, string, type Value } from '../common/values';

/** Every name under `torch`, with what it stands for. */
const NAMES: Readonly<Record<string, DType>> = {
  float32: 'float32',
  float: 'float32',
  float64: 'float64',
  double: 'float64',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  long: 'int64',
  int32: 'int32',
  int: 'int32',
  int16: 'int16',
  short: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  bool: 'bool',
  complex64: 'complex64',
  cfloat: 'complex64',
};

/** Tensor types of old, and Python's own types, as dtypes. */
const OTHERS: Readonly<Record<string, DType>> = {
  FloatTensor: 'float32',
  DoubleTensor: 'float64',
  HalfTensor: 'float16',
  BFloat16Tensor: 'bfloat16',
  LongTensor: 'int64',
  IntTensor: 'int32',
  ShortTensor: 'int16',
  CharTensor: 'int8',
  ByteTensor: 'uint8',
  BoolTensor: 'bool',
};

const PYTHON: Readonly<Record<string, DType>> = { float: 'float32', int: 'int64', bool: 'bool' };

/** The dtype as a value. */
export const dtypeValue = (dtype: DType): Value => string(`torch.${dtype}`);

/** The dtypes under the names that torch gives them. */
export const DTYPE_VALUES: Readonly<Record<string, Value>> = Object.fromEntries(Object.entries(NAMES).map(([name, dtype]) => [name, dtypeValue(dtype)]));

/** Names of the tensor types of old, with their dtypes. */
export const TENSOR_TYPES: Readonly<Record<string, DType>> = OTHERS;

/** The dtype that a value names: torch's own, a tensor type, or Python's `float`, `int`, `bool`. */
export function dtypeNamed(value: Value): DType | undefined {
  if (value.kind === 'native') return entry(PYTHON, value.name) ?? entry(OTHERS, value.name.replace(/^torch\.(cuda\.)?/, ''));
  if (value.kind !== 'string') return undefined;
  const [library, name = ''] = [value.value.slice(0, 6), value.value.slice(6).replace(/^cuda\./, '')];
  return library === 'torch.' ? (entry(NAMES, name) ?? entry(OTHERS, name)) : undefined;
}
