/** Activations by the names that tfjs's layers take. */
import type { Attributes } from '../../../ops/operator';
import { type InstanceValue, isMissing, type TensorValue } from '../../common/values';
import { warnOfSingleSoftmax } from '../checks';
import type { LayerCall } from './kind';

/** The operator of each; null changes nothing. */
const ACTIVATIONS: Readonly<Record<string, readonly [string, Attributes] | null>> = {
  linear: null,
  elu: ['elu', { alpha: 1 }],
  selu: ['selu', {}],
  relu: ['relu', {}],
  relu6: ['relu6', {}],
  sigmoid: ['sigmoid', {}],
  hardSigmoid: ['hardSigmoid', {}],
  softplus: ['softplus', {}],
  softsign: ['softsign', {}],
  tanh: ['tanh', {}],
  softmax: ['softmax', { axis: -1 }],
  logSoftmax: ['logSoftmax', { axis: -1 }],
  gelu: ['gelu', { approximate: false }],
  gelu_new: ['gelu', { approximate: true }],
  mish: ['mish', {}],
  swish: ['silu', {}],
};

/** Whether tfjs knows the activation. */
export const isActivation = (name: string): boolean => Object.hasOwn(ACTIVATIONS, name);

/** The operator of an activation; null where it changes nothing. */
export const activationStep = (name: string): readonly [string, Attributes] | null => ACTIVATIONS[name] ?? null;

const WARNED = new WeakSet<InstanceValue>();

/** Says it where the layer is first applied; a model runs it again elsewhere. */
export function warnOnce(layer: LayerCall, tensor: TensorValue, axis: number): void {
  if (WARNED.has(layer.self) || tensor.shape === null) return;
  WARNED.add(layer.self);
  warnOfSingleSoftmax(layer.host, layer.args, tensor, axis, true);
}

/** The tensor after the layer's activation, where it has one. */
export function activated(layer: LayerCall, tensor: TensorValue, key = 'activation'): TensorValue {
  const setting = layer.value(key);
  if (isMissing(setting)) return tensor;
  const name = layer.word(key, 'linear');
  if (!isActivation(name)) return layer.host.unknownTensor(`tfjs has no activation \`${name}\``, [tensor]);
  const activation = ACTIVATIONS[name] ?? null;
  if (activation === null) return tensor;
  if (name === 'softmax') warnOnce(layer, tensor, -1);
  return layer.step(activation[0], [tensor], activation[1]);
}
