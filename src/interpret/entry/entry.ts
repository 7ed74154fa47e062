/** Reads a module from its own entry: a class with a forward, a function, or an expression that makes one. */
import { isUnknown, NO_FACTS, symbolsOf } from '../../dim/index';
import type { GraphState, RowValue, ShapeGraph } from '../../graph/types';
import type { ClassDefinition, Expression, FunctionDefinition, SourceModule, Span } from '../../program/types';
import { type Asked, type ProblemInput, UNDEFINED } from '../../value/index';
import { loadModule } from '../calls/modules';
import { Spent } from '../expressions/evaluate';
import { makeHost } from '../host';
import { someAncestor } from '../judging/ancestry';
import { settledNeeds } from '../judging/needs';
import { copyOf, type Evidence, evidenceOf, learnRank, ReadAgain } from '../learning/evidence';
import { hasFindings, isFinding, isWhole, misfit, oddness, pinsSamples } from '../learning/fitness';
import { likelyRank } from '../learning/likelihood';
import type { Mention } from '../learning/mentions';
import { inputName } from '../learning/parameters';
import type { Bindings, Comments, Program, Run, StateEntry, Surroundings } from '../run';
import { Thrown } from '../statements/branch';
import { newJournal } from '../statements/journal';
import { type Assumption, assumptions } from './assumed';
import { enter } from './entering';
import { byNeeds } from './later';
import { type Output, outputsOf } from './outputs';
import { pruned } from './prune';
import { usualSides } from './splits';
import { withStanding } from './standing';
import { nameWeights } from './weights';

export type EntryTarget =
  | { readonly kind: 'class'; readonly definition: ClassDefinition }
  /** `maker`: its prototype has a forward, so that it is entered as a class is. */
  | { readonly kind: 'function'; readonly definition: FunctionDefinition; readonly holder?: Holder; readonly maker?: boolean }
  /** `--new`: what makes the module, in the file's scope. */
  | { readonly kind: 'expression'; readonly expression: Expression }
  /** The file's own statements: a script that makes and runs modules. */
  | { readonly kind: 'file' };

/** The object literal in whose field a function stands: its `this`. */
export interface Holder {
  readonly object: Expression;
  readonly key: string;
  /** The variable that the object is given to. */
  readonly name?: string;
}

export interface EntryRequest {
  readonly program: Program;
  readonly surroundings: Surroundings;
  readonly source: SourceModule;
  readonly target: EntryTarget;
  readonly bindings: Bindings;
  readonly budget?: number;
  /** Steps that all readings of a file may still take together: each takes from it. */
  readonly meter?: { left: number };
  /** Arguments that are given, whatever their defaults are. */
  readonly given?: readonly string[];
}

/** What one reading gave. */
export interface Reading {
  readonly graph: ShapeGraph;
  readonly problems: readonly ProblemInput[];
  /** What stands where in the entry's file. */
  readonly mentions: readonly Mention[];
  /** Whether any step works on a tensor. */
  readonly touchesTensors: boolean;
  /** Why the reading stopped early, where it did. */
  readonly stopped?: string;
  /** Names that bindings gave and nothing took. */
  readonly unused: readonly string[];
  /** What it took for granted. */
  readonly assumed: readonly Assumption[];
  /** Arguments that stand at their defaults, where no symbol can. */
  readonly leftOut?: readonly string[];
}

const TOO_LONG = 'it takes more steps than are followed';
const THROWS = 'it throws';
const TOO_DEEP = 'it nests deeper than is followed';
const READINGS = 60;
const BUDGET = 200_000;
export const FORWARDS = ['call', 'forward', 'apply'];
/** Ranks that are tried, in this order, where nothing in the code tells one. */
const USUAL_RANKS = [3, 4, 2, 1, 5];
const MOST_CHOICES = 12;

/** Reads a module; where nothing is wrong as far as both sides of a test agree, what is wrong after one of them is found too. */
export function readModule(request: EntryRequest): Reading {
  const { sides, usual: _, ...reading } = usualModule(request);
  const isClean = !reading.stopped && !hasFindings(reading) && !request.bindings.inputs;
  const found = isClean ? (sides?.() ?? []) : [];
  return found.length > 0 ? { ...reading, problems: [...reading.problems, ...found] } : reading;
}

/** A reading, and what is found where the tests that split it are taken one way. */
type Settled = Reading & { readonly sides?: () => readonly ProblemInput[]; readonly usual?: readonly Asked[] };

/** Tests that are taken as the defaults have them. */
type Standing = EntryRequest & { readonly standing?: readonly Asked[] };

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
  return reading;
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

/** Reads a module again and again until nothing new is learnt; where ranks stay open, the likeliest are tried. */
function readWith(request: Heeding): Settled {
  const { evidence, first } = entered(request);
  const open = openInputs(first.run);
  return open.length === 0 ? first.reading : (likeliest(request, evidence, open) ?? first.reading);
}

/** A layer that throws for one tensor is read once more with an array of them. */
function entered(request: Heeding): { evidence: Evidence; first: ReturnType<typeof settle> } {
  const evidence: Evidence = new Map();
  for (const path of request.given ?? []) evidenceOf(evidence, path).given = true;
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

interface Choice {
  readonly ranks: ReadonlyMap<string, number>;
  readonly reading: Settled;
  readonly faults: number;
  readonly usual: number;
}

/** The first choice of ranks that fits without a fault; else the one with the fewest, and of these the most usual. */
function likeliest(request: Heeding, evidence: Evidence, open: readonly string[]): Settled | undefined {
  let best: Choice | undefined;
  let passes = false;
  const tried: Choice[] = [];
  for (const ranks of rankChoices(evidence, open)) {
    const reading = tryRanks(request, evidence, ranks);
    const faults = misfit(reading);
    if (faults === 0) return reading;
    const usual = [...ranks.values()].filter((rank) => rank === USUAL_RANKS[0]).length;
    const choice = { ranks, reading, faults, usual };
    tried.push(choice);
    passes ||= isOpenTo(evidence, ranks) && isWhole(reading) && !hasFindings(reading) && !pinsSamples(reading);
    if (!best || faults < best.faults || (faults === best.faults && usual > best.usual && hasFindings(reading))) best = choice;
  }
  return passes && best ? withoutFindings(best.reading) : best && withoutGuessed(request, evidence, best, tried);
}

/** So many more choices are read to see whether a finding rests on one. */
const MOST_DOUBTS = 24;

/** What another choice of ranks does not find, and finds nothing else instead, rests on the guess too; so does what too many choices speak of. */
function withoutGuessed(request: Heeding, evidence: Evidence, best: Choice, tried: readonly Choice[]): Settled {
  let { reading } = best;
  for (const choice of tried) reading = withoutDoubted(evidence, reading, best, choice);
  let left = MOST_DOUBTS;
  for (const [path, rank] of best.ranks) {
    for (const other of ranksFor(evidence, path)) {
      const ranks = new Map([...best.ranks, [path, other]]);
      if (other === rank || !isOpenTo(evidence, ranks) || !hasFindings(reading)) continue;
      if (left-- === 0) return withoutFindings(reading);
      const choice = { ...best, ranks, reading: tryRanks(request, evidence, ranks) };
      reading = withoutDoubted(evidence, reading, best, choice);
    }
  }
  return reading;
}

/** The findings that another choice has too, unless it finds something else as grave. */
function withoutDoubted(evidence: Evidence, reading: Settled, best: Choice, other: Choice): Settled {
  if (other.reading.stopped || !isOpenTo(evidence, other.ranks)) return reading;
  // Ranks at which the code asks for more that nobody means are not the ones it was written for.
  if (oddness(other.reading) > oddness(best.reading)) return reading;
  return [isError, isFinding].reduce((kept, counts) => withoutOthers(kept, placesOf(best.reading, counts), placesOf(other.reading, counts), counts), reading);
}

/** Without those of a sort that another reading has not, where it has no others of that sort. */
function withoutOthers(reading: Settled, found: ReadonlySet<string>, places: ReadonlySet<string>, counts: typeof isFinding): Settled {
  if ([...places].some((place) => !found.has(place))) return reading;
  const problems = reading.problems.filter((problem) => !counts(problem) || places.has(placeOf(problem)));
  return problems.length === reading.problems.length ? reading : { ...reading, problems };
}

const isError = ({ severity }: ProblemInput): boolean => severity === 'error';

const placesOf = ({ problems }: Settled, counts: typeof isFinding): ReadonlySet<string> => new Set(problems.filter(counts).map(placeOf));

const placeOf = ({ span }: ProblemInput): string => `${span.file}:${span.line}:${span.column}:${span.endLine}:${span.endColumn}`;

/** Whether nothing speaks against the ranks: a shape that is taken apart has as many axes as are named. */
const isOpenTo = (evidence: Evidence, ranks: ReadonlyMap<string, number>): boolean =>
  [...ranks].every(([path, rank]) => (evidenceOf(evidence, path).taken ?? rank) === rank);

/** What another rank would not have found rests on the guess alone. */
const withoutFindings = ({ sides: _, ...reading }: Settled): Settled => ({ ...reading, problems: reading.problems.filter((problem) => !isFinding(problem)) });

/** Ranks to try for the open inputs: each one's likeliest, then others of one input at a time, then one rank for all. */
function rankChoices(evidence: Evidence, open: readonly string[]): Map<string, number>[] {
  const likely = new Map(open.map((path) => [path, ranksFor(evidence, path)]));
  const first = new Map([...likely].map(([path, ranks]) => [path, ranks[0] ?? 3]));
  const one = [...likely].flatMap(([path, ranks]) => ranks.slice(1, 4).map((rank) => new Map([...first, [path, rank]])));
  const hasPart = (path: string) => likelyRank(evidence, path) !== undefined;
  const all = USUAL_RANKS.map(
    (rank) => new Map([...likely].map(([path, ranks]) => [path, ranks.includes(rank) && !hasPart(path) ? rank : (ranks[0] ?? rank)])),
  );
  return [first, ...(open.length > 1 ? all : []), ...one].slice(0, MOST_CHOICES);
}

/** A shape that is taken apart has that many axes, or more; else the usual ranks that the code allows. */
function ranksFor(evidence: Evidence, path: string): number[] {
  const { taken, least = 0, most = Number.POSITIVE_INFINITY } = evidenceOf(evidence, path);
  const likely = likelyRank(evidence, path);
  if (taken === undefined) {
    const allowed = [...new Set([...(likely === undefined ? [] : [likely]), ...USUAL_RANKS])].filter((rank) => rank >= least && rank <= Math.max(least, most));
    return allowed.length > 0 ? allowed : [least];
  }
  return [0, 1, 2].map((more) => Math.max(taken, least) + more);
}

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
      const settled = { ...reading, usual: usualSides(run) };
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
    nodes: [],
    rows: [],
    mentions: { file: source.path, places: new Map() },
    scopes: [],
    openScopes: [],
    turns: [],
    disposals: [],
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
    tries: 0,
    expects: 0,
    refuses: 0,
    lacks: 0,
    unusual: 0,
    recording: false,
    start: 0,
    span: nowhere(source.path),
    budget: request.budget ?? BUDGET,
    fileBudget: BUDGET,
    taken: new Set(),
  };
  return run;
}

const nowhere = (file: string): Span => ({ file, line: 1, column: 1, endLine: 1, endColumn: 1 });

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

// ---- the graph ----

/** A model's own inputs are the module's only where the module is the model. */
function isEntryInput(run: Run, node: number, outputs: readonly RowValue[]): boolean {
  if (!run.declared.has(node)) return true;
  return outputs.some((output) => output.kind === 'tensor' && someAncestor(run.nodes, output.ref, (one) => one.id === node));
}

/** The free sizes of the module's own inputs: they stand for nothing else. */
const entrySizes = (run: Run, outputs: readonly RowValue[]): ReadonlySet<string> =>
  new Set(
    [...run.inputs.values()]
      .filter((tensor) => isEntryInput(run, tensor.ref.node, outputs))
      .flatMap((tensor) => (tensor.shape ?? []).flatMap((size) => symbolsOf(size))),
  );

/** What a target is called, and where. */
function named(target: EntryTarget, source: SourceModule): { span: Span; name: string } {
  if (target.kind === 'file') return { span: nowhere(source.path), name: '' };
  return target.kind === 'expression' ? { span: target.expression.span, name: 'new' } : { span: target.definition.nameSpan, name: target.definition.name };
}

/** Names that bindings give and nothing is called by. */
const unusedNames = (run: Run): string[] =>
  [...(run.bindings.args?.keys() ?? []), ...(run.bindings.inputs?.keys() ?? [])].filter((name) => !run.taken.has(name));

const NO_STEPS = new Set(['input', 'parameter', 'constant', 'join']);

/** What was found; of that which must be so at every pass of its place, what was. */
function problemsOf(run: Run): ProblemInput[] {
  return [...run.problems].flatMap(([key, problem]) => (problem.everyPass && (run.reported.get(key) ?? 0) < passesOf(run, problem) ? [] : [problem]));
}

/** How often a call's step was made. */
const passesOf = (run: Run, { span, args }: ProblemInput): number =>
  run.nodes.filter((node) => node.api === args.api && node.span.file === span.file && node.span.line === span.line && node.span.column === span.column).length;

/** A name of a checkpoint; what is worked out of several outputs has no node of its own. */
const stateEntry = ({ name, tensor: { ref, shape, dtype }, trainable }: StateEntry): GraphState => ({
  name,
  type: { shape, dtype },
  trainable,
  ...(ref.output === 0 ? { node: ref.node } : {}),
});

function finish(run: Run, request: EntryRequest, told: readonly Output[], stopped: string | undefined): Reading {
  const { target, source } = request;
  const outputs = told.map(({ value }) => value);
  const { span, name } = named(target, source);
  const needs = settledNeeds(run);
  const graph: ShapeGraph = {
    version: 1,
    runtime: run.surroundings.runtime,
    language: source.language,
    name,
    span,
    inputs: [...run.inputs]
      .filter(([, tensor]) => isEntryInput(run, tensor.ref.node, outputs))
      .map(([path, tensor]) => ({ name: inputName(run, path), ref: tensor.ref, span: run.inputSpans.get(path) ?? span })),
    nodes: byNeeds(nameWeights(withStanding(run, run.nodes, entrySizes(run, outputs)), run.root, run.surroundings), needs),
    outputs,
    ...(told.some(({ path }) => path !== '') ? { outputPaths: told.map(({ path }) => path) } : {}),
    rows: run.rows,
    scopes: run.scopes,
    disposals: run.disposals,
    symbols: [...run.symbols.values()],
    needs,
    ...(run.state ? { state: run.state.map(stateEntry) } : {}),
  };
  // Of a class the library may take all steps: a chain of modules.
  const touchesTensors = run.nodes.some((node, at) => !NO_STEPS.has(node.op) && (node.scope.length > 0 || (run.root?.kind === 'instance' && at >= run.start)));
  return {
    ...pruned(graph, [...run.mentions.places.values()], run.start),
    problems: problemsOf(run),
    touchesTensors,
    unused: stopped ? [] : unusedNames(run),
    assumed: assumptions(run),
    leftOut: [...run.evidence].flatMap(([path, about]) => (about.leftOut ? [path] : [])),
    ...(stopped ? { stopped } : {}),
  };
}
