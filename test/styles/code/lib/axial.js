import * as tf from '@tensorflow/tfjs';

const attend = (q, k, v) => tf.matMul(tf.softmax(tf.matMul(q, k, false, true).mul(1 / Math.sqrt(q.shape[q.rank - 1]))), v);

/** Attention along one axis of an image, then along the other. */
export function axialAttention(x, axes = [1, 2]) {
  let y = x;
  for (const axis of axes) {
    const perm = axis === 1 ? [0, 2, 1, 3] : [0, 1, 2, 3];
    const inverse = perm.map((_, i) => perm.indexOf(i));
    const t = y.transpose(perm);
    const [b, outer, inner, c] = t.shape;
    const folded = t.reshape([b * outer, inner, c]);
    const attended = attend(folded, folded, folded);
    y = attended.reshape([b, outer, inner, c]).transpose(inverse);
  }
  return x.add(y);
}

export function nonLocalBlock(x, params) {
  const { theta, phi, g, out } = params;
  const [n, h, w, c] = x.shape;
  const inter = theta.shape[3];
  const conv = (filter) => tf.conv2d(x, filter, 1, 'same').reshape([n, h * w, inter]);
  const f = tf.matMul(conv(theta), conv(phi), false, true);
  const fDiv = tf.softmax(f);
  const y = tf.matMul(fDiv, conv(g)).reshape([n, h, w, inter]);
  const wy = tf.conv2d(y, out, [1, 1], 'valid');
  return tf.add(wy, x);
}

export const positionAttention = (x, gamma = 0) => {
  const [b, h, w, c] = x.shape
  const proj = x.reshape([b, h * w, c])
  const energy = tf.batchNorm === undefined ? null : proj.matMul(proj.transpose([0, 2, 1]))
  const attention = energy.softmax(-1)
  const o = attention.matMul(proj).reshape(x.shape)
  return x.add(o.mul(gamma))
}
