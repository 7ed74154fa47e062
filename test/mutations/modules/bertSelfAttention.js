const tf = require('@tensorflow/tfjs');

// BERT self attention: query/key/value dense layers made once, heads split by reshape.
class BertSelfAttention extends tf.layers.Layer {
  constructor(config) {
    super({ name: config.name || 'bert_self_attention' });
    this.hiddenSize = config.hiddenSize;
    this.numAttentionHeads = config.numAttentionHeads;
    if (this.hiddenSize % this.numAttentionHeads !== 0) {
      throw new Error('The hidden size is not a multiple of the number of attention heads');
    }
    this.attentionHeadSize = this.hiddenSize / this.numAttentionHeads;
    this.allHeadSize = this.numAttentionHeads * this.attentionHeadSize;
  }

  build(inputShape) {
    const shape = Array.isArray(inputShape[0]) ? inputShape[0] : inputShape;
    const width = shape[shape.length - 1];
    const init = tf.initializers.randomNormal({ stddev: 0.02 });
    this.wq = this.addWeight('query/kernel', [width, this.allHeadSize], 'float32', init);
    this.bq = this.addWeight('query/bias', [this.allHeadSize], 'float32', tf.initializers.zeros());
    this.wk = this.addWeight('key/kernel', [width, this.allHeadSize], 'float32', init);
    this.bk = this.addWeight('key/bias', [this.allHeadSize], 'float32', tf.initializers.zeros());
    this.wv = this.addWeight('value/kernel', [width, this.allHeadSize], 'float32', init);
    this.bv = this.addWeight('value/bias', [this.allHeadSize], 'float32', tf.initializers.zeros());
    this.wo = this.addWeight('output/kernel', [this.allHeadSize, this.hiddenSize], 'float32', init);
    this.gamma = this.addWeight('LayerNorm/gamma', [this.hiddenSize], 'float32', tf.initializers.ones());
    this.beta = this.addWeight('LayerNorm/beta', [this.hiddenSize], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  dense(x, kernel, bias) {
    const [batch, seq, width] = x.shape;
    const y = tf.matMul(tf.reshape(x, [batch * seq, width]), kernel.read());
    const out = tf.reshape(y, [batch, seq, kernel.shape[1]]);
    return bias ? tf.add(out, bias.read()) : out;
  }

  transposeForScores(x, batch, seq) {
    const split = tf.reshape(x, [batch, seq, this.numAttentionHeads, this.attentionHeadSize]);
    return tf.transpose(split, [0, 2, 1, 3]);
  }

  layerNorm(x) {
    const { mean, variance } = tf.moments(x, -1, true);
    const normed = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-12)));
    return tf.add(tf.mul(normed, this.gamma.read()), this.beta.read());
  }

  call(inputs, kwargs) {
    return tf.tidy(() => {
      const [hidden, mask] = inputs; // [B, T, D], [B, T]
      const [batch, seq] = hidden.shape;

      const q = this.transposeForScores(this.dense(hidden, this.wq, this.bq), batch, seq);
      const k = this.transposeForScores(this.dense(hidden, this.wk, this.bk), batch, seq);
      const v = this.transposeForScores(this.dense(hidden, this.wv, this.bv), batch, seq);

      let scores = tf.matMul(q, k, false, true);
      scores = tf.mul(scores, tf.scalar(1 / Math.sqrt(this.attentionHeadSize)));
      const adder = tf.mul(tf.sub(1, mask.expandDims(1).expandDims(1)), -10000);
      scores = tf.add(scores, adder);
      const probs = tf.softmax(scores);

      let context = tf.matMul(probs, v);
      context = tf.transpose(context, [0, 2, 1, 3]);
      context = tf.reshape(context, [batch, seq, this.allHeadSize]);
      const projected = this.dense(context, this.wo);
      return this.layerNorm(tf.add(projected, hidden));
    });
  }

  computeOutputShape(inputShape) {
    return inputShape[0];
  }

  static get className() {
    return 'BertSelfAttention';
  }
}

module.exports = { BertSelfAttention };
