/** Reshaping: the elements stay, in their order. */
import {
  asConstant,
  assumeDivides,
  compare,
  constant,
  type Dim,
  divides,
  exactDivide,
  type Facts,
  isUnknown,
  key,
  NO_FACTS,
  ONE,
  product,
  same,
  subtract,
  UNKNOWN,
} from '../dim/index';
import { listOf, numberOf, readNumbers } from './attributes';
import { operand } from './kernels';
import { reshapedLayout } from './layouts';
import type { Attributes, Demand, Operator, Placed, PutBack, RuleContext, ShapeResult, TensorType } from './operator';
import { failure, mustDivide, mustEqual, result, withSize } from './rules';
import { wholeSizes } from './sizes';
import { viewed } from './strides';

/** A division that was rounded down: `over // under`. */
interface Rounding {
  readonly over: Dim;
  readonly under: Dim;
}

/** All divisions in the expression that were rounded down, the inner ones first. */
function roundingsIn(dim: Dim): Rounding[] {
  const found = new Map<string, Rounding>();
  const visit = (dim: Dim): void => {
    for (const { atom } of (dim.terms ?? []).flatMap(({ factors }) => factors)) {
      if (atom.kind !== 'floor') continue;
      visit(atom.left);
      visit(atom.right);
      found.set(`${key(atom.left)} // ${key(atom.right)}`, { over: atom.left, under: atom.right });
    }
  };
  visit(dim);
  return [...found.values()];
}

/** Rounded up, as (h - 1)//2 + 1, it is h that leaves no rest. */
function withoutConstant({ over, under }: Rounding): Rounding {
  const constantPart = over.terms?.find(({ factors }) => factors.length === 0)?.coefficient ?? 0;
  return { over: asConstant(under) === undefined || asConstant(over) !== undefined ? over : subtract(over, constant(constantPart)), under };
}

/** The divisions that may have to leave no rest, in the order in which that is to be tried. */
function guesses(target: Dim, total: Dim): Rounding[][] {
  const [wanted, given] = [roundingsIn(target), roundingsIn(total)];
  const sets = [wanted, [...wanted, ...given], given].filter((set) => set.length > 0);
  return [...sets, ...sets.map((set) => set.map(withoutConstant))];
}

const assuming = (facts: Facts, roundings: readonly Rounding[]): Facts =>
  roundings.reduce((assumed, { over, under }) => assumeDivides(assumed, under, over, 'the division leaves no rest'), facts);

/** The fewest divisions that must leave no rest for `holds` to be true, of the first guess for which it is. */
function fewest(sets: readonly Rounding[][], facts: Facts, holds: (facts: Facts) => boolean): Rounding[] | undefined {
  const open = sets.map((set) => set.filter(({ over, under }) => divides(under, over, facts) === 'unknown'));
  let needed = open.find((set) => set.length > 0 && holds(assuming(facts, set)));
  for (const each of needed ?? []) {
    const others = (needed ?? []).filter((other) => other !== each);
    if (holds(assuming(facts, others))) needed = others;
  }
  return needed;
}

const demandsOf = (roundings: readonly Rounding[]): Demand[] => roundings.flatMap(({ over, under }) => mustDivide(under, over, 'elements', [{ input: 0 }]));

/** Both lists without the sizes that stand in both. */
function withoutCommon(given: readonly Dim[], wanted: readonly Dim[]): [Dim[], Dim[]] {
  const left = [...given];
  const right = wanted.filter((size) => {
    const at = isUnknown(size) ? -1 : left.findIndex((other) => same(size, other));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [left, right];
}

/**
 * What must hold for `total` elements to fill `target`. Where they differ by rounding alone (`heads * (c // heads)` for `c`)
 * the division must leave no rest; otherwise the rest of both, common factors taken away, must be equal.
 */
function mustFill(total: Dim, target: Dim, context: RuleContext): Demand[] {
  const { facts } = context;
  if (isUnknown(total) || isUnknown(target) || compare(total, target, facts) === 'equal') return [];
  const needed = fewest(guesses(target, total), facts, (assumed) => compare(total, target, assumed) === 'equal');
  if (needed) return demandsOf(needed);
  const division = exactDivide(total, target, facts);
  const [left, right] = division?.need ? [division.need.size, division.need.divisor] : division ? [division.quotient, ONE] : [total, target];
  return mustEqual(left, right, 'elements', [{ input: 0 }], context);
}

/** The size that `-1` stands for, and what must hold for there to be one. */
function implied(total: Dim, others: Dim, { facts }: RuleContext): { size: Dim; demands: Demand[] } {
  if (isUnknown(total) || isUnknown(others)) return { size: UNKNOWN, demands: [] };
  const plain = exactDivide(total, others, facts);
  if (plain && !plain.needs) return { size: plain.quotient, demands: [] };
  const exact = (assumed: Facts) => {
    const division = exactDivide(total, others, assumed);
    return division && !division.needs ? division.quotient : undefined;
  };
  const needed = fewest(guesses(others, total), facts, (assumed) => exact(assumed) !== undefined);
  if (needed) return { size: exact(assuming(facts, needed)) ?? UNKNOWN, demands: demandsOf(needed) };
  const { divisor, size } = plain?.need ?? { divisor: others, size: total };
  return { size: plain?.quotient ?? UNKNOWN, demands: mustDivide(divisor, size, 'elements', [{ input: 0 }]) };
}

/** The shape that a tensor is brought to, and what must hold for it. One size may be -1; one that is not known follows from the others. */
export function reshaped(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const items = listOf(attributes.shape);
  const read = wholeSizes(attributes, 'shape', 'elements', context);
  const holes = items.flatMap((item, axis) => (numberOf(item) === -1 ? [axis] : []));
  const shape = holes.reduce<readonly Dim[]>((sizes, axis) => withSize(sizes, axis, UNKNOWN), read.sizes);
  const negative = items.map(numberOf).find((item) => item !== undefined && item < 0 && item !== -1);
  if (holes.length > 1) return failure([{ shape, dtype: x.dtype }], 'argument', { operator: 'reshape', reason: `${holes.length} sizes are -1: one may be` });
  if (negative !== undefined) return failure([{ shape, dtype: x.dtype }], 'argument', { operator: 'reshape', reason: `a size of ${negative}` });
  if (read.problem) return { outputs: [{ shape, dtype: x.dtype }], problem: read.problem };
  const facts = read.demands.reduce(
    (known, demand) => (demand.kind === 'divides' ? assumeDivides(known, demand.divisor, demand.size, '') : known),
    context.facts,
  );
  return filled(x, shape, holes, read.demands, { ...context, facts });
}

function filled(x: TensorType, shape: readonly Dim[], holes: readonly number[], demands: readonly Demand[], context: RuleContext): ShapeResult {
  const open = holes[0] ?? openAxis(shape);
  const [given, wanted] = withoutCommon(x.shape, open === undefined ? shape : withSize(shape, open, ONE)).map(product) as [Dim, Dim];
  if (open === undefined) return result(shape, x.dtype, [...demands, ...mustFill(given, wanted, context)]);
  const { size, demands: more } = implied(given, wanted, context);
  const output = { shape: withSize(shape, open, holes.length === 0 && more.length > 0 ? UNKNOWN : size), dtype: x.dtype };
  const stated = { outputs: [output], demands: [...demands, ...(holes.length === 0 ? [] : more)] };
  return isUnknown(size) && more.length === 0 ? { ...stated, unknown: 'a size on the way is not known' } : stated;
}

/** The one size that is not known follows from the number of elements, as -1 would. */
function openAxis(shape: readonly Dim[]): number | undefined {
  const unknown = shape.flatMap((size, axis) => (isUnknown(size) ? [axis] : []));
  return unknown.length === 1 ? unknown[0] : undefined;
}

/** The shape that a tensor had, where all its sizes are known. */
export const reshapedBack = ({ shape }: TensorType): PutBack | undefined =>
  shape.some(isUnknown) ? undefined : { operator: 'reshape', attributes: { shape: shape.map((size) => ({ kind: 'size', size })) } };

const copiesUnder = (x: Placed, output: TensorType | undefined): boolean =>
  x.strides !== undefined && output !== undefined && viewed({ ...x, strides: x.strides }, output.shape, NO_FACTS).kind === 'none';

/** Reshaping of the runtimes: tf.reshape, and torch's reshape, view, flatten and unflatten. */
export const reshape: Operator = {
  name: 'reshape',
  strides: reshapedLayout,
  gradient: 'reshaped',
  doc: 'The same elements in another shape, one size of which may be -1: js.tensorflow.org/api/latest/#reshape.',
  shape([x], attributes, context) {
    return x ? reshaped(x, attributes, context) : failure([], 'argument', { operator: 'reshape', reason: 'an operand is missing' });
  },
  // torch copies where the operand's strides do not allow a view.
  storage: { torch: ([x], _attributes, at) => (x && at && copiesUnder(x, at.outputs[0]) ? 'copy' : 'view'), tfjs: 'view' },
  putBack: (base, attributes) => (attributes.view ? reshapedBack(base) : undefined),
  kernel: (tf, inputs, attributes) => tf.reshape(operand(inputs, 0), readNumbers(attributes, 'shape') ?? []),
};
