/** Assertions: facts where they hold, findings where the sizes say that they cannot. */
import type { Expression } from '../../program/types';
import type { Value } from '../../value/index';
import { evaluate } from '../expressions/evaluate';
import type { Run } from '../run';
import { assume, conditionOf } from './branch';
import type { Scope } from './scope';

/** An assert that holds is a fact. */
export function executeAssert(run: Run, test: Expression, scope: Scope): void {
  const value = evaluate(run, test, scope);
  const { holds } = conditionOf(value);
  const truth = run.host.truth(value);
  if (truth === undefined && holds) assume(run, holds, true);
  checkAsserted(run, test, value, scope);
}

/** What sizes decide is sure: the code goes no further. It is read on as if it held. */
export function checkAsserted(run: Run, test: Expression, value: Value, scope: Scope): void {
  if (run.host.truth(value) !== false || !isOfSizes(run, test, scope)) return;
  run.host.report({ code: 'assertion', severity: 'error', span: test.span, args: { test: relationText(test) } });
}

/** Whether a test compares numbers alone. */
function isOfSizes(run: Run, test: Expression, scope: Scope): boolean {
  if (test.kind === 'logical') return isOfSizes(run, test.left, scope) && isOfSizes(run, test.right, scope);
  if (test.kind !== 'compare') return false;
  return [test.left, test.right].every((side) => evaluate(run, side, scope).kind === 'number');
}

/** The test as the source has it, as far as it is names, numbers and arithmetic. */
function relationText(test: Expression): string {
  switch (test.kind) {
    case 'compare':
    case 'binary':
    case 'logical':
      return `${relationText(test.left)} ${test.operator} ${relationText(test.right)}`;
    case 'name':
      return test.name;
    case 'attribute':
      return `${relationText(test.object)}.${test.name}`;
    case 'literal':
      return String(test.value);
    case 'subscript':
      return `${relationText(test.object)}[${test.index.map((index) => (index.kind === 'slice' || index.kind === 'ellipsis' ? '…' : relationText(index))).join(', ')}]`;
    case 'call':
      return `${relationText(test.callee)}(…)`;
    default:
      return '…';
  }
}
