/** Small readers and makers that every file of the dialect uses. */
import { compare, isUnknown, numberOfReal, sizeOfReal } from '../../dim/index';
import { type Arguments, type Host, type ListValue, type NativeValue, native, UNDEFINED, type UnknownValue, unknown, type Value } from '../../value/index';

/** Items and turns that are followed one by one. */
export const MOST_ITEMS = 4096;

export type Call = (args: Arguments, host: Host) => Value;
/** A member of a value: what reading it gives. */
export type Member<T extends Value> = (object: T, host: Host) => Value;
export type Members<T extends Value> = ReadonlyMap<string, Member<T>>;

/** An argument by its place; undefined where it is left out. */
export const argument = ({ positional, open }: Arguments, index: number): Value => positional[index] ?? (open === undefined ? UNDEFINED : unknown(open));

/** A method: reading it gives a function over the object and the call's arguments. */
export const method = <T extends Value>(name: string, call: (object: T, args: Arguments, host: Host) => Value): [string, Member<T>] => [
  name,
  (object) => native(name, (args, host) => call(object, args, host)),
];

/** A table of globals' members as functions. */
export const functions = (prefix: string, calls: { readonly [name: string]: Call }): [string, NativeValue][] =>
  Object.entries(calls).map(([name, call]) => [name, native(`${prefix}.${name}`, call)]);

/** An object of the language with fixed members; any other is unknown. */
export function namespaceOf(name: string, members: Iterable<readonly [string, Value]>, more: Partial<NativeValue> = {}): NativeValue {
  const table = new Map(members);
  return { kind: 'native', name, ...more, member: (wanted) => table.get(wanted) };
}

/** Why a value is not known. */
export const reasonOf = (value: Value, otherwise: string): string => (value.kind === 'unknown' ? value.reason : otherwise);

/** Of a known type, because of what is not known of `value`. */
export const unknownOf = (type: NonNullable<UnknownValue['type']>, value: Value, otherwise: string): UnknownValue => unknown(reasonOf(value, otherwise), type);

/** A list of which no item is known. */
export const openList = (reason: string): ListValue => ({ kind: 'list', items: [], tuple: false, open: reason });

/** The text of a value as templates and keys show it, where it is known. */
export function textOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'string':
    case 'boolean':
      return String(value.value);
    case 'null':
    case 'undefined':
      return value.kind;
    case 'number': {
      const known = numberOfReal(value.real);
      return known === undefined ? undefined : String(known);
    }
    case 'list': {
      const texts =
        value.open === undefined && value.times === undefined
          ? value.items.map((item) => (item.kind === 'null' || item.kind === 'undefined' ? '' : textOf(item)))
          : [undefined];
      return texts.every((text) => text !== undefined) ? texts.join(',') : undefined;
    }
    default:
      return undefined;
  }
}

const PRIMITIVE = new Set(['string', 'boolean', 'null', 'undefined', 'number']);

/** `left === right`, where it is decided. */
export function same(left: Value, right: Value, host: Host): boolean | undefined {
  if (left.kind === 'unknown' || right.kind === 'unknown') return undefined;
  if (left.kind !== right.kind) return false;
  if (left.kind === 'number' && right.kind === 'number') return sameNumber(left, right, host);
  if ('value' in left && 'value' in right) return left.value === right.value;
  return PRIMITIVE.has(left.kind) || left === right;
}

function sameNumber(left: Value & { kind: 'number' }, right: Value & { kind: 'number' }, host: Host): boolean | undefined {
  const [x, y] = [numberOfReal(left.real), numberOfReal(right.real)];
  if (x !== undefined && y !== undefined) return x === y;
  const [a, b] = [sizeOfReal(left.real), sizeOfReal(right.real)];
  if (!a || !b || isUnknown(a) || isUnknown(b)) return undefined;
  const verdict = compare(a, b, host.facts);
  return verdict === 'unknown' ? undefined : verdict === 'equal';
}
