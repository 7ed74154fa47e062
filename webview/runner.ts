/** Runs the block on the back end: one run at a time, on a device that may be lost, and lets go of every tensor at the end. */
import type { ShapeGraph, Sizes } from '../src/graph/index';
import { type Prepared, prepareRun } from '../src/run/prepare';
import { refuse } from '../src/run/refusal';
import type { Limits, RanStep, Refusal, RunResult } from '../src/run/types';
import { type Backend, isLost, onLost, plainBackend, restartBackend, shadersOf, startBackend } from './backend';

export interface RunRequest {
  readonly graph: ShapeGraph;
  readonly sizes: Sizes;
  readonly maxBytes: number;
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

export type RunOutcome = { readonly result: RunResult; readonly cold?: ColdRun } | { readonly refusal: Refusal };

export interface Runner {
  run(request: RunRequest): Promise<RunOutcome>;
  /** Ends the run that is going on. */
  stop(): void;
}

/** Values copied out of the device for the heat map, in all. */
const KEPT_BYTES = 192 * 2 ** 20;
/** Runs for times without the device's preparations take no longer than this together. */
const TIMED_RUNS_MS = 4000;
/** Each may still find a shader to compile: the next one then does not. */
const MOST_TIMED_RUNS = 4;

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
async function onPrepared(prepared: Prepared, ready: Backend, request: RunRequest, signal: AbortSignal): Promise<RunOutcome> {
  const immediate = ready.name !== 'webgl';
  const before = shadersOf(ready);
  const capture = keeper(request.wanted);
  const first = await prepared.run({ results: false, statistics: true, timing: immediate, capture, signal, onStep: request.onStep });
  if ('refusal' in first) return first;
  if (immediate) return { result: withTimes(first.result, first.result, request) };
  const shaders = shadersOf(ready) - before;
  const { ms } = first.result;
  const again = shaders > 0 || ms <= TIMED_RUNS_MS ? await timedRun(prepared, ready, signal) : undefined;
  if (again && 'refusal' in again) return again;
  const cold = shaders > 0 ? { cold: { ms, shaders, only: !again } } : {};
  return { result: again ? withTimes(first.result, again.result, request) : first.result, ...cold };
}

/** Runs until nothing is left to compile; undefined where that takes too long. */
async function timedRun(prepared: Prepared, ready: Backend, signal: AbortSignal): Promise<Awaited<ReturnType<Prepared['run']>> | undefined> {
  const patience = AbortSignal.timeout(TIMED_RUNS_MS);
  let last: Awaited<ReturnType<Prepared['run']>> | undefined;
  for (let turn = 0; turn < MOST_TIMED_RUNS; turn += 1) {
    const before = shadersOf(ready);
    const next = await prepared.run({ results: false, timing: true, signal: AbortSignal.any([signal, patience]) });
    if ('refusal' in next) return patience.aborted && !signal.aborted ? last : next;
    last = next;
    if (shadersOf(ready) === before) break;
  }
  return last;
}

/** A runner whose WebAssembly programs stand in the folder `wasm`. */
export function createRunner(wasm: string): Runner {
  let backend: Promise<Backend> | undefined;
  let control = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  async function onBackend(ready: Backend, request: RunRequest, signal: AbortSignal): Promise<RunOutcome> {
    const limits: Limits = { maxBytes: request.maxBytes, ...(ready.maxTextureSize === undefined ? {} : { maxTextureSize: ready.maxTextureSize }) };
    const made = prepareRun(request.graph, request.sizes, { tf: ready.tf, limits });
    if ('refusal' in made) return made;
    try {
      return await onPrepared(made.prepared, ready, request, signal);
    } finally {
      made.prepared.dispose();
    }
  }

  async function attempt(request: RunRequest, own: AbortController): Promise<RunOutcome> {
    backend ??= startBackend(wasm);
    if (isLost(await backend)) backend = restartBackend(wasm);
    const ready = await backend;
    if (own.signal.aborted) return { refusal: refuse('cancelled') };
    request.onBackend(ready);
    const stopListening = onLost(ready, () => own.abort('lost'));
    try {
      const outcome = await onBackend(ready, request, own.signal);
      if ('refusal' in outcome && outcome.refusal.code === 'lost') backend = restartBackend(wasm);
      if (ready.name !== 'wasm' || !('refusal' in outcome) || !isMissingKernel(outcome.refusal)) return outcome;
      backend = plainBackend();
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

/** The first run's values with the second one's times. */
function withTimes(first: RunResult, second: RunResult, request: RunRequest): RunResult {
  const times = new Map(second.steps.map(({ node, ms }) => [node, ms]));
  const steps = first.steps.map((step) => {
    const ms = times.get(step.node);
    return ms === undefined ? step : { ...step, ms };
  });
  for (const step of steps) request.onStep(step);
  return { ...first, steps, ms: second.steps.reduce((sum, { ms = 0 }) => sum + ms, 0) };
}
