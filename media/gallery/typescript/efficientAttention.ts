/**
 * Efficient attention: keys and values meet first, so that the cost grows with the length, not with its square.
 *
 * Efficient Attention: Attention with Linear Complexities
 * Zhuoran Shen, Mingyuan Zhang, Haiyu Zhao, Shuai Yi, Hongsheng Li, 2018
 * https://arxiv.org/abs/1812.01243
 */
import * as tf from '@tensorflow/tfjs';

/** softmax(Q) (softmax(K)^T V): Q is normalised over its depth, K over the places. */
export function efficientAttention(query: tf.Tensor3D, key: tf.Tensor3D, value: tf.Tensor3D, heads = 4): tf.Tensor3D {
  const [b, n, depth] = query.shape;
  const width = value.shape[2];

  const split = (x: tf.Tensor, size: number) => x.reshape([b, n, heads, size / heads]).transpose([0, 2, 1, 3]);

  return tf.tidy(() => {
    const q = tf.softmax(split(query, depth)); // [b, heads, n, depth/heads]
    // tfjs's softmax takes the last axis only: bring the places there.
    const k = tf.softmax(split(key, depth).transpose([0, 1, 3, 2])); // [b, heads, depth/heads, n]
    const v = split(value, width); // [b, heads, n, width/heads]

    const context = tf.matMul(k, v); // [b, heads, depth/heads, width/heads]
    const attended = tf.matMul(q, context);
    return attended.transpose([0, 2, 1, 3]).reshape([b, n, width]) as tf.Tensor3D;
  });
}

export interface EfficientAttentionConfig {
  keyChannels?: number;
  valueChannels?: number;
  heads?: number;
}

/** The block around it, for a feature map: [b, h, w, c] -> [b, h, w, c]. */
export class EfficientAttention extends tf.layers.Layer {
  static readonly className = 'EfficientAttention';
  private readonly keyChannels: number;
  private readonly valueChannels: number;
  private readonly heads: number;
  private kernels: Record<string, tf.LayerVariable> = {};

  constructor(config?: EfficientAttentionConfig) {
    super({});
    const { keyChannels, valueChannels, heads } = Object.assign({ keyChannels: 32, valueChannels: 64, heads: 4 }, config);
    this.keyChannels = keyChannels;
    this.valueChannels = valueChannels;
    this.heads = heads;
  }

  override build(inputShape: tf.Shape): void {
    const channels = inputShape[3]!;
    const add = (name: string, from: number, to: number) => {
      this.kernels[name] = this.addWeight(name, [from, to], 'float32', tf.initializers.glorotUniform({}));
    };
    add('query', channels, this.keyChannels);
    add('key', channels, this.keyChannels);
    add('value', channels, this.valueChannels);
    add('out', this.valueChannels, channels);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [b, h, w, c] = x.shape;
      const n = h * w;
      const flat = x.reshape([b * n, c]);

      const query = flat.matMul(this.kernels.query.read()).reshape([b, n, this.keyChannels]) as tf.Tensor3D;
      const key = flat.matMul(this.kernels.key.read()).reshape([b, n, this.keyChannels]) as tf.Tensor3D;
      const value = flat.matMul(this.kernels.value.read()).reshape([b, n, this.valueChannels]) as tf.Tensor3D;

      const attended = efficientAttention(query, key, value, this.heads).reshape([b * n, this.valueChannels]);
      const out = attended.matMul(this.kernels.out.read()).reshape([b, h, w, c]);
      return out.add(x);
    });
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }
}

tf.serialization.registerClass(EfficientAttention);
