import * as tf from '@tensorflow/tfjs';
import { BaseLayer } from './baseLayer.js';
import { splitHeads, mergeHeads } from './helpers';

export class MultiHead extends BaseLayer {
  static get className() {
    return 'MultiHead';
  }

  build(inputShape) {
    const shape = Array.isArray(inputShape[0]) ? inputShape[0] : inputShape;
    const dim = shape[shape.length - 1];
    const { units } = this.config;
    this.q = this.createDense('q', dim, units);
    this.k = this.createDense('k', dim, units);
    this.v = this.createDense('v', dim, units);
    this.o = this.createDense('o', units, dim);
    super.build(inputShape);
  }

  call(inputs, kwargs) {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const x = this.single(inputs);
      const { heads, units } = this.config;
      const q = splitHeads(this.applyDense(x, this.q), heads);
      const k = splitHeads(this.applyDense(x, this.k), heads);
      const v = splitHeads(this.applyDense(x, this.v), heads);
      let logits = tf.matMul(q, k, false, true).div(Math.sqrt(units / heads));
      if (kwargs && kwargs.mask) {
        const keep = kwargs.mask.cast('float32').expandDims(1).expandDims(1);
        logits = logits.add(tf.sub(1, keep).mul(-1e9));
      }
      let probs = tf.softmax(logits, -1);
      if (kwargs['training']) probs = tf.dropout(probs, this.config.dropRate);
      const ctx = mergeHeads(probs.matMul(v));
      return this.applyDense(ctx, this.o);
    });
  }

  computeOutputShape(inputShape) {
    return inputShape;
  }
}

tf.serialization.registerClass(MultiHead);
