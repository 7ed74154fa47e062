import * as tf from '@tensorflow/tfjs';

export type CbamOptions = { channels: number; reduction?: number; kernel?: number };

export function channelAttention(x: tf.Tensor4D, w1: tf.Tensor2D, w2: tf.Tensor2D): tf.Tensor4D {
  const squeeze = (pooled: tf.Tensor): tf.Tensor => tf.matMul(tf.relu(tf.matMul(pooled as tf.Tensor2D, w1)), w2);
  const avg = squeeze(tf.mean(x, [1, 2]));
  const max = squeeze(tf.max(x, [1, 2]));
  const gate = tf.sigmoid(avg.add(max));
  const [b, c] = gate.shape;
  return x.mul(gate.reshape([b, 1, 1, c!]));
}

export const spatialAttention = (x: tf.Tensor4D, kernel: tf.Tensor4D) => {
  const stats = tf.concat([x.mean(3, true), x.max(3, true)], 3) as tf.Tensor4D;
  const map = tf.conv2d(stats, kernel, 1, 'same').sigmoid();
  return tf.mul(x, map);
};

export default class Cbam {
  readonly w1: tf.Variable;
  readonly w2: tf.Variable;
  readonly kernel: tf.Variable;
  constructor({ channels, reduction = 2, kernel: size = 7 }: CbamOptions) {
    const hidden = Math.max(1, Math.floor(channels / reduction));
    this.w1 = tf.variable(tf.randomNormal([channels, hidden]));
    this.w2 = tf.variable(tf.randomNormal([hidden, channels]));
    this.kernel = tf.variable(tf.randomNormal([size, size, 2, 1]));
  }
  apply = (x: tf.Tensor4D): tf.Tensor4D => tf.tidy(() => {
    const refined = channelAttention(x, this.w1 as unknown as tf.Tensor2D, this.w2 as unknown as tf.Tensor2D);
    return spatialAttention(refined, this.kernel as unknown as tf.Tensor4D) as tf.Tensor4D;
  });
}
