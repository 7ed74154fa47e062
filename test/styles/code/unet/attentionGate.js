import * as tf from '@tensorflow/tfjs';

const convBlock = (filters, kernelSize = 3) => (x) => {
  const conv = tf.layers.conv2d({ filters, kernelSize, padding: 'same', kernelInitializer: 'heNormal' }).apply(x);
  const bn = tf.layers.batchNormalization().apply(conv);
  return tf.layers.activation({ activation: 'relu' }).apply(bn);
};

function attentionGate(skip, gating, filters) {
  const theta = tf.layers.conv2d({ filters, kernelSize: 2, strides: 2, padding: 'same', useBias: false }).apply(skip);
  const phi = tf.layers.conv2d({ filters, kernelSize: 1 }).apply(gating);
  const sum = tf.layers.add().apply([theta, phi]);
  const act = tf.layers.reLU().apply(sum);
  const psi = tf.layers.conv2d({ filters: 1, kernelSize: [1, 1], activation: 'sigmoid' }).apply(act);
  const up = tf.layers.upSampling2d({ size: [2, 2] }).apply(psi);
  return tf.layers.multiply().apply([skip, up]);
}

export const buildUnet = (inputShape = [16, 16, 1], base = 4) => {
  const inputs = tf.layers.input({ shape: inputShape });
  const c1 = convBlock(base)(inputs);
  const p1 = tf.layers.maxPooling2d({ poolSize: 2, strides: 2 }).apply(c1);
  const c2 = convBlock(base * 2)(p1);
  const p2 = tf.layers.maxPooling2d({ poolSize: [2, 2] }).apply(c2);
  const bridge = convBlock(base * 4)(p2);
  const g2 = attentionGate(c2, bridge, base * 2);
  const u2 = tf.layers.conv2dTranspose({ filters: base * 2, kernelSize: 2, strides: 2, padding: 'same' }).apply(bridge);
  const d2 = convBlock(base * 2)(tf.layers.concatenate({ axis: 3 }).apply([u2, g2]));
  const g1 = attentionGate(c1, d2, base);
  const u1 = tf.layers.upSampling2d({ size: [2, 2] }).apply(d2);
  const d1 = convBlock(base)(tf.layers.concatenate().apply([u1, g1]));
  const outputs = tf.layers.conv2d({ filters: 1, kernelSize: 1, activation: 'sigmoid' }).apply(d1);
  return tf.model({ inputs, outputs, name: 'attention-unet' });
};
