/** What shape rules share: results, demands, axes and broadcasting. Rules state what must hold; they do not judge it. */
import { asConstant, compare, type Dim, isUnknown, ONE, same, symbolsOf, UNKNOWN } from '../dim/index';
import type { Demand, DemandSubject, DType, OperandAxis, RuleContext, RuleProblem, ShapeResult, TensorType } from './operator';

/** A tensor's type. */
export const tensorType = (shape: readonly Dim[], dtype: DType): TensorType => ({ shape, dtype });

/** A rule's result with one output. */
export function result(shape: readonly Dim[], dtype: DType, demands: readonly Demand[] = []): ShapeResult {
  return results([tensorType(shape, dtype)], demands);
}

/** A rule's result with several outputs. */
export function results(outputs: readonly TensorType[], demands: readonly Demand[] = []): ShapeResult {
  return demands.length === 0 ? { outputs } : { outputs, demands };
}

/** A rule's result where no size can mend the mistake; the outputs are what was most probably meant. */
export function failure(outputs: readonly TensorType[], code: RuleProblem['code'], args: RuleProblem['args'], at: readonly OperandAxis[] = []): ShapeResult {
  return { outputs, problem: at.length === 0 ? { code, args } : { code, args, at } };
}

/** As many unknown sizes. */
export const unknownShape = (rank: number): Dim[] => Array.from({ length: Math.max(0, rank) }, () => UNKNOWN);

/** The axis counted from the front, or undefined where there is none such. */
export function axisOf(axis: number, rank: number): number | undefined {
  const counted = axis < 0 ? axis + rank : axis;
  return Number.isInteger(counted) && counted >= 0 && counted < rank ? counted : undefined;
}

/** The axes counted from the front, in order and each once; all of them for null; undefined where one does not exist. */
export function axesOf(axes: readonly number[] | null | undefined, rank: number): number[] | undefined {
  if (axes === null || axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const counted = axes.map((axis) => axisOf(axis, rank));
  if (counted.some((axis) => axis === undefined)) return undefined;
  return [...new Set(counted as number[])].sort((a, b) => a - b);
}

/** The shape with one size replaced. */
export const withSize = (shape: readonly Dim[], axis: number, size: Dim): Dim[] => shape.map((old, at) => (at === axis ? size : old));

/** The shape without the axes. */
export const withoutAxes = (shape: readonly Dim[], axes: readonly number[]): Dim[] => shape.filter((_, axis) => !axes.includes(axis));

/** The size at an axis; UNKNOWN beyond the rank. */
export const sizeAt = (shape: readonly Dim[], axis: number): Dim => shape[axis] ?? UNKNOWN;

/** Demands `left == right`, unless it is known to hold or a side is unknown. */
export function mustEqual(left: Dim, right: Dim, about: DemandSubject, at: readonly OperandAxis[], context: RuleContext): Demand[] {
  if (isUnknown(left) || isUnknown(right) || compare(left, right, context.facts) === 'equal') return [];
  return [{ kind: 'equal', left, right, about, at }];
}

/** Demands `small <= large`, unless a side is unknown. */
export function mustBeAtMost(small: Dim, large: Dim, about: DemandSubject, at: readonly OperandAxis[]): Demand[] {
  return isUnknown(small) || isUnknown(large) ? [] : [{ kind: 'atMost', small, large, about, at }];
}

/** Demands that `divisor` divides `size`, unless a side is unknown. */
export function mustDivide(divisor: Dim, size: Dim, about: DemandSubject, at: readonly OperandAxis[]): Demand[] {
  if (isUnknown(divisor) || isUnknown(size) || asConstant(divisor) === 1 || same(divisor, size)) return [];
  return [{ kind: 'divides', divisor, size, about, at }];
}

/** Of two sizes that are demanded equal, the one that says more: a constant, then a known one, then the one over fewer symbols, then the left. */
export function moreSpecific(left: Dim, right: Dim): Dim {
  if (isUnknown(left)) return right;
  if (isUnknown(right) || asConstant(left) !== undefined) return left;
  return symbolsOf(right).length < symbolsOf(left).length ? right : left;
}

/** Shapes merged into one, with what must hold for it. */
export interface Merged {
  readonly shape: readonly Dim[];
  readonly demands: readonly Demand[];
}

/** Shapes to broadcast: each with the operand that it belongs to, and how many of that operand's axes stand before it. */
export interface BroadcastOperand {
  readonly shape: readonly Dim[];
  readonly input: number;
  readonly offset?: number;
}

const isOne = (size: Dim, context: RuleContext): boolean => !isUnknown(size) && compare(size, ONE, context.facts) === 'equal';

/** numpy's broadcasting of the shapes, aligned at their last axes. */
export function broadcast(operands: readonly BroadcastOperand[], context: RuleContext, about: DemandSubject = 'broadcast'): Merged {
  const rank = Math.max(0, ...operands.map((operand) => operand.shape.length));
  const columns = Array.from({ length: rank }, (_, axis) => broadcastAxis(operands, rank - axis, context, about));
  return { shape: columns.map((column) => column.size), demands: columns.flatMap((column) => column.demands) };
}

function broadcastAxis(operands: readonly BroadcastOperand[], fromEnd: number, context: RuleContext, about: DemandSubject) {
  const demands: Demand[] = [];
  let merged: { size: Dim; at: OperandAxis } | undefined;
  for (const { shape, input, offset = 0 } of operands) {
    const axis = shape.length - fromEnd;
    if (axis < 0) continue;
    const size = sizeAt(shape, axis);
    const at = { input, axis: axis + offset };
    if (merged === undefined || isOne(merged.size, context)) {
      merged = { size, at };
    } else if (!isOne(size, context)) {
      demands.push(...mustEqual(merged.size, size, about, [merged.at, at], context));
      merged = broadcastPair(merged, { size, at });
    }
  }
  return { size: merged?.size ?? ONE, demands };
}

/** Beside an unknown size, which may be 1, only a constant above 1 (or equal sizes) tells the result. */
function broadcastPair<T extends { readonly size: Dim }>(left: T, right: T): T {
  const winner = moreSpecific(left.size, right.size) === left.size ? left : right;
  const loser = winner === left ? right : left;
  if (!isUnknown(loser.size) || (asConstant(winner.size) ?? 0) > 1) return winner;
  return loser;
}

/** Broadcasts whole operands. */
export function broadcastTypes(inputs: readonly TensorType[], context: RuleContext, about: DemandSubject = 'broadcast'): Merged {
  return broadcast(
    inputs.map(({ shape }, input) => ({ shape, input })),
    context,
    about,
  );
}

/**
 * The broadcasting of tfjs's merging layers (`layers.add`, `layers.multiply`): the first axis is the batch and stays where it is;
 * the other axes are aligned at the end, so that `[b, h, w, c]` meets `[b, c]`.
 */
export function broadcastLayers(inputs: readonly TensorType[], context: RuleContext): Merged {
  if (inputs.some(({ shape }) => shape.length === 0)) return broadcastTypes(inputs, context);
  const batch = broadcast(
    inputs.map(({ shape }, input) => ({ shape: shape.slice(0, 1), input })),
    context,
    'batch',
  );
  const rest = broadcast(
    inputs.map(({ shape }, input) => ({ shape: shape.slice(1), input, offset: 1 })),
    context,
  );
  return { shape: [...batch.shape, ...rest.shape], demands: [...batch.demands, ...rest.demands] };
}
