import { expandDims, initializers, layers, matMul, mul, reshape, softmax, tidy, tile, transpose } from '@tensorflow/tfjs';

/** Grouped-query attention: kvHeads keys and values shared by groups of query heads. */
export class GroupedQueryAttention extends layers.Layer {
  constructor({ dim = 32, heads = 8, kvHeads = 2, ...rest } = {}) {
    super(rest);
    this.dim = dim;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.groups = heads / kvHeads;
    this.headDim = dim / heads;
  }

  build(inputShape) {
    const init = initializers.glorotUniform({});
    this.wq = this.addWeight('wq', [this.dim, this.heads * this.headDim], 'float32', init);
    this.wk = this.addWeight('wk', [this.dim, this.kvHeads * this.headDim], 'float32', init);
    this.wv = this.addWeight('wv', [this.dim, this.kvHeads * this.headDim], 'float32', init);
    this.wo = this.addWeight('wo', [this.heads * this.headDim, this.dim], 'float32', init);
    super.build(inputShape);
  }

  repeatKv(x) {
    const [b, kv, t, d] = x.shape;
    if (this.groups === 1) return x;
    const repeated = tile(expandDims(x, 2), [1, 1, this.groups, 1, 1]);
    return reshape(repeated, [b, kv * this.groups, t, d]);
  }

  call(inputs) {
    return tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [b, t] = x.shape;
      const flat = reshape(x, [-1, this.dim]);
      const heads = (w, count) => transpose(reshape(matMul(flat, w.read()), [b, t, count, this.headDim]), [0, 2, 1, 3]);

      const q = heads(this.wq, this.heads);
      const k = this.repeatKv(heads(this.wk, this.kvHeads));
      const v = this.repeatKv(heads(this.wv, this.kvHeads));

      const scores = mul(matMul(q, k, false, true), 1 / Math.sqrt(this.headDim));
      const mixed = matMul(softmax(scores), v);
      const merged = reshape(transpose(mixed, [0, 2, 1, 3]), [b * t, this.heads * this.headDim]);
      return reshape(matMul(merged, this.wo.read()), [b, t, this.dim]);
    });
  }

  static get className() {
    return 'GroupedQueryAttention';
  }
}
