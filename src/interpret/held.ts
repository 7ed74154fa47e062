/** How long the code holds tensors: Python frees one as soon as the last name, container or call lets it go. */
import type { ValueRef } from '../graph/types';
import type { TensorValue, Value } from '../value/index';
import type { Run, Surroundings } from './run';
import type { Scope } from './statements/scope';

/** A list of more items is no list of tensors. */
const MOST_ITEMS = 1024;
const DEEPEST = 6;

const keyOf = ({ node, output }: ValueRef): string => `${node}:${output}`;

/** Notes that something lets go of a value: what it holds was alive until here. */
export function letGo(run: Run, value: Value | undefined, depth = 0): void {
  if (!value || !run.surroundings.ways.countsReferences) return;
  if (value.kind === 'tensor') run.keeping.letGo.set(keyOf(value.ref), { ref: value.ref, step: run.nodes.length });
  else if (depth > DEEPEST) return;
  else if (value.kind === 'list' && value.items.length <= MOST_ITEMS) for (const item of value.items) letGo(run, item, depth + 1);
  else if (value.kind === 'dict' && value.entries.size <= MOST_ITEMS) for (const item of value.entries.values()) letGo(run, item, depth + 1);
  // A tuple with names and a mapping of the user's hold as a list does; a module outlives its call.
  else if (value.kind === 'instance' && value.cls === undefined) for (const item of value.members.values()) letGo(run, item, depth + 1);
}

/** Names that hold what the call gave them, not what the function's own code does. */
const NOT_HELD = new Set(['arguments', 'this']);

/** A function that ends lets go of all that its own names hold. */
export function letScopeGo(run: Run, { cells }: Scope): void {
  if (!run.surroundings.ways.countsReferences) return;
  for (const [name, { value }] of cells) if (!NOT_HELD.has(name)) letGo(run, value);
}

/** Notes that a result was written into the memory of a tensor. */
export function noteInPlace(run: Run, tensor: TensorValue, result: TensorValue): void {
  run.keeping.inPlace.push({ result: result.ref, into: tensor.ref });
}

/** What an object keeps in its fields when the module has been called. */
export function keptBy(value: Value | undefined, surroundings: Surroundings, seen = new Set<Value>()): ValueRef[] {
  if (!value || seen.has(value)) return [];
  seen.add(value);
  if (value.kind === 'tensor') return [value.ref];
  if (value.kind === 'list') return value.items.length > MOST_ITEMS ? [] : value.items.flatMap((item) => keptBy(item, surroundings, seen));
  if (value.kind === 'dict') return value.entries.size > MOST_ITEMS ? [] : [...value.entries.values()].flatMap((item) => keptBy(item, surroundings, seen));
  if (value.kind !== 'instance') return [];
  // A container's items are no fields of it.
  const parts = surroundings.partsOf(value).map(([, part]) => part);
  return [...value.members.values(), ...parts].flatMap((item) => keptBy(item, surroundings, seen));
}
