/**
 * The attention gate of Attention U-Net: a coarse signal says which places of a skip connection to let through.
 *
 * Attention U-Net: Learning Where to Look for the Pancreas
 * Ozan Oktay, Jo Schlemper, Loic Le Folgoc, Matthew Lee, Mattias Heinrich, Kazunari Misawa, Kensaku Mori, Steven McDonagh,
 * Nils Y. Hammerla, Bernhard Kainz, Ben Glocker, Daniel Rueckert, 2018
 * https://arxiv.org/abs/1804.03999
 */
import * as tf from '@tensorflow/tfjs';

export interface AttentionGateConfig {
  /** The size of the skip connection; the gating signal is half as high and half as wide. */
  height?: number;
  width?: number;
  skipChannels?: number;
  gateChannels?: number;
  innerChannels?: number;
}

/** skip [b, h, w, c] and gating signal [b, h/2, w/2, g] -> the gated skip [b, h, w, c]. */
export function attentionGate(config: AttentionGateConfig = {}): tf.LayersModel {
  const { height = 32, width = 32, skipChannels = 64, gateChannels = 128, innerChannels = 32 } = config;

  const skip = tf.input({ shape: [height, width, skipChannels], name: 'skip' });
  const gate = tf.input({ shape: [height / 2, width / 2, gateChannels], name: 'gate' });

  const theta = tf.layers.conv2d({ filters: innerChannels, kernelSize: 2, strides: 2, useBias: false, name: 'theta' });
  const phi = tf.layers.conv2d({ filters: innerChannels, kernelSize: 1, name: 'phi' });
  const psi = tf.layers.conv2d({ filters: 1, kernelSize: 1, activation: 'sigmoid', name: 'psi' });

  const fromSkip = theta.apply(skip) as tf.SymbolicTensor;
  const fromGate = phi.apply(gate) as tf.SymbolicTensor;
  const summed = tf.layers.add().apply([fromSkip, fromGate]) as tf.SymbolicTensor;
  const active = tf.layers.activation({ activation: 'relu' }).apply(summed) as tf.SymbolicTensor;

  const coarse = psi.apply(active) as tf.SymbolicTensor; // [b, h/2, w/2, 1]
  const attention = tf.layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }).apply(coarse) as tf.SymbolicTensor;

  const gated = tf.layers.multiply().apply([skip, attention]) as tf.SymbolicTensor;
  const out = tf.layers.batchNormalization().apply(tf.layers.conv2d({ filters: skipChannels, kernelSize: 1 }).apply(gated)) as tf.SymbolicTensor;
  return tf.model({ inputs: [skip, gate], outputs: out, name: 'attentionGate' });
}
