/** The shape graph: the product. Plain data that stands alone; hover, diagnostics, lenses, costs and the run panel are its readers. */
import type { Dim } from '../dim/index';
import type { Attributes, DType, Runtime, TensorType } from '../ops/operator';
import type { Span } from '../program/types';

/** A value: output `output` of node `node`. */
export interface ValueRef {
  readonly node: number;
  readonly output: number;
}

/** A shape where even the rank is unknown has `shape: null`. */
export interface GraphType {
  readonly shape: readonly Dim[] | null;
  readonly dtype: DType;
  /** Why the shape, or a size in it, is not known. */
  readonly unknown?: string;
}

/**
 * One step. `op` is an operator's name, or one of the graph's own:
 * `input`, `parameter` (weights and buffers; attributes say which, its initialiser and its state name), `constant` (values in attributes),
 * `join` (one of its inputs, by a branch that is not decided: attribute `condition` in the user's words) and
 * `unknown` (attribute `reason`).
 */
export interface GraphNode {
  readonly id: number;
  readonly op: string;
  readonly inputs: readonly ValueRef[];
  readonly attributes: Attributes;
  readonly outputs: readonly GraphType[];
  /** The expression that makes it. */
  readonly span: Span;
  /** `Class.method` or the function that it stands in. */
  readonly function: string;
  /** Calls on the way from the module's entry, outermost first: for costs by sub-module and liveness by scope. */
  readonly scope: readonly number[];
  /** The API name as the user wrote it: `tf.matMul`, `x.reshape`. */
  readonly api?: string;
  /** How often it runs, as text of a size: one step stands for all turns of a loop over a symbolic count. */
  readonly times?: string;
  readonly around?: GraphAround;
}

/** What the code puts around a step that says how its memory is held. */
export interface GraphAround {
  /** Autograd does not follow it. */
  readonly untracked?: true;
  /** What it makes is never kept for backward: torch refuses that. */
  readonly inference?: true;
  /** The checkpoint that it runs in, by number: backward runs it once more instead of keeping what it needs. */
  readonly checkpoint?: number;
  /** Why it is not known what is held of it for backward. */
  readonly unknownInTraining?: string;
  /** Why it is not known what is held of it at all. */
  readonly unknown?: string;
}

/** A call on the way: its id stands in `GraphNode.scope`. `tidy` scopes free their tensors when they end. */
export interface GraphScope {
  readonly id: number;
  readonly kind: 'function' | 'tidy' | 'layer';
  readonly name: string;
  readonly span: Span;
  /** Node count when it was entered and left: nodes in [from, to) were made inside. */
  readonly from: number;
  readonly to: number;
}

/** What a name holds, for rows of `trace`: tensors, or lists and dicts of them. */
export type RowValue =
  | { readonly kind: 'tensor'; readonly ref: ValueRef }
  | { readonly kind: 'list'; readonly items: readonly RowValue[] }
  | { readonly kind: 'dict'; readonly items: readonly { readonly key: string; readonly value: RowValue }[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** One assignment that ran: a row of `trace`, an inlay hint, a hover. */
export interface GraphRow {
  /** The target's span; `line` of a row is the statement's first line. */
  readonly span: Span;
  readonly statement: Span;
  readonly function: string;
  /** As written: `q`, `self.pos`, `this.scale`; `return` for a function's returned tensor. */
  readonly name: string;
  readonly value: RowValue;
  /** Node count when it ran: what exists from here on under this name. */
  readonly step: number;
}

/** The code's `dispose()` of a tensor, for liveness as written. */
export interface GraphDispose {
  readonly ref: ValueRef;
  readonly step: number;
}

/** Where a symbol came from. Data sizes vary independently; arguments are the constructor's or the configuration's. */
export interface GraphSymbol {
  readonly name: string;
  readonly role: 'data' | 'argument';
  /** The default in the code, or what the user chose: used for example sizes. */
  readonly example?: number;
  /** Said on hover: "axis 1 of x", "argument `heads`". */
  readonly origin: string;
  readonly span?: Span;
}

/** Something that the code requires of its inputs and arguments, in the one text syntax: `c == in_dim`, `dim % heads == 0`. */
export interface GraphNeed {
  readonly text: string;
  readonly left: Dim;
  readonly relation: '==' | 'divides' | '<=';
  readonly right: Dim;
  readonly span: Span;
}

export interface GraphInput {
  readonly name: string;
  readonly ref: ValueRef;
  /** Where the parameter stands. */
  readonly span: Span;
}

/** One name of what a checkpoint of the module holds: a weight or a buffer that is saved, whether or not the forward uses it. */
export interface GraphState {
  readonly name: string;
  readonly type: GraphType;
  readonly trainable: boolean;
  /** Its node, where it stands in the graph; several names may share one. */
  readonly node?: number;
}

/** How Python and torch keep tensors, as far as the steps do not tell it. */
export interface GraphKeeping {
  /** The steps before it were made with the module, before its call: what they make is the module's own. */
  readonly start: number;
  /** How many steps there were when the last name, container or call let a tensor go. */
  readonly letGo: readonly GraphDispose[];
  /** What the module's fields hold when its call ends. */
  readonly kept: readonly ValueRef[];
  /** Results that were written into the memory of another value. */
  readonly inPlace: readonly { readonly result: ValueRef; readonly into: ValueRef }[];
  /** What each checkpoint was given: that alone it keeps for backward. */
  readonly checkpoints?: readonly GraphCheckpoint[];
}

/** A stretch of steps that backward runs once more, by the number that its steps bear. */
export interface GraphCheckpoint {
  readonly number: number;
  readonly given: readonly ValueRef[];
  /** It is, or may be, of the kind that runs a backward of its own. */
  readonly reentrant?: true;
}

export interface ShapeGraph {
  readonly version: 1;
  readonly runtime: Runtime;
  readonly language: 'typescript' | 'python';
  readonly name: string;
  /** The module's name in the source. */
  readonly span: Span;
  readonly inputs: readonly GraphInput[];
  readonly nodes: readonly GraphNode[];
  /** The result, flattened in order; null stands where a tuple holds no tensor. */
  readonly outputs: readonly RowValue[];
  /** Where the result is no single tensor: each output's path in it, `0`, `1.0`, `features`. What is no tensor has its place in the count. */
  readonly outputPaths?: readonly string[];
  readonly rows: readonly GraphRow[];
  readonly scopes: readonly GraphScope[];
  readonly disposals: readonly GraphDispose[];
  readonly keeping?: GraphKeeping;
  readonly symbols: readonly GraphSymbol[];
  readonly needs: readonly GraphNeed[];
  /** Where the whole state of the module is known: the names of its checkpoints, in order. */
  readonly state?: readonly GraphState[];
}

export type { TensorType };
