/** Calls as the source writes them: the callee, its arguments after spreading, its name in words. */
import type { Argument, Expression, Span } from '../../program/types';
import { type Arguments, native, UNDEFINED, unknown, type Value } from '../../value/index';
import { contentsOf } from '../expressions/comparisons';
import { ChainEnds, evaluate, memberAt } from '../expressions/evaluate';
import { noteRead } from '../learning/mentions';
import { tellKind } from '../learning/parameters';
import type { Run } from '../run';
import { checkAsserted } from '../statements/asserts';
import { findCell, type Scope } from '../statements/scope';
import { callValue, construct, initialiseBase } from './calls';

/** Where a call stands: in a chain over several lines, from its own name on. */
export function callSpan({ callee, span }: Expression & { kind: 'call' }): Span {
  if (callee.kind !== 'attribute' || callee.nameSpan.line === span.line) return span;
  return { ...span, line: callee.nameSpan.line, column: callee.nameSpan.column };
}

export function call(run: Run, expression: Expression & { kind: 'call' }, scope: Scope): Value {
  if (expression.callee.kind === 'super') return callSuper(run, expression, scope);
  const callee = calleeOf(run, expression, scope);
  if (expression.optional && (callee.kind === 'undefined' || callee.kind === 'null')) throw new ChainEnds();
  const span = callSpan(expression);
  const args = evaluateArguments(run, expression.args, scope, span, apiText(expression.callee));
  const before = run.span;
  run.span = span;
  const result = expression.construct ? construct(run, callee, args) : callValue(run, callee, args);
  run.span = before;
  const [tested] = expression.args;
  if (callee.kind === 'native' && callee.asserts && tested) checkAsserted(run, tested.value, args.positional[0] ?? UNDEFINED, scope);
  return result;
}

/** The function that is called, with the object that it is a method of. */
function calleeOf(run: Run, { callee, args }: Expression & { kind: 'call' }, scope: Scope): Value {
  if (callee.kind !== 'attribute' || callee.object.kind === 'super') return evaluate(run, callee, scope);
  const given = evaluate(run, callee.object, scope);
  const isOpen = given.kind === 'unknown' && given.parameter !== undefined && given.type === undefined && given.options === undefined;
  const asked = isOpen ? sharedCall(callee.name, args, scope) : undefined;
  // Whichever it is, what comes of it is one of the same: a later use of that tells.
  if (asked === 'either') return native(callee.name, () => given);
  const owner = isOpen && asked ? tellKind(run, given, asked) : given;
  const method = memberAt(run, owner, callee);
  noteRead(run, callee, method);
  const isOwn = (owner.kind === 'dict' || owner.kind === 'function') && method.kind === 'function' && method.self === undefined;
  return isOwn && method.definition.role !== 'arrow' ? { ...method, self: owner } : method;
}

/** Lists and tensors both have `slice`, `concat` and `reverse`: whose it is as far as the arguments tell. */
function sharedCall(name: string, args: readonly Argument[], scope: Scope): 'list' | 'tensor' | 'string' | 'either' | undefined {
  const [first, second] = args.map(({ value }) => value);
  const isList = (value: Expression | undefined): boolean =>
    value?.kind === 'list' || (value?.kind === 'name' && findCell(scope, value.name)?.value?.kind === 'list');
  switch (name) {
    case 'slice': {
      const negative = first?.kind === 'unary' && first.operator === '-';
      // Of a tensor it wants a place to begin, from the front.
      if (!first || (negative && !second)) return 'list';
      return isList(first) || isList(second) ? 'tensor' : 'either';
    }
    case 'concat':
      return second?.kind === 'literal' || second?.kind === 'unary' ? 'tensor' : isTensorAt(first, scope) ? 'tensor' : 'either';
    case 'reverse':
      return first ? 'tensor' : 'either';
    case 'split':
      return first?.kind === 'literal' && typeof first.value === 'string' ? 'string' : undefined;
    default:
      return undefined;
  }
}

const isTensorAt = (value: Expression | undefined, scope: Scope): boolean => value?.kind === 'name' && findCell(scope, value.name)?.value?.kind === 'tensor';

function callSuper(run: Run, expression: Expression & { kind: 'call' }, scope: Scope): Value {
  const owner = findCell(scope, '%owner')?.value;
  const self = findCell(scope, 'this')?.value;
  const args = evaluateArguments(run, expression.args, scope, expression.span, 'super');
  if (owner?.kind === 'class' && self?.kind === 'instance') initialiseBase(run, owner, self, args);
  return UNDEFINED;
}

/** The callee as the user wrote it, as far as it is a name. */
function apiText(callee: Expression): string {
  if (callee.kind === 'name') return callee.name;
  if (callee.kind !== 'attribute') return '';
  const owner = callee.object.kind === 'super' ? 'super' : callee.name === 'apply' ? layerText(callee.object) : apiText(callee.object);
  return `${owner === '' ? '' : `${owner}.`}${callee.name}`;
}

/** A layer that is made where it is applied goes by its maker: `tf.layers.dense(…).apply`. */
const layerText = (layer: Expression): string => (layer.kind === 'call' ? `${apiText(layer.callee)}(…)` : apiText(layer));

/** Arguments after spreading. */
export function evaluateArguments(run: Run, args: readonly Argument[], scope: Scope, span: Span, api: string): Arguments {
  const positional: Value[] = [];
  const spans: Span[] = [];
  const named = new Map<string, Value>();
  const inOrder: Value[] = [];
  let open: string | undefined;
  let openNames: string | undefined;
  let outside = false;
  for (const arg of args) {
    const value = evaluate(run, arg.value, scope);
    if (arg.spread && (value.kind === 'list' || value.kind === 'dict')) outside ||= value.outside === true;
    if (arg.spread === 'list') {
      const spread = run.host.iterate(value);
      const contents = value.kind === 'instance' ? contentsOf(run, value) : value;
      if (contents.kind === 'list' && contents.times && contents.open === undefined) inOrder.push(contents);
      else inOrder.push(...('unknown' in spread ? [unknown(spread.unknown)] : spread));
      if ('unknown' in spread) open ??= spread.unknown;
      else for (const item of spread) if (positional.push(item)) spans.push(arg.value.span);
    } else if (arg.spread === 'dict') {
      if (value.kind === 'dict') for (const [name, item] of value.entries) named.set(name, item);
      if (value.kind !== 'dict' || value.open !== undefined || value.parameter !== undefined) openNames ??= unknownNames(value);
    } else if (arg.name !== undefined) {
      named.set(arg.name, value);
    } else {
      inOrder.push(value);
      if (open !== undefined) continue;
      positional.push(value);
      spans.push(arg.value.span);
    }
  }
  return {
    positional,
    named,
    span,
    spans,
    api,
    ...(open === undefined ? {} : { open, inOrder }),
    ...(openNames === undefined ? {} : { openNames }),
    ...(outside && { outside }),
  };
}

/** Why the names of arguments that are spread are not known. */
const unknownNames = (value: Value): string =>
  value.kind === 'dict' ? (value.open ?? 'they are given from outside') : value.kind === 'unknown' ? value.reason : 'the arguments are not known';
