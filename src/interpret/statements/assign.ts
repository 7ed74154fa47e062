/** Assigning to names, members, items and patterns. */
import type { Expression, Span, Target } from '../../program/types';
import { asNumber, list, UNDEFINED, unknown, type Value } from '../../value/index';
import { callFunction } from '../calls/calls';
import { fieldName, textOf } from '../expressions/arithmetic';
import { evaluate } from '../expressions/evaluate';
import { member, noArguments } from '../expressions/members';
import { addRow } from '../graph';
import { bornAt } from '../judging/born';
import { checkParts } from '../judging/parts';
import { sizesText } from '../judging/reports';
import { evidenceOf, learnName } from '../learning/evidence';
import { noteSet } from '../learning/mentions';
import { fieldOf, nameInput, tellAlias, tellLength, tellName, tellRank, withFallback } from '../learning/parameters';
import type { Run } from '../run';
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
export function setMember(run: Run, object: Value, name: string, value: Value): void {
  if (object.kind === 'instance') {
    const setter = object.cls?.definition.methods.find((method) => method.role === 'setter' && method.name === name);
    if (setter && object.cls) {
      callFunction(
        run,
        { kind: 'function', definition: setter, scope: object.cls.scope, owner: object.cls, file: object.cls.file },
        { ...noArguments(run), positional: [value] },
        object,
        true,
      );
      return;
    }
    write(run.journal, object, 'members', new Map(object.members).set(name, value));
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
  const object = evaluate(run, target.object, scope);
  const [index] = target.index;
  const key = index && index.kind !== 'slice' && index.kind !== 'ellipsis' ? evaluate(run, index, scope) : UNDEFINED;
  if (object.kind === 'list') setItem(run, object, key, value);
  else if (object.kind === 'dict' || object.kind === 'instance' || object.kind === 'function' || object.kind === 'class') setKey(run, object, key, value);
  if (options.statement) addRow(run, targetText(target.object), object, target.span, options.statement);
}

function setItem(run: Run, object: Value & { kind: 'list' }, key: Value, value: Value): void {
  const at = asNumber(key);
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
  if (value.kind === 'unknown' && value.parameter !== undefined) {
    const told = tellLength(run, value, target.elements.length);
    return told.kind === 'list' ? { known: told.items } : { unknown: value.reason };
  }
  const items = run.host.iterate(value);
  if (value.kind === 'list') checkParts(run, target, value);
  if ('unknown' in items) return { unknown: items.unknown };
  checkCount(run, target, value, items.length, hasRest);
  return { known: items };
}

/** `const [b, t, c] = x.shape` tells names and the least rank; taking fewer than there are is legal. */
function shapeItems(run: Run, target: Target & { kind: 'sequence' }, value: Value & { kind: 'shape' }, hasRest: boolean): Items {
  const tensor = value.of;
  if (tensor.ranked && tensor.ranked.offset === 0) {
    const about = evidenceOf(run.evidence, tensor.ranked.input);
    if (!hasRest) about.taken = Math.max(about.taken ?? 0, target.elements.length);
    target.elements.forEach((element, axis) => {
      if (element?.target.kind === 'name' && !element.rest && !element.target.name.startsWith('_') && !about.names.has(axis))
        learnName(run.evidence, tensor.ranked?.input ?? '', axis, element.target.name);
    });
  }
  tellRank(run, tensor, target.elements.length - (hasRest ? 1 : 0), 'least');
  return { unknown: tensor.reason ?? 'the rank is not known' };
}

/** Taking more sizes than a shape has gives undefined ones; taking fewer is usual. */
function checkCount(run: Run, target: Target & { kind: 'sequence' }, value: Value, count: number, hasRest: boolean): void {
  const wanted = target.elements.length;
  const isShape = value.kind === 'list' && value.shapeOf !== undefined;
  if (!isShape || hasRest || wanted <= count) return;
  run.host.report({
    code: 'unpack-mismatch',
    severity: 'error',
    span: target.span,
    args: { wanted, count, shape: sizesText(value.items) },
    related: madeAt(run, value),
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
