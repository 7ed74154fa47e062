import * as tf from '@tensorflow/tfjs';

/** Fused qkv, causal mask by bandPart, pre-norm block. */
export class CausalSelfAttention extends tf.layers.Layer {
  static className = 'CausalSelfAttention';

  constructor(config) {
    super(config);
    this.config = Object.assign({ nEmbd: 48, nHead: 3, blockSize: 32, bias: true }, config);
    this.nEmbd = this.config.nEmbd;
    this.nHead = this.config.nHead;
    this.blockSize = this.config.blockSize;
    this.mask = tf.keep(tf.linalg.bandPart(tf.ones([this.blockSize, this.blockSize]), -1, 0));
  }

  build(inputShape) {
    this.cAttnKernel = this.addWeight('c_attn/kernel', [this.nEmbd, 3 * this.nEmbd], 'float32', tf.initializers.glorotNormal({}));
    this.cAttnBias = this.addWeight('c_attn/bias', [3 * this.nEmbd], 'float32', tf.initializers.zeros());
    this.cProjKernel = this.addWeight('c_proj/kernel', [this.nEmbd, this.nEmbd], 'float32', tf.initializers.glorotNormal({}));
    this.cProjBias = this.addWeight('c_proj/bias', [this.nEmbd], 'float32', tf.initializers.zeros());
  }

  call(input, kwargs) {
    return tf.tidy(() => {
      if (Array.isArray(input)) input = input[0];
      this.invokeCallHook(input, kwargs);

      const dense = (x, kernel, bias) => {
        const k = kernel.read().expandDims(0).tile([x.shape[0], 1, 1]);
        const m = x.matMul(k);
        return bias ? m.add(bias.read()) : m;
      };

      const cAttn = dense(input, this.cAttnKernel, this.cAttnBias);
      let [q, k, v] = tf.split(cAttn, 3, -1);
      const [B, T, C] = k.shape;

      const splitHeads = (x) =>
        tf.transpose(tf.reshape(x, [x.shape[0], x.shape[1], this.nHead, x.shape[2] / this.nHead]), [0, 2, 1, 3]);
      q = splitHeads(q);
      k = splitHeads(k);
      v = splitHeads(v);

      let att = tf.mul(tf.matMul(q, k, false, true), tf.div(1, tf.sqrt(tf.cast(k.shape[k.shape.length - 1], 'float32'))));
      const mask = this.mask.slice([0, 0], [T, T]);
      att = tf.add(att, tf.mul(tf.sub(1, mask), -1e9));
      att = tf.softmax(att, -1);

      let y = tf.matMul(att, v);
      y = tf.transpose(y, [0, 2, 1, 3]);
      y = tf.reshape(y, [B, T, C]);
      return dense(y, this.cProjKernel, this.cProjBias);
    });
  }
}

export class Block extends tf.layers.Layer {
  static className = 'Block';

  constructor({ nEmbd = 48, nHead = 3, ratio = 4 } = {}) {
    super({});
    this.ln1 = tf.layers.layerNormalization({ epsilon: 1e-5 });
    this.attn = new CausalSelfAttention({ nEmbd, nHead });
    this.ln2 = tf.layers.layerNormalization({ epsilon: 1e-5 });
    this.up = tf.layers.dense({ units: ratio * nEmbd, activation: 'relu' });
    this.down = tf.layers.dense({ units: nEmbd });
  }

  call(inputs) {
    return tf.tidy(() => {
      let x = Array.isArray(inputs) ? inputs[0] : inputs;
      x = tf.add(x, this.attn.apply(this.ln1.apply(x)));
      const hidden = this.up.apply(this.ln2.apply(x));
      return tf.add(x, this.down.apply(hidden));
    });
  }
}
