/** einsum: any contraction written as an equation. */
import { asConstant, type Dim, product, sum, UNKNOWN, ZERO } from '../dim/index';
import { readText } from './attributes';
import { promote } from './dtypes';
import { einsumSteps } from './einsumSteps';
import { type Equation, readEquation } from './equation';
import { eachForOthers } from './kept';
import { broadcastTo, count, tidied, transpose } from './kernels';
import { einsumLayout } from './layouts';
import type { Attributes, BoundAttributes, Demand, OperandAxis, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, moreSpecific, mustEqual, result, tensorType } from './rules';

type LabelSizes = ReadonlyMap<string, Dim>;

/** Each label's size, and what must hold for it to have one; a size of 1 is repeated in torch, and must be 1 everywhere in tfjs. */
function labelSizes({ operands }: Equation, inputs: readonly TensorType[], context?: RuleContext): { sizes: LabelSizes; demands: Demand[] } {
  const sizes = new Map<string, { size: Dim; at: OperandAxis }>();
  const demands: Demand[] = [];
  operands.forEach((labels, input) => {
    labels.forEach((label, axis) => {
      const size = inputs[input]?.shape[axis] ?? UNKNOWN;
      const first = labels.indexOf(label);
      if (first !== axis) {
        if (context !== undefined)
          demands.push(
            ...mustEqual(
              inputs[input]?.shape[first] ?? UNKNOWN,
              size,
              'equation',
              [
                { input, axis: first },
                { input, axis },
              ],
              context,
            ),
          );
        return;
      }
      const met = sizes.get(label);
      const repeats = (one: Dim): boolean => context?.runtime !== 'tfjs' && asConstant(one) === 1;
      if (met === undefined || repeats(met.size)) sizes.set(label, { size, at: { input, axis } });
      else if (!repeats(size)) {
        if (context !== undefined) demands.push(...mustEqual(met.size, size, 'equation', [met.at, { input, axis }], context));
        sizes.set(label, { ...met, size: moreSpecific(met.size, size) });
      }
    });
  });
  return { sizes: new Map([...sizes].map(([label, { size }]) => [label, size])), demands };
}

const sizesOf = (labels: readonly string[], sizes: LabelSizes): Dim[] => labels.map((label) => sizes.get(label) ?? UNKNOWN);

/** What tfjs's einsum cannot do although the equation is sound. */
function tfjsLimit(text: string, { operands }: Equation): string | undefined {
  if (!text.includes('->')) return 'tfjs needs an arrow';
  if (text.includes('...')) return 'tfjs knows no ellipsis';
  if (operands.length > 2) return 'tfjs takes two operands at most';
  if (operands.some((labels) => new Set(labels).size !== labels.length)) return 'tfjs allows no label twice in one operand';
  return undefined;
}

function einsumShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const text = readText(attributes, 'equation');
  const equation = readEquation(
    text,
    inputs.map(({ shape }) => shape.length),
  );
  const dtype = promote(inputs, context.runtime);
  if ('reason' in equation)
    return { ...failure([tensorType(guess(text), dtype)], 'equation', { equation: text, reason: equation.reason }), unknown: 'the equation does not fit' };
  const { sizes, demands } = labelSizes(equation, inputs, context);
  const shape = sizesOf(equation.output, sizes);
  const reason = context.runtime === 'tfjs' ? tfjsLimit(text, equation) : undefined;
  return reason === undefined ? result(shape, dtype, demands) : failure([tensorType(shape, dtype)], 'equation', { equation: text, reason });
}

/** For an equation that does not fit: the output's axes, if it writes them. */
const guess = (text: string): Dim[] => [...(text.split('->')[1] ?? '').replace(/[^A-Za-z]/g, '')].map(() => UNKNOWN);

/** One pairing of the contraction, from left to right: labels of both operands without those summed beforehand, and what of them is left. */
interface Step {
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly kept: readonly string[];
}

function stepsOf({ operands, output }: Equation): Step[] {
  const [first = [], ...others] = operands;
  let left = distinct(first);
  return others.map((labels, at) => {
    const later = [...output, ...others.slice(at + 1).flat()];
    const right = distinct(labels);
    const step = {
      left: left.filter((label) => right.includes(label) || later.includes(label)),
      right: right.filter((label) => left.includes(label) || later.includes(label)),
      kept: distinct([...left, ...right]).filter((label) => later.includes(label)),
    };
    left = step.kept;
    return step;
  });
}

const distinct = (labels: readonly string[]): string[] => [...new Set(labels)];

function einsumMacs(inputs: readonly TensorType[], attributes: Attributes): Dim {
  const equation = readEquation(
    readText(attributes, 'equation'),
    inputs.map(({ shape }) => shape.length),
  );
  if ('reason' in equation) return UNKNOWN;
  const { sizes } = labelSizes(equation, inputs);
  // Where nothing is summed over, it is no product of matrices.
  const steps = stepsOf(equation).flatMap(({ left, right, kept }) => {
    const labels = distinct([...left, ...right]);
    return labels.length > kept.length ? [product(sizesOf(labels, sizes))] : [];
  });
  return steps.length === 0 ? ZERO : sum(steps);
}

/** A tensor with a label for each axis, none twice. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/** A label that stands twice in one operand picks its diagonal. */
function diagonals(tf: Tfjs, { tensor, labels }: Labelled): Labelled {
  const twice = labels.find((label, at) => labels.indexOf(label) !== at);
  if (twice === undefined) return { tensor, labels };
  const [first, second] = [labels.indexOf(twice), labels.lastIndexOf(twice)];
  const others = labels.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const size = tensor.shape[first] ?? 1;
  const rest = others.map((axis) => tensor.shape[axis] ?? 1);
  const flat = tf.reshape(transpose(tf, tensor, [...others, first, second]), [count(rest), size * size]);
  const picked = tf.gather(flat, tf.range(0, size * size, size + 1, 'int32'), 1);
  return diagonals(tf, { tensor: tf.reshape(picked, [...rest, size]), labels: [...others.map((axis) => labels[axis] ?? ''), twice] });
}

/** Sums over the axes that are not wanted. */
function summed(tf: Tfjs, { tensor, labels }: Labelled, wanted: readonly string[]): Labelled {
  const dropped = labels.flatMap((label, axis) => (wanted.includes(label) ? [] : [axis]));
  if (dropped.length === 0) return { tensor, labels };
  const kept = labels.filter((label) => wanted.includes(label));
  const ordered = arranged(tf, { tensor, labels }, [...kept, ...labels.filter((label) => !kept.includes(label))]);
  const shape = ordered.shape.slice(0, kept.length);
  return { tensor: tf.reshape(tf.sum(tf.reshape(ordered, [count(shape), count(ordered.shape.slice(kept.length))]), 1), shape), labels: kept };
}

const arranged = (tf: Tfjs, { tensor, labels }: Labelled, order: readonly string[]): Tensor =>
  transpose(
    tf,
    tensor,
    order.map((label) => labels.indexOf(label)),
  );

/** Axes of size 1 that meet a longer one are repeated. */
function widened(tf: Tfjs, { tensor, labels }: Labelled, lengths: ReadonlyMap<string, number>): Labelled {
  const shape = labels.map((label) => lengths.get(label) ?? 1);
  return { tensor: shape.every((size, axis) => size === tensor.shape[axis]) ? tensor : broadcastTo(tf, tensor, shape), labels };
}

/** One pairing, as a batched matrix product. */
function contract(tf: Tfjs, left: Labelled, right: Labelled, kept: readonly string[], lengths: ReadonlyMap<string, number>): Labelled {
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => kept.includes(label));
  const inner = shared.filter((label) => !kept.includes(label));
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const lengthOf = (labels: readonly string[]): number => count(labels.map((label) => lengths.get(label) ?? 1));
  const a = tf.reshape(arranged(tf, left, [...batch, ...rows, ...inner]), [lengthOf(batch), lengthOf(rows), lengthOf(inner)]);
  const b = tf.reshape(arranged(tf, right, [...batch, ...inner, ...columns]), [lengthOf(batch), lengthOf(inner), lengthOf(columns)]);
  const labels = [...batch, ...rows, ...columns];
  return {
    tensor: tf.reshape(
      tf.matMul(a, b),
      labels.map((label) => lengths.get(label) ?? 1),
    ),
    labels,
  };
}

function runEinsum(tf: Tfjs, inputs: readonly Tensor[], attributes: BoundAttributes): Tensor {
  const equation = readEquation(
    readText(attributes, 'equation'),
    inputs.map(({ rank }) => rank),
  );
  if ('reason' in equation) throw new Error(`einsum: ${equation.reason}`);
  const lengths = new Map<string, number>();
  equation.operands.forEach((labels, at) => {
    labels.forEach((label, axis) => {
      lengths.set(label, Math.max(lengths.get(label) ?? 1, inputs[at]?.shape[axis] ?? 1));
    });
  });
  const [first, ...others] = inputs.map((tensor, at) => widened(tf, diagonals(tf, { tensor, labels: equation.operands[at] ?? [] }), lengths));
  if (first === undefined) throw new Error('einsum: no operand');
  const steps = stepsOf(equation);
  const made = others.reduce((left, right, at) => {
    const step = steps[at];
    return step === undefined ? left : contract(tf, summed(tf, left, step.left), summed(tf, right, step.right), step.kept, lengths);
  }, first);
  const result = arranged(tf, summed(tf, made, equation.output), equation.output);
  return inputs.includes(result) ? tf.clone(result) : result;
}

/** A permutation alone: torch only moves strides then. */
function isPermutation(inputs: readonly TensorType[], attributes: Attributes): boolean {
  const equation = readEquation(
    readText(attributes, 'equation'),
    inputs.map(({ shape }) => shape.length),
  );
  return (
    !('reason' in equation) &&
    inputs.length === 1 &&
    equation.operands[0]?.length === equation.output.length &&
    new Set(equation.operands[0]).size === equation.output.length
  );
}

/** The operator. */
export const einsum: Operator = {
  name: 'einsum',
  autocast: 'lower',
  strides: einsumLayout,
  doc: 'A contraction written as an equation: torch.einsum in general; js.tensorflow.org/api/latest/#einsum takes two operands, an arrow and no label twice.',
  reads: 'product',
  shape: einsumShape,
  macs: (inputs, _outputs, attributes) => einsumMacs(inputs, attributes),
  storage: { tfjs: 'copy', torch: (inputs, attributes) => (isPermutation(inputs, attributes) ? 'view' : 'copy') },
  saved: (inputs, _outputs, _attributes, mode) => (inputs.length > 1 ? eachForOthers(inputs, mode) : {}),
  torchSteps: (inputs, at, attributes) => einsumSteps(inputs, at, readText(attributes, 'equation')),
  kernel: tidied((tf, inputs, attributes) => runEinsum(tf, inputs, attributes)),
};
