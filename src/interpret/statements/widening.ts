/** What a turn of a loop leaves to the next, where that is not what it started from: a cache that grows, a tensor that gets longer. */
import { compare, formatReal } from '../../dim/index';
import type { Value } from '../../value/index';
import type { Run } from '../run';
import { joinValues } from './join';
import type { Changes } from './journal';

const WHY = 'how often the loop ran before';

/** Names and fields that were there before the turn, and are of another shape after it: each with what it is at any turn. */
export function widened(run: Run, changes: Changes): { readonly holder: object; readonly field: string; readonly value: unknown }[] {
  return [...changes].flatMap(([holder, fields]) =>
    [...fields].flatMap(([field, after]) => {
      const value = widerField(run, field, (holder as Record<string, unknown>)[field], after);
      return value === undefined ? [] : [{ holder, field, value }];
    }),
  );
}

function widerField(run: Run, field: string, before: unknown, after: unknown): unknown {
  if (field === 'value' && before !== undefined && after !== undefined)
    return stays(run, before as Value, after as Value) ? undefined : joinValues(run, before as Value, after as Value, WHY);
  if ((field !== 'entries' && field !== 'members') || !(before instanceof Map) || !(after instanceof Map)) return undefined;
  const wider = [...(before as Map<string, Value>)].filter(([key, value]) => after.has(key) && !stays(run, value, after.get(key) as Value));
  if (wider.length === 0) return undefined;
  return new Map([...(before as Map<string, Value>), ...wider.map(([key, value]) => [key, joinValues(run, value, after.get(key) as Value, WHY)] as const)]);
}

/** Whether a value is the same to whoever asks for its shape. */
function stays(run: Run, before: Value, after: Value): boolean {
  if (before === after) return true;
  if (before.kind !== after.kind) return before.kind === 'unknown' || after.kind === 'unknown';
  if (before.kind === 'tensor' && after.kind === 'tensor') return sameShape(run, before, after);
  if (before.kind === 'number' && after.kind === 'number') return formatReal(before.real) === formatReal(after.real);
  if (before.kind === 'list' && after.kind === 'list')
    return before.items.length !== after.items.length || before.items.every((item, at) => stays(run, item, after.items[at] ?? item));
  if (before.kind === 'dict' && after.kind === 'dict') return [...before.entries].every(([key, item]) => stays(run, item, after.entries.get(key) ?? item));
  return true;
}

function sameShape(run: Run, before: Value & { kind: 'tensor' }, after: Value & { kind: 'tensor' }): boolean {
  if (!before.shape || !after.shape) return before.shape === after.shape;
  const { shape } = after;
  return (
    before.shape.length === shape.length &&
    before.shape.every((size, axis) => size.text === shape[axis]?.text || compare(size, shape[axis] ?? size, run.known.facts) === 'equal')
  );
}
