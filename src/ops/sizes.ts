/** Sizes in operators' settings that may be written as quotients: `c / heads` in JavaScript is a real number, and a size where `heads` divides `c`. */
import { add, constant, type Dim, exactDivide, isUnknown, multiply, negate, ONE, type Real, UNKNOWN } from '../dim/index';
import { isReal, listOf, numberOf, sizeOf } from './attributes';
import type { Attribute, Attributes, Demand, DemandSubject, RuleContext, RuleProblem } from './operator';
import { mustDivide } from './rules';

/** A size as read from a setting, and what must hold for it to be whole. */
export interface SizeRead {
  readonly size: Dim;
  readonly demands: readonly Demand[];
  readonly problem?: RuleProblem;
}

interface Fraction {
  readonly over: Dim;
  readonly under: Dim;
}

const whole = (over: Dim): Fraction => ({ over, under: ONE });

/** Halves, quarters and so on are written as numbers too: `c * 0.5`. */
function fractionOfNumber(value: number): Fraction | undefined {
  const under = [1, 2, 4, 8, 16, 32, 64].find((divisor) => Number.isSafeInteger(value * divisor));
  return under === undefined ? undefined : { over: constant(value * under), under: constant(under) };
}

/** The quotient of sizes that a number is made of by arithmetic. */
export function fractionOf(real: Real): Fraction | undefined {
  if (real.kind === 'number') return fractionOfNumber(real.value);
  if (real.kind === 'size') return whole(real.size);
  const [a, b] = real.args.map(fractionOf);
  if (a === undefined) return undefined;
  if (real.fn === 'neg') return { over: negate(a.over), under: a.under };
  return b === undefined ? undefined : combine(real.fn, a, b);
}

function combine(fn: string, a: Fraction, b: Fraction): Fraction | undefined {
  const under = multiply(a.under, b.under);
  if (fn === 'mul') return { over: multiply(a.over, b.over), under };
  if (fn === 'div') return { over: multiply(a.over, b.under), under: multiply(a.under, b.over) };
  if (fn === 'add') return { over: add(multiply(a.over, b.under), multiply(b.over, a.under)), under };
  if (fn === 'sub') return { over: add(multiply(a.over, b.under), negate(multiply(b.over, a.under))), under };
  return undefined;
}

/** A setting's size; a quotient that is not known to be whole is rounded down, and demands to be. */
export function wholeSize(value: Attribute | undefined, about: DemandSubject, context: RuleContext): SizeRead {
  const size = sizeOf(value);
  const fraction = isUnknown(size) && isReal(value) ? fractionOf(value) : undefined;
  const number = numberOf(value);
  if (number !== undefined && !Number.isSafeInteger(number))
    return { size: UNKNOWN, demands: [], ...(Number.isFinite(number) ? { problem: fractional(number) } : {}) };
  if (!fraction) return { size, demands: [] };
  const division = exactDivide(fraction.over, fraction.under, context.facts);
  if (!division) return { size: UNKNOWN, demands: mustDivide(fraction.under, fraction.over, about, []) };
  return { size: division.quotient, demands: division.need ? mustDivide(division.need.divisor, division.need.size, about, []) : [] };
}

const fractional = (value: number): RuleProblem => ({
  code: 'argument',
  args: { reason: `a size of ${value} is ${Number.isInteger(value) ? 'more than any tensor has' : 'not whole'}` },
});

/** A list of sizes as read from a setting. */
export interface SizesRead {
  readonly sizes: readonly Dim[];
  readonly demands: readonly Demand[];
  readonly problem?: RuleProblem;
}

/** A setting's sizes. */
export function wholeSizes(attributes: Attributes, name: string, about: DemandSubject, context: RuleContext): SizesRead {
  const read = listOf(attributes[name]).map((value) => wholeSize(value, about, context));
  const problem = read.find((each) => each.problem)?.problem;
  return { sizes: read.map(({ size }) => size), demands: read.flatMap(({ demands }) => demands), ...(problem ? { problem } : {}) };
}

/** Whether the size is a number below zero. */
export const isNegative = (value: Attribute | undefined): boolean => (numberOf(value) ?? 0) < 0;
