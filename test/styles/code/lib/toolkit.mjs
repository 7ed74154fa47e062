import * as tf from '@tensorflow/tfjs';
import { scale } from './cycleA.mjs';

export default {
  attention(q, k, v) {
    const w = tf.softmax(this.scores(q, k));
    return tf.matMul(w, v);
  },
  scores: (q, k) => scale(tf.matMul(q, k, false, true), k.shape[k.shape.length - 1]),
  layerNorm: function (x, eps = 1e-5) {
    const { mean, variance } = tf.moments(x, x.shape.length - 1, true);
    return x.sub(mean).mul(variance.add(eps).rsqrt());
  },
};
