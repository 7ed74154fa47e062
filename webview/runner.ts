/** Runs the block on the back end: one run at a time, on a device that may be lost, and lets go of every tensor at the end. */
import type { ShapeGraph, Sizes } from '../src/graph/index';
import { prepareRun } from '../src/run/prepare';
import { refuse } from '../src/run/refusal';
import type { Limits, RanStep, Refusal, RunResult } from '../src/run/types';
import { type Backend, isLost, onLost, plainBackend, restartBackend, startBackend } from './backend';

export interface RunRequest {
  readonly graph: ShapeGraph;
  readonly sizes: Sizes;
  readonly maxBytes: number;
  /** A step whose values are kept whatever their size. */
  readonly wanted?: number;
  onBackend(backend: Backend): void;
  onStep(step: RanStep): void;
}

export type RunOutcome = { readonly result: RunResult } | { readonly refusal: Refusal };

export interface Runner {
  run(request: RunRequest): Promise<RunOutcome>;
  /** Ends the run that is going on. */
  stop(): void;
}

/** Values copied out of the device for the heat map, in all. */
const KEPT_BYTES = 192 * 2 ** 20;
/** A second run, for times without the device's preparations, only where the first was short. */
const SHORT_RUN_MS = 4000;

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

/** A runner whose WebAssembly programs stand in the folder `wasm`. */
export function createRunner(wasm: string): Runner {
  let backend: Promise<Backend> | undefined;
  let control = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  async function onBackend(ready: Backend, request: RunRequest, signal: AbortSignal): Promise<RunOutcome> {
    const limits: Limits = { maxBytes: request.maxBytes, ...(ready.maxTextureSize === undefined ? {} : { maxTextureSize: ready.maxTextureSize }) };
    const made = prepareRun(request.graph, request.sizes, { tf: ready.tf, limits });
    if ('refusal' in made) return made;
    const immediate = ready.name !== 'webgl';
    try {
      const first = await made.prepared.run({
        results: false,
        statistics: true,
        timing: immediate,
        capture: keeper(request.wanted),
        signal,
        onStep: request.onStep,
      });
      if ('refusal' in first || immediate || first.result.ms > SHORT_RUN_MS) return first;
      const second = await made.prepared.run({ results: false, timing: true, signal });
      return 'refusal' in second ? second : { result: withTimes(first.result, second.result, request) };
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
