/** What decorators make of functions and classes. */
import type { Expression } from '../../program/types';
import type { FunctionValue, Value } from '../../value/index';
import { evaluate } from '../expressions/evaluate';
import { plainArguments } from '../host';
import type { Run } from '../run';
import { trySide } from '../statements/branch';
import { redo } from '../statements/journal';
import type { Scope } from '../statements/scope';
import { callFunction } from './calls';

/** The innermost decorator first. One that is not known, or that gives no function or class, leaves what it decorates. */
export function decorated(run: Run, decorators: readonly Expression[], value: Value, scope: Scope): Value {
  return decorators.reduceRight((made, decorator) => decorate(run, evaluate(run, decorator, scope), made), value);
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
