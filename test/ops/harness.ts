/** Running an operator's definition against the back end: everything here works from a case alone. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { asConstant, constant, type Dim, evaluate, evaluateReal, isUnknown, NO_FACTS, symbol } from '../../src/dim/index';
import { isReal } from '../../src/ops/attributes';
import { heldAs } from '../../src/ops/dtypes';
import type { Attribute, Attributes, BoundAttribute, BoundAttributes, Demand, Operator, ShapeResult, Tensor, TensorType } from '../../src/ops/operator';
import type { Case, Operand } from './sample';

type Sizes = { readonly [symbol: string]: number };

/** The settings with numbers in place of sizes. */
export function bind(attributes: Attributes): BoundAttributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, bindOne(value)]));
}

function bindOne(value: Attribute): BoundAttribute {
  if (isReal(value)) return evaluateReal(value, {}) ?? Number.NaN;
  if (Array.isArray(value)) return (value as readonly Attribute[]).map(bindOne);
  if (typeof value === 'object' && value !== null) return bind(value as Attributes);
  return value as BoundAttribute;
}

/** Tensors with the operands' shapes and repeatable values. */
export function tensorsOf(inputs: readonly Operand[]): Tensor[] {
  return inputs.map((input, index) => {
    const held = heldAs(input.dtype ?? 'float32');
    const count = input.shape.reduce((all, length) => all * length, 1);
    return tf.tensor(valuesOf(input, held, count, index), [...input.shape], held);
  });
}

function valuesOf(input: Operand, held: string, count: number, seed: number): number[] {
  if (input.values !== undefined) return Array.from({ length: count }, (_, at) => input.values?.[at % input.values.length] ?? 0);
  const [low, high] = input.range ?? (held === 'float32' ? [-2, 2] : [0, held === 'bool' ? 1 : 3]);
  return Array.from({ length: count }, (_, at) => {
    const spread = Math.abs(Math.sin((at + 1) * 12.9898 + seed * 78.233) * 43758.5453) % 1;
    return held === 'float32' ? low + spread * (high - low) : low + Math.floor(spread * (high - low + 1));
  });
}

/** Runs the kernel; what it returns is the caller's. */
export async function runKernel(operator: Operator, inputs: readonly Tensor[], { attributes, runtime = 'tfjs', training = false }: Case): Promise<Tensor[]> {
  let seed = 0;
  const made = await operator.kernel(tf, inputs, bind(attributes), { runtime, training, seed: () => ++seed });
  return Array.isArray(made) ? made : [made];
}

/** The rule over the case's own sizes. */
export function ruleAt(operator: Operator, { inputs, attributes, runtime = 'tfjs' }: Case): ShapeResult {
  return operator.shape(typesOf(inputs, constant), attributes, { facts: NO_FACTS, runtime });
}

function typesOf(inputs: readonly Operand[], dim: (size: number, input: number, axis: number) => Dim): TensorType[] {
  return inputs.map(({ shape, dtype = 'float32' }, input) => ({ shape: shape.map((length, axis) => dim(length, input, axis)), dtype }));
}

/** The case over symbols: one for each distinct size ('shared'), or one for each axis ('own'). Sizes of 1 stay: broadcasting reads them. */
export function symbolic({ inputs, attributes, runtime = 'tfjs' }: Case, naming: 'shared' | 'own') {
  const bound: Record<string, number> = {};
  const named = (length: number, name: string): Dim => {
    if (length <= 1) return constant(length);
    bound[name] = length;
    return symbol(name);
  };
  const dim = (length: number, input: number, axis: number) => named(length, naming === 'shared' ? `s${length}` : `i${input}a${axis}`);
  const types = typesOf(inputs, dim);
  const used = new Set(Object.values(bound));
  const inAttributes = (value: Attribute): Attribute => {
    const length = isReal(value) && value.kind === 'size' ? asConstant(value.size) : undefined;
    if (length !== undefined) return used.has(length) ? { kind: 'size', size: named(length, `s${length}`) } : value;
    if (Array.isArray(value)) return (value as readonly Attribute[]).map(inAttributes);
    return value;
  };
  const settings = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, inAttributes(value)]));
  return { types, attributes: settings, sizes: bound as Sizes, context: { facts: NO_FACTS, runtime } };
}

/** What the rule objects to at these sizes, in words; nothing where all holds. */
export function objections(result: ShapeResult, sizes: Sizes): string[] {
  const demands = (result.demands ?? []).filter((demand) => !holds(demand, sizes)).map((demand) => JSON.stringify(demand));
  return result.problem === undefined ? demands : [...demands, JSON.stringify(result.problem)];
}

function holds(demand: Demand, sizes: Sizes): boolean {
  const at = (dim: Dim) => evaluate(dim, sizes) ?? Number.NaN;
  switch (demand.kind) {
    case 'equal':
      return at(demand.left) === at(demand.right);
    case 'divides':
      return at(demand.size) % at(demand.divisor) === 0;
    case 'atMost':
      return at(demand.small) <= at(demand.large);
  }
}

/** The rule's shapes at these sizes; null stands for a size that the rule does not know. */
export function shapesAt(result: ShapeResult, sizes: Sizes): (number | null)[][] {
  return result.outputs.map(({ shape }) => shape.map((dim) => (isUnknown(dim) ? null : (evaluate(dim, sizes) ?? Number.NaN))));
}

/** Runs the function and says what it threw, if it did; whatever it made is freed. */
export function threw(run: () => Tensor | Tensor[]): string | undefined {
  tf.engine().startScope();
  try {
    run();
    return undefined;
  } catch (error) {
    return String(error);
  } finally {
    tf.engine().endScope();
  }
}

/** The greatest difference between the values, relative to their size; equal infinities and NaNs do not differ. */
export function difference(left: Tensor, right: Tensor): number {
  const [a, b] = [left.dataSync(), right.dataSync()];
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a, Number).reduce((most, value, at) => Math.max(most, apart(value, Number(b[at]))), 0);
}

const apart = (a: number, b: number): number =>
  Object.is(a, b) || a === b ? 0 : Math.abs(a - b) / Math.max(1, Math.abs(a), Math.abs(b)) || Number.POSITIVE_INFINITY;

/** The case with one size changed, or one axis more or less: it may run or not. */
export function broken(given: Case, pick: number, change: number): Case | undefined {
  const spots = given.inputs.flatMap(({ shape }, input) => Array.from({ length: shape.length + 1 }, (_, axis) => ({ input, axis })));
  const spot = spots[pick % Math.max(1, spots.length)];
  if (spot === undefined) return undefined;
  const inputs = given.inputs.map((operand, input) => (input === spot.input ? { ...operand, shape: changed(operand.shape, spot.axis, change) } : operand));
  return { ...given, inputs };
}

/** At an axis: another size, or without it (change 0); past the last: one axis more. */
function changed(shape: readonly number[], axis: number, change: number): number[] {
  if (axis === shape.length) return [...shape, change + 1];
  if (change === 0) return shape.filter((_, at) => at !== axis);
  return shape.map((length, at) => (at === axis ? ((length + change - 1) % 6) + 1 : length));
}

export { tf };
