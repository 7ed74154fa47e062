import * as tf from '@tensorflow/tfjs';

export type FeatureMap = (x: tf.Tensor) => tf.Tensor;
const eluPlusOne: FeatureMap = (x) => tf.elu(x).add(1);

/** Linear attention (Katharopoulos et al.) [B, H, N, D]. */
export function linearAttention(q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D, feature: FeatureMap = eluPlusOne, eps = 1e-6): tf.Tensor4D {
  const phiQ = feature(q);
  const phiK = feature(k);
  const kv = tf.matMul(phiK, v, true, false);
  const z = tf.div(1, tf.sum(tf.mul(phiQ, tf.sum(phiK, 2, true)), -1, true).add(eps));
  const out = tf.matMul(phiQ, kv);
  return out.mul(z) as tf.Tensor4D;
}

export function einsumAttention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor): tf.Tensor {
  const d = q.shape[q.shape.length - 1] as number;
  const logits = tf.einsum('bqhd,bkhd->bhqk', q, k).mul(d ** -0.5);
  const attn = tf.softmax(logits);
  const mixed = tf.einsum('bhqk,bkhd->bqhd', attn, v);
  const [b, t, h] = mixed.shape as [number, number, number];
  return mixed.reshape([b, t, h * d]);
}

export function efficient(x: tf.Tensor4D, wk: tf.Tensor2D, wq: tf.Tensor2D, wv: tf.Tensor2D): tf.Tensor4D {
  const [b, h, w, c] = x.shape;
  const n = h * w;
  const flat = x.reshape([b * n, c]);
  const keys = tf.transpose(tf.softmax(flat.matMul(wk).reshape([b, n, wk.shape[1]]).transpose([0, 2, 1])), [0, 2, 1]);
  const queries = flat.matMul(wq).reshape([b, n, -1]).softmax();
  const values = flat.matMul(wv).reshape([b, n, -1]);
  const context = keys.matMul(values, true);
  const attended = queries.matMul(context);
  return attended.reshape([b, h, w, wv.shape[1]]);
}
