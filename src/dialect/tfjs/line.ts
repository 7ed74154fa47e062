/** Lines of the tables: an API name's parameters and what its call does. */
import type { Attributes } from '../../ops/operator';
import { type Arguments, fn, type Host, list, type NativeValue, step, steps, type TensorValue, unknown, type Value } from '../common/values';
import { type Bound, bind, type Param } from './binder';

/** One API function. */
export interface Line {
  readonly params: readonly Param[];
  run(bound: Bound): Value;
  /** What a call yields whose arguments are not known. */
  readonly yields: 'tensor' | 'list' | 'other';
}

export type Lines = Readonly<Record<string, Line>>;

/** A line whose call is one step: operands and attributes go to the operator under their names. */
export function op(name: string, params: readonly Param[], attributes: Attributes = {}, tell?: (bound: Bound) => void): Line {
  const run = (bound: Bound): Value => {
    tell?.(bound);
    return step(bound.host, name, bound.operands, { ...attributes, ...bound.attributes }, bound.args);
  };
  return { params, run, yields: 'tensor' };
}

/** A line whose call is one step with as many outputs as `count` says, in a list. */
export function listOp(name: string, params: readonly Param[], count: (bound: Bound) => number | undefined): Line {
  const run = (bound: Bound): Value => {
    const wanted = count(bound);
    const outputs = steps(bound.host, name, bound.operands, bound.attributes, bound.args, wanted ?? 0);
    const unranked = wanted === undefined ? bound.operands.find((operand) => operand.shape === null) : undefined;
    return unranked === undefined ? list(outputs) : unknown(unranked.reason ?? 'the rank of the tensor is not known', 'list');
  };
  return { params, run, yields: 'list' };
}

/** A line that composes several steps. */
export const composed = (params: readonly Param[], run: (bound: Bound) => Value, yields: Line['yields'] = 'tensor'): Line => ({ params, run, yields });

/** A line without a rule: an unknown tensor that says so. */
export const unmodelled = (params: readonly Param[], dtype: 'float32' | 'int32' | 'complex64' = 'float32'): Line =>
  composed(params, ({ host, args, operands }) => host.unknownTensor(`no rule for \`${args.api}\``, operands, dtype));

/** Calls a line with the arguments. */
export function callLine(line: Line, args: Arguments, host: Host): Value {
  const bound = bind(line.params, args, host);
  if (!('failed' in bound)) return line.run(bound);
  return line.yields === 'tensor' ? host.unknownTensor(bound.failed, bound.operands) : unknown(bound.failed, line.yields === 'list' ? 'list' : undefined);
}

/** The line as a function. */
export const lineFunction = (name: string, line: Line): NativeValue => fn(name, (args, host) => callLine(line, args, host));

/** Tells the rank of an operand where it is not known. */
export function tellRank(host: Host, tensor: TensorValue | undefined, rank: number | undefined, how: 'exactly' | 'at least'): void {
  if (tensor !== undefined && tensor.shape === null && rank !== undefined) host.tellRank(tensor, rank, how);
}

/** The least rank that has the axis. */
export const rankWith = (axis: number): number => (axis < 0 ? -axis : axis + 1);

/** A line without a rule, whose result is no single tensor. */
export const opaque = (params: readonly Param[]): Line => composed(params, ({ args }) => unknown(`no rule for \`${args.api}\``), 'other');
