/** What a tensor holds when the result of a step is written into it. */
import type { Dim } from '../../dim/index';
import { isFloating } from '../../ops/dtypes';
import { asConstant, type Host, step, type TensorValue, type Value } from '../common/values';
import type { Bound } from './binder';
import type { Line } from './line';

/** Runs a line whose result is written into its first operand. */
export function writing(line: Line, bound: Bound, name = ''): Value {
  const result = bound.host.uncast(() => line.run(bound));
  const [first] = bound.operands;
  return first && result.kind === 'tensor' ? bound.host.replace(first, written(first, result, bound.args.api || name, bound.host)) : result;
}

/** What is written keeps the tensor's shape and dtype: a result that broadcasting made larger does not fit. */
export function written(tensor: TensorValue, result: TensorValue, api: string, host: Host): TensorValue {
  const larger = tensor.shape !== null && result.shape !== null && !fits(tensor, result, api, host);
  const kept = larger ? tensor : result;
  if (kept.dtype === tensor.dtype) return kept;
  // A sum of several types is written in the tensor's own: nothing is made on the way.
  const isMade = kept === result && isFloating(kept.dtype) && isFloating(tensor.dtype);
  return isMade ? host.retyped(kept, tensor.dtype) : step(host, 'cast', [kept], { dtype: tensor.dtype });
}

function fits(tensor: TensorValue, result: TensorValue, api: string, host: Host): boolean {
  const [held, made] = [tensor.shape ?? [], result.shape ?? []];
  const args = { api, leftShape: textOf(held), rightShape: textOf(made) };
  // Other sizes that differ are the operation's own matter: an axis of size 1 alone is made larger.
  const grows = (size: Dim, axis: number): boolean => asConstant(size) === 1 && asConstant(made[axis] ?? size) !== 1;
  if (held.length === made.length)
    return held.every((size, axis) => !grows(size, axis) || host.require('==', made[axis] ?? size, size, 'in-place-shape', args));
  host.report({ code: 'in-place-shape', severity: 'error', span: host.span, args });
  return false;
}

const textOf = (shape: readonly { readonly text: string }[]): string => `[${shape.map(({ text }) => text).join(', ')}]`;
