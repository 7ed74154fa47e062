/** What chooses between values: `&&`, `||`, `??` and `?:`. */
import type { Expression } from '../../program/types';
import type { Value } from '../../value/index';
import { withFallback } from '../learning/parameters';
import type { Run } from '../run';
import { either } from '../statements/branch';
import { joinValues } from '../statements/join';
import { fallbackOf } from '../statements/narrow';
import { newScope, type Scope } from '../statements/scope';
import { evaluate } from './evaluate';

export function logical(run: Run, expression: Expression & { kind: 'logical' }, scope: Scope): Value {
  const left = evaluate(run, expression.left, scope);
  const right = () => evaluate(run, expression.right, scope);
  if (expression.operator === 'coalesce') return coalesce(run, left, right);
  const truth = run.host.truth(left);
  if (truth !== undefined) return truth === (expression.operator === 'and') ? right() : left;
  if (expression.operator === 'or' && left.kind === 'unknown' && left.type !== 'boolean') return withDefault(run, left, right);
  if (expression.operator === 'or' && left.kind === 'number') return left;
  const assumed =
    expression.operator === 'and'
      ? either(
          run,
          left,
          right,
          () => left,
          (a, b, why) => both(run, a, b, why),
        )
      : either(
          run,
          left,
          () => left,
          right,
          (a, b, why) => both(run, a, b, why),
        );
  return withConditions(expression.operator, left, assumed);
}

const both = (run: Run, a: Value, b: Value, why: string): Value => joinValues(run, a, b, why);

/** `a && b` of undecided tests says what both say. */
function withConditions(operator: 'and' | 'or', left: Value, joined: Value): Value {
  if (left.kind !== 'unknown' || left.type !== 'boolean' || joined.kind !== 'unknown') return joined;
  // Whatever the first says, `and` with what is false is false, and `or` with what is true is true.
  const decisive = joined.options?.find((value) => value.kind === 'boolean' && value.value === (operator === 'or'));
  if (decisive && joined.options?.every((value) => value === decisive || value === left)) return decisive;
  const option = joined.options?.find((value) => value !== left && value.kind === 'unknown');
  const conditions = [left.condition, option?.kind === 'unknown' ? option.condition : undefined].filter((condition) => condition !== undefined);
  if (conditions.length === 0) return joined;
  const whole = operator === 'and' || conditions.length === 2;
  return whole ? { ...joined, type: 'boolean', condition: { kind: operator === 'and' ? 'all' : 'any', conditions } } : joined;
}

/** `config.units || 64`. */
export function withDefault(run: Run, left: Value & { kind: 'unknown' }, right: () => Value): Value {
  if (left.parameter !== undefined && !left.options) return withFallback(run, left, right);
  if (left.options) {
    const [truthy] = left.options.filter((option) => option.kind !== 'undefined' && option.kind !== 'null');
    return truthy ? joinValues(run, truthy, right(), left.reason) : right();
  }
  return joinValues(run, left, right(), left.reason);
}

/** `a ?? b`. */
export function coalesce(run: Run, left: Value, right: () => Value): Value {
  if (left.kind === 'undefined' || left.kind === 'null') return right();
  return left.kind === 'unknown' ? withDefault(run, left, right) : left;
}

export function conditional(run: Run, expression: Expression & { kind: 'conditional' }, scope: Scope): Value {
  const test = evaluate(run, expression.test, scope);
  const fallback = run.host.truth(test) === undefined ? fallbackOf(expression) : undefined;
  if (fallback) {
    const given = evaluate(run, fallback.given, scope);
    if (given.kind === 'unknown' && given.parameter !== undefined && !given.options)
      return withFallback(run, given, () => evaluate(run, fallback.otherwise, scope));
  }
  const truth = run.host.truth(test);
  if (truth !== undefined) return evaluate(run, truth ? expression.then : expression.otherwise, scope);
  return either(
    run,
    test,
    () => evaluate(run, expression.then, newScope(scope, false)),
    () => evaluate(run, expression.otherwise, newScope(scope, false)),
    (a, b, why) => joinValues(run, a, b, why),
  );
}
