/** What a name can hold while a program is interpreted over symbolic sizes. */
import type { Dim, Facts, Real } from '../dim/index';
import type { ValueRef } from '../graph/types';
import type { DType } from '../ops/operator';
import type { BinaryOperator, ClassDefinition, CompareOperator, FunctionDefinition, Span, UnaryOperator } from '../program/types';
import type { Arguments, Host } from './host';

/** In which number type a module computes. `autocast-…`: weights and inputs in float32, each step cast as `torch.autocast` does. */
export type Precision = 'float32' | 'float16' | 'bfloat16' | 'autocast-float16' | 'autocast-bfloat16';

export type Value =
  | TensorValue
  | NumberValue
  | StringValue
  | BooleanValue
  | NullValue
  | UndefinedValue
  | ListValue
  | DictValue
  | FunctionValue
  | NativeValue
  | ClassValue
  | InstanceValue
  | ModuleValue
  | ShapeValue
  | UnknownValue;

/** A tensor of the graph. `shape` null: even its rank is unknown, because of `reason`; `ranked` names the inputs whose rank it shares. */
export interface TensorValue {
  readonly kind: 'tensor';
  readonly ref: ValueRef;
  readonly shape: readonly Dim[] | null;
  readonly dtype: DType;
  readonly reason?: string;
  /** Inputs (by key) whose rank equals this one's plus an offset: telling one rank tells the other. */
  readonly ranked?: { readonly input: string; readonly offset: number };
  /** Extra members: tfjs variables (`LayerVariable.read()`), symbolic tensors of `tf.input`. */
  readonly role?: 'tensor' | 'variable' | 'symbolic';
  /** Only taken for a tensor: what a function gives that is not known. Nothing that is done with it is an error. */
  readonly unsure?: true;
}

/** A number: a size, a real over sizes, or a plain number; `real` of unknown sizes is a size UNKNOWN. */
export interface NumberValue {
  readonly kind: 'number';
  readonly real: Real;
  /** Set where a whole number is one of the language's floating numbers (Python's `2.0`). */
  readonly floating?: true;
}
export interface StringValue {
  readonly kind: 'string';
  readonly value: string;
}
export interface BooleanValue {
  readonly kind: 'boolean';
  readonly value: boolean;
}
export interface NullValue {
  readonly kind: 'null';
  /** The parameter of the entry (by path) whose default it is, where nothing is bound: what is used as more than nothing is given after all. */
  readonly parameter?: string;
}
export interface UndefinedValue {
  readonly kind: 'undefined';
  /** Set on what a shape was asked for that has no such axis: nothing can come to stand there. */
  readonly beyond?: { readonly index: number; readonly shape: readonly Value[] };
}

/** An array, list or tuple: mutable, with identity. Change `items` only through the Host, which keeps a journal for branches. */
export interface ListValue {
  readonly kind: 'list';
  items: readonly Value[];
  readonly tuple: boolean;
  /** Set where items beyond those listed may exist (a push in a loop that was not decided): the reason. */
  open?: string;
  /** Set where the one item listed stands for this many alike (a push in a loop over a symbolic number of heads). */
  times?: Dim;
  /** The entry's parameter (by path) that it is: it has the items that the code asks for. */
  readonly parameter?: string;
  /** More items may be given than those that the code asked for. */
  readonly atLeast?: true;
  /** Set on `x.shape`: the tensor that it is the shape of. */
  readonly shapeOf?: TensorValue;
  /** The shape of a tensor of unknown rank stands among its items (`(*x.shape, heads)`): the tensor, and how many items there are beside. */
  readonly spread?: { readonly of: TensorValue; readonly before: number; readonly beside: number };
  /** The rest of an entry's arguments: more may be given from outside. */
  readonly outside?: true;
  /** Names of the items, of a named tuple. */
  readonly names?: readonly string[];
}

/** A JavaScript object, Python dict, Map or Set: mutable, with identity; in order of insertion. Change through the Host. */
export interface DictValue {
  readonly kind: 'dict';
  entries: ReadonlyMap<string, Value>;
  readonly flavour: 'object' | 'map' | 'set';
  open?: string;
  /** The parameter (by path) whose fields stand over these entries, or under keys that are not here: a configuration object. */
  readonly parameter?: string;
  /** The rest of an entry's arguments: more may be given from outside. */
  readonly outside?: true;
  /** Where members that are not its own are looked up: what the objects of a constructor function share. */
  readonly prototype?: DictValue;
}

/** A function of the user's code with the scope it closes over. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly definition: FunctionDefinition;
  readonly scope: unknown;
  /** Bound `this`/`self`. */
  readonly self?: Value;
  /** The class that defines it: what `super` starts from, and the name in rows. */
  readonly owner?: ClassValue;
  readonly file: string;
  /** What is set on the function itself; under `prototype` what the objects that it makes share. */
  readonly properties?: DictValue;
}

/** Something that a dialect or a language's built-ins provide. */
export interface NativeValue {
  readonly kind: 'native';
  readonly name: string;
  /** It throws where its first argument does not hold. */
  readonly asserts?: true;
  call?(args: Arguments, host: Host): Value;
  /** `new f(…)`, where it differs from a call. */
  construct?(args: Arguments, host: Host): Value;
  /** Member read: undefined means that there is none. */
  member?(name: string, host: Host): Value | undefined;
  /** `f[…]`: a member of an enumeration; absent, it is a generic type, which stands for itself. */
  item?(index: IndexValue, host: Host): Value | undefined;
  /** `f[…] = value`. */
  setItem?(index: IndexValue, value: Value, host: Host): void;
  /** The list or dict that stands for it where it is iterated or counted. */
  items?(): ListValue | DictValue;
  /** As a base class of the user's classes: what it initialises and the methods it provides. */
  readonly base?: NativeBase;
  /** As a context (`with`), or a decorator: runs what stands in it. */
  within?<T>(body: () => T, host: Host): T;
}

/** A library class that the user's classes extend. */
export interface NativeBase {
  readonly name: string;
  /** The names of what its constructor must be given. */
  readonly wants?: readonly string[];
  /** What `super(args)` does to the instance. */
  initialise(self: InstanceValue, args: Arguments, host: Host): void;
  /** A method or property that the library provides on instances (`addWeight`, `apply`). */
  member(self: InstanceValue, name: string, host: Host): Value | undefined;
  /** The object called as a function, where its class defines no `__call__`. */
  call?(self: InstanceValue, args: Arguments, host: Host): Value;
  /** Its `apply` builds the object for its input before it calls it (a tfjs layer). */
  readonly builds?: true;
  /** Notes that a field is set (a module is registered); the field is set in any case. */
  set?(self: InstanceValue, name: string, value: Value, host: Host): void;
  /** The list or dict that stands for it where it is iterated, counted (`len`) or asked what it holds (`in`), unless its class says otherwise. */
  contents?(self: InstanceValue, host: Host): Value | undefined;
  /** What rows and results tell of it: the items of a tuple with names. */
  told?(self: InstanceValue): Value;
  /** `self[…]`, where its class defines no `__getitem__`. */
  item?(self: InstanceValue, index: IndexValue, host: Host): Value | undefined;
  /** `self[…] = value`. */
  setItem?(self: InstanceValue, index: IndexValue, value: Value, host: Host): void;
  /** `C(…)`, where the class has what it gives already: a member of an enumeration. */
  construct?(cls: ClassValue, args: Arguments, host: Host): Value | undefined;
  /** What the class itself holds, where it is walked, counted or asked by name (`C['A']`): the members of an enumeration. */
  classItems?(cls: ClassValue): ReadonlyMap<string, Value> | undefined;
  /** What a class that extends it is once its body has run: the members of an enumeration are objects. */
  extended?(cls: ClassValue, host: Host): ClassValue;
}

/** A class of the user's code. */
export interface ClassValue {
  readonly kind: 'class';
  readonly definition: ClassDefinition;
  readonly bases: readonly Value[];
  readonly scope: unknown;
  readonly file: string;
  /** Static members. Change through the Host. */
  members: ReadonlyMap<string, Value>;
}

/** An object of a user's class (`cls`), or of a library class (`native`: a layer made by tf.layers.dense). */
export interface InstanceValue {
  readonly kind: 'instance';
  readonly cls?: ClassValue;
  readonly native?: NativeObject;
  /** Fields. Change through the Host. */
  members: ReadonlyMap<string, Value>;
  /** State of the native base class, by base name (a tfjs Layer: built, weights, name). Change through the Host's `setState`. */
  state: ReadonlyMap<string, unknown>;
  open?: string;
  /** Arguments of its constructor stand at their defaults that may be given: names were spread that are not known. */
  filledIn?: true;
}

/** A library object: a layer, a model. */
export interface NativeObject {
  readonly name: string;
  /** Its `apply` builds it for its input before it calls it (a tfjs layer). */
  readonly builds?: true;
  member(self: InstanceValue, name: string, host: Host): Value | undefined;
  /** Called as a function. */
  call?(self: InstanceValue, args: Arguments, host: Host): Value;
  /** The list or dict that stands for it where it is iterated, counted (`len`) or asked what it holds (`in`). */
  contents?(self: InstanceValue, host: Host): Value | undefined;
  /** What rows and results tell of it. */
  told?(self: InstanceValue): Value;
  /** `self[…]`. */
  item?(self: InstanceValue, index: IndexValue, host: Host): Value | undefined;
  /** `self[…] = value`. */
  setItem?(self: InstanceValue, index: IndexValue, value: Value, host: Host): void;
}

/** A namespace: `import * as tf`, or a user's module. */
export interface ModuleValue {
  readonly kind: 'module';
  readonly name: string;
  get(name: string, host: Host): Value | undefined;
}

/** `x.shape` of a tensor whose rank is unknown: reading it tells what the code expects. */
export interface ShapeValue {
  readonly kind: 'shape';
  readonly of: TensorValue;
}

/** Not known, because of `reason`, as a phrase that ends "unknown, because …". `type` where at least that is sure. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly reason: string;
  readonly type?: 'number' | 'string' | 'boolean' | 'list' | 'tensor';
  readonly span?: Span;
  /** A parameter (or a field of one) of the module's entry that nothing has told the kind of yet: its path. `Host.expect` tells it. */
  readonly parameter?: string;
  /** One of these, by a branch that was not decided. */
  readonly options?: readonly Value[];
  /** Of two options: what was known where each was made, and what the branch asks. */
  readonly sides?: readonly [Facts, Facts, Asked | undefined];
  /** Of a comparison: the input (by path) that was compared with a number. It is one where the result is tested, a tensor where the result is used as one. */
  readonly compared?: string;
  /** It is one and the same wherever it is read, though it is not known what: the device that a program runs on. As a key it stands for itself. */
  readonly constant?: true;
  /** Of a text: what is known of it, `*` for each part that is not. A field so named stands for all of that pattern. */
  readonly pattern?: string;
  /** Of a boolean: what it says of sizes, so that a branch on it knows more. */
  readonly condition?: Condition;
  readonly asked?: Asked;
}

/** What a test asks of a parameter: whether it is the value, or without one whether it counts as true; or the contrary. */
export interface Asked {
  readonly what: string;
  readonly value?: string;
  readonly holds: boolean;
  /** Whether `what` is so at the defaults of the arguments that it speaks of, where they tell. */
  readonly usual?: boolean;
}

/** What a test that is not decided says of sizes. */
export type Condition =
  | { readonly kind: 'relation'; readonly relation: '==' | '!=' | '<' | '<=' | '>' | '>='; readonly left: Dim; readonly right: Dim; readonly words: string }
  /** `divisor` divides `size`, or (negated) does not. */
  | { readonly kind: 'divides'; readonly divisor: Dim; readonly size: Dim; readonly negated: boolean; readonly words: string }
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] };

/** An operator that a library may define for its own values. */
export type OverloadedOperator = BinaryOperator | UnaryOperator | CompareOperator;

/** One index of a subscript, evaluated. */
export type IndexValue =
  | { readonly kind: 'slice'; readonly start: Value; readonly stop: Value; readonly step: Value }
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'item'; readonly value: Value };
