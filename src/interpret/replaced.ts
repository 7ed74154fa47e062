/** Tensors that are changed in place: whoever holds one holds what it has become. */
import type { TensorValue, Value } from '../value/index';
import { noteInPlace } from './held';
import type { Run } from './run';
import { write } from './statements/journal';

const keyOf = ({ ref }: TensorValue): string => `${ref.node}:${ref.output}`;

/** Notes that a tensor has become another. */
export function replaced(run: Run, tensor: TensorValue, result: TensorValue): TensorValue {
  noteInPlace(run, tensor, result);
  write(run.journal, run.changed, 'latest', new Map(run.changed.latest).set(keyOf(tensor), result));
  return result;
}

/** What the value is by now. */
export function latest(run: Run, value: Value): Value {
  if (value.kind !== 'tensor' || run.changed.latest.size === 0) return value;
  let tensor = value;
  for (let next = run.changed.latest.get(keyOf(tensor)); next && next !== tensor; next = run.changed.latest.get(keyOf(tensor))) tensor = next;
  return tensor;
}

/** Whether a tensor is what another, changed in place, has become. */
export const hasChanged = (run: Run, { ref }: TensorValue): boolean =>
  [...run.changed.latest.values()].some((tensor) => tensor.ref.node === ref.node && tensor.ref.output === ref.output);
