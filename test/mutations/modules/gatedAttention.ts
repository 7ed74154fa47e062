import * as tf from '@tensorflow/tfjs';

/** Gated attention unit: one head, a gate over the values, shared low-dimensional base for q and k. */
export class GatedAttentionUnit extends tf.layers.Layer {
  static className = 'GatedAttentionUnit';
  private dim: number;
  private queryKeyDim: number;
  private expansion: number;
  private wHidden!: tf.LayerVariable;
  private wQk!: tf.LayerVariable;
  private gamma!: tf.LayerVariable;
  private beta!: tf.LayerVariable;
  private wOut!: tf.LayerVariable;

  constructor(config: { dim: number; queryKeyDim?: number; expansion?: number }) {
    super({});
    this.dim = config.dim;
    this.queryKeyDim = config.queryKeyDim ?? 128;
    this.expansion = config.expansion ?? 2;
  }

  override build(inputShape: tf.Shape | tf.Shape[]) {
    const hidden = Math.floor(this.dim * this.expansion);
    const normal = tf.initializers.randomNormal({ mean: 0, stddev: 0.02 });
    this.wHidden = this.addWeight('hidden', [this.dim, hidden * 2], 'float32', normal);
    this.wQk = this.addWeight('qk', [this.dim, this.queryKeyDim], 'float32', normal);
    this.gamma = this.addWeight('gamma', [2, this.queryKeyDim], 'float32', normal);
    this.beta = this.addWeight('beta', [2, this.queryKeyDim], 'float32', tf.initializers.zeros());
    this.wOut = this.addWeight('out', [hidden, this.dim], 'float32', normal);
    super.build(inputShape);
  }

  private lift(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
    const rank = x.rank;
    const lead = x.shape.slice(0, rank - 1);
    const flat = x.reshape([-1, x.shape[rank - 1]]);
    return flat.matMul(kernel as tf.Tensor2D).reshape([...lead, kernel.shape[1]]);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]) {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const seqLen = x.shape[1];

      const silu = (t: tf.Tensor) => t.mul(tf.sigmoid(t));
      const [v, gate] = tf.split(silu(this.lift(x, this.wHidden.read())), 2, -1);
      const z = silu(this.lift(x, this.wQk.read()));

      const scaled = z.expandDims(2).mul(this.gamma.read()).add(this.beta.read());
      const [q, k] = tf.unstack(scaled, 2);

      const sim = tf.matMul(q, k, false, true).div(seqLen);
      const attn = tf.square(tf.relu(sim));
      const out = tf.matMul(attn, v).mul(gate);
      return this.lift(out, this.wOut.read()).add(x);
    });
  }

  override computeOutputShape(inputShape: tf.Shape) {
    return inputShape;
  }
}
