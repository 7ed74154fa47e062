/** Reads a module from its own entry: a class with a forward, a function, or an expression that makes one. */
import { isUnknown, NO_FACTS } from '../../dim/index';
import type { ShapeGraph } from '../../graph/types';
import { type Asked, type ProblemInput, UNDEFINED } from '../../value/index';
import { loadModule } from '../calls/modules';
import { Spent } from '../expressions/evaluate';
import { makeHost } from '../host';
import { copyOf, type Evidence, evidenceOf, learnRank, ReadAgain } from '../learning/evidence';
import { hasFindings, isFinding, misfit } from '../learning/fitness';
import type { Comments, Run } from '../run';
import { Thrown } from '../statements/branch';
import { newJournal } from '../statements/journal';
import { enter } from './entering';
import { likeliest } from './guesses';
import { type Output, outputsOf } from './outputs';
import { type EntryRequest, nowhere, type Reading, type Settled, type Standing } from './request';
import { finish } from './result';
import { usualSides } from './splits';

const TOO_LONG = 'it takes more steps than are followed';
const THROWS = 'it throws';
const TOO_DEEP = 'it nests deeper than is followed';
const READINGS = 60;
const BUDGET = 200_000;

/** Reads a module; where nothing is wrong as far as both sides of a test agree, what is wrong after one of them is found too. */
export function readModule(request: EntryRequest): Reading {
  const { sides, usual: _, ...reading } = usualModule(request);
  const isClean = !reading.stopped && !hasFindings(reading) && !request.bindings.inputs;
  const found = isClean ? (sides?.() ?? []) : [];
  return found.length > 0 ? { ...reading, problems: [...reading.problems, ...found] } : reading;
}

/** So many times more tests are taken as the defaults have them. */
const MOST_TURNS = 3;

/** Where a test leaves shapes of either side, and the defaults of the arguments that it asks of decide it, the module is read as they have it. */
function usualModule(request: EntryRequest): Settled {
  let reading = settledModule(request);
  let standing: readonly Asked[] = [];
  for (let turn = 0; turn < MOST_TURNS && blurred(reading.graph) > 0; turn++) {
    const more = (reading.usual ?? []).filter(({ what }) => !standing.some((one) => one.what === what));
    if (more.length === 0) break;
    const next = settledModule({ ...request, standing: [...standing, ...more] });
    if (next.stopped || blurred(next.graph) >= blurred(reading.graph)) break;
    standing = [...standing, ...more];
    reading = { ...next, assumed: [...next.assumed, ...standing.map(({ what, holds }) => ({ kind: 'side' as const, name: what, holds }))] };
  }
  return turnByTurn(standing.length > 0 ? { ...request, standing } : request, reading);
}

/** Where tensors have no one shape after loops that arguments count, and these have defaults, the module is read with them, turn by turn. */
function turnByTurn(request: Standing, reading: Settled): Settled {
  const counted = reading.counted ?? [];
  if (counted.length === 0 || blurred(reading.graph) === 0 || request.bindings.inputs || request.bindings.sizes) return reading;
  const next = settledModule({ ...request, fixed: counted });
  if (next.stopped || blurred(next.graph) >= blurred(reading.graph)) return reading;
  const sides = reading.assumed.filter(({ kind }) => kind === 'side');
  return { ...next, assumed: [...next.assumed, ...sides] };
}

/** How many steps leave tensors that have no one shape. */
const blurred = ({ nodes }: ShapeGraph): number => nodes.filter(({ outputs }) => outputs.some(({ shape }) => shape === null || shape.some(isUnknown))).length;

/** Where what comments say does not go with the code, the code alone is read. */
function settledModule(request: Standing): Settled {
  const comments = { heed: true, told: false };
  const reading = readWith({ ...request, comments });
  const faults = comments.told ? misfit(reading) : 0;
  if (faults === 0) return reading;
  const bare = readWith({ ...request, comments: { heed: false, told: false } });
  return misfit(bare) < faults ? bare : reading;
}

type Heeding = Standing & { readonly comments: Comments; readonly decisions?: readonly Asked[] };

/** What is wrong for a tensor where the code asks whether it is given several is read with several. */
function readWith(request: Heeding): Settled {
  const { evidence, first } = entered(request);
  const reading = ranked(request, evidence, first);
  const asked = [...evidence].flatMap(([path, { mayBeList }]) => (mayBeList ? [path] : []));
  if (asked.length === 0 || reading.stopped || request.bindings.inputs || !hasErrors(reading)) return reading;
  for (const length of [2, 3]) {
    const listed = givenAlone(request);
    for (const path of asked) Object.assign(evidenceOf(listed, path), { kind: 'list', length, tuple: true });
    const several = ranked(request, listed, settle(request, listed));
    if (!several.stopped && !hasErrors(several)) return several;
  }
  return reading;
}

const hasErrors = ({ problems }: Reading): boolean => problems.some(({ severity }) => severity === 'error');

/** Reads a module again and again until nothing new is learnt; where ranks stay open, the likeliest are tried. */
function ranked(request: Heeding, evidence: Evidence, { reading, run }: ReturnType<typeof settle>): Settled {
  const open = openInputs(run);
  return open.length === 0 ? reading : (likeliest(evidence, open, (ranks) => tryRanks(request, evidence, ranks)) ?? reading);
}

/** Nothing is told yet but what is given, and what stands at its default. */
function givenAlone({ given, fixed }: Heeding): Evidence {
  const evidence: Evidence = new Map();
  for (const path of given ?? []) evidenceOf(evidence, path).given = true;
  for (const path of fixed ?? []) evidenceOf(evidence, path).fixed = true;
  return evidence;
}

/** A layer that throws for one tensor is read once more with an array of them. */
function entered(request: Heeding): { evidence: Evidence; first: ReturnType<typeof settle> } {
  const evidence = givenAlone(request);
  const first = settle(request, evidence);
  const [input, ...others] = first.run.inputs.keys();
  if (first.reading.stopped !== THROWS || request.target.kind !== 'class' || request.bindings.inputs || input === undefined || others.length > 0)
    return { evidence, first };
  // An array of one tfjs takes as the tensor in it.
  for (const length of [2, 3]) {
    const listed: Evidence = new Map();
    Object.assign(evidenceOf(listed, input), { kind: 'list', length });
    const second = settle(request, listed);
    if (!second.reading.stopped) return { evidence: listed, first: second };
  }
  return { evidence, first };
}

/** The inputs whose rank nothing told. */
const openInputs = (run: Run): string[] => [...run.inputs].filter(([, tensor]) => tensor.shape === null).map(([path]) => path);

function tryRanks(request: Heeding, evidence: Evidence, ranks: ReadonlyMap<string, number>): Settled {
  const copy = copyOf(evidence);
  for (const [path, rank] of ranks) learnRank(copy, path, rank, 'guessed');
  return settle(request, copy).reading;
}

function settle(request: Heeding, evidence: Evidence): { reading: Settled; run: Run } {
  for (let turn = 0; ; turn++) {
    const run = newRun(request, evidence);
    try {
      const reading = readOnce(run, request);
      const isSplit = run.splits.size > 0 || request.standing !== undefined;
      const settled = { ...reading, usual: usualSides(run), counted: [...run.counted] };
      return { reading: isSplit ? { ...settled, sides: () => foundOnSides(request, evidence, [...run.splits.values()]) } : settled, run };
    } catch (error) {
      if (!(error instanceof ReadAgain) || turn >= READINGS) {
        if (error instanceof ReadAgain) return { reading: finish(run, request, [], 'what its parameters are does not settle'), run };
        throw error;
      }
    }
  }
}

/** So many tests are read either way. */
const MOST_SPLITS = 3;

/** What the first side of which something is wrong gives. */
function foundOnSides(request: Heeding, evidence: Evidence, splits: readonly Asked[]): readonly ProblemInput[] {
  const sides = splits.slice(0, MOST_SPLITS).flatMap((asked) => [
    { ...asked, holds: true },
    { ...asked, holds: false },
  ]);
  const contraries = (request.standing ?? []).map((asked) => ({ ...asked, holds: !asked.holds }));
  for (const side of [...sides, ...contraries]) {
    const reading = onSide({ ...request, decisions: [side] }, evidence);
    if (!reading.stopped && hasFindings(reading)) return reading.problems.filter(isFinding);
  }
  return [];
}

/** One side with the ranks that were chosen for both; what it finds so may only tell that they are none of this side's. */
function onSide(request: Heeding, evidence: Evidence): Settled {
  const { reading } = settle(request, copyOf(evidence));
  const isGuessed = [...evidence.values()].some(({ rankBy }) => rankBy === 'guessed');
  return isGuessed && !reading.stopped && hasFindings(reading) ? readWith(request) : reading;
}

function newRun(request: Heeding, evidence: Evidence): Run {
  const { source } = request;
  const run: Run = {
    program: request.program,
    surroundings: request.surroundings,
    bindings: request.bindings,
    evidence,
    comments: request.comments,
    journal: newJournal(),
    host: makeHost(() => run),
    language: source.language,
    entry: request.target.kind,
    known: { facts: NO_FACTS },
    sides: [],
    decisions: [...(request.decisions ?? []), ...(request.standing ?? [])],
    explores: request.decisions !== undefined,
    splits: new Map(),
    options: new Map(),
    hidden: new Map(),
    counted: new Set(),
    nodes: [],
    rows: [],
    mentions: { file: source.path, places: new Map() },
    scopes: [],
    openScopes: [],
    turns: [],
    disposals: [],
    keeping: { letGo: new Map(), inPlace: [], checkpoints: [] },
    needs: new Map(),
    chances: new Set(),
    symbols: new Map(),
    problems: new Map(),
    reported: new Map(),
    frames: [],
    inputs: new Map(),
    inputSpans: new Map(),
    declared: new Map(),
    renamed: new Set(),
    standing: new Map(),
    modules: new Map(),
    changed: { latest: new Map(), views: new Map() },
    autocast: { casts: new Map(), off: 0, own: [] },
    untrained: { frozen: new Map() },
    caught: { imports: 0, calls: 0, attributes: 0, arguments: 0 },
    unusual: 0,
    asksMode: false,
    recording: false,
    start: 0,
    span: nowhere(source.path),
    budget: request.budget ?? BUDGET,
    fileBudget: BUDGET,
    taken: new Set(),
  };
  return run;
}

/** Leaves a reading no more steps than its file has left; gives how many that are. */
function limited(run: Run, meter: EntryRequest['meter']): number {
  const left = Math.max(0, meter?.left ?? Number.POSITIVE_INFINITY);
  run.budget = Math.min(run.budget, left);
  run.fileBudget = Math.min(run.fileBudget, left);
  return run.budget + run.fileBudget;
}

function readOnce(run: Run, request: EntryRequest): Reading {
  let stopped: string | undefined;
  let outputs: readonly Output[] = [];
  const given = limited(run, request.meter);
  try {
    const module = loadModule(run, request.source.path);
    // What the file's own statements get wrong is theirs: it is found once, when the file is read for itself.
    if (request.target.kind !== 'file') run.problems.clear();
    const result = module ? enter(run, request) : UNDEFINED;
    const model = request.surroundings.modelOutputs(result);
    if (model) run.root ??= result;
    const [only, second] = model ?? [];
    outputs = outputsOf(only && !second ? only : model ? { kind: 'list', items: model, tuple: true } : result);
    if (run.renamed.size > 0) throw new ReadAgain();
  } catch (error) {
    if (error instanceof Spent) stopped = TOO_LONG;
    else if (error instanceof Thrown) stopped = THROWS;
    else if (error instanceof RangeError) stopped = TOO_DEEP;
    else throw error;
  }
  // What stops a reading is said, as what its result is.
  if (stopped === TOO_LONG || stopped === TOO_DEEP) outputs = [{ value: { kind: 'unknown', reason: stopped }, path: '' }];
  if (request.meter) request.meter.left -= given - Math.max(0, run.budget) - Math.max(0, run.fileBudget);
  return finish(run, request, outputs, stopped);
}
