/** Evaluates expressions over symbolic values. */
import { asConstant, modulo } from '../dim/index';
import type { Argument, AssignOperator, BinaryOperator, Entry, Expression, Span, Target } from '../program/types';
import {
  type Arguments,
  asSize,
  boolean,
  type Condition,
  functionOf,
  list,
  NULL,
  number,
  object,
  string,
  UNDEFINED,
  unknown,
  type Value,
} from '../value/index';
import { comparison, contrary, joinText, negative, numbers, textOf } from './arithmetic';
import { assignTarget } from './assign';
import { either } from './branch';
import { callValue, construct, initialiseBase, superMember } from './calls';
import { makeClass } from './classes';
import { joinValues } from './join';
import { member } from './members';
import { noteRead } from './mentions';
import { fallbackOf } from './narrow';
import { fieldOf, itemOf, tellKind, tellOptions, tellRank, withFallback } from './parameters';
import type { Run } from './run';
import { findCell, newScope, type Scope } from './scope';

/** Thrown when the budget of a reading is spent. */
export class Spent {}

class ChainEnds {}

/** The value of an expression. */
export function evaluate(run: Run, expression: Expression, scope: Scope): Value {
  if (run.budget-- <= 0) throw new Spent();
  const before = run.span;
  run.span = expression.span;
  try {
    const value = evaluateKind(run, expression, scope);
    noteRead(run, expression, value);
    return value;
  } finally {
    run.span = before;
  }
}

function evaluateKind(run: Run, expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'name':
      return nameValue(run, expression.name, scope);
    case 'literal':
      return literal(expression.value);
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
      return dict(run, expression.entries, scope);
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
      return unknown('comprehensions are not followed', 'list');
    case 'super':
      return unknown('`super` stands alone');
    case 'typeof':
      return typeName(evaluateLoosely(run, expression.operand, scope));
    case 'await':
      return evaluate(run, expression.operand, scope);
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
  return run.surroundings.global(name) ?? unknown(`\`${name}\` is not defined in the code that was read`);
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

function memberAt(run: Run, owner: Value, { name, optional }: Expression & { kind: 'attribute' }): Value {
  if (optional && (owner.kind === 'undefined' || owner.kind === 'null')) throw new ChainEnds();
  return member(run, owner, name);
}

function superAttribute(run: Run, name: string, scope: Scope): Value {
  const owner = findCell(scope, '%owner')?.value;
  const self = findCell(scope, 'this')?.value;
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

// ---- subscripts ----

function subscript(run: Run, expression: Expression & { kind: 'subscript' }, scope: Scope): Value {
  const owner = evaluate(run, expression.object, scope);
  if (expression.optional && (owner.kind === 'undefined' || owner.kind === 'null')) throw new ChainEnds();
  const [index] = expression.index;
  if (!index || index.kind === 'slice' || index.kind === 'ellipsis') return unknown('slices in brackets are not followed');
  return itemAt(run, owner, evaluate(run, index, scope));
}

/** `owner[key]`. */
export function itemAt(run: Run, owner: Value, key: Value): Value {
  const at = key.kind === 'number' ? constantOf(key) : undefined;
  if (owner.kind === 'list') return listItem(run, owner, key, at);
  if (owner.kind === 'shape') return sizeAt(run, owner, at);
  if (owner.kind === 'unknown') return unknownItem(run, owner, key, at);
  if (owner.kind === 'string')
    return at !== undefined && owner.value[at] !== undefined ? string(owner.value[at] ?? '') : unknown('the character is not known', 'string');
  const text = textOf(key);
  return text === undefined ? unknown(key.kind === 'unknown' ? key.reason : 'the key is not known') : member(run, owner, text);
}

const constantOf = (value: Value): number | undefined => {
  const whole = asSize(value);
  return whole ? asConstant(whole) : undefined;
};

function listItem(run: Run, owner: Value & { kind: 'list' }, key: Value, at: number | undefined): Value {
  if (key.kind === 'string' && !/^-?\d+$/.test(key.value)) return member(run, owner, key.value);
  const place = key.kind === 'string' ? Number(key.value) : at;
  if (owner.times) return owner.items[0] ?? UNDEFINED;
  if (place === undefined) return oneOf(run, owner);
  const item = owner.items[place];
  if (item) return item;
  if (owner.parameter !== undefined && place >= 0 && place < MOST_ASKED) return itemOf(run, owner, place);
  return owner.open === undefined ? UNDEFINED : unknown(owner.open);
}

/** So many items a list that is given may be asked for; beyond them somebody counts. */
const MOST_ASKED = 8;

/** An item at a place that is not known: what all items agree on. */
function oneOf(run: Run, owner: Value & { kind: 'list' }): Value {
  const [first, ...rest] = owner.items;
  if (!first || owner.open !== undefined) return unknown(owner.open ?? 'the index is not known');
  return rest.reduce<Value>((joined, item) => joinValues(run, joined, item, 'an index that is not known'), first);
}

/** `x.shape[i]` of an unknown rank tells the least rank. */
function sizeAt(run: Run, owner: Value & { kind: 'shape' }, at: number | undefined): Value {
  if (at !== undefined && at >= 0) tellRank(run, owner.of, at + 1, 'least');
  return unknown(owner.of.reason ?? 'the rank is not known', 'number');
}

function unknownItem(run: Run, owner: Value & { kind: 'unknown' }, key: Value, at: number | undefined): Value {
  const lists = owner.options?.filter((option) => option.kind === 'list') ?? [];
  const [only] = lists;
  if (only && lists.length === 1) return itemAt(run, only, key);
  if (owner.parameter === undefined || owner.options) return unknown(owner.reason);
  if (at !== undefined && at >= 0) return itemOf(run, owner, at);
  const text = textOf(key);
  return text !== undefined ? fieldOf(run, owner.parameter, text) : unknown(owner.reason);
}

// ---- calls ----

/** Where a call stands: in a chain over several lines, from its own name on. */
export function callSpan({ callee, span }: Expression & { kind: 'call' }): Span {
  if (callee.kind !== 'attribute' || callee.nameSpan.line === span.line) return span;
  return { ...span, line: callee.nameSpan.line, column: callee.nameSpan.column };
}

function call(run: Run, expression: Expression & { kind: 'call' }, scope: Scope): Value {
  if (expression.callee.kind === 'super') return callSuper(run, expression, scope);
  const callee = calleeOf(run, expression, scope);
  if (expression.optional && (callee.kind === 'undefined' || callee.kind === 'null')) throw new ChainEnds();
  const span = callSpan(expression);
  const args = evaluateArguments(run, expression.args, scope, span, apiText(expression.callee));
  const before = run.span;
  run.span = span;
  const result = expression.construct ? construct(run, callee, args) : callValue(run, callee, args);
  run.span = before;
  return result;
}

/** The function that is called, with the object that it is a method of. */
function calleeOf(run: Run, { callee, args }: Expression & { kind: 'call' }, scope: Scope): Value {
  if (callee.kind !== 'attribute' || callee.object.kind === 'super') return evaluate(run, callee, scope);
  const given = evaluate(run, callee.object, scope);
  const isOpen = given.kind === 'unknown' && given.parameter !== undefined && given.type === undefined && given.options === undefined;
  const owner = isOpen && asksList(callee.name, args) ? tellKind(run, given, 'list') : given;
  const method = memberAt(run, owner, callee);
  noteRead(run, callee, method);
  const isOwn = (owner.kind === 'dict' || owner.kind === 'function') && method.kind === 'function' && method.self === undefined;
  return isOwn && method.definition.role !== 'arrow' ? { ...method, self: owner } : method;
}

/** Lists and tensors both have `slice`; of a tensor it wants a place to begin, from the front. */
function asksList(name: string, [first, ...more]: readonly Argument[]): boolean {
  if (name !== 'slice') return false;
  const negative = first?.value.kind === 'unary' && first.value.operator === '-';
  return !first || (negative && more.length === 0);
}

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
  let open: string | undefined;
  for (const arg of args) {
    const value = evaluate(run, arg.value, scope);
    if (arg.spread === 'list') {
      const spread = run.host.iterate(value);
      if ('unknown' in spread) open ??= spread.unknown;
      else for (const item of spread) if (positional.push(item)) spans.push(arg.value.span);
    } else if (arg.name !== undefined) {
      named.set(arg.name, value);
    } else if (open === undefined) {
      positional.push(value);
      spans.push(arg.value.span);
    }
  }
  return open === undefined ? { positional, named, span, spans, api } : { positional, named, span, spans, api, open };
}

// ---- lists and objects ----

function items(run: Run, expression: Expression & { kind: 'list' | 'tuple' }, scope: Scope): Value {
  const values: Value[] = [];
  let open: string | undefined;
  for (const item of expression.items) {
    const value = evaluate(run, item.value, scope);
    if (!item.spread) {
      values.push(value);
      continue;
    }
    const only = expression.items.length === 1 && value.kind === 'list' && value.times;
    if (only) return { ...value, items: [...value.items] };
    const spread = run.host.iterate(value);
    if ('unknown' in spread) open ??= spread.unknown;
    else values.push(...spread);
  }
  const made = list(values, expression.kind === 'tuple');
  if (open !== undefined) made.open = open;
  return made;
}

/** What an object is made of so far. */
interface Gathered {
  readonly values: Map<string, Value>;
  open?: string;
  parameter?: string;
}

function dict(run: Run, entries: readonly Entry[], scope: Scope): Value {
  const gathered: Gathered = { values: new Map() };
  for (const entry of entries) {
    if (entry.spread) {
      gather(gathered, evaluate(run, entry.value, scope));
      continue;
    }
    const key = typeof entry.key === 'string' ? entry.key : textOf(evaluate(run, entry.key, scope));
    const value: Value =
      'getter' in entry ? { kind: 'function', definition: entry.getter, scope, file: entry.getter.span.file } : evaluate(run, entry.value, scope);
    if (key === undefined) gathered.open ??= 'a key is not known';
    else gathered.values.set(key, value);
  }
  return gatheredObject(run, gathered);
}

/** Adds the fields of a spread object. */
function gather(gathered: Gathered, value: Value): void {
  if (value.kind === 'dict') {
    for (const [key, item] of value.entries) gathered.values.set(key, item);
    if (value.open !== undefined) gathered.open ??= value.open;
    if (value.parameter !== undefined) gathered.parameter ??= value.parameter;
  } else if (value.kind === 'unknown') {
    if (value.parameter !== undefined) gathered.parameter ??= value.parameter;
    else gathered.open ??= value.reason;
  }
}

function gatheredObject(run: Run, { values, open, parameter }: Gathered): Value & { kind: 'dict' } {
  const made: Value & { kind: 'dict' } = parameter === undefined ? object(values) : { ...object(values), parameter: mergeDefaults(run, values, parameter) };
  if (open !== undefined) made.open = open;
  return made;
}

/** `{...first, ...second}`, of values. */
export function mergeObjects(run: Run, parts: readonly Value[]): Value & { kind: 'dict' } {
  const gathered: Gathered = { values: new Map() };
  for (const part of parts) gather(gathered, part);
  return gatheredObject(run, gathered);
}

/** `{...defaults, ...config}`: the defaults are examples of the parameter's fields. */
function mergeDefaults(run: Run, values: Map<string, Value>, parameter: string): string {
  for (const [key, value] of values)
    values.set(
      key,
      withFallback(run, fieldOf(run, parameter, key), () => value),
    );
  return parameter;
}

// ---- operators ----

function unary(run: Run, expression: Expression & { kind: 'unary' }, scope: Scope): Value {
  const operand = evaluate(run, expression.operand, scope);
  if (expression.operator === 'not') return opposite(run, operand);
  const value = operand.kind === 'unknown' && operand.parameter !== undefined ? tellKind(run, operand, 'number') : operand;
  if (value.kind !== 'number')
    return value.kind === 'unknown' ? unknown(value.reason, 'number') : unknown(`no rule for \`${expression.operator}\` here`, 'number');
  if (expression.operator === '+') return value;
  if (expression.operator === '-') return negative(value.real);
  const known = constantOf(value);
  return known === undefined ? unknown('bits of a size are not followed', 'number') : number(~known);
}

/** `!x`. */
function opposite(run: Run, operand: Value): Value {
  const truth = run.host.truth(operand);
  if (truth !== undefined) return boolean(!truth);
  const condition = operand.kind === 'unknown' && operand.condition ? contrary(operand.condition) : undefined;
  const reason = operand.kind === 'unknown' ? operand.reason : 'the test is not decided';
  return { kind: 'unknown', reason, type: 'boolean', ...(condition ? { condition } : {}) };
}

/** `left operator right`. */
export function binary(run: Run, operator: BinaryOperator, left: Value, right: Value): Value {
  if (left.kind === 'number' && right.kind === 'number') return numbers(run, operator, left.real, right.real);
  if (operator === '+' && (left.kind === 'string' || right.kind === 'string')) return joinText(left, right);
  const [a, b] = [asOperand(run, left, right), asOperand(run, right, left)];
  if (a.kind === 'number' && b.kind === 'number') return numbers(run, operator, a.real, b.real);
  const open = [a, b].find((value) => value.kind === 'unknown');
  if (open?.kind === 'unknown') return unknown(open.reason, open.type === 'tensor' ? undefined : 'number');
  if (a.kind === 'undefined' || b.kind === 'undefined') return number(Number.NaN);
  if (a.kind === 'boolean' || b.kind === 'boolean') return binary(run, operator, asNumberValue(a), asNumberValue(b));
  return unknown(`no rule for \`${operator}\` here`);
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
  return value.parameter === undefined ? value : tellKind(run, value, 'number');
}

function compareExpression(run: Run, expression: Expression & { kind: 'compare' }, scope: Scope): Value {
  const remainder = remainderTest(run, expression, scope);
  if (remainder) return remainder;
  const left = evaluate(run, expression.left, scope);
  const right = evaluate(run, expression.right, scope);
  if (expression.operator === 'instanceof') return isInstance(asAsked(run, left, right), right);
  if (expression.operator === 'in' || expression.operator === 'not in') return contains(run, left, right, expression.operator === 'not in');
  const [a, b] = [asCompared(run, left, right), asCompared(run, right, left)];
  return comparison(run, expression.operator, a, b);
}

/** A parameter compared with a number is a number. */
function asCompared(run: Run, value: Value, other: Value): Value {
  const isOpen = value.kind === 'unknown' && value.parameter !== undefined && !value.options;
  return isOpen && other.kind === 'number' ? tellKind(run, value, 'number') : value;
}

/** `a % b === 0` speaks of divisibility. */
function remainderTest(run: Run, expression: Expression & { kind: 'compare' }, scope: Scope): Value | undefined {
  const { left, right, operator } = expression;
  if (left.kind !== 'binary' || left.operator !== '%' || right.kind !== 'literal' || right.value !== 0) return undefined;
  const a = evaluate(run, left.left, scope);
  const b = evaluate(run, left.right, scope);
  const size = asSize(a.kind === 'unknown' && a.parameter !== undefined ? tellKind(run, a, 'number') : a);
  const divisor = asSize(b.kind === 'unknown' && b.parameter !== undefined ? tellKind(run, b, 'number') : b);
  if (!size || !divisor) return comparison(run, operator, binary(run, '%', a, b), number(0));
  const decided = comparison(run, operator, { kind: 'number', real: { kind: 'size', size: modulo(size, divisor, run.known.facts) } }, number(0));
  if (decided.kind !== 'unknown') return decided;
  const negated = operator === '!=' || operator === 'loose!=' || operator === '>';
  const condition: Condition = { kind: 'divides', divisor, size, negated, words: `${size.text} % ${divisor.text} == 0` };
  return { kind: 'unknown', type: 'boolean', reason: `\`${condition.words}\` is not decided`, condition };
}

/** An input of the entry that the code asks whether it is a tensor is given as one. */
function asAsked(run: Run, left: Value, right: Value): Value {
  const asks = right.kind === 'native' && right.name.split('.').at(-1) === 'Tensor';
  return asks && left.kind === 'unknown' && left.parameter !== undefined && run.inputSpans.has(left.parameter) ? run.host.expect(left, 'tensor') : left;
}

function isInstance(left: Value, right: Value): Value {
  if (left.kind === 'unknown' || right.kind === 'unknown') return unknown('the class is not known', 'boolean');
  if (right.kind === 'class') return boolean(left.kind === 'instance' && left.cls !== undefined && descends(left.cls, right));
  if (right.kind === 'function') return boolean(left.kind === 'dict' && inherits(left, right.properties?.entries.get('prototype')));
  if (right.kind !== 'native') return boolean(false);
  const name = right.name.split('.').at(-1);
  if (left.kind === 'tensor')
    return boolean(
      name === 'Tensor' || name === 'Variable' ? name === 'Tensor' || left.role === 'variable' : name === 'SymbolicTensor' && left.role === 'symbolic',
    );
  if (left.kind === 'list') return boolean(name === 'Array');
  if (left.kind === 'instance') return left.native && !left.cls ? unknown('library classes are not compared', 'boolean') : boolean(false);
  return boolean(left.kind === 'function' && name === 'Function');
}

function inherits(object: Value & { kind: 'dict' }, prototype: Value | undefined): boolean {
  for (let at = object.prototype, depth = 0; at && depth < 30; at = at.prototype, depth++) if (at === prototype) return true;
  return false;
}

function descends(cls: Value & { kind: 'class' }, base: Value & { kind: 'class' }, depth = 0): boolean {
  return cls.definition === base.definition || (depth < 30 && cls.bases.some((parent) => parent.kind === 'class' && descends(parent, base, depth + 1)));
}

function contains(run: Run, left: Value, right: Value, negated: boolean): Value {
  const text = textOf(left);
  if (right.kind === 'dict' && text !== undefined && right.parameter === undefined && right.open === undefined)
    return boolean(right.entries.has(text) !== negated);
  if (right.kind === 'instance' && text !== undefined) return boolean((member(run, right, text).kind !== 'undefined') !== negated);
  return unknown('whether it holds that key is not known', 'boolean');
}

function logical(run: Run, expression: Expression & { kind: 'logical' }, scope: Scope): Value {
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
  const option = joined.options?.find((value) => value !== left && value.kind === 'unknown');
  const conditions = [left.condition, option?.kind === 'unknown' ? option.condition : undefined].filter((condition) => condition !== undefined);
  if (conditions.length === 0) return joined;
  const whole = operator === 'and' || conditions.length === 2;
  return whole ? { ...joined, type: 'boolean', condition: { kind: operator === 'and' ? 'all' : 'any', conditions } } : joined;
}

/** `config.units || 64`. */
function withDefault(run: Run, left: Value & { kind: 'unknown' }, right: () => Value): Value {
  if (left.parameter !== undefined && !left.options) return withFallback(run, left, right);
  if (left.options) {
    const [truthy] = left.options.filter((option) => option.kind !== 'undefined' && option.kind !== 'null');
    return truthy ? joinValues(run, truthy, right(), left.reason) : right();
  }
  return joinValues(run, left, right(), left.reason);
}

/** `a ?? b`. */
function coalesce(run: Run, left: Value, right: () => Value): Value {
  if (left.kind === 'undefined' || left.kind === 'null') return right();
  return left.kind === 'unknown' ? withDefault(run, left, right) : left;
}

function conditional(run: Run, expression: Expression & { kind: 'conditional' }, scope: Scope): Value {
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

// ---- assignments ----

function assignment(run: Run, expression: Expression & { kind: 'assignment' }, scope: Scope): Value {
  const { target, operator } = expression;
  if (operator === '=') {
    const value = evaluate(run, expression.value, scope);
    assignTarget(run, target, value, scope, { statement: expression.span });
    return value;
  }
  const old = targetValue(run, target, scope);
  const value = augmented(run, operator, old, () => evaluate(run, expression.value, scope));
  assignTarget(run, target, value, scope, { statement: expression.span });
  return expression.postfix ? old : value;
}

/** The value of `old operator= value`. */
export function augmented(run: Run, operator: AssignOperator, old: Value, value: () => Value): Value {
  if (operator === '=') return value();
  if (operator === 'coalesce') return coalesce(run, old, value);
  if (operator === 'or' || operator === 'and') {
    const truth = run.host.truth(old);
    if (truth !== undefined) return truth === (operator === 'and') ? value() : old;
    return old.kind === 'unknown' && operator === 'or' ? withDefault(run, old, value) : joinValues(run, old, value(), 'a test that is not decided');
  }
  return binary(run, operator, old, value());
}

/** What a target holds now. */
export function targetValue(run: Run, target: Target, scope: Scope): Value {
  if (target.kind === 'name') return nameValue(run, target.name, scope);
  if (target.kind === 'attribute') return member(run, evaluate(run, target.object, scope), target.name);
  if (target.kind === 'subscript')
    return evaluate(run, { kind: 'subscript', object: target.object, index: target.index, optional: false, span: target.span }, scope);
  return unknown('patterns have no value');
}
