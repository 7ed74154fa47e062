/** Built-in functions over sequences: `range`, `len`, `zip`, `map`, `sum`, `max` and their like. */
import { applyReal, type Dim } from '../../dim/index';
import { type Arguments, asNumber, boolean, type Host, list, number, real, size, unknown, type Value } from '../../value/index';
import { isLess } from './comparing';
import { realOfValue, truthOf } from './numbers';
import { operate, ZERO_VALUE } from './operations';
import {
  argument,
  type Call,
  ENDLESS,
  EVERY_INDEX,
  isNone,
  itemsOf,
  listOf,
  mapped,
  openList,
  reasonOf,
  repeated,
  rest,
  type Sequence,
  sequenceOf,
} from './reading';
import { keysFor, sortedItems } from './sorting';

// ---- zip, enumerate, map, filter ----

/** `enumerate(items, start)`. */
export const enumerate: Call = (args, host) => {
  const start = args.positional[1] ?? args.named.get('start') ?? ZERO_VALUE;
  const sequence = sequenceOf(argument(args, 0, 'iterable'), host);
  if ('unknown' in sequence) return openList(sequence.unknown);
  if ('each' in sequence) return repeated(list([EVERY_INDEX, sequence.each], true), sequence.times);
  return list(sequence.items.map((item, at) => list([operate('+', start, number(at), host), item], true)));
};

/** What several iterables give side by side, as tuples; `longest` fills up the shorter ones. */
export function zipped(values: readonly Value[], host: Host, longest?: Value): Sequence {
  const endless = values.map((value) => (value.kind === 'list' ? ENDLESS.get(value) : undefined));
  const sequences = values.map((value, at) => (endless[at] ? undefined : sequenceOf(value, host)));
  const open = sequences.find((one) => one && 'unknown' in one);
  if (open && 'unknown' in open) return open;
  const finite = sequences.filter((one) => one !== undefined);
  if (finite.length === 0) return values.length === 0 ? { items: [] } : { unknown: 'it has no end' };
  const alike = finite.filter((one) => 'each' in one);
  if (alike.length > 0) return zippedAlike(values, sequences, endless);
  const lengths = finite.map((one) => ('items' in one ? one.items.length : 0));
  const count = longest ? Math.max(...lengths) : Math.min(...lengths);
  const itemOf = (at: number, place: number): Value => {
    const own = sequences[at];
    return endless[at]?.(place) ?? (own && 'items' in own ? own.items[place] : undefined) ?? longest ?? unknown('there is no such item');
  };
  return {
    items: Array.from({ length: count }, (_, place) =>
      list(
        values.map((_value, at) => itemOf(at, place)),
        true,
      ),
    ),
  };
}

/** Lists of as many items alike go together item by item. */
function zippedAlike(
  values: readonly Value[],
  sequences: readonly (Sequence | undefined)[],
  endless: readonly (((index: number) => Value) | undefined)[],
): Sequence {
  const times = new Map(sequences.flatMap((one) => (one && 'each' in one ? [[one.times.text, one.times] as const] : [])));
  const [count, ...others] = times.values();
  const isEven = sequences.every((one) => one === undefined || 'each' in one) && others.length === 0;
  if (!count || !isEven) return { unknown: 'which of the lists is the shortest is not known' };
  const each = values.map((_, at) => {
    const own = sequences[at];
    return own && 'each' in own ? own.each : (endless[at]?.(0) ?? unknown('there is no such item'));
  });
  return { each: list(each, true), times: count };
}

export const zip: Call = (args, host) => (args.open === undefined ? listOf(zipped(args.positional, host)) : openList(args.open));

/** `map(function, …)`: the function is called at once. */
export const map: Call = (args, host) => {
  const call = host.expect(argument(args, 0), 'function');
  if (args.open !== undefined) return openList(args.open);
  const given = rest(args, 1).positional;
  if (given.length === 1) return mapped(sequenceOf(given[0] ?? ZERO_VALUE, host), (item) => host.invoke(call, item), host);
  return mapped(zipped(given, host), (item) => host.invoke(call, ...(item.kind === 'list' ? item.items : [item])), host);
};

/** `filter(function, items)`. */
export const filter: Call = (args, host) => {
  const call = argument(args, 0);
  const items = itemsOf(argument(args, 1), host);
  if (typeof items === 'string') return openList(items);
  const kept = items.map((item) => truthOf(isNone(call) ? item : host.invoke(call, item), host));
  return kept.includes(undefined) ? openList('which items are left is not decided') : list(items.filter((_, at) => kept[at]));
};

export const reversed: Call = (args, host) => {
  const sequence = sequenceOf(argument(args, 0), host);
  return listOf('items' in sequence ? { items: [...sequence.items].reverse() } : sequence);
};

export const sorted: Call = (args, host) => {
  const sequence = sequenceOf(argument(args, 0), host);
  if (!('items' in sequence)) return listOf(sequence);
  const items = sortedItems(sequence.items, args, host);
  return typeof items === 'string' ? openList(items) : list(items);
};

// ---- sums, extremes, questions ----

/** `sum(items, start)`. */
export const sum: Call = (args, host) => {
  const given = argument(args, 0);
  if (given.kind === 'tensor') return host.invoke(host.member(given, 'sum'), number(0));
  const start = args.positional[1] ?? args.named.get('start');
  const sequence = sequenceOf(given, host);
  if ('unknown' in sequence) return unknown(sequence.unknown);
  if ('each' in sequence) return sumAlike(sequence, start, host);
  const items = sequence.items.map((item) => (item.kind === 'boolean' ? number(Number(item.value)) : item));
  // A sum begins with 0: of tensors the first is added to it, which makes another.
  const begins = items[0]?.kind === 'tensor' ? [start ?? ZERO_VALUE] : start && !isZero(start) ? [start] : [];
  const [first = ZERO_VALUE, ...more] = [...begins, ...items];
  return more.reduce<Value>((all, item) => operate('+', all, item, host), first);
};

const isZero = (value: Value): boolean => asNumber(value) === 0;

/** Of tensors alike the sum has their shape; of numbers it is a product. */
function sumAlike({ each, times }: { each: Value; times: Dim }, start: Value | undefined, host: Host): Value {
  const all = each.kind === 'tensor' ? operate('+', each, each, host) : operate('*', size(times), each, host);
  return start && !isZero(start) ? operate('+', start, all, host) : all;
}

/** `max(…)` and `min(…)`: of several values, or of an iterable; with a key and a default. */
function extreme(fn: 'max' | 'min'): Call {
  return (args, host) => {
    const [only, ...more] = args.positional;
    if (args.open !== undefined || !only) return unknown(args.open ?? 'it is given nothing');
    if (more.length === 0 && only.kind === 'tensor') return host.invoke(host.member(only, fn));
    const sequence = more.length === 0 ? sequenceOf(only, host) : { items: args.positional };
    if ('unknown' in sequence) return unknown(sequence.unknown);
    if ('each' in sequence) return sequence.each;
    return extremeOf(fn, sequence.items, args, host);
  };
}

function extremeOf(fn: 'max' | 'min', items: readonly Value[], args: Arguments, host: Host): Value {
  const [first] = items;
  if (!first) return args.named.get('default') ?? unknown('it is given nothing');
  if (items.length === 1) return first;
  if (!args.named.has('key')) {
    const reals = items.map((item) => realOfValue(item, host));
    if (reals.every((one) => one !== undefined)) return real(applyReal(fn, ...reals));
  }
  const keys = keysFor(items, args, host);
  let best = 0;
  for (let at = 1; at < items.length; at++) {
    const [key, held] = [keys[at], keys[best]];
    const better = key && held ? (fn === 'max' ? isLess(held, key, host) : isLess(key, held, host)) : undefined;
    if (better === undefined) return unknownOrNumber(items);
    if (better) best = at;
  }
  return items[best] ?? first;
}

const unknownOrNumber = (items: readonly Value[]): Value => {
  const open = items.find((item) => item.kind === 'unknown');
  const reason = open ? reasonOf(open, '') : 'which is greater is not decided';
  return items.every((item) => item.kind === 'number' || (item.kind === 'unknown' && item.type === 'number')) ? unknown(reason, 'number') : unknown(reason);
};

export const maximum = extreme('max');
export const minimum = extreme('min');

/** `any(items)` and `all(items)`. */
function quantified(name: 'any' | 'all'): Call {
  return (args, host) => {
    const given = argument(args, 0);
    if (given.kind === 'tensor') return host.invoke(host.member(given, name));
    const sequence = sequenceOf(given, host);
    if ('unknown' in sequence) return unknown(sequence.unknown, 'boolean');
    const truths = ('items' in sequence ? sequence.items : [sequence.each]).map((item) => truthOf(item, host));
    if (truths.includes(name === 'any')) return boolean(name === 'any');
    return truths.includes(undefined) ? undecided('items' in sequence ? sequence.items : [sequence.each], name, truths) : boolean(name === 'all');
  };
}

/** What all that is not decided says of sizes together. */
function undecided(items: readonly Value[], name: 'any' | 'all', truths: readonly (boolean | undefined)[]): Value {
  const open = items.filter((_, at) => truths[at] === undefined);
  const conditions = open.map((item) => (item.kind === 'unknown' ? item.condition : undefined));
  const made = unknown(reasonOf(open[0] ?? ZERO_VALUE, 'it is not decided'), 'boolean');
  return conditions.every((condition) => condition !== undefined) ? { ...made, condition: { kind: name, conditions } } : made;
}

export const any = quantified('any');
export const all = quantified('all');

// ---- iterators ----

/** `iter(items)`: a list that `next` takes from. */
export const iterator: Call = (args, host) => {
  const given = argument(args, 0);
  return args.positional.length > 1 ? openList('how often it is called is not known') : listOf(sequenceOf(given, host));
};

/** `next(items, default)`. */
export const next: Call = (args, host) => {
  const given = argument(args, 0);
  const own = given.kind === 'instance' ? host.member(given, '__next__') : undefined;
  if (own?.kind === 'function' || own?.kind === 'native') return host.invoke(own);
  if (given.kind === 'list' && ENDLESS.has(given)) return ENDLESS.get(given)?.(0) ?? unknown('there is no item');
  const sequence = sequenceOf(given, host);
  if ('unknown' in sequence) return unknown(sequence.unknown);
  if ('each' in sequence) return sequence.each;
  const [first, ...others] = sequence.items;
  if (!first) return args.positional[1] ?? unknown('there are no items left');
  if (given.kind === 'list' && !given.times && given.shapeOf === undefined) host.setItems(given, others);
  return first;
};

/** `list(…)`, `tuple(…)`: a new one of the items. */
export function made(tuple: boolean): Call {
  return (args, host) => {
    if (args.positional.length === 0) return args.open === undefined ? list([], tuple) : openList(args.open, tuple);
    const given = argument(args, 0);
    if (given.kind === 'shape') return given;
    if (given.kind === 'list' && ENDLESS.has(given)) return openList('it has no end', tuple);
    return listOf(sequenceOf(given, host), tuple);
  };
}
