/** The largest sum of live storages over the steps of a graph. */
import { type Dim, evaluate, isUnknown, ZERO } from '../dim/index';
import type { Sizes } from './bind';
import { liveBytes, type Storage } from './liveness';

/** Where the peak is, and how large as a formula. */
export interface Peak {
  readonly node: number;
  readonly bytes: Dim;
}

/** A storage's bytes as a number; undefined where it is not known. */
export type StorageBytes = (storage: Storage) => number | undefined;

/** The node with the most alive, and how much; undefined where a storage's size is not known. */
export function highestPoint(
  storages: readonly Storage[],
  nodes: number,
  bytesOf: StorageBytes,
): { readonly node: number; readonly value: number } | undefined {
  const changes = new Float64Array(nodes + 2);
  for (const storage of storages) {
    const size = bytesOf(storage);
    if (size === undefined) return undefined;
    if (size === Number.POSITIVE_INFINITY) return { node: storage.from, value: size };
    const end = Math.min(storage.to, nodes) + 1;
    changes[storage.from] = (changes[storage.from] ?? 0) + size;
    changes[end] = (changes[end] ?? 0) - size;
  }
  let [held, most, at] = [0, 0, 0];
  for (let node = 0; node < nodes; node += 1) {
    held += changes[node] ?? 0;
    if (held > most) [most, at] = [held, node];
  }
  return { node: at, value: most };
}

/** The step with the most alive at these sizes; undefined where a size is not known. With other sizes it may be another step. */
export function peakAt(storages: readonly Storage[], nodes: number, sizes: Sizes): (Peak & { readonly value: number }) | undefined {
  const highest = highestPoint(storages, nodes, ({ bytes }) => (isUnknown(bytes) ? undefined : evaluate(bytes, sizes)));
  return highest && { ...highest, bytes: nodes === 0 ? ZERO : liveBytes(storages, highest.node) };
}
