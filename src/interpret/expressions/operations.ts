/** Arithmetic and negation of values. */
import type { BinaryOperator, Expression } from '../../program/types';
import { boolean, type NumberValue, number, type OverloadedOperator, unknown, type Value } from '../../value/index';
import { askedOf } from '../entry/splits';
import { asUnusual } from '../judging/defaults';
import { reportBeyond } from '../judging/reports';
import { rootOf } from '../learning/inputs';
import { tellKind, tellOptions } from '../learning/parameters';
import type { Run } from '../run';
import type { Scope } from '../statements/scope';
import { contrary, joinText, negative, numbers } from './arithmetic';
import { evaluate } from './evaluate';
import { constantOf } from './subscripts';

export function unary(run: Run, expression: Expression & { kind: 'unary' }, scope: Scope): Value {
  const operand = evaluate(run, expression.operand, scope);
  if (expression.operator === 'not') return opposite(run, operand);
  const overloaded = ofTensors(run, expression.operator, [operand]);
  if (overloaded) return overloaded;
  const value = operand.kind === 'unknown' && operand.parameter !== undefined ? tellKind(run, operand, 'number') : operand;
  if (value.kind !== 'number')
    return value.kind === 'unknown' ? unknown(value.reason, 'number') : unknown(`no rule for \`${expression.operator}\` here`, 'number');
  if (expression.operator === '+') return value;
  if (expression.operator === '-') return withFloating(negative(value.real), value, value);
  const known = constantOf(value);
  return known === undefined ? unknown('bits of a size are not followed', 'number') : number(~known);
}

/** `!x`. */
function opposite(run: Run, operand: Value): Value {
  const truth = run.host.truth(operand);
  if (truth !== undefined) return boolean(!truth);
  const condition = operand.kind === 'unknown' && operand.condition ? contrary(operand.condition) : undefined;
  const reason = operand.kind === 'unknown' ? operand.reason : 'the test is not decided';
  const asked = askedOf(operand);
  return { kind: 'unknown', reason, type: 'boolean', ...(condition && { condition }), ...(asked && { asked: { ...asked, holds: !asked.holds } }) };
}

/** `left operator right`. */
export function binary(run: Run, operator: BinaryOperator, left: Value, right: Value): Value {
  if (left.kind === 'number' && right.kind === 'number')
    return withFloating(numbers(run, operator, left.real, right.real), left, operator === '/' ? { ...right, floating: true } : right);
  const overloaded = ofTensors(run, operator, [left, right]) ?? run.surroundings.builtinOperation?.(operator, left, right, run.host);
  if (overloaded) return overloaded;
  if (operator === '+' && (left.kind === 'string' || right.kind === 'string')) return joinText(left, right);
  const [a, b] = [asOperand(run, left, right), asOperand(run, right, left)];
  if (a.kind === 'number' && b.kind === 'number') return numbers(run, operator, a.real, b.real);
  const open = [a, b].find((value) => value.kind === 'unknown');
  if (open?.kind === 'unknown') return unknown(open.reason, open.type === 'tensor' ? undefined : 'number');
  for (const value of [a, b]) if (value.kind === 'undefined') reportBeyond(run, value);
  // A name that is not set, or an argument that is lacking, is no value at all.
  if (run.language === 'python' && (a.kind === 'undefined' || b.kind === 'undefined')) return unknown('nothing is there');
  if (a.kind === 'undefined' || b.kind === 'undefined') return number(Number.NaN);
  if (a.kind === 'boolean' || b.kind === 'boolean') return binary(run, operator, asNumberValue(a), asNumberValue(b));
  return unknown(`no rule for \`${operator}\` here`);
}

/** A floating number among the two makes the result one, and so does division. */
const withFloating = (result: Value, left: NumberValue, right: NumberValue): Value =>
  (left.floating || right.floating) && result.kind === 'number' ? { ...result, floating: true } : result;

/** What the library makes of an operator where one of its operands is a tensor, or may be nothing else. */
export function ofTensors(run: Run, operator: OverloadedOperator, operands: readonly Value[]): Value | undefined {
  const { tensorOperation } = run.surroundings;
  if (!tensorOperation) return undefined;
  const told = operands.map((operand) => asTensor(run, operand, operator, operands));
  if (!told.some(isTensor)) return undefined;
  // What may be no tensor at all is none where the defaults would not have it.
  const isUnusual = operands.some((operand, at) => operand.kind === 'unknown' && operand.options !== undefined && operand !== told[at]);
  return asUnusual(run, isUnusual, () => tensorOperation(operator, told, run.host));
}

const isTensor = (value: Value): boolean => value.kind === 'tensor' || (value.kind === 'unknown' && value.type === 'tensor');

/** A product of matrices is of tensors; what a forward is given and stands beside a tensor, or is negated, is one; of several the one that is. */
function asTensor(run: Run, value: Value, operator: OverloadedOperator, operands: readonly Value[]): Value {
  if (value.kind !== 'unknown') return value;
  const beside = operator === '@' || operands.some((other) => other !== value && isTensor(other));
  if (value.options) return beside ? (onlyTensor(value.options) ?? value) : value;
  if (value.parameter === undefined || value.type !== undefined) return value;
  return operator === '@' || ((beside || (operator === '~' && operands.length === 1)) && run.inputSpans.has(rootOf(value.parameter)))
    ? tellKind(run, value, 'tensor')
    : value;
}

function onlyTensor(options: readonly Value[]): Value | undefined {
  const [only, second] = options.filter(({ kind }) => kind === 'tensor');
  return second ? undefined : only;
}

const asNumberValue = (value: Value): Value =>
  value.kind === 'boolean'
    ? number(value.value ? 1 : 0)
    : value.kind === 'null'
      ? number(0)
      : value.kind === 'number'
        ? value
        : unknown('it is no number', 'number');

/** A parameter in arithmetic with a number is a number. */
function asOperand(run: Run, value: Value, other: Value): Value {
  if (value.kind !== 'unknown' || other.kind === 'string') return value;
  if (value.options) return tellOptions(run, value, 'number');
  if (value.parameter === undefined) return value;
  return tellKind(run, value, [value, other].every((one) => isGivenToForward(run, one)) ? 'tensor' : 'number');
}

/** What a forward is given, and nothing tells the kind of: with its like it is a tensor. */
const isGivenToForward = (run: Run, value: Value): boolean =>
  run.entry === 'class' &&
  run.surroundings.tensorOperation !== undefined &&
  value.kind === 'unknown' &&
  value.parameter !== undefined &&
  value.type === undefined &&
  !value.options &&
  run.inputSpans.has(value.parameter);
