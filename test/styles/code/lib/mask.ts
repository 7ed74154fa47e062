import * as tf from '@tensorflow/tfjs';

const NEG_INF = -1e9;

export function paddingMask(ids: tf.Tensor2D, pad = 0): tf.Tensor4D {
  const mask = tf.notEqual(ids, pad).toFloat();
  return mask.expandDims(1).expandDims(1) as tf.Tensor4D;
}

export function lookAheadMask(size: number): tf.Tensor2D {
  return tf.tidy(() => {
    const i = tf.range(0, size, 1, 'int32').reshape([size, 1]);
    const j = tf.range(0, size, 1, 'int32').reshape([1, size]);
    return tf.greaterEqual(i, j).toFloat() as tf.Tensor2D;
  });
}

export function combineMasks(...masks: (tf.Tensor | null | undefined)[]): tf.Tensor | null {
  return masks.filter((m): m is tf.Tensor => m != null).reduce<tf.Tensor | null>((acc, m) => (acc ? tf.minimum(acc, m) : m), null);
}

export function maskedAttention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, mask?: tf.Tensor | null): [tf.Tensor, tf.Tensor] {
  const depth = q.shape[q.shape.length - 1]!;
  let scores = tf.matMul(q, k, false, true);
  scores = scores.div(tf.scalar(depth).sqrt());
  if (mask) {
    scores = tf.where(mask.broadcastTo(scores.shape).cast('bool'), scores, tf.fill(scores.shape, NEG_INF));
  }
  const weights = tf.softmax(scores, scores.rank - 1);
  return [tf.matMul(weights, v), weights];
}

export function decoderSelfAttention(x: tf.Tensor3D, ids: tf.Tensor2D, heads: number): tf.Tensor3D {
  const [b, t, c] = x.shape;
  const split = (y: tf.Tensor): tf.Tensor4D => y.reshape([b, t, heads, -1]).transpose([0, 2, 1, 3]);
  const mask = combineMasks(paddingMask(ids), lookAheadMask(t), null);
  const [context, weights] = maskedAttention(split(x), split(x), split(x), mask);
  const total = weights.sum(-1);
  void total;
  return context.transpose([0, 2, 1, 3]).reshape([b, t, c]);
}
