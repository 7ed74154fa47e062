/** The form of an operator's one definition. Everything that is to be known of an operator stands in it. */

import type * as tfjs from '@tensorflow/tfjs-core';
import type { Dim, Facts, Real } from '../dim/index';
import type { Laid, Strides } from './strides';

export type DType = 'float32' | 'float16' | 'bfloat16' | 'float64' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool' | 'complex64' | 'string';

/** What is known of a tensor of known rank; a size that is not known is dim's UNKNOWN. */
export interface TensorType {
  readonly shape: readonly Dim[];
  readonly dtype: DType;
}

/** An operator's settings: plain data in which sizes and real numbers may be symbolic. A record never has a field `kind` (that marks a Real). */
export type Attribute = null | boolean | string | number | Real | readonly Attribute[] | { readonly [name: string]: Attribute };
export type Attributes = { readonly [name: string]: Attribute };
/** The same with numbers in place of sizes. */
export type BoundAttribute = null | boolean | string | number | readonly BoundAttribute[] | { readonly [name: string]: BoundAttribute };
export type BoundAttributes = { readonly [name: string]: BoundAttribute };

/** One of an operator's operands in words: its index, and its axis where one axis is meant. */
export interface OperandAxis {
  readonly input: number;
  readonly axis?: number;
}

/**
 * What an operator requires of its operands' sizes. The interpreter turns each into a verdict
 * (fine, need, coincidence, different, unknown) with the facts at hand: rules state, they do not judge.
 */
export type Demand =
  /** `left == right`; for a broadcast, sizes of exactly 1 have already been left out by the rule. */
  | { readonly kind: 'equal'; readonly left: Dim; readonly right: Dim; readonly about: DemandSubject; readonly at: readonly OperandAxis[] }
  /** `divisor` divides `size`. */
  | { readonly kind: 'divides'; readonly divisor: Dim; readonly size: Dim; readonly about: DemandSubject; readonly at: readonly OperandAxis[] }
  /** `small <= large`: a slice or a window inside its axis. */
  | { readonly kind: 'atMost'; readonly small: Dim; readonly large: Dim; readonly about: DemandSubject; readonly at: readonly OperandAxis[] };

/** What the demand is about: picks the problem's code and words. One word for each sort of mismatch. */
export type DemandSubject =
  | 'contraction'
  | 'batch'
  | 'broadcast'
  | 'elements'
  | 'channels'
  | 'features'
  | 'concat'
  | 'stack'
  | 'split'
  | 'slice'
  | 'window'
  | 'groups'
  | 'equation'
  | 'pattern'
  | 'index'
  | 'target';

/** A mistake that no size can mend: `code` is a problem code, `args` the values its words show. */
export interface RuleProblem {
  readonly code: 'rank' | 'axis' | 'permutation' | 'argument' | 'dtype' | 'equation' | 'pattern' | 'empty' | 'elements';
  readonly args: { readonly [name: string]: string | number };
  readonly at?: readonly OperandAxis[];
}

export interface ShapeResult {
  readonly outputs: readonly TensorType[];
  readonly demands?: readonly Demand[];
  /** Where set, the outputs are what was most probably meant. */
  readonly problem?: RuleProblem;
  /** Why an output's size is unknown, where one is. */
  readonly unknown?: string;
}

/** Which runtime's semantics hold: the graph carries it. */
export type Runtime = 'torch' | 'tfjs';

export interface RuleContext {
  readonly facts: Facts;
  readonly runtime: Runtime;
}

/** Whether each output shares its first input's storage. */
export type Storage = 'view' | 'copy';

/** An operand, with how it lies where that is followed. */
export type Placed = TensorType & { readonly strides?: Strides };

/** What decides between a view and a copy besides the operands. */
export interface StorageContext {
  readonly outputs: readonly TensorType[];
  readonly training: boolean;
}

/** One of the steps that torch makes of one: its operands are the whole step's, by index, then what the steps before it gave. */
export interface TorchStep {
  readonly operator: string;
  readonly inputs: readonly number[];
  readonly attributes: Attributes;
  /** What it gives is no view to autograd, though it shares memory. */
  readonly isDetached?: true;
}

/**
 * How an operator's outputs lie in torch: row by row; row by row where all operands do, else not followed; as an elementwise step keeps its operands' order;
 * as the first operand; or by a rule of its own.
 */
export type Layout = 'rows' | 'settled' | 'kept' | 'first' | LayoutRule;
export type LayoutRule = (inputs: readonly Laid[], attributes: Attributes, outputs: readonly TensorType[], facts: Facts) => readonly Strides[];

/** Under what torch runs a step. */
export interface Mode {
  readonly training: boolean;
  /** Of which operands a gradient is wanted. */
  readonly wants: readonly boolean[];
  /** Whether the result is written over an operand. */
  readonly inPlace?: boolean;
}

/** A tensor that a step makes beside its outputs. `always`: whether or not a gradient is wanted of anything; it is gone with the step then. */
export interface Extra {
  readonly name: string;
  readonly bytes: Dim;
  readonly always?: true;
}

/** What autograd holds after forward: whole storages, by name. `extra` are tensors of its own (masks, indices, statistics), in bytes. */
export interface Saved {
  /** Indices of inputs that are kept. */
  readonly inputs?: readonly number[];
  /** Indices of outputs that are kept. */
  readonly outputs?: readonly number[];
  readonly extra?: readonly Extra[];
}

export type Tfjs = typeof tfjs;
export type Tensor = tfjs.Tensor;

/** How a step reads in words: `a · b` for a product, `over axis 1` where an axis is used up or shared out, `along axis 1` where it is walked or joined. */
export type Reading = 'product' | 'over' | 'along';

/**
 * What torch's autocast makes of a step's floating operands (aten/src/ATen/autocast_mode.h of pytorch/pytorch, the lists for CUDA): they are brought to the
 * lower type, to float32, or to the widest among them; or they stay, and the step itself computes and gives float32 (`within`, its attribute `dtype`).
 */
export type Autocast = 'lower' | 'float32' | 'widest' | 'within';

/**
 * How a gradient comes about: `passed` on to the operands that are named, `reshaped` to the operand's shape, brought back to the order before (`permuted`),
 * `summed` where the operand was repeated, `parted` again or `spread` without a copy; `shared`: passed on where the result is the operand itself;
 * `placed`: the first operand's copied with zeros where the second was written, the second's cut out. `between`: how many tensors as large as the result are made on the
 * way to each operand's.
 */
export type Gradient =
  | 'reshaped'
  | 'permuted'
  | 'summed'
  | 'parted'
  | 'spread'
  | 'shared'
  | 'placed'
  | { readonly passed?: readonly number[]; readonly between?: readonly number[] };

/** A step over what a view has become, and before it over the base where `overBase`. */
export interface PutBack {
  readonly operator: string;
  readonly attributes: Attributes;
  readonly overBase?: true;
}

export interface Operator {
  readonly name: string;
  /** One line: what it computes, with the API page or paper of its rule. */
  readonly doc: string;
  /** How a step of it reads; absent means a list of its operands. */
  readonly reads?: Reading;
  /** Shapes of the outputs over symbolic sizes, and what must hold of the inputs. Never throws. */
  shape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult;
  /** Multiply-accumulates of convolution, linear and matrix products; absent means none. */
  macs?(inputs: readonly TensorType[], outputs: readonly TensorType[], attributes: Attributes): Dim;
  /** View or copy on each runtime; absent means copy on both. Called with the types where it depends on them (a cast to the same dtype). */
  storage?: { readonly [runtime in Runtime]: Storage | ((inputs: readonly Placed[], attributes: Attributes, at?: StorageContext) => Storage) };
  /** How torch lays the outputs out; absent means that it is not followed. */
  readonly strides?: Layout;
  /** Of a view: the step that writes what the view has become into what it was taken from; absent where that is not followed. */
  putBack?(base: TensorType, attributes: Attributes): PutBack | undefined;
  /** What backward keeps (torch's rules); absent means nothing. */
  saved?(inputs: readonly TensorType[], outputs: readonly TensorType[], attributes: Attributes, mode?: Mode): Saved;
  /** What autocast makes of its operands, where the lower type decides for each; absent means that they stay as they are. */
  readonly autocast?: Autocast | { readonly [lower in 'float16' | 'bfloat16']: Autocast } | ((attributes: Attributes) => Autocast | undefined);
  /** What its attributes have besides where CUDA runs it, as under autocast. */
  readonly onCuda?: Attributes;
  /** How torch makes the operands' gradients of the result's; absent means that each is a tensor of its own. */
  readonly gradient?: Gradient;
  /** Whether torch gives a view of what it makes, which tells once the result is written over. */
  readonly givesView?: true;
  /** The steps that torch makes of it, where they make tensors on the way: `at` are the operands at sizes, with how they lie. The last gives the result. */
  torchSteps?(
    inputs: readonly TensorType[],
    at: readonly Laid[],
    attributes: Attributes,
    outputs: readonly TensorType[],
    mode: Mode,
  ): readonly TorchStep[] | undefined;
  /** Runs it. Frees its own temporaries; the caller owns the result and keeps the inputs. A view may share data. */
  kernel(tf: Tfjs, inputs: readonly Tensor[], attributes: BoundAttributes, context: KernelContext): Tensor | Tensor[] | Promise<Tensor | Tensor[]>;
}

export interface KernelContext {
  readonly runtime: Runtime;
  readonly training: boolean;
  /** A number that differs from call to call and is the same for the same seed: for dropout and random creation. */
  seed(): number;
}
