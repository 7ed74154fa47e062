/** Results that are written over views: torch takes the gradient through the whole that they are views of (torch/csrc/autograd/functions/tensor.cpp of pytorch/pytorch). */
import type { MemoryStep, MemorySteps } from './steps';

/** For each step that writes over a view, by its place: the tensor that this is a view of. */
export function viewedWholes(memory: MemorySteps): ReadonlyMap<number, number> {
  const makers = new Map<number, MemoryStep>();
  const wholes = new Map<number, number>();
  for (const [at, step] of memory.steps.entries()) {
    const whole = step.into === undefined ? undefined : wholeOf(memory, makers, step.into);
    if (whole !== undefined) wholes.set(at, whole);
    for (const output of step.outputs) makers.set(output, step);
  }
  return wholes;
}

/** What a tensor is a view of to autograd; undefined where it is none. */
function wholeOf({ tensors }: MemorySteps, makers: ReadonlyMap<number, MemoryStep>, tensor: number): number | undefined {
  let [at, isView] = [tensor, false];
  for (let step = makers.get(at); step; step = makers.get(at)) {
    const [source] = step.inputs;
    const shares = source !== undefined && tensors[source]?.storage === tensors[at]?.storage;
    if (step.into !== undefined) at = step.into;
    else if (!shares || step.isDetached) {
      isView ||= step.operator.givesView === true;
      break;
    } else {
      // What gives its operand as it is makes no view of it.
      isView ||= !givesItself(step);
      at = source;
    }
  }
  return isView ? at : undefined;
}

/** A step that gave its operand as it is. */
function givesItself({ operator: { gradient } }: MemoryStep): boolean {
  return gradient === 'shared' || (typeof gradient === 'object' && gradient.passed?.includes(0) === true);
}
