/* eslint-disable */
import * as tf from '@tensorflow/tfjs';

export default function RelativeAttention(config) {
  const cfg = Object.assign({ heads: 2, dim: 8, maxLen: 16 }, config);
  const { heads, dim, maxLen } = cfg;
  const depth = dim / heads;
  const rel = tf.variable(tf.randomNormal([2 * maxLen - 1, depth]));

  function indices(t) {
    const r = tf.range(0, t, 1, 'int32');
    const d = tf.sub(r.expandDims(0), r.expandDims(1));
    return tf.clipByValue(d.add(maxLen - 1), 0, 2 * maxLen - 2).toInt();
  }

  return {
    config: cfg,
    call: function (x) {
      const b = x.shape[0], t = x.shape[1];
      const h = x.reshape([b, t, heads, depth]).transpose([0, 2, 1, 3]);
      const table = tf.gather(rel, indices(t).flatten()).reshape([t, t, depth]);
      const content = tf.matMul(h, h, false, true);
      // [b, heads, t, 1, depth] · [t, depth, t]
      const position = tf.matMul(h.expandDims(3), table.transpose([0, 2, 1])).squeeze([3]);
      const logits = tf.addN([content, position]).div(Math.sqrt(depth));
      const w = tf.softmax(logits);
      const y = tf.matMul(w, h).transpose([0, 2, 1, 3]).reshape([b, t, dim]);
      return y;
    },
  };
}
