/** Lists: the methods that call a function for each item. */
import { format, isUnknown } from '../../dim/index';
import {
  type Arguments,
  asNumber,
  boolean,
  type Host,
  type ListValue,
  list,
  number,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../value/index';
import { flattened, itemsOf } from './listItems';
import { argument, type Member, method, openList, textOf } from './reading';

const EVERY_INDEX: Value = unknown('it stands for every index', 'number');
const UNDECIDED = 'what the function answers is not decided';

/** The function of a call, as far as it is one. */
const callbackOf = (args: Arguments, host: Host): Value => host.expect(argument(args, 0), 'function');

/** Calls the function for all items of a list whose number is not known: once, for all alike. */
function forAll(object: ListValue, callback: Value, host: Host, reason: string): Value {
  let result: Value = UNDEFINED;
  const item = object.times ? (object.items[0] ?? UNDEFINED) : unknown(reason);
  host.repeat(object.times ?? reason, () => {
    result = host.invoke(callback, item, EVERY_INDEX, object);
  });
  return result;
}

function forEach(object: ListValue, args: Arguments, host: Host): Value {
  const items = itemsOf(object, host);
  const callback = callbackOf(args, host);
  if (typeof items === 'string') forAll(object, callback, host, items);
  else items.forEach((item, at) => host.invoke(callback, item, number(at), object));
  return UNDEFINED;
}

function map(object: ListValue, args: Arguments, host: Host): Value {
  const items = itemsOf(object, host);
  const callback = callbackOf(args, host);
  if (typeof items !== 'string') return list(items.map((item, at) => host.invoke(callback, item, number(at), object)));
  const made = forAll(object, callback, host, items);
  return object.times && object.open === undefined ? { ...list([made]), times: object.times } : openList(items);
}

function filter(object: ListValue, args: Arguments, host: Host): Value {
  const items = itemsOf(object, host);
  const callback = callbackOf(args, host);
  if (typeof items === 'string') {
    forAll(object, callback, host, items);
    return openList(items);
  }
  const kept = items.map((item, at) => ({ item, keep: host.truth(host.invoke(callback, item, number(at), object)) }));
  return kept.some(({ keep }) => keep === undefined) ? openList(UNDECIDED) : list(kept.filter(({ keep }) => keep).map(({ item }) => item));
}

/** What is made alike for each of so many: one for each, where it is no list or a list of one. */
function eachFlat(made: ListValue): ListValue | undefined {
  const [each] = made.items;
  if (each?.kind === 'tensor' || each?.kind === 'number') return made;
  if (each?.kind !== 'list' || each.open !== undefined || each.times || each.items.length !== 1) return undefined;
  return { ...made, items: each.items };
}

function flatMap(object: ListValue, args: Arguments, host: Host): Value {
  const made = map(object, args, host);
  if (made.kind === 'list' && made.open === undefined && made.times) return eachFlat(made) ?? openList('how many items there are is not known');
  if (made.kind !== 'list' || made.open !== undefined) return openList((made.kind === 'list' && made.open) || 'how many items there are is not known');
  const flat = flattened(made.items, 1, host);
  return typeof flat === 'string' ? openList(flat) : list(flat);
}

type Seen = { readonly item: Value; readonly at: number };

/** The first item for which the function says true; 'none'; or why that is not known. */
function firstWhere(
  object: ListValue,
  items: readonly Value[] | string,
  args: Arguments,
  host: Host,
  last: boolean,
): Seen | 'none' | { readonly unknown: string } {
  const callback = callbackOf(args, host);
  if (typeof items === 'string') {
    forAll(object, callback, host, items);
    return { unknown: items };
  }
  const seen = items.map((item, at) => ({ item, at }));
  for (const { item, at } of last ? seen.reverse() : seen) {
    const truth = host.truth(host.invoke(callback, item, number(at), object));
    if (truth === undefined) return { unknown: UNDECIDED };
    if (truth) return { item, at };
  }
  return 'none';
}

function finding(name: string, last: boolean, found: (seen: Seen | undefined) => Value, type: 'number' | undefined) {
  return method<ListValue>(name, (object, args, host) => {
    const first = firstWhere(object, itemsOf(object, host), args, host, last);
    if (first === 'none') return found(undefined);
    return 'unknown' in first ? unknown(first.unknown, type) : found(first);
  });
}

function quantified(name: string, every: boolean) {
  return method<ListValue>(name, (object, args, host) => {
    const items = itemsOf(object, host);
    const callback = callbackOf(args, host);
    if (typeof items === 'string') {
      // All items are alike: what holds of one holds of all.
      const truth = host.truth(forAll(object, callback, host, items));
      return object.times && truth !== undefined ? boolean(truth) : unknown(items, 'boolean');
    }
    let undecided = false;
    for (const [at, item] of items.entries()) {
      const truth = host.truth(host.invoke(callback, item, number(at), object));
      if (truth === !every) return boolean(!every);
      if (truth === undefined) undecided = true;
    }
    return undecided ? unknown(UNDECIDED, 'boolean') : boolean(every);
  });
}

function reducing(name: string, fromRight: boolean) {
  return method<ListValue>(name, (object, args, host) => {
    const callback = callbackOf(args, host);
    const initial = args.positional[1];
    const items = itemsOf(object, host);
    if (typeof items === 'string') return reducedAll(object, callback, initial, host, items);
    const seen = items.map((item, at) => ({ item, at }));
    if (fromRight) seen.reverse();
    const start = initial ?? seen.shift()?.item;
    if (!start) return unknown('an empty list is reduced without a first value');
    return seen.reduce<Value>((before, { item, at }) => host.invoke(callback, before, item, number(at), object), start);
  });
}

/** Over items alike: known where a turn changes neither shape nor type of a tensor. */
function reducedAll(object: ListValue, callback: Value, initial: Value | undefined, host: Host, reason: string): Value {
  const item: Value = object.times ? (object.items[0] ?? UNDEFINED) : unknown(reason);
  const start = initial ?? item;
  let result: Value = start;
  host.repeat(object.times ?? reason, () => {
    result = host.invoke(callback, start, item, EVERY_INDEX, object);
  });
  if (start.kind !== 'tensor' || result.kind !== 'tensor') return unknown(reason);
  return alike(start, result) ? result : host.unknownTensor(`its shape depends on how many items are reduced: ${reason}`, [result]);
}

function alike(a: TensorValue, b: TensorValue): boolean {
  if (!a.shape || !b.shape || a.dtype !== b.dtype || a.shape.some(isUnknown)) return false;
  return a.shape.map(format).join() === b.shape.map(format).join();
}

/** Items in order, where the order is known; else why not. */
function sorted(items: readonly Value[], callback: Value | undefined, host: Host): readonly Value[] | string {
  let undecided = false;
  const order = (a: Value, b: Value): number => {
    const answer = callback ? asNumber(host.invoke(callback, a, b)) : byText(a, b);
    if (answer === undefined) undecided = true;
    return answer ?? 0;
  };
  const result = [...items].sort(order);
  return undecided ? UNDECIDED : result;
}

function byText(a: Value, b: Value): number | undefined {
  const [left, right] = [textOf(a), textOf(b)];
  return left === undefined || right === undefined ? undefined : left < right ? -1 : left > right ? 1 : 0;
}

const comparator = (args: Arguments): Value | undefined => (args.positional[0]?.kind === 'undefined' ? undefined : args.positional[0]);

function sort(object: ListValue, args: Arguments, host: Host): Value {
  const items = itemsOf(object, host);
  if (typeof items === 'string') return object;
  const result = sorted(items, comparator(args), host);
  if (!object.times) host.setItems(object, typeof result === 'string' ? items.map(() => unknown('the order of the items is not known')) : result);
  return object;
}

export const LIST_CALLS: readonly (readonly [string, Member<ListValue>])[] = [
  method<ListValue>('forEach', forEach),
  method<ListValue>('map', map),
  method<ListValue>('filter', filter),
  method<ListValue>('flatMap', flatMap),
  finding('find', false, (seen) => seen?.item ?? UNDEFINED, undefined),
  finding('findLast', true, (seen) => seen?.item ?? UNDEFINED, undefined),
  finding('findIndex', false, (seen) => number(seen?.at ?? -1), 'number'),
  finding('findLastIndex', true, (seen) => number(seen?.at ?? -1), 'number'),
  quantified('every', true),
  quantified('some', false),
  reducing('reduce', false),
  reducing('reduceRight', true),
  method<ListValue>('sort', sort),
  method<ListValue>('toSorted', (object, args, host) => {
    const items = itemsOf(object, host);
    const result = typeof items === 'string' ? items : sorted(items, comparator(args), host);
    return typeof result === 'string' ? openList(result) : list(result);
  }),
];
