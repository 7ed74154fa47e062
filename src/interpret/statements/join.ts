/** Joins what two sides of an undecided branch left behind. */
import { assumeDivides, assumeEqual, atMost, compare, type Dim, type Facts, formatReal, isUnknown, same, sizeOfReal, UNKNOWN } from '../../dim/index';
import { type TensorValue, unknown, type Value } from '../../value/index';
import { noteOption, noteSplit } from '../entry/splits';
import { type Frozen, joinFrozen } from '../gradients';
import { addNode } from '../graph';
import type { Run } from '../run';
import { hiddenSize } from './hidden';
import { type Changes, write } from './journal';

/** One value for two, where `why` tells the test that was not decided, and `called` what name it has. */
export function joinValues(run: Run, left: Value | undefined, right: Value | undefined, why: string, called?: string): Value {
  if (left === undefined || right === undefined) return left ?? right ?? unknown(`it is set only where ${why}`);
  if (left === right || alike(left, right)) return left;
  if (left.kind === 'tensor' && right.kind === 'tensor') return joinTensors(run, left, right, why);
  if (left.kind === 'number' && right.kind === 'number') {
    noteOption(run);
    noteSplit(run);
    return hiddenSize(run, left, right, why, called) ?? unknown(`it depends on ${why}`, 'number');
  }
  if (left.kind === 'list' && right.kind === 'list') return joinLists(run, left, right, why);
  if (isAbsent(left) !== isAbsent(right)) noteOption(run);
  // Modules of two makes are called for what either does.
  if (left.kind === 'instance' && right.kind === 'instance') noteSplit(run);
  const options = differentOptions(left, right);
  if (options.length > MOST_OPTIONS) return unknown(`it depends on ${why}`);
  const tensors = options.filter((option) => option.kind === 'tensor').length;
  const sides = options.length === 2 && options[0] === left && options[1] === right ? run.sides.at(-1) : undefined;
  return {
    kind: 'unknown',
    reason: `it depends on ${why}`,
    options,
    ...(tensors === options.length ? { type: 'tensor' as const } : {}),
    ...(sides ? { sides } : {}),
  };
}

const isAbsent = ({ kind }: Value): boolean => kind === 'undefined' || kind === 'null';

/** Beyond so many, what a value may be is not told one by one: a loop would add to them at each turn. */
const MOST_OPTIONS = 8;

/** What either value may be, each once. */
function differentOptions(left: Value, right: Value): readonly Value[] {
  const options = [...optionsOf(left)];
  for (const option of optionsOf(right)) if (!options.some((known) => known === option || alike(known, option))) options.push(option);
  return options;
}

const optionsOf = (value: Value): readonly Value[] => (value.kind === 'unknown' && value.options ? value.options : [value]);

function alike(left: Value, right: Value): boolean {
  if (left.kind !== right.kind) return false;
  switch (left.kind) {
    case 'null':
    case 'undefined':
      return true;
    case 'string':
      return left.value === (right as typeof left).value;
    case 'boolean':
      return left.value === (right as typeof left).value;
    case 'number':
      return formatReal(left.real) === formatReal((right as typeof left).real) && !isUnknown(sizeOfReal(left.real) ?? UNKNOWN);
    case 'tensor':
      return left.ref.node === (right as typeof left).ref.node && left.ref.output === (right as typeof left).ref.output;
    case 'function':
      return left.definition === (right as typeof left).definition && left.scope === (right as typeof left).scope;
    case 'unknown':
      return left.parameter !== undefined && left.parameter === (right as typeof left).parameter;
    default:
      return false;
  }
}

function joinTensors(run: Run, left: Value & { kind: 'tensor' }, right: Value & { kind: 'tensor' }, why: string): Value {
  const dtype = left.dtype;
  const reason = `its shape depends on ${why}`;
  const shape = joinShapes(run, left.shape, right.shape);
  const partly = shape?.some(isUnknown) ?? true;
  if (partly && isKnown(left) && isKnown(right)) noteSplit(run);
  const type = partly
    ? { shape, dtype, unknown: left.shape === null ? (left.reason ?? reason) : right.shape === null ? (right.reason ?? reason) : reason }
    : { shape, dtype };
  const [joined] = addNode(run, 'join', [left.ref, right.ref], { condition: why }, [type], run.span);
  const ranked = shape === null ? sameRank(left, right) : undefined;
  return joined ? { ...joined, ...(ranked ? { ranked } : {}) } : unknown(reason, 'tensor');
}

/** Sides that both follow the rank of one input alike follow it joined too. */
const sameRank = ({ ranked: left }: TensorValue, { ranked: right }: TensorValue): TensorValue['ranked'] =>
  left && right && left.input === right.input && left.offset === right.offset ? left : undefined;

const isKnown = ({ shape }: Value & { kind: 'tensor' }): boolean => shape !== null && !shape.some(isUnknown);

/** Sizes that both sides agree on stay; ranks that differ leave nothing. */
export function joinShapes(run: Run, left: readonly Dim[] | null, right: readonly Dim[] | null): readonly Dim[] | null {
  if (!left || !right || left.length !== right.length) return null;
  return left.map((size, axis) => joinSizes(run, size, right[axis] ?? UNKNOWN));
}

/** A size that is right on its own side, and by what is known on the other side equal to the other's, is right on both: h//s where s > 1, and h where s is 1. */
function joinSizes(run: Run, size: Dim, other: Dim): Dim {
  if (same(size, other)) return size;
  if (compare(size, other, run.known.facts) === 'equal') return size;
  const [first, second] = run.sides.at(-1) ?? [];
  if (second && compare(size, other, withNeeds(run, second)) === 'equal') return size;
  if (first && compare(size, other, withNeeds(run, first)) === 'equal') return other;
  if (!first && compare(size, other, withNeeds(run, run.known.facts)) === 'equal') return other;
  return UNKNOWN;
}

/** What the code needs of its inputs somewhere, it needs everywhere. */
function withNeeds(run: Run, facts: Facts): Facts {
  return [...run.needs.values()].reduce(
    (known, need) =>
      need.relation === '==' ? assumeEqual(known, need.left, need.right, need.text) : need.relation === 'divides' ? withDivisor(known, need) : known,
    facts,
  );
}

/** What divides a size and is no smaller is that size. */
function withDivisor(facts: Facts, { left, right, text }: { readonly left: Dim; readonly right: Dim; readonly text: string }): Facts {
  return atMost(right, left, facts) === 'yes' ? assumeEqual(facts, right, left, text) : assumeDivides(facts, left, right, text);
}

function joinLists(run: Run, left: Value & { kind: 'list' }, right: Value & { kind: 'list' }, why: string): Value {
  if (left.items.length !== right.items.length || left.open || right.open) {
    return { kind: 'unknown', reason: `how many items it has depends on ${why}`, type: 'list', options: [left, right] };
  }
  return { kind: 'list', tuple: left.tuple, items: left.items.map((item, at) => joinValues(run, item, right.items[at], why)) };
}

/** Leaves the state as if either side had run. */
export function joinChanges(run: Run, left: Changes, right: Changes, why: string): void {
  const holders = new Set<object>([...left.keys(), ...right.keys()]);
  for (const holder of holders) {
    const fields = new Set<string>([...(left.get(holder)?.keys() ?? []), ...(right.get(holder)?.keys() ?? [])]);
    for (const field of fields) {
      const before = (holder as Record<string, unknown>)[field];
      const a = left.get(holder)?.has(field) ? left.get(holder)?.get(field) : before;
      const b = right.get(holder)?.has(field) ? right.get(holder)?.get(field) : before;
      write(run.journal, holder as Record<string, unknown>, field, joinField(run, holder, field, before, a, b, why));
      if (field === 'items' && (a as readonly Value[]).length !== (b as readonly Value[]).length) {
        write(run.journal, holder as { open?: string }, 'open', `how many items it has depends on ${why}`);
      }
    }
  }
}

/** Fields hold values, maps or lists of them, or facts; facts of one side alone do not outlive it. */
function joinField(run: Run, holder: object, field: string, before: unknown, left: unknown, right: unknown, why: string): unknown {
  if (left === right) return left;
  if (field === 'facts') return before;
  if (field === 'value') return joinValues(run, left as Value | undefined, right as Value | undefined, why, nameOf(run, holder));
  if (field === 'frozen') return joinFrozen(left as Frozen, right as Frozen, why);
  if (field === 'items') return joinItems(run, left as readonly Value[], right as readonly Value[], why);
  if (left instanceof Map && right instanceof Map) return joinMaps(run, left, right, why);
  return left ?? right;
}

/** What a cell is called in the function that runs. */
const nameOf = (run: Run, holder: object): string | undefined => [...(run.frames.at(-1)?.scope.cells ?? [])].find(([, cell]) => cell === holder)?.[0];

function joinItems(run: Run, left: readonly Value[], right: readonly Value[], why: string): readonly Value[] {
  const longest = left.length >= right.length ? left : right;
  return longest.map((_, at) => joinValues(run, left[at], right[at], why));
}

function joinMaps(run: Run, left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown>, why: string): ReadonlyMap<string, unknown> {
  const keys = new Set([...left.keys(), ...right.keys()]);
  return new Map(
    [...keys].map((key) => [
      key,
      isValue(left.get(key) ?? right.get(key))
        ? joinValues(run, left.get(key) as Value | undefined, right.get(key) as Value | undefined, why, key)
        : (left.get(key) ?? right.get(key)),
    ]),
  );
}

const isValue = (thing: unknown): thing is Value => typeof thing === 'object' && thing !== null && 'kind' in thing;
