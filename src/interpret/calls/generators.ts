/** Generators: what they give is collected in order, as a list that is filled where the function's `yield` stands. */
import { type ListValue, list, unknown, type Value } from '../../value/index';
import type { Run } from '../run';
import { write } from '../statements/journal';

/** `yield value` of the function that runs, or (`all`) `yield from value`; what is sent to it is not known. */
export function give(run: Run, value: Value, yields: 'one' | 'all'): Value {
  const frame = run.frames.at(-1);
  if (!frame) return value;
  frame.yielded ??= list([]);
  if (yields === 'one') add(run, frame.yielded, [value]);
  else addAll(run, frame.yielded, value);
  return unknown('what is sent to a generator is not followed');
}

const add = (run: Run, items: ListValue, added: readonly Value[]): void => write(run.journal, items, 'items', [...items.items, ...added]);

/** All that is in another; of items alike the first ones stand for all. */
function addAll(run: Run, items: ListValue, value: Value): void {
  if (value.kind === 'list' && value.times && items.items.length === 0 && !items.times) {
    add(run, items, value.items);
    write(run.journal, items, 'times', value.times);
    return;
  }
  const given = run.host.iterate(value);
  if ('unknown' in given) write(run.journal, items, 'open', given.unknown);
  else add(run, items, given);
}

/** The items of a generator that has run: where a branch may have ended it early, how many there are is not known. */
export function generated(run: Run, items: ListValue, mayEnd: boolean): ListValue {
  if (mayEnd) write(run.journal, items, 'open', 'a branch that is not decided may end it');
  return items;
}
