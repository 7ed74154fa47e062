/** Axes in operators' settings. */
import { isGiven, readNumber, readNumbers } from './attributes';
import type { Attributes, RuleProblem, ShapeResult, TensorType } from './operator';
import { axesOf, axisOf } from './rules';

/** Axes counted from the front, in order; or a problem, or (with neither) nothing known. */
export interface AxesRead {
  readonly axes?: readonly number[];
  readonly problem?: RuleProblem;
}

/** An axis counted from the front; or a problem, or (with neither) nothing known. */
export interface AxisRead {
  readonly axis?: number;
  readonly problem?: RuleProblem;
}

/** That there is no such axis. */
export function noAxis(axis: number, rank: number, input = 0): RuleProblem {
  return { code: 'axis', args: { axis, rank }, at: [{ input }] };
}

/** The setting as one axis of the operand. */
export function readAxis(attributes: Attributes, name: string, rank: number, fallback: number): AxisRead {
  const given = isGiven(attributes, name) ? readNumber(attributes, name, Number.NaN) : fallback;
  if (Number.isNaN(given)) return {};
  const axis = axisOf(given, rank);
  return axis === undefined ? { problem: noAxis(given, rank) } : { axis };
}

/** The setting as axes of the operand, each once; all of them where it is null. */
export function readAxes(attributes: Attributes, name: string, rank: number): AxesRead {
  const given = readNumbers(attributes, name);
  if (given?.some(Number.isNaN)) return {};
  const axes = axesOf(given, rank);
  if (axes) return { axes };
  return { problem: noAxis(given?.find((axis) => axisOf(axis, rank) === undefined) ?? 0, rank) };
}

/** A result with the outputs most probably meant, and the problem where there is one. */
export function withProblem(outputs: readonly TensorType[], problem: RuleProblem | undefined, unknown: string): ShapeResult {
  return problem ? { outputs, problem } : { outputs, unknown };
}

/** Why sizes are unknown where axes are. */
export const UNKNOWN_AXIS = 'the axis is not known';
