/** Tensors that are written in place: the result stands for the tensor, and what the tensor is a view of is written too. */
import type { ValueRef } from '../graph/types';
import type { TensorType } from '../ops/operator';
import { findOperator } from '../ops/table';
import type { TensorValue } from '../value/index';
import { applyOperator } from './judging/applying';
import { uncast } from './precision';
import { latest, replaced } from './replaced';
import type { Run } from './run';
import { write } from './statements/journal';

const keyOf = ({ node, output }: ValueRef): string => `${node}:${output}`;

/** Notes that a tensor has become another, and so has all that it is a view of. */
export function written(run: Run, tensor: TensorValue, result: TensorValue): TensorValue {
  replaced(run, tensor, result);
  const view = run.changed.views.get(keyOf(tensor.ref)) ?? tensor.ref;
  putBack(run, view, result);
  return result;
}

/** Writes what a view has become into its base. */
function putBack(run: Run, view: ValueRef, result: TensorValue): void {
  const node = run.nodes[view.node];
  const [source] = node?.inputs ?? [];
  const base = source && tensorAt(run, source);
  const step = node && base && findOperator(node.op)?.putBack?.(base, node.attributes);
  const operator = step && findOperator(step.operator);
  if (!base || !operator || result.shape === null) return;
  write(run.journal, run.changed, 'views', new Map(run.changed.views).set(keyOf(result.ref), view));
  const now = latest(run, base);
  const [changed] =
    now.kind === 'tensor' ? uncast(run, () => applyOperator(run, operator, step.overBase ? [now, result] : [result], step.attributes, run.span)) : [];
  if (changed && now.kind === 'tensor') written(run, base, changed);
}

function tensorAt(run: Run, ref: ValueRef): (TensorValue & TensorType) | undefined {
  const type = run.nodes[ref.node]?.outputs[ref.output];
  return type?.shape ? { kind: 'tensor', ref, shape: type.shape, dtype: type.dtype } : undefined;
}
