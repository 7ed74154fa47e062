/** The largest sum of live storages over the steps of a graph. */
import { type Dim, evaluate, isUnknown, ZERO } from '../dim/index';
import type { Sizes } from './bind';
import { liveBytes, type Storage } from './liveness';

/** Where the peak is, and how large as a formula. */
export interface Peak {
  readonly node: number;
  readonly bytes: Dim;
}

/** Bytes alive at each node at sizes; undefined where a storage's size is not known. */
export function timeline(storages: readonly Storage[], nodes: number, sizes: Sizes): Float64Array | undefined {
  const changes = new Float64Array(nodes + 2);
  for (const { bytes, from, to } of storages) {
    const size = isUnknown(bytes) ? undefined : evaluate(bytes, sizes);
    if (size === undefined) return undefined;
    changes[from] = (changes[from] ?? 0) + size;
    changes[Math.min(to, nodes) + 1] = (changes[Math.min(to, nodes) + 1] ?? 0) - size;
  }
  const live = new Float64Array(nodes);
  let held = 0;
  for (let node = 0; node < nodes; node += 1) {
    held += changes[node] ?? 0;
    live[node] = held;
  }
  return live;
}

/** The step with the most alive at these sizes; undefined where a size is not known. With other sizes it may be another step. */
export function peakAt(storages: readonly Storage[], nodes: number, sizes: Sizes): (Peak & { readonly value: number }) | undefined {
  const live = timeline(storages, nodes, sizes);
  if (live === undefined) return undefined;
  const value = live.reduce((most, each) => Math.max(most, each), 0);
  const node = Math.max(0, live.indexOf(value));
  return { node, value, bytes: nodes === 0 ? ZERO : liveBytes(storages, node) };
}
