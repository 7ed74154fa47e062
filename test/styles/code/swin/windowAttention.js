import * as tf from '@tensorflow/tfjs';

export function windowPartition(x, ws) {
  const [B, H, W, C] = x.shape;
  const y = x.reshape([B, H / ws, ws, W / ws, ws, C]);
  return y.transpose([0, 1, 3, 2, 4, 5]).reshape([-1, ws * ws, C]);
}

export function windowReverse(windows, ws, H, W) {
  const B = windows.shape[0] / ((H * W) / ws / ws);
  const C = windows.shape[2];
  const y = windows.reshape([B, H / ws, W / ws, ws, ws, C]);
  return y.transpose([0, 1, 3, 2, 4, 5]).reshape([B, H, W, C]);
}

function roll(x, shift, axis) {
  const n = x.shape[axis];
  const s = ((shift % n) + n) % n;
  if (s === 0) return x;
  const [head, tail] = tf.split(x, [n - s, s], axis);
  return tf.concat([tail, head], axis);
}

export class WindowAttention {
  constructor(dim, windowSize, numHeads, shift = 0) {
    this.dim = dim;
    this.ws = windowSize;
    this.heads = numHeads;
    this.shift = shift;
    this.scale = Math.pow(dim / numHeads, -0.5);
    this.qkv = tf.layers.dense({ units: dim * 3, useBias: true });
    this.proj = tf.layers.dense({ units: dim });
    this.table = tf.variable(tf.truncatedNormal([(2 * windowSize - 1) ** 2, numHeads], 0, 0.02));
    this.index = this._relativeIndex(windowSize);
  }

  _relativeIndex(ws) {
    const index = [];
    for (let i = 0; i < ws * ws; i++) {
      for (let j = 0; j < ws * ws; j++) {
        const dy = Math.floor(i / ws) - Math.floor(j / ws) + ws - 1;
        const dx = (i % ws) - (j % ws) + ws - 1;
        index.push(dy * (2 * ws - 1) + dx);
      }
    }
    return tf.tensor1d(index, 'int32');
  }

  relativeBias() {
    const n = this.ws * this.ws;
    const bias = tf.gather(this.table, this.index);
    return bias.reshape([n, n, this.heads]).transpose([2, 0, 1]).expandDims(0);
  }

  call(x) {
    const [, H, W, C] = x.shape;
    let shifted = x;
    if (this.shift > 0) {
      shifted = roll(roll(x, -this.shift, 1), -this.shift, 2);
    }
    const windows = windowPartition(shifted, this.ws);
    const [nB, N] = windows.shape;
    const qkv = this.qkv.apply(windows).reshape([nB, N, 3, this.heads, C / this.heads]).transpose([2, 0, 3, 1, 4]);
    const [q, k, v] = tf.unstack(qkv);
    let attn = tf.matMul(q.mul(this.scale), k, false, true);
    attn = attn.add(this.relativeBias());
    attn = attn.softmax(-1);
    const out = tf.matMul(attn, v).transpose([0, 2, 1, 3]).reshape([nB, N, C]);
    let merged = windowReverse(this.proj.apply(out), this.ws, H, W);
    if (this.shift > 0) merged = roll(roll(merged, this.shift, 1), this.shift, 2);
    return merged;
  }
}
