/** What autograd keeps of a forward for backward: storages, each once. */
import type { ShapeGraph } from '../types';
import { refKey } from '../values';
import { hasEdge, type MemoryStep, type MemorySteps } from './steps';

/** The storages that each step keeps; what a checkpoint is given is kept by its first step. */
export function keptByEach(graph: ShapeGraph, memory: MemorySteps, training: boolean): readonly (readonly number[])[] {
  const saves = memory.steps.map((step) => keptBy(memory, step, training));
  for (const { number, given } of graph.keeping?.checkpoints ?? []) {
    const at = memory.steps.findIndex(({ node }) => graph.nodes[node]?.around?.checkpoint === number);
    const storages = given.flatMap((ref) => memory.tensors[memory.values.get(refKey(ref)) ?? -1]?.storage ?? []);
    const own = storages.filter((storage) => memory.storages[storage]?.origin !== 'module');
    if (at >= 0) saves[at] = [...new Set([...(saves[at] ?? []), ...own])];
  }
  return saves;
}

/** The storages that one step keeps; weights and buffers are the module's own. */
function keptBy({ tensors, storages }: MemorySteps, step: MemoryStep, training: boolean): readonly number[] {
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
  return [...new Set(held)].flatMap((storage) => (storage !== undefined && storages[storage]?.origin !== 'module' ? [storage] : []));
}
