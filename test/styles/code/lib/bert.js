import * as tf from '@tensorflow/tfjs';

const defaultArgs = {
  vocabSize: 30,
  maxLen: 10,
  hiddenSize: 12,
  numLayers: 2,
  numHeads: 3,
  intermediateSize: 24,
};

export default class Bert {
  constructor(args) {
    this.args = Object.assign({}, defaultArgs, args || {});
    const { vocabSize, maxLen, hiddenSize, numLayers, intermediateSize } = this.args;
    this.weights = {};
    this.weights['embeddings.word'] = tf.randomNormal([vocabSize, hiddenSize]);
    this.weights['embeddings.position'] = tf.randomNormal([maxLen, hiddenSize]);
    this.weights['embeddings.type'] = tf.randomNormal([2, hiddenSize]);
    for (let i = 0; i < numLayers; ++i) {
      const prefix = `layer.${i}`;
      for (const name of ['query', 'key', 'value', 'output']) {
        this.weights[`${prefix}.${name}.kernel`] = tf.randomNormal([hiddenSize, hiddenSize]);
        this.weights[`${prefix}.${name}.bias`] = tf.zeros([hiddenSize]);
      }
      this.weights[`${prefix}.up.kernel`] = tf.randomNormal([hiddenSize, intermediateSize]);
      this.weights[`${prefix}.up.bias`] = tf.zeros([intermediateSize]);
      this.weights[`${prefix}.down.kernel`] = tf.randomNormal([intermediateSize, hiddenSize]);
      this.weights[`${prefix}.down.bias`] = tf.zeros([hiddenSize]);
      this.weights[`${prefix}.norm.gamma`] = tf.ones([hiddenSize]);
    }
  }

  get headSize() {
    return this.args.hiddenSize / this.args.numHeads;
  }

  dense(x, scope) {
    const kernel = this.weights[scope + '.kernel'];
    const bias = this.weights[scope + '.bias'];
    return tf.add(tf.matMul(x, kernel), bias);
  }

  norm(x, scope) {
    const mean = tf.mean(x, -1, true);
    const std = tf.sqrt(tf.mean(tf.squaredDifference(x, mean), -1, true).add(1e-12));
    return tf.div(tf.sub(x, mean), std).mul(this.weights[`${scope}.norm.gamma`]);
  }

  embed(inputIds, typeIds) {
    const seqLen = inputIds.shape[1];
    const words = tf.gather(this.weights['embeddings.word'], inputIds);
    const positions = this.weights['embeddings.position'].slice([0, 0], [seqLen, -1]);
    const types = tf.gather(this.weights['embeddings.type'], typeIds ?? tf.zerosLike(inputIds));
    return tf.addN([words, positions.expandDims(0).tile([inputIds.shape[0], 1, 1]), types]);
  }

  toHeads(x, batch) {
    return x.reshape([batch, -1, this.args.numHeads, this.headSize]).transpose([0, 2, 1, 3]);
  }

  encode(x, i, mask) {
    const prefix = `layer.${i}`;
    const [batch, seq, hidden] = x.shape;
    const flat = x.reshape([-1, hidden]);
    const [q, k, v] = ['query', 'key', 'value'].map((name) => this.toHeads(this.dense(flat, `${prefix}.${name}`), batch));
    let scores = tf.matMul(q, k, false, true).div(Math.sqrt(this.headSize));
    scores = scores.add(mask);
    const probs = tf.softmax(scores);
    const context = tf.matMul(probs, v).transpose([0, 2, 1, 3]).reshape([-1, hidden]);
    const attended = this.norm(this.dense(context, `${prefix}.output`).add(flat), prefix);
    const up = tf.relu(this.dense(attended, prefix + '.up'));
    const down = this.dense(up, prefix + '.down');
    return this.norm(down.add(attended), prefix).reshape([batch, seq, hidden]);
  }

  forward(inputIds, attentionMask, typeIds) {
    return tf.tidy(() => {
      const mask = tf.sub(1, attentionMask).mul(-10000).reshape([inputIds.shape[0], 1, 1, -1]);
      let hidden = this.embed(inputIds, typeIds);
      for (let i = 0; i < this.args.numLayers; ++i) hidden = this.encode(hidden, i, mask);
      const pooled = tf.tanh(hidden.slice([0, 0, 0], [-1, 1, -1]).squeeze([1]));
      return { hidden, pooled };
    });
  }
}
