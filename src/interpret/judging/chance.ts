/** Equalities that hold by chance alone: sizes that are meant to vary would have to agree, or a size that is meant to vary would have to be 1. */
import { asConstant, assumeEqual, compare, type Dim, divides, evaluate, format, isName, isUnknown, same, simplify, symbol, symbolsOf } from '../../dim/index';
import type { Run, SymbolRecord } from '../run';
import {
  argumentsFor,
  batchMakesArgument,
  batchMeetsOtherAxis,
  headsFillWidth,
  headsMeetLength,
  headsMeetWidth,
  isArgument,
  isCalledBatch,
  lengthMeetsWidth,
  partMeetsLength,
  rankOf,
  recordsOf,
  widthMeetsSquare,
} from './roles';
import { weightTurned } from './turned';

/** The operands of the operator that demands it. */
export interface Operands {
  readonly bothData: boolean;
  readonly contracts: boolean;
  readonly broadcasts: boolean;
  /** The axes stand before those of a matrix. */
  readonly batches: boolean;
  /** The sizes of the operands, and the axes that are to agree. */
  readonly left?: OperandAxis;
  readonly right?: OperandAxis;
}

export interface OperandAxis {
  readonly shape: readonly Dim[];
  readonly axis: number;
  /** Made from the module's inputs, not from weights and constants alone. */
  readonly fromInputs: boolean;
  /** Made of weights alone. */
  readonly isWeight: boolean;
}

/** Whether `left == right`, which is not known to hold, would hold by chance. */
export function byChance(run: Run, left: Dim, right: Dim, operands: Operands | undefined): boolean {
  if (heldByDefaults(run, left, right)) return false;
  return (
    (!isFixedByWeight(left, right, operands) && collapses(run, left, right)) ||
    manyInOne(run, left, right, operands) ||
    pinsDown(left, right) ||
    joinsAxes(run, left, right) ||
    batchMeets(run, left, right, operands) ||
    meetsFixedWeight(run, left, right, operands) ||
    lengthMeetsWidth(run, left, right) ||
    headsMeetWidth(run, left, right) ||
    headsFillWidth(run, left, right) ||
    widthMeetsSquare(run, left, right) ||
    weightTurned(run, left, right) ||
    headsMeetLength(run, left, right) ||
    partMeetsLength(run, left, right) ||
    onesCross(left, right, operands) ||
    isWholePart(run, left, right) ||
    batchMakesArgument(run, left, right) ||
    batchMeetsOtherAxis(run, left, right)
  );
}

/** A weight that was made for one feature says so: the input has one. */
const isFixedByWeight = (left: Dim, right: Dim, operands: Operands | undefined): boolean =>
  operands?.broadcasts !== true &&
  ((asConstant(left) === 1 && operands?.left?.isWeight === true) || (asConstant(right) === 1 && operands?.right?.isWeight === true));

/** In the place of the batch, all that an input has of it would have to be one: it stands there times something. */
function manyInOne(run: Run, left: Dim, right: Dim, operands: Operands | undefined): boolean {
  const [one, batch] = asConstant(left) === 1 ? [left, lone(run, right)] : [right, lone(run, left)];
  return operands?.batches === true && asConstant(one) === 1 && batch?.axis === 0 && rankOf(run, batch.input) >= 3;
}

/** An axis that was put in stands where the other operand has the size, and the size where that has its own: each is asked to be 1. */
function onesCross(left: Dim, right: Dim, operands: Operands | undefined): boolean {
  const [a, b] = [operands?.left, operands?.right];
  if (operands?.bothData !== true || operands.broadcasts || !a || !b || a.shape.length !== b.shape.length) return false;
  const isOne = (size: Dim | undefined): boolean => size !== undefined && asConstant(size) === 1;
  const stands = (size: Dim, other: OperandAxis, own: OperandAxis) =>
    symbolsOf(size).length > 0 && other.shape.some((one, axis) => axis !== other.axis && !isUnknown(one) && same(one, size) && isOne(own.shape[axis]));
  return (isOne(right) && stands(left, b, a)) || (isOne(left) && stands(right, a, b));
}

/** c == c//r asks that nothing is divided: by chance, but where that is the default. */
function isWholePart(run: Run, left: Dim, right: Dim): boolean {
  const asks = (whole: Dim, part: Dim) => {
    const atom = isQuotient(part) ? part.terms?.[0]?.factors[0]?.atom : undefined;
    if (atom?.kind !== 'floor' || !isName(whole) || !same(atom.left, whole)) return false;
    const divisors = recordsOf(run, atom.right);
    return divisors.length > 0 && divisors.every(({ role, example }) => role === 'argument' && example !== 1);
  };
  return asks(left, right) || asks(right, left);
}

/** Whether a number would have to be the root of what it divides, which the defaults do not say. */
export const asksForSquare = (run: Run, left: Dim, right: Dim): boolean =>
  !heldByDefaults(run, left, right) && (isPartBy(left, right) || isPartBy(right, left));

/** So many sizes are tried. */
const TRIED = 64;

/** An equation in one size that hardly any size solves: c//2 == c. */
function pinsDown(left: Dim, right: Dim): boolean {
  const [name, ...more] = [...new Set([...symbolsOf(left), ...symbolsOf(right)])];
  if (name === undefined || more.length > 0 || symbolsOf(left).length === 0 || symbolsOf(right).length === 0) return false;
  // Parts of an axis that begin at written places have one size where the axis has the size that they were written for.
  if (isCut(left) || isCut(right)) return false;
  const values = Array.from({ length: TRIED }, (_, at) => ({ [name]: at + 1 }));
  if (values.some((value) => evaluate(left, value) === undefined || evaluate(right, value) === undefined)) return false;
  return values.filter((value) => evaluate(left, value) === evaluate(right, value)).length <= 1;
}

/** Whether a size is what is left where a slice ends at the axis's own end. */
export const isCut = (dim: Dim): boolean =>
  (dim.terms ?? []).some(({ factors }) => factors.some(({ atom }) => atom.kind === 'min' || (atom.kind === 'max' && atom.args.some(isZero))));

const isZero = (dim: Dim): boolean => asConstant(dim) === 0;

/** A size that weights were made to fit, whatever it is, meets a weight's axis that has a number written for it. */
function meetsFixedWeight(run: Run, left: Dim, right: Dim, operands: Operands | undefined): boolean {
  if (!operands?.broadcasts) return false;
  const isFixed = (size: Dim, other: Dim, holder: OperandAxis | undefined) =>
    (asConstant(other) ?? 1) > 1 && holder?.isWeight === true && lone(run, size) !== undefined && weightsFit(run, size);
  return (
    isFixed(left, right, operands.left) || isFixed(left, right, operands.right) || isFixed(right, left, operands.left) || isFixed(right, left, operands.right)
  );
}

/** Whether some weight has the size on an axis. */
const weightsFit = (run: Run, size: Dim): boolean =>
  run.nodes.some(({ op, outputs }) => op === 'parameter' && outputs.some(({ shape }) => shape?.some((one) => symbolsOf(one).includes(format(size)))));

/**
 * Whether arguments that stand for different things would have to agree, or one would have to be a number that is written down: what is free to give
 * need not. What one argument asks of itself (that a window is odd, say) is its need, and where all have defaults these speak for it or against it.
 */
export function argumentsByChance(run: Run, left: Dim, right: Dim): boolean {
  const records = new Set([...recordsOf(run, left), ...recordsOf(run, right)]);
  if ([...records].every(({ example }) => example !== undefined)) return false;
  const isNumber = (one: Dim, other: Dim) => isName(one) && (asConstant(other) ?? 0) > 1;
  return records.size > 1 || isNumber(left, right) || isNumber(right, left);
}

/** Whether an argument says already how large the size is, and is no part of what it is asked to be now. */
export function isToldOtherwise(run: Run, size: Dim, other: Dim): boolean {
  const told = argumentsFor(run, size);
  return told.length > 0 && told.every((name) => !symbolsOf(other).includes(name) && argumentsByChance(run, symbol(name), other));
}

/** Whether a part of a size would have to be divided by more than it is. */
export function pinsPart(divisor: Dim, size: Dim): boolean {
  const [name, ...more] = [...new Set([...symbolsOf(divisor), ...symbolsOf(size)])];
  if (name === undefined || more.length > 0 || symbolsOf(divisor).length === 0 || symbolsOf(size).length === 0) return false;
  const values = Array.from({ length: TRIED }, (_, at) => [evaluate(divisor, { [name]: at + 1 }), evaluate(size, { [name]: at + 1 })] as const);
  return (
    values.every(([part, whole]) => part !== undefined && whole !== undefined) && values.filter(([part, whole]) => (whole ?? 1) % (part || 1) === 0).length <= 1
  );
}

/** Where all symbols have defaults, they were chosen to fit. */
function heldByDefaults(run: Run, left: Dim, right: Dim): boolean {
  const records = [...recordsOf(run, left), ...recordsOf(run, right)];
  if (records.length === 0 || records.some((record) => record.example === undefined)) return false;
  const sizes = Object.fromEntries(records.map((record) => [record.name, record.example ?? 1]));
  const values = [evaluate(left, sizes), evaluate(right, sizes)];
  return values[0] !== undefined && values[0] === values[1];
}

/** A factor that is written down would have to be 1: one side is 1, or one of two names is a multiple of the other. */
function collapses(run: Run, left: Dim, right: Dim): boolean {
  if (asConstant(left) === 1) return !isFree(run, right);
  if (asConstant(right) === 1) return !isFree(run, left);
  if (isPartBy(left, right) || isPartBy(right, left)) return true;
  if (!isName(left) || !isName(right)) return false;
  return divides(left, right, run.known.facts) === 'yes' || divides(right, left, run.known.facts) === 'yes';
}

/** q == x//q asks x to be a square. */
const isPartBy = (name: Dim, part: Dim): boolean =>
  isName(name) &&
  isQuotient(part) &&
  symbolsOf(part.terms?.[0]?.factors[0]?.atom.kind === 'floor' ? part.terms[0].factors[0].atom.right : name).includes(format(name)) &&
  format(part) !== format(name);

/** A size of an input that the code never names, and that no argument is: it may well be 1. */
function isFree(run: Run, dim: Dim): boolean {
  const record = lone(run, dim);
  return record !== undefined && !record.named && !isArgument(run, dim);
}

/** Two axes of one input, both of which the code names, would be of one size. */
function joinsAxes(run: Run, left: Dim, right: Dim): boolean {
  const { facts } = run.known;
  const met = [...recordsOf(run, left), ...recordsOf(run, right), ...recordsOf(run, simplify(left, facts)), ...recordsOf(run, simplify(right, facts))];
  const inputs = new Set(met.flatMap((record) => (record.role === 'data' && record.input !== undefined ? [record.input] : [])));
  const after = assumeEqual(facts, left, right, '');
  return [...inputs].some((input) => {
    const axes = [...run.symbols.values()]
      .filter((record) => record.role === 'data' && record.named && record.input === input)
      .map((record) => symbol(record.name));
    return axes.some((one, at) => axes.slice(at + 1).some((other) => compare(one, other, facts) === 'unknown' && compare(one, other, after) === 'equal'));
  });
}

/** In the place of the batch, another axis of an input meets another input. */
function batchMeets(run: Run, left: Dim, right: Dim, operands: Operands | undefined): boolean {
  const [a, b] = [operands?.left, operands?.right];
  if (!a || !b || a.axis !== 0 || b.axis !== 0 || a.shape.length < 3 || a.shape.length !== b.shape.length) return false;
  const [one, other] = [lone(run, left), lone(run, right)];
  // Where batches do not come first, as what recurs has them, the code calls them so.
  if (one !== undefined && other !== undefined) return [one, other].some((record) => record.axis !== 0 && !isCalledBatch(record));
  const moved = one ?? other;
  if (moved && moved.axis !== 0 && moved.named && operands?.batches && operands.bothData) return symbolsOf(one ? right : left).length > 0;
  return (
    operands?.batches === true &&
    (one?.axis === 0 ? symbolsOf(right).length > 0 && !varies(run, right) : other?.axis === 0 && symbolsOf(left).length > 0 && !varies(run, left))
  );
}

/** The record of a size that is one axis of an input. */
function lone(run: Run, dim: Dim): SymbolRecord | undefined {
  const [record] = recordsOf(run, dim);
  return record?.role === 'data' && format(dim) === record.name ? record : undefined;
}

/** The size wanted stands on another axis of the operand; or a size that varies meets one that does not, where that was not to be asked for. */
export function operandsCross(run: Run, left: Dim, right: Dim, operands: Operands | undefined): boolean {
  if (!operands || !(operands.contracts || operands.broadcasts)) return false;
  const { bothData, contracts, left: a, right: b } = operands;
  if (contracts && a && b && (standsBeside(run, a, right) || standsBeside(run, b, left))) return true;
  if (!contracts && a && b && standsBeside(run, a, right) && standsBeside(run, b, left)) return true;
  if (madeToFit(run, left, right, a, b) || madeToFit(run, right, left, b, a)) return true;
  if (!bothData || agreesByAxes(run, left, right)) return false;
  if (varies(run, left) === varies(run, right)) return !contracts && !varies(run, left) && isQuotient(left) !== isQuotient(right);
  if (contracts) return true;
  return varies(run, left) ? symbolsOf(right).length > 0 && isMoved(run, left, a) : symbolsOf(left).length > 0 && isMoved(run, right, b);
}

/** Whether the sides are equal where the inputs agree axis by axis. */
function agreesByAxes(run: Run, left: Dim, right: Dim): boolean {
  const data = [...recordsOf(run, left), ...recordsOf(run, right)].filter((record) => record.role === 'data');
  const facts = data.reduce((known, record, at) => {
    const other = data.slice(at + 1).find((one) => one.axis === record.axis && one.input !== record.input);
    return other ? assumeEqual(known, symbol(record.name), symbol(other.name), '') : known;
  }, run.known.facts);
  return compare(left, right, facts) === 'equal';
}

const varies = (run: Run, dim: Dim): boolean => recordsOf(run, dim).some((record) => record.role === 'data');

/** A weight or constant of just the input's size meets a result of another: it was made to fit something else. */
function madeToFit(run: Run, size: Dim, other: Dim, holder: OperandAxis | undefined, meets: OperandAxis | undefined): boolean {
  return (
    holder !== undefined &&
    meets !== undefined &&
    !holder.fromInputs &&
    meets.fromInputs &&
    varies(run, size) &&
    !varies(run, other) &&
    symbolsOf(other).length > 0
  );
}

/** A part of an argument: what a head or a group has. */
const isQuotient = (dim: Dim): boolean =>
  (dim.terms ?? []).length === 1 && (dim.terms?.[0]?.factors ?? []).length === 1 && dim.terms?.[0]?.factors[0]?.atom.kind === 'floor';

/** A size of an input that no longer stands where the input has it, nor last where it was last. */
function isMoved(run: Run, size: Dim, at: OperandAxis | undefined): boolean {
  const record = lone(run, size);
  if (!record || !at || record.axis === undefined) return false;
  const rank = [...run.symbols.values()].filter((one) => one.input === record.input).length;
  const isLast = record.axis === rank - 1 && at.axis === at.shape.length - 1 && rank >= 3;
  return !isLast && !(at.axis === record.axis && at.shape.length === rank);
}

/** Whether the operand's other matrix axis has the size. */
function standsBeside(run: Run, { shape, axis }: OperandAxis, size: Dim): boolean {
  const found = shape[axis === shape.length - 1 ? shape.length - 2 : shape.length - 1];
  return found !== undefined && !isUnknown(found) && asConstant(found) === undefined && same(simplify(found, run.known.facts), simplify(size, run.known.facts));
}
