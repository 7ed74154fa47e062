/** What is asked of a reading, and what it gives. */
import type { ShapeGraph } from '../../graph/types';
import type { ClassDefinition, Expression, FunctionDefinition, SourceModule, Span } from '../../program/types';
import type { Asked, ProblemInput } from '../../value/index';
import type { Mention } from '../learning/mentions';
import type { Bindings, Program, Surroundings } from '../run';
import type { Assumption } from './assumed';

/** What a module's own call is named, the first that it has. */
export const FORWARDS = ['call', 'forward', 'apply'];

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
  /** Something in it asks whether the module is in training: in the other mode it may be another. */
  readonly asksMode?: boolean;
}

/** A reading, and what is found where the tests that split it are taken one way. */
export type Settled = Reading & { readonly sides?: () => readonly ProblemInput[]; readonly usual?: readonly Asked[]; readonly counted?: readonly string[] };

/** Tests that are taken as the defaults have them, and arguments that are, by their paths. */
export type Standing = EntryRequest & { readonly standing?: readonly Asked[]; readonly fixed?: readonly string[] };

/** The place of what is the whole file's. */
export const nowhere = (file: string): Span => ({ file, line: 1, column: 1, endLine: 1, endColumn: 1 });
