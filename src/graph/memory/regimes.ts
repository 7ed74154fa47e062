/**
 * Where the peak of memory is another step's as sizes grow or shrink, and which formula goes there. Nothing is claimed beyond what the steps themselves,
 * worked out anew at other sizes, confirm (`pieces.ts`).
 */
import { type Dim, evaluate, ZERO } from '../../dim/index';
import { needHolds, type Sizes } from '../bind';
import { simplified } from '../formula';
import type { ShapeGraph } from '../types';
import { typeOf } from '../values';
import { isReentrant } from './figures';
import { forecastOf } from './forecast';
import { aliveAt, endsInForward } from './lifetimes';
import { type Peak, type Piece, piecesAlong } from './pieces';
import { type Ray, raysOf } from './rays';
import { keptByEach } from './saved';
import { type MemorySteps, torchSteps } from './steps';
import { type Alive, aliveAfter, momentAt, type Timeline, timelineOf } from './timeline';
import { trainingPeak } from './training';

/** A formula of the peak, the node at which that is, and the sizes between which it goes; where there is no `from` or `to` it goes on. */
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
  /** One alone where it does not go for all. */
  readonly regimes: readonly Regime[];
}

/** With one sample other steps are taken: what is folded with a single one is a view. Or, where the sizes at hand have one, with more. */
export interface OtherBatch {
  readonly symbol: string;
  /** The symbol, and what must be as large. */
  readonly symbols: readonly string[];
  readonly isOne: boolean;
  readonly formula: Dim;
  readonly node: number;
}

export interface PeakRegimes {
  readonly along: readonly Regimes[];
  readonly batch?: OtherBatch;
}

type Read = (sizes: Sizes) => Alive | undefined;

/** As a person counts: more are not read. */
const MOST_REGIMES = 4;

/** How much is worked out: training's steps are dearer. */
interface Extent {
  readonly rays: number;
  readonly batch: boolean;
}

const OF_INFERENCE: Extent = { rays: 2, batch: true };
const OF_TRAINING: Extent = { rays: 1, batch: false };

/** Sizes below are nobody's: what has another formula for fewer places only bounds the one above. */
const FEWEST = 4;

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

function regimesOf(graph: ShapeGraph, sizes: Sizes, extent: Extent, read: Read): PeakRegimes {
  const alive = read(sizes);
  if (!alive || alive.changes.length === 0) return { along: [] };
  const timeline = timelineOf(alive.changes);
  const main = peakOf(timeline, alive, sizes);
  if (!main) return { along: [] };
  const peakAt = (at: Sizes): Peak | undefined => {
    const other = read(at);
    return other && peakOf(timelineOf(other.changes), other, at);
  };
  const rays = raysOf(graph, sizes, timeline.formulas).slice(0, extent.rays);
  const batch = extent.batch ? otherBatch(graph, sizes, main, peakAt) : undefined;
  return { along: rays.flatMap((ray) => alongRay(ray, main, timeline, graph, peakAt)), ...(batch ? { batch } : {}) };
}

/** The peak of what is alive at sizes; undefined where something is too large to be counted exactly. */
function peakOf(timeline: Timeline, { value }: Alive, sizes: Sizes): Peak | undefined {
  const moment = momentAt(timeline, sizes);
  return moment?.value === value ? { value, formula: aliveAfter(timeline, moment.at), node: timeline.changes[moment.at]?.node ?? 0 } : undefined;
}

function alongRay(ray: Ray, main: Peak, timeline: Timeline, graph: ShapeGraph, peakAt: (sizes: Sizes) => Peak | undefined): readonly Regimes[] {
  const { borders, isSteady } = forecastOf(ray, timeline, graph);
  const { pieces, isFromLeast } = piecesAlong(ray, main, borders, peakAt);
  const here = pieces.findIndex(({ first, last }) => ray.here !== undefined && first <= ray.here && ray.here <= last);
  const start = here >= 0 ? here : pieces.findLastIndex(({ peak }) => peak === main);
  const told = toldOf(pieces, start < 0 ? pieces.length - 1 : start);
  const regimes = told.flatMap((piece): readonly Regime[] => {
    const { peak, first, last } = piece;
    const [isLowest, isHighest] = [piece === pieces[0] && isFromLeast, piece === pieces.at(-1) && isSteady];
    const isHere = peak === main && piece === pieces[start];
    return peak ? [{ formula: peak.formula, node: peak.node, ...(isLowest ? {} : { from: first }), ...(isHighest ? {} : { to: last }), isHere }] : [];
  });
  const isAll = regimes.every(({ from, to, isHere }) => from === undefined && to === undefined && isHere);
  return isAll ? [] : [{ symbols: ray.symbols, kind: ray.kind, regimes }];
}

/** The pieces around one that are told: those of which the formula is known, as many as a person reads, and none that is of a few places only. */
function toldOf(pieces: readonly Piece[], start: number): readonly Piece[] {
  const isTold = (piece: Piece | undefined, at: number): boolean => piece?.peak !== undefined && (at === start || piece.last >= FEWEST);
  let [from, to] = [start, start];
  while (isTold(pieces[to + 1], to + 1)) to++;
  while (isTold(pieces[from - 1], from - 1)) from--;
  const lowest = Math.max(from, Math.min(start - 1, to + 1 - MOST_REGIMES));
  return pieces.slice(lowest, Math.min(to + 1, lowest + MOST_REGIMES));
}

/** The batch, the first axis of the first input that has places, with what must be as large: the peak with one sample where that is none of the steps at hand. */
function otherBatch(graph: ShapeGraph, sizes: Sizes, main: Peak, peakAt: (sizes: Sizes) => Peak | undefined): OtherBatch | undefined {
  const shape = graph.inputs.map(({ ref }) => typeOf(graph, ref)?.shape ?? []).find(({ length }) => length > 2);
  const symbol = shape?.[0]?.text;
  if (symbol === undefined || !graph.symbols.some(({ name, role }) => name === symbol && role === 'data')) return undefined;
  const isOne = sizes[symbol] !== 1;
  const symbols = equalTo(graph, symbol);
  const other = { ...sizes, ...Object.fromEntries(symbols.map((name) => [name, isOne ? 1 : 2])) };
  if (graph.needs.some((need) => needHolds(need, other) === false)) return undefined;
  const peak = peakAt(other);
  if (!peak || peak.value === evaluate(main.formula, other)) return undefined;
  const isSame = simplified(peak.formula, graph).text === simplified(main.formula, graph).text;
  return isSame ? undefined : { symbol, symbols, isOne, formula: peak.formula, node: peak.node };
}

/** A size with all that the module needs to be as large. */
function equalTo(graph: ShapeGraph, symbol: string): readonly string[] {
  const names = new Set(graph.symbols.map(({ name }) => name));
  const pairs = graph.needs.filter(({ left, right, relation }) => relation === '==' && names.has(left.text) && names.has(right.text));
  const found = new Set([symbol]);
  for (const before of found) for (const { left, right } of pairs) if (left.text === before || right.text === before) found.add(left.text).add(right.text);
  return [...found];
}
