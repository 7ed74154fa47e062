/** Binding of a call's arguments to a signature, by Python's calling convention: each becomes an operand, an attribute, or a plain value. */
import type { Dim } from '../../dim/index';
import type { Attribute, Attributes } from '../../ops/operator';
import { reasonOf } from '../common/reading';
import { type Arguments, asConstant, type Host, isMissing, type TensorValue, UNDEFINED, type Value } from '../common/values';
import { asTensor } from './operands';
import { type Placed, placed } from './placing';
import type { Param, Signature } from './signature';

/** A call's arguments under the parameters' names. */
export interface Bound {
  readonly host: Host;
  readonly args: Arguments;
  /** The operands that were given, in the signature's order. */
  readonly operands: readonly TensorValue[];
  /** Under the operator's names, without those that it does not want. */
  readonly attributes: Attributes;
  /** The operand of that name; an unknown tensor where there is none. */
  tensor(name: string): TensorValue;
  maybe(name: string): TensorValue | undefined;
  list(name: string): readonly TensorValue[];
  /** The attribute under the parameter's name, wanted by the operator or not; null where it is left out. */
  attribute(name: string): Attribute;
  /** The argument as it was given; undefined where it was not. */
  value(name: string): Value;
}

/** Why a call could not be bound, and the tensors that it was given. */
export interface Unbound {
  readonly failed: string;
  readonly operands: readonly TensorValue[];
}

interface Collected {
  readonly byName: Map<string, TensorValue | readonly TensorValue[]>;
  readonly attributes: Record<string, Attribute>;
  readonly named: Map<string, Attribute>;
  failed?: string;
}

/** Binds the arguments; what surely fails as torch's TypeError does is reported. */
export function bind(signature: Signature, args: Arguments, host: Host): Bound | Unbound {
  if (args.open !== undefined) return { failed: args.open, operands: tensorsAmong(args) };
  const places = placed(signature, args);
  for (const problem of places.problems) host.report({ ...problem, severity: 'error' });
  if (places.failed !== undefined) return { failed: places.failed, operands: tensorsAmong(args) };
  const collected: Collected = { byName: new Map(), attributes: {}, named: new Map() };
  for (const param of signature.params) collect(param, places, args, host, collected);
  const operands = signature.params.flatMap(({ name }) => collected.byName.get(name) ?? []);
  if (collected.failed !== undefined) return { failed: collected.failed, operands };
  tellRanks(signature, operands[0], collected, host);
  return boundOf(collected, operands, places, args, host);
}

const tensorsAmong = (args: Arguments): TensorValue[] => [...args.positional, ...args.named.values()].filter((value) => value.kind === 'tensor');

function boundOf({ byName, attributes, named }: Collected, operands: readonly TensorValue[], places: Placed, args: Arguments, host: Host): Bound {
  const one = (name: string): TensorValue | undefined => {
    const found = byName.get(name);
    return Array.isArray(found) ? found[0] : (found as TensorValue | undefined);
  };
  return {
    host,
    args,
    operands,
    attributes,
    tensor: (name) => one(name) ?? host.unknownTensor(`\`${name}\` is not given`),
    maybe: one,
    list: (name) => (byName.get(name) as readonly TensorValue[] | undefined) ?? [],
    attribute: (name) => named.get(name) ?? null,
    value: (name) => places.values.get(name)?.value ?? UNDEFINED,
  };
}

function collect(param: Param, places: Placed, args: Arguments, host: Host, into: Collected): void {
  const given = places.values.get(param.name);
  const value = given?.value ?? UNDEFINED;
  if (isMissing(value)) {
    if (param.fallback !== undefined && (given === undefined || param.kind.role !== 'operand')) setAttribute(param, param.fallback, into);
    else if (!param.optional && param.kind.role !== 'plain') into.failed ??= `\`${param.name}\` is not given`;
    return;
  }
  if (param.kind.role === 'operand') collectOperand(param, value, places, args, host, into);
  else if (param.kind.role === 'operands') collectOperands(param, value, args, host, into);
  else if (param.kind.role === 'attribute') collectAttribute(param, value, given?.span ?? args.span, args, host, into);
}

function setAttribute(param: Param, value: Attribute, into: Collected): void {
  into.named.set(param.name, value);
  if (param.as !== null) into.attributes[param.as] = value;
}

/** A number takes the dtype of the tensors that it stands beside, whichever comes first. */
function collectOperand(param: Param, value: Value, places: Placed, args: Arguments, host: Host, into: Collected): void {
  const beside = [...places.values.values()].flatMap((other) => (other.value.kind === 'tensor' ? [other.value] : []));
  const wanted = host.expect(value, param.kind.term ? 'term' : 'tensor');
  const operand = param.kind.term ? asTensor(wanted, host, beside) : onlyTensor(wanted, param, host);
  const { rank } = param.kind;
  if (rank) checkRank(operand, rank, args, host, into);
  into.byName.set(param.name, operand);
}

/** A number where only a tensor will do: it is taken for one by our own reading. */
function onlyTensor(value: Value, { name }: Param, host: Host): TensorValue {
  const isNumber = value.kind === 'number' || value.kind === 'boolean';
  if (value.kind === 'unknown' && value.type === 'number') return host.unknownTensor(value.reason);
  return isNumber ? host.unknownTensor(`\`${name}\` is taken for a number`) : asTensor(value, host);
}

/** A rank that the function takes, and the operand surely has not. */
function checkRank(operand: TensorValue, { rank, how }: NonNullable<Param['kind']['rank']>, args: Arguments, host: Host, into: Collected): void {
  if (operand.shape === null) return host.tellRank(operand, rank, how);
  const held = operand.shape.length;
  if (how === 'exactly' ? held === rank : held >= rank) return;
  refuse(host, args, 'rank-mismatch', `${rank} axes ${how === 'exactly' ? '' : 'at least '}are wanted, ${held} given`, [operand]);
  into.failed ??= 'the call fails';
}

/** Arguments that stand at nothing by a default of the entry's are given, before a call is said to fail for them. */
export function asGiven(host: Host, { positional, named }: Arguments): void {
  for (const value of [...positional, ...named.values()]) if (value.kind === 'null') host.expect(value, 'tensor');
}

/** Reports a call that torch refuses, for a reason that no size can mend. */
export function refuse(host: Host, args: Arguments, code: 'rank-mismatch' | 'bad-argument', reason: string, operands: readonly TensorValue[]): void {
  asGiven(host, args);
  const shapes = operands.map(({ shape }) => (shape === null ? '?' : `[${shape.map(({ text }) => text).join(', ')}]`)).join(', ');
  host.report({ code, words: `${code}.rule`, severity: 'error', span: args.span, args: { api: args.api, shapes, reason } });
}

function collectOperands(param: Param, value: Value, args: Arguments, host: Host, into: Collected): void {
  if (value.kind === 'tensor' && !param.variadic) {
    host.report({ code: 'argument-type', severity: 'error', span: args.span, args: { api: args.api, name: param.name, wants: 'a list of tensors' } });
    into.failed ??= 'the call fails';
    return;
  }
  const given = host.expect(value, 'list');
  const items = listItems(given, host);
  if ('unknown' in items) {
    into.byName.set(param.name, given.kind === 'list' ? given.items.filter((item) => item.kind === 'tensor') : []);
    into.failed ??= items.unknown;
    return;
  }
  into.byName.set(
    param.name,
    items.map((item) => onlyTensor(host.expect(item, 'tensor'), param, host)),
  );
}

/** The items; of a list in which one item stands for a symbolic number alike, that item. */
function listItems(value: Value, host: Host): readonly Value[] | { readonly unknown: string } {
  if (value.kind !== 'list') return host.iterate(value);
  if (value.open !== undefined) return { unknown: value.open };
  return repeats(value) === undefined ? host.iterate(value) : value.items;
}

/** How many alike the one item of a list stands for, where that is symbolic. */
export const repeats = (value: Value): Dim | undefined =>
  value.kind === 'list' && value.times !== undefined && asConstant(value.times) === undefined ? value.times : undefined;

function collectAttribute(param: Param, value: Value, span: Arguments['span'], args: Arguments, host: Host, into: Collected): void {
  const reading = param.kind.read?.(value, host) ?? { unknown: reasonOf(value, `\`${param.name}\``) };
  if ('value' in reading) return setAttribute(param, reading.value, into);
  if ('wants' in reading) {
    host.report({ code: 'argument-type', severity: 'error', span, args: { api: args.api, name: param.name, wants: reading.wants } });
    into.failed ??= `\`${param.name}\` must be ${reading.wants}`;
  } else into.failed ??= reading.unknown;
}

/** Axes of the first operand tell the least rank that has them. */
function tellRanks(signature: Signature, operand: TensorValue | undefined, { named }: Collected, host: Host): void {
  if (operand === undefined || operand.shape !== null) return;
  const ranks = signature.params.flatMap(({ name, kind }) => {
    const value = kind.spare === undefined ? undefined : named.get(name);
    const axes = Array.isArray(value) ? value : [value];
    return axes.filter((axis) => typeof axis === 'number').map((axis) => rankWith(axis) - (kind.spare ?? 0));
  });
  if (ranks.length > 0 && Math.max(...ranks) > 0) host.tellRank(operand, Math.max(...ranks), 'at least');
}

/** The least rank that has the axis. */
export const rankWith = (axis: number): number => (axis < 0 ? -axis : axis + 1);
