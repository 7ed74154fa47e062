/** Recurrent layers: their weights as tfjs shapes them, and one step over the sequence. */
import { constant, type Dim, multiply, UNKNOWN } from '../../../dim/index';
import { isRecurrentActivation } from '../../../ops/recurrent';
import { list, type TensorValue, type Value } from '../../common/values';
import { one, weights } from './core';
import { type LayerCall, type LayerKind, Undecided } from './kind';

interface Cell {
  readonly className: string;
  readonly cell: 'lstm' | 'gru' | 'simple';
  /** How many gates stand side by side in a kernel. */
  readonly gates: number;
  /** How many tensors the state has. */
  readonly states: number;
}

function build(layer: LayerCall, { gates }: Cell, features: Dim): void {
  const units = layer.size('units');
  const wide = multiply(units, constant(gates));
  layer.addWeight('kernel', [features, wide], layer.initializer('kernelInitializer', 'glorotNormal'));
  layer.addWeight('recurrent_kernel', [units, wide], layer.initializer('recurrentInitializer', 'orthogonal'));
  if (layer.flag('useBias', true)) layer.addWeight('bias', [wide], layer.initializer('biasInitializer', 'zeros'));
}

function activationOf(layer: LayerCall, key: string, fallback: string): string {
  const name = layer.word(key, fallback);
  if (!isRecurrentActivation(name)) throw new Undecided(`no rule for a recurrent layer with \`${key}\` ${name}`);
  return name;
}

/** The whole sequence or its last element, and, where it is asked for, the states; those that it begins with stand beside the sequence. */
function run(layer: LayerCall, { cell, states }: Cell, inputs: readonly TensorValue[]): Value {
  const returnState = layer.flag('returnState', false);
  const attributes = {
    cell,
    sequences: layer.flag('returnSequences', false),
    backwards: layer.flag('goBackwards', false),
    states: returnState ? states : 0,
    activation: activationOf(layer, 'activation', 'tanh'),
    recurrentActivation: activationOf(layer, 'recurrentActivation', 'hardSigmoid'),
  };
  const initial = inputs.slice(1);
  if (initial.length > 0 && initial.length !== states) throw new Undecided(`the layer has ${states} states, and is given ${initial.length}`);
  const operands = [one(inputs), ...weights(layer, 'kernel', 'recurrent_kernel', 'bias'), ...initial];
  const given = initial.length > 0 ? { ...attributes, initial: initial.length } : attributes;
  const outputs = layer.steps('recurrent', operands, given, returnState ? states + 1 : 1);
  return returnState ? list(outputs) : (outputs[0] ?? one(inputs));
}

const recurrentKind = (cell: Cell): LayerKind => ({
  className: cell.className,
  rank: 3,
  furtherRank: 2,
  build: (layer, [shape]) => build(layer, cell, shape?.at(-1) ?? UNKNOWN),
  call: (layer, inputs) => run(layer, cell, inputs),
});

/** Recurrent layers, by factory. */
export const recurrent: Readonly<Record<string, LayerKind>> = {
  lstm: recurrentKind({ className: 'LSTM', cell: 'lstm', gates: 4, states: 2 }),
  gru: recurrentKind({ className: 'GRU', cell: 'gru', gates: 3, states: 1 }),
  simpleRNN: recurrentKind({ className: 'SimpleRNN', cell: 'simple', gates: 1, states: 1 }),
};
