/** Comprehensions: lists, sets, mappings and generators made item by item. */
import type { ComprehensionClause, Expression } from '../../program/types';
import { keyOf, list, object, unknown, type Value } from '../../value/index';
import type { Run } from '../run';
import { assignTarget } from '../statements/assign';
import { manyTurns, maybeTurns, placesOf } from '../statements/loops';
import { newScope, type Scope } from '../statements/scope';
import { evaluate } from './evaluate';

type Comprehension = Expression & { kind: 'comprehension' };

/** What is made so far: keys beside values, of a mapping. */
interface Made {
  readonly items: { readonly key: Value; readonly value: Value }[];
  open?: string;
  /** More may be given than the code asked for. */
  atLeast?: true;
  times?: NonNullable<(Value & { kind: 'list' })['times']>;
}

const MOST_ITEMS = 4096;

export function comprehension(run: Run, expression: Comprehension, scope: Scope): Value {
  const made: Made = { items: [] };
  fill(run, expression, 0, newScope(scope, true), made);
  if (expression.result === 'dict') return mapping(made);
  const values = made.items.map(({ value }) => value);
  const result = expression.result === 'set' ? setOf(values) : list(values);
  if (made.open !== undefined) result.open = made.open;
  if (made.atLeast && result.kind === 'list') return { ...result, atLeast: true };
  if (made.times && result.kind === 'list') result.times = made.times;
  return result;
}

function fill(run: Run, expression: Comprehension, at: number, scope: Scope, made: Made): void {
  const clause = expression.clauses[at];
  if (!clause) {
    const value = evaluate(run, expression.element, scope);
    made.items.push({ key: expression.key ? evaluate(run, expression.key, scope) : value, value });
    return;
  }
  const given = evaluate(run, clause.iterable, scope);
  const iterable = given.kind === 'tensor' ? placesOf(run, given) : given;
  if (iterable.kind === 'list' && iterable.times) return fillAlike(run, expression, at, scope, made, iterable);
  const items = run.host.iterate(iterable);
  if ('unknown' in items) {
    made.open ??= items.unknown;
    maybeTurns(run, items.unknown, () => tryOne(run, expression, at, scope, made, unknown(items.unknown)));
    return;
  }
  if (iterable.kind === 'list' && iterable.atLeast) made.atLeast = true;
  for (const item of items.slice(0, MOST_ITEMS)) tryOne(run, expression, at, scope, made, item);
}

/** One item stands for a symbolic number of them alike. */
function fillAlike(run: Run, expression: Comprehension, at: number, scope: Scope, made: Made, { items, times }: Value & { kind: 'list' }): void {
  if (!times) return;
  const isOnly = made.items.length === 0 && expression.clauses.length === 1 && expression.clauses[at]?.conditions.length === 0;
  manyTurns(run, times, () => tryOne(run, expression, at, scope, made, items[0] ?? unknown('no item')));
  made.items.splice(isOnly ? 1 : made.items.length);
  if (isOnly) made.times = times;
  else made.open ??= `how often it runs: ${times.text}`;
}

function tryOne(run: Run, expression: Comprehension, at: number, scope: Scope, made: Made, item: Value): void {
  const clause = expression.clauses[at];
  if (!clause) return;
  const inner = newScope(scope, true);
  assignTarget(run, clause.target, item, inner, { declares: 'let' });
  if (passes(run, clause, inner, made)) fill(run, expression, at + 1, inner, made);
}

/** Whether an item is taken: one that may be or not leaves the number open. */
function passes(run: Run, { conditions }: ComprehensionClause, scope: Scope, made: Made): boolean {
  for (const condition of conditions) {
    const test = evaluate(run, condition, scope);
    const truth = run.host.truth(test);
    if (truth === false) return false;
    if (truth === undefined) made.open ??= test.kind === 'unknown' ? test.reason : 'a test that is not decided';
  }
  return true;
}

function mapping({ items, open }: Made): Value {
  const result = object([], 'map');
  const entries = new Map<string, Value>();
  let reason = open;
  for (const { key, value } of items) {
    const text = keyOf(key);
    if (text === undefined) reason ??= 'a key is not known';
    else entries.set(text, value);
  }
  return { ...result, entries, ...(reason === undefined ? {} : { open: reason }) };
}

function setOf(values: readonly Value[]): Value & { kind: 'dict' } {
  const known = values.map((value) => [keyOf(value), value] as const);
  const made = object(
    known.flatMap(([key, value]) => (key === undefined ? [] : [[key, value] as const])),
    'set',
  );
  if (known.some(([key]) => key === undefined)) made.open = 'an item is not known';
  return made;
}
