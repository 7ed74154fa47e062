import * as tf from '@tensorflow/tfjs';

export class BahdanauAttention extends tf.layers.Layer {
  constructor(args) {
    super({});
    this.units = args.units;
  }
  static get className() { return 'BahdanauAttention'; }

  build(inputShapes) {
    const [queryShape, valuesShape] = inputShapes;
    this.W1 = this.addWeight('W1', [queryShape[queryShape.length - 1], this.units], 'float32', tf.initializers.glorotUniform({}));
    this.W2 = this.addWeight('W2', [valuesShape[2], this.units], undefined, tf.initializers.glorotUniform({}));
    this.V = this.addWeight('V', [this.units, 1], 'float32', tf.initializers.glorotUniform({}), undefined, true);
    this.built = true;
  }

  call(inputs, kwargs) {
    return tf.tidy(() => {
      const query = inputs[0];   // [batch, hidden]
      const values = inputs[1];  // [batch, time, hidden]
      const [batch, time, hidden] = values.shape;
      const q = tf.dot(query, this.W1.read()).expandDims(1);
      const v = tf.matMul(values.reshape([batch * time, hidden]), this.W2.read()).reshape([batch, time, this.units]);
      const score = tf.tanh(q.add(v)).reshape([-1, this.units]).matMul(this.V.read()).reshape([batch, time]);
      const weights = tf.softmax(score);
      const context = weights.expandDims(-1).mul(values).sum(1);
      return [context, weights];
    });
  }

  computeOutputShape(inputShapes) {
    const [q, v] = inputShapes;
    return [[q[0], v[2]], [v[0], v[1]]];
  }
}
