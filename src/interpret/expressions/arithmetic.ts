/** Arithmetic and comparison of numbers, strings and booleans. What is not decided stays unknown, with what it says of sizes. */
import {
  add,
  applyReal,
  asConstant,
  atMost,
  compare,
  constant,
  type Dim,
  floorDivide,
  format,
  formatReal,
  isUnknown,
  modulo,
  multiply,
  negate,
  numberOfReal,
  power,
  type Real,
  realOf,
  sizeOfReal,
  subtract,
} from '../../dim/index';
import { fractionOf } from '../../ops/sizes';
import type { BinaryOperator, CompareOperator } from '../../program/types';
import { boolean, type Condition, number, real, size, string, unknown, type Value } from '../../value/index';
import type { Run } from '../run';

const REAL_FUNCTION: { readonly [operator: string]: string } = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '%': 'mod', '**': 'pow' };

/** `left operator right` of two numbers. */
export function numbers(run: Run, operator: BinaryOperator, left: Real, right: Real): Value {
  const a = sizeOfReal(left);
  const b = sizeOfReal(right);
  if (a && b) {
    const whole = wholeNumbers(run, operator, a, b);
    if (whole) return isUnknown(whole) ? unknown('the size is not known', 'number') : size(whole);
  }
  const x = numberOfReal(left);
  const y = numberOfReal(right);
  if (x !== undefined && y !== undefined)
    return number(operator === '%' && run.surroundings.ways.floorsRemainders ? x - y * Math.floor(x / y) : plain(operator, x, y));
  if ((operator === '|' || operator === '>>') && y === 0) return real(applyReal('trunc', left));
  const fn = REAL_FUNCTION[operator];
  return fn ? real(applyReal(fn, left, right)) : unknown(`no rule for \`${operator}\` on sizes`, 'number');
}

/** Sums and products of sizes; divisions where they come out whole. JavaScript's % is Python's for sizes, which are positive. */
function wholeNumbers(run: Run, operator: BinaryOperator, a: Dim, b: Dim): Dim | undefined {
  switch (operator) {
    case '+':
      return add(a, b);
    case '-':
      return subtract(a, b);
    case '*':
      return multiply(a, b);
    case '//':
      return floorDivide(a, b, run.known.facts);
    case '%':
      return asConstant(a) !== undefined && asConstant(b) !== undefined ? undefined : modulo(a, b, run.known.facts);
    case '**': {
      const exponent = asConstant(b);
      return exponent !== undefined && exponent >= 0 && exponent <= 8 && asConstant(a) === undefined ? power(a, exponent) : undefined;
    }
    case '>>':
    case '|':
    case '&':
    case '^':
    case '<<':
      return bits(operator, a, b);
    default:
      return undefined;
  }
}

/** `x >> k` and `x << k` of sizes are divisions and products by 2^k; `x | 0` is x. */
function bits(operator: BinaryOperator, a: Dim, b: Dim): Dim | undefined {
  const by = asConstant(b);
  if (by === undefined || by < 0 || by > 30 || asConstant(a) !== undefined) return undefined;
  if (operator === '>>') return floorDivide(a, constant(2 ** by));
  if (operator === '<<') return multiply(a, constant(2 ** by));
  return operator === '|' && by === 0 ? a : undefined;
}

function plain(operator: BinaryOperator, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '//':
      return Math.floor(x / y);
    case '%':
      return x % y;
    case '**':
      return x ** y;
    case '|':
      return x | y;
    case '&':
      return x & y;
    case '^':
      return x ^ y;
    case '<<':
      return x << y;
    case '>>':
      return x >> y;
    default:
      return Number.NaN;
  }
}

/** `-x`, `+x`, `~x` of a number. */
export function negative(value: Real): Value {
  const whole = sizeOfReal(value);
  if (whole && numberOfReal(value) === undefined) return size(negate(whole));
  const known = numberOfReal(value);
  return known !== undefined ? number(-known) : real(applyReal('neg', value));
}

/** The text of a value where it is known: for templates, keys and string sums. */
export function textOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'boolean':
      return String(value.value);
    case 'null':
      return 'null';
    case 'undefined':
      return 'undefined';
    case 'number': {
      const known = numberOfReal(value.real);
      return known === undefined ? undefined : String(known);
    }
    default:
      return undefined;
  }
}

/** `left == right`, `<` and the rest: decided, or unknown with what it says. */
export function comparison(run: Run, operator: CompareOperator, left: Value, right: Value): Value {
  if (left.kind === 'number' && right.kind === 'number') return compareNumbers(run, operator, left.real, right.real);
  const negated = operator === '!=' || operator === 'loose!=' || operator === 'is not';
  if (operator === '==' || operator === 'is' || operator.startsWith('loose') || negated) {
    const equal = equality(left, right, operator.startsWith('loose'));
    return equal === undefined ? askedWhether(left, right, !negated) : boolean(equal !== negated);
  }
  if (left.kind === 'string' && right.kind === 'string')
    return boolean(
      operator === '<'
        ? left.value < right.value
        : operator === '>'
          ? left.value > right.value
          : operator === '<='
            ? left.value <= right.value
            : left.value >= right.value,
    );
  if (left.kind === 'undefined' || right.kind === 'undefined') return boolean(false);
  const [a, b] = [ordered(left), ordered(right)];
  return a && b ? compareNumbers(run, operator, a, b) : undecided(left, right);
}

/** What stands for a value where its order is asked for: null is 0. */
function ordered(value: Value): Real | undefined {
  if (value.kind === 'number') return value.real;
  return value.kind === 'null' ? realOf(0) : value.kind === 'boolean' ? realOf(value.value ? 1 : 0) : undefined;
}

/** `mode === 'wide'` asks it of the parameter. */
function askedWhether(left: Value, right: Value, holds: boolean): Value {
  const [open, other] = left.kind === 'unknown' ? [left, right] : [right, left];
  const value = textOf(other);
  const test = undecided(left, right);
  const isPlain = open.kind === 'unknown' && open.parameter !== undefined && !open.options && value !== undefined && test.kind === 'unknown';
  return isPlain ? { ...test, asked: { what: open.parameter ?? '', value, holds } } : test;
}

function undecided(left: Value, right: Value): Value {
  const why = left.kind === 'unknown' ? left.reason : right.kind === 'unknown' ? right.reason : 'the comparison is not decided';
  return unknown(why, 'boolean');
}

/** Whether two values are the same, where that is decided. */
function equality(left: Value, right: Value, loose: boolean): boolean | undefined {
  if (left.kind === 'unknown' || right.kind === 'unknown') return maybeEqual(left, right);
  const nothing = (value: Value) => value.kind === 'null' || value.kind === 'undefined';
  if (nothing(left) && nothing(right)) return loose || left.kind === right.kind;
  if (isGivenObject(left, right) || isGivenObject(right, left)) return undefined;
  if (left.kind !== right.kind) return false;
  if (left.kind === 'string' || left.kind === 'boolean') return left.value === (right as typeof left).value;
  return left === right;
}

/** What is given as an object may be any: that which it is held against, say. */
const isGivenObject = (value: Value, other: Value): boolean =>
  value.kind === 'dict' && value.parameter !== undefined && value !== other && (other.kind === 'instance' || other.kind === 'native' || other.kind === 'dict');

/** An unknown value of a known sort differs from what is of another sort. */
function maybeEqual(left: Value, right: Value): boolean | undefined {
  const [open, other] = left.kind === 'unknown' ? [left, right] : [right as Value & { kind: 'unknown' }, left];
  if (open.kind !== 'unknown' || other.kind === 'unknown') return undefined;
  if (open.type === undefined || open.parameter !== undefined || open.options !== undefined) return undefined;
  const sort = other.kind === 'null' || other.kind === 'undefined' ? other.kind : other.kind;
  return open.type === sort ? undefined : false;
}

function compareNumbers(run: Run, operator: CompareOperator, left: Real, right: Real): Value {
  const x = numberOfReal(left);
  const y = numberOfReal(right);
  if (x !== undefined && y !== undefined) return boolean(plainComparison(operator, x, y));
  const [a, b] = comparable(run, left, right) ?? [];
  if (!a || !b || isUnknown(a) || isUnknown(b)) return unknown(`\`${formatReal(left)} ${operator} ${formatReal(right)}\` is not decided`, 'boolean');
  const decided = compareSizes(run, operator, a, b);
  if (decided !== undefined) return boolean(decided);
  const relation = normal(operator);
  const words = `${format(a)} ${relation ?? operator} ${format(b)}`;
  return {
    kind: 'unknown',
    type: 'boolean',
    reason: `\`${words}\` is not decided`,
    ...(relation ? { condition: { kind: 'relation' as const, relation, left: a, right: b, words } } : {}),
  };
}

/** Two sizes that compare as the numbers do: of quotients, the products crosswise. */
function comparable(run: Run, left: Real, right: Real): readonly [Dim, Dim] | undefined {
  const [a, b] = [sizeOfReal(left), sizeOfReal(right)];
  if (a && b) return [a, b];
  const [x, y] = [fractionOf(left), fractionOf(right)];
  if (!x || !y || [x.under, y.under].some((under) => atMost(constant(1), under, run.known.facts) !== 'yes')) return undefined;
  return [multiply(x.over, y.under), multiply(y.over, x.under)];
}

function normal(operator: CompareOperator): '==' | '!=' | '<' | '<=' | '>' | '>=' | undefined {
  if (operator === 'is' || operator === 'loose==') return '==';
  if (operator === 'is not' || operator === 'loose!=') return '!=';
  return operator === '==' || operator === '!=' || operator === '<' || operator === '<=' || operator === '>' || operator === '>=' ? operator : undefined;
}

/** Whether two numbers compare so. */
export function plainComparison(operator: CompareOperator, x: number, y: number): boolean {
  switch (normal(operator)) {
    case '==':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    default:
      return false;
  }
}

function compareSizes(run: Run, operator: CompareOperator, a: Dim, b: Dim): boolean | undefined {
  const facts = run.known.facts;
  const relation = normal(operator);
  if (relation === '==' || relation === '!=') {
    const verdict = integersEqual(run, a, b);
    return verdict === undefined ? undefined : verdict === (relation === '==');
  }
  const [small, large, strict] = relation === '<' ? [a, b, true] : relation === '<=' ? [a, b, false] : relation === '>' ? [b, a, true] : [b, a, false];
  const holds = atMost(strict ? add(small, constant(1)) : small, large, facts);
  return holds === 'yes' ? true : holds === 'no' ? false : undefined;
}

/** Equality of whole numbers that need not be sizes (a remainder may be 0). */
function integersEqual(run: Run, a: Dim, b: Dim): boolean | undefined {
  const facts = run.known.facts;
  const below = atMost(a, b, facts);
  const above = atMost(b, a, facts);
  if (below === 'no' || above === 'no') return false;
  if (below === 'yes' && above === 'yes') return true;
  return compare(add(a, constant(1)), add(b, constant(1)), facts) === 'equal' ? true : undefined;
}

/** The contrary of a condition. */
export function contrary(condition: Condition): Condition | undefined {
  if (condition.kind === 'divides') return { ...condition, negated: !condition.negated };
  if (condition.kind === 'relation') return { ...condition, relation: CONTRARY[condition.relation] };
  const parts = condition.conditions.map(contrary);
  return parts.every((part) => part !== undefined) ? { kind: condition.kind === 'all' ? 'any' : 'all', conditions: parts } : undefined;
}

const CONTRARY = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;

/** A sum with a string: text where both are known. */
export function joinText(left: Value, right: Value): Value {
  const a = textOf(left);
  const b = textOf(right);
  if (a !== undefined && b !== undefined) return string(a + b);
  const [before, behind] = [patternOf(left), patternOf(right)];
  const open = unknown('the text is not known', 'string');
  return before === undefined || behind === undefined ? open : { ...open, pattern: (before + behind).replace(/\*+/g, '*') };
}

/** What is known of a text: a number or a parameter that is not known leaves a hole. */
function patternOf(value: Value): string | undefined {
  if (value.kind === 'number') return textOf(value) ?? '*';
  if (value.kind !== 'unknown') return textOf(value)?.replaceAll('*', '');
  return value.pattern ?? (value.type === 'number' || (value.parameter !== undefined && value.type === undefined && !value.options) ? '*' : undefined);
}

/** The name of a field by a key: its text, or the pattern that it has. */
export const fieldName = (key: Value): string | undefined => textOf(key) ?? (key.kind === 'unknown' && key.pattern !== '*' ? key.pattern : undefined);
