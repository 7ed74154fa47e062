import * as tf from '@tensorflow/tfjs';

/** One head at a time, pushed and concatenated. */
export class LoopedAttention {
  constructor(dim, heads) {
    this.dim = dim;
    this.heads = heads;
    this.headDim = dim / heads;
    this.params = [];
    for (let h = 0; h < heads; h++) {
      this.params.push({
        q: tf.variable(tf.randomNormal([dim, this.headDim])),
        k: tf.variable(tf.randomNormal([dim, this.headDim])),
        v: tf.variable(tf.randomNormal([dim, this.headDim])),
      });
    }
    this.out = tf.variable(tf.randomNormal([dim, dim]));
  }

  head(x, index) {
    const { q, k, v } = this.params[index];
    const [b, t, c] = x.shape;
    const flat = tf.reshape(x, [b * t, c]);
    const project = (w) => tf.reshape(tf.matMul(flat, w), [b, t, this.headDim]);
    const scores = tf.matMul(project(q), project(k), false, true);
    const weights = tf.softmax(tf.div(scores, Math.sqrt(this.headDim)));
    return tf.matMul(weights, project(v));
  }

  forward(x) {
    const outputs = [];
    for (let h = 0; h < this.heads; h++) {
      const y = this.head(x, h);
      outputs.push(y);
    }
    const joined = tf.concat(outputs, 2);
    const [b, t] = joined.shape;
    return joined.reshape([b * t, this.dim]).matMul(this.out).reshape([b, t, this.dim]);
  }
}

export function perSample(q, k, v) {
  const results = [];
  const qs = tf.unstack(q);
  const ks = tf.unstack(k);
  const vs = tf.unstack(v);
  qs.forEach((qi, i) => {
    const w = tf.softmax(tf.matMul(qi, ks[i], false, true));
    results.push(tf.matMul(w, vs[i]));
  });
  return tf.stack(results);
}

export const perSampleMap = (q, k, v) =>
  tf.stack(q.unstack().map((qi, i) => {
    const scores = qi.matMul(tf.squeeze(k.slice([i, 0, 0], [1, -1, -1]), [0]), false, true);
    return scores.softmax().matMul(tf.gather(v, i));
  }));

export function queryByQuery(queries, memory) {
  // queries [T, D], memory [M, D]
  const T = queries.shape[0];
  const rows = [];
  let t = 0;
  while (t < T) {
    const row = queries.slice([t, 0], [1, -1]);
    const weights = memory.mul(row).sum(1).softmax();
    const read = weights.expandDims(0).matMul(memory);
    rows.push(read.squeeze([0]));
    t++;
  }
  return tf.stack(rows, 0);
}
