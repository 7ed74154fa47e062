/** Evaluates expressions over symbolic values. */
import type { Expression } from '../../program/types';
import { boolean, functionOf, NULL, number, string, UNDEFINED, unknown, type Value } from '../../value/index';
import { call } from '../calls/callExpressions';
import { construct, superMember } from '../calls/calls';
import { makeClass } from '../calls/classes';
import { give } from '../calls/generators';
import { noteRead } from '../learning/mentions';
import { latest } from '../replaced';
import type { Run } from '../run';
import { findCell, type Scope } from '../statements/scope';
import { joinText } from './arithmetic';
import { assignment } from './assignments';
import { conditional, logical } from './choices';
import { compareExpression } from './comparisons';
import { comprehension } from './comprehensions';
import { dict, items } from './literals';
import { member } from './members';
import { binary, unary } from './operations';
import { subscript } from './subscripts';

/** Thrown when the budget of a reading is spent. */
export class Spent {}

export class ChainEnds {}

/** The value of an expression. */
export function evaluate(run: Run, expression: Expression, scope: Scope): Value {
  if (run.budget-- <= 0) throw new Spent();
  const before = run.span;
  run.span = expression.span;
  try {
    const value = latest(run, evaluateKind(run, expression, scope));
    noteRead(run, expression, value);
    return value;
  } finally {
    run.span = before;
  }
}

const awaited = (run: Run, value: Value, yields: 'one' | 'all' | undefined): Value => (yields ? give(run, value, yields) : value);

function evaluateKind(run: Run, expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'name':
      return nameValue(run, expression.name, scope);
    case 'literal':
      return expression.floating && typeof expression.value === 'number' ? { ...number(expression.value), floating: true } : literal(expression.value);
    case 'template':
      return template(run, expression.parts, scope);
    case 'attribute':
      return attribute(run, expression, scope);
    case 'subscript':
      return subscript(run, expression, scope);
    case 'call':
      return call(run, expression, scope);
    case 'chain':
      return chain(run, expression.expression, scope);
    case 'list':
    case 'tuple':
      return items(run, expression, scope);
    case 'dict':
      return dict(run, expression, scope);
    case 'unary':
      return unary(run, expression, scope);
    case 'binary':
      return binary(run, expression.operator, evaluate(run, expression.left, scope), evaluate(run, expression.right, scope));
    case 'compare':
      return compareExpression(run, expression, scope);
    case 'logical':
      return logical(run, expression, scope);
    case 'conditional':
      return conditional(run, expression, scope);
    case 'function':
      return functionOf(expression.definition, scope, expression.span.file);
    case 'class':
      return makeClass(run, expression.definition, scope);
    case 'assignment':
      return assignment(run, expression, scope);
    case 'sequence':
      return expression.expressions.reduce<Value>((_, part) => evaluate(run, part, scope), UNDEFINED);
    case 'comprehension':
      return comprehension(run, expression, scope);
    case 'super':
      return unknown('`super` stands alone');
    case 'typeof':
      return typeName(evaluateLoosely(run, expression.operand, scope));
    case 'await':
      return awaited(run, evaluate(run, expression.operand, scope), expression.yields);
    case 'regexp':
      return construct(run, run.surroundings.global('RegExp') ?? unknown('regular expressions are not followed'), {
        positional: [string(expression.pattern), string(expression.flags)],
        named: new Map(),
        span: expression.span,
        spans: [expression.span, expression.span],
        api: 'RegExp',
      });
    case 'unknown':
      return unknown(expression.reason);
  }
}

function literal(value: number | string | boolean | null | undefined): Value {
  if (value === null) return NULL;
  if (value === undefined) return UNDEFINED;
  return typeof value === 'number' ? number(value) : typeof value === 'string' ? string(value) : boolean(value);
}

/** What a name holds: a variable, a global, or unknown. */
export function nameValue(run: Run, name: string, scope: Scope): Value {
  const cell = findCell(scope, name);
  if (cell) return cell.value ?? UNDEFINED;
  return run.surroundings.global(name) ?? fromLibraries(run, name, scope) ?? unknown(`\`${name}\` is not defined in the code that was read`);
}

/** A name of a library all of whose names were imported. */
function fromLibraries(run: Run, name: string, scope: Scope): Value | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent)
    for (const library of at.libraries ?? []) {
      const value = library.get(name, run.host);
      if (value) return value;
    }
  return undefined;
}

/** `typeof x` does not fail where there is no x. */
function evaluateLoosely(run: Run, expression: Expression, scope: Scope): Value {
  if (expression.kind === 'name' && !findCell(scope, expression.name) && !run.surroundings.global(expression.name)) return UNDEFINED;
  return evaluate(run, expression, scope);
}

function typeName(value: Value): Value {
  switch (value.kind) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'undefined':
      return string(value.kind);
    case 'function':
    case 'class':
    case 'native':
      return string('function');
    case 'unknown':
      return value.type === 'number' || value.type === 'string' || value.type === 'boolean' ? string(value.type) : unknown(value.reason, 'string');
    default:
      return string('object');
  }
}

function template(run: Run, parts: readonly (string | Expression)[], scope: Scope): Value {
  return parts.reduce<Value>((text, part) => joinText(text, typeof part === 'string' ? string(part) : evaluate(run, part, scope)), string(''));
}

function attribute(run: Run, expression: Expression & { kind: 'attribute' }, scope: Scope): Value {
  if (expression.object.kind === 'super') return superAttribute(run, expression.name, scope);
  return memberAt(run, evaluate(run, expression.object, scope), expression);
}

/** What a method's `super` is called on. */
const selfIn = (scope: Scope): Value | undefined => findCell(scope, 'this')?.value;

export function memberAt(run: Run, owner: Value, { name, optional }: Expression & { kind: 'attribute' }): Value {
  if (optional && (owner.kind === 'undefined' || owner.kind === 'null')) throw new ChainEnds();
  const found = member(run, owner, name);
  if (found.kind === 'undefined' && owner.kind === 'instance') run.host.lacks();
  return found;
}

function superAttribute(run: Run, name: string, scope: Scope): Value {
  const owner = findCell(scope, '%owner')?.value;
  const self = selfIn(scope);
  return owner?.kind === 'class' && self ? superMember(run, owner, self, name) : unknown('`super` stands outside a class');
}

function chain(run: Run, expression: Expression, scope: Scope): Value {
  try {
    return evaluate(run, expression, scope);
  } catch (error) {
    if (error instanceof ChainEnds) return UNDEFINED;
    throw error;
  }
}
