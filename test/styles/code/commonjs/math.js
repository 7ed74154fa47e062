const tf = require('@tensorflow/tfjs')

exports.causalMask = function causalMask (n) {
  // 1 where attention is not allowed
  const lower = tf.linalg.bandPart(tf.ones([n, n]), -1, 0)
  return tf.sub(tf.scalar(1), lower)
}

exports.scaledDot = (q, k, v, mask) => {
  const dk = q.shape[q.shape.length - 1]
  let scores = tf.matMul(q, k, false, true).div(tf.scalar(Math.sqrt(dk)))
  if (mask) scores = scores.add(mask.mul(-1e9))
  const weights = tf.softmax(scores)
  return tf.matMul(weights, v)
}
