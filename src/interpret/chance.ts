/** Equalities that hold by chance alone: sizes that are meant to vary would have to agree, or a size that is meant to vary would have to be 1. */
import { asConstant, assumeEqual, compare, divides, evaluate, format, isUnknown, same, simplify, symbol, symbolsOf, type Dim } from '../dim/index';
import type { Run, SymbolRecord } from './run';

/** The operands of the operator that demands it. */
export interface Operands {
  readonly bothData: boolean;
  readonly contracts: boolean;
  /** The sizes of the operands, and the axes that are to agree. */
  readonly left?: OperandAxis;
  readonly right?: OperandAxis;
}

export interface OperandAxis {
  readonly shape: readonly Dim[];
  readonly axis: number;
}

/** Whether `left == right`, which is not known to hold, would hold by chance. */
export function byChance(run: Run, left: Dim, right: Dim, operands: Operands | undefined): boolean {
  if (heldByDefaults(run, left, right)) return false;
  return collapses(run, left, right) || joinsAxes(run, left, right) || batchMeets(run, left, right, operands);
}

const recordsOf = (run: Run, dim: Dim): SymbolRecord[] => symbolsOf(dim).flatMap((name) => run.symbols.get(name) ?? []);

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
  if (!isName(left) || !isName(right)) return false;
  return divides(left, right, run.known.facts) === 'yes' || divides(right, left, run.known.facts) === 'yes';
}

const isName = (dim: Dim): boolean => symbolsOf(dim).length === 1 && format(dim) === symbolsOf(dim)[0];

/** A size of an input that the code never names: it may well be 1. */
function isFree(run: Run, dim: Dim): boolean {
  const record = lone(run, dim);
  return record !== undefined && !record.named;
}

/** Two axes of one input, both of which the code names, would be of one size. */
function joinsAxes(run: Run, left: Dim, right: Dim): boolean {
  const { facts } = run.known;
  const met = [...recordsOf(run, left), ...recordsOf(run, right), ...recordsOf(run, simplify(left, facts)), ...recordsOf(run, simplify(right, facts))];
  const inputs = new Set(met.flatMap((record) => (record.role === 'data' && record.input !== undefined ? [record.input] : [])));
  const after = assumeEqual(facts, left, right, '');
  return [...inputs].some((input) => {
    const axes = [...run.symbols.values()].filter((record) => record.role === 'data' && record.named && record.input === input).map((record) => symbol(record.name));
    return axes.some((one, at) => axes.slice(at + 1).some((other) => compare(one, other, facts) === 'unknown' && compare(one, other, after) === 'equal'));
  });
}

/** In the place of the batch, the batch of one input meets another axis of another. */
function batchMeets(run: Run, left: Dim, right: Dim, operands: Operands | undefined): boolean {
  const [a, b] = [operands?.left, operands?.right];
  if (!a || !b || a.axis !== 0 || b.axis !== 0 || a.shape.length < 3 || a.shape.length !== b.shape.length) return false;
  const [one, other] = [lone(run, left), lone(run, right)];
  return one !== undefined && other !== undefined && (one.axis === 0) !== (other.axis === 0);
}

/** The record of a size that is one axis of an input. */
function lone(run: Run, dim: Dim): SymbolRecord | undefined {
  const [record] = recordsOf(run, dim);
  return record?.role === 'data' && format(dim) === record.name ? record : undefined;
}

/** The size wanted stands on another axis of the operand; or two results of the computation meet, of which one size varies and one does not. */
export function operandsCross(run: Run, left: Dim, right: Dim, operands: Operands | undefined): boolean {
  if (!operands?.contracts) return false;
  const { bothData, left: a, right: b } = operands;
  if (a && b && (standsBeside(run, a, right) || standsBeside(run, b, left))) return true;
  if (!bothData) return false;
  const varies = (dim: Dim) => recordsOf(run, dim).some((record) => record.role === 'data');
  return varies(left) !== varies(right);
}

/** Whether the operand's other matrix axis has the size. */
function standsBeside(run: Run, { shape, axis }: OperandAxis, size: Dim): boolean {
  const other = axis === shape.length - 1 ? shape.length - 2 : shape.length - 1;
  const found = shape[other];
  return found !== undefined && !isUnknown(found) && asConstant(found) === undefined && same(simplify(found, run.known.facts), simplify(size, run.known.facts));
}

