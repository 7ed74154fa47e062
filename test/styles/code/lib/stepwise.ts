import * as tf from '@tensorflow/tfjs';

type Cache = { k: tf.Tensor | null; v: tf.Tensor | null };

/** Multi-query attention with a growing cache: one token at a time. */
export class MultiQueryAttention {
  private cache: Cache = { k: null, v: null };
  private readonly wq: tf.Tensor2D;
  private readonly wkv: tf.Tensor2D;
  constructor(private readonly dim: number = 8, private readonly heads = 4) {
    this.wq = tf.randomNormal([dim, dim]);
    this.wkv = tf.randomNormal([dim, 2 * (dim / heads)]);
  }
  reset(): this {
    this.cache = { k: null, v: null };
    return this;
  }
  step(x: tf.Tensor2D): tf.Tensor2D {
    const b = x.shape[0];
    const hd = this.dim / this.heads;
    const q = x.matMul(this.wq).reshape([b, this.heads, 1, hd]);
    const [k, v] = x.matMul(this.wkv).reshape([b, 1, 1, 2 * hd]).split(2, 3);
    this.cache.k = this.cache.k ? tf.concat([this.cache.k, k!], 2) : k!;
    this.cache.v = this.cache.v ? tf.concat([this.cache.v, v!], 2) : v!;
    const { k: keys, v: values } = this.cache;
    const keysT = tf.tile(keys!, [1, this.heads, 1, 1]);
    const valuesT = tf.tile(values!, [1, this.heads, 1, 1]);
    const w = tf.matMul(q, keysT, false, true).div(Math.sqrt(hd)).softmax();
    return tf.matMul(w, valuesT).reshape([b, this.dim]);
  }
  forward(tokens: tf.Tensor3D): tf.Tensor3D {
    this.reset();
    const steps = tf.unstack(tokens, 1) as tf.Tensor2D[];
    const outputs = steps.map((token) => this.step(token));
    return tf.stack(outputs, 1) as tf.Tensor3D;
  }
}
