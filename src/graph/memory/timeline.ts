/** What is alive as formulas, change by change: the most of it at any sizes, as long as the steps stay the same. */
import { type Atom, type Dim, evaluate, sum, symbolsOf, ZERO } from '../../dim/index';
import type { Sizes } from '../bind';
import { type Ray, sizeOf } from './rays';
import type { Change } from './training';

/** What comes alive and goes at sizes, step by step, and the most that is alive. */
export interface Alive {
  readonly changes: readonly Change[];
  readonly value: number;
}

/** The most that is alive, and where in the changes. */
export interface Moment {
  readonly value: number;
  readonly at: number;
}

/** The changes with each formula read once. */
export interface Timeline {
  readonly changes: readonly Change[];
  readonly formulas: readonly Dim[];
  /** The formula of each change. */
  readonly places: readonly number[];
}

export function timelineOf(changes: readonly Change[]): Timeline {
  const known = new Map<string, number>();
  const formulas: Dim[] = [];
  const places = changes.map(({ bytes }) => {
    const place = known.get(bytes.text) ?? formulas.push(bytes) - 1;
    known.set(bytes.text, place);
    return place;
  });
  return { changes, formulas, places };
}

/** The first moment at which most is alive, by the bytes of each formula. */
export function momentOf({ changes, places }: Timeline, bytes: readonly number[]): Moment {
  let [now, value, at] = [0, 0, -1];
  for (let change = 0; change < places.length; change++) {
    const size = bytes[places[change] ?? 0] ?? 0;
    now += changes[change]?.isAdded ? size : -size;
    if (now > value) [value, at] = [now, change];
  }
  return { value, at };
}

/** The same at sizes; undefined where something is too large to be counted exactly. */
export function momentAt(timeline: Timeline, sizes: Sizes): Moment | undefined {
  const bytes = timeline.formulas.flatMap((formula) => evaluate(formula, sizes) ?? []);
  return bytes.length === timeline.formulas.length ? momentOf(timeline, bytes) : undefined;
}

/** A formula along a ray: a polynomial of its number where nothing is rounded. */
export function alongOf(formula: Dim, ray: Ray): (x: number) => number | undefined {
  const moving = new Set(ray.symbols);
  const rest = ray.at(1);
  const powers: number[] = [];
  for (const { coefficient, factors } of formula.terms ?? []) {
    let [value, power] = [coefficient, 0];
    for (const { atom, power: own } of factors) {
      if (atom.kind === 'symbol' && moving.has(atom.name)) power += ray.kind === 'product' && atom.name !== ray.symbols[0] ? 0 : own;
      else {
        const size = atom.kind === 'symbol' ? rest[atom.name] : sizeOfAtom(atom, moving, rest);
        if (size === undefined) return (x) => evaluate(formula, ray.at(x));
        value *= size ** own;
      }
    }
    powers[power] = (powers[power] ?? 0) + value;
  }
  return (x) => {
    let value = 0;
    for (let power = powers.length - 1; power >= 0; power--) value = value * x + (powers[power] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  };
}

/** What is rounded, where it does not move. */
function sizeOfAtom(atom: Atom, moving: ReadonlySet<string>, sizes: Sizes): number | undefined {
  const size = sizeOf(atom);
  return symbolsOf(size).some((name) => moving.has(name)) ? undefined : evaluate(size, sizes);
}

/** What is alive after a change, as a formula. */
export function aliveAfter({ changes, formulas, places }: Timeline, at: number): Dim {
  const counts = formulas.map(() => 0);
  for (let change = 0; change <= at; change++) {
    const place = places[change] ?? 0;
    counts[place] = (counts[place] ?? 0) + (changes[change]?.isAdded ? 1 : -1);
  }
  const held = formulas.flatMap((formula, place) => Array.from({ length: counts[place] ?? 0 }, () => formula));
  return held.length === 0 ? ZERO : sum(held);
}
