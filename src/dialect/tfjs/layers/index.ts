/** `tf.layers.*` by factory. */
import type { NativeValue } from '../../common/values';
import { activationLayers } from './activationLayers';
import { convolving } from './convolving';
import { core, one, unmodelled } from './core';
import { layerFactory } from './factory';
import type { LayerKind } from './kind';
import { merging } from './merging';
import { normalising } from './normalising';
import { recurrent } from './recurrent';
import { wrappers } from './wrappers';

const OTHERS = ['rnn', 'lstmCell', 'gruCell', 'simpleRNNCell', 'stackedRNNCells', 'convLstm2d', 'convLstm2dCell'] as const;

/** All kinds of layers. */
export const LAYER_KINDS: Readonly<Record<string, LayerKind>> = {
  ...core,
  ...activationLayers,
  ...convolving,
  ...merging,
  ...normalising,
  ...recurrent,
  ...wrappers,
  inputLayer: { className: 'InputLayer', call: (_, inputs) => one(inputs) },
  ...Object.fromEntries(OTHERS.map((name) => [name, unmodelled(name, name)])),
};

/** The factories. */
export const LAYER_FACTORIES: Readonly<Record<string, NativeValue>> = Object.fromEntries(
  Object.entries(LAYER_KINDS).map(([name, kind]) => [name, layerFactory(`tf.layers.${name}`, kind)]),
);
