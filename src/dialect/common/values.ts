/** Small helpers on values that every file of the dialect uses. */
import { type Dim, UNKNOWN } from '../../dim/index';
import type { Attributes } from '../../ops/operator';
import { findOperator } from '../../ops/table';
import type { Span } from '../../program/types';
import { type Arguments, type Host, list, type NativeValue, native, object, size, type TensorValue, UNDEFINED, type Value } from '../../value/index';

export * from '../../value/index';

/** A size that is not known. */
export const UNKNOWN_SIZE: Dim = UNKNOWN;

/** One step with several outputs, or unknown tensors, `count` of them, where the operator cannot tell. */
export function steps(
  host: Host,
  name: string,
  inputs: readonly TensorValue[],
  attributes: Attributes,
  at: Arguments | Span,
  count = 1,
): readonly TensorValue[] {
  const operator = findOperator(name);
  const outputs = operator === undefined ? [] : host.apply(operator, inputs, attributes, at);
  if (outputs.length >= count) return outputs;
  const reason = inputs.find((input) => input.shape === null)?.reason ?? `no rule for \`${name}\``;
  return Array.from({ length: count }, (_, index) => outputs[index] ?? host.unknownTensor(reason, inputs));
}

/** One step with one output. */
export function step(host: Host, name: string, inputs: readonly TensorValue[], attributes: Attributes = {}, at: Arguments | Span = host.span): TensorValue {
  return steps(host, name, inputs, attributes, at)[0] ?? host.unknownTensor(`no rule for \`${name}\``, inputs);
}

/** The call's arguments with others in place of the positional ones. */
export const withPositional = (args: Arguments, positional: readonly Value[], spans: readonly Span[] = positional.map(() => args.span)): Arguments => ({
  ...args,
  positional,
  spans,
});

/** Arguments of a call that the library makes itself. */
export const plainArguments = (span: Span, api: string, positional: readonly Value[] = []): Arguments => ({
  positional,
  named: new Map(),
  span,
  spans: positional.map(() => span),
  api,
});

/** An argument by its place; undefined where it is left out. */
export const argument = (args: Arguments, index: number): Value => args.positional[index] ?? UNDEFINED;

/** Whether the value is left out: undefined or null. */
export const isMissing = (value: Value | undefined): boolean => value === undefined || value.kind === 'undefined' || value.kind === 'null';

/** A field of an object; undefined where there is none. Nothing where the value is no object or not wholly known. */
export function field(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind !== 'dict') return undefined;
  return value.entries.get(name);
}

/** A shape as JavaScript sees it: a list of sizes, or what stands for one where the rank is not known. */
export function shapeValue(tensor: TensorValue): Value {
  if (tensor.shape === null) return { kind: 'shape', of: tensor };
  return { ...list(sizeNumbers(tensor.shape)), shapeOf: tensor };
}

/** Sizes as a list of numbers. */
export const sizesValue = (sizes: readonly Dim[]): Value => list(sizeNumbers(sizes));

const sizeNumbers = (sizes: readonly Dim[]): readonly Value[] => sizes.map(size);

/** An object with methods and fields. */
export const record = (fields: Readonly<Record<string, Value>>): Value => object(Object.entries(fields));

/** A function of the library that only the arguments and the host matter to. */
export const fn = (name: string, call: (args: Arguments, host: Host) => Value): NativeValue => native(name, call);

/** A function whose call changes nothing that shapes see. */
export const noEffect = (name: string, result: Value = UNDEFINED): NativeValue => native(name, () => result);

/** Tensors found in a value: itself, or in its lists and objects. */
export function tensorsIn(value: Value, depth = 4): readonly TensorValue[] {
  if (value.kind === 'tensor') return [value];
  if (depth === 0) return [];
  if (value.kind === 'list') return value.items.flatMap((item) => tensorsIn(item, depth - 1));
  return value.kind === 'dict' ? [...value.entries.values()].flatMap((item) => tensorsIn(item, depth - 1)) : [];
}

/** A record's own entry: names such as `constructor` are not found on its prototype. */
export const entry = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(record, name) ? record[name] : undefined);
