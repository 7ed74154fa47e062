const tf = require('@tensorflow/tfjs');
const path = require('path');
const utils = require('./utils.cjs');

const DEFAULTS = { dim: 12, heads: 3, mlpRatio: 2 };

class Linear {
  constructor(inFeatures, outFeatures, bias = true) {
    this.weight = tf.variable(tf.truncatedNormal([inFeatures, outFeatures], 0, 0.02), true);
    this.bias = bias ? tf.variable(tf.zeros([outFeatures])) : undefined;
  }
  forward(x) {
    const lead = x.shape.slice(0, x.shape.length - 1);
    const features = x.shape[x.shape.length - 1];
    const flat = x.reshape([-1, features]);
    const y = this.bias ? flat.matMul(this.weight).add(this.bias) : flat.matMul(this.weight);
    return y.reshape(lead.concat(y.shape[1]));
  }
}

class LayerNorm {
  constructor(dim, eps = 1e-5) {
    this.gamma = tf.variable(tf.ones([dim]));
    this.beta = tf.variable(tf.zeros([dim]));
    this.eps = eps;
  }
  forward(x) {
    const { mean, variance } = tf.moments(x, -1, true);
    const normed = x.sub(mean).div(variance.add(this.eps).sqrt());
    return normed.mul(this.gamma).add(this.beta);
  }
}

class Block {
  constructor(options) {
    const { dim, heads, mlpRatio } = { ...DEFAULTS, ...options };
    this.heads = heads;
    this.qkv = new Linear(dim, dim * 3, false);
    this.proj = new Linear(dim, dim);
    this.norms = [new LayerNorm(dim), new LayerNorm(dim)];
    this.mlp = [new Linear(dim, dim * mlpRatio), new Linear(dim * mlpRatio, dim)];
  }

  attention(x) {
    const qkv = this.qkv.forward(x);
    const [q, k, v] = tf.split(qkv, 3, -1).map((t) => utils.toHeads(t, this.heads));
    const att = q.matMul(k, false, true).mul(1 / Math.sqrt(q.shape[3])).softmax();
    const merged = utils.fromHeads(att.matMul(v));
    return this.proj.forward(merged);
  }

  forward(x) {
    x = x.add(this.attention(this.norms[0].forward(x)));
    const h = this.mlp.reduce((acc, layer, i) => (i === 0 ? tf.relu(layer.forward(acc)) : layer.forward(acc)), this.norms[1].forward(x));
    return x.add(h);
  }
}

module.exports = { Block, Linear, LayerNorm };
