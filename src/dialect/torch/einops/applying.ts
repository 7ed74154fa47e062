/** One operation by a pattern: what einops' functions and layers have in common. */
import type { Dim } from '../../../dim/index';
import type { Attribute } from '../../../ops/operator';
import { ELLIPSIS, type PatternGroup, type PatternTask, readPattern } from '../../../ops/pattern';
import { reasonOf } from '../../common/reading';
import { type Arguments, asSize, type Host, step, type TensorValue, UNKNOWN_SIZE, type Value } from '../../common/values';

/** Lengths that are given beside a pattern, by axis. */
export type Lengths = ReadonlyMap<string, Dim>;

/** What is to be done. */
export interface Operation {
  readonly task: PatternTask;
  readonly pattern: string;
  readonly lengths: Lengths;
  readonly reduction?: string;
  /** Set where more lengths may be given than are known. */
  readonly open?: boolean;
}

/** A length as it is given. */
export const lengthOf = (value: Value, host: Host): Dim => asSize(host.expect(value, 'size')) ?? UNKNOWN_SIZE;

/** Lengths that are given by name. */
export const lengthsIn = (named: Iterable<readonly [string, Value]>, host: Host): Lengths =>
  new Map([...named].map(([name, value]) => [name, lengthOf(value, host)]));

/** Says that a call fails whatever the tensor is. */
export function refuse(reason: string, pattern: string, args: Arguments, host: Host): void {
  host.report({
    code: 'pattern-mismatch',
    words: 'pattern-mismatch.rule',
    severity: 'error',
    span: args.span,
    args: { api: args.api, shapes: '', target: '', pattern, reason },
  });
}

/** The tensor; a list of tensors is stacked on a new first axis. */
export function operandOf(given: Value, args: Arguments, host: Host): TensorValue {
  const value = host.expect(given, 'tensor');
  if (value.kind === 'tensor') return value;
  if (value.kind !== 'list') return host.unknownTensor(reasonOf(value, 'the tensor'));
  const items = value.items.filter((item) => item.kind === 'tensor');
  if (value.open !== undefined || items.length < value.items.length || items.length === 0)
    return host.unknownTensor(value.open ?? 'the items of the list are not all known', items);
  if (value.times === undefined) return step(host, 'stack', items, { axis: 0 }, args);
  const one = step(host, 'expandDims', items.slice(0, 1), { axis: 0 }, args);
  const reps: Attribute[] = (one.shape ?? []).map((_, axis) => (axis === 0 && value.times ? { kind: 'size', size: value.times } : 1));
  return one.shape === null ? one : step(host, 'tile', [one], { reps }, args);
}

/** The names that the pattern gives to the tensor's own axes. */
export function namesOf(groups: readonly PatternGroup[], rank: number): readonly (string | undefined)[] {
  const at = groups.findIndex(({ axes }) => axes.some(({ name }) => name === ELLIPSIS));
  const names = groups.map(({ axes, composed }) =>
    axes.length === 1 && !composed && axes[0]?.length === undefined && axes[0]?.name !== '_' ? axes[0]?.name : undefined,
  );
  if (at < 0) return names.length === rank ? names : [];
  const covered = Math.max(0, rank - groups.length + 1);
  return [...names.slice(0, at), ...Array<undefined>(covered).fill(undefined), ...names.slice(at + 1)];
}

/** Applies it: one step, whose pattern says what it does. */
export function applied(operation: Operation, given: Value, args: Arguments, host: Host): TensorValue {
  const { task, pattern, lengths, reduction, open = false } = operation;
  const read = readPattern(pattern, task, [...lengths.keys()], open);
  const x = operandOf(given, args, host);
  if ('problem' in read) {
    refuse(read.problem, pattern, args, host);
    return host.unknownTensor(`the pattern does not work: ${read.problem}`, [x], x.dtype);
  }
  const made = step(
    host,
    'rearrange',
    [x],
    {
      pattern,
      task,
      axes: [...lengths.keys()],
      lengths: [...lengths.values()].map((size): Attribute => ({ kind: 'size', size })),
      ...(reduction === undefined ? {} : { reduction }),
      ...(open ? { open } : {}),
    },
    args,
  );
  if (x.shape !== null) host.tellAxes(x, namesOf(read.left, x.shape.length));
  return made;
}
