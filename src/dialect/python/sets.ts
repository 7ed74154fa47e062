/** Sets. */
import type { BinaryOperator } from '../../program/types';
import { boolean, type DictValue, FALSE, type Host, keyOf, NULL, object, TRUE, unknown, type Value } from '../../value/index';
import { argument, itemsOf, type Members, method } from './reading';

/** A new dict or set with the same entries. */
export const copyOfDict = (from: DictValue, flavour = from.flavour): DictValue => ({
  ...object(from.entries, flavour),
  ...(from.open === undefined ? {} : { open: from.open }),
  ...(from.parameter === undefined ? {} : { parameter: from.parameter }),
});

/** A set of the items, or one of which nothing is known. */
export function setOf(items: readonly Value[] | string): DictValue {
  if (typeof items === 'string') return { ...object([], 'set'), open: items };
  const keys = items.map(keyOf);
  if (!keys.every((key) => key !== undefined)) return { ...object([], 'set'), open: 'which items are equal is not known' };
  return object(
    keys.map((key, at) => [key, items[at] ?? NULL] as const),
    'set',
  );
}

const HOLDS: { readonly [operator: string]: (left: boolean, right: boolean) => boolean } = {
  '|': () => true,
  '&': (left, right) => left && right,
  '-': (left, right) => left && !right,
  '^': (left, right) => left !== right,
};

/** `left operator right` of two sets. */
export function combined(operator: BinaryOperator, left: DictValue, right: DictValue): DictValue | undefined {
  const holds = HOLDS[operator];
  if (!holds) return undefined;
  const open = left.open ?? right.open;
  if (open !== undefined) return { ...object([], 'set'), open };
  const all = new Map([...left.entries, ...right.entries]);
  return object(
    [...all].filter(([key]) => holds(left.entries.has(key), right.entries.has(key))),
    'set',
  );
}

const asSet = (value: Value, host: Host): DictValue => (value.kind === 'dict' && value.flavour === 'set' ? value : setOf(itemsOf(value, host)));

/** A method that makes a new set of this one and others. */
const making = (name: string, operator: BinaryOperator) =>
  method<DictValue>(name, (owner, args, host) =>
    args.positional.reduce<DictValue>((made, value) => combined(operator, made, asSet(value, host)) ?? made, copyOfDict(owner)),
  );

/** A method that changes this set by others. */
const changing = (name: string, operator: BinaryOperator) =>
  method<DictValue>(name, (owner, args, host) => {
    const made = args.positional.reduce<DictValue>((all, value) => combined(operator, all, asSet(value, host)) ?? all, owner);
    if (made.open !== undefined) host.setOpen(owner, made.open);
    else host.setEntries(owner, made.entries);
    return NULL;
  });

/** A question about two sets. */
const asking = (name: string, holds: (left: DictValue, right: DictValue) => boolean) =>
  method<DictValue>(name, (owner, args, host) => {
    const other = asSet(argument(args, 0), host);
    const open = owner.open ?? other.open;
    return open === undefined ? boolean(holds(owner, other)) : unknown(open, 'boolean');
  });

const within = (left: DictValue, right: DictValue): boolean => [...left.entries.keys()].every((key) => right.entries.has(key));

function changed(owner: DictValue, value: Value, host: Host, change: (entries: Map<string, Value>, key: string) => void): Value {
  const key = keyOf(value);
  const entries = new Map(owner.entries);
  if (key === undefined) host.setOpen(owner, 'which item it is is not known');
  else {
    change(entries, key);
    host.setEntries(owner, entries);
  }
  return NULL;
}

const removed = (name: string) =>
  method<DictValue>(name, (owner, args, host) => changed(owner, argument(args, 0), host, (entries, key) => void entries.delete(key)));

export const SET_MEMBERS: Members<DictValue> = new Map([
  method<DictValue>('add', (owner, args, host) => {
    const value = argument(args, 0);
    return changed(owner, value, host, (entries, key) => void entries.set(key, value));
  }),
  removed('remove'),
  removed('discard'),
  method<DictValue>('pop', (owner, _args, host) => {
    const [first] = owner.entries;
    if (!first || owner.open !== undefined || owner.entries.size > 1) return unknown('which item of a set it takes is not known');
    return changed(owner, first[1], host, (entries, key) => void entries.delete(key)).kind === 'null' ? first[1] : NULL;
  }),
  method<DictValue>('clear', (owner, _args, host) => {
    host.setEntries(owner, new Map());
    return NULL;
  }),
  method<DictValue>('copy', (owner) => copyOfDict(owner)),
  making('union', '|'),
  making('intersection', '&'),
  making('difference', '-'),
  making('symmetric_difference', '^'),
  changing('update', '|'),
  changing('intersection_update', '&'),
  changing('difference_update', '-'),
  asking('issubset', within),
  asking('issuperset', (left, right) => within(right, left)),
  asking('isdisjoint', (left, right) => ![...left.entries.keys()].some((key) => right.entries.has(key))),
  method<DictValue>('__contains__', (owner, args) => {
    const key = keyOf(argument(args, 0));
    if (key !== undefined && owner.entries.has(key)) return TRUE;
    return key === undefined || owner.open !== undefined ? unknown(owner.open ?? 'whether it holds that is not known', 'boolean') : FALSE;
  }),
]);
