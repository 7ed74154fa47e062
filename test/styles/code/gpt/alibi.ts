import * as tf from '@tensorflow/tfjs';

function slopes(n: number): number[] {
  const ratio = Math.pow(2, -8 / n);
  return Array.from({ length: n }, (_, i) => Math.pow(ratio, i + 1));
}

export function alibiBias(nHeads: number, q: number, k: number): tf.Tensor3D {
  const rel = tf.sub(tf.range(0, k).expandDims(0), tf.range(0, q).expandDims(1));
  const dist = rel.abs().neg();
  const m = tf.tensor1d(slopes(nHeads)).reshape([nHeads, 1, 1]);
  return m.mul(dist.expandDims(0)) as tf.Tensor3D;
}

export function alibiAttention(q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D, { causal = true, scale }: { causal?: boolean; scale?: number } = {}) {
  const [, h, tq, d] = q.shape;
  const tk = k.shape[2];
  const factor = scale ?? 1 / Math.sqrt(d);
  let logits = q.matMul(k, false, true).mul(factor).add(alibiBias(h, tq, tk));
  if (causal) {
    const allowed = tf.linalg.bandPart(tf.ones([tq, tk], 'float32'), -1, 0).cast('bool');
    logits = tf.where(allowed, logits, tf.fill([tq, tk], -1e9));
  }
  const weights = logits.softmax();
  return { output: weights.matMul(v), weights };
}
