/** The state of one reading of a module. */
import type { Dim, Facts } from '../dim/index';
import type { GraphAround, GraphCheckpoint, GraphDispose, GraphNeed, GraphNode, GraphRow, GraphScope, GraphSymbol, ValueRef } from '../graph/types';
import type { DType, Runtime } from '../ops/operator';
import type { BinaryOperator, SourceModule, Span } from '../program/types';
import type { Asked, Host, IndexValue, ListValue, ModuleValue, OverloadedOperator, Precision, ProblemInput, TensorValue, Value } from '../value/index';
import type { Evidence } from './learning/evidence';
import type { Mentions } from './learning/mentions';
import type { Journal } from './statements/journal';
import type { Scope } from './statements/scope';

/** The user's files as read, with their imports resolved. */
export interface Program {
  /** The package that the program's entry is a file of. */
  readonly packageName?: string;
  module(path: string): SourceModule | undefined;
  /** The user's file that an import means, where it is one. */
  resolve(from: string, specifier: string): string | undefined;
}

/** One name of a checkpoint, and the tensor that is saved under it. */
export interface StateEntry {
  readonly name: string;
  readonly tensor: TensorValue;
  readonly trainable: boolean;
}

/** What a dialect and a language provide: looked up by name, never by which language it is. */
export interface Surroundings {
  readonly runtime: Runtime;
  /** A library by the name it is imported under. */
  library(specifier: string): ModuleValue | undefined;
  /** What stands for an export of a library's own file, where the library's source itself is what is read. */
  within(packageName: string, name: string): Value | undefined;
  /** What stands for a name that is imported from a file which is not there. */
  copied?(name: string): Value | undefined;
  /** Names that are there without an import. */
  global(name: string): Value | undefined;
  /** The outputs of a model that a function made of declared inputs. */
  modelOutputs(value: Value): readonly TensorValue[] | undefined;
  /** What a library's object holds beside its own fields, by name: a layer's weights, a model's layers. */
  partsOf(value: Value): readonly (readonly [string, Value])[];
  /** What a checkpoint of a module holds, in order; undefined where that is not known whole. */
  stateOf?(module: Value): readonly StateEntry[] | undefined;
  /** What whoever uses an object does before: sets its mode. */
  settle?(made: Value, host: Host): void;
  tensorMember(tensor: TensorValue, name: string, host: Host): Value | undefined;
  /** `tensor.name = value`. */
  setTensorMember?(tensor: TensorValue, name: string, value: Value, host: Host): void;
  /** Members of the language's own values: lists, strings, numbers, dicts, functions. */
  builtinMember(object: Value, name: string, host: Host): Value | undefined;
  /** What the language and its libraries do where another does otherwise. */
  readonly ways: Ways;
  /** `operands` joined by an operator (one operand: unary) where one of them is a tensor; undefined where the library has no such operator. */
  tensorOperation?(operator: OverloadedOperator, operands: readonly Value[], host: Host): Value | undefined;
  /** What a tensor holds that an operator's result is written into (`x += y`). */
  writtenInPlace?(tensor: TensorValue, result: TensorValue, host: Host): TensorValue;
  /** `tensor[…]`. */
  tensorItem?(tensor: TensorValue, index: readonly IndexValue[], host: Host): Value;
  /** `tensor[…] = value`: the tensor as it is then. */
  setTensorItem?(tensor: TensorValue, index: readonly IndexValue[], value: Value, host: Host): TensorValue;
  /** An operator over the language's own values, no numbers: `[0] * n`, `'%d' % n`, `a + b` of tuples; undefined where there is none. */
  builtinOperation?(operator: BinaryOperator, left: Value, right: Value, host: Host): Value | undefined;
  /** What a decorator that is known makes of a function or class; undefined leaves it as it is. */
  decorated?(decorator: Value, decorated: Value, host: Host): Value | undefined;
}

/** Ways of a language that are neither values nor names. */
export interface Ways {
  /** An empty list, dict or text counts as false. */
  readonly emptyIsFalse: boolean;
  /** `items[-1]` is the last item. */
  readonly countsFromEnd: boolean;
  /** Taking a list apart wants exactly as many targets as there are items. */
  readonly unpacksWhole: boolean;
  /** What a block declares is its own (`const` in braces); else the function's. */
  readonly blocksAreScopes: boolean;
  /** Fields and functions of the class itself are seen on its objects. */
  readonly objectsSeeStatics: boolean;
  /** A mapping that is walked gives its keys; else pairs. */
  readonly mappingsGiveKeys: boolean;
  /** The remainder has the divisor's sign. */
  readonly floorsRemainders: boolean;
  /** An operator of the library's on a tensor that is assigned to its own name (`x += y`) changes the tensor itself. */
  readonly changesInPlace: boolean;
  /** A value is freed as soon as no name, container or call holds it any more. */
  readonly countsReferences: boolean;
  /** What the axes of an input are called where the code does not say, by its rank. */
  readonly axisNames: { readonly [rank: number]: readonly string[] };
}

/** What is fixed from outside: the sizes and arguments of `--args`, `--inputs`, settings. */
export interface Bindings {
  readonly args?: ReadonlyMap<string, Value>;
  readonly inputs?: ReadonlyMap<string, InputBinding>;
  /** Numbers for numeric arguments by their symbols' names: loops over them are run turn by turn, branches on them decided. */
  readonly sizes?: { readonly [symbol: string]: number };
  /** In which number type it is read; without it float32. */
  readonly precision?: Precision;
  readonly training: boolean;
}

export type InputBinding =
  | { readonly kind: 'tensor'; readonly shape: readonly number[]; readonly dtype: DType }
  | { readonly kind: 'list'; readonly items: readonly InputBinding[] }
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, InputBinding> }
  | { readonly kind: 'value'; readonly value: Value };

export interface Comments {
  readonly heed: boolean;
  told: boolean;
}

/** Sorts of failure that code catches: an import of what need not be there, a call that fails, an attribute that is not there, a call that does not take its arguments. */
export const SORTS_CAUGHT = ['imports', 'calls', 'attributes', 'arguments'] as const;

export type Caught = (typeof SORTS_CAUGHT)[number];

/** A data size of an input, or an argument: where a symbol came from. */
export interface SymbolRecord extends GraphSymbol {
  /** The input's path and axis, of a data size. */
  readonly input?: string;
  readonly axis?: number;
  /** The name is the user's own. */
  readonly named: boolean;
}

export interface Frame {
  /** As rows name it: `Class.method`, a function's name. */
  readonly name: string;
  /** Called by a library function: its result is no row. */
  readonly callback: boolean;
  readonly definition: object;
  /** What branches that were not decided returned, and what was known there. */
  readonly returned: { readonly value: Value; readonly facts: Facts; readonly asked: Asked | undefined }[];
  /** Branches of the loop that is running that ended their turn early. */
  readonly turns: import('./statements/journal').Changes[];
  readonly scope: Scope;
  /** Parameters stand at their defaults that arguments may be given for: names were spread that are not known. */
  readonly filledIn?: boolean;
  /** What a generator has given so far. */
  yielded?: ListValue;
}

export interface Run {
  readonly program: Program;
  readonly surroundings: Surroundings;
  readonly bindings: Bindings;
  readonly evidence: Evidence;
  /** Whether shapes in comments are heeded, and whether any told something. */
  readonly comments: Comments;
  readonly journal: Journal;
  readonly host: Host;
  readonly language: 'typescript' | 'python';
  readonly entry: 'class' | 'function' | 'expression' | 'file';
  /** Facts hold along a branch: written through the journal. */
  readonly known: { facts: Facts };
  /** What held at the ends of the two sides of branches that are being joined, innermost last. */
  readonly sides: (readonly [Facts, Facts, Asked | undefined])[];
  /** How tests that nothing decides are taken in this reading. */
  readonly decisions: readonly Asked[];
  /** Tests whose two sides leave tensors that have no one shape. */
  readonly splits: Map<string, Asked>;
  /** Tests of which one side leaves something where the other leaves nothing. */
  readonly options: Map<string, Asked>;
  /** Sizes that are one of two, by the test and the two, and what those are made of. */
  readonly hidden: Map<string, { readonly size: Dim; readonly of: readonly string[] }>;
  /** Arguments that say how often loops run whose turns stand for all, by their paths. */
  readonly counted: Set<string>;
  /** Whether tests are taken to see what is wrong on one side of them. */
  readonly explores: boolean;
  readonly nodes: GraphNode[];
  readonly rows: GraphRow[];
  readonly mentions: Mentions;
  readonly scopes: GraphScope[];
  readonly openScopes: number[];
  /** Counts of the loops that are run once for all turns, outermost first. */
  readonly turns: Dim[];
  readonly disposals: GraphDispose[];
  /** How long tensors are held, and which share memory though they are two values. */
  readonly keeping: {
    readonly letGo: Map<string, GraphDispose>;
    readonly inPlace: { readonly result: ValueRef; readonly into: ValueRef }[];
    readonly checkpoints: GraphCheckpoint[];
  };
  readonly needs: Map<string, GraphNeed>;
  /** The texts of those that would hold only by chance. */
  readonly chances: Set<string>;
  readonly symbols: Map<string, SymbolRecord>;
  readonly problems: Map<string, ProblemInput>;
  /** How often each was reported. */
  readonly reported: Map<string, number>;
  readonly frames: Frame[];
  /** Tensors of the entry's parameters, by path. */
  readonly inputs: Map<string, TensorValue>;
  readonly inputSpans: Map<string, Span>;
  /** Inputs that the program declares itself (`tf.input`), by node: the path that stands for their place in the order. */
  readonly declared: Map<number, string>;
  /** What free sizes of declared inputs stand for, by symbol; null where for several. */
  readonly standing: Map<string, Dim | null>;
  /** Declared inputs whose names were found out in this reading: the next one has them. */
  readonly renamed: Set<string>;
  readonly modules: Map<string, LoadedModule>;
  /** What tensors that were changed in place have become, by reference: written through the journal. */
  readonly changed: {
    latest: ReadonlyMap<string, TensorValue>;
    /** Of what a view has become: the view. */
    views: ReadonlyMap<string, ValueRef>;
  };
  /** Weights as autocast has lowered them, by reference (written through the journal), how many times it is switched off, and what the code itself has it lower to, innermost last. */
  readonly autocast: { casts: ReadonlyMap<string, TensorValue>; off: number; readonly own: ('float16' | 'bfloat16' | 'none')[] };
  /** What stands around the steps that are made now. */
  around?: GraphAround | undefined;
  /** Weights that are not trained, by node: true, or why that is not known (written through the journal). */
  readonly untrained: { frozen: ReadonlyMap<number, boolean | string> };
  /** How many `try`s around the statement that is run catch each sort of failure. */
  readonly caught: { [sort in Caught]: number };
  /** Sides of tests are being read that the defaults of arguments do not take. */
  unusual: number;
  /** The code, or what it calls, has asked whether the module is in training. */
  asksMode: boolean;
  /** Rows are written; off while files' own statements run. */
  recording: boolean;
  /** The number of steps that stood before the forward began. */
  start: number;
  /** The expression being evaluated. */
  span: Span;
  /** Statements and expressions that may still be evaluated. */
  budget: number;
  /** The same for files' own statements, together. */
  fileBudget: number;
  /** The module's object, or the model that it made: weights are named from it. */
  root?: Value;
  /** What a checkpoint of the entry's object holds, as the object was made. */
  state?: readonly StateEntry[] | undefined;
  /** Names of bindings that something took. */
  readonly taken: Set<string>;
}

/** A user's file that has been, or is being, executed. */
export interface LoadedModule {
  readonly path: string;
  readonly scope: Scope;
  readonly exports: Map<string, Value | (() => Value)>;
  readonly value: ModuleValue;
  done: boolean;
  /** Imports of it that were bound before it was done. */
  readonly waiting: (() => void)[];
  /** Names that are being looked up through it. */
  readonly asked: Set<string>;
}
