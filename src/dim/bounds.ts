/** Intervals that an expression lies in, whatever the sizes that the facts allow. */
import { subtract } from './arithmetic';
import type { Context, Interval } from './context';
import { floorNumbers } from './division';
import type { Atom, Dim, Term } from './terms';

const ALL: Interval = { low: -Infinity, high: Infinity };
const SIZE: Interval = { low: 1, high: Infinity };

/** The interval of an expression that stands in simplified form. */
export function intervalOf(dim: Dim, context: Context): Interval {
  if (!dim.terms) return ALL;
  const held = context.intervals.get(dim.text);
  if (held) return held;
  let total: Interval = { low: 0, high: 0 };
  for (const term of dim.terms) total = plus(total, termInterval(term, context));
  return context.intervals.set(dim.text, total);
}

function termInterval(term: Term, context: Context): Interval {
  let result: Interval = { low: 1, high: 1 };
  for (const { atom, power } of term.factors) {
    const base = atomInterval(atom, context);
    for (let step = 0; step < power; step++) result = times(result, base);
    if (power % 2 === 0 && base.low < 0) result = plus({ low: 0, high: 0 }, { low: Math.max(result.low, base.high >= 0 ? 0 : result.low), high: result.high });
  }
  return times(result, { low: term.coefficient, high: term.coefficient });
}

/** The interval of a symbol: a size, unless a fact gives it a bound of its own. */
export function symbolInterval(name: string, context: Context): Interval {
  const told = context.bounds.get(name);
  return told ? { ...SIZE, ...told } : SIZE;
}

/** The interval of one atom. */
export function atomInterval(atom: Atom, context: Context): Interval {
  if (atom.kind === 'symbol') return symbolInterval(atom.name, context);
  if ('args' in atom)
    return extremeInterval(
      atom.kind,
      atom.args.map((arg) => intervalOf(arg, context)),
    );
  const left = intervalOf(atom.left, context);
  const right = intervalOf(atom.right, context);
  if (right.low < 1) return ALL;
  if (atom.kind === 'mod') return { low: 0, high: Math.min(right.high - 1, left.low >= 0 ? left.high : Infinity) };
  return {
    low: left.low >= 0 ? over(left.low, right.high) : over(left.low, right.low),
    high: left.high >= 0 ? over(left.high, right.low) : over(left.high, right.high),
  };
}

function extremeInterval(kind: 'max' | 'min', parts: readonly Interval[]): Interval {
  const pick = kind === 'max' ? Math.max : Math.min;
  return { low: pick(...parts.map((part) => part.low)), high: pick(...parts.map((part) => part.high)) };
}

/** A bound over a bound from 1 up, rounded down. */
function over(value: number, by: number): number {
  if (!Number.isFinite(value)) return value;
  if (by === Infinity) return value < 0 ? -1 : 0;
  return floorNumbers(value, by) ?? (value < 0 ? -Infinity : 0);
}

function plus(a: Interval, b: Interval): Interval {
  return clamp(a.low + b.low, a.high + b.high);
}

function times(a: Interval, b: Interval): Interval {
  const corners = [bound(a.low, b.low), bound(a.low, b.high), bound(a.high, b.low), bound(a.high, b.high)];
  return clamp(Math.min(...corners), Math.max(...corners));
}

function bound(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** Beyond exact numbers a bound says no more than the exact limit, or nothing. */
function clamp(low: number, high: number): Interval {
  const limit = Number.MAX_SAFE_INTEGER;
  return { low: low < -limit ? -Infinity : Math.min(low, limit), high: high > limit ? Infinity : Math.max(high, -limit) };
}

/** Whether it is surely at least 0, seen by signs alone. */
export function isNonNegative(dim: Dim, context: Context): boolean {
  return intervalOf(dim, context).low >= 0;
}

/** Whether a >= b, seen by signs alone. */
export function isAtLeast(a: Dim, b: Dim, context: Context): boolean {
  return isNonNegative(subtract(a, b), context);
}
