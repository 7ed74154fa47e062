import * as tf from '@tensorflow/tfjs';

const EPS = 1e-4;

// Linear attention with a positive feature map and random features (Performer).
function softmaxKernel(data, projection, isQuery) {
  const dim = data.shape[data.shape.length - 1];
  const normalizer = 1 / Math.sqrt(Math.sqrt(dim));
  const scaled = data.mul(normalizer);
  const [b, h, n, d] = data.shape;
  const features = projection.shape[0];
  const dash = tf.matMul(scaled.reshape([b * h * n, d]), projection, false, true).reshape([b, h, n, features]);
  const diag = tf.sum(tf.square(scaled), -1, true).div(2);
  const stab = isQuery ? tf.max(dash, -1, true) : tf.max(dash);
  return tf.exp(dash.sub(diag).sub(stab)).add(EPS).mul(1 / Math.sqrt(features));
}

function linearAttention(q, k, v) {
  const kSum = tf.sum(k, 2); // b h m
  const denominator = tf.sum(tf.mul(q, kSum.expandDims(2)), -1, true);
  const context = tf.matMul(k, v, true, false); // b h m d
  const out = tf.matMul(q, context);
  return tf.div(out, denominator);
}

export class FastAttention {
  constructor(dim, heads = 4, nbFeatures = 10) {
    this.dim = dim;
    this.heads = heads;
    this.dimHead = Math.floor(dim / heads);
    this.projection = tf.randomNormal([nbFeatures, this.dimHead]);
    this.toQ = tf.layers.dense({ units: this.heads * this.dimHead, useBias: false });
    this.toK = tf.layers.dense({ units: this.heads * this.dimHead, useBias: false });
    this.toV = tf.layers.dense({ units: this.heads * this.dimHead, useBias: false });
    this.toOut = tf.layers.dense({ units: dim });
  }

  split(t) {
    const [b, n] = t.shape;
    return t.reshape([b, n, this.heads, this.dimHead]).transpose([0, 2, 1, 3]);
  }

  forward(x) {
    const [b, n] = x.shape;
    const q = softmaxKernel(this.split(this.toQ.apply(x)), this.projection, true);
    const k = softmaxKernel(this.split(this.toK.apply(x)), this.projection, false);
    const v = this.split(this.toV.apply(x));
    const out = linearAttention(q, k, v);
    const merged = out.transpose([0, 2, 1, 3]).reshape([b, n, this.heads * this.dimHead]);
    return this.toOut.apply(merged);
  }
}
