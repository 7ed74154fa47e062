/** What is alive while a module is trained: its forward with what autograd keeps, then backward, step by step from the last. */
import { asConstant, constant, type Dim, multiply, NO_FACTS, product, sum, ZERO } from '../../dim/index';
import { readNumbers } from '../../ops/attributes';
import { BYTES } from '../../ops/dtypes';
import type { TensorType } from '../../ops/operator';
import { channelsLast, isChannelsLast, kept, type Laid, named, rowByRow, viewed } from '../../ops/strides';
import type { ShapeGraph } from '../types';
import { outputRefs, refKey } from '../values';
import { endsInForward, tensorEnds } from './lifetimes';
import { viewedWholes } from './overwriting';
import { Recomputation } from './recomputing';
import type { Kept } from './saved';
import { type HeldTensor, hasEdge, type MemoryStep, type MemorySteps, sizeOf } from './steps';

/** A piece of memory that comes, or goes, during a step of a node. */
export interface Change {
  readonly bytes: Dim;
  readonly isAdded: boolean;
  readonly node: number;
}

/** Pieces of memory that are alive, and the moment when they were most. */
class Alive {
  private now = 0;
  /** The node whose step, forward or backward, runs. */
  node = 0;
  readonly changes: Change[] = [];
  private readonly held = new Map<object, Dim>();
  value = 0;
  private most: readonly Dim[] = [];

  add(piece: object, size: number, bytes: Dim): void {
    this.now += size;
    this.held.set(piece, bytes);
    this.changes.push({ bytes, isAdded: true, node: this.node });
    if (this.now <= this.value) return;
    this.value = this.now;
    this.most = [...this.held.values()];
  }

  drop(piece: object, size: number): void {
    const bytes = this.held.get(piece);
    if (bytes === undefined) return;
    this.held.delete(piece);
    this.now -= size;
    this.changes.push({ bytes, isAdded: false, node: this.node });
  }

  get formula(): Dim {
    return this.most.length === 0 ? ZERO : sum(this.most);
  }
}

/** The memory of a gradient, which several may share. */
interface Piece {
  readonly size: number;
  readonly bytes: Dim;
  holders: number;
}

interface GradientOf {
  readonly piece: Piece;
  readonly at: Laid;
  /** A view keeps what it is a view of: torch never adds to it in its own memory. */
  readonly isView?: boolean;
}

/** A loss of one number, and its gradient. */
const LOSS_BYTES = 8;

/** The most that is alive in training, and what came and went on the way. */
export interface TrainingPeak {
  readonly formula: Dim;
  readonly value: number;
  readonly changes: readonly Change[];
}

/** The most that is alive in forward and backward: inputs, outputs and their gradients included, weights and the optimizer's state not. `saves`: the storages that each step keeps. */
export function trainingPeak(graph: ShapeGraph, memory: MemorySteps, { each: saves, again }: Kept): TrainingPeak {
  const alive = new Alive();
  const reached = reachedSteps(graph, memory);
  forward(graph, memory, saves, reached, alive);
  new Backward(graph, memory, saves, reached, alive, new Recomputation(graph, memory, again, alive)).run();
  return { formula: alive.formula, value: alive.value, changes: alive.changes };
}

/** The operands of a step that a gradient is wanted of. */
function wantedOf({ tensors }: MemorySteps, { inputs, outputs }: MemoryStep): readonly number[] {
  const edged = (place: number): boolean => {
    const tensor = tensors[place];
    return tensor !== undefined && hasEdge(tensor);
  };
  return outputs.some(edged) ? inputs.filter(edged) : [];
}

/** The steps that the results were made by, as far as gradients go. */
function reachedSteps(graph: ShapeGraph, memory: MemorySteps): ReadonlySet<number> {
  const { values, steps } = memory;
  const tensors = new Set(outputRefs(graph).flatMap((ref) => values.get(refKey(ref)) ?? []));
  const found = new Set<number>();
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at];
    if (!step?.outputs.some((output) => tensors.has(output))) continue;
    found.add(at);
    for (const input of wantedOf(memory, step)) tensors.add(input);
  }
  return found;
}

/** Of each step how long its gradient's function is held: by its results, and by the functions of what was made of them. */
function heldUntil(graph: ShapeGraph, memory: MemorySteps): readonly number[] {
  const tensors = [...tensorEnds(graph, memory)];
  const until = memory.steps.map(() => 0);
  for (let at = memory.steps.length - 1; at >= 0; at--) {
    const step = memory.steps[at];
    if (!step) continue;
    until[at] = Math.max(at, ...step.outputs.map((output) => tensors[output] ?? 0));
    for (const input of wantedOf(memory, step)) tensors[input] = Math.max(tensors[input] ?? 0, until[at] ?? 0);
  }
  return until;
}

/** Runs the forward: what the code lets go of stays where backward needs it, or as long as it could. */
function forward(graph: ShapeGraph, memory: MemorySteps, saves: readonly (readonly number[])[], reached: ReadonlySet<number>, alive: Alive): void {
  const { steps, storages } = memory;
  const ends = [...endsInForward(graph, memory)];
  const kept = new Set(saves.flatMap((each, at) => (reached.has(at) ? each : [])));
  const until = heldUntil(graph, memory);
  for (const [at, each] of saves.entries()) for (const storage of each) ends[storage] = Math.max(ends[storage] ?? 0, until[at] ?? 0);
  const starting = (step: number) => storages.filter(({ origin, from }) => (origin === 'input' ? step === 0 : origin === 'made' && from === step));
  const ending = steps.map((): number[] => []);
  storages.forEach((_, at) => {
    if (!kept.has(at)) ending[ends[at] ?? 0]?.push(at);
  });
  steps.forEach(({ node }, step) => {
    alive.node = node;
    for (const storage of starting(step)) alive.add(storage, storage.size, storage.bytes);
    for (const at of ending[step] ?? []) drop(memory, at, alive);
  });
}

function drop({ storages }: MemorySteps, at: number, alive: Alive): void {
  const storage = storages[at];
  if (storage) alive.drop(storage, storage.size);
}

/** Runs backward as torch's engine does: of the steps whose gradient is there, the last that was made. */
class Backward {
  /** The gradients so far, by tensor. */
  private readonly gradients = new Map<number, GradientOf>();
  /** How many steps still need what is kept. */
  private readonly needed = new Map<number, number>();
  /** Storages that the caller or the code holds whatever backward does. */
  private readonly held: ReadonlySet<number>;
  private readonly gone = new Set<number>();
  /** How many gradients a tensor still waits for. */
  private readonly waits = new Map<number, number>();
  /** Of steps that write over a view, what it is a view of. */
  private readonly wholes: ReadonlyMap<number, number>;

  constructor(
    graph: ShapeGraph,
    private readonly memory: MemorySteps,
    private readonly saves: readonly (readonly number[])[],
    reached: ReadonlySet<number>,
    private readonly alive: Alive,
    private readonly recomputation: Recomputation,
  ) {
    for (const [at, each] of saves.entries()) if (reached.has(at)) for (const storage of each) this.needed.set(storage, (this.needed.get(storage) ?? 0) + 1);
    const { values, tensors } = memory;
    const refs = [...outputRefs(graph), ...graph.inputs.map(({ ref }) => ref), ...(graph.keeping?.kept ?? [])];
    this.held = new Set(refs.flatMap((ref) => tensors[values.get(refKey(ref)) ?? -1]?.storage ?? []));
    for (const step of memory.steps) for (const input of this.wanted(step)) this.waits.set(input, (this.waits.get(input) ?? 0) + 1);
    this.wholes = viewedWholes(memory);
    this.forget(reached);
    alive.add(this, LOSS_BYTES, constant(LOSS_BYTES));
    for (const ref of outputRefs(graph)) this.start(values.get(refKey(ref)));
  }

  private forget(reached: ReadonlySet<number>): void {
    for (const [at, step] of this.memory.steps.entries()) {
      if (reached.has(at)) continue;
      for (const input of this.wanted(step)) this.waits.set(input, (this.waits.get(input) ?? 1) - 1);
      this.gone.add(at);
    }
  }

  /** The gradient of a result comes from what follows the module. */
  private start(place: number | undefined): void {
    const tensor = this.memory.tensors[place ?? -1];
    if (place === undefined || !tensor?.wantsGradient || this.gradients.has(place)) return;
    this.gradients.set(place, this.own(tensor.type, tensor.at));
  }

  run(): void {
    for (let at = this.memory.steps.length - 1; at >= 0; at--) {
      const step = this.memory.steps[at];
      if (step) this.alive.node = step.node;
      if (!this.gone.has(at)) this.recomputation.before(at);
      const made = step ? this.back(step, this.memory.tensors[this.wholes.get(at) ?? -1]) : [];
      // What a step keeps is let go of before its operands' gradients are added to what is there.
      if (!this.gone.has(at)) for (const storage of this.saves[at] ?? []) this.release(storage);
      if (!this.gone.has(at)) this.recomputation.after(at);
      for (const { input, gradient } of made) this.gather(input, gradient);
    }
  }

  private release(storage: number): void {
    const left = (this.needed.get(storage) ?? 1) - 1;
    this.needed.set(storage, left);
    if (left === 0 && !this.held.has(storage)) drop(this.memory, storage, this.alive);
  }

  private wanted(step: MemoryStep): readonly number[] {
    return wantedOf(this.memory, step);
  }

  /** One step: its operands' gradients, made of its result's, which is let go of then. `whole`: what it writes over a view of. */
  private back(step: MemoryStep, whole: HeldTensor | undefined): readonly { readonly input: number; readonly gradient: GradientOf }[] {
    const given = step.outputs.flatMap((output) => this.gradients.get(output) ?? []);
    const [first] = given;
    const { tensors } = this.memory;
    const output = tensors[step.outputs[0] ?? -1];
    if (!first || !output) return [];
    const through = (given: GradientOf) =>
      this.wanted(step).flatMap((input) => {
        const tensor = tensors[input];
        return tensor ? [{ input, tensor, gradient: this.gradientOf(step, step.inputs.indexOf(input), tensor, output, given) }] : [];
      });
    const made = whole
      ? this.throughWhole(whole, output, step.into, through)
      : step.operator.gradient === 'placed'
        ? this.placed(step, through, first)
        : through(first);
    const fitted = made.map((one) => ({ ...one, gradient: this.fitted(one.gradient, one.tensor) }));
    for (const place of step.outputs) {
      const gradient = this.gradients.get(place);
      if (gradient) this.letGo(gradient);
      this.gradients.delete(place);
    }
    return fitted;
  }

  /** The whole's gradient is copied, the view's part of it once more, and what comes of this is written back into the first. */
  private throughWhole<T extends { readonly input: number; readonly gradient: GradientOf }>(
    whole: HeldTensor,
    { type, at }: HeldTensor,
    into: number | undefined,
    through: (given: GradientOf) => readonly T[],
  ): readonly T[] {
    const [copy, part] = [this.own(whole.type, whole.at), this.own(type, at)];
    const made = through(part);
    this.letGo(part);
    for (const { input, gradient } of made) if (input === into) this.letGo(gradient);
    if (!made.some(({ input }) => input === into)) this.letGo(copy);
    return made.map((one) => (one.input === into ? { ...one, gradient: { ...copy, at: one.gradient.at } } : one));
  }

  /** What was written into a part of a tensor: zeros as large as the part are put into the copy of the gradient. */
  private placed<T extends { readonly input: number }>({ inputs }: MemoryStep, through: (given: GradientOf) => readonly T[], given: GradientOf): readonly T[] {
    const made = through(given);
    const [base, part] = inputs;
    const tensor = this.memory.tensors[part ?? -1];
    if (tensor && made.some(({ input }) => input === base)) this.letGo(this.own(tensor.type, tensor.at));
    return made;
  }

  /** The gradient that a step's rule makes for one operand: as large as the result where the operand was repeated to it. */
  private gradientOf(step: MemoryStep, index: number, tensor: HeldTensor, output: HeldTensor, given: GradientOf): GradientOf {
    const { gradient } = step.operator;
    if (gradient === 'reshaped') return this.reshaped(given, tensor);
    if (gradient === 'permuted') return shared(given, unpermuted(given.at, step, tensor.at));
    if (gradient === 'parted') return shared(given, { ...tensor.at, strides: named(tensor.at.shape, stridesUnder(given.at, tensor.at)) });
    if (gradient === 'spread') return shared(given, { ...tensor.at, strides: tensor.at.shape.map(() => ZERO) });
    if (gradient === 'summed') return sameShape(tensor.at, given.at) ? passed(given) : this.own(tensor.type, tensor.at);
    if (typeof gradient === 'object' && gradient.passed?.includes(index)) return passed(given);
    if (gradient === 'shared' && output.storage === tensor.storage) return passed(given);
    const between = this.between(typeof gradient === 'object' ? (gradient.between?.[index] ?? 0) : 0, output);
    const last = this.memory.tensors[step.inputs[0] ?? -1];
    if (between.length === 0 && last && isChannelsLast(last.at) && tensor.at.shape.length === last.at.shape.length)
      return this.own(tensor.type, { ...tensor.at, strides: named(tensor.at.shape, channelsLast(tensor.at.shape)) });
    const isElementwise = step.operator.strides === 'kept';
    const [type, at] = isElementwise ? [output.type, { ...output.at, strides: kept([given.at], output.at.shape, NO_FACTS) }] : [tensor.type, tensor.at];
    const made = this.own(type, isElementwise && at.strides !== 'unknown' ? at : { ...at, strides: 'contiguous' });
    for (const one of between) this.letGo(one);
    return made;
  }

  /** Tensors as large as the result, on the way to a gradient. */
  private between(count: number, output: HeldTensor): readonly GradientOf[] {
    return Array.from({ length: count }, () => this.own(output.type, output.at));
  }

  private reshaped(given: GradientOf, tensor: HeldTensor): GradientOf {
    const view = viewed(given.at, tensor.at.shape, NO_FACTS);
    return view.kind === 'view' ? shared(given, { ...tensor.at, strides: view.strides }) : this.own(tensor.type, tensor.at);
  }

  /** What is larger than the operand is summed to its shape, then what is of another type is brought to its own. */
  private fitted(gradient: GradientOf, tensor: HeldTensor): GradientOf {
    const { dtype } = gradient.at;
    const summed = sizeOf({ ...gradient.at, dtype: tensor.at.dtype }) === sizeOf(tensor.at) ? gradient : this.summed(gradient, tensor);
    if (dtype === tensor.at.dtype) return summed;
    const typed = this.own(tensor.type, tensor.at);
    this.letGo(summed);
    return typed;
  }

  private summed(gradient: GradientOf, { type, at }: HeldTensor): GradientOf {
    const { dtype } = gradient.at;
    const fitting = this.own({ ...type, dtype }, { ...at, dtype });
    this.letGo(gradient);
    return gradient.at.shape.length > at.shape.length ? { ...fitting, isView: true } : fitting;
  }

  /** Adds to what is there: in its own memory where nothing else holds that. */
  private gather(input: number, gradient: GradientOf): void {
    const tensor = this.memory.tensors[input];
    const before = this.gradients.get(input);
    if (!tensor) return;
    if (!before) this.gradients.set(input, gradient);
    else {
      if (before.piece.holders > 1 || before.isView) {
        this.gradients.set(input, this.own(tensor.type, tensor.at));
        this.letGo(before);
      }
      this.letGo(gradient);
    }
    const left = (this.waits.get(input) ?? 1) - 1;
    this.waits.set(input, left);
    if (left === 0 && this.memory.storages[tensor.storage]?.origin !== 'made') this.settle(input, tensor);
  }

  /** A gradient that lies otherwise than what it is of is copied into its order. */
  private settle(input: number, tensor: HeldTensor): void {
    const gradient = this.gradients.get(input);
    if (!gradient || (gradient.piece.holders === 1 && liesAs(gradient.at, tensor.at))) return;
    this.gradients.set(input, this.own(tensor.type, tensor.at));
    this.letGo(gradient);
  }

  private own(type: TensorType, at: Laid): GradientOf {
    const piece = { size: sizeOf(at), bytes: multiply(product(type.shape), constant(BYTES[type.dtype])), holders: 1 };
    this.alive.add(piece, piece.size, piece.bytes);
    return { piece, at: at.strides === 'contiguous' ? at : { ...at, strides: at.strides === 'unknown' ? 'contiguous' : at.strides } };
  }

  private letGo({ piece }: GradientOf): void {
    piece.holders -= 1;
    if (piece.holders === 0) this.alive.drop(piece, piece.size);
  }
}

/** The same memory under another shape. */
function shared(given: GradientOf, at: Laid): GradientOf {
  return { ...passed(given), at: { ...at, dtype: given.at.dtype }, isView: true };
}

/** The same gradient once more. */
function passed(given: GradientOf): GradientOf {
  given.piece.holders += 1;
  return given;
}

const sameShape = (a: Laid, b: Laid): boolean => a.shape.length === b.shape.length && a.shape.every((size, axis) => size.text === b.shape[axis]?.text);

const stridesOf = ({ shape, strides }: Laid): readonly Dim[] => (strides === 'contiguous' || strides === 'unknown' ? rowByRow(shape) : strides);

/** Whether both lie alike, along axes of more than one place. */
function liesAs(a: Laid, b: Laid): boolean {
  const [left, right] = [stridesOf(a), stridesOf(b)];
  return a.shape.every((size, axis) => asConstant(size) === 1 || left[axis]?.text === right[axis]?.text);
}

/** The strides that a part of a tensor has, by its last axes. */
const stridesUnder = (whole: Laid, part: Laid): readonly Dim[] => {
  const strides = stridesOf(whole);
  return strides.slice(Math.max(0, strides.length - part.shape.length));
};

/** The order before axes were permuted. */
function unpermuted(at: Laid, { attributes }: MemoryStep, before: Laid): Laid {
  const rank = before.shape.length;
  const perm = (readNumbers(attributes, 'perm') ?? [...before.shape.keys()].reverse()).map((axis) => (axis < 0 ? axis + rank : axis));
  const strides = stridesOf(at);
  const back = before.shape.map((_, axis) => strides[perm.indexOf(axis)] ?? ZERO);
  return { ...before, strides: named(before.shape, back) };
}
