/** What autograd keeps of a forward for backward: storages, each once. */
import type { ShapeGraph } from '../types';
import { refKey } from '../values';
import type { Again } from './recomputing';
import { hasEdge, type MemoryStep, type MemorySteps } from './steps';

/** What the forward keeps, step by step, and what its checkpoints keep when backward runs them once more. */
export interface Kept {
  readonly each: readonly (readonly number[])[];
  readonly again: readonly Again[];
}

/** The storages that each step keeps; what a checkpoint is given is kept until its first step that keeps anything is done. */
export function keptByEach(graph: ShapeGraph, memory: MemorySteps, training: boolean): Kept {
  const each = memory.steps.map((step) => (step.isAgain ? [] : ownOf(memory, keptBy(memory, step, training))));
  const again: Again[] = [];
  for (const { number, given } of graph.keeping?.checkpoints ?? []) {
    const steps = memory.steps.flatMap(({ node }, at) => (graph.nodes[node]?.around?.checkpoint === number ? [at] : []));
    const keeping = steps.flatMap((at) => {
      const step = memory.steps[at];
      const kept = step ? keptBy(memory, step, training) : [];
      return kept.length > 0 ? [{ at, kept }] : [];
    });
    const [first, last] = [keeping[0], keeping.at(-1)];
    const [start] = steps;
    if (start === undefined) continue;
    const storages = given.flatMap((ref) => memory.tensors[memory.values.get(refKey(ref)) ?? -1]?.storage ?? []);
    const at = first?.at ?? start;
    each[at] = [...new Set([...(each[at] ?? []), ...ownOf(memory, storages)])];
    if (!last) continue;
    const isWhole = last.kept.some((storage) => memory.storages[storage]?.from === last.at && memory.storages[storage]?.origin === 'made');
    again.push({ first: start, last: last.at, isWhole, saves: new Map(keeping.map((one) => [one.at, ownOf(memory, one.kept)])) });
  }
  return { each, again };
}

/** Weights and buffers are the module's own. */
const ownOf = ({ storages }: MemorySteps, kept: readonly number[]): readonly number[] => kept.filter((storage) => storages[storage]?.origin !== 'module');

/** The storages that one step keeps, weights among them. */
function keptBy({ tensors }: MemorySteps, step: MemoryStep, training: boolean): readonly number[] {
  const inputs = step.inputs.flatMap((input) => tensors[input] ?? []);
  const outputs = step.outputs.flatMap((output) => tensors[output] ?? []);
  if (step.isUntracked || !outputs.some(({ wantsGradient }) => wantsGradient)) return [];
  const isView = outputs.every(({ storage }) => storage === inputs[0]?.storage) && step.operator.storage?.torch !== undefined;
  if (isView) return [];
  const kept = step.operator.saved?.(
    inputs.map(({ type }) => type),
    outputs.map(({ type }) => type),
    step.attributes,
    { training, wants: inputs.map(hasEdge), ...(step.into === undefined ? {} : { inPlace: true }) },
  );
  const stays = (kept?.inputs ?? []).filter((at) => step.overwritten === undefined || step.inputs[at] !== step.overwritten);
  const held = [...stays.map((at) => inputs[at]?.storage), ...(kept?.outputs ?? []).map((at) => outputs[at]?.storage), ...step.extra];
  return [...new Set(held)].flatMap((storage) => (storage === undefined ? [] : [storage]));
}
