import * as tf from '@tensorflow/tfjs';

export class Attention extends tf.layers.Layer {
  static className = 'Attention';
  constructor({ temperature = 10, returnAttentionScores = false, ...config } = {}) {
    super(config);
    this.temperature = temperature;
    this.returnAttentionScores = returnAttentionScores;
  }

  scores(q, k) {
    const d = k.shape[k.shape.length - 1];
    return tf.matMul(q, k, false, true).div(Math.sqrt(d));
  }

  call(inputs, kwargs = {}) {
    return tf.tidy(() => {
      const list = Array.isArray(inputs) ? inputs : [inputs];
      const q = list[0];
      const v = list[1] ?? q;
      const k = list.length > 2 ? list[2] : v;
      let s = this.scores(q, k);
      const mask = kwargs.mask;
      if (mask != null && mask[1]) s = s.sub(tf.scalar(1).sub(mask[1].toFloat()).expandDims(1).mul(1e9));
      const w = s.softmax();
      const y = w.matMul(v);
      return this.returnAttentionScores ? [y, w] : y;
    });
  }

  computeOutputShape(inputShape) {
    const [q, v = q] = Array.isArray(inputShape[0]) ? inputShape : [inputShape];
    const out = [...q.slice(0, -1), v[v.length - 1]];
    return this.returnAttentionScores ? [out, [...q.slice(0, -1), v[1]]] : out;
  }
}
