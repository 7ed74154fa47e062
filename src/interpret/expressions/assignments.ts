/** Assignments used as values. */
import type { AssignOperator, Expression, Target } from '../../program/types';
import { unknown, type Value } from '../../value/index';
import { uncast } from '../precision';
import { latest } from '../replaced';
import type { Run } from '../run';
import { assignTarget } from '../statements/assign';
import { joinValues } from '../statements/join';
import type { Scope } from '../statements/scope';
import { written } from '../written';
import { coalesce, withDefault } from './choices';
import { evaluate, nameValue } from './evaluate';
import { member } from './members';
import { binary } from './operations';

export function assignment(run: Run, expression: Expression & { kind: 'assignment' }, scope: Scope): Value {
  const { target, operator } = expression;
  if (operator === '=') {
    const value = evaluate(run, expression.value, scope);
    assignTarget(run, target, value, scope, { statement: expression.span });
    return value;
  }
  const old = targetValue(run, target, scope);
  const value = augmented(run, operator, old, () => evaluate(run, expression.value, scope), target);
  assignTarget(run, target, value, scope, { statement: expression.span });
  return expression.postfix ? old : value;
}

/** The value of `old operator= value`. */
export function augmented(run: Run, operator: AssignOperator, old: Value, value: () => Value, target: Target): Value {
  if (operator === '=') return value();
  if (operator === 'coalesce') return coalesce(run, old, value);
  if (operator === 'or' || operator === 'and') {
    const truth = run.host.truth(old);
    if (truth !== undefined) return truth === (operator === 'and') ? value() : old;
    return old.kind === 'unknown' && operator === 'or' ? withDefault(run, old, value) : joinValues(run, old, value(), 'a test that is not decided');
  }
  const operand = value();
  if (!run.surroundings.ways.changesInPlace || old.kind !== 'tensor') return binary(run, operator, old, operand);
  const result = uncast(run, () => binary(run, operator, old, operand));
  if (result.kind !== 'tensor') return result;
  const changed = run.surroundings.writtenInPlace?.(old, result, run.host) ?? result;
  // What is taken out of a tensor is put back where it is assigned.
  return target.kind === 'subscript' ? changed : written(run, old, changed);
}

/** What a target holds now: of a tensor that was written in place since, what it became. */
export const targetValue = (run: Run, target: Target, scope: Scope): Value => latest(run, heldValue(run, target, scope));

function heldValue(run: Run, target: Target, scope: Scope): Value {
  if (target.kind === 'name') return nameValue(run, target.name, scope);
  if (target.kind === 'attribute') return member(run, evaluate(run, target.object, scope), target.name);
  if (target.kind === 'subscript')
    return evaluate(run, { kind: 'subscript', object: target.object, index: target.index, optional: false, span: target.span }, scope);
  return unknown('patterns have no value');
}
