/** Small readers and makers that every file of the dialect uses. */
import { asConstant, type Dim, isUnknown } from '../../dim/index';
import {
  type Arguments,
  type ClassValue,
  type DictValue,
  type Host,
  type InstanceValue,
  type ListValue,
  list,
  type ModuleValue,
  type NativeBase,
  type NativeValue,
  native,
  number,
  type TensorValue,
  UNDEFINED,
  type UnknownValue,
  unknown,
  type Value,
  valueOfKey,
} from '../../value/index';

/** Items and turns that are followed one by one. */
export const MOST_ITEMS = 4096;

export type Call = (args: Arguments, host: Host) => Value;
/** A member of a value: what reading it gives. */
export type Member<T extends Value> = (object: T, host: Host) => Value;
export type Members<T extends Value> = ReadonlyMap<string, Member<T>>;

/** An argument by its place or its name; undefined where it is left out. */
export function argument({ positional, named, open }: Arguments, index: number, name?: string): Value {
  const value = positional[index] ?? (name === undefined ? undefined : named.get(name));
  return value ?? (open === undefined ? UNDEFINED : unknown(open));
}

/** The arguments from a place on. */
export const rest = (args: Arguments, from: number): Arguments => ({ ...args, positional: args.positional.slice(from), spans: args.spans.slice(from) });

/** Whether the argument was left out, or None was given. */
export const isNone = (value: Value | undefined): boolean => value === undefined || value.kind === 'undefined' || value.kind === 'null';

/** A method: reading it gives a function over the object and the call's arguments. */
export const method = <T extends Value>(name: string, call: (object: T, args: Arguments, host: Host) => Value): [string, Member<T>] => [
  name,
  (object) => native(name, (args, host) => call(object, args, host)),
];

/** A table of a library's functions. */
export const functions = (prefix: string, calls: { readonly [name: string]: Call }): [string, NativeValue][] =>
  Object.entries(calls).map(([name, call]) => [name, native(`${prefix}.${name}`, call)]);

/** A library with a table of members; of any other name `otherwise` says what it is. */
export function moduleOf(name: string, members: Iterable<readonly [string, Value]>, otherwise?: (wanted: string) => Value): ModuleValue {
  const table = new Map(members);
  return { kind: 'module', name, get: (wanted) => table.get(wanted) ?? otherwise?.(wanted) };
}

/** Why a value is not known. */
export const reasonOf = (value: Value, otherwise: string): string =>
  value.kind === 'unknown' ? value.reason : value.kind === 'shape' ? (value.of.reason ?? 'the rank is not known') : otherwise;

/** Of a known type, because of what is not known of `value`. */
export const unknownOf = (type: NonNullable<UnknownValue['type']>, value: Value, otherwise: string): UnknownValue => unknown(reasonOf(value, otherwise), type);

/** A list of which no item is known. */
export const openList = (reason: string, tuple = false): ListValue => ({ kind: 'list', items: [], tuple, open: reason });

/** What an iterable gives: its items; one that stands for so many alike; or why neither is known. */
export type Sequence = { readonly items: readonly Value[] } | { readonly each: Value; readonly times: Dim } | { readonly unknown: string };

/** Lists without an end, and the item that they repeat. */
export const ENDLESS = new WeakMap<ListValue, (index: number) => Value>();

/** What iterating a value gives, as Python does: of a dict its keys. */
export function sequenceOf(value: Value, host: Host): Sequence {
  if (value.kind === 'dict' && value.flavour !== 'set') return keysOf(value);
  if (value.kind === 'list' && value.open === undefined && value.times && asConstant(value.times) === undefined) {
    const [each] = value.items;
    if (each && value.items.length === 1) return { each, times: value.times };
  }
  const contents =
    value.kind === 'instance' && !definesMethod(value, '__iter__') ? contentsOf(value, host) : value.kind === 'native' ? value.items?.() : undefined;
  if (contents) return sequenceOf(contents, host);
  const items = host.iterate(value);
  if (!('unknown' in items)) return { items };
  return (value.kind === 'tensor' ? placesOf(value, host) : undefined) ?? items;
}

/** What a tensor holds at each place of its first axis: alike for all. */
function placesOf(value: TensorValue, host: Host): Sequence | undefined {
  const [times] = value.shape ?? [];
  const select = host.member(value, 'select');
  return times && !isUnknown(times) && select.kind === 'native' ? { each: host.invoke(select, number(0), number(0)), times } : undefined;
}

/** The list or dict that a library's object, or one of a class that extends the library's, holds. */
export function contentsOf(value: InstanceValue, host: Host): ListValue | DictValue | undefined {
  const behaviour = value.native ?? (value.cls && baseOf(value.cls));
  const contents = behaviour?.contents?.(value, host);
  return contents?.kind === 'list' || contents?.kind === 'dict' ? contents : undefined;
}

/** The first library class that a class descends from. */
export function baseOf(cls: ClassValue, depth = 0): NativeBase | undefined {
  for (const base of cls.bases) {
    const found = base.kind === 'native' ? base.base : base.kind === 'class' && depth < 30 ? baseOf(base, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Whether the object's class, or one that it descends from, is the user's and defines a method. */
export function definesMethod(value: InstanceValue, name: string): boolean {
  const defines = (cls: Value, depth: number): boolean =>
    cls.kind === 'class' && depth < 30 && (cls.definition.methods.some((method) => method.name === name) || cls.bases.some((base) => defines(base, depth + 1)));
  return value.cls !== undefined && defines(value.cls, 0);
}

/** The keys of a dict as values. */
export function keysOf(value: Value & { kind: 'dict' }): Sequence {
  if (value.parameter !== undefined) return { unknown: 'its keys are not known' };
  if (value.open !== undefined) return { unknown: value.open };
  return { items: [...value.entries.keys()].map(valueOfKey) };
}

/** The items one by one, or why they are not known. */
export function itemsOf(value: Value, host: Host): readonly Value[] | string {
  const sequence = sequenceOf(value, host);
  if ('items' in sequence) return sequence.items;
  return 'unknown' in sequence ? sequence.unknown : `it has ${sequence.times.text} items`;
}

/** A new list of a sequence. */
export function listOf(sequence: Sequence, tuple = false): ListValue {
  if ('items' in sequence) return list(sequence.items, tuple);
  return 'unknown' in sequence ? openList(sequence.unknown, tuple) : repeated(sequence.each, sequence.times, tuple);
}

/** A list of `times` items alike. */
export const repeated = (each: Value, times: Dim, tuple = false): ListValue => ({ ...list([each], tuple), times });

/** What a function makes of each item; of items alike it is asked once for all. */
export function mapped(sequence: Sequence, make: (item: Value, index: number | undefined) => Value, host: Host): ListValue {
  if ('items' in sequence) return list(sequence.items.map((item, at) => make(item, at)));
  let made: Value = UNDEFINED;
  const each = 'unknown' in sequence ? unknown(sequence.unknown) : sequence.each;
  host.repeat('unknown' in sequence ? sequence.unknown : sequence.times, () => {
    made = make(each, undefined);
  });
  return 'unknown' in sequence ? openList(sequence.unknown) : repeated(made, sequence.times);
}

/** The index in a list of items alike. */
export const EVERY_INDEX: Value = unknown('it stands for every index', 'number');
