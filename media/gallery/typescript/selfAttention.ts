/**
 * Multi-head self-attention.
 *
 * Attention Is All You Need
 * Ashish Vaswani, Noam Shazeer, Niki Parmar, Jakob Uszkoreit, Llion Jones, Aidan N. Gomez, Lukasz Kaiser, Illia Polosukhin, 2017
 * https://arxiv.org/abs/1706.03762
 */
import * as tf from '@tensorflow/tfjs';

export interface SelfAttentionConfig {
  /** The width of query, key and value, all heads together. */
  units?: number;
  heads?: number;
}

/** softmax(Q K^T / sqrt(d)) V over a sequence [b, n, c]. */
export class SelfAttention extends tf.layers.Layer {
  static readonly className = 'SelfAttention';
  private readonly units: number;
  private readonly heads: number;
  private queryKernel!: tf.LayerVariable;
  private keyKernel!: tf.LayerVariable;
  private valueKernel!: tf.LayerVariable;
  private outputKernel!: tf.LayerVariable;

  constructor(config: SelfAttentionConfig = {}) {
    super({});
    this.units = config.units ?? 64;
    this.heads = config.heads ?? 4;
    if (this.units % this.heads !== 0) {
      throw new Error(`${this.units} units cannot be shared by ${this.heads} heads`);
    }
  }

  override build(inputShape: tf.Shape): void {
    const channels = inputShape[inputShape.length - 1]!;
    this.queryKernel = this.addWeight('query', [channels, this.units], 'float32', tf.initializers.glorotNormal({}));
    this.keyKernel = this.addWeight('key', [channels, this.units], 'float32', tf.initializers.glorotNormal({}));
    this.valueKernel = this.addWeight('value', [channels, this.units], 'float32', tf.initializers.glorotNormal({}));
    this.outputKernel = this.addWeight('output', [this.units, channels], 'float32', tf.initializers.glorotNormal({}));
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [b, n, c] = x.shape;
      const tokens = x.reshape([b * n, c]);

      const q = this.splitHeads(tf.matMul(tokens, this.queryKernel.read()), b, n);
      const k = this.splitHeads(tf.matMul(tokens, this.keyKernel.read()), b, n);
      const v = this.splitHeads(tf.matMul(tokens, this.valueKernel.read()), b, n);

      const scores = tf.matMul(q, k, false, true).div(Math.sqrt(this.units / this.heads)); // [b, heads, n, n]
      const attention = tf.softmax(scores);
      const context = tf.matMul(attention, v); // [b, heads, n, units / heads]

      const merged = context.transpose([0, 2, 1, 3]).reshape([b * n, this.units]);
      return tf.matMul(merged, this.outputKernel.read()).reshape([b, n, c]);
    });
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units, heads: this.heads };
  }

  /** [b*n, units] -> [b, heads, n, units / heads] */
  private splitHeads(x: tf.Tensor, batch: number, length: number): tf.Tensor {
    return x.reshape([batch, length, this.heads, this.units / this.heads]).transpose([0, 2, 1, 3]);
  }
}

tf.serialization.registerClass(SelfAttention);
