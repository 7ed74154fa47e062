const tf = require('@tensorflow/tfjs')

// matmul of a rank-3 tensor by a matrix, in "half" precision one day
const matMul16 = (a, b, transposeA = false, transposeB = false) => {
  if (a.rank === 3 && b.rank === 2) {
    const [n, t, c] = a.shape
    const y = tf.matMul(a.reshape([n * t, c]), b, false, transposeB)
    return y.reshape([n, t, transposeB ? b.shape[0] : b.shape[1]])
  }
  return tf.matMul(a, b, transposeA, transposeB)
}

function applyDense (x, weights, activation) {
  const { kernel, bias } = weights
  let y = matMul16(x, kernel)
  if (bias != null) y = tf.add(y, bias)
  switch (activation) {
    case 'relu': return tf.relu(y)
    case 'gelu': {
      const cdf = tf.erf(y.div(Math.SQRT2)).add(1).mul(0.5)
      return y.mul(cdf)
    }
    default: return y
  }
}

function attentionBlock (x, params, { heads = 2, mask } = {}) {
  const qkv = applyDense(x, params.qkv)
  const dim = qkv.shape[2] / 3
  const [q, k, v] = [0, 1, 2].map(i => {
    const part = tf.slice(qkv, [0, 0, i * dim], [-1, -1, dim])
    const [b, t] = part.shape
    return tf.transpose(tf.reshape(part, [b, t, heads, dim / heads]), [0, 2, 1, 3])
  })
  let att = matMul16(q, k, false, true).mul(tf.rsqrt(tf.scalar(dim / heads)))
  att = mask ? att.add(mask) : att
  att = tf.softmax(att)
  let y = tf.transpose(matMul16(att, v), [0, 2, 1, 3])
  y = y.reshape([y.shape[0], y.shape[1], dim])
  return applyDense(y, params.out, 'gelu')
}

module.exports = { matMul16, applyDense, attentionBlock }
