/** What a test on a name says of the name's own value: `if (mask)`, `if (x != null)`. */
import type { Expression } from '../program/types';
import type { Value } from '../value/index';
import { evaluate } from './evaluate';
import { write } from './journal';
import type { Run } from './run';
import { findCell, type Scope } from './scope';

/** Leaves of a value's options those that the test allows. */
export function narrow(run: Run, test: Expression, truth: boolean, scope: Scope): void {
  if (test.kind === 'unary' && test.operator === 'not') return narrow(run, test.operand, !truth, scope);
  if (test.kind === 'logical' && (test.operator === 'and') === truth && test.operator !== 'coalesce') {
    narrow(run, test.left, truth, scope);
    narrow(run, test.right, truth, scope);
    return;
  }
  if (test.kind === 'compare') return narrowComparison(run, test, truth, scope);
  keep(run, test, scope, (option) => run.host.truth(option) !== !truth);
}

function narrowComparison(run: Run, test: Expression & { kind: 'compare' }, truth: boolean, scope: Scope): void {
  const { operator, right } = test;
  const equal = operator === '==' || operator === 'loose==' || operator === 'is';
  if (!equal && operator !== '!=' && operator !== 'loose!=' && operator !== 'is not') return;
  const isNothing = right.kind === 'literal' ? right.value === null || right.value === undefined : right.kind === 'name' && right.name === 'undefined';
  if (!isNothing) return;
  const wantsNothing = equal === truth;
  keep(run, test.left, scope, (option) => (option.kind === 'null' || option.kind === 'undefined') === wantsNothing);
}

/** Writes back the options of a name or field that pass. */
function keep(run: Run, place: Expression, scope: Scope, passes: (option: Value) => boolean): void {
  if (place.kind === 'name') {
    const cell = findCell(scope, place.name);
    const left = cell?.value ? filtered(cell.value, passes) : undefined;
    if (cell && left) write(run.journal, cell, 'value', left);
  } else if (place.kind === 'attribute') {
    const object = evaluate(run, place.object, scope);
    const value = object.kind === 'instance' ? object.members.get(place.name) : undefined;
    const left = value ? filtered(value, passes) : undefined;
    if (object.kind === 'instance' && left) write(run.journal, object, 'members', new Map(object.members).set(place.name, left));
  }
}

function filtered(value: Value, passes: (option: Value) => boolean): Value | undefined {
  if (value.kind !== 'unknown' || !value.options) return undefined;
  const options = value.options.filter(passes);
  if (options.length === 0 || options.length === value.options.length) return undefined;
  return options.length === 1 ? options[0] : { ...value, options };
}
