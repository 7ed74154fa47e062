/** Runs the block on the back end: one run at a time, on a device that may be lost, and lets go of every tensor at the end. */
import { type ShapeGraph, type Sizes, shapeAt } from '../src/graph/index';
import { type Prepared, prepareRun } from '../src/run/prepare';
import { refuse } from '../src/run/refusal';
import type { Limits, NamedTensors, RanStep, Refusal, RunResult } from '../src/run/types';
import { foreseeTextures, type TextureForecast, type TextureLimits } from '../src/run/webgl';
import { type Backend, inUse, isLost, onLost, plainBackend, restartBackend, shadersOf, startBackend } from './backend';
import type { TextureReading } from './textures';

export interface RunRequest {
  readonly graph: ShapeGraph;
  readonly sizes: Sizes;
  readonly maxBytes: number;
  /** By state name, in place of drawn ones. */
  readonly weights?: NamedTensors;
  /** A step whose values are kept whatever their size. */
  readonly wanted?: number;
  onBackend(backend: Backend): void;
  onStep(step: RanStep): void;
}

/** A first run in which shaders were compiled. `only`: there was no time for another, so that the result's own time is this one. */
export interface ColdRun {
  readonly ms: number;
  readonly shaders: number;
  readonly only: boolean;
}

/** `timedRuns`: of how many runs the times are the least; 0 where there was no time to time the steps. */
export type RunOutcome =
  | { readonly result: RunResult; readonly timedRuns: number; readonly cold?: ColdRun; readonly textures?: Textures }
  | { readonly refusal: Refusal };

/** What WebGL held in a run, apart from what looking at values takes, and what was foreseen of it. */
export interface Textures {
  readonly measured: TextureReading;
  readonly foreseen: TextureForecast;
}

export interface Runner {
  run(request: RunRequest): Promise<RunOutcome>;
  /** Ends the run that is going on. */
  stop(): void;
}

/** Values copied out of the device for the heat map, in all. */
const KEPT_BYTES = 192 * 2 ** 20;
/** Runs for times without the device's preparations take no longer than this together. */
export const TIMED_RUNS_MS = 4000;
/** After a first run of more than this none is tried. It also copied every value out and looked at it: without that a run may be a lot faster. */
const MOST_FIRST_MS = 5 * TIMED_RUNS_MS;
/** Each may still find a shader to compile: the next one then does not. */
const MOST_COLD_RUNS = 4;
/** One run is disturbed by whatever else goes on: several are made while they take no longer than this together. */
const REPEATED_RUNS_MS = 1000;
const MOST_REPEATED_RUNS = 7;

/** Says which outputs to keep: all, until they take too much. */
function keeper(wanted: number | undefined): (node: number, output: number, bytes: number) => boolean {
  let kept = 0;
  return (node, _, bytes) => {
    if (node !== wanted && kept + bytes > KEPT_BYTES) return false;
    kept += bytes;
    return true;
  };
}

const isMissingKernel = (refusal: Refusal): boolean =>
  refusal.key === 'failed' && /not registered|not (yet )?(supported|implemented)/i.test(String(refusal.args.message));

/** Runs it for its values, and where the device prepares itself on the way, again for its times. */
async function onPrepared(prepared: Prepared, ready: Backend, request: RunRequest, signal: AbortSignal, base: number): Promise<RunOutcome> {
  const immediate = ready.name !== 'webgl';
  const before = shadersOf(ready);
  const capture = keeper(request.wanted);
  const watch = ready.textures?.watch(base);
  const first = await prepared.run({
    results: false,
    statistics: true,
    timing: immediate,
    capture,
    signal,
    onStep: request.onStep,
    ...(watch ? { watch } : {}),
  });
  const inFirst = watch?.reading();
  if ('refusal' in first) return first;
  if (immediate) return { result: withTimes(first.result, [first.result], request), timedRuns: 1 };
  const shaders = shadersOf(ready) - before;
  const { ms } = first.result;
  const timed = shaders > 0 || ms <= MOST_FIRST_MS ? await timedRuns(prepared, ready, signal, base) : { runs: [] };
  if ('refusal' in timed) return timed;
  const { runs: again, measured } = timed;
  const cold = shaders > 0 ? { cold: { ms, shaders, only: again.length === 0 } } : {};
  const textures = inFirst && ready.textures ? { textures: texturesOf(prepared, ready.textures, inFirst, measured) } : {};
  return { result: again.length > 0 ? withTimes(first.result, again, request) : first.result, timedRuns: again.length, ...cold, ...textures };
}

/** The first run is told of where there was time for no other. */
function texturesOf({ plan }: Prepared, limits: TextureLimits, inFirst: TextureReading, measured: TextureReading | undefined): Textures {
  const { first, again } = foreseeTextures(plan, limits);
  return measured ? { measured, foreseen: again } : { measured: inFirst, foreseen: first };
}

/** Runs without the first one's preparations; `measured`: what the last of them held. */
interface Timed {
  readonly runs: readonly RunResult[];
  readonly measured?: TextureReading;
}

/** Runs until nothing is left to compile, and then a few times more; none where that takes too long. */
async function timedRuns(prepared: Prepared, ready: Backend, signal: AbortSignal, base: number): Promise<Timed | { readonly refusal: Refusal }> {
  const patience = AbortSignal.timeout(TIMED_RUNS_MS);
  const both = AbortSignal.any([signal, patience]);
  let timed: Timed = { runs: [] };
  /** Another run; its refusal, unless time is up. */
  const once = async (before: readonly RunResult[]): Promise<{ readonly refusal: Refusal } | 'over' | undefined> => {
    const watch = ready.textures?.watch(base);
    const next = await prepared.run({ results: false, timing: true, signal: both, ...(watch ? { watch } : {}) });
    const measured = watch?.reading();
    if ('refusal' in next) return signal.aborted || !patience.aborted ? next : 'over';
    timed = { runs: [...before, next.result], ...(measured ? { measured } : {}) };
    return undefined;
  };
  for (let turn = 0; turn < MOST_COLD_RUNS; turn += 1) {
    const before = shadersOf(ready);
    const end = await once([]);
    if (end) return end === 'over' ? timed : end;
    if (shadersOf(ready) === before) break;
  }
  const start = performance.now();
  while (timed.runs.length < MOST_REPEATED_RUNS && performance.now() - start < REPEATED_RUNS_MS) {
    const end = await once(timed.runs);
    if (end) return end === 'over' ? timed : end;
  }
  return timed;
}

const hasEmpty = ({ graph, sizes }: RunRequest): boolean => graph.nodes.some(({ outputs }) => outputs.some((type) => shapeAt(type, sizes)?.includes(0)));

/** A runner whose WebAssembly programs stand in the folder `wasm`. */
export function createRunner(wasm: string): Runner {
  let backend: Promise<Backend> | undefined;
  let control = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  async function onBackend(ready: Backend, request: RunRequest, signal: AbortSignal): Promise<RunOutcome> {
    const limits: Limits = { maxBytes: request.maxBytes, ...(ready.maxTextureSize === undefined ? {} : { maxTextureSize: ready.maxTextureSize }) };
    const base = ready.textures?.live() ?? 0;
    const made = prepareRun(request.graph, request.sizes, { tf: ready.tf, limits, ...(request.weights ? { weights: request.weights } : {}) });
    if ('refusal' in made) return made;
    try {
      return await onPrepared(made.prepared, ready, request, signal, base);
    } finally {
      made.prepared.dispose();
    }
  }

  async function attempt(request: RunRequest, own: AbortController): Promise<RunOutcome> {
    backend ??= startBackend(wasm);
    if (isLost(await backend)) backend = restartBackend(wasm);
    const usual = await backend;
    // tfjs's WebGL fails where an operand has no values.
    const ready = usual.name === 'webgl' && hasEmpty(request) ? await plainBackend('emptyTensors') : await inUse(usual);
    if (own.signal.aborted) return { refusal: refuse('cancelled') };
    request.onBackend(ready);
    const stopListening = onLost(ready, () => own.abort('lost'));
    try {
      const outcome = await onBackend(ready, request, own.signal);
      if ('refusal' in outcome && outcome.refusal.code === 'lost') backend = restartBackend(wasm);
      if (ready.name !== 'wasm' || !('refusal' in outcome) || !isMissingKernel(outcome.refusal)) return outcome;
      backend = plainBackend('noKernel');
      request.onBackend(await backend);
      return await onBackend(await backend, request, own.signal);
    } finally {
      stopListening();
    }
  }

  return {
    run(request) {
      control.abort('overtaken');
      const own = new AbortController();
      control = own;
      const result = last.then(() => attempt(request, own));
      last = result.catch(() => undefined);
      return result;
    },
    stop: () => control.abort('stopped'),
  };
}

const totalOf = ({ steps }: RunResult): number => steps.reduce((sum, { ms = 0 }) => sum + ms, 0);

/** The first run's values with the least times of others: of each step, and of a run as a whole. */
function withTimes(first: RunResult, others: readonly RunResult[], request: RunRequest): RunResult {
  const times = new Map<number, number>();
  for (const { node, ms } of others.flatMap(({ steps }) => steps)) if (ms !== undefined) times.set(node, Math.min(ms, times.get(node) ?? ms));
  const steps = first.steps.map((step) => {
    const ms = times.get(step.node);
    return ms === undefined ? step : { ...step, ms };
  });
  for (const step of steps) request.onStep(step);
  return { ...first, steps, ms: Math.min(...others.map(totalOf)) };
}
