/** `itertools`, of lists whose items are known. */
import { asNumber, type Host, type ListValue, list, NULL, number, unknown, type Value } from '../../../value/index';
import { truthOf } from '../numbers';
import { operate } from '../operations';
import {
  argument,
  type Call,
  ENDLESS,
  functions,
  isNone,
  itemsOf,
  listOf,
  MOST_ITEMS,
  mapped,
  moduleOf,
  openList,
  type Sequence,
  sequenceOf,
} from '../reading';
import { zipped } from '../sequences';

/** A list without an end: what stands at each place. */
function endless(at: (index: number) => Value): ListValue {
  const made = openList('it has no end');
  ENDLESS.set(made, at);
  return made;
}

const repeat: Call = (args, host) => {
  const [item, times] = [argument(args, 0), argument(args, 1, 'times')];
  return isNone(times) ? endless(() => item) : operate('*', list([item]), times, host);
};

const count: Call = (args, host) => {
  const start = args.positional[0] ?? args.named.get('start') ?? number(0);
  const step = args.positional[1] ?? args.named.get('step') ?? number(1);
  return endless((index) => operate('+', start, operate('*', step, number(index), host), host));
};

const cycle: Call = (args, host) => {
  const items = itemsOf(argument(args, 0), host);
  return typeof items === 'string' || items.length === 0 ? openList('which item comes is not known') : endless((index) => items[index % items.length] ?? NULL);
};

/** The items of several iterables one after another. */
function chained(values: readonly Value[], host: Host): ListValue {
  const [first, ...others] = values;
  if (!first) return list([]);
  return others.reduce<ListValue>(
    (made, value) => {
      const joined = operate('+', made, listOf(sequenceOf(value, host)), host);
      return joined.kind === 'list' ? joined : openList('how many items there are is not known');
    },
    listOf(sequenceOf(first, host)),
  );
}

/** A function of the items of all its iterables; `make` gives lists of their items. */
function combining(make: (lists: readonly (readonly Value[])[], count: number | undefined) => readonly (readonly Value[])[] | string): Call {
  return (args, host) => {
    const last = args.positional.at(-1);
    const size = asNumber(args.named.get('r') ?? args.named.get('repeat') ?? (args.positional.length > 1 ? last : undefined));
    const lists = args.positional.filter((value) => value.kind !== 'number').map((value) => itemsOf(value, host));
    const open = lists.find((items) => typeof items === 'string');
    if (typeof open === 'string') return openList(args.open ?? open);
    const made = make(lists as readonly (readonly Value[])[], size);
    if (typeof made === 'string' || made.length > MOST_ITEMS) return openList(typeof made === 'string' ? made : 'there are too many');
    return list(made.map((items) => list(items, true)));
  };
}

function products(lists: readonly (readonly Value[])[], times = 1): readonly (readonly Value[])[] | string {
  const all = Array.from({ length: Math.min(times, 16) }, () => lists).flat();
  if (all.reduce((total, { length }) => total * length, 1) > MOST_ITEMS) return 'there are too many';
  return all.reduce<readonly (readonly Value[])[]>((made, items) => made.flatMap((before) => items.map((item) => [...before, item])), [[]]);
}

function choices(items: readonly Value[], size: number, ordered: boolean, again: boolean): readonly (readonly Value[])[] {
  if (size <= 0) return [[]];
  return items.flatMap((item, at) => {
    const left = ordered ? items.filter((_, other) => again || other !== at) : items.slice(again ? at : at + 1);
    return choices(left, size - 1, ordered, again).map((others) => [item, ...others]);
  });
}

const choosing = (ordered: boolean, again: boolean) =>
  combining(([items = []], size = items.length) =>
    items.length ** Math.min(size, items.length) > 1e6 ? 'there are too many' : choices(items, size, ordered, again),
  );

const accumulate: Call = (args, host) => {
  const items = itemsOf(argument(args, 0), host);
  if (typeof items === 'string') return openList(items);
  const call = args.positional[1] ?? args.named.get('func');
  const initial = args.named.get('initial');
  const all = initial && !isNone(initial) ? [initial, ...items] : items;
  const made: Value[] = [];
  for (const item of all) {
    const before = made.at(-1);
    made.push(before === undefined ? item : call && !isNone(call) ? host.invoke(call, before, item) : operate('+', before, item, host));
  }
  return list(made);
};

const islice: Call = (args, host) => {
  const given = argument(args, 0);
  const bounds = args.positional.slice(1).map((value) => (isNone(value) ? null : asNumber(value)));
  if (bounds.includes(undefined)) return openList('which items are taken is not known');
  const [from, to, step] = bounds.length < 2 ? [0, bounds[0] ?? null, 1] : [bounds[0] ?? 0, bounds[1] ?? null, bounds[2] ?? 1];
  const forever = given.kind === 'list' ? ENDLESS.get(given) : undefined;
  const items = forever && typeof to === 'number' && to <= MOST_ITEMS ? Array.from({ length: to }, (_, at) => forever(at)) : itemsOf(given, host);
  if (typeof items === 'string') return openList(items);
  return list(items.slice(from, to ?? undefined).filter((_, at) => at % Math.max(1, step) === 0));
};

const starmap: Call = (args, host) =>
  mapped(sequenceOf(argument(args, 1), host), (item) => host.invoke(argument(args, 0), ...(item.kind === 'list' ? item.items : [item])), host);

const pairwise: Call = (args, host) => {
  const items = itemsOf(argument(args, 0), host);
  return typeof items === 'string' ? openList(items) : list(items.slice(1).map((item, at) => list([items[at] ?? NULL, item], true)));
};

/** Items up to, or from, the first for which the function says no; or those for which it does. */
function whileTrue(keep: (truths: readonly boolean[], at: number) => boolean): Call {
  return (args, host) => {
    const items = itemsOf(argument(args, 1), host);
    if (typeof items === 'string') return openList(items);
    const truths = items.map((item) => truthOf(host.invoke(argument(args, 0), item), host));
    const known = truths.filter((truth) => truth !== undefined);
    return known.length < items.length ? openList('which items are left is not decided') : list(items.filter((_, at) => keep(known, at)));
  };
}

const compress: Call = (args, host) => {
  const [items, marks] = [itemsOf(argument(args, 0), host), itemsOf(argument(args, 1), host)];
  if (typeof items === 'string' || typeof marks === 'string') return openList('which items are left is not known');
  const truths = marks.map((mark) => truthOf(mark, host));
  return truths.includes(undefined) ? openList('which items are left is not decided') : list(items.filter((_, at) => truths[at]));
};

const longest = (values: readonly Value[], fill: Value, host: Host): Sequence => zipped(values, host, fill);

const chain: Call = (args, host) => (args.open === undefined ? chained(args.positional, host) : openList(args.open));
const fromIterable: Call = (args, host) => {
  const lists = itemsOf(argument(args, 0), host);
  return typeof lists === 'string' ? openList(lists) : chained(lists, host);
};

export const ITERTOOLS = moduleOf('itertools', [
  ...functions('itertools', {
    repeat,
    count,
    cycle,
    product: combining(products),
    permutations: choosing(true, false),
    combinations: choosing(false, false),
    combinations_with_replacement: choosing(false, true),
    accumulate,
    islice,
    starmap,
    pairwise,
    compress,
    takewhile: whileTrue((truths, at) => !truths.slice(0, at + 1).includes(false)),
    dropwhile: whileTrue((truths, at) => truths.slice(0, at + 1).includes(false)),
    filterfalse: whileTrue((truths, at) => !truths[at]),
    zip_longest: (args, host) => listOf(longest(args.positional, args.named.get('fillvalue') ?? NULL, host)),
    tee: (args, host) => {
      const made = listOf(sequenceOf(argument(args, 0), host));
      return list(
        Array.from({ length: Math.min(asNumber(args.positional[1]) ?? 2, 64) }, () => ({ ...made })),
        true,
      );
    },
    groupby: () => unknown('groups are not followed', 'list'),
  }),
  [
    'chain',
    {
      kind: 'native',
      name: 'itertools.chain',
      call: chain,
      member: (name) => (name === 'from_iterable' ? functions('chain', { from_iterable: fromIterable })[0]?.[1] : undefined),
    },
  ],
]);
