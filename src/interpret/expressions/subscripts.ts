/** Subscripts: items and slices of lists and texts, sizes of shapes, fields by key, parts of tensors. */
import { asConstant, symbol, symbolsOf } from '../../dim/index';
import type { Expression, Index } from '../../program/types';
import {
  asNumber,
  asSize,
  type ClassValue,
  type IndexValue,
  keyOf,
  list,
  type NativeValue,
  NULL,
  object,
  size,
  string,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../value/index';
import { callFunction } from '../calls/calls';
import { baseWith, classLookup, nativeBase } from '../calls/lineage';
import { plainArguments } from '../host';
import { tellRank } from '../learning/inputs';
import { fieldOf, fixArgument, itemOf, notLeftOut, tellKind } from '../learning/parameters';
import type { Run } from '../run';
import { joinValues } from '../statements/join';
import type { Scope } from '../statements/scope';
import { fieldName, textOf } from './arithmetic';
import { ChainEnds, evaluate } from './evaluate';
import { member } from './members';

export function subscript(run: Run, expression: Expression & { kind: 'subscript' }, scope: Scope): Value {
  const owner = evaluate(run, expression.object, scope);
  if (expression.optional && (owner.kind === 'undefined' || owner.kind === 'null')) throw new ChainEnds();
  return partAt(run, owner, indexValues(run, expression.index, scope));
}

/** The indices of a subscript, evaluated. */
export const indexValues = (run: Run, index: readonly Index[], scope: Scope): IndexValue[] => index.map((one) => indexValue(run, one, scope));

function indexValue(run: Run, index: Index, scope: Scope): IndexValue {
  if (index.kind === 'ellipsis') return { kind: 'ellipsis' };
  if (index.kind !== 'slice') return { kind: 'item', value: evaluate(run, index, scope) };
  const bound = (part: Expression | undefined): Value => (part ? evaluate(run, part, scope) : NULL);
  return { kind: 'slice', start: bound(index.start), stop: bound(index.stop), step: bound(index.step) };
}

/** `owner[index]`. */
function partAt(run: Run, owner: Value, index: readonly IndexValue[]): Value {
  notLeftOut(run, owner);
  const target = owner.kind === 'unknown' ? subscripted(run, owner, index) : owner;
  // What is left out by default and stands as an index is given: a new axis is written.
  if (target.kind === 'tensor') for (const one of index) if (one.kind === 'item') notLeftOut(run, one.value);
  if (target.kind === 'tensor' && run.surroundings.tensorItem) return run.surroundings.tensorItem(target, index, run.host);
  const [only, second] = index;
  if (second || !only || only.kind === 'ellipsis') return ofSeveral(run, target, index);
  return only.kind === 'slice' ? sliced(run, target, only) : itemAt(run, target, only.value);
}

/** An index that only a tensor takes tells that it is one. */
function subscripted(run: Run, owner: Value & { kind: 'unknown' }, index: readonly IndexValue[]): Value {
  const takesTensor = index.length > 1 || index[0]?.kind === 'ellipsis' || (index[0]?.kind === 'item' && isTensorIndex(index[0].value));
  if (!takesTensor || !run.surroundings.tensorItem) return owner;
  if (owner.options) return owner.options.find((option) => option.kind === 'tensor') ?? owner;
  return owner.parameter === undefined ? owner : tellKind(run, owner, 'tensor');
}

const isTensorIndex = (value: Value): boolean => value.kind === 'tensor' || value.kind === 'null';

/** `d[a, b]`: a tuple is the key. */
function ofSeveral(run: Run, owner: Value, index: readonly IndexValue[]): Value {
  if (owner.kind === 'class') return owner;
  if (owner.kind === 'unknown') return unknown(owner.reason);
  const items = index.map((one) => (one.kind === 'item' ? one.value : UNDEFINED));
  return itemAt(run, owner, list(items, true));
}

/** `owner[key]`. */
export function itemAt(run: Run, owner: Value, key: Value): Value {
  const at = key.kind === 'number' ? constantOf(key) : undefined;
  switch (owner.kind) {
    case 'list':
      return listItem(run, owner, key, at);
    case 'shape':
      return sizeAt(run, owner, at);
    case 'unknown':
      return unknownItem(run, owner, key, at);
    case 'string':
      return characterAt(run, owner.value, at);
    case 'dict':
      return owner.flavour === 'object' ? byName(run, owner, key) : byKey(run, owner, key);
    case 'instance':
      return ownItem(run, owner, { kind: 'item', value: key }) ?? byName(run, owner, key);
    case 'native':
    case 'class':
      // A generic type stands for itself: `List[int]`.
      return run.surroundings.tensorItem ? (ofType(run, owner, key) ?? owner) : byName(run, owner, key);
    default:
      return byName(run, owner, key);
  }
}

/** A member of an enumeration by its name, or what the library's own gives. */
function ofType(run: Run, owner: NativeValue | ClassValue, key: Value): Value | undefined {
  if (owner.kind === 'native') return owner.item?.({ kind: 'item', value: key }, run.host);
  const items = baseWith(owner, 'classItems')?.classItems?.(owner);
  if (!items) return undefined;
  return (key.kind === 'string' ? items.get(key.value) : undefined) ?? unknown(key.kind === 'unknown' ? key.reason : 'it has no such member');
}

function byName(run: Run, owner: Value, key: Value): Value {
  const text = textOf(key);
  return text === undefined ? byPattern(run, owner, key) : member(run, owner, text);
}

/** The value under a key of a mapping. */
function byKey(run: Run, owner: Value & { kind: 'dict' }, key: Value): Value {
  const text = keyOf(key);
  const found = text === undefined ? undefined : owner.entries.get(text);
  if (found) return found;
  if (owner.parameter !== undefined) return byName(run, { ...owner, flavour: 'object' }, key);
  if (owner.open !== undefined || text === undefined) return unknown(owner.open ?? 'the key is not known');
  return unknown('it has no such key');
}

/** What an object's class says of `object[key]`. */
function ownItem(run: Run, owner: Value & { kind: 'instance' }, index: IndexValue): Value | undefined {
  const own = owner.cls ? classLookup(owner.cls, '__getitem__', false) : undefined;
  if (own) return callFunction(run, own.function, plainArguments(run, [index.kind === 'item' ? index.value : sliceValue(index)]), owner);
  const native = owner.native ?? (owner.cls ? nativeBase(owner.cls) : undefined);
  return native?.item?.(owner, index, run.host);
}

/** A field by a text with holes: the one that was set by the same pattern, else that of a parameter, where all are alike. */
function byPattern(run: Run, owner: Value, key: Value): Value {
  const name = fieldName(key);
  const fields = owner.kind === 'dict' ? owner.entries : owner.kind === 'instance' ? owner.members : undefined;
  const found = name === undefined ? undefined : fields?.get(name);
  if (found) return found;
  if (name !== undefined && owner.kind === 'dict' && owner.parameter !== undefined && owner.flavour === 'object') return fieldOf(run, owner.parameter, name);
  return unknown(key.kind === 'unknown' ? key.reason : 'the key is not known');
}

export const constantOf = (value: Value): number | undefined => {
  const whole = asSize(value);
  return whole ? asConstant(whole) : undefined;
};

function characterAt(run: Run, text: string, at: number | undefined): Value {
  const place = at !== undefined && at < 0 && run.surroundings.ways.countsFromEnd ? at + text.length : at;
  return place !== undefined && text[place] !== undefined ? string(text[place] ?? '') : unknown('the character is not known', 'string');
}

function listItem(run: Run, owner: Value & { kind: 'list' }, key: Value, at: number | undefined): Value {
  if (key.kind === 'string' && !/^-?\d+$/.test(key.value)) return member(run, owner, key.value);
  const place = key.kind === 'string' ? Number(key.value) : at;
  if (owner.times) return owner.items[0] ?? UNDEFINED;
  if (place === undefined) return oneOf(run, owner);
  const fromEnd = place < 0 && run.surroundings.ways.countsFromEnd;
  if (fromEnd && owner.open !== undefined) return unknown(owner.open);
  const item = owner.items[fromEnd ? place + owner.items.length : place];
  if (item) return item;
  if (owner.parameter !== undefined && place >= 0 && place < MOST_ASKED) return itemOf(run, owner, place);
  if (owner.open !== undefined) return unknown(owner.open);
  return isSurelyBeyond(run, owner, place) ? { kind: 'undefined', beyond: { index: place, shape: owner.items } } : UNDEFINED;
}

/** Whether a shape has nothing there whatever the module is given: an input may have more axes than was thought. */
function isSurelyBeyond(run: Run, { shapeOf }: Value & { kind: 'list' }, place: number): boolean {
  return shapeOf !== undefined && (place < 0 || run.nodes[shapeOf.ref.node]?.op !== 'input');
}

/** So many items a list that is given may be asked for; beyond them somebody counts. */
const MOST_ASKED = 8;

/** An item at a place that is not known: what all items agree on. */
function oneOf(run: Run, owner: Value & { kind: 'list' }): Value {
  const [first, ...rest] = owner.items;
  if (!first || owner.open !== undefined) return unknown(owner.open ?? 'the index is not known');
  if (rest.length > 0) countTurns(run, owner.items.length);
  return rest.reduce<Value>((joined, item) => joinValues(run, joined, item, 'an index that is not known'), first);
}

/** A loop that takes another item of a list at each turn is run turn by turn: the argument that counts them stands for its default. */
function countTurns(run: Run, items: number): void {
  for (const name of run.turns.flatMap(symbolsOf)) {
    const record = run.symbols.get(name);
    if (record?.role === 'argument' && record.example !== undefined && record.example <= items) fixArgument(run, size(symbol(name)));
  }
}

/** `x.shape[i]` of an unknown rank tells the least rank. */
function sizeAt(run: Run, owner: Value & { kind: 'shape' }, at: number | undefined): Value {
  if (at !== undefined && (at >= 0 || run.surroundings.ways.countsFromEnd)) tellRank(run, owner.of, at >= 0 ? at + 1 : -at, 'least');
  return unknown(owner.of.reason ?? 'the rank is not known', 'number');
}

function unknownItem(run: Run, owner: Value & { kind: 'unknown' }, key: Value, at: number | undefined): Value {
  const lists = owner.options?.filter((option) => option.kind === 'list' || option.kind === 'tensor') ?? [];
  const [only] = lists;
  if (only && lists.length === 1) return partAt(run, only, [{ kind: 'item', value: key }]);
  if (owner.parameter === undefined || owner.options) return unknown(owner.reason);
  if (at !== undefined && at >= 0) return itemOf(run, owner, at);
  const name = fieldName(key);
  return name !== undefined ? fieldOf(run, owner.parameter, name) : unknown(owner.reason);
}

// ---- slices ----

type Slice = IndexValue & { kind: 'slice' };

function sliced(run: Run, owner: Value, slice: Slice): Value {
  switch (owner.kind) {
    case 'list':
      return slicedList(owner, slice);
    case 'string': {
      const characters = slicedList(list([...owner.value].map(string)), slice);
      return characters.kind === 'list' && characters.open === undefined
        ? string(characters.items.map((one) => textOf(one) ?? '').join(''))
        : unknown('the text is not known', 'string');
    }
    case 'shape':
      return slicedShape(run, owner.of, slice);
    case 'instance':
      return ownItem(run, owner, slice) ?? unknown('slices of it are not followed');
    case 'unknown':
      return slicedUnknown(run, owner, slice);
    default:
      return unknown('slices of it are not followed');
  }
}

/** A slice as a value of its own, for those who take an item by it. */
const sliceValue = (index: IndexValue): Value =>
  index.kind === 'slice'
    ? object([
        ['start', index.start],
        ['stop', index.stop],
        ['step', index.step],
      ])
    : unknown('`...` as an index of its own');

function slicedUnknown(run: Run, owner: Value & { kind: 'unknown' }, slice: Slice): Value {
  const [only, second] = owner.options?.filter(({ kind }) => kind === 'list' || kind === 'tensor') ?? [];
  if (only && !second) return partAt(run, only, [slice]);
  if (owner.parameter === undefined || owner.options || owner.type !== undefined) return unknown(owner.reason, owner.type === 'list' ? 'list' : undefined);
  // Tensors are not walked backwards by a step.
  if ((asNumber(slice.step) ?? 1) < 0 && run.surroundings.tensorItem) return unknown(owner.reason, tellKind(run, owner, 'list') ? 'list' : undefined);
  // What a forward is given is a tensor more often than a list of them.
  return run.inputSpans.has(owner.parameter) && run.surroundings.tensorItem
    ? partAt(run, tellKind(run, owner, 'tensor'), [slice])
    : unknown(owner.reason, 'list');
}

/** Items from a slice: of bounds that are not known, how many is not known either. */
function slicedList(owner: Value & { kind: 'list' }, slice: Slice): Value {
  const [start, stop, step] = [slice.start, slice.stop, slice.step].map((bound) =>
    bound.kind === 'null' || bound.kind === 'undefined' ? null : asNumber(bound),
  );
  if (start === undefined || stop === undefined || step === undefined || step === 0) return openList('the bounds of the slice are not known', owner);
  const whole = start === null && stop === null && (step === null || step === 1);
  if (owner.times !== undefined || owner.open !== undefined) return whole ? { ...owner } : openSlice(owner, start, stop, step);
  return list(between(owner.items, start, stop, step ?? 1), owner.tuple);
}

const openList = (reason: string, owner: Value & { kind: 'list' }): Value => ({ kind: 'list', tuple: owner.tuple, items: [], open: reason });

/** The first items of a list that may have more are known. */
function openSlice(owner: Value & { kind: 'list' }, start: number | null, stop: number | null, step: number | null): Value {
  const known = owner.open !== undefined && owner.times === undefined && (start ?? 0) >= 0 && stop !== null && stop >= 0 && stop <= owner.items.length;
  if (known) return list(between(owner.items, start, stop, step ?? 1), owner.tuple);
  return openList(owner.open ?? `it has ${owner.times?.text ?? '?'} items`, owner);
}

function between<T>(items: readonly T[], start: number | null, stop: number | null, step: number): T[] {
  const clamp = (at: number): number => (at < 0 ? Math.max(at + items.length, step < 0 ? -1 : 0) : Math.min(at, step < 0 ? items.length - 1 : items.length));
  const from = start === null ? (step < 0 ? items.length - 1 : 0) : clamp(start);
  const to = stop === null ? (step < 0 ? -1 : items.length) : clamp(stop);
  const taken: T[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) {
    const item = items[at];
    if (item !== undefined) taken.push(item);
  }
  return taken;
}

/** `x.shape[:2]` of an unknown rank: so many sizes that are not known, and at least so many axes. */
function slicedShape(run: Run, of: TensorValue, slice: Slice): Value {
  const [start, stop] = [slice.start, slice.stop].map((bound) => (bound.kind === 'null' ? null : asNumber(bound)));
  const reason = of.reason ?? 'the rank is not known';
  const open: Value = { kind: 'list', tuple: true, items: [], open: reason };
  if (start === undefined || stop === undefined) return open;
  for (const bound of [start, stop]) if (bound !== null) tellRank(run, of, Math.abs(bound), 'least');
  const from = start ?? 0;
  const count = stop === null ? (from < 0 ? -from : undefined) : from < 0 === stop < 0 ? stop - from : undefined;
  if (count === undefined || count < 0 || count > 8) return open;
  return list(
    Array.from({ length: count }, () => unknown(reason, 'number')),
    true,
  );
}
