import * as tf from '@tensorflow/tfjs';

class PositionalEmbedding extends tf.layers.Layer {
  constructor(config) {
    super(config);
    this.numPatches = config.numPatches;
    this.dim = config.dim;
  }
  build() {
    this.position = this.addWeight('position', [1, this.numPatches, this.dim], 'float32', tf.initializers.randomNormal({ stddev: 0.02 }));
  }
  call(inputs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.add(x, this.position.read());
  }
  computeOutputShape(shape) { return shape; }
  static get className() { return 'PositionalEmbedding'; }
}

class AttentionCore extends tf.layers.Layer {
  constructor({ heads, ...rest }) {
    super(rest);
    this.heads = heads;
  }
  call(inputs) {
    return tf.tidy(() => {
      const [q, k, v] = inputs;
      const split = (t) => {
        const [b, n, c] = t.shape;
        return t.reshape([b, n, this.heads, Math.floor(c / this.heads)]).transpose([0, 2, 1, 3]);
      };
      const qh = split(q), kh = split(k), vh = split(v);
      const scale = 1 / Math.sqrt(qh.shape[3]);
      const attn = tf.softmax(tf.mul(tf.matMul(qh, kh, false, true), scale));
      const y = tf.matMul(attn, vh);
      return y.transpose([0, 2, 1, 3]).reshape(q.shape);
    });
  }
  computeOutputShape(shapes) { return shapes[0]; }
  static get className() { return 'AttentionCore'; }
}

tf.serialization.registerClass(PositionalEmbedding);
tf.serialization.registerClass(AttentionCore);

function encoder(x, dim, heads, index) {
  const n = tf.layers.layerNormalization({ name: `ln_a_${index}` }).apply(x);
  const q = tf.layers.dense({ units: dim }).apply(n);
  const k = tf.layers.dense({ units: dim }).apply(n);
  const v = tf.layers.dense({ units: dim }).apply(n);
  const a = new AttentionCore({ heads }).apply([q, k, v]);
  const o = tf.layers.dense({ units: dim }).apply(a);
  let y = tf.layers.add().apply([x, o]);
  let m = tf.layers.layerNormalization({ name: `ln_b_${index}` }).apply(y);
  m = tf.layers.dense({ units: dim * 2, activation: 'relu' }).apply(m);
  m = tf.layers.dropout({ rate: 0.1 }).apply(m);
  m = tf.layers.dense({ units: dim }).apply(m);
  return tf.layers.add().apply([y, m]);
}

export function createViT({ size = 16, patch = 4, dim = 12, depth = 2, heads = 3, classes = 5 } = {}) {
  const input = tf.input({ shape: [size, size, 3], name: 'image' });
  const embedded = tf.layers.conv2d({ filters: dim, kernelSize: patch, strides: patch, padding: 'valid' }).apply(input);
  const numPatches = (size / patch) ** 2;
  let x = tf.layers.reshape({ targetShape: [numPatches, dim] }).apply(embedded);
  x = new PositionalEmbedding({ numPatches, dim }).apply(x);
  for (let i = 0; i < depth; i += 1) {
    x = encoder(x, dim, heads, i);
  }
  x = tf.layers.layerNormalization().apply(x);
  const pooled = tf.layers.globalAveragePooling1d().apply(x);
  const logits = tf.layers.dense({ units: classes, activation: 'softmax' }).apply(pooled);
  return tf.model({ inputs: input, outputs: logits });
}
