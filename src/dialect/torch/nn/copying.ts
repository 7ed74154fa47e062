/** Copies of modules: each has weights of its own, which start as the other's did. */
import type { Host, InstanceValue, Value } from '../../common/values';
import { contentsOf, isParameter } from './state';

/** A deep copy of a value: modules, lists and dicts anew, weights as weights of their own. */
export function deepCopy(value: Value, host: Host, seen = new Map<Value, Value>()): Value {
  const known = seen.get(value);
  if (known) return known;
  if (isParameter(value)) return { ...host.variable(value, { trainable: true }), role: 'variable' };
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => deepCopy(item, host, seen)) };
  if (value.kind === 'dict') return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, deepCopy(item, host, seen)] as const)) };
  return value.kind === 'instance' ? copyObject(value, host, seen) : value;
}

function copyObject(value: InstanceValue, host: Host, seen: Map<Value, Value>): InstanceValue {
  const copy: InstanceValue = { ...value, members: new Map(), state: new Map(value.state) };
  seen.set(value, copy);
  copy.members = new Map([...value.members].map(([name, member]) => [name, deepCopy(member, host, seen)] as const));
  const contents = contentsOf(value);
  // A container's named items are fields as well: both stay one.
  if (contents?.kind === 'list') copy.state = new Map(copy.state).set('torch.nn.contents', deepCopyItems(value, copy, contents.items, host, seen, contents));
  else if (contents) copy.state = new Map(copy.state).set('torch.nn.contents', deepCopy(contents, host, seen));
  return copy;
}

function deepCopyItems(
  from: InstanceValue,
  to: InstanceValue,
  items: readonly Value[],
  host: Host,
  seen: Map<Value, Value>,
  contents: Value & { kind: 'list' },
): Value {
  const fieldOf = (item: Value): string | undefined => [...from.members].find(([, value]) => value === item)?.[0];
  const copied = items.map((item) => {
    const name = fieldOf(item);
    return (name === undefined ? undefined : to.members.get(name)) ?? deepCopy(item, host, seen);
  });
  return { ...contents, items: copied };
}
