/** Binding of a call's arguments to a table line's parameters: each becomes an operand, an attribute, or a plain value. */
import type { Dim } from '../../dim/index';
import type { Attribute, Attributes, DType } from '../../ops/operator';
import { type Read, reasonOf } from '../common/reading';
import { type Arguments, asConstant, type Host, isMissing, type TensorValue, UNDEFINED, type Value } from '../common/values';
import { asTensor } from './tensorLike';

/** One parameter of an API function, by the name that tfjs gives it. */
export interface Param {
  readonly name: string;
  readonly role: 'operand' | 'operands' | 'attribute' | 'plain';
  readonly optional: boolean;
  /** The operator's name for the attribute, where it differs; null where the operator does not want it. */
  readonly as?: string | null;
  readonly read?: Read;
  /** The attribute where the argument is left out; absent leaves it out too. */
  readonly fallback?: Attribute;
  /** The dtype that literals are taken as. */
  readonly dtype?: DType;
  /** The least rank that the function takes. */
  readonly least?: number;
  readonly exactly?: number;
  /** A number does as well as a tensor. */
  readonly term?: boolean;
}

type Ranks = { readonly least?: number; readonly exactly?: number; readonly dtype?: DType; readonly term?: boolean };

/** A tensor, or what tfjs makes one of. */
export const tensor = (name: string, ranks: Ranks = {}): Param => ({ name, role: 'operand', optional: false, ...ranks });
/** A tensor that may be left out. */
export const maybeTensor = (name: string, ranks: Ranks = {}): Param => ({ name, role: 'operand', optional: true, ...ranks });
/** A list of tensors. */
export const tensors = (name: string): Param => ({ name, role: 'operands', optional: false });
/** A plain argument that must be given. */
export const given = (name: string, read: Read, as: string | null = name): Param => ({ name, role: 'attribute', optional: false, read, as });
/** A plain argument with a default. */
export const option = (name: string, read: Read, fallback?: Attribute, as: string | null = name): Param =>
  fallback === undefined ? { name, role: 'attribute', optional: true, read, as } : { name, role: 'attribute', optional: true, read, as, fallback };
/** An argument that the line reads itself, or that shapes do not depend on. */
export const plain = (name: string, optional = true): Param => ({ name, role: 'plain', optional });

/** A call's arguments under the parameters' names. */
export interface Bound {
  readonly host: Host;
  readonly args: Arguments;
  /** The operands that were given, in order. */
  readonly operands: readonly TensorValue[];
  /** Under the operator's names, without those that it does not want. */
  readonly attributes: Attributes;
  /** The operand of that name; an unknown tensor where there is none. */
  tensor(name: string): TensorValue;
  maybe(name: string): TensorValue | undefined;
  list(name: string): readonly TensorValue[];
  /** Attributes under the parameters' names, wanted by the operator or not. */
  attribute(name: string): Attribute;
  value(name: string): Value;
}

/** Why a call could not be bound, and the tensors that it was given. */
export interface Unbound {
  readonly failed: string;
  readonly operands: readonly TensorValue[];
}

interface Collected {
  readonly operands: TensorValue[];
  readonly byName: Map<string, TensorValue | readonly TensorValue[]>;
  readonly attributes: Record<string, Attribute>;
  readonly named: Map<string, Attribute>;
  readonly values: Map<string, Value>;
  failed?: string;
}

/** Binds the arguments. A function that takes one object of options has `destructured` parameters. */
export function bind(params: readonly Param[], args: Arguments, host: Host): Bound | Unbound {
  const collected: Collected = { operands: [], byName: new Map(), attributes: {}, named: new Map(), values: new Map() };
  if (args.open !== undefined) return { failed: args.open, operands: args.positional.filter((value) => value.kind === 'tensor') };
  params.forEach((param, index) => collect(param, index, args, host, collected));
  if (collected.failed !== undefined) return { failed: collected.failed, operands: collected.operands };
  return boundOf(collected, args, host);
}

function boundOf({ operands, byName, attributes, named, values }: Collected, args: Arguments, host: Host): Bound {
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
    value: (name) => values.get(name) ?? UNDEFINED,
  };
}

function collect(param: Param, index: number, args: Arguments, host: Host, into: Collected): void {
  const value = args.positional[index] ?? args.named.get(param.name) ?? UNDEFINED;
  into.values.set(param.name, value);
  if (isMissing(value)) return collectMissing(param, index, args, host, into);
  if (param.role === 'operand') collectOperand(param, value, index, args, host, into);
  else if (param.role === 'operands') collectOperands(param, value, host, into);
  else if (param.role === 'attribute') collectAttribute(param, value, index, args, host, into);
}

/** Too few arguments surely fail; an `undefined` that is passed may be our own ignorance, and is only unknown. */
function collectMissing(param: Param, index: number, args: Arguments, host: Host, into: Collected): void {
  if (param.role === 'plain') return;
  if (!param.optional) {
    if (index >= args.positional.length) {
      host.report({ code: 'missing-argument', severity: 'error', span: args.span, args: { api: args.api, name: param.name } });
    }
    into.failed ??= `\`${param.name}\` is not given`;
  } else if (param.fallback !== undefined) setAttribute(param, param.fallback, into);
}

function setAttribute(param: Param, value: Attribute, into: Collected): void {
  into.named.set(param.name, value);
  if (param.as !== null) into.attributes[param.as ?? param.name] = value;
}

function collectOperand(param: Param, value: Value, index: number, args: Arguments, host: Host, into: Collected): void {
  checkTensor(value, param, index, args, host);
  const operand = asTensor(host.expect(value, param.term ? 'term' : 'tensor'), host, param.dtype);
  tellParam(param, operand, host);
  into.operands.push(operand);
  into.byName.set(param.name, operand);
}

/** A layer's variable is no tensor before `read()`, and a symbolic tensor has no values. */
function checkTensor(value: Value, param: Param, index: number, args: Arguments, host: Host): void {
  const span = args.spans[index] ?? args.span;
  if (value.kind === 'instance' && value.native?.name === 'LayerVariable') {
    host.report({ code: 'layer-variable', severity: 'error', span, args: { api: args.api, name: param.name } });
  } else if (value.kind === 'tensor' && value.role === 'symbolic') {
    host.report({ code: 'symbolic-tensor', severity: 'error', span, args: { api: args.api, name: param.name } });
  }
}

function tellParam(param: Param, operand: TensorValue, host: Host): void {
  if (operand.shape !== null) return;
  if (param.exactly !== undefined) host.tellRank(operand, param.exactly, 'exactly');
  else if (param.least !== undefined) host.tellRank(operand, param.least, 'at least');
}

function collectOperands(param: Param, value: Value, host: Host, into: Collected): void {
  const given = host.expect(value, 'list');
  const items = listItems(given, host);
  if ('unknown' in items) {
    into.operands.push(...(given.kind === 'list' ? given.items.filter((item) => item.kind === 'tensor') : []));
    into.failed ??= items.unknown;
    return;
  }
  const operands = items.map((item) => asTensor(host.expect(item, 'tensor'), host, param.dtype));
  into.operands.push(...operands);
  into.byName.set(param.name, operands);
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

function collectAttribute(param: Param, value: Value, index: number, args: Arguments, host: Host, into: Collected): void {
  const reading = param.read?.(value, host) ?? { unknown: reasonOf(value, `\`${param.name}\``) };
  if ('value' in reading) return setAttribute(param, reading.value, into);
  if ('wants' in reading) {
    const span = args.spans[index] ?? args.span;
    host.report({ code: 'argument-type', severity: 'error', span, args: { api: args.api, name: param.name, wants: reading.wants } });
    into.failed ??= `\`${param.name}\` must be ${reading.wants}`;
  } else into.failed ??= reading.unknown;
}
