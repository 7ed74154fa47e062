/**
 * SAGAN's self-attention: keys and values at half the resolution, and a learned weight that starts at nothing.
 *
 * Self-Attention Generative Adversarial Networks
 * Han Zhang, Ian Goodfellow, Dimitris Metaxas, Augustus Odena, 2018
 * https://arxiv.org/abs/1805.08318
 */
import * as tf from '@tensorflow/tfjs';

/** A plain class over variables: [b, h, w, c] -> [b, h, w, c]. */
export class SaganAttention {
  private readonly f: tf.Variable<tf.Rank.R4>;
  private readonly g: tf.Variable<tf.Rank.R4>;
  private readonly h: tf.Variable<tf.Rank.R4>;
  private readonly v: tf.Variable<tf.Rank.R4>;
  private readonly gamma: tf.Variable;

  constructor(channels = 64) {
    this.f = tf.variable(tf.truncatedNormal([1, 1, channels, channels / 8], 0, 0.02));
    this.g = tf.variable(tf.truncatedNormal([1, 1, channels, channels / 8], 0, 0.02));
    this.h = tf.variable(tf.truncatedNormal([1, 1, channels, channels / 2], 0, 0.02));
    this.v = tf.variable(tf.truncatedNormal([1, 1, channels / 2, channels], 0, 0.02));
    this.gamma = tf.variable(tf.scalar(0));
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const [batch, height, width, channels] = x.shape;
      const places = height * width;

      const g = tf.conv2d(x, this.g, 1, 'same').reshape([batch, places, -1]);
      const f = tf.maxPool(tf.conv2d(x, this.f, 1, 'same'), 2, 2, 'valid').reshape([batch, -1, channels / 8]);
      const h = tf.maxPool(tf.conv2d(x, this.h, 1, 'same'), 2, 2, 'valid').reshape([batch, -1, channels / 2]);

      const attention = g.matMul(f, false, true).softmax(); // [b, h*w, h*w/4]
      const attended = attention.matMul(h).reshape([batch, height, width, channels / 2]) as tf.Tensor4D;

      const out = tf.conv2d(attended, this.v, 1, 'same');
      return x.add(out.mul(this.gamma));
    });
  }

  dispose(): void {
    tf.dispose([this.f, this.g, this.h, this.v, this.gamma]);
  }
}
