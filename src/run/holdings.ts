/** The tensors that a run holds, and how many bytes they really take: each storage once, however many handles share it. */
import { refKey, type ValueRef } from '../graph/index';
import { BYTES } from '../ops/dtypes';
import type { Tensor } from '../ops/operator';

type DataId = Tensor['dataId'];

/** Bytes of a tensor as tfjs holds it. */
export const tensorBytes = (tensor: Tensor): number => tensor.size * BYTES[tensor.dtype];

export interface Holdings {
  get(ref: ValueRef): Tensor | undefined;
  put(ref: ValueRef, tensor: Tensor): void;
  free(ref: ValueRef): void;
  freeAll(): void;
  /** The most bytes held at once, so far. */
  peak(): number;
}

/** Empty holdings. What stands in `base` (inputs, parameters) is read through them and never freed; `counted` of it adds to the bytes. */
export function holdings(base: ReadonlyMap<string, Tensor>, counted: readonly Tensor[]): Holdings {
  const tensors = new Map<string, Tensor>();
  const handles = new Map<DataId, number>();
  const foreign = new Set<DataId>([...base.values()].map(({ dataId }) => dataId));
  let held = [...new Map(counted.map((tensor) => [tensor.dataId, tensor])).values()].reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  let most = held;
  const count = (tensor: Tensor, change: 1 | -1): void => {
    if (foreign.has(tensor.dataId)) return;
    const before = handles.get(tensor.dataId) ?? 0;
    handles.set(tensor.dataId, before + change);
    if (before + change === (change === 1 ? 1 : 0)) held += change * tensorBytes(tensor);
    most = Math.max(most, held);
  };
  const free = (ref: ValueRef): void => {
    const tensor = tensors.get(refKey(ref));
    if (!tensor) return;
    tensors.delete(refKey(ref));
    count(tensor, -1);
    if (!tensor.isDisposed) tensor.dispose();
  };
  return {
    get: (ref) => tensors.get(refKey(ref)) ?? base.get(refKey(ref)),
    put: (ref, tensor) => {
      tensors.set(refKey(ref), tensor);
      count(tensor, 1);
    },
    free,
    freeAll: () => {
      for (const key of [...tensors.keys()]) free({ node: Number(key.split(':')[0]), output: Number(key.split(':')[1]) });
    },
    peak: () => most,
  };
}
