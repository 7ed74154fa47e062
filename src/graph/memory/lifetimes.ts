/** Between which steps each storage is alive: Python holds a tensor by names, containers and calls; autograd by what backward needs. */
import type { ShapeGraph } from '../types';
import { outputRefs, refKey } from '../values';
import type { MemoryStep, MemorySteps } from './steps';

/** For each storage the last step during which it is alive. */
export type Ends = readonly number[];

/** Ends of storages in the forward, by the code alone. */
export function endsInForward(graph: ShapeGraph, memory: MemorySteps): Ends {
  const last = memory.steps.length;
  const ends = memory.storages.map(({ origin, from }) => (origin === 'made' ? from : last));
  for (const [tensor, until] of tensorEnds(graph, memory).entries()) {
    const storage = memory.tensors[tensor]?.storage;
    if (storage !== undefined) ends[storage] = Math.max(ends[storage] ?? 0, until);
  }
  return ends;
}

/** For each tensor the last step during which the code holds it; 0 where it never does. */
export function tensorEnds(graph: ShapeGraph, memory: MemorySteps): Ends {
  const { steps, tensors, values, firstSteps } = memory;
  const last = steps.length;
  const ends = tensors.map(() => 0);
  const hold = (tensor: number | undefined, until: number) => {
    if (tensor !== undefined) ends[tensor] = Math.max(ends[tensor] ?? 0, until);
  };
  for (const [at, step] of steps.entries()) {
    for (const input of step.inputs) hold(input, endOf(memory, step, at));
    // What torch makes on the way of one step lives until its end.
    for (const output of step.isInner ? step.outputs : []) hold(output, endOf(memory, step, at));
  }
  for (const { ref, step } of graph.keeping?.letGo ?? []) hold(values.get(refKey(ref)), (firstSteps[step] ?? last) - 1);
  for (const ref of [...outputRefs(graph), ...(graph.keeping?.kept ?? []), ...graph.inputs.map((input) => input.ref)]) hold(values.get(refKey(ref)), last);
  return ends;
}

/** The last of the steps that a node is made of. */
const endOf = ({ firstSteps }: MemorySteps, { node, isInner }: MemoryStep, at: number): number => (isInner ? (firstSteps[node + 1] ?? at + 1) - 1 : at);

/** How much is alive during each step. */
export function aliveAt(memory: MemorySteps, ends: Ends): Float64Array {
  const changes = new Float64Array(memory.steps.length + 2);
  memory.storages.forEach(({ origin, size, from }, at) => {
    if (origin === 'module') return;
    const first = origin === 'input' ? 0 : from;
    changes[first] = (changes[first] ?? 0) + size;
    const after = Math.min(ends[at] ?? first, memory.steps.length) + 1;
    changes[after] = (changes[after] ?? 0) - size;
  });
  const alive = new Float64Array(Math.max(1, memory.steps.length));
  let held = 0;
  for (let step = 0; step < alive.length; step++) {
    held += changes[step] ?? 0;
    alive[step] = held;
  }
  return alive;
}

/** The storages that are alive during a step. */
export const aliveDuring = (memory: MemorySteps, ends: Ends, step: number): readonly number[] =>
  memory.storages.flatMap(({ origin, from, size }, at) =>
    origin !== 'module' && size > 0 && (origin === 'input' || from <= step) && step <= (ends[at] ?? from) ? [at] : [],
  );
