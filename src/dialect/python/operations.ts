/** Operators over Python's own values: `[0] * n`, `a + b` of tuples, `'%d' % n`, `{…} | {…}`. */
import { asConstant, constant, type Dim, multiply, numberOfReal, realOf } from '../../dim/index';
import type { BinaryOperator } from '../../program/types';
import { asSize, boolean, type DictValue, type Host, type ListValue, list, number, type Value } from '../../value/index';
import { isArray, overArrays } from './arrays';
import { isClass, unionOf } from './classes';
import { arithmetic } from './numbers';
import { itemsOf, MOST_ITEMS, openList, repeated, unknownOf } from './reading';
import { combined, copyOfDict } from './sets';
import { percentFormat } from './text';

/** `left operator right` where it is no operator of numbers or of a library; undefined where there is none. */
export function pythonOperation(operator: BinaryOperator, left: Value, right: Value, host: Host): Value | undefined {
  if (isArray(left) || isArray(right)) return overArrays(left, right, (a, b) => operate(operator, a, b, host));
  if (left.kind === 'boolean' || right.kind === 'boolean') return withTruths(operator, left, right, host);
  if (left.kind === 'list' && right.kind === 'list' && operator === '+') return joined(left, right, host);
  if (operator === '*' && (left.kind === 'list' || left.kind === 'string')) return times(left, right, host);
  if (operator === '*' && (right.kind === 'list' || right.kind === 'string')) return times(right, left, host);
  if (left.kind === 'string') return ofText(operator, left, right);
  if (left.kind === 'dict' && right.kind === 'dict') return ofDicts(operator, left, right);
  if (operator === '|' && isClass(left) && isClass(right)) return unionOf([left, right]);
  return byMethod(operator, left, right, host);
}

/** True and False are 1 and 0; `&`, `|` and `^` of two of them are one again. */
function withTruths(operator: BinaryOperator, left: Value, right: Value, host: Host): Value | undefined {
  if (left.kind === 'boolean' && right.kind === 'boolean') {
    if (operator === '&') return boolean(left.value && right.value);
    if (operator === '|') return boolean(left.value || right.value);
    if (operator === '^') return boolean(left.value !== right.value);
  }
  const [a, b] = [asNumeric(left), asNumeric(right)];
  if (a.kind === 'number' && b.kind === 'number') return arithmetic(operator, a.real, b.real, host);
  return a === left && b === right ? undefined : pythonOperation(operator, a, b, host);
}

const asNumeric = (value: Value): Value => (value.kind === 'boolean' ? number(value.value ? 1 : 0) : value);

/** `[…] + […]`: a list, or of tuples a tuple. */
function joined(left: ListValue, right: ListValue, host: Host): Value {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const)
    if (one.items.length === 0 && one.open === undefined && one.parameter === undefined) return copyOfList(other);
  const [a, b] = [itemsOf(left, host), itemsOf(right, host)];
  if (typeof a !== 'string' && typeof b !== 'string') return list([...a, ...b], left.tuple);
  const made = openList(typeof a === 'string' ? a : (b as string), left.tuple);
  return typeof a === 'string' ? made : { ...made, items: a };
}

/** A new list with the same items. */
export const copyOfList = (from: ListValue, tuple = from.tuple): ListValue => ({
  ...list(from.items, tuple),
  ...(from.times ? { times: from.times } : {}),
  ...(from.open === undefined ? {} : { open: from.open }),
});

/** `[item] * n`, `'ab' * n`: n may be a size. */
function times(owner: ListValue | (Value & { kind: 'string' }), count: Value, host: Host): Value | undefined {
  const read = host.expect(count, 'size');
  const by = read.kind === 'boolean' ? constant(read.value ? 1 : 0) : asSize(read);
  if (read.kind !== 'number' && read.kind !== 'boolean') {
    if (read.kind !== 'unknown') return undefined;
    return owner.kind === 'string' ? unknownOf('string', read, 'how often is not known') : openList(read.reason, owner.tuple);
  }
  if (!by) return owner.kind === 'string' ? unknownOf('string', read, 'how often is not known') : openList('how often is not known', owner.tuple);
  const known = asConstant(by);
  if (owner.kind === 'list') return repeatedList(owner, by, known, host);
  if (known === undefined || owner.value.length * known > MOST_ITEMS) return unknownOf('string', read, 'the text is not known');
  return { kind: 'string', value: owner.value.repeat(Math.max(0, known)) };
}

function repeatedList(owner: ListValue, by: Dim, known: number | undefined, host: Host): Value {
  if (known !== undefined && known <= 0) return list([], owner.tuple);
  const items = itemsOf(owner, host);
  if (typeof items === 'string') {
    const [each] = owner.items;
    return owner.open === undefined && owner.times && each ? repeated(each, multiply(owner.times, by), owner.tuple) : openList(items, owner.tuple);
  }
  if (known !== undefined && items.length * known <= MOST_ITEMS) return list(Array.from({ length: known }, () => items).flat(), owner.tuple);
  const [each, ...more] = items;
  if (!each) return list([], owner.tuple);
  return more.every((item) => isAlike(item, each))
    ? repeated(each, multiply(constant(items.length), by), owner.tuple)
    : openList('which items it has is not known', owner.tuple);
}

/** Whether two values are the same plain one. */
function isAlike(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left.kind === 'number' && right.kind === 'number') {
    const [a, b] = [asSize(left), asSize(right)];
    return a && b ? a.text === b.text && a.text !== '?' : numberOfReal(left.real) !== undefined && numberOfReal(left.real) === numberOfReal(right.real);
  }
  return 'value' in left && 'value' in right && left.kind === right.kind && left.value === right.value;
}

function ofText(operator: BinaryOperator, left: Value & { kind: 'string' }, right: Value): Value | undefined {
  if (operator === '%') return percentFormat(left.value, right);
  if (operator === '+' && right.kind === 'string') return { kind: 'string', value: left.value + right.value };
  return operator === '+' && right.kind === 'unknown' ? unknownOf('string', right, 'the text is not known') : undefined;
}

function ofDicts(operator: BinaryOperator, left: DictValue, right: DictValue): Value | undefined {
  if (left.flavour === 'set' || right.flavour === 'set') return combined(operator, left, right);
  if (operator !== '|') return undefined;
  const made = copyOfDict(left);
  made.entries = new Map([...left.entries, ...right.entries]);
  const open = left.open ?? right.open ?? ((left.parameter ?? right.parameter) ? 'its keys are not known' : undefined);
  return open === undefined ? made : { ...made, open };
}

const METHOD: { readonly [operator: string]: string } = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'lshift',
  '>>': 'rshift',
};

/** What an object's own `__add__` or the other's `__radd__` says. */
function byMethod(operator: BinaryOperator, left: Value, right: Value, host: Host): Value | undefined {
  const name = METHOD[operator];
  const own = left.kind === 'instance' ? host.member(left, `__${name}__`) : undefined;
  if (own?.kind === 'function' || own?.kind === 'native') return host.invoke(own, right);
  const other = right.kind === 'instance' ? host.member(right, `__r${name}__`) : undefined;
  return other?.kind === 'function' || other?.kind === 'native' ? host.invoke(other, left) : undefined;
}

const TENSOR_METHOD: { readonly [operator: string]: string } = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '@': 'matmul',
};

/** `left operator right` of any values, as a library function applies it. */
export function operate(operator: BinaryOperator, left: Value, right: Value, host: Host): Value {
  if (left.kind === 'tensor') return host.invoke(host.member(left, TENSOR_METHOD[operator] ?? METHOD[operator] ?? ''), right);
  if (right.kind === 'tensor' && (operator === '+' || operator === '*')) return operate(operator, right, left, host);
  if (left.kind === 'number' && right.kind === 'number') return arithmetic(operator, left.real, right.real, host);
  const found = pythonOperation(operator, left, right, host);
  if (found) return found;
  const [a, b] = [host.expect(left, 'number'), host.expect(right, 'number')];
  if (a.kind === 'number' && b.kind === 'number') return arithmetic(operator, a.real, b.real, host);
  return a.kind === 'unknown'
    ? unknownOf('number', a, '')
    : b.kind === 'unknown'
      ? unknownOf('number', b, '')
      : unknownOf('number', a, `no rule for \`${operator}\` here`);
}

/** 0 and 1 as sums and products begin. */
export const ZERO_VALUE: Value = { kind: 'number', real: realOf(0) };
export const ONE_VALUE: Value = { kind: 'number', real: realOf(1) };
