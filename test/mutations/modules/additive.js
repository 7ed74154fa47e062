const tf = require('@tensorflow/tfjs');

/** Bahdanau attention: a decoder state scores encoder outputs. */
module.exports.BahdanauAttention = class BahdanauAttention extends tf.layers.Layer {
  constructor(units) {
    super({ name: 'bahdanau' });
    this.units = units;
  }

  build(inputShape) {
    const [queryShape, valuesShape] = inputShape;
    this.w1 = this.addWeight('w1', [queryShape[1], this.units], 'float32', tf.initializers.glorotNormal({}));
    this.w2 = this.addWeight('w2', [valuesShape[2], this.units], 'float32', tf.initializers.glorotNormal({}));
    this.v = this.addWeight('v', [this.units, 1], 'float32', tf.initializers.glorotNormal({}));
  }

  call(inputs) {
    const [query, values] = inputs;
    const [batch, time, depth] = values.shape;
    const hidden = query.matMul(this.w1.read()).expandDims(1);
    const keys = values.reshape([batch * time, depth]).matMul(this.w2.read()).reshape([batch, time, this.units]);
    const score = tf.tanh(hidden.add(keys)).reshape([batch * time, this.units]).matMul(this.v.read()).reshape([batch, time]);
    const weights = tf.softmax(score);
    const context = weights.expandDims(2).mul(values).sum(1);
    return context;
  }

  computeOutputShape(inputShape) {
    return [inputShape[1][0], inputShape[1][2]];
  }
};
