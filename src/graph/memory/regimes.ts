/**
 * Where the peak of memory is another step's as sizes grow or shrink, and which formula goes there. Which steps there are is decided at the sizes at
 * hand; how much each holds is read from formulas along the way. What is found is then checked where one formula takes over from another: there
 * the steps are worked out anew, at sizes on both sides.
 */
import { type Atom, type Dim, evaluate, sum, symbolsOf, ZERO } from '../../dim/index';
import type { Sizes } from '../bind';
import { simplified } from '../formula';
import type { ShapeGraph } from '../types';
import { typeOf } from '../values';
import { isReentrant } from './figures';
import { aliveAt, endsInForward } from './lifetimes';
import { type Ray, raysOf, sizeOf } from './rays';
import { keptByEach } from './saved';
import { type MemorySteps, torchSteps } from './steps';
import { type Change, trainingPeak } from './training';

/** A formula of the peak, the node at which that is, and the sizes between which it goes; where there is no `from` or `to` it goes on as far as was looked. */
export interface Regime {
  readonly formula: Dim;
  readonly node: number;
  readonly from?: number;
  readonly to?: number;
  /** Its formula is that of the sizes at hand. */
  readonly isHere: boolean;
}

/** The regimes along sizes that grow, the smallest first. The other sizes are as they are. */
export interface Regimes {
  readonly symbols: readonly string[];
  readonly kind: Ray['kind'];
  /** Two at least. */
  readonly regimes: readonly Regime[];
}

/** With one sample other steps are taken: what is folded with a single one is a view. Or, where the sizes at hand have one, with more. */
export interface OtherBatch {
  readonly symbol: string;
  readonly isOne: boolean;
  readonly formula: Dim;
  readonly node: number;
}

export interface PeakRegimes {
  readonly along: readonly Regimes[];
  readonly batch?: OtherBatch;
}

/** What comes alive and goes at sizes, step by step, and the most that is alive. */
interface Alive {
  readonly changes: readonly Change[];
  readonly value: number;
}

type Read = (sizes: Sizes) => Alive | undefined;

/** The most that is alive, and where in the changes. */
interface Moment {
  readonly value: number;
  readonly at: number;
}

/** As a person counts: more are not read. */
const MOST_REGIMES = 4;

/** How much is worked out: training's steps are dearer. */
interface Extent {
  readonly rays: number;
  readonly batch: boolean;
}

const OF_INFERENCE: Extent = { rays: 2, batch: true };
const OF_TRAINING: Extent = { rays: 1, batch: false };

/** Steps of the ladder for each doubling of the sizes. */
const RUNGS = 4;

/** The regimes of the peak of a call without gradients. */
export const inferenceRegimes = (graph: ShapeGraph, sizes: Sizes): PeakRegimes =>
  regimesOf(graph, sizes, OF_INFERENCE, (at) => {
    const memory = torchSteps(graph, at, false, false);
    return 'unknown' in memory ? undefined : forward(graph, memory);
  });

/** The regimes of the peak of training; `training` is the mode of dropout and norms. */
export const trainingRegimes = (graph: ShapeGraph, sizes: Sizes, training: boolean): PeakRegimes =>
  regimesOf(graph, sizes, OF_TRAINING, (at) => {
    const memory = torchSteps(graph, at, training);
    if ('unknown' in memory) return undefined;
    if (isReentrant(graph)) return undefined;
    const kept = keptByEach(graph, memory, training);
    return trainingPeak(graph, memory, kept);
  });

function forward(graph: ShapeGraph, memory: MemorySteps): Alive {
  const ends = endsInForward(graph, memory);
  const { steps, storages } = memory;
  const coming = steps.map((): number[] => []);
  const going = steps.map((): number[] => []);
  storages.forEach(({ origin, from, size }, at) => {
    if (origin === 'module' || size === 0) return;
    coming[origin === 'input' ? 0 : from]?.push(at);
    going[ends[at] ?? from]?.push(at);
  });
  const change = (node: number, isAdded: boolean) => (at: number) => ({ bytes: storages[at]?.bytes ?? ZERO, isAdded, node });
  const changes = steps.flatMap(({ node }, step) => [...(coming[step] ?? []).map(change(node, true)), ...(going[step] ?? []).map(change(node, false))]);
  return { changes, value: aliveAt(memory, ends).reduce((most, held) => Math.max(most, held), 0) };
}

// ---- reading changes at sizes ----

/** The changes with each formula read once. */
interface Timeline {
  readonly changes: readonly Change[];
  readonly formulas: readonly Dim[];
  /** The formula of each change. */
  readonly places: readonly number[];
}

function timelineOf(changes: readonly Change[]): Timeline {
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
function momentOf({ changes, places }: Timeline, bytes: readonly number[]): Moment {
  let [now, value, at] = [0, 0, -1];
  for (let change = 0; change < places.length; change++) {
    const size = bytes[places[change] ?? 0] ?? 0;
    now += changes[change]?.isAdded ? size : -size;
    if (now > value) [value, at] = [now, change];
  }
  return { value, at };
}

/** The same at sizes; undefined where something is too large to be counted exactly. */
function momentAt(timeline: Timeline, sizes: Sizes): Moment | undefined {
  const bytes = timeline.formulas.flatMap((formula) => evaluate(formula, sizes) ?? []);
  return bytes.length === timeline.formulas.length ? momentOf(timeline, bytes) : undefined;
}

/** A formula along a ray: a polynomial of its number where nothing is rounded. */
function alongOf(formula: Dim, ray: Ray): (x: number) => number | undefined {
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
function aliveAfter({ changes, formulas, places }: Timeline, at: number): Dim {
  const counts = formulas.map(() => 0);
  for (let change = 0; change <= at; change++) {
    const place = places[change] ?? 0;
    counts[place] = (counts[place] ?? 0) + (changes[change]?.isAdded ? 1 : -1);
  }
  const held = formulas.flatMap((formula, place) => Array.from({ length: counts[place] ?? 0 }, () => formula));
  return held.length === 0 ? ZERO : sum(held);
}

// ---- along a ray ----

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
      if (found.length > 4 * MOST_REGIMES) return [];
    }
    if (last) last.last = rung;
    else found.push({ at, first: rung, last: rung });
  }
  return found;
}

function ladder(ray: Ray): readonly number[] {
  const rungs = new Set<number>();
  for (let x = ray.least; x <= ray.most; x = Math.max(x + 1, x * 2 ** (1 / RUNGS))) {
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

// ---- what is said of it ----

function regimesOf(graph: ShapeGraph, sizes: Sizes, extent: Extent, read: Read): PeakRegimes {
  const alive = read(sizes);
  if (!alive || alive.changes.length === 0) return { along: [] };
  const timeline = timelineOf(alive.changes);
  const here = momentAt(timeline, sizes);
  if (!here) return { along: [] };
  const formulas = formulasOf(timeline, graph);
  const rays = raysOf(graph, sizes, timeline.formulas).slice(0, extent.rays);
  const batch = extent.batch ? otherBatch(graph, sizes, timeline, read) : undefined;
  return { along: rays.flatMap((ray) => alongRay(ray, timeline, formulas, here, read)), ...(batch ? { batch } : {}) };
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

function alongRay(ray: Ray, timeline: Timeline, formulas: (at: number) => Dim, here: Moment, read: Read): readonly Regimes[] {
  const first = new Map<Dim, number>([[formulas(here.at), here.at]]);
  const sizesAlong = timeline.formulas.map((formula) => alongOf(formula, ray));
  const peakAt: PeakAt = (x) => {
    const bytes = sizesAlong.map((at) => at(x));
    if (bytes.includes(undefined)) return undefined;
    const moment = momentOf(timeline, bytes as number[]);
    const formula = formulas(moment.at);
    const at = first.get(formula) ?? moment.at;
    first.set(formula, at);
    return at;
  };
  const found = stretches(ray, peakAt);
  if (found.length < 2) return [];
  const start = found.findIndex(({ first: from, last }) => ray.here !== undefined && from <= ray.here && ray.here <= last);
  const checked = checkedFrom(start < 0 ? found.length - 1 : start, found, ray, (at, real) => holds(formulas(at), real, read));
  if (checked.length < 2 || checked.length > MOST_REGIMES) return [];
  const regimes = checked.map(
    ({ at, first: from, last }, index): Regime => ({
      formula: formulas(at),
      node: timeline.changes[at]?.node ?? 0,
      ...(index > 0 ? { from } : {}),
      ...(index < checked.length - 1 ? { to: last } : {}),
      isHere: formulas(at) === formulas(here.at),
    }),
  );
  return [{ symbols: ray.symbols, kind: ray.kind, regimes }];
}

/** Whether the peak at sizes is what the formula says, all steps worked out anew. */
function holds(formula: Dim, sizes: Sizes | undefined, read: Read): boolean {
  const value = sizes && read(sizes)?.value;
  return value !== undefined && value === evaluate(formula, sizes ?? {});
}

/** The stretches around the one at hand that the steps themselves confirm: on both sides of each border, and at the least sizes, where a single place may be left of one. */
function checkedFrom(start: number, found: readonly Stretch[], ray: Ray, isRight: (at: number, real: Sizes | undefined) => boolean): readonly Stretch[] {
  const isAtFirst = ({ at, first }: Stretch): boolean => isRight(at, ray.real(first, 1));
  const isAtLast = ({ at, last }: Stretch): boolean => isRight(at, ray.real(last, -1));
  const meet = (low: Stretch | undefined, high: Stretch | undefined): boolean => low !== undefined && high !== undefined && isAtLast(low) && isAtFirst(high);
  let [from, to] = [start, start];
  while (to + 1 < found.length && meet(found[to], found[to + 1])) to++;
  while (from > 0 && meet(found[from - 1], found[from])) from--;
  const [lowest] = found;
  return from === 0 && lowest && !isAtFirst(lowest) ? found.slice(1, to + 1) : found.slice(from, to + 1);
}

/** The batch, the first axis of the first input that has places: what the peak is with one sample where that is none of the steps at hand. */
function otherBatch(graph: ShapeGraph, sizes: Sizes, here: Timeline, read: Read): OtherBatch | undefined {
  const shape = graph.inputs.map(({ ref }) => typeOf(graph, ref)?.shape ?? []).find(({ length }) => length > 2);
  const symbol = shape?.[0]?.text;
  if (symbol === undefined || !graph.symbols.some(({ name, role }) => name === symbol && role === 'data')) return undefined;
  const isOne = sizes[symbol] !== 1;
  const other = { ...sizes, [symbol]: isOne ? 1 : 2 };
  const alive = read(other);
  if (!alive || alive.value === momentAt(here, other)?.value) return undefined;
  const timeline = timelineOf(alive.changes);
  const moment = momentAt(timeline, other);
  if (moment?.value !== alive.value) return undefined;
  return { symbol, isOne, formula: aliveAfter(timeline, moment.at), node: timeline.changes[moment.at]?.node ?? 0 };
}
