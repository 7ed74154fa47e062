/** Sorting: `sorted`, `list.sort`, and the greatest and least by a key. */
import type { Arguments, Host, Value } from '../../value/index';
import { isLess } from './comparing';
import { truthOf } from './numbers';
import { isNone } from './reading';

/** What the items are ordered by. */
export function keysFor(items: readonly Value[], args: Arguments, host: Host): readonly Value[] {
  const key = args.named.get('key');
  return key && !isNone(key) ? items.map((item) => host.invoke(key, item)) : items;
}

/** The items in order, equal ones as they stood; or why their order is not known. */
export function sortedItems(items: readonly Value[], args: Arguments, host: Host): readonly Value[] | string {
  const keys = keysFor(items, args, host);
  const reverse = args.named.get('reverse');
  const falling = reverse ? truthOf(reverse, host) : false;
  let open = falling === undefined;
  const order = items.map((_, at) => at);
  order.sort((a, b) => {
    const [left, right] = falling ? [keys[b], keys[a]] : [keys[a], keys[b]];
    if (!left || !right) return 0;
    const less = isLess(left, right, host);
    const more = less === false ? isLess(right, left, host) : false;
    if (less === undefined || more === undefined) open = true;
    return less ? -1 : more ? 1 : a - b;
  });
  return open ? 'the order of the items is not decided' : order.flatMap((at) => items[at] ?? []);
}
