/** Methods that bring a tensor to another dtype or device. */
import type { DType } from '../../ops/operator';
import type { TensorValue, Value } from '../common/values';
import type { Bound } from './binder';
import { dtypeNamed, dtypeValue } from './dtypes';
import { composed, type Line, type Lines, op, taking } from './line';

const cast = (bound: Bound, x: TensorValue, dtype: DType | undefined): Value =>
  dtype === undefined || dtype === x.dtype ? x : taking(bound)('cast', [x], { dtype });

/** `x.to(dtype)`, `x.to(device)`, `x.to(device, dtype)`, `x.to(other)`. */
function to(bound: Bound): Value {
  const x = bound.tensor('input');
  const others = bound.value('args');
  const given = [...(others.kind === 'list' ? others.items : [others]), bound.value('dtype'), bound.value('other')];
  const tensor = given.find((value) => value.kind === 'tensor');
  const dtype = given.map(dtypeNamed).find((found) => found !== undefined);
  return cast(bound, x, tensor?.kind === 'tensor' ? tensor.dtype : dtype);
}

/** Without an argument its dtype's name, else a cast. */
function type(bound: Bound): Value {
  const x = bound.tensor('input');
  const dtype = bound.value('dtype');
  return dtype.kind === 'undefined' ? dtypeValue(x.dtype) : cast(bound, x, dtypeNamed(dtype));
}

/** numpy's names of types are no words of torch: `'uint8'`, `np.float32`, `int`. */
function astype(bound: Bound): Value {
  const dtype = bound.value('dtype');
  const name = dtype.kind === 'string' ? dtype.value : dtype.kind === 'native' ? dtype.name.replace(/^.*\./, '') : '';
  const known = { int: 'int64', float: 'float32', float64: 'float32', bool: 'bool', uint8: 'uint8', int32: 'int32', int64: 'int64', bool_: 'bool' } as const;
  return cast(bound, bound.tensor('input'), known[name as keyof typeof known] ?? 'float32');
}

const typed = (dtype: DType): Line => composed('input, memory_format: any = None', (bound) => cast(bound, bound.tensor('input'), dtype));
const moved: Line = composed('input, *args: any, **', ({ tensor }) => tensor('input'));

/** By name. */
export const CONVERSIONS: Lines = {
  to: composed('input, *args: any, dtype: any = None, other: any = None, **', to),
  type: composed('input, dtype: any = None, non_blocking: any = None, **', type, 'other'),
  // Arrays of numpy with several axes are held as tensors.
  astype: composed('input, dtype: any, **', astype),
  type_as: composed('input, other', (bound) => cast(bound, bound.tensor('input'), bound.tensor('other').dtype)),
  float: typed('float32'),
  double: typed('float64'),
  half: typed('float16'),
  bfloat16: typed('bfloat16'),
  long: typed('int64'),
  int: typed('int32'),
  short: typed('int16'),
  char: typed('int8'),
  byte: typed('uint8'),
  bool: typed('bool'),
  cfloat: typed('complex64'),
  cpu: moved,
  cuda: moved,
  mps: moved,
  xpu: moved,
  npu: moved,
  detach: op('identity', 'input', { detached: true }),
};
