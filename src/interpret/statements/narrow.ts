/** What a test on a name says of the name's own value: `if (mask)`, `if (x != null)`. */
import type { Expression } from '../../program/types';
import type { Value } from '../../value/index';
import { evaluate } from '../expressions/evaluate';
import type { Run } from '../run';
import { write } from './journal';
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

/** `x !== undefined ? x : 4` and its like: what is given, and what stands for it otherwise. */
export function fallbackOf({
  test,
  then,
  otherwise,
}: Expression & { kind: 'conditional' }): { readonly given: Expression; readonly otherwise: Expression } | undefined {
  const asked = askedFor(test);
  if (!asked) return undefined;
  const [given, other] = asked.given ? [then, otherwise] : [otherwise, then];
  return samePlace(asked.place, given) ? { given, otherwise: other } : undefined;
}

/** The name or field that a test asks whether it is there. */
function askedFor(test: Expression): { readonly place: Expression; readonly given: boolean } | undefined {
  if (test.kind === 'unary' && test.operator === 'not') {
    const asked = askedFor(test.operand);
    return asked && { ...asked, given: !asked.given };
  }
  if (test.kind === 'name' || test.kind === 'attribute') return { place: test, given: true };
  if (test.kind !== 'compare') return undefined;
  const isEqual = EQUAL.has(test.operator);
  if (!isEqual && !UNEQUAL.has(test.operator)) return undefined;
  if (test.left.kind === 'typeof' && test.right.kind === 'literal') {
    const isThere = test.right.value === 'undefined' ? !isEqual : isEqual;
    return { place: test.left.operand, given: isThere };
  }
  return isNothing(test.right) ? { place: test.left, given: !isEqual } : undefined;
}

const EQUAL = new Set(['==', 'loose==', 'is']);
const UNEQUAL = new Set(['!=', 'loose!=', 'is not']);

const isNothing = (value: Expression): boolean =>
  value.kind === 'literal' ? value.value === null || value.value === undefined : value.kind === 'name' && value.name === 'undefined';

/** Whether two expressions are the same name, or the same field of the same. */
function samePlace(left: Expression, right: Expression): boolean {
  if (left.kind === 'name') return right.kind === 'name' && right.name === left.name;
  return left.kind === 'attribute' && right.kind === 'attribute' && left.name === right.name && samePlace(left.object, right.object);
}

function narrowComparison(run: Run, test: Expression & { kind: 'compare' }, truth: boolean, scope: Scope): void {
  const { operator, right } = test;
  const equal = EQUAL.has(operator);
  if ((!equal && !UNEQUAL.has(operator)) || !isNothing(right)) return;
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
