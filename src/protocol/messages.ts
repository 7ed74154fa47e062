/** Messages between the extension's host, its analysis worker and the run panel: one file, discriminated unions, plain data. */
import type { AliveModule, ChosenSizes, FileAnalysis, Hover, InlayHint, Lens, Precision } from '../analysis/types';
import type { GraphJson } from '../graph/json';
import type { Priced, PriceRequest } from './compareMessages';

/** What the host asks of the analysis worker. Every request carries an id; every answer carries it back, or an error's words. */
export interface AnalysisOptions {
  readonly sizes: { readonly [module: string]: ChosenSizes };
  readonly hintStyle: 'short' | 'full';
  /** In which number type costs are worked out; without it float32. */
  readonly precision?: Precision;
  readonly severities: { readonly [code: string]: 'error' | 'warning' | 'information' | 'hint' | 'off' };
  readonly maxFileBytes: number;
}

export type WorkerRequest =
  | { readonly kind: 'analyze'; readonly file: string; readonly options: AnalysisOptions }
  | { readonly kind: 'hover'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'graph'; readonly file: string; readonly module: string }
  | { readonly kind: 'alive'; readonly file: string; readonly module: string | null }
  | { readonly kind: 'modules'; readonly file: string; readonly options: AnalysisOptions }
  | PriceRequest
  | { readonly kind: 'changed'; readonly file: string; readonly text: string | null }
  | { readonly kind: 'forget'; readonly file: string };

export interface WorkerAnalysis {
  readonly diagnostics: FileAnalysis['diagnostics'];
  readonly hints: readonly InlayHint[];
  readonly lenses: readonly Lens[];
  readonly modules: readonly ModuleEntry[];
  readonly dependencies: readonly string[];
  readonly ms: number;
}

/** A module of a file, by the line of its name. */
export interface ModuleEntry {
  readonly name: string;
  readonly line: number;
  readonly attention: boolean;
  /** Whether an error was found in it. */
  readonly faulty: boolean;
}

export interface WorkerAnswers {
  readonly analyze: WorkerAnalysis;
  readonly hover: Hover | null;
  readonly graph: ModuleForRun | null;
  /** Of the modules with attention, and of the one that was named. */
  readonly alive: readonly AliveModule[];
  /** Those of a file that need not be open. */
  readonly modules: readonly ModuleEntry[];
  /** Of the file as it is now; null where it has no such module. */
  readonly price: Priced | null;
  readonly changed: null;
  readonly forget: null;
}

/** What the panel needs to run a module: its graph, and example sizes that satisfy its needs (null: none were found, with the reason). */
export interface ModuleForRun {
  readonly graph: GraphJson;
  readonly sizes: ChosenSizes | null;
  readonly reason?: string;
  /** Arguments that the graph is read at: another number for one of them needs another graph, which the host sends. */
  readonly fixed?: readonly string[];
  /** Errors that were found in the module, in order: what runs may not be what its code does. */
  readonly errors?: readonly ModuleError[];
}

/** An error as the panel tells it. */
export interface ModuleError {
  readonly line: number;
  readonly message: string;
}

/** The worker asks the host for a file's text: the editor's buffer first, else the disk; null where there is none. */
export interface ReadRequest {
  readonly kind: 'read';
  readonly file: string;
}

export interface HostAnswers {
  readonly read: string | null;
}

/** What the panel keeps with the webview's `setState`, so that it can be revived: the `file` of the last `show` and its module's name. */
export interface PanelState {
  readonly file: string;
  readonly module: string;
}

/** A safetensors file for a block: its bytes, or why there are none. */
export interface WeightsFile {
  readonly file: string;
  readonly module: string;
  /** What the safetensors file is called. */
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly problem?: string;
}

/** Host → panel. A `stale` panel gets a new `show` once the change has been analysed; a `gone` one when its module is back. */
export type ToPanel =
  | {
      readonly kind: 'show';
      readonly file: string;
      readonly version: number;
      readonly module: ModuleForRun;
      readonly limits: RunLimits;
      readonly words: { readonly [key: string]: string };
    }
  | ({ readonly kind: 'weights' } & WeightsFile)
  | { readonly kind: 'cursor'; readonly line: number }
  | { readonly kind: 'stale'; readonly reason: string }
  | { readonly kind: 'gone'; readonly reason: string };

export interface RunLimits {
  readonly maxBytes: number;
}

/** Panel → host. */
export type FromPanel =
  | { readonly kind: 'ready' }
  | { readonly kind: 'reveal'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'sizes'; readonly file: string; readonly module: string; readonly sizes: ChosenSizes }
  /** The user wants to pick a file of weights for the block, or (`dropWeights`) none any longer. */
  | { readonly kind: 'loadWeights'; readonly file: string; readonly module: string }
  | { readonly kind: 'dropWeights' }
  /** What would other settings cost? */
  | { readonly kind: 'compare'; readonly file: string; readonly module: string }
  | { readonly kind: 'ran'; readonly module: string; readonly backend: string; readonly ms: number; readonly disagreements: number; readonly finite: boolean }
  | { readonly kind: 'failed'; readonly module: string; readonly reason: string }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };
