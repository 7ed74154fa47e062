/** What decorators make of functions and classes. */
import type { Expression } from '../../program/types';
import type { FunctionValue, Value } from '../../value/index';
import { evaluate, Spent } from '../expressions/evaluate';
import { plainArguments } from '../host';
import type { Run } from '../run';
import { Thrown, trySide } from '../statements/branch';
import { begin, keep, redo, takeBackTo } from '../statements/journal';
import type { Scope } from '../statements/scope';
import { callFunction } from './calls';

/** Steps that one decorator may take: what it does beyond is none of what it decorates. */
const MOST_STEPS = 5000;

/** The innermost decorator first. One that is not known, or that gives no function or class, leaves what it decorates. */
export function decorated(run: Run, decorators: readonly Expression[], value: Value, scope: Scope): Value {
  return decorators.reduceRight((made, decorator) => bounded(run, made, () => decorate(run, evaluate(run, decorator, scope), made)), value);
}

/** Leaves what is decorated as it is where the decorator takes too long, or fails: it asks for what is not followed. */
function bounded(run: Run, value: Value, apply: () => Value): Value {
  const { budget } = run;
  const given = Math.min(budget, MOST_STEPS);
  const { length } = run.frames;
  const depth = begin(run.journal);
  run.budget = given;
  try {
    const made = apply();
    keep(run.journal);
    return made;
  } catch (error) {
    takeBackTo(run.journal, depth);
    run.frames.length = length;
    if (error instanceof Spent || error instanceof Thrown) return value;
    throw error;
  } finally {
    run.budget += budget - given;
  }
}

function decorate(run: Run, decorator: Value, value: Value): Value {
  if (decorator.kind === 'function') return wrapped(run, decorator, value);
  return run.surroundings.decorated?.(decorator, value, run.host) ?? value;
}

/** A decorator of the user's own is called. */
function wrapped(run: Run, decorator: FunctionValue, value: Value): Value {
  const side = trySide(run, undefined, () => callFunction(run, decorator, plainArguments(run, [value]), decorator.self, true));
  redo(run.journal, side.changes);
  const made = side.value;
  return made && (made.kind === 'function' || made.kind === 'class' || made.kind === 'native' || made.kind === 'instance') ? made : value;
}
