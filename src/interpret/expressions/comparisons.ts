/** Comparisons: of sizes, of classes, of keys. */
import { modulo } from '../../dim/index';
import type { CompareOperator, Expression } from '../../program/types';
import { asSize, boolean, type Condition, keyOf, type ListValue, list, mayBeAmong, number, unknown, type Value } from '../../value/index';
import { callFunction } from '../calls/calls';
import { classLookup, nativeBase } from '../calls/lineage';
import { plainArguments } from '../host';
import { rootOf } from '../learning/inputs';
import { tellKind } from '../learning/parameters';
import type { Run } from '../run';
import type { Scope } from '../statements/scope';
import { comparison, contrary, textOf } from './arithmetic';
import { evaluate } from './evaluate';
import { member } from './members';
import { binary, ofTensors } from './operations';

export function compareExpression(run: Run, expression: Expression & { kind: 'compare' }, scope: Scope): Value {
  const remainder = remainderTest(run, expression, scope);
  if (remainder) return remainder;
  const left = evaluate(run, expression.left, scope);
  const right = evaluate(run, expression.right, scope);
  if (expression.operator === 'instanceof') return isInstance(asAsked(run, left, right), right);
  if (expression.operator === 'in' || expression.operator === 'not in') return contains(run, left, right, expression.operator === 'not in');
  const isIdentity = expression.operator === 'is' || expression.operator === 'is not';
  const overloaded = isIdentity ? undefined : ofTensors(run, expression.operator, [left, right]);
  if (overloaded) return overloaded;
  const open = isIdentity ? undefined : (comparedInput(run, left, right) ?? comparedInput(run, right, left));
  if (open) return open;
  const [a, b] = [asCompared(run, left, right), asCompared(run, right, left)];
  if (a.kind === 'list' && b.kind === 'list' && !isIdentity && run.surroundings.tensorOperation) return compareLists(run, expression.operator, a, b);
  return comparison(run, expression.operator, a, b);
}

/** Lists are equal where all items are: what is not decided says so of sizes. */
function compareLists(run: Run, operator: CompareOperator, left: ListValue, right: ListValue): Value {
  if (operator !== '==' && operator !== '!=') return compareOrder(run, operator, left, right);
  if (left.tuple !== right.tuple) return boolean(operator === '!=');
  const open = openness(left, right);
  if (open) return open;
  if (left.items.length !== right.items.length) return boolean(operator === '!=');
  const tests = left.items.map((item, at) => itemsEqual(run, item, right.items[at] ?? item));
  if (tests.some((test) => run.host.truth(test) === false)) return boolean(operator === '!=');
  const undecided = tests.filter((test) => run.host.truth(test) === undefined);
  const [first] = undecided;
  if (!first) return boolean(operator === '==');
  const conditions = undecided.flatMap((test) => (test.kind === 'unknown' && test.condition ? [test.condition] : []));
  const all: Condition | undefined = conditions.length === undecided.length ? { kind: 'all', conditions } : undefined;
  const condition = all && operator === '!=' ? contrary(all) : all;
  return { ...unknown(first.kind === 'unknown' ? first.reason : 'the items are not known', 'boolean'), ...(condition && { condition }) };
}

/** What lists compare to where not all that they hold is known. */
function openness(left: ListValue, right: ListValue): Value | undefined {
  const open = left.open ?? right.open ?? (left.times || right.times ? 'how many items there are is not known' : undefined);
  return open === undefined ? undefined : unknown(open, 'boolean');
}

/** Lists are ordered by the first items that differ, else by their lengths. */
function compareOrder(run: Run, operator: CompareOperator, left: ListValue, right: ListValue): Value {
  const open = openness(left, right);
  if (open) return open;
  for (const [at, item] of left.items.entries()) {
    const other = right.items[at];
    if (!other) break;
    const same = run.host.truth(itemsEqual(run, item, other));
    if (same === undefined) return unknown('the items are not known', 'boolean');
    if (!same) return item.kind === 'list' && other.kind === 'list' ? compareOrder(run, operator, item, other) : comparison(run, operator, item, other);
  }
  return comparison(run, operator, number(left.items.length), number(right.items.length));
}

const itemsEqual = (run: Run, left: Value, right: Value): Value =>
  left.kind === 'list' && right.kind === 'list' ? compareLists(run, '==', left, right) : comparison(run, '==', left, right);

/** Where tensors are compared too, an input beside a number may be one: what becomes of the result tells. */
function comparedInput(run: Run, value: Value, other: Value): Value | undefined {
  const isOpen = value.kind === 'unknown' && value.parameter !== undefined && value.type === undefined && !value.options;
  if (!isOpen || other.kind !== 'number' || !run.surroundings.tensorOperation || !run.inputSpans.has(rootOf(value.parameter))) return undefined;
  return { kind: 'unknown', reason: value.reason, compared: value.parameter };
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
  if (run.surroundings.ways.emptyIsFalse) return holds(run, left, right, negated);
  const text = textOf(left);
  if (right.kind === 'dict' && text !== undefined && right.parameter === undefined && right.open === undefined)
    return boolean(right.entries.has(text) !== negated);
  if (right.kind === 'instance' && text !== undefined) return boolean((member(run, right, text).kind !== 'undefined') !== negated);
  return unknown('whether it holds that key is not known', 'boolean');
}

/** Whether a list, a mapping or a text holds something: what it holds, not what it is made of. */
function holds(run: Run, left: Value, right: Value, negated: boolean): Value {
  if (right.kind === 'dict') return inMapping(left, right, negated);
  if (right.kind === 'string' && left.kind === 'string') return boolean(right.value.includes(left.value) !== negated);
  const asked = right.kind === 'instance' && right.cls ? classLookup(right.cls, '__contains__', false) : undefined;
  if (asked) return ofTruth(run.host.truth(callFunction(run, asked.function, plainArguments(run, [left]), right, true)), negated);
  const own = right.kind === 'native' ? right.member?.('__contains__', run.host) : undefined;
  if (own) return ofTruth(run.host.truth(run.host.invoke(own, left)), negated);
  const contents =
    right.kind === 'instance'
      ? contentsOf(run, right)
      : right.kind === 'class'
        ? membersOf(run, right)
        : right.kind === 'native'
          ? (right.items?.() ?? right)
          : right;
  if (contents !== right) return holds(run, left, contents, negated);
  if (right.kind !== 'list') return unknown('whether it holds that is not known', 'boolean');
  const tests = right.items.map((item) => run.host.truth(itemsEqual(run, left, item)));
  if (tests.includes(true)) return boolean(!negated);
  if (right.open !== undefined || right.times !== undefined || tests.includes(undefined))
    return unknown(right.open ?? 'whether it holds that is not known', 'boolean');
  return boolean(negated);
}

const ofTruth = (truth: boolean | undefined, negated: boolean): Value =>
  truth === undefined ? unknown('whether it holds that is not known', 'boolean') : boolean(truth !== negated);

/** The members of a class that is an enumeration. */
function membersOf(run: Run, cls: Value): Value {
  const items = run.host.iterate(cls);
  return 'unknown' in items ? unknown(items.unknown) : list(items);
}

function inMapping(left: Value, right: Value & { kind: 'dict' }, negated: boolean): Value {
  const key = keyOf(left);
  if (key !== undefined && right.entries.has(key)) return boolean(!negated);
  const isOpen = key === undefined || right.parameter !== undefined || right.open !== undefined || mayBeAmong(key, right.entries.keys());
  return isOpen ? unknown('whether it holds that key is not known', 'boolean') : boolean(negated);
}

/** What an object of a library's, or of a class that extends one, holds. */
export function contentsOf(run: Run, object: Value & { kind: 'instance' }): Value {
  const native = object.native ?? (object.cls ? nativeBase(object.cls) : undefined);
  return native?.contents?.(object, run.host) ?? unknown('what it holds is not known');
}
