/** Where formulas as they are at the sizes at hand foretell that another is the peak's, along a ray. */
import type { Dim } from '../../dim/index';
import { simplified } from '../formula';
import type { ShapeGraph } from '../types';
import type { Ray } from './rays';
import { aliveAfter, alongOf, momentOf, type Timeline } from './timeline';

/** Steps of the ladder for each doubling of the sizes. */
const RUNGS = 4;

/** More borders are not looked for. */
const MOST_FORETOLD = 16;

/** As far beyond what is looked at as is asked whether it goes on so. */
const BEYOND = 2 ** 20;

export interface Forecast {
  /** The last numbers before each border. */
  readonly borders: readonly number[];
  /** From the ray's end on nothing else takes over. */
  readonly isSteady: boolean;
}

/** The borders along a ray. */
export function forecastOf(ray: Ray, timeline: Timeline, graph: ShapeGraph): Forecast {
  const formulas = formulasOf(timeline, graph);
  const first = new Map<Dim, number>();
  const sizesAlong = timeline.formulas.map((formula) => alongOf(formula, ray));
  const peakAt: PeakAt = (x) => {
    const bytes = sizesAlong.flatMap((at) => at(x) ?? []);
    if (bytes.length < sizesAlong.length) return undefined;
    const { at } = momentOf(timeline, bytes);
    const formula = formulas(at);
    const known = first.get(formula) ?? at;
    first.set(formula, known);
    return known;
  };
  const found = stretches(ray, peakAt);
  return { borders: found.slice(0, -1).map(({ last }) => last), isSteady: isSteady(ray, peakAt) };
}

/** Whether the last formula stays for all that can be counted beyond. */
function isSteady(ray: Ray, peakAt: PeakAt): boolean {
  const last = ray.next(ray.most);
  const at = last === undefined ? undefined : peakAt(last);
  if (last === undefined || at === undefined) return false;
  for (let factor = 2; factor <= BEYOND; factor *= 2) {
    const beyond = ray.next(last * factor);
    const peak = beyond === undefined ? undefined : peakAt(beyond);
    if (peak === undefined) break;
    if (peak !== at) return false;
  }
  return true;
}

/** The formula after each change; alike ones are one. */
function formulasOf(timeline: Timeline, graph: ShapeGraph): (at: number) => Dim {
  const known = new Map<number, Dim>();
  const written = new Map<string, Dim>();
  return (at) => {
    const found = known.get(at);
    if (found) return found;
    const formula = aliveAfter(timeline, at);
    const { text } = simplified(formula, graph);
    const made = written.get(text) ?? formula;
    written.set(text, made);
    known.set(at, made);
    return made;
  };
}

/** A formula between two numbers of a ray. */
interface Stretch {
  readonly at: number;
  readonly first: number;
  readonly last: number;
}

/** The number of a ray with the moment of its peak: alike where the formulas are. */
type PeakAt = (x: number) => number | undefined;

function stretches(ray: Ray, peakAt: PeakAt): readonly Stretch[] {
  const rungs = ladder(ray);
  const found: { at: number; first: number; last: number }[] = [];
  for (const rung of rungs) {
    const at = peakAt(rung);
    if (at === undefined) break;
    let last = found.at(-1);
    while (last && last.at !== at) {
      const next = border(ray, peakAt, last.last, rung, last.at);
      last.last = next.before;
      last = { at: next.at, first: next.after, last: next.after };
      found.push(last);
      if (found.length > MOST_FORETOLD) return [];
    }
    if (last) last.last = rung;
    else found.push({ at, first: rung, last: rung });
  }
  return found;
}

function ladder(ray: Ray): readonly number[] {
  const rungs = new Set<number>();
  for (let x = 1; x <= ray.most; x = Math.max(x + 1, x * 2 ** (1 / RUNGS))) {
    const rung = ray.next(Math.round(x));
    if (rung !== undefined && rung <= ray.most) rungs.add(rung);
  }
  return [...rungs].sort((a, b) => a - b);
}

/** Where, between two numbers of which the first has the peak at `here` and the second elsewhere, the peak moves first. */
function border(ray: Ray, peakAt: PeakAt, from: number, to: number, here: number): { before: number; after: number; at: number } {
  let [low, high, after] = [from, to, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const x = ray.next(middle);
    if (x === undefined || x >= after) high = middle;
    else if (peakAt(x) === here) low = x;
    else [high, after] = [middle, x];
  }
  return { before: low, after, at: peakAt(after) ?? here };
}
