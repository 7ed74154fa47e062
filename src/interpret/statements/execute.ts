/** Executes statements over symbolic values. */
import type { Facts } from '../../dim/index';
import type { Expression, FunctionDefinition, Statement } from '../../program/types';
import { type Asked, functionOf, UNDEFINED, unknown, type Value } from '../../value/index';
import { callSpan } from '../calls/callExpressions';
import { makeClass } from '../calls/classes';
import { decorated } from '../calls/decorators';
import { executeExport, executeImport } from '../calls/modules';
import { asks, usually } from '../entry/splits';
import { comparison } from '../expressions/arithmetic';
import { augmented, targetValue } from '../expressions/assignments';
import { evaluate, Spent } from '../expressions/evaluate';
import { withContext } from '../gradients';
import { addRow } from '../graph';
import { letGo } from '../held';
import { asUnusual } from '../judging/defaults';
import { statementShapes } from '../learning/comments';
import { hasChanged } from '../replaced';
import type { Run } from '../run';
import { executeAssert } from './asserts';
import { assignTarget } from './assign';
import { executeTry } from './attempts';
import { assume, conditionOf, joining, reasonOf, Thrown, trySide, wayOf } from './branch';
import { joinChanges, joinValues } from './join';
import { redo, write } from './journal';
import { forLoop, whileLoop } from './loops';
import { narrow } from './narrow';
import { findCell, newScope, ownCell, type Scope } from './scope';

/** How a statement ended. */
export type Completion =
  | { readonly kind: 'normal' }
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'break' | 'continue'; readonly label?: string };

export const NORMAL: Completion = { kind: 'normal' };

/** Function declarations are there before the statements run. */
export function hoist(run: Run, statements: readonly Statement[], scope: Scope): void {
  for (const statement of statements) {
    if (statement.kind !== 'functionDefinition') continue;
    write(run.journal, ownCell(scope, statement.definition.name), 'value', functionOf(statement.definition, scope, statement.span.file));
  }
}

/** One that was hoisted is there already, with what was set on it since. */
function declareFunction(run: Run, definition: FunctionDefinition, file: string, scope: Scope): void {
  const cell = ownCell(scope, definition.name);
  const held = cell.value;
  const fn = held?.kind === 'function' && held.definition === definition ? held : functionOf(definition, scope, file);
  write(run.journal, cell, 'value', decorated(run, definition.decorators, fn, scope));
}

/** Runs a function's body; undefined where it ends without a return. */
export function executeBody(run: Run, body: readonly Statement[], scope: Scope): Value | undefined {
  const completion = executeAll(run, body, scope);
  return completion.kind === 'return' ? completion.value : undefined;
}

/** Runs statements in order until one ends otherwise than normally. */
export function executeAll(run: Run, body: readonly Statement[], scope: Scope): Completion {
  for (const statement of body) {
    const completion = execute(run, statement, scope);
    if (completion.kind !== 'normal') return completion;
  }
  return NORMAL;
}

/** Runs statements in a scope of their own. */
export function executeBlock(run: Run, body: readonly Statement[], scope: Scope): Completion {
  const inner = blockScope(run, scope);
  hoist(run, body, inner);
  return executeAll(run, body, inner);
}

/** The scope of a block: its own, or that of the function around it. */
export const blockScope = (run: Run, scope: Scope): Scope => (run.surroundings.ways.blocksAreScopes ? newScope(scope, false) : scope);

/** Runs one statement. */
export function execute(run: Run, statement: Statement, scope: Scope): Completion {
  if (run.budget-- <= 0) throw new Spent();
  run.span = statement.span;
  switch (statement.kind) {
    case 'assign':
      return executeAssign(run, statement, scope);
    case 'expression':
      return executeExpression(run, statement.expression, scope);
    case 'return':
      return executeReturn(run, statement, scope);
    case 'if':
      return executeIf(run, statement, scope);
    case 'for':
      return forLoop(run, statement, scope);
    case 'while':
      return whileLoop(run, statement, scope);
    case 'switch':
      return executeSwitch(run, statement, scope);
    case 'break':
    case 'continue':
      return statement.label === undefined ? { kind: statement.kind } : { kind: statement.kind, label: statement.label };
    case 'labelled':
      return executeLabelled(run, statement, scope);
    case 'block':
      return executeBlock(run, statement.body, scope);
    case 'try':
      return executeTry(run, statement, scope);
    case 'throw':
      throw new Thrown();
    case 'with':
      return executeWith(run, statement, scope);
    case 'assert':
      executeAssert(run, statement.test, scope);
      return NORMAL;
    case 'functionDefinition':
      declareFunction(run, statement.definition, statement.span.file, scope);
      return NORMAL;
    case 'classDefinition': {
      const { definition } = statement;
      write(run.journal, ownCell(scope, definition.name), 'value', decorated(run, definition.decorators, makeClass(run, definition, scope), scope));
      return NORMAL;
    }
    case 'import':
      executeImport(run, statement, scope);
      return NORMAL;
    case 'export':
      executeExport(run, statement, scope);
      return NORMAL;
    case 'delete':
      for (const target of statement.targets) if (target.kind === 'name') unbind(run, scope, target.name);
      return NORMAL;
    case 'typeDefinition':
    case 'scope':
      return NORMAL;
  }
}

/** Python's `del`: the name holds nothing any more. */
function unbind(run: Run, scope: Scope, name: string): void {
  const cell = findCell(scope, name);
  if (!cell || !run.surroundings.ways.countsReferences) return;
  letGo(run, cell.value);
  write(run.journal, cell, 'value', undefined);
}

function executeAssign(run: Run, statement: Statement & { kind: 'assign' }, scope: Scope): Completion {
  const options = { declares: statement.declares, statement: statement.span };
  if (statement.operator !== '=') {
    const [target] = statement.targets;
    if (target && statement.value) {
      const { value } = statement;
      assignTarget(
        run,
        target,
        augmented(run, statement.operator, targetValue(run, target, scope), () => evaluate(run, value, scope), target),
        scope,
        options,
      );
    }
    return NORMAL;
  }
  const value = statement.value ? evaluate(run, statement.value, scope) : UNDEFINED;
  for (const target of statement.targets) assignTarget(run, target, value, scope, statement.value ? options : { declares: statement.declares });
  if (statement.comment || statement.type) statementShapes(run, statement, scope);
  return NORMAL;
}

/** A tensor that a call made and that nobody takes: `scores.add(mask);` changes nothing. */
function executeExpression(run: Run, expression: Expression, scope: Scope): Completion {
  const before = run.nodes.length;
  const value = evaluate(run, expression, scope);
  if (value.kind !== 'tensor' || expression.kind !== 'call' || value.ref.node < before || !run.recording || run.entry === 'file') return NORMAL;
  const node = run.nodes[value.ref.node];
  const span = callSpan(expression);
  const made = node && node.span.line === span.line && node.span.column === span.column && node.span.endColumn === span.endColumn && node.api !== undefined;
  // What a layer or a model makes inside its own call may be wanted for the weights that it builds.
  const isOwn = node?.scope.length === run.openScopes.length;
  if (made && isOwn && !hasChanged(run, value) && expression.callee.kind === 'attribute' && node.op !== 'unknown' && node.inputs.length > 0) {
    run.host.report({ code: 'unused-result', severity: 'warning', span, args: { api: node.api ?? node.op } });
  }
  return NORMAL;
}

function executeReturn(run: Run, statement: Statement & { kind: 'return' }, scope: Scope): Completion {
  const value = statement.value ? evaluate(run, statement.value, scope) : UNDEFINED;
  if (statement.value && !run.frames.at(-1)?.callback) addRow(run, 'return', value, statement.span, statement.span);
  return { kind: 'return', value };
}

function executeIf(run: Run, statement: Statement & { kind: 'if' }, scope: Scope): Completion {
  const test = evaluate(run, statement.test, scope);
  const truth = run.host.truth(test);
  if (truth !== undefined) return executeBlock(run, truth ? statement.then : statement.otherwise, scope);
  return branch(
    run,
    test,
    statement.test,
    scope,
    () => executeBlock(run, statement.then, scope),
    () => executeBlock(run, statement.otherwise, scope),
  );
}

/** Both sides of an undecided test, from the same state. */
export function branch(
  run: Run,
  test: Value,
  expression: Expression | undefined,
  scope: Scope,
  then: () => Completion,
  otherwise: () => Completion,
): Completion {
  const { holds, fails } = conditionOf(test);
  const way = wayOf(run, test);
  if (way !== undefined) {
    if (expression) narrow(run, expression, way, scope);
    return way ? then() : otherwise();
  }
  const usual = usually(run, test);
  const first = asUnusual(run, usual === false, () => trySide(run, holds, () => narrowed(run, expression, true, scope, then)));
  const second = asUnusual(run, usual === true, () => trySide(run, fails, () => narrowed(run, expression, false, scope, otherwise)));
  if (first.thrown && second.thrown) throw first.thrown;
  if (first.thrown || second.thrown) {
    const [left, condition] = first.thrown ? [second, fails] : [first, holds];
    redo(run.journal, left.changes);
    if (condition) assume(run, condition, true);
    else if (expression) narrow(run, expression, second.thrown !== undefined, scope);
    return left.value ?? NORMAL;
  }
  const asked = asks(run, test);
  return joining(run, first, second, asked, () =>
    meet(run, { ...first, completion: first.value ?? NORMAL }, { ...second, completion: second.value ?? NORMAL }, reasonOf(test), asked),
  );
}

/** Runs a side of a test with what the test says of its names. */
function narrowed<T>(run: Run, test: Expression | undefined, way: boolean, scope: Scope, side: () => T): T {
  if (test) narrow(run, test, way, scope);
  return side();
}

interface Ended {
  readonly facts: Facts;
  readonly completion: Completion;
  readonly changes: Parameters<typeof redo>[1];
}

/** Goes on with what both sides leave; a side that returned or ended the loop's turn is kept for the end of the function or loop. */
function meet(run: Run, first: Ended, second: Ended, why: string, asked: Asked | undefined): Completion {
  const frame = run.frames.at(-1);
  if (first.completion.kind === second.completion.kind) {
    joinChanges(run, first.changes, second.changes, why);
    if (first.completion.kind !== 'return' || second.completion.kind !== 'return') return first.completion;
    return { kind: 'return', value: joinValues(run, first.completion.value, second.completion.value, why) };
  }
  const [gone, stays] = goesFirst(first, second) ? [first, second] : [second, first];
  if (gone.completion.kind === 'return') frame?.returned.push({ value: gone.completion.value, facts: gone.facts, asked });
  else frame?.turns.push(gone.changes);
  redo(run.journal, stays.changes);
  return stays.completion;
}

/** Of two ends, the one that leaves: a return before a break, a break before going on. */
const RANK = { return: 2, break: 1, continue: 1, normal: 0 } as const;
const goesFirst = (first: Ended, second: Ended): boolean => RANK[first.completion.kind] >= RANK[second.completion.kind];

function executeSwitch(run: Run, statement: Statement & { kind: 'switch' }, scope: Scope): Completion {
  const subject = evaluate(run, statement.subject, scope);
  const inner = newScope(scope, false);
  return endOfSwitch(switchFrom(run, statement, subject, inner, 0));
}

const endOfSwitch = (completion: Completion): Completion => (completion.kind === 'break' && completion.label === undefined ? NORMAL : completion);

function switchFrom(run: Run, statement: Statement & { kind: 'switch' }, subject: Value, scope: Scope, at: number): Completion {
  for (let place = at; place < statement.cases.length; place++) {
    const test = statement.cases[place]?.test;
    if (!test) continue;
    const equal = comparison(run, '==', subject, evaluate(run, test, scope));
    const truth = run.host.truth(equal);
    if (truth === true) return fallThrough(run, statement, scope, place);
    if (truth === undefined)
      return branch(
        run,
        equal,
        undefined,
        scope,
        () => endOfSwitch(fallThrough(run, statement, scope, place)),
        () => endOfSwitch(switchFrom(run, statement, subject, scope, place + 1)),
      );
  }
  const fallback = statement.cases.findIndex((one) => !one.test);
  return fallback < 0 ? NORMAL : fallThrough(run, statement, scope, fallback);
}

function fallThrough(run: Run, statement: Statement & { kind: 'switch' }, scope: Scope, from: number): Completion {
  for (const one of statement.cases.slice(from)) {
    const completion = executeAll(run, one.body, scope);
    if (completion.kind !== 'normal') return completion;
  }
  return NORMAL;
}

function executeLabelled(run: Run, statement: Statement & { kind: 'labelled' }, scope: Scope): Completion {
  const completion = execute(run, statement.body, scope);
  return completion.kind === 'break' && completion.label === statement.label ? NORMAL : completion;
}

function executeWith(run: Run, statement: Statement & { kind: 'with' }, scope: Scope): Completion {
  const enter = (at: number): Completion => {
    const item = statement.items[at];
    if (!item) return executeAll(run, statement.body, scope);
    const value = evaluate(run, item.value, scope);
    if (item.target) assignTarget(run, item.target, entered(value), scope, { statement: statement.span });
    return withContext(run, value, () => enter(at + 1));
  };
  return enter(0);
}

/** What a context that a generator makes is entered with: the item that it gives. */
function entered(value: Value): Value {
  if (value.kind !== 'list') return value;
  const [only, second] = value.items;
  return only && !second && value.open === undefined && !value.times ? only : unknown(value.open ?? 'what the context gives is not known');
}
