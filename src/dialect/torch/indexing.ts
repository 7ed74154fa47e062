/** `tensor[…]` and `tensor[…] = value`. */
import type { Host, IndexValue, TensorValue, Value } from '../common/values';

/** The item. */
export const tensorItem = (tensor: TensorValue, _index: readonly IndexValue[], host: Host): Value =>
  host.unknownTensor(tensor.reason ?? 'no rule for this subscript', [tensor], tensor.dtype);

/** The tensor as it is after the assignment: its shape stays. */
export const setTensorItem = (tensor: TensorValue, _index: readonly IndexValue[], _value: Value, _host: Host): TensorValue => tensor;
