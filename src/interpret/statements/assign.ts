/** Assigning to names, members, items and patterns. */

import { asConstant, constant } from '../../dim/index';
import type { Expression, Span, Target } from '../../program/types';
import {
  asNumber,
  type ClassValue,
  type IndexValue,
  type InstanceValue,
  keyOf,
  type ListValue,
  list,
  size,
  string,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../value/index';
import { callFunction } from '../calls/calls';
import { classLookup, nativeBase, setterOf } from '../calls/lineage';
import { fieldName, textOf } from '../expressions/arithmetic';
import { evaluate } from '../expressions/evaluate';
import { member, noArguments } from '../expressions/members';
import { indexValues } from '../expressions/subscripts';
import { addRow } from '../graph';
import { letGo } from '../held';
import { bornAt } from '../judging/born';
import { checkParts } from '../judging/parts';
import { sizesText } from '../judging/reports';
import { evidenceOf, learnName } from '../learning/evidence';
import { nameInput, tellName, tellRank } from '../learning/inputs';
import { noteSet } from '../learning/mentions';
import { fieldOf, itemOf, tellAlias, tellCounted, tellKind, tellLength, withFallback } from '../learning/parameters';
import type { Run } from '../run';
import { written } from '../written';
import { write } from './journal';
import { findCell, functionScope, ownCell, type Scope } from './scope';

export interface AssignOptions {
  /** The declaration's keyword; without one an existing name is found, or one is made in the function's scope. */
  readonly declares?: 'const' | 'let' | 'var' | undefined;
  /** The statement, where the assignment is to give a row. */
  readonly statement?: Span;
}

/** Assigns a value to a target. */
export function assignTarget(run: Run, target: Target, value: Value, scope: Scope, options: AssignOptions): void {
  switch (target.kind) {
    case 'name':
      return assignName(run, target.name, value, scope, options, target.span);
    case 'attribute':
      return assignAttribute(run, target, value, scope, options);
    case 'subscript':
      return assignItem(run, target, value, scope, options);
    case 'sequence':
      return assignSequence(run, target, value, scope, options);
    case 'object':
      return assignObject(run, target, value, scope, options);
  }
}

function assignName(run: Run, name: string, value: Value, scope: Scope, options: AssignOptions, span: Span): void {
  const named = tellNames(run, value, name);
  const cell = cellFor(scope, name, options.declares);
  letGo(run, cell.value);
  write(run.journal, cell, 'value', named);
  noteSet(run, name, span, named);
  if (options.statement) addRow(run, name, named, span, options.statement);
}

/** The names that a value's sizes and fields get are the user's own words for them. */
function tellNames(run: Run, value: Value, name: string): Value {
  tellName(run, value, name);
  tellAlias(run, value, name);
  nameInput(run, value, name);
  return value;
}

function cellFor(scope: Scope, name: string, declares: AssignOptions['declares']) {
  if (declares === 'var') return ownCell(functionScope(scope), name);
  if (declares) return ownCell(scope, name);
  return findCell(scope, name) ?? ownCell(functionScope(scope), name);
}

function assignAttribute(run: Run, target: Target & { kind: 'attribute' }, value: Value, scope: Scope, options: AssignOptions): void {
  const object = evaluate(run, target.object, scope);
  tellNames(run, value, target.name);
  setMember(run, object, target.name, value);
  if (object.kind === 'instance' && object.cls && nativeBase(object.cls)?.setItem) setByOwn(run, object, object.cls, target.name, value);
  const name = `${targetText(target.object)}.${target.name}`;
  noteSet(run, name, target.span, value);
  if (options.statement) addRow(run, name, value, target.span, options.statement);
}

/** The target as written: `this.pos`. */
function targetText(expression: Expression): string {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind === 'attribute') return `${targetText(expression.object)}.${expression.name}`;
  if (expression.kind === 'subscript') return targetText(expression.object);
  return '…';
}

/** Sets a field, through the class's setter where it has one. */
/** A mapping whose class says that what is set as its attribute is an item of it. */
function setByOwn(run: Run, object: InstanceValue, cls: ClassValue, name: string, value: Value): void {
  const own = name.startsWith('__') ? undefined : classLookup(cls, '__setattr__', false);
  if (!own || run.frames.some(({ name: running }) => running.endsWith('__setattr__'))) return;
  const args = { ...noArguments(run), positional: [string(name), value], spans: [run.span, run.span], api: '__setattr__' };
  callFunction(run, own.function, args, object, true);
}

export function setMember(run: Run, object: Value, name: string, value: Value): void {
  if (object.kind === 'instance') {
    const setter = object.cls ? setterOf(object.cls, name) : undefined;
    if (setter) {
      callFunction(run, setter, { ...noArguments(run), positional: [value] }, object, true);
      return;
    }
    if (object.cls) nativeBase(object.cls)?.set?.(object, name, value, run.host);
    letGo(run, object.members.get(name));
    write(run.journal, object, 'members', new Map(object.members).set(name, value));
  } else if (object.kind === 'tensor') {
    run.surroundings.setTensorMember?.(object, name, value, run.host);
  } else if (object.kind === 'class') {
    write(run.journal, object, 'members', new Map(object.members).set(name, value));
  } else if (object.kind === 'dict') {
    write(run.journal, object, 'entries', new Map(object.entries).set(name, value));
  } else if (object.kind === 'function' && object.properties) {
    setMember(run, object.properties, name, value);
  } else if (object.kind === 'list' && name === 'length') {
    const length = asNumber(value);
    if (length !== undefined && length <= object.items.length) write(run.journal, object, 'items', object.items.slice(0, length));
  }
}

function assignItem(run: Run, target: Target & { kind: 'subscript' }, value: Value, scope: Scope, options: AssignOptions): void {
  const held = evaluate(run, target.object, scope);
  const indices = indexValues(run, target.index, scope);
  const object = run.surroundings.setTensorItem ? asChanged(run, held, indices) : held;
  if (object.kind === 'tensor' && run.surroundings.setTensorItem) return setTensorPart(run, target, object, indices, value, options);
  const [index] = indices;
  const key = index?.kind === 'item' ? index.value : UNDEFINED;
  if (object.kind === 'instance' && setOwnItem(run, object, index, value)) return;
  if (object.kind === 'native' && index) object.setItem?.(index, value, run.host);
  if (object.kind === 'dict' && object.flavour !== 'object') setMapping(run, object, key, value);
  else if (object.kind === 'list' && index?.kind === 'slice') write(run.journal, object, 'open', 'a slice of it was set');
  else if (object.kind === 'list') setItem(run, object, key, value);
  else if (object.kind === 'dict' || object.kind === 'instance' || object.kind === 'function' || object.kind === 'class') setKey(run, object, key, value);
  if (options.statement) addRow(run, targetText(target.object), object, target.span, options.statement);
}

/** A tensor whose part is set is the tensor as it is then, for whoever holds it. */
function setTensorPart(
  run: Run,
  target: Target & { kind: 'subscript' },
  tensor: TensorValue,
  index: readonly IndexValue[],
  value: Value,
  options: AssignOptions,
): void {
  const set = run.surroundings.setTensorItem?.(tensor, index, value, run.host) ?? tensor;
  written(run, tensor, set);
  const name = targetText(target.object);
  noteSet(run, name, target.span, set);
  if (options.statement) addRow(run, name, set, target.span, options.statement);
}

/** What is set at several places, or from one place to another, is a tensor; of several the only one. */
function asChanged(run: Run, value: Value, index: readonly IndexValue[]): Value {
  if (value.kind !== 'unknown' || (index.length < 2 && index[0]?.kind === 'item')) return value;
  if (value.options) return value.options.find((option) => option.kind === 'tensor') ?? value;
  return value.parameter === undefined ? value : tellKind(run, value, 'tensor');
}

/** What an object's class, or the library's, does with `object[…] = value`. */
function setOwnItem(run: Run, object: InstanceValue, index: IndexValue | undefined, value: Value): boolean {
  const own = object.cls ? classLookup(object.cls, '__setitem__', false) : undefined;
  if (own && index?.kind === 'item') {
    callFunction(run, own.function, { ...noArguments(run), positional: [index.value, value], spans: [run.span, run.span] }, object, true);
    return true;
  }
  const native = object.native ?? (object.cls ? nativeBase(object.cls) : undefined);
  if (!native?.setItem || !index) return false;
  native.setItem(object, index, value, run.host);
  return true;
}

function setMapping(run: Run, object: Value & { kind: 'dict' }, key: Value, value: Value): void {
  const text = keyOf(key);
  if (text === undefined) write(run.journal, object as { open?: string }, 'open', 'a field with an unknown name was set');
  else write(run.journal, object, 'entries', new Map(object.entries).set(text, value));
}

function setItem(run: Run, object: Value & { kind: 'list' }, key: Value, value: Value): void {
  const place = asNumber(key);
  const at = place !== undefined && place < 0 && run.surroundings.ways.countsFromEnd ? place + object.items.length : place;
  if (at === undefined || !Number.isInteger(at) || at < 0 || at > 100_000) {
    write(run.journal, object, 'open', 'an item at an unknown place was set');
    return;
  }
  const items = [...object.items];
  while (items.length < at) items.push(UNDEFINED);
  items[at] = value;
  write(run.journal, object, 'items', items);
}

function setKey(run: Run, object: Value & { kind: 'dict' | 'instance' | 'function' | 'class' }, key: Value, value: Value): void {
  const text = textOf(key);
  const pattern = text === undefined ? fieldName(key) : undefined;
  if (text ?? pattern) setMember(run, object, text ?? pattern ?? '', value);
  if (text === undefined) write(run.journal, object as { open?: string }, 'open', 'a field with an unknown name was set');
}

function assignSequence(run: Run, target: Target & { kind: 'sequence' }, value: Value, scope: Scope, options: AssignOptions): void {
  const items = itemsFor(run, target, value);
  target.elements.forEach((element, at) => {
    if (!element) return;
    const after = target.elements.length - at - 1;
    const item: Value =
      'unknown' in items
        ? unknown(items.unknown)
        : element.rest
          ? list(items.known.slice(at, items.known.length - after))
          : (items.known[element && restBefore(target, at) ? items.known.length - after - 1 : at] ?? UNDEFINED);
    const { fallback } = element;
    const filled = fallback ? withFallback(run, item, () => evaluate(run, fallback, scope)) : item;
    assignTarget(run, element.target, filled, scope, options);
  });
}

const restBefore = (target: Target & { kind: 'sequence' }, at: number): boolean => target.elements.slice(0, at).some((element) => element?.rest);

type Items = { readonly known: readonly Value[] } | { readonly unknown: string };

/** The items to take apart; a shape or a parameter that is taken apart thereby has that many. */
function itemsFor(run: Run, target: Target & { kind: 'sequence' }, value: Value): Items {
  const hasRest = target.elements.some((element) => element?.rest);
  if (value.kind === 'shape') return shapeItems(run, target, value, hasRest);
  if (value.kind === 'list' && value.spread && !hasRest) tellSpread(run, target, value.spread);
  if (value.kind === 'tensor') return tensorItems(run, target, value, hasRest);
  if (value.kind === 'unknown' && value.parameter !== undefined) {
    const told = tellLength(run, value, target.elements.length, !hasRest && run.surroundings.ways.unpacksWhole);
    return told.kind === 'list' ? { known: told.items } : { unknown: value.reason };
  }
  if (value.kind === 'list' && value.parameter !== undefined && !hasRest && value.open === undefined && !value.times)
    return { known: partsOf(run, target, value) };
  const items = run.host.iterate(value);
  if (value.kind === 'list') checkParts(run, target, value);
  if ('unknown' in items) return { unknown: items.unknown };
  checkCount(run, target, value, items.length, hasRest);
  return { known: items };
}

/** A list that is given has the items that it is taken apart into, whatever was asked of it so far. */
function partsOf(run: Run, target: Target & { kind: 'sequence' }, value: ListValue): readonly Value[] {
  if (run.surroundings.ways.unpacksWhole) tellCounted(run, value, target.elements.length);
  if (value.items.length < target.elements.length) itemOf(run, value, target.elements.length - 1);
  return value.items;
}

/** `b, n, _, h = *x.shape, heads`: the rank is what is left beside the others, exactly; the sizes get their names. */
function tellSpread(run: Run, target: Target & { kind: 'sequence' }, { of, before, beside }: NonNullable<ListValue['spread']>): void {
  const rank = target.elements.length - beside;
  if (rank < 0 || of.shape !== null) return;
  if (of.ranked && of.ranked.offset === 0) nameAxes(run, target.elements.slice(before, before + rank), of.ranked.input);
  tellRank(run, of, rank, 'exact');
}

/** The sizes of a shape that is taken apart go by the names that they get. */
function nameAxes(run: Run, elements: (Target & { kind: 'sequence' })['elements'], input: string): void {
  const about = evidenceOf(run.evidence, input);
  elements.forEach((element, axis) => {
    if (element?.target.kind === 'name' && !element.rest && !element.target.name.startsWith('_') && !about.names.has(axis))
      learnName(run.evidence, input, axis, element.target.name);
  });
}

/** A tensor is taken apart along its first axis, which has as many sizes as there are targets. */
function tensorItems(run: Run, target: Target & { kind: 'sequence' }, tensor: TensorValue, hasRest: boolean): Items {
  const { tensorItem } = run.surroundings;
  const first = tensor.shape?.[0];
  if (!tensorItem || !first) return { unknown: tensor.reason ?? 'the first axis is not known' };
  const known = asConstant(first);
  if (hasRest && known === undefined) return { unknown: 'the size of the first axis is not known' };
  const count = hasRest ? (known ?? 0) : target.elements.length;
  run.host.require('==', first, constant(count), 'unpack-count', { wanted: count, shape: sizesText((tensor.shape ?? []).map(size)) }, target.span);
  return { known: Array.from({ length: count }, (_, at) => tensorItem(tensor, [{ kind: 'item', value: size(constant(at)) }], run.host)) };
}

/** `const [b, t, c] = x.shape` tells names and the least rank; taking fewer than there are is legal. */
function shapeItems(run: Run, target: Target & { kind: 'sequence' }, value: Value & { kind: 'shape' }, hasRest: boolean): Items {
  const tensor = value.of;
  const { unpacksWhole } = run.surroundings.ways;
  if (tensor.ranked && tensor.ranked.offset === 0) {
    const about = evidenceOf(run.evidence, tensor.ranked.input);
    if (!hasRest && !unpacksWhole) about.taken = Math.max(about.taken ?? 0, target.elements.length);
    const rest = target.elements.findIndex((element) => element?.rest);
    nameAxes(run, rest < 0 ? target.elements : target.elements.slice(0, rest), tensor.ranked.input);
  }
  tellRank(run, tensor, target.elements.length - (hasRest ? 1 : 0), unpacksWhole && !hasRest ? 'exact' : 'least');
  return { unknown: tensor.reason ?? 'the rank is not known' };
}

/** Taking more sizes than a shape has gives undefined ones; taking fewer is usual. */
function checkCount(run: Run, target: Target & { kind: 'sequence' }, value: Value, count: number, hasRest: boolean): void {
  const wanted = target.elements.length;
  const isShape = value.kind === 'list' && value.shapeOf !== undefined;
  const { unpacksWhole } = run.surroundings.ways;
  const fits = unpacksWhole ? (hasRest ? wanted - 1 <= count : wanted === count) : hasRest || wanted <= count;
  if (fits || (!isShape && !(unpacksWhole && value.kind === 'list'))) return;
  run.host.report({
    code: 'unpack-mismatch',
    severity: 'error',
    span: target.span,
    args: { wanted, count, shape: value.kind === 'list' ? sizesText(value.items) : '' },
    related: value.kind === 'list' ? madeAt(run, value) : [],
  });
}

/** The step that gave the tensor whose shape it is. */
function madeAt(run: Run, { shapeOf, items }: Value & { kind: 'list' }) {
  const born = shapeOf && bornAt(run.nodes, shapeOf.ref, undefined);
  return born?.kind === 'step' ? [{ span: born.span, code: 'born-step.whole', args: { api: born.api, shape: sizesText(items) } }] : [];
}

function assignObject(run: Run, target: Target & { kind: 'object' }, value: Value, scope: Scope, options: AssignOptions): void {
  const taken = new Set<string>();
  for (const property of target.properties) {
    const key = typeof property.key === 'string' ? property.key : textOf(evaluate(run, property.key, scope));
    if (key !== undefined) taken.add(key);
    const item = key === undefined ? unknown("the field's name is not known") : objectField(run, value, key);
    const { fallback } = property;
    const filled = fallback ? withFallback(run, item, () => evaluate(run, fallback, scope)) : item;
    assignTarget(run, property.target, filled, scope, options);
  }
  if (target.rest) assignTarget(run, target.rest, restOf(value, taken), scope, options);
}

function objectField(run: Run, value: Value, key: string): Value {
  return value.kind === 'unknown' && value.parameter !== undefined && !value.options ? fieldOrMember(run, value, key) : member(run, value, key);
}

const fieldOrMember = (run: Run, value: Value & { kind: 'unknown' }, key: string): Value =>
  key === 'length' || key === 'shape' ? member(run, value, key) : fieldOf(run, value.parameter ?? '', key);

function restOf(value: Value, taken: ReadonlySet<string>): Value {
  if (value.kind !== 'dict') return value.kind === 'unknown' ? value : { kind: 'dict', entries: new Map(), flavour: 'object' };
  return { ...value, entries: new Map([...value.entries].filter(([key]) => !taken.has(key))) };
}
