/** How torch lays tensors out: the distance in elements between neighbours along each axis, followed as far as it is sure. */
import {
  type Atom,
  add,
  asConstant,
  assumeAtLeast,
  atMost,
  compare,
  type Dim,
  exactDivide,
  type Facts,
  floorDivide,
  isUnknown,
  maximum,
  minimum,
  modulo,
  multiply,
  NO_FACTS,
  ONE,
  product,
  same,
  symbol,
  symbolsOf,
  ZERO,
} from '../dim/index';
import type { Attributes, Operator, TensorType } from './operator';

/** Row by row, some other way, or not followed. */
export type Strides = 'contiguous' | 'unknown' | readonly Dim[];

/** A tensor with its layout. */
export interface Laid extends TensorType {
  readonly strides: Strides;
}

/** The strides of a tensor that lies row by row. */
export function rowByRow(shape: readonly Dim[]): Dim[] {
  const strides: Dim[] = [];
  let stride = ONE;
  for (const size of [...shape].reverse()) {
    strides.unshift(stride);
    stride = multiply(stride, size);
  }
  return strides;
}

/** The strides of images that lie with their channels last: axis 1 innermost. */
export function channelsLast(shape: readonly Dim[]): Dim[] {
  const [, channels = ONE, ...spatial] = shape;
  const inner = rowByRow([...spatial, channels]);
  return [product(shape.slice(1)), ONE, ...inner.slice(0, -1)];
}

/** Whether torch takes a tensor of known sizes for images with their channels last (is_channels_last_strides_2d and _3d in c10/core/MemoryFormat.h of pytorch/pytorch). */
export function isChannelsLast({ shape, strides }: Laid): boolean {
  if (strides === 'contiguous' || strides === 'unknown' || shape.length < 4 || shape.length > 5) return false;
  const order = [
    1,
    ...shape
      .map((_, axis) => axis)
      .slice(2)
      .reverse(),
    0,
  ];
  let least = 0;
  for (const axis of order) {
    const [size, stride] = [asConstant(shape[axis] ?? ONE), asConstant(strides[axis] ?? ONE)];
    if (size === undefined || stride === undefined || size === 0 || stride < least) return false;
    if (axis === 0 && least === asConstant(strides[1] ?? ONE)) return false;
    least = stride * Math.max(1, size);
  }
  return true;
}

/** The strides in numbers and sizes; undefined where they are not followed. */
export function stridesOf({ shape, strides }: Laid): readonly Dim[] | undefined {
  if (strides === 'unknown' || shape.some(isUnknown)) return undefined;
  return strides === 'contiguous' ? rowByRow(shape) : strides;
}

/** What a layout is called: an axis of size 1 may have any stride. */
export function named(shape: readonly Dim[], strides: readonly Dim[]): Strides {
  if (shape.some(isUnknown) || strides.some(isUnknown)) return 'unknown';
  const rows = rowByRow(shape);
  return strides.every((stride, axis) => same(stride, rows[axis] ?? ONE)) ? 'contiguous' : strides;
}

/** Facts for sizes that are not 1: a layout is told apart from another there alone. */
export function beyondOne(sizes: readonly Dim[], facts: Facts): Facts {
  const names = new Map(sizes.flatMap((size) => (asConstant(size) === undefined && !isUnknown(size) ? [[size.text, size] as const] : [])));
  return [...names.values()].reduce((known, size) => assumeAtLeast(known, size, 2, ''), facts);
}

/** Which of two strides is the greater; undefined where it depends on the sizes. */
function ordered(a: Dim, b: Dim, facts: Facts): -1 | 0 | 1 | undefined {
  if (same(a, b)) return 0;
  if (atMost(add(a, ONE), b, facts) === 'yes') return -1;
  if (atMost(add(b, ONE), a, facts) === 'yes') return 1;
  return atMost(a, b, facts) === 'yes' && atMost(b, a, facts) === 'yes' ? 0 : undefined;
}

/** An operand's strides on the axes of the result: 0 where it is repeated. */
function spread({ shape }: Laid, strides: readonly Dim[], result: readonly Dim[]): readonly Dim[] {
  const more = result.length - shape.length;
  return result.map((size, axis) => {
    const own = shape[axis - more];
    return own === undefined || (asConstant(own) === 1 && asConstant(size) !== 1) ? ZERO : (strides[axis - more] ?? ZERO);
  });
}

/** Whether torch's iterator walks axis `a` outside axis `b`, the operands asked one after the other; undefined where it is not known, 0 where none says. */
function outer(operands: readonly (readonly Dim[])[], shape: readonly Dim[], a: number, b: number, facts: Facts): -1 | 0 | 1 | undefined {
  for (const strides of operands) {
    const [first, second] = [strides[a] ?? ZERO, strides[b] ?? ZERO];
    if (asConstant(first) === 0 || asConstant(second) === 0) continue;
    const order = ordered(first, second, facts);
    if (order !== 0) return order;
    const larger = ordered(shape[a] ?? ONE, shape[b] ?? ONE, facts);
    if (larger === undefined) return undefined;
    if (larger === 1) return 1;
  }
  return 0;
}

/** The axes from the innermost out, as torch's iterator orders them by the operands' strides. */
function innermostFirst(operands: readonly (readonly Dim[])[], shape: readonly Dim[], facts: Facts): readonly number[] | undefined {
  const perm = [...shape.keys()].reverse();
  for (let at = 1; at < perm.length; at++) {
    let inner = at;
    for (let other = at - 1; other >= 0; other--) {
      const order = outer(operands, shape, perm[other] as number, perm[inner] as number, facts);
      if (order === undefined) return undefined;
      if (order < 0) break;
      if (order > 0) {
        [perm[other], perm[inner]] = [perm[inner] as number, perm[other] as number];
        inner = other;
      }
    }
  }
  return perm;
}

/** The strides of the one operand with axes, where it is without gaps whatever the sizes are. */
function onlyDense(inputs: readonly Laid[]): Strides | undefined {
  const [only, second] = inputs.filter(({ shape }) => shape.length > 0);
  if (!only || second || !Array.isArray(only.strides) || only.shape.some((size) => asConstant(size) === 1)) return undefined;
  const strides: readonly Dim[] = only.strides;
  let next = ONE;
  for (let count = 0; count < strides.length; count++) {
    const axis = strides.findIndex((stride) => same(stride, next));
    if (axis < 0) return undefined;
    next = multiply(next, only.shape[axis] ?? ONE);
  }
  return strides;
}

/** What an elementwise step makes: its operands' order of axes, without gaps. */
export function kept(inputs: readonly Laid[], shape: readonly Dim[], facts: Facts): Strides {
  if (inputs.every(({ strides }) => strides === 'contiguous')) return 'contiguous';
  const known = inputs.map(stridesOf);
  if (shape.some(isUnknown) || !known.every((strides) => strides !== undefined)) return 'unknown';
  const dense = onlyDense(inputs);
  if (dense) return dense;
  const operands = inputs.map((input, at) => spread(input, known[at] ?? [], shape));
  const order = innermostFirst(operands, shape, beyondOne(shape, facts));
  if (order === undefined) return 'unknown';
  const strides: Dim[] = shape.map(() => ONE);
  let stride = ONE;
  for (const axis of order) {
    strides[axis] = stride;
    stride = multiply(stride, shape[axis] ?? ONE);
  }
  return named(shape, strides);
}

/** The result of looking at a tensor under another shape without moving elements. */
export type View =
  | { readonly kind: 'view'; readonly strides: Strides }
  /** It cannot be: whatever the sizes (above 1), or (not `sure`) unless one of `lefts` agrees with `right`. */
  | { readonly kind: 'none'; readonly sure: true }
  | { readonly kind: 'none'; readonly sure: false; readonly lefts: readonly [Dim, ...Dim[]]; readonly right: Dim }
  | { readonly kind: 'unknown' };

/** Neighbouring axes that lie as one: their number of elements, and the distance between these. */
interface Chunk {
  readonly count: Dim;
  readonly stride: Dim;
}

/** The axes that lie as one, the last first; undefined where that depends on sizes. */
function chunksOf(shape: readonly Dim[], strides: readonly Dim[], facts: Facts): readonly Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let [count, stride] = [ONE, strides.at(-1) ?? ONE];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    count = multiply(count, shape[axis] ?? ONE);
    const [size, next] = [shape[axis - 1], strides[axis - 1]];
    if (size === undefined || next === undefined) break;
    if (asConstant(size) === 1) continue;
    const verdict = compareAny(next, multiply(count, stride), facts);
    if (verdict === 'unknown') return undefined;
    if (verdict === 'equal') continue;
    chunks.push({ count, stride });
    [count, stride] = [ONE, next];
  }
  return [...chunks, { count, stride }];
}

/** Strides may be 0. */
function compareAny(a: Dim, b: Dim, facts: Facts): 'equal' | 'different' | 'unknown' {
  if (same(a, b)) return 'equal';
  const zeros = [a, b].filter((one) => asConstant(one) === 0).length;
  if (zeros > 0) return zeros === 2 ? 'equal' : 'different';
  return compareCounts(a, b, facts);
}

/** Looks at a tensor of that layout under another shape: torch's own reckoning, over sizes above 1. */
export function viewed(x: Laid, target: readonly Dim[], facts: Facts): View {
  if (x.strides === 'contiguous') return { kind: 'view', strides: 'contiguous' };
  const strides = stridesOf(x);
  if (strides === undefined || target.some(isUnknown)) return { kind: 'unknown' };
  const known = beyondOne([...x.shape, ...target], facts);
  const chunks = x.shape.length === 0 ? [] : chunksOf(x.shape, strides, known);
  if (chunks === undefined || [...x.shape, ...target].some((size) => asConstant(size) === 0)) return { kind: 'unknown' };
  const made: Dim[] = [];
  let at = target.length - 1;
  for (const { count, stride } of chunks) {
    const last = filling(target, at, count, known);
    if (typeof last !== 'number') return last;
    let step = stride;
    for (; at >= last; at--) {
      made.unshift(step);
      step = multiply(step, target[at] ?? ONE);
    }
  }
  for (; at >= 0; at--) made.unshift(ONE);
  return { kind: 'view', strides: named(target, made) };
}

/** The axis from which on the target's axes, down from `from`, hold just so many elements. */
function filling(target: readonly Dim[], from: number, count: Dim, facts: Facts): number | View {
  const open: Dim[] = [];
  let held = ONE;
  for (let axis = from + 1; axis >= 0; axis--) {
    if (axis <= from) held = multiply(held, target[axis] ?? ONE);
    const verdict = compareCounts(held, count, facts);
    if (verdict === 'equal') return withOnes(target, axis);
    if (verdict === 'unknown') open.push(held);
  }
  const [first, ...more] = open;
  if (first === undefined) return { kind: 'none', sure: true };
  return isPlain(first) && isPlain(count) ? { kind: 'none', sure: false, lefts: [first, ...more], right: count } : { kind: 'unknown' };
}

/** Compares products of sizes: what both are made of is left out first. */
function compareCounts(a: Dim, b: Dim, facts: Facts): 'equal' | 'different' | 'unknown' {
  const verdict = compare(a, b, facts);
  if (verdict !== 'unknown') return verdict;
  const [left, right] = withoutCommon(a, b);
  return same(left, a) ? 'unknown' : compare(left, right, facts);
}

/** Two products without the sizes that stand in both. */
function withoutCommon(a: Dim, b: Dim): readonly [Dim, Dim] {
  for (const { atom } of a.terms?.length === 1 ? (a.terms[0]?.factors ?? []) : []) {
    const size = atomSize(atom);
    const [left, right] = [a, b].map((one) => exactDivide(one, size, NO_FACTS));
    if (left && right && !left.needs && !right.needs) return withoutCommon(left.quotient, right.quotient);
  }
  return [a, b];
}

function atomSize(atom: Atom): Dim {
  switch (atom.kind) {
    case 'symbol':
      return symbol(atom.name);
    case 'floor':
      return floorDivide(atom.left, atom.right);
    case 'mod':
      return modulo(atom.left, atom.right);
    case 'max':
      return atom.args.reduce(maximum);
    case 'min':
      return atom.args.reduce(minimum);
  }
}

/** Axes of size 1 before it belong to it. */
function withOnes(target: readonly Dim[], axis: number): number {
  return axis > 0 && asConstant(target[axis - 1] ?? ZERO) === 1 ? withOnes(target, axis - 1) : axis;
}

/** Whether a size is made of products alone: of others more may hold than is known. */
export const isPlain = (size: Dim): boolean =>
  (size.terms ?? []).every(({ factors }) => factors.every(({ atom }) => atom.kind === 'symbol')) && symbolsOf(size).length > 0;

/** How an operator's outputs lie. */
export function laidOut(operator: Operator, inputs: readonly Laid[], attributes: Attributes, outputs: readonly TensorType[], facts: Facts): readonly Strides[] {
  const all = (strides: Strides): readonly Strides[] => outputs.map(() => strides);
  const layout = operator.strides;
  if (layout === undefined) return all('unknown');
  if (typeof layout === 'function') return layout(inputs, attributes, outputs, facts);
  if (layout === 'rows') return all('contiguous');
  if (layout === 'first') return all(inputs[0]?.strides ?? 'unknown');
  if (layout === 'settled') return all(inputs.every(({ strides }) => strides === 'contiguous') ? 'contiguous' : 'unknown');
  return outputs.map(({ shape }) => kept(inputs, shape, facts));
}
