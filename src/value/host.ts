/** What the interpreter offers to dialects: the only way in which a library's function touches the graph, the heap or the problems. */
import type { Dim, Facts, Real } from '../dim/index';
import type { GraphAround } from '../graph/types';
import type { Attributes, Autocast, DType, Operator, Runtime } from '../ops/operator';
import type { Span } from '../program/types';
import type { DictValue, InstanceValue, ListValue, Precision, TensorValue, Value } from './types';

/** A call's arguments after spreading. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** The call's span, and each positional argument's. */
  readonly span: Span;
  readonly spans: readonly Span[];
  /** The callee as the user wrote it: `tf.matMul`, `x.reshape`. */
  readonly api: string;
  /** Set where a spread had an unknown number of items: the reason. */
  readonly open?: string;
  /** Set where a list was spread in which one item stands for a symbolic number alike: what is given by place, with that list for its items. */
  readonly inOrder?: readonly Value[];
  /** Set where a module's own entry is given more from outside than is known here: what is lacking is no fault. */
  readonly outside?: true;
  /** Set where names were spread that are not known: the reason. */
  readonly openNames?: string;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A finding: words are made from `code` and `args` by the catalogue. */
export interface ProblemInput {
  readonly code: string;
  /** The entry of the catalogue, where it is another than the code's own. */
  readonly words?: string;
  readonly severity: Severity;
  readonly span: Span;
  /** It is found only where every pass of the place gives it: a cache that grows begins with one item. */
  readonly everyPass?: true;
  readonly args: { readonly [name: string]: string | number };
  readonly related?: readonly { readonly span: Span; readonly code: string; readonly args: { readonly [name: string]: string | number } }[];
}

export interface ParameterInput {
  /** The name under its owner: `kernel`, `query_conv.weight`. */
  readonly name: string;
  readonly shape: readonly Dim[];
  readonly dtype: DType;
  readonly trainable: boolean;
  readonly initializer: Attributes;
  readonly span: Span;
}

/** What the code puts around steps; `untracked` is taken back by false. */
export type Around = Omit<GraphAround, 'untracked'> & { readonly untracked?: boolean };

export interface Host {
  readonly runtime: Runtime;
  readonly language: 'typescript' | 'python';
  readonly training: boolean;
  /** In which number type the module is read. */
  readonly precision: Precision;
  readonly facts: Facts;
  /** The span of the call or expression being evaluated. */
  readonly span: Span;

  /**
   * Adds one step: runs the operator's rule over the operands, judges its demands, reports what is wrong (once per place) and returns one tensor
   * per output. An operand of unknown rank makes the outputs unknown, unless `keepsRank` says which operand's rank an output shares.
   */
  apply(operator: Operator, inputs: readonly TensorValue[], attributes: Attributes, at: Arguments | Span): readonly TensorValue[];
  /** A tensor that is not known, as a step of its own (so that what uses it can say why). `from`: what it was made from. */
  unknownTensor(reason: string, from?: readonly TensorValue[], dtype?: DType): TensorValue;
  parameter(input: ParameterInput): TensorValue;
  /** From now on the weight starts so: its shape stays. What is no weight stays as it is. */
  initialise(weight: TensorValue, initializer: Attributes): void;
  /** A weight that starts as what the tensor holds (`tf.variable`); what depends on an input stays what it is. */
  variable(initial: TensorValue, settings: { readonly trainable: boolean; readonly name?: string }): TensorValue;
  /**
   * An input that the program declares itself (`tf.input`, a first layer's `inputShape`): null sizes become symbols, the first axis's `b`.
   * Without a name it takes that of the variable it is assigned to, else `input`, `input_1`, …
   */
  input(name: string | undefined, shape: readonly (Dim | null)[], dtype: DType): TensorValue;
  /** A constant with values known in the source (flat), or not (null). `plain`: a number of the language's, that only stands where a tensor may. */
  constant(shape: readonly Dim[], dtype: DType, values: readonly (number | Real)[] | null, plain?: true): TensorValue;

  /** A weight or buffer brought to another type where it stands. */
  retyped(tensor: TensorValue, dtype: DType): TensorValue;
  /** A call holds what it was given until it ends. */
  holds(tensors: readonly TensorValue[]): void;
  /** Tensors as autocast has them for a function that it casts the operands of; as they are where it is not on. */
  autocast(way: Autocast, tensors: readonly TensorValue[]): readonly TensorValue[];
  /** Runs `body` with autocast off: what changes a tensor in place is not cast. */
  uncast<T>(body: () => T): T;
  /** Runs `body` under an autocast of the code's own: to a type, to the one that is usual there, or off. */
  autocasting<T>(to: 'float16' | 'bfloat16' | 'usual' | 'none', body: () => T): T;
  /** The type that autocast lowers to; undefined where it is off. */
  readonly autocastsTo: 'float16' | 'bfloat16' | undefined;
  /** Runs `body`: its steps have this around them, beside what there is already. */
  around<T>(around: Around, body: () => T): T;
  /** Runs `body` as a stretch that keeps for backward what it is given alone: backward runs it once more. */
  checkpointed<T>(given: readonly TensorValue[], reentrant: boolean, body: () => T): T;
  /** From now on a weight is trained, or is not. */
  trains(weight: TensorValue, trains: boolean | string): void;

  /** Judges a demand that is not an operator's: equality of two sizes, with words. Returns true unless it is an error. */
  /** What a size was taken to equal so far that goes against its being `claimed`. */
  against(size: Dim, claimed: Dim): readonly { readonly need: string; readonly span: Span }[];
  require(relation: '==' | 'divides', left: Dim, right: Dim, code: string, args: { readonly [name: string]: string | number }, at?: Span): boolean;
  report(problem: ProblemInput): void;
  /** An object surely has no such attribute: where the code catches that, it is thrown. */
  lacks(): void;
  /** The tensor was changed in place: whoever holds it holds `result` from now on. Gives `result`. */
  replace(tensor: TensorValue, result: TensorValue): TensorValue;
  /** The library's own code held a value until now. */
  letGo(value: Value): void;

  /** Says that the code tells the tensor's rank (or its least), so that the module is read again with it where it was unknown. */
  tellRank(tensor: TensorValue, rank: number, how: 'exactly' | 'at least' | 'at most'): void;

  /** Says what the code calls the tensor's axes (undefined: nothing): free sizes of inputs get these names. */
  tellAxes(tensor: TensorValue, names: readonly (string | undefined)[]): void;

  /**
   * Reads a value as what it is used for: a parameter of the entry whose kind was not known becomes that (the module is read again with it),
   * one of several options becomes the one of that kind. Call it wherever a tensor, a number, or a number known in the source
   * ('constant': an axis, a count of items) is wanted and the value is not of that kind. As a 'size', a quotient is whole by need.
   * A 'term' of arithmetic may be a tensor or a number: what a constructor is given for it is a number, what a forward is given a tensor.
   * Any other value comes back as it is.
   */
  expect(value: Value, kind: 'tensor' | 'term' | 'number' | 'size' | 'constant' | 'list' | 'dict' | 'function'): Value;

  call(callee: Value, args: Arguments): Value;
  /** Calls with plain values, at the current span. */
  invoke(callee: Value, ...args: readonly Value[]): Value;
  member(object: Value, name: string): Value;
  setMember(object: InstanceValue | DictValue, name: string, value: Value): void;
  /** The object has no such field any more. */
  dropMember(object: InstanceValue, name: string): void;
  setItems(list: ListValue, items: readonly Value[]): void;
  /** All entries anew: for `delete` and `clear` of Map and Set. */
  setEntries(object: DictValue, entries: ReadonlyMap<string, Value>): void;
  setOpen(object: ListValue | DictValue | InstanceValue, reason: string): void;
  setState(object: InstanceValue, key: string, state: unknown): void;
  /** The items of anything that can be iterated, or the reason why they are not known. */
  iterate(value: Value): readonly Value[] | { readonly unknown: string };
  /** The items of what is taken apart into so many: a parameter is a list of as many. */
  takeApart(value: Value, count: number): readonly Value[] | { readonly unknown: string };
  /** Runs `body` once for all of `times` turns alike, or for any number of turns, because of a reason: what it changes is joined. */
  repeat(times: Dim | string, body: () => void): void;
  /** Runs `body` to learn from it what parameters are: what it changes is taken back, and that it throws means nothing. */
  probe(body: () => void): void;
  /** `{...first, ...second}`: a new object. */
  merge(parts: readonly Value[]): DictValue;
  /** Whether it is a list: of an entry's input that the code asks this of, no (a tensor is given); undefined where it is not decided. `asked`: the code itself asks for nothing else. */
  isList(value: Value, asked?: boolean): boolean | undefined;
  /** true, false, or undefined where it is not decided. */
  truth(value: Value): boolean | undefined;
  /** A test that the code throws without: what it asks of sizes is needed. */
  assert(test: Value): void;
  /** Runs `body` as a scope of the graph (`tidy`, a layer's call): costs and liveness see its extent. */
  scoped<T>(kind: 'tidy' | 'layer' | 'function', name: string, body: () => T): T;
  /** `dispose()`, in the code. */
  dispose(tensor: TensorValue): void;
  /** A declared input stands for a tensor that its model is applied to. */
  standsFor(declared: TensorValue, given: TensorValue): void;
}
