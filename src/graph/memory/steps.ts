/** What torch's steps make at sizes: tensors with how they lie and whose memory they share, a composite taken apart into torch's own steps. */
import { constant, type Dim, evaluate, isUnknown, multiply, NO_FACTS, product } from '../../dim/index';
import { BYTES, isFloating } from '../../ops/dtypes';
import type { Attributes, Extra, Mode, Operator, TensorType, TorchStep } from '../../ops/operator';
import { type Laid, laidOut, type Strides } from '../../ops/strides';
import { findOperator } from '../../ops/table';
import { attributesAt, type Sizes } from '../bind';
import { isPlainNumber } from '../steps';
import type { GraphNode, ShapeGraph, ValueRef } from '../types';
import { refKey } from '../values';

/** What is told apart: what the caller gives, weights and what else was made with the module, and what its call makes. */
export type Origin = 'input' | 'module' | 'made';

/** One piece of memory. */
export interface Storage {
  readonly origin: Origin;
  /** As a formula, and at the sizes. */
  readonly bytes: Dim;
  readonly size: number;
  /** The step that makes it; what the caller holds is there before the first. */
  readonly from: number;
  /** What it is called where it is none of the code's own values: `statistics`. */
  readonly name?: string;
  readonly node: number;
}

/** A tensor: a view has a storage that is another's. */
export interface HeldTensor {
  readonly type: TensorType;
  readonly at: Laid;
  readonly storage: number;
  readonly wantsGradient: boolean;
  /** It says that it wants a gradient, and none goes on from it: a view that was taken where autograd does not follow. */
  readonly isCut?: true;
}

/** One of torch's steps. */
export interface MemoryStep {
  readonly node: number;
  readonly operator: Operator;
  readonly attributes: Attributes;
  /** Places among the tensors. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Storages that it makes beside its outputs, and keeps for backward. */
  readonly extra: readonly number[];
  /** Storages that are gone with the step: those of `extra` where nothing is kept. */
  readonly isInner: boolean;
  /** The tensor that the result is written into. */
  readonly into?: number;
  /** What it gives is no view to autograd, though it shares memory. */
  readonly isDetached?: true;
  /** Autograd does not follow it. */
  readonly isUntracked?: true;
  /** It keeps nothing: backward runs it once more. */
  readonly isAgain?: true;
  /** The same where backward needs it as it was: a copy among `extra` stands for it. */
  readonly overwritten?: number;
}

export interface MemorySteps {
  readonly steps: readonly MemoryStep[];
  readonly tensors: readonly HeldTensor[];
  readonly storages: readonly Storage[];
  /** Each value of the graph, by key: its tensor. */
  readonly values: ReadonlyMap<string, number>;
  /** How many steps there were before each node, and after the last. */
  readonly firstSteps: readonly number[];
}

/** Why it cannot be followed. */
export interface Lost {
  readonly unknown: string;
}

const KNOWN_NOWHERE = 'a size is not known';

/** Takes a graph of torch's apart at sizes; `training` is the mode of dropout and norms, `gradients` whether autograd follows the call. */
export function torchSteps(graph: ShapeGraph, sizes: Sizes, training: boolean, gradients = true): MemorySteps | Lost {
  return new Unrolled(graph, sizes, training, gradients).read();
}

/** An operator on its operands; `laid` are its outputs at sizes. */
interface Application {
  readonly node: number;
  readonly operator: Operator;
  readonly attributes: Attributes;
  readonly inputs: readonly number[];
  readonly types: readonly TensorType[];
  readonly laid: readonly Laid[];
  /** The operand that the result is written into. */
  readonly into?: number;
  readonly isDetached?: true;
}

class Unrolled {
  private readonly steps: MemoryStep[] = [];
  private readonly tensors: HeldTensor[] = [];
  private readonly storages: Storage[] = [];
  private readonly values = new Map<string, number>();
  private readonly firstSteps: number[] = [];
  private readonly into: ReadonlyMap<string, ValueRef>;

  constructor(
    private readonly graph: ShapeGraph,
    private readonly sizes: Sizes,
    private readonly training: boolean,
    private readonly gradients: boolean,
  ) {
    this.into = new Map((graph.keeping?.inPlace ?? []).map(({ result, into }) => [refKey(result), into]));
  }

  read(): MemorySteps | Lost {
    for (const node of this.graph.nodes) {
      this.firstSteps.push(this.steps.length);
      const lost = this.add(node);
      if (lost !== undefined) return { unknown: lost };
    }
    this.firstSteps.push(this.steps.length);
    const { steps, tensors, storages, values, firstSteps } = this;
    return { steps, tensors, storages, values, firstSteps };
  }

  /** Adds a node; says why where it cannot be followed. */
  private add(node: GraphNode): string | undefined {
    const types = node.outputs.map((type) => (type.shape ? { shape: type.shape, dtype: type.dtype } : undefined));
    const laid = types.map((type) => type && this.numbers(type));
    const missing = laid.indexOf(undefined);
    if (missing >= 0) return node.outputs[missing]?.unknown ?? KNOWN_NOWHERE;
    const origin = this.originOf(node);
    const unclear = this.unclear(node);
    if (unclear !== undefined) return unclear;
    if (origin) {
      node.outputs.forEach((_, output) => {
        const wants = (node.op === 'input' && this.gradients) || (node.op === 'parameter' && node.attributes.trainable !== false && !node.attributes.frozen);
        const [type, at] = [types[output], laid[output]];
        if (type && at) this.keep({ node: node.id, output }, this.make(type, at, 'contiguous', origin, node.id, wants && isFloating(type.dtype)));
      });
      return undefined;
    }
    if (node.times !== undefined) return `how often the loop runs, ${node.times}`;
    const inputs = node.inputs.flatMap((ref) => this.values.get(refKey(ref)) ?? []);
    if (node.op === 'join') return this.pass(node, inputs);
    const operator = findOperator(node.op);
    if (!operator || inputs.length < node.inputs.length)
      return typeof node.attributes.reason === 'string' ? node.attributes.reason : `no rule for \`${node.api ?? node.op}\``;
    const target = this.into.get(refKey({ node: node.id, output: 0 }));
    const into = target && this.values.get(refKey(target));
    const made = this.apply({
      node: node.id,
      operator,
      attributes: node.attributes,
      inputs,
      types: types as TensorType[],
      laid: laid as Laid[],
      ...(into === undefined ? {} : { into }),
    });
    made.forEach((tensor, output) => {
      this.keep({ node: node.id, output }, this.written({ node: node.id, output }, tensor));
    });
    return undefined;
  }

  /** Why it cannot be told how the code around it holds it. */
  private unclear({ op, around, attributes: { frozen } }: GraphNode): string | undefined {
    if (around?.unknown !== undefined) return around.unknown;
    if (!this.gradients) return undefined;
    return around?.unknownInTraining ?? (op === 'parameter' || op === 'input' ? (typeof frozen === 'string' ? frozen : undefined) : undefined);
  }

  /** Where a value comes from that no step of the call makes. */
  private originOf(node: GraphNode): Origin | undefined {
    if (node.op === 'input') return 'input';
    if (node.op === 'parameter' || node.id < (this.graph.keeping?.start ?? 0)) return 'module';
    return node.op === 'constant' ? (isPlainNumber(node) ? 'module' : 'made') : undefined;
  }

  /** Of a branch that is not decided the first side stands for both. */
  private pass(node: GraphNode, [first]: readonly number[]): string | undefined {
    if (first === undefined) return KNOWN_NOWHERE;
    this.keep({ node: node.id, output: 0 }, first);
    return undefined;
  }

  /** A result that is written into the memory of another shares it. */
  private written(ref: ValueRef, tensor: number): number {
    const into = this.into.get(refKey(ref));
    const target = into && this.values.get(refKey(into));
    const [made, held] = [this.tensors[tensor], target === undefined ? undefined : this.tensors[target]];
    if (!made || !held) return tensor;
    this.tensors[tensor] = { ...made, storage: held.storage, at: { ...made.at, strides: held.at.strides } };
    const own = this.storages[made.storage];
    // The memory that the step would have made is never taken.
    if (own && made.storage !== held.storage && own.origin === 'made') this.storages[made.storage] = { ...own, size: 0, bytes: constant(0) };
    return tensor;
  }

  private keep(ref: ValueRef, tensor: number): void {
    this.values.set(refKey(ref), tensor);
  }

  private numbers({ shape, dtype }: TensorType): Laid | undefined {
    const sizes = shape.map((size) => (isUnknown(size) ? undefined : evaluate(size, this.sizes)));
    return sizes.every((size) => size !== undefined) ? { shape: (sizes as number[]).map(constant), dtype, strides: 'contiguous' } : undefined;
  }

  private make(type: TensorType, at: Laid, strides: Strides, origin: Origin, node: number, wantsGradient: boolean, storage?: number, isCut = false): number {
    const bytes = constant(BYTES[type.dtype]);
    const own = storage ?? this.take({ origin, bytes: multiply(product(type.shape), bytes), size: sizeOf(at), from: this.steps.length, node });
    this.tensors.push({ type, at: { ...at, strides }, storage: own, wantsGradient, ...(isCut ? { isCut } : {}) });
    return this.tensors.length - 1;
  }

  private take(storage: Storage): number {
    this.storages.push(storage);
    return this.storages.length - 1;
  }

  /** Runs one operator, or the steps that torch makes of it; gives its outputs. */
  private apply(call: Application): readonly number[] {
    const { node, operator, attributes, inputs, types } = call;
    const given = this.given(inputs);
    const parts = operator.torchSteps?.(
      given.map(({ type }) => type),
      given.map(({ at }) => at),
      attributes,
      types,
      this.mode(given),
    );
    const places = [...inputs];
    let last: readonly number[] = [];
    for (const part of parts ?? []) {
      const inner = this.partOf(
        node,
        part,
        part.inputs.map((place) => places[place] ?? 0),
      );
      if (!inner) return this.step(call, false);
      last = this.step(inner, true);
      places.push(last[0] ?? 0);
    }
    return parts && parts.length > 0 ? last : this.step(call, false);
  }

  private given(inputs: readonly number[]): readonly HeldTensor[] {
    return inputs.flatMap((input) => this.tensors[input] ?? []);
  }

  private mode(given: readonly HeldTensor[], inPlace = false): Mode {
    return { training: this.training, wants: given.map(hasEdge), ...(inPlace ? { inPlace } : {}) };
  }

  /** One of torch's own steps of a node; undefined where its sizes cannot be told. */
  private partOf(node: number, { operator: name, attributes, isDetached }: TorchStep, inputs: readonly number[]): Application | undefined {
    const operator = findOperator(name);
    const operands = this.given(inputs).map(({ type }) => type);
    const types = operator?.shape(operands, attributes, { facts: NO_FACTS, runtime: 'torch' }).outputs ?? [];
    const laid = types.flatMap((type) => this.numbers(type) ?? []);
    return operator && laid.length === types.length ? { node, operator, attributes, inputs, types, laid, ...(isDetached ? { isDetached } : {}) } : undefined;
  }

  private step({ node, operator, attributes, inputs, types, laid, into, isDetached }: Application, isInner: boolean): readonly number[] {
    const given = this.given(inputs);
    const numbers = (attributesAt(attributes, this.sizes) ?? attributes) as Attributes;
    const at = given.map(({ at: own }) => own);
    const strides = laidOut(operator, at, numbers, laid, NO_FACTS);
    const rule = operator.storage?.torch ?? 'copy';
    const isView = (typeof rule === 'function' ? rule(at, numbers, { outputs: laid, training: this.training }) : rule) === 'view' && given.length > 0;
    // Without gradients what is computed wants none; views of weights are still weights.
    const isTracked = this.gradients && this.graph.nodes[node]?.around?.untracked !== true;
    const follows = isTracked ? given.some(({ wantsGradient }) => wantsGradient) : isView && given[0]?.wantsGradient === true;
    const wants = follows && attributes.detached !== true;
    const isCut = this.gradients && wants && !isTracked;
    const outputs = types.map((type, output) => {
      const own = strides[output];
      const lies = own === undefined || own === 'unknown' ? 'contiguous' : own;
      const one = laid[output] ?? { ...type, strides: 'contiguous' as const };
      return this.make(type, one, lies, 'made', node, wants && isFloating(type.dtype), isView ? given[0]?.storage : undefined, isCut);
    });
    const operands = given.map(({ type }) => type);
    const kept = isView ? undefined : operator.saved?.(operands, types, attributes, this.mode(given, into !== undefined));
    const extra = (kept?.extra ?? []).filter(({ always }) => always || wants).flatMap((one) => this.extraOf(one, node));
    const copied = wants && into !== undefined && (kept?.inputs ?? []).some((at) => inputs[at] === into) ? this.copyOf(into, node) : undefined;
    const written = into === undefined ? {} : { into, ...(copied ? { overwritten: into } : {}) };
    const isAgain = this.graph.nodes[node]?.around?.checkpoint !== undefined;
    const untracked = {
      ...(isCut ? { isUntracked: true as const } : {}),
      ...(isAgain ? { isAgain: true as const } : {}),
      ...(isDetached ? { isDetached } : {}),
    };
    this.steps.push({ node, operator, attributes: numbers, inputs, outputs, extra: [...extra, ...(copied ?? [])], isInner, ...written, ...untracked });
    return outputs;
  }

  /** What backward needs of an operand that is written over is copied first. */
  private copyOf(tensor: number, node: number): readonly number[] {
    const held = this.tensors[tensor];
    if (!held) return [];
    const bytes = multiply(product(held.type.shape), constant(BYTES[held.type.dtype]));
    return [this.take({ origin: 'made', bytes, size: sizeOf(held.at), from: this.steps.length, name: 'copy', node })];
  }

  private extraOf({ name, bytes }: Extra, node: number): number[] {
    const size = isUnknown(bytes) ? undefined : evaluate(bytes, this.sizes);
    return size === undefined ? [] : [this.take({ origin: 'made', bytes, size, from: this.steps.length, name, node })];
  }
}

/** Whether a gradient goes on from a tensor. */
export const hasEdge = ({ wantsGradient, isCut }: HeldTensor): boolean => wantsGradient && !isCut;

/** Bytes of a tensor of known sizes. */
export function sizeOf({ shape, dtype }: Laid): number {
  return shape.reduce((all, size) => all * (evaluate(size, {}) ?? 0), 1) * BYTES[dtype];
}
