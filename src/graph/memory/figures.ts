/** What torch holds of a module: the peak of its forward, what is kept for backward, the peak of training. */
import { type Dim, sum, ZERO } from '../../dim/index';
import type { Sizes } from '../bind';
import { type Lifetime, lifetimeAsWritten } from '../liveness';
import type { ShapeGraph, ValueRef } from '../types';
import { refKey } from '../values';
import { aliveAt, aliveDuring, endsInForward } from './lifetimes';
import { keptByEach } from './saved';
import { type Lost, type MemorySteps, type Storage, torchSteps } from './steps';
import { trainingPeak } from './training';

/** Bytes as a formula, which goes for the sizes that it was read at and others like them, and the number. */
export interface Bytes {
  readonly formula: Dim;
  readonly value: number;
}

/** A piece of memory with the values that share it, by key. */
export type Piece = Storage & { readonly values: readonly string[] };

export interface PeakOfMemory extends Bytes {
  /** The node during which most is alive. */
  readonly node: number;
  /** What is alive then. */
  readonly alive: readonly Piece[];
}

export interface SavedMemory extends Bytes {
  readonly items: readonly Piece[];
}

/** In bytes, summed over whole storages. */
export function bytesIn(storages: readonly Storage[]): Bytes {
  return { formula: storages.length === 0 ? ZERO : sum(storages.map(({ bytes }) => bytes)), value: storages.reduce((all, { size }) => all + size, 0) };
}

/** Storages with what shares them. */
function piecesOf({ storages, tensors, values }: MemorySteps, places: readonly number[]): readonly Piece[] {
  const sharing = new Map<number, string[]>();
  for (const [key, tensor] of values) {
    const storage = tensors[tensor]?.storage ?? -1;
    sharing.set(storage, [...(sharing.get(storage) ?? []), key]);
  }
  return places.flatMap((place) => {
    const storage = storages[place];
    return storage ? [{ ...storage, values: sharing.get(place) ?? [] }] : [];
  });
}

const isLost = (found: MemorySteps | Lost): found is Lost => 'unknown' in found;

/** The largest sum of live storages over the steps of a call without gradients. */
export function inferencePeak(graph: ShapeGraph, sizes: Sizes): PeakOfMemory | Lost {
  const memory = torchSteps(graph, sizes, false, false);
  if (isLost(memory)) return memory;
  const ends = endsInForward(graph, memory);
  const alive = aliveAt(memory, ends);
  const at = alive.indexOf(alive.reduce((most, held) => Math.max(most, held), 0));
  const held = piecesOf(memory, aliveDuring(memory, ends, Math.max(0, at)));
  return { ...bytesIn(held), node: memory.steps[at]?.node ?? graph.nodes.length - 1, alive: held };
}

/** How long a value's memory is alive in a call without gradients; undefined where that is not followed, and of what outlives the call. */
export function lifetimeOf(graph: ShapeGraph, sizes: Sizes, ref: ValueRef): Lifetime | undefined {
  if (graph.runtime !== 'torch') return lifetimeAsWritten(graph, ref);
  const memory = torchSteps(graph, sizes, false, false);
  if (isLost(memory)) return undefined;
  const place = memory.tensors[memory.values.get(refKey(ref)) ?? -1]?.storage ?? -1;
  const storage = memory.storages[place];
  if (storage?.origin !== 'made') return undefined;
  const last = memory.steps[endsInForward(graph, memory)[place] ?? -1];
  return last ? { from: storage.node, to: last.node } : { from: storage.node };
}

/** Whether a checkpoint is, or may be, of the kind that runs a backward of its own within backward. */
export const isReentrant = ({ keeping }: ShapeGraph): boolean => keeping?.checkpoints?.some(({ reentrant }) => reentrant) === true;

const NO_CHECKPOINTS = 'backward runs the steps of a checkpoint once more: that is followed where `use_reentrant` is False';
const NO_INFERENCE = 'torch keeps nothing for backward that was made in inference mode';

export interface TrainingMemory {
  /** What autograd holds when the forward is done, weights and buffers aside. */
  readonly saved: SavedMemory;
  /** The largest sum of what is alive in forward and backward. */
  readonly peak: Bytes | Lost;
}

/** What training holds; `training` is the mode of dropout and norms. */
export function trainingMemory(graph: ShapeGraph, sizes: Sizes, training: boolean): TrainingMemory | Lost {
  const memory = torchSteps(graph, sizes, training);
  if (isLost(memory)) return memory;
  const kept = keptByEach(graph, memory, training);
  const storages = new Set(kept.each.flat());
  const items = piecesOf(
    memory,
    [...storages].sort((a, b) => a - b),
  );
  if (items.some(({ node }) => graph.nodes[node]?.around?.inference)) return { unknown: NO_INFERENCE };
  const peak = isReentrant(graph) ? { unknown: NO_CHECKPOINTS } : trainingPeak(graph, memory, kept);
  return { saved: { ...bytesIn(items), items }, peak };
}
