/** What the panel shows at a moment: one plain record, never changed in place. */
import type { ShapeGraph } from '../src/graph/types';
import type { ModuleError, RunLimits } from '../src/protocol/messages';
import type { Forecast, RanStep } from '../src/run/types';
import type { ColdRun, Textures } from './runner';
import type { StepView } from './steps';

/** The block that is shown. */
export interface Block {
  readonly file: string;
  readonly version: number;
  readonly graph: ShapeGraph;
  readonly steps: readonly StepView[];
  readonly limits: RunLimits;
  /** Arguments that the graph is read at. */
  readonly fixed: readonly string[];
  /** What was found wrong in the code. */
  readonly errors: readonly ModuleError[];
  /** Why there are no example sizes. */
  readonly reason?: string;
}

/** How a run ended. */
export interface Outcome {
  readonly backend: string;
  readonly ms: number;
  readonly cold?: ColdRun;
  /** Of how many runs the times are the least; 0 where the steps were not timed. */
  readonly timedRuns: number;
  readonly peakBytes: number;
  /** What WebGL held, where it ran there. */
  readonly textures?: Textures;
  readonly shapes: number;
  readonly disagreements: number;
  /** Whether all values are finite, or all but the -∞ of masks. */
  readonly finite: 'all' | 'masked' | 'no';
}

export interface View {
  readonly block?: Block;
  /** NaN where what was typed is no number. */
  readonly sizes: { readonly [symbol: string]: number };
  readonly forecast?: Forecast;
  /** Why it is not run, or how it failed. */
  readonly refusal?: string;
  /** Needs that the sizes break, in the user's words. */
  readonly broken: readonly string[];
  readonly running: boolean;
  readonly ran: ReadonlyMap<number, RanStep>;
  readonly outcome?: Outcome;
  readonly selected?: number;
  readonly backend?: { readonly name: string; readonly why?: string };
  /** What the user should know beyond the run: the code has changed, the file is gone, the device was lost. */
  readonly notice?: string;
  readonly problem?: string;
  /** What the file is called that the weights are from; drawn weights have none. */
  readonly weights?: string;
  /** Why the file that was picked last is not used. */
  readonly weightsProblem?: string;
}

export const EMPTY: View = { sizes: {}, broken: [], running: false, ran: new Map() };
