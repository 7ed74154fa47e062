/** What goes into a run and what comes out of it: plain data. */
import type { DType, Tfjs } from '../ops/operator';
import type { Span } from '../program/types';
import type { RefusalKey } from './refusal';

/** A tensor's values outside of tfjs. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: Float32Array | Int32Array | Uint8Array;
}

export type NamedTensors = ReadonlyMap<string, TensorData>;

/** Why there is no result. `place` is the step in the way. */
export interface Refusal {
  readonly code: 'sizes' | 'unsupported' | 'memory' | 'texture' | 'weights' | 'inputs' | 'file' | 'cancelled' | 'lost' | 'failed';
  /** Picks the words, that `args` fill. */
  readonly key: RefusalKey;
  readonly args: { readonly [name: string]: string | number };
  readonly operator?: string;
  readonly node?: number;
  readonly place?: Span;
  /** What else is in the way: every weight that does not fit is named. */
  readonly others?: readonly Refusal[];
}

export interface Statistics {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  /** No NaN and no infinity among the values; the others are taken over the finite ones. */
  readonly finite: boolean;
  /** Some values are -∞, as masks put it before a softmax, and all the others are finite. */
  readonly masked?: boolean;
}

/** One output of one step, as it ran. */
export interface RanOutput {
  /** Undefined where the prediction does not know the shape. */
  readonly predicted?: readonly number[];
  readonly ran: readonly number[];
  readonly dtype: DType;
  readonly bytes: number;
  readonly statistics?: Statistics;
  readonly values?: TensorData;
}

/** One step as it ran; inputs and parameters come first, as steps without a time. */
export interface RanStep {
  readonly node: number;
  readonly outputs: readonly RanOutput[];
  readonly ms?: number;
  /** A step that the results do not need may fail by itself. */
  readonly error?: string;
}

/** A predicted shape that differs from what ran. */
export interface Disagreement {
  readonly node: number;
  readonly output: number;
  readonly predicted: readonly number[];
  readonly ran: readonly number[];
}

export interface RunResult {
  readonly backend: string;
  readonly steps: readonly RanStep[];
  /** The graph's results in order, with their values. */
  readonly outputs: readonly RanOutput[];
  readonly disagreements: readonly Disagreement[];
  /** The most bytes that inputs and steps held at once, each storage once, parameters apart. */
  readonly peakBytes: number;
  readonly ms: number;
}

/** What a run will hold. `unknown`: a size is not known, so that it may be more. */
export interface Forecast {
  readonly parameterBytes: number;
  readonly peakBytes: number;
  readonly totalBytes: number;
  readonly peakNode?: number;
  readonly largest: { readonly node: number; readonly shape: readonly number[]; readonly elements: number } | undefined;
  readonly unknown: boolean;
}

export interface Limits {
  /** Most bytes of parameters, inputs and live steps together. */
  readonly maxBytes?: number;
  /** The back end's largest texture side. */
  readonly maxTextureSize?: number;
}

export interface PrepareOptions {
  readonly tf: Tfjs;
  readonly seed?: number;
  readonly training?: boolean;
  /** By state name; where given, every parameter must be there and nothing else. */
  readonly weights?: NamedTensors;
  /** By input name; what is not given is drawn from the seed. */
  readonly inputs?: NamedTensors;
  readonly limits?: Limits;
}

/** Looks on at what a run holds. */
export interface Watch {
  /** The step that begins. */
  step(node: number): void;
  /** What follows is not the block's own (waiting for the device, reading from it), until what this gives is called. */
  aside(): () => void;
}

export interface RunOptions {
  readonly watch?: Watch;
  readonly timing?: boolean;
  readonly statistics?: boolean;
  /** Whether to copy the results' values out; they are unless this says no. */
  readonly results?: boolean;
  /** Whether to copy a step's output out; none is where this is absent. */
  capture?(node: number, output: number, bytes: number): boolean;
  /** Cancels the run; aborted with the reason 'lost' where the device was lost. */
  readonly signal?: AbortSignal;
  onStep?(step: RanStep): void;
  /** Milliseconds of work between two pauses in which the page can answer. */
  readonly pauseEvery?: number;
}
