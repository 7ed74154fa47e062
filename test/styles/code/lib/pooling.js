import * as tf from '@tensorflow/tfjs';

/** Gated attention pooling (MIL): a bag [n, d] to one vector. */
export function createMilPool({ inDim, hidden, gated } = { inDim: 6, hidden: 4, gated: true }) {
  const V = tf.layers.dense({ units: hidden, activation: 'tanh', inputShape: [inDim] });
  const U = gated ? tf.layers.dense({ units: hidden, activation: 'sigmoid', inputDim: inDim }) : null;
  const w = tf.layers.dense({ units: 1, useBias: false });
  const scores = (bag) => {
    let a = V.apply(bag);
    if (U) {
      a = a.mul(U.apply(bag));
    }
    return w.apply(a);
  };
  const pool = (bag) => {
    const a = scores(bag).transpose();
    const weights = tf.softmax(a);
    return tf.matMul(weights, bag);
  };
  return { pool, scores, forward: pool };
}

export function statsPool(x, mask) {
  const m = mask.toFloat().expandDims(-1);
  const total = m.sum(1);
  const mean = x.mul(m).sum(1).div(total);
  const centered = x.sub(mean.expandDims(1));
  const std = centered.square().mul(m).sum(1).div(total).sqrt();
  return tf.concat([mean, std], 1);
}

export function* windows(x, size) {
  const n = x.shape[1];
  for (let i = 0; i + size <= n; i += size) {
    yield x.slice([0, i, 0], [-1, size, -1]);
  }
}

export function localAttention(x, size = 4) {
  const [b, n, d] = x.shape;
  const blocks = Math.ceil(n / size);
  const padded = blocks * size > n ? tf.pad(x, [[0, 0], [0, blocks * size - n], [0, 0]]) : x;
  const folded = padded.reshape([b * blocks, size, d]);
  const w = folded.matMul(folded, false, true).div(d ** 0.5).softmax();
  const y = w.matMul(folded).reshape([b, blocks * size, d]);
  return y.slice([0, 0, 0], [b, n, d]);
}
