/** Branches on tests that are not decided: both sides run from the same state, then they are joined. */
import { add, constant, type Facts } from '../../dim/index';
import type { Asked, Condition, Value } from '../../value/index';
import { asks, decided } from '../entry/splits';
import { contrary } from '../expressions/arithmetic';
import { take } from '../judging/noting';
import type { Run } from '../run';
import { joinChanges } from './join';
import { begin, type Changes, redo, takeBack, takeBackTo } from './journal';

/** The user's code throws here. */
export class Thrown {}

/** The result of one side, and what it changed; `thrown` where it throws. */
export interface Side<T> {
  /** What was known at its end. */
  readonly facts: Facts;
  readonly value?: T;
  readonly thrown?: Thrown;
  readonly changes: Changes;
}

/** Runs one side and takes back what it wrote. */
export function trySide<T>(run: Run, assumption: Condition | undefined, body: () => T): Side<T> {
  const depth = begin(run.journal);
  const frames = run.frames.length;
  try {
    if (assumption) assume(run, assumption, false);
    const value = body();
    const { facts } = run.known;
    return { value, facts, changes: takeBack(run.journal) };
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    takeBackTo(run.journal, depth + 1);
    run.frames.length = frames;
    return { thrown: error, facts: run.known.facts, changes: takeBack(run.journal) };
  }
}

/** What the test says of sizes when it holds, and when it does not. */
export function conditionOf(test: Value): { holds?: Condition; fails?: Condition } {
  if (test.kind !== 'unknown' || !test.condition) return {};
  const fails = contrary(test.condition);
  return fails ? { holds: test.condition, fails } : { holds: test.condition };
}

/** Why a test is not decided, in words. */
export function reasonOf(test: Value): string {
  if (test.kind !== 'unknown') return 'a test that is not decided';
  if (test.condition && 'words' in test.condition) return `whether ${test.condition.words}`;
  const [, asked] = /^(?:nothing in the code tells|it depends on) (.+)$/.exec(test.reason) ?? [];
  return asked ?? `a test that is not decided: ${test.reason}`;
}

/** Takes a condition as given from here on; `asNeed` where the code throws otherwise. */
export function assume(run: Run, condition: Condition, asNeed: boolean): void {
  if (condition.kind === 'all') for (const part of condition.conditions) assume(run, part, asNeed);
  if (condition.kind === 'divides' && !condition.negated) take(run, 'divides', condition.divisor, condition.size, condition.words, run.span, asNeed);
  if (condition.kind !== 'relation') return;
  const { relation, left, right, words } = condition;
  if (relation === '==') take(run, '==', left, right, words, run.span, asNeed);
  if (relation === '<=') take(run, '<=', left, right, words, run.span, asNeed);
  if (relation === '<') take(run, '<=', add(left, constant(1)), right, words, run.span, asNeed);
  if (relation === '>=') take(run, '<=', right, left, words, run.span, asNeed);
  if (relation === '>') take(run, '<=', add(right, constant(1)), left, words, run.span, asNeed);
}

/** Which side a reading takes that decides the test; what that says of sizes is assumed. */
export function wayOf(run: Run, test: Value): boolean | undefined {
  const way = decided(run, test);
  const { holds, fails } = conditionOf(test);
  const condition = way ? holds : fails;
  if (way !== undefined && condition) assume(run, condition, false);
  return way;
}

/** Runs both sides of an undecided expression and joins values and state. A side that throws is left out, and the other's condition holds. */
export function either<T>(run: Run, test: Value, then: () => T, otherwise: () => T, join: (left: T, right: T, why: string) => T): T {
  const { holds, fails } = conditionOf(test);
  const why = reasonOf(test);
  const way = wayOf(run, test);
  if (way !== undefined) return way ? then() : otherwise();
  const first = trySide(run, holds, then);
  const second = trySide(run, fails, otherwise);
  if (first.thrown && second.thrown) throw first.thrown;
  if (first.thrown || second.thrown) {
    const [left, condition] = first.thrown ? [second, fails] : [first, holds];
    redo(run.journal, left.changes);
    if (condition) assume(run, condition, true);
    return left.value as T;
  }
  return joining(run, first, second, asks(run, test), () => {
    joinChanges(run, first.changes, second.changes, why);
    return join(first.value as T, second.value as T, why);
  });
}

/** Joins with what each side knew at hand. */
export function joining<T>(run: Run, first: { readonly facts: Facts }, second: { readonly facts: Facts }, asked: Asked | undefined, join: () => T): T {
  run.sides.push([first.facts, second.facts, asked]);
  try {
    return join();
  } finally {
    run.sides.pop();
  }
}
