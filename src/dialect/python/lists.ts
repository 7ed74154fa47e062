/** Lists and tuples. */
import { multiply, ONE } from '../../dim/index';
import { type Arguments, asNumber, asSize, boolean, type Host, type ListValue, NULL, number, size, unknown, type Value } from '../../value/index';
import { isSame } from './comparing';
import { copyOfList } from './operations';
import { argument, itemsOf, type Members, method, reasonOf, sequenceOf } from './reading';
import { sortedItems } from './sorting';

/** Adds one item; in a loop over a symbolic count the interpreter makes many of it. */
function append(owner: ListValue, args: Arguments, host: Host): Value {
  host.setItems(owner, [...owner.items, argument(args, 0)]);
  return NULL;
}

function extend(owner: ListValue, args: Arguments, host: Host): Value {
  const given = argument(args, 0);
  const sequence = sequenceOf(given, host);
  if ('items' in sequence) host.setItems(owner, [...owner.items, ...sequence.items]);
  else host.setOpen(owner, 'unknown' in sequence ? sequence.unknown : `${sequence.times.text} items were added to it`);
  return NULL;
}

/** Changes the items in place: `change` gives what is left and what the call returns, or why that is not known. */
function changing(name: string, change: (items: readonly Value[], args: Arguments, host: Host) => { items: readonly Value[]; result: Value } | string) {
  return method<ListValue>(name, (owner, args, host) => {
    const items = itemsOf(owner, host);
    const changed = typeof items === 'string' ? items : (args.open ?? change(items, args, host));
    if (typeof changed === 'string') {
      host.setOpen(owner, changed);
      return unknown(changed);
    }
    if (owner.times) host.setOpen(owner, 'items of a list of items alike were changed');
    else host.setItems(owner, changed.items);
    return changed.result;
  });
}

function pop(items: readonly Value[], args: Arguments): { items: readonly Value[]; result: Value } | string {
  const given = args.positional[0];
  const at = given ? asNumber(given) : -1;
  if (at === undefined) return 'which item is taken is not known';
  const place = at < 0 ? at + items.length : at;
  const result = items[place];
  return result ? { items: [...items.slice(0, place), ...items.slice(place + 1)], result } : 'there is no such item';
}

function insert(items: readonly Value[], args: Arguments): { items: readonly Value[]; result: Value } | string {
  const at = asNumber(argument(args, 0));
  if (at === undefined) return 'where an item is inserted is not known';
  const place = Math.max(0, Math.min(at < 0 ? at + items.length : at, items.length));
  return { items: [...items.slice(0, place), argument(args, 1), ...items.slice(place)], result: NULL };
}

/** The place of the first item that equals a value; -1 where there is none; or why that is not known. */
function placeOf(items: readonly Value[], wanted: Value, host: Host): number | string {
  for (const [at, item] of items.entries()) {
    const same = isSame(item, wanted, host);
    if (same === undefined) return reasonOf(item, reasonOf(wanted, 'whether items are equal is not decided'));
    if (same) return at;
  }
  return -1;
}

function remove(items: readonly Value[], args: Arguments, host: Host): { items: readonly Value[]; result: Value } | string {
  const at = placeOf(items, argument(args, 0), host);
  if (typeof at === 'string') return at;
  return at < 0 ? 'there is no such item' : { items: [...items.slice(0, at), ...items.slice(at + 1)], result: NULL };
}

function index(owner: ListValue, args: Arguments, host: Host): Value {
  const items = itemsOf(owner, host);
  const at = typeof items === 'string' ? items : placeOf(items, argument(args, 0), host);
  if (typeof at === 'string') return unknown(at, 'number');
  return at < 0 ? unknown('there is no such item', 'number') : number(at);
}

function count(owner: ListValue, args: Arguments, host: Host): Value {
  const items = itemsOf(owner, host);
  if (typeof items === 'string') return unknown(items, 'number');
  const same = items.map((item) => isSame(item, argument(args, 0), host));
  return same.includes(undefined) ? unknown('whether items are equal is not decided', 'number') : number(same.filter((is) => is).length);
}

/** How many items a list has. */
export function lengthOf(owner: ListValue): Value {
  if (owner.open !== undefined) return unknown(owner.open, 'number');
  if (owner.atLeast) return unknown(`how many items \`${owner.parameter ?? 'it'}\` has is not known`, 'number');
  return owner.times ? size(owner.times) : number(owner.items.length);
}

/** `numel()` of a `torch.Size`. */
function numberOfElements(owner: ListValue, _args: Arguments, host: Host): Value {
  const items = itemsOf(owner, host);
  const sizes = typeof items === 'string' ? [undefined] : items.map((item) => asSize(host.expect(item, 'number')));
  return sizes.every((one) => one !== undefined) ? size(sizes.reduce(multiply, ONE)) : unknown('its sizes are not known', 'number');
}

export const LIST_MEMBERS: Members<ListValue> = new Map([
  method<ListValue>('append', append),
  method<ListValue>('extend', extend),
  changing('pop', pop),
  changing('popleft', (items) => (items[0] ? { items: items.slice(1), result: items[0] } : 'it is empty')),
  changing('appendleft', (items, args) => ({ items: [argument(args, 0), ...items], result: NULL })),
  changing('insert', insert),
  changing('remove', remove),
  changing('sort', (items, args, host) => {
    const sorted = sortedItems(items, args, host);
    return typeof sorted === 'string' ? sorted : { items: sorted, result: NULL };
  }),
  method<ListValue>('reverse', (owner, _args, host) => {
    if (!owner.times) host.setItems(owner, [...owner.items].reverse());
    return NULL;
  }),
  method<ListValue>('clear', (owner, _args, host) => {
    host.setItems(owner, []);
    return NULL;
  }),
  method<ListValue>('copy', (owner) => copyOfList(owner)),
  method<ListValue>('index', index),
  method<ListValue>('count', count),
  method<ListValue>('tolist', (owner) => copyOfList(owner)),
  method<ListValue>('numel', numberOfElements),
  method<ListValue>('__len__', lengthOf),
  method<ListValue>('__iter__', (owner) => owner),
  method<ListValue>('__getitem__', (owner, args, host) => {
    const items = itemsOf(owner, host);
    const at = asNumber(argument(args, 0));
    return (typeof items !== 'string' && at !== undefined ? items.at(at) : undefined) ?? unknown('which item it is is not known');
  }),
  method<ListValue>('__contains__', (owner, args, host) => {
    const items = itemsOf(owner, host);
    const at = typeof items === 'string' ? items : placeOf(items, argument(args, 0), host);
    return typeof at === 'string' ? unknown(at, 'boolean') : boolean(at >= 0);
  }),
]);
