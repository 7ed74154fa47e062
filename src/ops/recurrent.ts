/** Recurrent cells run over a sequence, as tfjs's layers define them. */
import { add, constant, type Dim, multiply } from '../dim/index';
import { readFlag, readNumber, readText } from './attributes';
import { operand, tidied } from './kernels';
import type { Attributes, BoundAttributes, Operator, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustEqual, results, sizeAt, tensorType } from './rules';

type Activation = (tf: Tfjs, x: Tensor) => Tensor;

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  linear: (tf, x) => tf.clone(x),
  tanh: (tf, x) => tf.tanh(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  hardSigmoid: (tf, x) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1),
  relu: (tf, x) => tf.relu(x),
  elu: (tf, x) => tf.elu(x),
  selu: (tf, x) => tf.selu(x),
  softplus: (tf, x) => tf.softplus(x),
};

/** Whether a cell can be run with the activation. */
export const isRecurrentActivation = (name: string): boolean => Object.hasOwn(ACTIVATIONS, name);

/** How many blocks of `units` columns a kernel has. */
const GATES: Readonly<Record<string, number>> = { lstm: 4, gru: 3, simple: 1 };

const gatesOf = (attributes: Attributes): number => GATES[readText(attributes, 'cell', 'simple')] ?? 1;

/** One step: the state before, and what the input contributes. The new state's first tensor is the output. */
type Cell = (tf: Tfjs, x: Tensor, state: readonly Tensor[], recurrent: Tensor, activate: Activation, gate: Activation) => Tensor[];

const lstm: Cell = (tf, x, [hidden, carry], recurrent, activate, gate) => {
  const [input, forget, content, output] = tf.split(tf.add(x, tf.matMul(hidden as Tensor, recurrent)), 4, 1);
  const kept = tf.mul(gate(tf, forget as Tensor), carry as Tensor);
  const next = tf.add(kept, tf.mul(gate(tf, input as Tensor), activate(tf, content as Tensor)));
  return [tf.mul(gate(tf, output as Tensor), activate(tf, next)), next];
};

const gru: Cell = (tf, x, [hidden], recurrent, activate, gate) => {
  const before = hidden as Tensor;
  const units = recurrent.shape[0] ?? 1;
  const [gates, content] = tf.split(recurrent, [2 * units, units], 1);
  const [xUpdate, xReset, xContent] = tf.split(x, 3, 1);
  const [update, reset] = tf.split(tf.matMul(before, gates as Tensor), 2, 1);
  const z = gate(tf, tf.add(xUpdate as Tensor, update as Tensor));
  const r = gate(tf, tf.add(xReset as Tensor, reset as Tensor));
  const fresh = activate(tf, tf.add(xContent as Tensor, tf.matMul(tf.mul(r, before), content as Tensor)));
  return [tf.add(tf.mul(z, before), tf.mul(tf.sub(1, z), fresh))];
};

const simple: Cell = (tf, x, [hidden], recurrent, activate) => [activate(tf, tf.add(x, tf.matMul(hidden as Tensor, recurrent)))];

const CELLS: Readonly<Record<string, Cell>> = { lstm, gru, simple };

/** Ranks of the sequence, the two kernels, and the bias. */
const RANKS: readonly number[] = [3, 2, 2, 1];

function shape(inputs: readonly TensorType[], attributes: Attributes, context: Parameters<Operator['shape']>[2]): ReturnType<Operator['shape']> {
  const { weights, initial } = apart(inputs, attributes);
  const [x, kernel, recurrent, bias] = weights;
  if (x === undefined || kernel === undefined || recurrent === undefined)
    return failure([], 'argument', { operator: 'recurrent', reason: 'an operand is missing' });
  const units = sizeAt(recurrent.shape, 0);
  const outputs = outputTypes(x, units, attributes);
  const wrong = inputs.findIndex((type, index) => type.shape.length !== rankAt(index, weights.length));
  if (wrong >= 0) {
    const rank = rankAt(wrong, weights.length);
    return failure(outputs, 'rank', { operator: 'recurrent', least: rank, most: rank, rank: inputs[wrong]?.shape.length ?? 0 }, [{ input: wrong }]);
  }
  const wide = multiply(units, constant(gatesOf(attributes)));
  const features = (tensor: TensorType, input: number, axis: number, wanted: Dim, from: number) =>
    mustEqual(sizeAt(tensor.shape, axis), wanted, 'features', pair(input, axis, from), context);
  return results(outputs, [
    ...features(x, 0, 2, sizeAt(kernel.shape, 0), 1),
    ...features(kernel, 1, 1, wide, 2),
    ...features(recurrent, 2, 1, wide, 2),
    ...(bias === undefined ? [] : features(bias, 3, 0, wide, 2)),
    // A state has a row for each sequence, of as many features as the cell has units.
    ...initial.flatMap((state, index) => {
      const input = weights.length + index;
      return [...mustEqual(sizeAt(state.shape, 0), sizeAt(x.shape, 0), 'batch', pair(input, 0, 0), context), ...features(state, input, 1, units, 2)];
    }),
  ]);
}

/** An axis of an operand, and the first of another. */
const pair = (input: number, axis: number, from: number) =>
  [
    { input, axis },
    { input: from, axis: 0 },
  ] as const;

/** The operands without the states that it begins with, and those: they come last. */
function apart<T>(inputs: readonly T[], attributes: Attributes): { readonly weights: readonly T[]; readonly initial: readonly T[] } {
  const end = inputs.length - readNumber(attributes, 'initial', 0);
  return { weights: inputs.slice(0, end), initial: inputs.slice(end) };
}

const rankAt = (index: number, weights: number): number => (index < weights ? (RANKS[index] ?? 0) : 2);

function outputTypes(x: TensorType, units: Dim, attributes: Attributes): TensorType[] {
  const [batch, steps] = [sizeAt(x.shape, 0), sizeAt(x.shape, 1)];
  const last = tensorType([batch, units], x.dtype);
  const states = Array.from({ length: readNumber(attributes, 'states', 0) }, () => last);
  return [readFlag(attributes, 'sequences') ? tensorType([batch, steps, units], x.dtype) : last, ...states];
}

function macs(inputs: readonly TensorType[], _: readonly TensorType[], attributes: Attributes): Dim {
  const [x, kernel, recurrent] = inputs;
  const steps = multiply(sizeAt(x?.shape ?? [], 0), sizeAt(x?.shape ?? [], 1));
  const units = sizeAt(recurrent?.shape ?? [], 0);
  const each = multiply(multiply(units, constant(gatesOf(attributes))), add(sizeAt(kernel?.shape ?? [], 0), units));
  return multiply(steps, each);
}

function run(tf: Tfjs, operands: readonly Tensor[], attributes: BoundAttributes): Tensor[] {
  const { weights: inputs, initial } = apart(operands, attributes);
  const [x, kernel, recurrent] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
  const cell = CELLS[readText(attributes, 'cell', 'simple')] ?? simple;
  const activate = ACTIVATIONS[readText(attributes, 'activation', 'tanh')] ?? ((from, value) => from.tanh(value));
  const gate = ACTIVATIONS[readText(attributes, 'recurrentActivation', 'hardSigmoid')] ?? ((from, value) => from.sigmoid(value));
  const [batch = 1, , features = 1] = x.shape;
  const product = tf.reshape(tf.matMul(tf.reshape(x, [-1, features]), kernel), [batch, -1, kernel.shape[1] ?? 1]);
  const wide = inputs[3] === undefined ? product : tf.add(product, inputs[3]);
  const elements = tf.unstack(readFlag(attributes, 'backwards') ? tf.reverse(wide, 1) : wide, 1);
  let state: Tensor[] = [0, 1].map((index) => initial[index] ?? tf.zeros([batch, recurrent.shape[0] ?? 1]));
  const outputs = elements.map((element) => {
    state = cell(tf, element, state, recurrent, activate, gate);
    return state[0] as Tensor;
  });
  const result = readFlag(attributes, 'sequences') ? tf.stack(outputs, 1) : tf.clone(outputs.at(-1) as Tensor);
  // The last element is a state as well: the sum gives it a storage of its own.
  return [result, ...state.slice(0, readNumber(attributes, 'states', 0)).map((tensor) => tf.add(tensor, 0))];
}

/** Recurrence over the axis of time. */
export const recurrence = {
  recurrent: {
    name: 'recurrent',
    autocast: 'lower',
    doc: 'An LSTM, GRU or simple cell over a sequence [batch, time, features], from a state of zeros or, where `initial` says how many, from the last operands: js.tensorflow.org/api/latest/#layers.lstm.',
    shape,
    macs,
    kernel: tidied(run),
  },
} satisfies Record<string, Operator>;
