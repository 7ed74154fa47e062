/** `range` and `len`. */
import { add, asConstant, atMost, constant, type Dim, floorDivide, isUnknown, negate, subtract } from '../../dim/index';
import { type Arguments, asSize, type Host, type InstanceValue, list, number, size, type TensorValue, unknown, type Value } from '../../value/index';
import { lengthOf } from './lists';
import { ZERO_VALUE } from './operations';
import { argument, type Call, contentsOf, definesMethod, EVERY_INDEX, MOST_ITEMS, openList, reasonOf, repeated, unknownOf } from './reading';

// ---- range ----

/** `range(stop)`, `range(start, stop, step)`: over sizes one item stands for every index. */
export const range: Call = (args, host) => {
  if (args.open !== undefined) return openList(args.open);
  const given = args.positional.map((value) => host.expect(value, 'size'));
  const [start, stop, step] = given.length < 2 ? [ZERO_VALUE, given[0], undefined] : given;
  const bounds = [start, stop, step ?? number(1)].map((value) => (value?.kind === 'boolean' ? constant(Number(value.value)) : asSize(value)));
  const [from, to, by] = bounds;
  if (!from || !to || !by || [from, to, by].some(isUnknown))
    return openList(reasonOf(given.find((value) => value.kind === 'unknown') ?? number(0), 'how often is not known'));
  const [first, end, stride] = [from, to, by].map(asConstant);
  if (first !== undefined && end !== undefined && stride !== undefined) return plainRange(first, end, stride);
  const count = countOf(from, to, by, stride, host);
  if (count === undefined) return openList('how often is not known');
  if (asConstant(count) !== undefined && stride !== undefined) return countedRange(from, asConstant(count) ?? 0, stride);
  return atMost(constant(1), count, host.facts) === 'no' ? list([]) : repeated(EVERY_INDEX, count);
};

function plainRange(from: number, to: number, by: number): Value {
  if (by === 0) return openList('a range cannot step by 0');
  const count = Math.max(0, Math.ceil((to - from) / by));
  return count > MOST_ITEMS ? repeated(EVERY_INDEX, constant(count)) : list(Array.from({ length: count }, (_, at) => number(from + at * by)));
}

/** A range between sizes that lie a known number of steps apart: `range(n, n + 3)`. */
function countedRange(from: Dim, count: number, by: number): Value {
  if (count > MOST_ITEMS) return repeated(EVERY_INDEX, constant(count));
  return list(Array.from({ length: Math.max(0, count) }, (_, at) => size(add(from, constant(at * by)))));
}

/** How many steps there are, rounded up. */
function countOf(from: Dim, to: Dim, by: Dim, stride: number | undefined, host: Host): Dim | undefined {
  const span = subtract(to, from);
  if (stride === 1) return span;
  if (stride !== undefined && stride < 0) return negate(floorDivide(span, constant(-stride), host.facts));
  return stride === 0 ? undefined : negate(floorDivide(negate(span), by, host.facts));
}

// ---- len ----

/** `len(value)`. */
export const length: Call = (args, host) => {
  const given = argument(args, 0);
  const value = given.kind === 'null' ? host.expect(given, 'list') : given;
  switch (value.kind) {
    case 'list':
      return lengthOf(value);
    case 'string':
      return number([...value.value].length);
    case 'dict':
      return value.open === undefined && value.parameter === undefined
        ? number(value.entries.size)
        : unknown(value.open ?? 'how many keys it has is not known', 'number');
    case 'tensor':
      return lengthOfTensor(value);
    case 'instance':
      return lengthOfObject(value, args, host);
    case 'native':
      return value.items ? length({ ...args, positional: [value.items()] }, host) : unknownOf('number', value, 'its length is not known');
    case 'class': {
      const items = host.iterate(value);
      return 'unknown' in items ? unknown(items.unknown, 'number') : number(items.length);
    }
    case 'unknown':
      return lengthOfUnknown(value, args, host);
    default:
      return unknownOf('number', value, 'its length is not known');
  }
};

/** What its class says, else how much it holds. */
function lengthOfObject(value: InstanceValue, args: Arguments, host: Host): Value {
  if (definesMethod(value, '__len__')) return host.invoke(host.member(value, '__len__'));
  const contents = contentsOf(value, host);
  return contents ? length({ ...args, positional: [contents] }, host) : unknown('how many items it holds is not known', 'number');
}

const lengthOfTensor = (value: TensorValue): Value => {
  const [first] = value.shape ?? [];
  return first ? size(first) : unknown(value.reason ?? 'the rank is not known', 'number');
};

/** Of an input its length is a tensor's first size; of an argument it tells that a list is given. */
function lengthOfUnknown(value: Value & { kind: 'unknown' }, args: Arguments, host: Host): Value {
  if (value.parameter === undefined || value.type !== undefined || value.options) return unknown(value.reason, 'number');
  const told = host.expect(value, host.isList(value) === false ? 'tensor' : 'list');
  return told.kind === 'unknown' ? unknown(told.reason, 'number') : length({ ...args, positional: [told] }, host);
}
