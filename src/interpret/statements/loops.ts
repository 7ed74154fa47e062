/** Loops: run turn by turn where the count is known; once for all turns alike where it is a size. */
import { add, asConstant, assumeAtLeast, atMost, constant, type Dim, isUnknown, multiply, subtract, symbol, symbolsOf } from '../../dim/index';
import type { Expression, Statement } from '../../program/types';
import { asNumber, asSize, type ListValue, size, string, type TensorValue, unknown, type Value } from '../../value/index';
import { contentsOf } from '../expressions/comparisons';
import { evaluate } from '../expressions/evaluate';
import { letGo } from '../held';
import type { Run } from '../run';
import { assignTarget } from './assign';
import { type Completion, executeBlock, NORMAL } from './execute';
import { joinChanges, joinValues } from './join';
import { begin, type Changes, redo, takeBack, write } from './journal';
import { findCell, newScope, type Scope } from './scope';
import { widened } from './widening';

const TURN_LIMIT = 4096;
const HOW_OFTEN = 'how often the loop runs';

type For = Statement & { kind: 'for' };
type While = Statement & { kind: 'while' };

/** A loop over items or keys. */
export function forLoop(run: Run, statement: For, scope: Scope): Completion {
  const given = evaluate(run, statement.iterable, scope);
  const contents = given.kind === 'instance' ? contentsOf(run, given) : given.kind === 'tensor' ? placesOf(run, given) : given;
  const iterable = contents.kind === 'list' && contents.times ? contents : given;
  const turn = (item: Value): Completion => {
    const inner = newScope(scope, false);
    assignTarget(run, statement.target, item, inner, { declares: statement.declares, statement: statement.span });
    return oneTurn(run, () => executeBlock(run, statement.body, inner));
  };
  if (iterable.kind === 'list' && iterable.times) {
    manyTurns(run, iterable.times, () => turn(iterable.items[0] ?? unknown('no item')));
    return NORMAL;
  }
  const items = statement.over === 'in' ? keysOf(iterable) : run.host.iterate(iterable);
  if ('unknown' in items) {
    maybeTurns(run, `${HOW_OFTEN}: ${items.unknown}`, () => turn(unknown(items.unknown)));
    return NORMAL;
  }
  for (const item of items.slice(0, TURN_LIMIT)) {
    const completion = turn(item);
    if (leaves(completion)) return afterLoop(completion);
  }
  letGo(run, given);
  return executeBlock(run, statement.otherwise, scope);
}

/** A tensor that is walked along a first axis whose size is open: so many alike. */
export function placesOf(run: Run, tensor: TensorValue): Value {
  const [first] = tensor.shape ?? [];
  const { tensorItem } = run.surroundings;
  if (!tensorItem || !first || isUnknown(first) || asConstant(first) !== undefined) return tensor;
  return { kind: 'list', tuple: false, items: [tensorItem(tensor, [{ kind: 'item', value: size(constant(0)) }], run.host)], times: first };
}

function keysOf(value: Value): readonly Value[] | { unknown: string } {
  if (value.kind === 'list' && value.open === undefined && !value.times) return value.items.map((_, at) => string(String(at)));
  if (value.kind === 'dict' && value.open === undefined && value.parameter === undefined) return [...value.entries.keys()].map(string);
  return { unknown: 'its keys are not known' };
}

/** `while`, `do…while` and the three-part `for`. */
export function whileLoop(run: Run, statement: While, scope: Scope): Completion {
  if (countOf(run, statement, scope)) return openLoop(run, statement, scope);
  const rows = run.rows.length;
  for (let turns = 0; ; turns++) {
    const test = statement.doFirst && turns === 0 ? undefined : evaluate(run, statement.test, scope);
    const truth = test ? run.host.truth(test) : true;
    if (truth === false) return executeBlock(run, statement.otherwise, scope);
    // Of a loop that does not end no turn is told for itself.
    if (turns >= TURN_LIMIT) run.rows.length = Math.min(run.rows.length, rows);
    if (truth === undefined || turns >= TURN_LIMIT) return openLoop(run, statement, scope);
    const completion = oneTurn(run, () => executeBlock(run, statement.body, newScope(scope, false)));
    if (leaves(completion)) return afterLoop(completion);
    if (statement.update) evaluate(run, statement.update, scope);
  }
}

const leaves = (completion: Completion): boolean =>
  completion.kind === 'return' || completion.kind === 'break' || (completion.kind === 'continue' && completion.label !== undefined);

const afterLoop = (completion: Completion): Completion => (completion.kind === 'break' && completion.label === undefined ? NORMAL : completion);

/** One turn; sides of undecided branches that ended it early are joined at its end. */
function oneTurn(run: Run, body: () => Completion): Completion {
  const turns = run.frames.at(-1)?.turns;
  const before = turns?.length ?? 0;
  const depth = begin(run.journal);
  let completion: Completion;
  let ended: Changes;
  try {
    completion = body();
  } finally {
    ended = depth === run.journal.stretches.length ? takeBack(run.journal) : new Map();
  }
  const early = turns?.splice(before) ?? [];
  if (early.length === 0) redo(run.journal, ended);
  else joinAll(run, [ended, ...early]);
  return completion;
}

function joinAll(run: Run, sides: readonly Changes[]): void {
  const [first, ...rest] = sides;
  let joined = first ?? new Map();
  for (const side of rest) {
    begin(run.journal);
    joinChanges(run, joined, side, 'a branch in the loop');
    joined = takeBack(run.journal);
  }
  redo(run.journal, joined);
}

/** A loop whose test is not decided: `i < heads` runs alike for all; anything else may or may not run. */
function openLoop(run: Run, statement: While, scope: Scope): Completion {
  const counted = countOf(run, statement, scope);
  const body = () => oneTurn(run, () => executeBlock(run, statement.body, newScope(scope, false)));
  if (!counted) {
    maybeTurns(run, HOW_OFTEN, body);
    return NORMAL;
  }
  const index = symbol(counted.name);
  const cell = findCell(scope, counted.name);
  if (cell) write(run.journal, cell, 'value', size(index));
  write(run.journal, run.known, 'facts', assumeAtLeast(run.known.facts, index, counted.from, `${counted.name} >= ${counted.from}`));
  manyTurns(run, counted.count, body, counted.name);
  if (cell) write(run.journal, cell, 'value', size(counted.end));
  return NORMAL;
}

interface Counted {
  readonly name: string;
  readonly from: number;
  readonly count: Dim;
  readonly end: Dim;
}

/** `for (let i = 0; i < heads; i++)`: how often it runs, where that is a size and no plain number. */
function countOf(run: Run, { test, update }: While, scope: Scope): Counted | undefined {
  const name = steppedName(update);
  if (
    name === undefined ||
    test.kind !== 'compare' ||
    test.left.kind !== 'name' ||
    test.left.name !== name ||
    (test.operator !== '<' && test.operator !== '<=')
  )
    return undefined;
  const from = asNumber(findCell(scope, name)?.value);
  const limit = asSize(evaluate(run, test.right, scope));
  if (from === undefined || !Number.isSafeInteger(from) || !limit || isUnknown(limit) || asConstant(limit) !== undefined) return undefined;
  const end = test.operator === '<' ? limit : add(limit, constant(1));
  const count = subtract(end, constant(from));
  return atMost(constant(1), count, run.known.facts) === 'no' ? undefined : { name, from, count, end };
}

/** The name that `i++`, `i += 1` or `++i` steps. */
function steppedName(update: Expression | undefined): string | undefined {
  if (update?.kind !== 'assignment' || update.operator !== '+' || update.target.kind !== 'name') return undefined;
  return update.value.kind === 'literal' && update.value.value === 1 ? update.target.name : undefined;
}

/** Runs a turn that stands for `count` alike. A list that got one item has `count` of them; what else changed must agree with before. */
export function manyTurns(run: Run, count: Dim, body: () => unknown, index?: string): void {
  const found = { rows: run.rows.length, problems: new Map(run.problems), reported: new Map(run.reported) };
  noteCounted(run, count);
  let changes = turnOf(run, count, body);
  const wider = widened(run, changes);
  if (wider.length > 0) {
    // What one turn hands to the next is not alike: the turn that stands for all starts from what any may start from.
    run.rows.length = found.rows;
    restore(run.problems, found.problems);
    restore(run.reported, found.reported);
    for (const { holder, field, value } of wider) write(run.journal, holder as Record<string, unknown>, field, value);
    changes = turnOf(run, count, body);
  }
  for (const [holder, fields] of changes) {
    // How many items there are follows from what the items became.
    for (const [field, after] of [...fields].sort(([a], [b]) => Number(a === 'items') - Number(b === 'items')))
      write(run.journal, holder as Record<string, unknown>, field, afterTurns(run, holder, field, after, count, index));
  }
}

/** So many turns at most are read one by one. */
const FEW_TURNS = 8;

/** Notes the arguments that say how often a loop runs, where their defaults are few; of one turn the loop is not written. */
function noteCounted(run: Run, count: Dim): void {
  const records = symbolsOf(count).map((name) => run.symbols.get(name));
  const isFew = (example = 1) => example > 1 && example <= FEW_TURNS;
  if (!records.every((record) => record?.role === 'argument' && isFew(record.example))) return;
  for (const record of records) if (record?.input !== undefined) run.counted.add(record.input);
}

function turnOf(run: Run, count: Dim, body: () => unknown): Changes {
  begin(run.journal);
  run.turns.push(count);
  try {
    body();
  } finally {
    run.turns.pop();
  }
  return takeBack(run.journal);
}

function restore<T>(map: Map<string, T>, before: ReadonlyMap<string, T>): void {
  map.clear();
  for (const [key, value] of before) map.set(key, value);
}

function afterTurns(run: Run, holder: object, field: string, after: unknown, count: Dim, index: string | undefined): unknown {
  const before = (holder as Record<string, unknown>)[field];
  if (field === 'facts') return after;
  if (field === 'items') return repeatedItems(run, holder as ListValue, before as readonly Value[], after as readonly Value[], count);
  if (field === 'times') return timesOfTimes(run, holder as ListValue, before as Dim | undefined, after as Dim, count, index);
  if (field !== 'value') return after;
  if (before === undefined) return after;
  return joinValues(run, before as Value, after as Value, 'how often the loop runs');
}

/** A list that an inner loop filled has so many for each turn, where each turn has the same. */
function timesOfTimes(run: Run, holder: ListValue, before: Dim | undefined, after: Dim | undefined, count: Dim, index: string | undefined): Dim | undefined {
  const alike = before === undefined && after !== undefined && (index === undefined || !symbolsOf(after).includes(index));
  if (alike) return multiply(count, after);
  write(run.journal, holder, 'open', 'how often the loop runs is not known');
  return after;
}

function repeatedItems(run: Run, holder: ListValue, before: readonly Value[], after: readonly Value[], count: Dim): readonly Value[] {
  if (after.length === before.length) return after.map((item, at) => joinValues(run, before[at], item, 'how often the loop runs'));
  if (before.length === 0 && after.length === 1) write(run.journal, holder, 'times', holder.times ?? count);
  else write(run.journal, holder, 'open', 'how often the loop runs is not known');
  return after;
}

/** Runs a turn that may or may not happen, any number of times. */
export function maybeTurns(run: Run, why: string, body: () => unknown): void {
  begin(run.journal);
  body();
  joinChanges(run, takeBack(run.journal), new Map(), why);
}
